// TCP (RFC 9293 §3.1).
//
//      0        2        4          8          12     14       16       18       20
//     +--------+--------+----------+----------+------+--------+--------+--------+---------+
//     | source | destin.| sequence | acknowl. |of|flg| window |checksum| urgent | options |
//     +--------+--------+----------+----------+------+--------+--------+--------+---------+
//     of: 4 bits, the header's length in words; flg: 12 bits, of which the upper 3 are reserved
import { formatHex, type Text } from "../text/index.js";
import { putU16, putU32, u16, u32 } from "../wire/index.js";
import { transportChecksum } from "./checksum.js";
import type { Fields } from "./fields.js";
import type { FrameBuilder } from "./frame-builder.js";
import type { Add, Place } from "./protocol.js";
import type { Transport } from "./transport.js";
import { fieldKey, writeNumberField } from "./write-fields.js";

const NUMBER = 6;
const FIXED = 20;
const LONGEST_OPTIONS = 40;
const CHECKSUM = 16;

const TCP_SRC = fieldKey("TCP_SRC");
const TCP_DST = fieldKey("TCP_DST");
const NX_TCP_FLAGS = fieldKey("NX_TCP_FLAGS");
const FIELDS = [
  ...["TCP_SRC", "TCP_DST", "NX_TCP_FLAGS", "TCP_FLAGS", "TCP_SEQ", "TCP_ACK", "TCP_DATA_OFFSET"],
  ...["TCP_WINDOW", "TCP_CHECKSUM", "TCP_URGENT", "TCP_OPTIONS"],
];

/** The header's length by its data offset; without options when that offset cannot be. */
function headerLength(b: Uint8Array, o: number, end: number): number {
  const length = (b[o + 12]! >> 4) * 4;
  return length >= FIXED && length <= end - o ? length : FIXED;
}

export const tcp: Transport = {
  name: "TCP",
  number: NUMBER,
  fields: FIELDS,

  measure(b: Uint8Array, o: number, end: number): number {
    return end - o < FIXED ? 0 : headerLength(b, o, end);
  },

  next: () => undefined,

  write(b: Uint8Array, o: number, _stop: number, w: Text): void {
    writeNumberField(TCP_SRC, u16(b, o), w);
    writeNumberField(TCP_DST, u16(b, o + 2), w);
    writeNumberField(NX_TCP_FLAGS, u16(b, o + 12) & 0xfff, w);
  },

  more(b: Uint8Array, o: number, stop: number, place: Place, add: Add): void {
    if (u32(b, o + 4) !== 0) add("TCP_SEQ", u32(b, o + 4));
    if (u32(b, o + 8) !== 0) add("TCP_ACK", u32(b, o + 8));
    if (b[o + 12]! >> 4 !== (stop - o) / 4) add("TCP_DATA_OFFSET", b[o + 12]! >> 4);
    if (u16(b, o + 14) !== 0) add("TCP_WINDOW", u16(b, o + 14));
    if (u16(b, o + 18) !== 0) add("TCP_URGENT", u16(b, o + 18));
    if (stop - o > FIXED) add("TCP_OPTIONS", formatHex(b, o + FIXED, stop));
    const checksum = u16(b, o + CHECKSUM);
    if (checksum !== transportChecksum(b, o, o + CHECKSUM, NUMBER, place.network!)) {
      add("TCP_CHECKSUM", checksum);
    }
  },

  wanted: (fields: Fields) => fields.has(...FIELDS),

  build(fields: Fields, frame: FrameBuilder): void {
    const options = fields.hex("TCP_OPTIONS", LONGEST_OPTIONS) ?? new Uint8Array(0);
    const length = FIXED + Math.ceil(options.length / 4) * 4;
    const at = frame.header("TCP", length);
    const b = frame.out.b;
    putU16(b, at, fields.number("TCP_SRC", 16, 0));
    putU16(b, at + 2, fields.number("TCP_DST", 16, 0));
    putU32(b, at + 4, fields.number("TCP_SEQ", 32, 0));
    putU32(b, at + 8, fields.number("TCP_ACK", 32, 0));
    const offset = fields.number("TCP_DATA_OFFSET", 4, length / 4);
    const flags = fields.number("NX_TCP_FLAGS", 12) ?? fields.number("TCP_FLAGS", 12, 0);
    putU16(b, at + 12, (offset << 12) | flags);
    putU16(b, at + 14, fields.number("TCP_WINDOW", 16, 0));
    putU16(b, at + 18, fields.number("TCP_URGENT", 16, 0));
    b.set(options, at + FIXED);
    const checksum = fields.number("TCP_CHECKSUM", 16);
    frame.atEnd((bytes, end) => {
      putU16(
        bytes,
        at + CHECKSUM,
        checksum ?? transportChecksum(bytes, at, at + CHECKSUM, NUMBER, frame.network!(end)),
      );
    });
  },
};
