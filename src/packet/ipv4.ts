// IPv4 (RFC 791).
//
//      0    1    2        4        6        8    9    10       12       16       20
//     +----+----+--------+--------+--------+----+----+--------+--------+--------+---------+
//     |4|ihl|tos| length | ident. |flg|offs| ttl|prot|checksum|  source| destin.| options |
//     +----+----+--------+--------+--------+----+----+--------+--------+--------+---------+
import type { Text } from "../text/index.js";
import { formatHex } from "../text/index.js";
import { putU16, u16 } from "../wire/index.js";
import { addWords, foldChecksum } from "./checksum.js";
import type { Fields } from "./fields.js";
import type { FrameBuilder } from "./frame-builder.js";
import { IP_FIELDS, impliedTransport, transportOf } from "./ip.js";
import type { Add, Network, Place, Protocol } from "./protocol.js";
import { fieldKey, writeIPv4Field, writeNumberField } from "./write-fields.js";

const FIXED = 20;
const LONGEST_OPTIONS = 40;
/** Time to live when none is given. */
const DEFAULT_TTL = 64;
/** Bits of the word of flags and fragment offset, the uppermost first. */
const FLAG_NAMES = ["RESERVED", "DF", "MF"];
const MF = 0x2000;
const OFFSET = 0x1fff;
/** Values of NX_IP_FRAG (nicira-ext.h): a fragment, and not the first one. */
const FRAG_ANY = 1;
const FRAG_LATER = 2;

const IP_DSCP = fieldKey("IP_DSCP");
const IP_ECN = fieldKey("IP_ECN");
const IP_PROTO = fieldKey("IP_PROTO");
const IPV4_SRC = fieldKey("IPV4_SRC");
const IPV4_DST = fieldKey("IPV4_DST");
const NX_IP_FRAG = fieldKey("NX_IP_FRAG");
const NX_IP_TTL = fieldKey("NX_IP_TTL");
const OWN = [
  ...["IPV4_SRC", "IPV4_DST", "IPV4_ID", "IPV4_FLAGS", "IPV4_FRAG_OFFSET", "IPV4_OPTIONS"],
  ...["IPV4_LENGTH", "IPV4_CHECKSUM"],
];

function headerLength(b: Uint8Array, o: number): number {
  return (b[o]! & 15) * 4;
}

/** Where its own length says that it ends; the end of the frame when that length cannot be. */
function lengthEnd(total: number, o: number, header: number, end: number): number {
  return total >= header && total <= end - o ? o + total : end;
}

function contentEnd(b: Uint8Array, o: number, stop: number, end: number): number {
  return lengthEnd(u16(b, o + 2), o, stop - o, end);
}

