// Numbers as JSON text, written into the slab without a string in between. None of these checks for space: at
// most 20 bytes for a number, 24 for a duration.
import { u32 } from "../wire/index.js";
import { DEC_PAIR, HEX_PAIR_LOWER, HEX_PAIR_UPPER } from "./digits.js";
import type { Text } from "./slab.js";

const QUOTE = 0x22;
const BILLION = 1_000_000_000;

/** Writes an unsigned 32-bit number as plain decimal. */
export function writeDec(n: number, w: Text): void {
  if (n < 10) {
    w.o[w.p++] = 0x30 + n;
  } else if (n < 100) {
    w.v.setUint16(w.p, DEC_PAIR[n]!);
    w.p += 2;
  } else {
    writeLongDec(n, w);
  }
}

function writeLongDec(n: number, w: Text): void {
  const v = w.v;
  let p = w.p + decimalLength(n);
  w.p = p;
  let rest = n;
  while (rest >= 100) {
    const q = (rest / 100) | 0;
    p -= 2;
    v.setUint16(p, DEC_PAIR[rest - q * 100]!);
    rest = q;
  }
  if (rest >= 10) v.setUint16(p - 2, DEC_PAIR[rest]!);
  else w.o[p - 1] = 0x30 + rest;
}

/** Digits of a number in 100..2^32-1. */
function decimalLength(n: number): number {
  if (n < 100_000) return n < 1000 ? 3 : n < 10_000 ? 4 : 5;
  if (n < 10_000_000) return n < 1_000_000 ? 6 : 7;
  return n < 100_000_000 ? 8 : n < BILLION ? 9 : 10;
}

/** Writes a signed 32-bit number as plain decimal. */
export function writeSigned32(n: number, w: Text): void {
  if (n < 0) w.o[w.p++] = 0x2d;
  writeDec(n < 0 ? -n : n, w);
}

/** Writes the unsigned 64-bit number at `o`, big-endian, as plain decimal, exactly. */
export function writeU64(b: Uint8Array, o: number, w: Text): void {
  const hi = u32(b, o);
  const lo = u32(b, o + 4);
  if (hi === 0) {
    writeDec(lo, w);
    return;
  }
  // Long division of hi:lo by 10^9 in steps of 16 bits: each intermediate stays below 2^53, so no BigInt is needed.
  const q1 = Math.floor(hi / BILLION);
  const t2 = (hi - q1 * BILLION) * 0x10000 + (lo >>> 16);
  const q2 = Math.floor(t2 / BILLION);
  const t3 = (t2 - q2 * BILLION) * 0x10000 + (lo & 0xffff);
  const q3 = Math.floor(t3 / BILLION);
  const quotient = q1 * 0x100000000 + q2 * 0x10000 + q3;
  const top = Math.floor(quotient / BILLION);
  if (top > 0) {
    writeDec(top, w);
    writeNineDigits(quotient - top * BILLION, w);
  } else {
    writeDec(quotient, w);
  }
  writeNineDigits(t3 - q3 * BILLION, w);
}

function writeNineDigits(n: number, w: Text): void {
  const v = w.v;
  const p = w.p;
  w.p = p + 9;
  const q1 = (n / 100) | 0;
  const q2 = (q1 / 100) | 0;
  const q3 = (q2 / 100) | 0;
  const q4 = (q3 / 100) | 0;
  v.setUint16(p + 7, DEC_PAIR[n - q1 * 100]!);
  v.setUint16(p + 5, DEC_PAIR[q1 - q2 * 100]!);
  v.setUint16(p + 3, DEC_PAIR[q2 - q3 * 100]!);
  v.setUint16(p + 1, DEC_PAIR[q3 - q4 * 100]!);
  w.o[p] = 0x30 + q4;
}

/** Writes `"0x55"`: two upper-case digits, quoted. */
export function writeHex8(n: number, w: Text): void {
  w.v.setUint32(w.p, 0x22307830); // "0x, last byte overwritten
  w.v.setUint16(w.p + 3, HEX_PAIR_UPPER[n & 255]!);
  w.o[w.p + 5] = QUOTE;
  w.p += 6;
}

/** Writes `"0x0055"`: four upper-case digits, quoted. */
export function writeHex16(n: number, w: Text): void {
  const { v, p } = w;
  v.setUint32(p, 0x22307830);
  v.setUint16(p + 3, HEX_PAIR_UPPER[(n >>> 8) & 255]!);
  v.setUint16(p + 5, HEX_PAIR_UPPER[n & 255]!);
  w.o[p + 7] = QUOTE;
  w.p = p + 8;
}

/** Writes `"0x00000055"`: eight upper-case digits, quoted. */
export function writeHex32(n: number, w: Text): void {
  const p = w.p;
  w.v.setUint32(p, 0x22307830);
  w.p = p + 3;
  writeBareHex32(n, HEX_PAIR_UPPER, w);
  w.o[w.p++] = QUOTE;
}

function writeBareHex32(n: number, pairs: Uint16Array, w: Text): void {
  const { v, p } = w;
  v.setUint16(p, pairs[n >>> 24]!);
  v.setUint16(p + 2, pairs[(n >>> 16) & 255]!);
  v.setUint16(p + 4, pairs[(n >>> 8) & 255]!);
  v.setUint16(p + 6, pairs[n & 255]!);
  w.p = p + 8;
}

/**
 * Writes the duration at `o`: 32 bits of seconds, 32 bits of nanoseconds. `"0"` when both are zero, else
 * `"5.000000001"`; nanoseconds of a second or more, which no switch should send, as `"5.x3b9aca00"`.
 */
export function writeDuration(b: Uint8Array, o: number, w: Text): void {
  const sec = u32(b, o);
  const nsec = u32(b, o + 4);
  if (sec === 0 && nsec === 0) {
    w.v.setUint16(w.p, 0x2230);
    w.o[w.p + 2] = QUOTE;
    w.p += 3;
  } else {
    writeTime(sec, nsec, w);
  }
}

/** Writes `"seconds.nnnnnnnnn"`, quoted, always with nine digits; `nsec` from 10^9 to 2^32-1 as `x` and eight hex digits. */
export function writeTime(sec: number, nsec: number, w: Text): void {
  w.o[w.p++] = QUOTE;
  writeDec(sec, w);
  w.o[w.p++] = 0x2e;
  if (nsec < BILLION) {
    writeNineDigits(nsec, w);
  } else {
    w.o[w.p++] = 0x78;
    writeBareHex32(nsec, HEX_PAIR_LOWER, w);
  }
  w.o[w.p++] = QUOTE;
}
