// ARP for IPv4 over Ethernet (RFC 826).
//
//      0        2        4    5    6        8            14         18           24         28
//     +--------+--------+----+----+--------+------------+----------+------------+----------+
//     | htype 1| ptype  | 6  | 4  | opcode | sender MAC | sender IP| target MAC | target IP|
//     +--------+--------+----+----+--------+------------+----------+------------+----------+
import type { Text } from "../text/index.js";
import { i32, putU16, u16 } from "../wire/index.js";
import type { Fields } from "./fields.js";
import type { FrameBuilder } from "./frame-builder.js";
import type { Protocol } from "./protocol.js";
import { fieldKey, writeIPv4Field, writeMacField, writeNumberField } from "./write-fields.js";

const LENGTH = 28;
/** Hardware type Ethernet, protocol type IPv4, addresses of 6 and 4 bytes. */
const PREFIX = Uint8Array.of(0, 1, 8, 0, 6, 4);

const ARP_OP = fieldKey("ARP_OP");
const ARP_SPA = fieldKey("ARP_SPA");
const ARP_TPA = fieldKey("ARP_TPA");
const ARP_SHA = fieldKey("ARP_SHA");
const ARP_THA = fieldKey("ARP_THA");
const FIELDS = ["ARP_OP", "ARP_SPA", "ARP_TPA", "ARP_SHA", "ARP_THA"];

export const arp: Protocol = {
  name: "ARP",
  fields: FIELDS,
  closes: true,

  /** ARP of other hardware or protocols stays payload. */
  measure(b: Uint8Array, o: number, end: number): number {
    return end - o >= LENGTH && i32(b, o) === 0x0001_0800 && u16(b, o + 4) === 0x0604 ? LENGTH : 0;
  },

  next: () => undefined,

  write(b: Uint8Array, o: number, _stop: number, w: Text): void {
    writeNumberField(ARP_OP, u16(b, o + 6), w);
    writeIPv4Field(ARP_SPA, b, o + 14, w);
    writeIPv4Field(ARP_TPA, b, o + 24, w);
    writeMacField(ARP_SHA, b, o + 8, w);
    writeMacField(ARP_THA, b, o + 18, w);
  },

  more: () => {},

  wanted: (fields: Fields) => fields.has(...FIELDS),

  build(fields: Fields, frame: FrameBuilder): void {
    const at = frame.header("ARP", LENGTH);
    const b = frame.out.b;
    b.set(PREFIX, at);
    putU16(b, at + 6, fields.number("ARP_OP", 16, 0));
    b.set(fields.mac("ARP_SHA"), at + 8);
    b.set(fields.ipv4("ARP_SPA"), at + 14);
    b.set(fields.mac("ARP_THA"), at + 18);
    b.set(fields.ipv4("ARP_TPA"), at + 24);
  },
};
