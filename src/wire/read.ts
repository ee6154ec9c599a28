// Numbers out of bytes, and the two errors that checks of lengths throw. Bytes beyond the end of a Buffer read
// as zero without a complaint: callers check the length first, always.
import { DecodeError } from "../base/index.js";

/** The unsigned 16-bit number at `o`, big-endian. */
export function u16(b: Uint8Array, o: number): number {
  return (b[o]! << 8) | b[o + 1]!;
}

/** The unsigned 24-bit number at `o`, big-endian. */
export function u24(b: Uint8Array, o: number): number {
  return (b[o]! << 16) | (b[o + 1]! << 8) | b[o + 2]!;
}

/** The unsigned 32-bit number at `o`, big-endian. */
export function u32(b: Uint8Array, o: number): number {
  return ((b[o]! << 24) | (b[o + 1]! << 16) | (b[o + 2]! << 8) | b[o + 3]!) >>> 0;
}

/** The signed 32-bit number at `o`, big-endian; the quick one for `switch`, which wants small integers. */
export function i32(b: Uint8Array, o: number): number {
  return (b[o]! << 24) | (b[o + 1]! << 16) | (b[o + 2]! << 8) | b[o + 3]!;
}

/** The unsigned 64-bit number at `o`, big-endian: a number up to 2^53-1, a bigint above. */
export function u64(b: Uint8Array, o: number): number | bigint {
  const hi = u32(b, o);
  const lo = u32(b, o + 4);
  return hi < 0x200000 ? hi * 0x100000000 + lo : (BigInt(hi) << 32n) | BigInt(lo);
}

/** The next multiple of 8 at or above `n` (0 <= n < 2^31). */
export function align8(n: number): number {
  return (n + 7) & ~7;
}

/** The error for a part at `o` that needs `need` bytes when the bytes end at `end`. Returned, not thrown. */
export function short(where: string, o: number, end: number, need: number): DecodeError {
  return new DecodeError("SHORT", where, o, `needs ${need} bytes, has ${Math.max(0, end - o)}`);
}

/** The error for a length at `offset` that contradicts the bytes around it. Returned, not thrown. */
export function badLength(where: string, offset: number, detail = "bad length"): DecodeError {
  return new DecodeError("BAD_LENGTH", where, offset, detail);
}
