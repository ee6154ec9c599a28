// MPLS (RFC 3032 §2.1): one entry of the stack of labels.
//
//      0              20  23 24   32
//     +----------------+---+-+----+     bits; the entry at the bottom of the stack has S = 1. What follows is IPv4 or IPv6
//     |      label     | TC|S| TTL|     by its first four bits (RFC 4928 §3), for nothing else tells
//     +----------------+---+-+----+
import type { Text } from "../text/index.js";
import { putU32, u32 } from "../wire/index.js";
import type { Fields } from "./fields.js";
import type { FrameBuilder } from "./frame-builder.js";
import { ipv4 } from "./ipv4.js";
import { ipv6 } from "./ipv6.js";
import type { Protocol } from "./protocol.js";
import { fieldKey, writeNumberField } from "./write-fields.js";

const LENGTH = 4;
const DEFAULT_TTL = 64;
const MPLS_LABEL = fieldKey("MPLS_LABEL");
const MPLS_TC = fieldKey("MPLS_TC");
const MPLS_BOS = fieldKey("MPLS_BOS");
const NX_MPLS_TTL = fieldKey("NX_MPLS_TTL");

export const mpls: Protocol = {
  name: "MPLS",
  fields: ["MPLS_LABEL", "MPLS_TC", "MPLS_BOS", "NX_MPLS_TTL"],

  measure: (_b: Uint8Array, o: number, end: number) => (end - o < LENGTH ? 0 : LENGTH),

  next(b: Uint8Array, o: number, stop: number, end: number): Protocol | undefined {
    if ((b[o + 2]! & 1) === 0) return mpls;
    const version = stop < end ? b[stop]! >> 4 : 0;
    return version === 4 ? ipv4 : version === 6 ? ipv6 : undefined;
  },

  write(b: Uint8Array, o: number, _stop: number, w: Text): void {
    const entry = u32(b, o);
    writeNumberField(MPLS_LABEL, entry >>> 12, w);
    writeNumberField(MPLS_TC, (entry >> 9) & 7, w);
    writeNumberField(MPLS_BOS, (entry >> 8) & 1, w);
    writeNumberField(NX_MPLS_TTL, entry & 0xff, w);
  },

  more: () => {},

  wanted: (fields: Fields) => fields.has("MPLS_LABEL"),

  build(fields: Fields, frame: FrameBuilder): void {
    const entries = fields.count("MPLS_LABEL");
    for (const name of ["MPLS_TC", "MPLS_BOS", "NX_MPLS_TTL"])
      fields.requireEach(name, entries, "MPLS_LABEL");
    for (let left = entries; left > 0; left--) {
      const at = frame.header("MPLS", LENGTH);
      const label = fields.number("MPLS_LABEL", 20, 0);
      const tc = fields.number("MPLS_TC", 3, 0);
      const bottom = fields.number("MPLS_BOS", 1, left === 1 ? 1 : 0);
      const ttl = fields.number("NX_MPLS_TTL", 8, DEFAULT_TTL);
      putU32(frame.out.b, at, ((label << 12) | (tc << 9) | (bottom << 8) | ttl) >>> 0);
    }
    [ipv4, ipv6].find((protocol) => protocol.wanted(fields, false))?.build(fields, frame);
  },
};
