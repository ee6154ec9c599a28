// The match of OpenFlow 1.2 and later (1.2 §A.2.3, ofp_match) where a hand-written part of 1.1 meets it.
import { u16, u32 } from "../../wire/index.js";

/** Type of a match made of OXM fields. */
export const MATCH_TYPE_OXM = 1;

/** Headers of IP_PROTO: class 0x8000, field 10, one byte; and Nicira's: class 0, field 6. */
const IP_PROTO = 0x8000_1401;
const NX_IP_PROTO = 0x0000_0c01;

/** The IP protocol that the OXM fields from `o` to `end` demand, 0 when they demand none. */
export function l4OfFields(b: Uint8Array, o: number, end: number): number {
  for (let p = o; p + 4 < end; p += 4 + b[p + 3]!) {
    const header = u32(b, p);
    if (header === IP_PROTO || header === NX_IP_PROTO) return b[p + 4]!;
  }
  return 0;
}

/** The end of the OXM fields of the match at `o`, or 0 when its length does not fit the `end - o` bytes with padding. */
export function endOfFields(b: Uint8Array, o: number, end: number): number {
  const length = u16(b, o + 2);
  return length >= 4 && ((length + 7) & ~7) === end - o ? o + length : 0;
}
