// The header that starts every OpenFlow message (OF 1.3.5 §7.1.1, the same in all versions):
//
//    0        1        2                 4                                   8
//   +--------+--------+-----------------+-----------------------------------+
//   | version|  type  |      length     |                xid                |
//   +--------+--------+-----------------+-----------------------------------+
import { u16, u32 } from "./read.js";
import { putU16, putU32 } from "./writer.js";

/** Bytes of the header, which `length` counts too. */
export const HEADER_LENGTH = 8;

/** The version byte of the message at `o`; experimental ones have bit 0x80. */
export function peekVersion(b: Uint8Array, o = 0): number {
  return b[o]!;
}

/** The type byte of the message at `o`. */
export function peekType(b: Uint8Array, o = 0): number {
  return b[o + 1]!;
}

/** The length in bytes that the message at `o` claims, header included. */
export function peekLength(b: Uint8Array, o = 0): number {
  return u16(b, o + 2);
}

/** The transaction id of the message at `o`. */
export function peekXid(b: Uint8Array, o = 0): number {
  return u32(b, o + 4);
}

/** Stores a header at `p`, where 8 bytes must be free. `length` must be in 8..65535. */
export function putHeader(
  b: Uint8Array,
  p: number,
  version: number,
  type: number,
  length: number,
  xid: number,
): void {
  b[p] = version;
  b[p + 1] = type;
  putU16(b, p + 2, length);
  putU32(b, p + 4, xid);
}
