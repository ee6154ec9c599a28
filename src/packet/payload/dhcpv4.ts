// DHCP for IPv4, and BOOTP (RFC 2131 §2, RFC 951).
//
//      0    1    2    3    4      8      10      12      16      20      24      28        44      108    236    240
//     +----+----+----+----+------+------+-------+-------+-------+-------+-------+---------+-------+------+------+-------
//     | op |type|len |hops| xid  | secs | flags | ciaddr| yiaddr| siaddr| giaddr| chaddr  | sname | file |cookie|options
//     +----+----+----+----+------+------+-------+-------+-------+-------+-------+---------+-------+------+------+-------
import { charsBytes, formatHex, formatMac } from "../../text/index.js";
import { u16, u32, type Writer } from "../../wire/index.js";
import { formatChars } from "../chars.js";
import { buildOption, readOptions } from "./dhcpv4-options.js";
import { flagNames, type Given } from "./given.js";
import { buildLayout, IPV4, type Layout, layoutBytes, readLayout, U8, U16, U32 } from "./layout.js";
import type { PayloadObject, PayloadProtocol } from "./payload.js";
import { hexOf, macOf, type Names, nameOf, refused } from "./values.js";

const OPS: Names = { BOOTREQUEST: 1, BOOTREPLY: 2 };
const FLAGS: Names = { BROADCAST: 0x8000 };
const ETHERNET = 1;

/** Behind the operation. */
const FIRST: Layout = [
  ["htype", U8, ETHERNET],
  ["hlen", U8, 6],
  ["hops", U8, 0],
  ["xid", U32],
  ["secs", U16, 0],
];
const ADDRESSES: Layout = [
  ["ciaddr", IPV4],
  ["yiaddr", IPV4],
  ["siaddr", IPV4],
  ["giaddr", IPV4],
];
const FLAGS_AT = 1 + layoutBytes(FIRST);
const ADDRESSES_AT = FLAGS_AT + 2;
const CHADDR = 28;
const CHADDR_BYTES = 16;
/** Fixed texts that end at a NUL, or are as long as they can be. */
const NAMES = [
  { key: "sname", at: 44, bytes: 64 },
  { key: "file", at: 108, bytes: 128 },
] as const;
const COOKIE_AT = 236;
const OPTIONS_AT = 240;
const COOKIE = 0x63825363;
/** Shortest message that relays and servers need take (RFC 1542 §2.1). */
const MIN_MESSAGE = 300;

export const dhcpv4: PayloadProtocol = {
  name: "DHCPV4",

  read(b, o, end) {
    const op = nameOf(b[o]!, OPS);
    if (end - o < OPTIONS_AT || typeof op === "number") return undefined;
    const object: PayloadObject = {
      op,
      ...readLayout(FIRST, b, o + 1),
      flags: flagNames(u16(b, o + FLAGS_AT), FLAGS),
      ...readLayout(ADDRESSES, b, o + ADDRESSES_AT),
      chaddr: readHardwareAddress(b, o),
    };
    for (const { key, at, bytes } of NAMES) readText(object, key, b, o + at, bytes);
    if (u32(b, o + COOKIE_AT) !== COOKIE) {
      // BOOTP has what vendors like here (RFC 951 §3).
      object.vendor = formatHex(b, o + COOKIE_AT, end);
      return object;
    }
    const { options, stop, ended } = readOptions(b, o + OPTIONS_AT, end);
    object.options = options;
    if (!ended) object.end = 0;
    const zeros = ended && b.subarray(stop, end).every((byte) => byte === 0);
    if (!zeros && stop < end) object.rest = formatHex(b, stop, end);
    else if (ended && end - o !== Math.max(MIN_MESSAGE, stop - o)) object.length = end - o;
    else if (!ended && end - o < MIN_MESSAGE) object.length = end - o;
    return object;
  },

  build(given, out) {
    const at = out.p;
    out.u8(given.named("op", OPS, 8, 1));
    buildLayout(FIRST, given, out);
    out.u16(given.flags("flags", FLAGS, 16) ?? 0);
    buildLayout(ADDRESSES, given, out);
    out.bytes(hardwareAddress(given));
    for (const { key, bytes } of NAMES) out.bytes(fixedText(given, key, bytes));
    const vendor = given.value("vendor");
    if (vendor !== undefined) out.bytes(hexOf(vendor, given.at("vendor")));
    else buildOptions(given, out, at);
  },
};

function buildOptions(given: Given, out: Writer, start: number): void {
  out.u32(COOKIE);
  for (const option of given.objects("options")) out.bytes(buildOption(option));
  if (given.number("end", 1, 1) === 1) out.u8(255);
  const rest = given.value("rest");
  if (rest !== undefined) {
    out.bytes(hexOf(rest, given.at("rest")));
    return;
  }
  const length = given.number("length", 16, MIN_MESSAGE);
  out.zeros(Math.max(0, length - (out.p - start)));
}

/** The client's address as such where it is one of Ethernet, all 16 bytes as hexadecimal text where it is not. */
function readHardwareAddress(b: Uint8Array, o: number): string {
  const at = o + CHADDR;
  const plain =
    b[o + 1] === ETHERNET && b[o + 2] === 6 && b.subarray(at + 6, at + CHADDR_BYTES).every((x) => x === 0);
  return plain ? formatMac(b, at) : formatHex(b, at, at + CHADDR_BYTES);
}

function hardwareAddress(given: Given): Uint8Array {
  const bytes = new Uint8Array(CHADDR_BYTES);
  const value = given.value("chaddr");
  if (value === undefined) return bytes;
  const path = given.at("chaddr");
  const whole = typeof value === "string" && !/[:-]/.test(value) && value.length > 12;
  const address = whole ? hexOf(value, path) : macOf(value, path);
  if (address.length > CHADDR_BYTES) throw refused(value, `has more than ${CHADDR_BYTES} bytes`, path);
  bytes.set(address);
  return bytes;
}

/** Tells a fixed text; as hexadecimal text of all its bytes where something follows its NUL. */
function readText(object: PayloadObject, key: string, b: Uint8Array, o: number, bytes: number): void {
  const field = b.subarray(o, o + bytes);
  const nul = field.indexOf(0);
  const end = nul < 0 ? bytes : nul;
  if (field.subarray(end).some((byte) => byte !== 0)) object[`${key}_hex`] = formatHex(field);
  else if (end > 0) object[key] = formatChars(field, 0, end) as string;
}

function fixedText(given: Given, key: string, bytes: number): Uint8Array {
  const field = new Uint8Array(bytes);
  const hex = given.hex(`${key}_hex`);
  const text = charsBytes(given.text(key) ?? "");
  const value = text.length > 0 ? text : hex;
  if (value.length > bytes) throw refused(value.length, `bytes, can be ${bytes}`, given.at(key));
  field.set(value);
  return field;
}
