// UDP (RFC 768).
//
//      0        2        4        6        8
//     +--------+--------+--------+--------+
//     | source | destin.| length |checksum|
//     +--------+--------+--------+--------+
import type { Text } from "../text/index.js";
import { putU16, u16 } from "../wire/index.js";
import { transportChecksum } from "./checksum.js";
import type { Fields } from "./fields.js";
import type { FrameBuilder } from "./frame-builder.js";
import type { Add, Network, Place } from "./protocol.js";
import type { Transport } from "./transport.js";
import { fieldKey, writeNumberField } from "./write-fields.js";

const NUMBER = 17;
const LENGTH = 8;
const CHECKSUM = 6;

const UDP_SRC = fieldKey("UDP_SRC");
const UDP_DST = fieldKey("UDP_DST");
const FIELDS = ["UDP_SRC", "UDP_DST", "UDP_LENGTH", "UDP_CHECKSUM"];

/**
 * The checksum covers what the length in the header says, where that can be. One that would be 0 is sent as 0xffff, for 0 says that
 * there is none.
 */
function udpChecksum(b: Uint8Array, o: number, network: Network): number {
  const own = o + u16(b, o + 4);
  const end = own >= o + LENGTH && own < network.end ? own : network.end;
  return transportChecksum(b, o, o + CHECKSUM, NUMBER, { ...network, end }) || 0xffff;
}

export const udp: Transport = {
  name: "UDP",
  number: NUMBER,
  fields: FIELDS,

  measure: (_b: Uint8Array, o: number, end: number) => (end - o < LENGTH ? 0 : LENGTH),

  next: () => undefined,

  write(b: Uint8Array, o: number, _stop: number, w: Text): void {
    writeNumberField(UDP_SRC, u16(b, o), w);
    writeNumberField(UDP_DST, u16(b, o + 2), w);
  },

  more(b: Uint8Array, o: number, _stop: number, place: Place, add: Add): void {
    const network = place.network!;
    if (u16(b, o + 4) !== network.end - o) add("UDP_LENGTH", u16(b, o + 4));
    if (u16(b, o + CHECKSUM) !== udpChecksum(b, o, network)) add("UDP_CHECKSUM", u16(b, o + CHECKSUM));
  },

  wanted: (fields: Fields) => fields.has(...FIELDS),

  build(fields: Fields, frame: FrameBuilder): void {
    const at = frame.header("UDP", LENGTH);
    putU16(frame.out.b, at, fields.number("UDP_SRC", 16, 0));
    putU16(frame.out.b, at + 2, fields.number("UDP_DST", 16, 0));
    const length = fields.number("UDP_LENGTH", 16);
    const checksum = fields.number("UDP_CHECKSUM", 16);
    frame.atEnd((b, end) => {
      const network = frame.network!(end);
      putU16(b, at + 4, length ?? network.end - at);
      putU16(b, at + CHECKSUM, checksum ?? udpChecksum(b, at, network));
    });
  },
};