export const ipv4: Protocol = {
  name: "IPv4",
  fields: [...IP_FIELDS, "NX_IP_FRAG", ...OWN],

  measure(b: Uint8Array, o: number, end: number): number {
    if (end - o < FIXED || b[o]! >> 4 !== 4) return 0;
    const length = headerLength(b, o);
    return length >= FIXED && length <= end - o ? length : 0;
  },

  /** Fragments but the first have no transport header. */
  next(b: Uint8Array, o: number): Protocol | undefined {
    return (u16(b, o + 6) & OFFSET) === 0 ? transportOf(4, b[o + 9]!) : undefined;
  },

  write(b: Uint8Array, o: number, _stop: number, w: Text): void {
    const tos = b[o + 1]!;
    if (tos >> 2 !== 0) writeNumberField(IP_DSCP, tos >> 2, w);
    if ((tos & 3) !== 0) writeNumberField(IP_ECN, tos & 3, w);
    writeNumberField(IP_PROTO, b[o + 9]!, w);
    writeIPv4Field(IPV4_SRC, b, o + 12, w);
    writeIPv4Field(IPV4_DST, b, o + 16, w);
    const fragment = u16(b, o + 6) & 0x3fff;
    if (fragment !== 0) {
      writeNumberField(NX_IP_FRAG, (fragment & OFFSET) === 0 ? FRAG_ANY : FRAG_ANY | FRAG_LATER, w);
    }
    writeNumberField(NX_IP_TTL, b[o + 8]!, w);
  },

  more(b: Uint8Array, o: number, stop: number, place: Place, add: Add): void {
    const word = u16(b, o + 6);
    if (u16(b, o + 4) !== 0) add("IPV4_ID", u16(b, o + 4));
    if (word >> 13 !== 0)
      add(
        "IPV4_FLAGS",
        FLAG_NAMES.filter((_, i) => (word & (0x8000 >> i)) !== 0),
      );
    if ((word & OFFSET) !== 0) add("IPV4_FRAG_OFFSET", word & OFFSET);
    if (stop - o > FIXED) add("IPV4_OPTIONS", formatHex(b, o + FIXED, stop));
    if (u16(b, o + 2) !== place.end - o) add("IPV4_LENGTH", u16(b, o + 2));
    const checksum = u16(b, o + 10);
    if (checksum !== foldChecksum(addWords(b, o, stop) - checksum)) add("IPV4_CHECKSUM", checksum);
  },

  contentEnd,

  network(b: Uint8Array, o: number, stop: number, end: number): Network {
    return { source: o + 12, destination: o + 16, addressBytes: 4, end: contentEnd(b, o, stop, end) };
  },

  wanted(fields: Fields, chosen: boolean): boolean {
    if (fields.has(...OWN)) return true;
    if (chosen && fields.has(...IP_FIELDS, "NX_IP_FRAG")) return true;
    const transport = impliedTransport(4, fields);
    return transport !== undefined && (chosen || transport.onlyIn === 4);
  },

  build(fields: Fields, frame: FrameBuilder): void {
    const options = fields.hex("IPV4_OPTIONS", LONGEST_OPTIONS) ?? new Uint8Array(0);
    const length = FIXED + Math.ceil(options.length / 4) * 4;
    const at = frame.header("IPv4", length);
    const b = frame.out.b;
    b[at] = 0x40 | (length / 4);
    b[at + 1] = (fields.number("IP_DSCP", 6, 0) << 2) | fields.number("IP_ECN", 2, 0);
    putU16(b, at + 4, fields.number("IPV4_ID", 16, 0));
    putU16(b, at + 6, fragmentWord(fields));
    b[at + 8] = fields.number("NX_IP_TTL", 8, DEFAULT_TTL);
    b.set(fields.ipv4("IPV4_SRC"), at + 12);
    b.set(fields.ipv4("IPV4_DST"), at + 16);
    b.set(options, at + FIXED);
    const given = fields.number("IP_PROTO", 8);
    const total = fields.number("IPV4_LENGTH", 16);
    const checksum = fields.number("IPV4_CHECKSUM", 16);
    const transport = given === undefined ? impliedTransport(4, fields) : transportOf(4, given);
    b[at + 9] = given ?? transport?.number ?? 0;
    frame.network = (end) => ({
      source: at + 12,
      destination: at + 16,
      addressBytes: 4,
      end: total === undefined ? end : lengthEnd(total, at, length, end),
    });
    frame.atEnd((bytes, end) => {
      putU16(bytes, at + 2, total ?? end - at);
      putU16(bytes, at + 10, checksum ?? foldChecksum(addWords(bytes, at, at + length)));
    });
    const later = (u16(b, at + 6) & OFFSET) !== 0;
    if (!later && transport?.wanted(fields, true)) transport.build(fields, frame);
  },
};

/** The word of flags and fragment offset. NX_IP_FRAG says less than the fields of the header; it must not say something else. */
function fragmentWord(fields: Fields): number {
  const kind = fields.peek("NX_IP_FRAG", 8);
  const flags = fields.flags("IPV4_FLAGS", FLAG_NAMES);
  const offset = fields.number("IPV4_FRAG_OFFSET", 13, 0);
  let word = offset;
  for (const flag of flags ?? []) word |= 0x8000 >> FLAG_NAMES.indexOf(flag);
  if (flags === undefined && kind === FRAG_ANY) word |= MF;
  const built = (word & 0x3fff) === 0 ? 0 : offset === 0 ? FRAG_ANY : FRAG_ANY | FRAG_LATER;
  // A kind that the header does not say is left over, and refused as such.
  if (kind === built) fields.skip("NX_IP_FRAG");
  return word;
}
