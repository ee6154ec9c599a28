// The service tag of provider backbone bridges (IEEE 802.1ah). The customer's frame behind it is payload.
//
//      0                   1         4                    16
//     +---+-+-+---+------------------+--------------------
//     |PCP|D|U|res|    service id    | customer's frame          D: DEI, U: use customer address
//     +---+-+-+---+------------------+--------------------
import type { Text } from "../text/index.js";
import { putU24, u24 } from "../wire/index.js";
import type { Fields } from "./fields.js";
import type { FrameBuilder } from "./frame-builder.js";
import type { Add, Place, Protocol } from "./protocol.js";
import { fieldKey, writeNumberField } from "./write-fields.js";

const LENGTH = 4;
const PBB_ISID = fieldKey("PBB_ISID");
const PBB_UCA = fieldKey("PBB_UCA");

export const pbb: Protocol = {
  name: "PBB",
  fields: ["PBB_ISID", "PBB_UCA", "PBB_PCP", "PBB_DEI", "PBB_RESERVED"],

  measure: (_b: Uint8Array, o: number, end: number) => (end - o < LENGTH ? 0 : LENGTH),

  next: () => undefined,

  write(b: Uint8Array, o: number, _stop: number, w: Text): void {
    writeNumberField(PBB_ISID, u24(b, o + 1), w);
    writeNumberField(PBB_UCA, (b[o]! >> 3) & 1, w);
  },

  more(b: Uint8Array, o: number, _stop: number, _place: Place, add: Add): void {
    const bits = b[o]!;
    if (bits >> 5 !== 0) add("PBB_PCP", bits >> 5);
    if ((bits & 0x10) !== 0) add("PBB_DEI", 1);
    if ((bits & 7) !== 0) add("PBB_RESERVED", bits & 7);
  },

  wanted: (fields: Fields) => fields.has("PBB_ISID"),

  build(fields: Fields, frame: FrameBuilder): void {
    const at = frame.header("PBB", LENGTH);
    const pcp = fields.number("PBB_PCP", 3, 0);
    const dei = fields.number("PBB_DEI", 1, 0);
    const uca = fields.number("PBB_UCA", 1, 0);
    frame.out.b[at] = (pcp << 5) | (dei << 4) | (uca << 3) | fields.number("PBB_RESERVED", 3, 0);
    putU24(frame.out.b, at + 1, fields.number("PBB_ISID", 24, 0));
  },
};
