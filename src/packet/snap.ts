// SNAP (IEEE 802): an 802.3 frame that carries a protocol of Ethernet II. Other frames of 802.2 stay payload.
//
//      0    1    2    3            6        8
//     +----+----+----+------------+--------+
//     | AA | AA | 03 |  00 00 00  |  type  |
//     +----+----+----+------------+--------+
import { putU16, u16, u24 } from "../wire/index.js";
import { chosenProtocol, impliedType, protocolOf } from "./ether-types.js";
import type { Fields } from "./fields.js";
import type { FrameBuilder } from "./frame-builder.js";
import type { Add, Place, Protocol } from "./protocol.js";

const LENGTH = 8;

export const snap: Protocol = {
  name: "SNAP",
  fields: ["SNAP_TYPE"],

  measure(b: Uint8Array, o: number, end: number): number {
    return end - o >= LENGTH && u24(b, o) === 0xaaaa03 && u24(b, o + 3) === 0 ? LENGTH : 0;
  },

  next: (b: Uint8Array, _o: number, stop: number) => protocolOf(u16(b, stop - 2)),

  write: () => {},

  more(b: Uint8Array, _o: number, stop: number, _place: Place, add: Add): void {
    add("SNAP_TYPE", u16(b, stop - 2));
  },

  wanted: (fields: Fields) => fields.has("SNAP_TYPE"),

  build(fields: Fields, frame: FrameBuilder): void {
    const at = frame.header("SNAP", LENGTH);
    frame.out.b.set([0xaa, 0xaa, 0x03], at);
    const type = fields.number("SNAP_TYPE", 16) ?? impliedType(fields);
    putU16(frame.out.b, at + LENGTH - 2, type ?? 0);
    chosenProtocol(type, fields)?.build(fields, frame);
  },
};
