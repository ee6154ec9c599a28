// Logical link control: 802.3 frames that are not SNAP with a type of Ethernet (IEEE 802.2).
//
//      0    1    2          3 or 4
//     +----+----+----------+----------
//     |DSAP|SSAP| control  | payload        control has one byte when its lower two bits are set, else two
//     +----+----+----------+----------
import { formatHex } from "../../text/index.js";
import { u16 } from "../../wire/index.js";
import type { PayloadProtocol } from "./payload.js";

/** Novell's frames without LLC start so. */
const NO_LLC = 0xffff;

export const llc: PayloadProtocol = {
  name: "LLC",
  read(b, o, end) {
    const length = end - o >= 3 && (b[o + 2]! & 3) === 3 ? 3 : 4;
    if (end - o < length || u16(b, o) === NO_LLC) return undefined;
    const control = length === 3 ? b[o + 2]! : u16(b, o + 2);
    return { dsap: b[o]!, ssap: b[o + 1]!, control, payload: formatHex(b, o + length, end) };
  },
  build(given, out) {
    out.u8(given.number("dsap", 8, 0));
    out.u8(given.number("ssap", 8, 0));
    const control = given.number("control", 16, 3);
    if (control < 256 && (control & 3) === 3) out.u8(control);
    else out.u16(control);
    out.bytes(given.hex("payload"));
  },
};
