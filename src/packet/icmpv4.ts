// ICMP for IPv4 (RFC 792): the part that all its messages have. Identifier, sequence and so on are payload.
//
//      0    1    2        4
//     +----+----+--------+
//     |type|code|checksum|
//     +----+----+--------+
import type { Text } from "../text/index.js";
import { putU16, u16 } from "../wire/index.js";
import { addWords, foldChecksum } from "./checksum.js";
import type { Fields } from "./fields.js";
import type { FrameBuilder } from "./frame-builder.js";
import type { Add, Place } from "./protocol.js";
import type { Transport } from "./transport.js";
import { fieldKey, writeNumberField } from "./write-fields.js";

const LENGTH = 4;
const CHECKSUM = 2;
const ICMPV4_TYPE = fieldKey("ICMPV4_TYPE");
const ICMPV4_CODE = fieldKey("ICMPV4_CODE");
const FIELDS = ["ICMPV4_TYPE", "ICMPV4_CODE", "ICMPV4_CHECKSUM"];

/** The checksum that belongs to the message b[o, end). */
function icmpChecksum(b: Uint8Array, o: number, end: number): number {
  return foldChecksum(addWords(b, o, end) - addWords(b, o + CHECKSUM, Math.min(o + LENGTH, end)));
}

export const icmpv4: Transport = {
  name: "ICMPv4",
  number: 1,
  onlyIn: 4,
  fields: FIELDS,

  measure: (_b: Uint8Array, o: number, end: number) => (end - o < LENGTH ? 0 : LENGTH),

  next: () => undefined,

  write(b: Uint8Array, o: number, _stop: number, w: Text): void {
    writeNumberField(ICMPV4_TYPE, b[o]!, w);
    writeNumberField(ICMPV4_CODE, b[o + 1]!, w);
  },

  more(b: Uint8Array, o: number, _stop: number, place: Place, add: Add): void {
    const checksum = u16(b, o + CHECKSUM);
    if (checksum !== icmpChecksum(b, o, place.network!.end)) add("ICMPV4_CHECKSUM", checksum);
  },

  wanted: (fields: Fields) => fields.has(...FIELDS),

  build(fields: Fields, frame: FrameBuilder): void {
    const at = frame.header("ICMPv4", LENGTH);
    frame.out.b[at] = fields.number("ICMPV4_TYPE", 8, 0);
    frame.out.b[at + 1] = fields.number("ICMPV4_CODE", 8, 0);
    const checksum = fields.number("ICMPV4_CHECKSUM", 16);
    frame.atEnd((b, end) => {
      putU16(b, at + CHECKSUM, checksum ?? icmpChecksum(b, at, frame.network!(end).end));
    });
  },
};
