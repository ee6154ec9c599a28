// SCTP (RFC 9260 §3.1): the common header; chunks are payload.
//
//      0        2        4                8                12
//     +--------+--------+----------------+----------------+
//     | source | destin.| verification   | checksum       |     CRC32c of all, its bytes the lowest first (§A)
//     +--------+--------+----------------+----------------+
import type { Text } from "../text/index.js";
import { putU16, putU32, u16, u32 } from "../wire/index.js";
import { crc32c } from "./crc32c.js";
import type { Fields } from "./fields.js";
import type { FrameBuilder } from "./frame-builder.js";
import type { Add, Place } from "./protocol.js";
import type { Transport } from "./transport.js";
import { fieldKey, writeNumberField } from "./write-fields.js";

const LENGTH = 12;
const CHECKSUM = 8;
const SCTP_SRC = fieldKey("SCTP_SRC");
const SCTP_DST = fieldKey("SCTP_DST");
const FIELDS = ["SCTP_SRC", "SCTP_DST", "SCTP_VTAG", "SCTP_CHECKSUM"];

/** The checksum that belongs to b[o, end), as the number that its four bytes make. */
function sctpChecksum(b: Uint8Array, o: number, end: number): number {
  const covered = Buffer.from(b.subarray(o, Math.max(end, o + LENGTH)));
  covered.fill(0, CHECKSUM, LENGTH);
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32c(covered));
  return u32(sum, 0);
}

export const sctp: Transport = {
  name: "SCTP",
  number: 132,
  fields: FIELDS,

  measure: (_b: Uint8Array, o: number, end: number) => (end - o < LENGTH ? 0 : LENGTH),

  next: () => undefined,

  write(b: Uint8Array, o: number, _stop: number, w: Text): void {
    writeNumberField(SCTP_SRC, u16(b, o), w);
    writeNumberField(SCTP_DST, u16(b, o + 2), w);
  },

  more(b: Uint8Array, o: number, _stop: number, place: Place, add: Add): void {
    if (u32(b, o + 4) !== 0) add("SCTP_VTAG", u32(b, o + 4));
    const checksum = u32(b, o + CHECKSUM);
    if (checksum !== sctpChecksum(b, o, place.network!.end)) add("SCTP_CHECKSUM", checksum);
  },

  wanted: (fields: Fields) => fields.has(...FIELDS),

  build(fields: Fields, frame: FrameBuilder): void {
    const at = frame.header("SCTP", LENGTH);
    const b = frame.out.b;
    putU16(b, at, fields.number("SCTP_SRC", 16, 0));
    putU16(b, at + 2, fields.number("SCTP_DST", 16, 0));
    putU32(b, at + 4, fields.number("SCTP_VTAG", 32, 0));
    const checksum = fields.number("SCTP_CHECKSUM", 32);
    frame.atEnd((bytes, end) => {
      putU32(bytes, at + CHECKSUM, checksum ?? sctpChecksum(bytes, at, frame.network!(end).end));
    });
  },
};
