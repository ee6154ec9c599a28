// One OXM TLV in a buffer: its value and mask as numbers, and whether it is what another field asks for.
import { u16, u24, u32 } from "../wire/index.js";
import type { FieldNeed } from "./field-kind.js";

/** Bytes of the TLV at `p`. */
export function tlvLength(b: Uint8Array, p: number): number {
  return 4 + b[p + 3]!;
}

/** Bytes of its value; with a mask, half of the payload. The class 0xffff has an experimenter word before it. */
function valueLength(b: Uint8Array, p: number): number {
  const payload = b[p + 3]! - (u16(b, p) === 0xffff ? 4 : 0);
  return (b[p + 2]! & 1) === 1 ? payload >> 1 : payload;
}

/** The `n` bytes at `p` as a number; the fields that others need have at most four. */
function numberAt(b: Uint8Array, p: number, n: number): number {
  if (n === 1) return b[p]!;
  if (n === 2) return u16(b, p);
  return n === 3 ? u24(b, p) : u32(b, p);
}

function valueOffset(b: Uint8Array, p: number): number {
  return u16(b, p) === 0xffff ? p + 8 : p + 4;
}

/** The value of the TLV at `p`, which has at most four bytes. */
export function fieldValue(b: Uint8Array, p: number): number {
  return numberAt(b, valueOffset(b, p), valueLength(b, p));
}

/** The bits of the value that count. */
function fieldMask(b: Uint8Array, p: number): number {
  if ((b[p + 2]! & 1) === 0) return 0xffffffff;
  const n = valueLength(b, p);
  return numberAt(b, valueOffset(b, p) + n, n);
}

/** Whether the TLV at `p`, of at most four bytes, has no mask, or one that selects all bits. */
export function isExact(b: Uint8Array, p: number): boolean {
  if ((b[p + 2]! & 1) === 0) return true;
  const n = valueLength(b, p);
  return fieldMask(b, p) === (n >= 4 ? 0xffffffff : 2 ** (8 * n) - 1);
}

/**
 * Whether the TLV at `p` is what a field asks for.
 * @param plus  how much more its value is than that of the needed field for which it stands
 */
export function satisfies(b: Uint8Array, p: number, need: FieldNeed, plus = 0): boolean {
  if (need.values !== undefined) return isExact(b, p) && need.values.includes(fieldValue(b, p) - plus);
  if (need.under === undefined) return true;
  const value = fieldValue(b, p);
  const mask = fieldMask(b, p);
  return need.under.some(
    (one) => (mask & one.mask) >>> 0 === one.mask && (value & one.mask) >>> 0 === one.value,
  );
}
