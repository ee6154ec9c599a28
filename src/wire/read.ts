// Numbers out of bytes, and the errors that checks of lengths throw. Bytes beyond the end of a Buffer read
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

let viewed: Uint8Array = new Uint8Array(0);
let view = new DataView(viewed.buffer);

/**
 * The bytes of `b` for those who read many numbers at once: V8 makes one load of each. The last view is kept, since most
 * frames are in one buffer. Offsets are those of `b`; reading beyond its end throws RangeError.
 */
export function viewOf(b: Uint8Array): DataView {
  if (b !== viewed) {
    viewed = b;
    view = new DataView(b.buffer, b.byteOffset, b.length);
  }
  return view;
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

// The errors below are returned, not thrown: callers compare on their way and call these when a comparison failed, so that
// texts cost nothing where all is well. `where` is the part, offsets count from the start of the buffer.

/** The error for a part at `o` that needs `need` bytes or more when the bytes end at `end`. */
export function short(where: string, o: number, end: number, need: number): DecodeError {
  return new DecodeError("SHORT", where, o, `needs ${bytes(need)}, has ${Math.max(0, end - o)}`);
}

/** The error for a part that takes `size` bytes when b[o, end) is all of it. */
export function wrongSize(where: string, o: number, end: number, size: number): DecodeError {
  return new DecodeError("BAD_LENGTH", where, o, `has ${bytes(end - o)}, not ${size}`);
}

/** The error for a list in b[o, end) whose elements take `size` bytes each. */
export function notMultiple(where: string, o: number, end: number, size: number): DecodeError {
  return new DecodeError("BAD_LENGTH", where, o, `has ${bytes(end - o)}, not a multiple of ${size}`);
}

/** The error for a part whose content ends at `last` and not where the part ends, at `end`. */
export function wrongEnd(where: string, last: number, end: number): DecodeError {
  const detail = last < end ? `${bytes(end - last)} too many` : `${bytes(last - end)} too few`;
  return new DecodeError("BAD_LENGTH", where, last, detail);
}

/**
 * The error for a length that stands at `offset`.
 * @param least  what it must be at least
 * @param left  how many of the bytes that it counts are there
 * @param multiple  what it must be a multiple of
 */
export function badLength(
  where: string,
  offset: number,
  length: number,
  least: number,
  left: number,
  multiple = 1,
): DecodeError {
  let detail = `length ${length} is not a multiple of ${multiple}`;
  if (length < least) detail = `length ${length}, less than ${least}`;
  else if (length > left) detail = `length ${length} exceeds the ${bytes(left)} left`;
  return new DecodeError("BAD_LENGTH", where, offset, detail);
}

/**
 * The error for a part at `o` whose 4-byte head (a type or nothing, a length) counts the head but not the padding to 8 bytes, when
 * the bytes end at `end`.
 * @param type  the type that it must have; undefined for a head without one
 */
export function badHead(where: string, b: Uint8Array, o: number, end: number, type?: number): DecodeError {
  const found = u16(b, o);
  const length = u16(b, o + 2);
  let detail = `length ${length} and its padding exceed the ${bytes(end - o)} left`;
  if (type !== undefined && found !== type) detail = `type ${found}, not ${type}`;
  else if (length < 4) detail = `length ${length}, less than 4`;
  return new DecodeError("BAD_LENGTH", where, o, detail);
}

function bytes(n: number): string {
  return n === 1 ? "1 byte" : `${n} bytes`;
}
