// ICMP for IPv6 (RFC 4443 §2.1), and the solicitations and advertisements of neighbour discovery (RFC 4861 §4.3, §4.4).
//
//      0    1    2        4          8                          24
//     +----+----+--------+----------+--------------------------+-----------------
//     |type|code|checksum| reserved |      target address      | options           135 solicitation, 136 advertisement
//     +----+----+--------+----------+--------------------------+-----------------
//     each option: type, length in units of 8 bytes, value; 1 is the source's address, 2 the target's
import { EncodeError } from "../base/index.js";
import { formatHex, type Text } from "../text/index.js";
import { putU16, putU32, u16, u32 } from "../wire/index.js";
import { transportChecksum } from "./checksum.js";
import type { Fields } from "./fields.js";
import { type FrameBuilder, MAX_FRAME } from "./frame-builder.js";
import type { Add, Place } from "./protocol.js";
import type { Transport } from "./transport.js";
import { fieldKey, writeIPv6Field, writeMacField, writeNumberField } from "./write-fields.js";

const NUMBER = 58;
const LENGTH = 4;
const CHECKSUM = 2;
const SOLICITATION = 135;
const ADVERTISEMENT = 136;
/** Bytes before the options of neighbour discovery. */
const ND_LENGTH = 24;

const ICMPV6_TYPE = fieldKey("ICMPV6_TYPE");
const ICMPV6_CODE = fieldKey("ICMPV6_CODE");
const X_IPV6_ND_RES = fieldKey("X_IPV6_ND_RES");
const IPV6_ND_TARGET = fieldKey("IPV6_ND_TARGET");
const IPV6_ND_SLL = fieldKey("IPV6_ND_SLL");
const IPV6_ND_TLL = fieldKey("IPV6_ND_TLL");
const ND_FIELDS = ["IPV6_ND_TARGET", "IPV6_ND_SLL", "IPV6_ND_TLL", "X_IPV6_ND_RES", "IPV6_ND_OPTIONS"];
const FIELDS = ["ICMPV6_TYPE", "ICMPV6_CODE", "ICMPV6_CHECKSUM", ...ND_FIELDS];

function isNeighbour(type: number, code: number): boolean {
  return code === 0 && (type === SOLICITATION || type === ADVERTISEMENT);
}

/** Where the address of the option stands that a message of this type carries; 0 when it has none. */
function findAddress(b: Uint8Array, type: number, o: number, end: number): number {
  const wanted = type === SOLICITATION ? 1 : 2;
  for (let at = o; end - at >= 8; ) {
    const length = b[at + 1]! * 8;
    if (length === 0 || length > end - at) return 0;
    if (b[at] === wanted && length === 8) return at + 2;
    at += length;
  }
  return 0;
}

export const icmpv6: Transport = {
  name: "ICMPv6",
  number: NUMBER,
  onlyIn: 6,
  fields: FIELDS,

  /** Options with the address that is wanted are part of the header, all of them; others are payload. */
  measure(b: Uint8Array, o: number, end: number): number {
    if (end - o < LENGTH) return 0;
    if (!isNeighbour(b[o]!, b[o + 1]!) || end - o < ND_LENGTH) return LENGTH;
    return findAddress(b, b[o]!, o + ND_LENGTH, end) === 0 ? ND_LENGTH : end - o;
  },

  next: () => undefined,

  write(b: Uint8Array, o: number, stop: number, w: Text): void {
    const type = b[o]!;
    writeNumberField(ICMPV6_TYPE, type, w);
    writeNumberField(ICMPV6_CODE, b[o + 1]!, w);
    if (stop - o < ND_LENGTH) return;
    if (type === ADVERTISEMENT && u32(b, o + 4) !== 0) writeNumberField(X_IPV6_ND_RES, u32(b, o + 4), w);
    writeIPv6Field(IPV6_ND_TARGET, b, o + 8, w);
    const address = findAddress(b, type, o + ND_LENGTH, stop);
    if (address !== 0) writeMacField(type === SOLICITATION ? IPV6_ND_SLL : IPV6_ND_TLL, b, address, w);
  },

  more(b: Uint8Array, o: number, stop: number, place: Place, add: Add): void {
    if (stop - o >= ND_LENGTH) {
      if (b[o] === SOLICITATION && u32(b, o + 4) !== 0) add("X_IPV6_ND_RES", u32(b, o + 4));
      if (stop - o > ND_LENGTH + 8) add("IPV6_ND_OPTIONS", formatHex(b, o + ND_LENGTH, stop));
    }
    const checksum = u16(b, o + CHECKSUM);
    if (checksum !== transportChecksum(b, o, o + CHECKSUM, NUMBER, place.network!)) {
      add("ICMPV6_CHECKSUM", checksum);
    }
  },

  wanted: (fields: Fields) => fields.has(...FIELDS),

  build(fields: Fields, frame: FrameBuilder): void {
    const at = frame.header("ICMPv6", LENGTH);
    const type = fields.number("ICMPV6_TYPE", 8, 0);
    const code = fields.number("ICMPV6_CODE", 8, 0);
    frame.out.b[at] = type;
    frame.out.b[at + 1] = code;
    const checksum = fields.number("ICMPV6_CHECKSUM", 16);
    if (isNeighbour(type, code) && fields.has(...ND_FIELDS)) buildNeighbour(type, fields, frame);
    frame.atEnd((b, end) => {
      const computed = transportChecksum(b, at, at + CHECKSUM, NUMBER, frame.network!(end));
      putU16(b, at + CHECKSUM, checksum ?? computed);
    });
  },
};

function buildNeighbour(type: number, fields: Fields, frame: FrameBuilder): void {
  const at = frame.header("neighbour discovery", ND_LENGTH - LENGTH);
  putU32(frame.out.b, at, fields.number("X_IPV6_ND_RES", 32, 0));
  frame.out.b.set(fields.ipv6("IPV6_ND_TARGET"), at + 4);
  const name = type === SOLICITATION ? "IPV6_ND_SLL" : "IPV6_ND_TLL";
  const path = fields.path(name);
  const address = path === undefined ? undefined : fields.mac(name);
  const options = fields.hex("IPV6_ND_OPTIONS", MAX_FRAME);
  if (options === undefined) {
    if (address !== undefined) frame.out.bytes(Uint8Array.of(type === SOLICITATION ? 1 : 2, 1, ...address));
    return;
  }
  frame.out.bytes(options);
  const found = findAddress(options, type, 0, options.length);
  if (address !== undefined && Buffer.compare(address, options.subarray(found, found + 6)) !== 0) {
    throw new EncodeError(path!, `${name} is not the address in IPV6_ND_OPTIONS`);
  }
}
