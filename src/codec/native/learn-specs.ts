// The specs of Nicira's learn action (Open vSwitch nicira-ext.h, nx_action_learn): how the learned flow is made.
//
//   0        2                                        then, when the destination is MATCH or LOAD
//   +--------+-----------------------------------+   +-------------------------+--------------+
//   | header | source: OXM header, bit offset;   |   | destination: OXM header | bit offset   |
//   |        | or n bits, in whole 16-bit words  |   |                         |              |
//   +--------+-----------------------------------+   +-------------------------+--------------+
//
//   header: 0 0 | immediate | destination: 2 bits | 0 | n: 10 bits.   A header of zero ends the specs.
import { u16 } from "../../wire/index.js";

/** The source is bits, not a field. */
export const IMMEDIATE = 0x2000;
/** What becomes of the bits. */
export const DESTINATION = 0x1800;
export const MATCH = 0x0000;
export const LOAD = 0x0800;
export const OUTPUT = 0x1000;
/** How many bits. */
export const N_BITS = 0x03ff;

/** Header bits that mean nothing. */
const RESERVED = 0xc400;

/** Bytes of an immediate value of `n` bits: whole 16-bit words. */
export function immediateLength(n: number): number {
  return 2 * Math.ceil(n / 16);
}

/** Bytes of the OXM header at `o`: with an experimenter word in class 0xffff. */
export function headerLength(b: Uint8Array, o: number): number {
  return u16(b, o) === 0xffff ? 8 : 4;
}

/** Where the spec at `o` ends; 0 when it does not end before `end`, or is of no known form. */
export function specEnd(b: Uint8Array, o: number, end: number): number {
  if (end - o < 2) return 0;
  const header = u16(b, o);
  const n = header & N_BITS;
  if (n === 0 || (header & RESERVED) !== 0 || (header & DESTINATION) === DESTINATION) return 0;
  // Bits for OUTPUT would be a port number, which OUTPUT cannot say: nobody makes these.
  if ((header & IMMEDIATE) !== 0 && (header & DESTINATION) === OUTPUT) return 0;
  let p = o + 2;
  if ((header & IMMEDIATE) !== 0) p += immediateLength(n);
  else if (end - p < 6) return 0;
  else p += headerLength(b, p) + 2;
  if ((header & DESTINATION) !== OUTPUT) {
    if (end - p < 6) return 0;
    p += headerLength(b, p) + 2;
  }
  return p <= end ? p : 0;
}
