// Router solicitations and advertisements of IPv6, behind type, code and checksum of ICMPv6 (RFC 4861 §4.1, §4.2, §4.6).
//
//      0    1    2        4                   8                   12
//     +----+----+--------+-------------------+-------------------+---------
//     |hops|flag|lifetime|  reachable time   |   retrans timer   | options     advertisement (134)
//     +----+----+--------+---------+---------+-------------------+---------
//     |     reserved     | options                                             solicitation (133)
//     +------------------+---------
//     each option: type, length in units of 8 bytes, value
import { EncodeError } from "../../base/index.js";
import { formatHex, formatIPv6, formatMac } from "../../text/index.js";
import type { Writer } from "../../wire/index.js";
import { flagNames, type Given } from "./given.js";
import { buildLayout, IPV6, type Layout, layoutBytes, readLayout, U16, U32 } from "./layout.js";
import { MAX_ELEMENTS, type PayloadObject, type PayloadProtocol } from "./payload.js";
import { hexOf, ipv6Of, macOf, type Names, nameOf, refused } from "./values.js";

const OPTIONS: Names = {
  SOURCE_LINK_LAYER_ADDRESS: 1,
  TARGET_LINK_LAYER_ADDRESS: 2,
  PREFIX_INFORMATION: 3,
  MTU: 5,
  ROUTE_INFORMATION: 24,
  RECURSIVE_DNS_SERVER: 25,
  DNS_SEARCH_LIST: 31,
};
/** M and O of RFC 4861, H of RFC 6275, the two bits of the preference (RFC 4191), P of RFC 4389. */
const FLAGS: Names = {
  MANAGED: 0x80,
  OTHER: 0x40,
  HOME_AGENT: 0x20,
  PREF_HIGH_BIT: 0x10,
  PREF_LOW_BIT: 0x08,
  PROXY: 0x04,
};
const PREFIX_FLAGS: Names = { ON_LINK: 0x80, AUTONOMOUS: 0x40, ROUTER_ADDRESS: 0x20 };

const MTU: Layout = [
  ["reserved", U16, 0],
  ["mtu", U32],
];
/** Behind prefix length and flags. */
const PREFIX: Layout = [
  ["valid_lifetime", U32],
  ["preferred_lifetime", U32],
  ["reserved", U32, 0],
  ["prefix", IPV6],
];
const SERVERS: Layout = [
  ["reserved", U16, 0],
  ["lifetime", U32],
];

/** What the value b[o, end) of an option says; undefined where it has no other form than hexadecimal text. */
function readOption(type: number, b: Uint8Array, o: number, end: number): PayloadObject | undefined {
  const length = end - o;
  if ((type === 1 || type === 2) && length === 6) return { address: formatMac(b, o) };
  if (type === 5 && length === 6) return readLayout(MTU, b, o);
  if (type === 3 && length === 30) {
    return {
      prefix_length: b[o]!,
      flags: flagNames(b[o + 1]!, PREFIX_FLAGS),
      ...readLayout(PREFIX, b, o + 2),
    };
  }
  if (type === 25 && length >= 22 && (length - 6) % 16 === 0) {
    const addresses: string[] = [];
    for (let at = o + 6; at < end; at += 16) addresses.push(formatIPv6(b, at));
    return { ...readLayout(SERVERS, b, o), addresses };
  }
  return undefined;
}

function buildOption(type: number, given: Given, out: Writer): void {
  const hex = given.value("hex");
  if (hex !== undefined) out.bytes(hexOf(hex, given.at("hex")));
  else if (type === 1 || type === 2) out.bytes(macOf(given.need("address"), given.at("address")));
  else if (type === 5) buildLayout(MTU, given, out);
  else if (type === 3) {
    out.u8(given.number("prefix_length", 8, 64));
    out.u8(given.flags("flags", PREFIX_FLAGS, 8) ?? 0);
    buildLayout(PREFIX, given, out);
  } else if (type === 25) {
    buildLayout(SERVERS, given, out);
    for (const { value, path } of given.list("addresses")) out.bytes(ipv6Of(value, path));
  } else {
    throw new EncodeError(given.at("hex"), "is missing: this option has no other form", { code: "MISSING" });
  }
}

function readOptions(b: Uint8Array, o: number, end: number): PayloadObject {
  const options: PayloadObject[] = [];
  let at = o;
  while (options.length < MAX_ELEMENTS && end - at >= 8 && b[at + 1]! > 0 && b[at + 1]! * 8 <= end - at) {
    const stop = at + b[at + 1]! * 8;
    const value = readOption(b[at]!, b, at + 2, stop) ?? { hex: formatHex(b, at + 2, stop) };
    options.push({ option: nameOf(b[at]!, OPTIONS), ...value });
    at = stop;
  }
  return at < end ? { options, rest: formatHex(b, at, end) } : { options };
}

function buildOptions(given: Given, out: Writer): void {
  for (const option of given.objects("options")) {
    const at = out.p;
    const type = option.named("option", OPTIONS, 8, 0);
    out.u8(type);
    out.u8(0);
    buildOption(type, option, out);
    option.finish();
    const units = (out.p - at) / 8;
    if (!Number.isInteger(units) || units > 255) {
      throw refused(
        out.p - at - 2,
        "bytes: the value of an option has 6, or a multiple of 8 more, up to 2038",
        option.path,
      );
    }
    out.b[at + 1] = units;
  }
  out.bytes(given.hex("rest"));
}

const SOLICITATION: Layout = [["reserved", U32, 0]];
/** Behind hop limit and flags. */
const ADVERTISEMENT: Layout = [
  ["lifetime", U16],
  ["reachable_time", U32],
  ["retrans_timer", U32],
];

export const routerSolicitation: PayloadProtocol = {
  name: "ICMPV6_ROUTER_SOLICITATION",
  read(b, o, end) {
    if (end - o < 4) return undefined;
    return { ...readLayout(SOLICITATION, b, o), ...readOptions(b, o + 4, end) };
  },
  build(given, out) {
    buildLayout(SOLICITATION, given, out);
    buildOptions(given, out);
  },
};

export const routerAdvertisement: PayloadProtocol = {
  name: "ICMPV6_ROUTER_ADVERTISEMENT",
  read(b, o, end) {
    const length = 2 + layoutBytes(ADVERTISEMENT);
    if (end - o < length) return undefined;
    const first = { hop_limit: b[o]!, flags: flagNames(b[o + 1]!, FLAGS) };
    return { ...first, ...readLayout(ADVERTISEMENT, b, o + 2), ...readOptions(b, o + length, end) };
  },
  build(given, out) {
    out.u8(given.number("hop_limit", 8, 0));
    out.u8(given.flags("flags", FLAGS, 8) ?? 0);
    buildLayout(ADVERTISEMENT, given, out);
    buildOptions(given, out);
  },
};
