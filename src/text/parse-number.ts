// Numbers and durations as people write them.
import { HEX_VALUE } from "./digits.js";

const MAX_SAFE = Number.MAX_SAFE_INTEGER;
const MAX_U64 = 0xffff_ffff_ffff_ffffn;
const DURATION = /^(\d{1,10})(?:\.(?:(\d{1,9})|x([0-9A-Fa-f]{1,8})))?$/;

type Base = 2 | 8 | 10 | 16;

/** Digits that 64 bits can have, and what BigInt wants before them. */
const LONG_FORMS: Readonly<Record<Base, { readonly longest: number; readonly prefix: string }>> = {
  2: { longest: 64, prefix: "0b" },
  8: { longest: 22, prefix: "0o" },
  10: { longest: 20, prefix: "" },
  16: { longest: 16, prefix: "0x" },
};

/**
 * Reads an unsigned integer: `2048`, `0x800`, `04000` (a leading zero means octal), `0o4000`, `0b100000000000`.
 * A number up to 2^53-1, a bigint up to 2^64-1; undefined for anything else: signs, blanks, fractions, exponents.
 */
export function parseInteger(text: string): number | bigint | undefined {
  const first = text.charCodeAt(0);
  if (first !== 0x30) return parseDigits(text, 0, 10);
  if (text.length === 1) return 0;
  switch (text.charCodeAt(1) | 0x20) {
    case 0x78:
      return parseDigits(text, 2, 16);
    case 0x6f:
      return parseDigits(text, 2, 8);
    case 0x62:
      return parseDigits(text, 2, 2);
    default:
      return parseDigits(text, 1, 8);
  }
}

function parseDigits(text: string, from: number, base: Base): number | bigint | undefined {
  if (from >= text.length) return undefined;
  let value = 0;
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    const digit = c < 256 ? HEX_VALUE[c]! : 255;
    if (digit >= base) return undefined;
    value = value * base + digit;
    if (value > MAX_SAFE) return parseLongDigits(text, from, base);
  }
  return value;
}

/** The same beyond 2^53: by BigInt, once it is known that all are digits and not more than 64 bits have. */
function parseLongDigits(text: string, from: number, base: Base): bigint | undefined {
  let start = from;
  while (text.charCodeAt(start) === 0x30) start++;
  const { longest, prefix } = LONG_FORMS[base];
  if (text.length - start > longest) return undefined;
  for (let i = start; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c >= 256 || HEX_VALUE[c]! >= base) return undefined;
  }
  const value = BigInt(prefix + text.slice(start));
  return value > MAX_U64 ? undefined : value;
}

/** Seconds and nanoseconds, each in 0..2^32-1. */
export interface Duration {
  sec: number;
  nsec: number;
}

/**
 * Reads `5`, `5.25` (one to nine digits, so 250 000 000 ns) or `5.x3b9aca00` (nanoseconds in hex, for those of a
 * second or more). Undefined for anything else. A JSON number is read like its text, but one with a fraction only
 * below a million seconds: above, its nanoseconds are already rounded.
 */
export function parseDuration(value: string | number): Duration | undefined {
  if (typeof value === "number" && value >= 1e6 && !Number.isInteger(value)) return undefined;
  const m = DURATION.exec(String(value));
  if (m === null) return undefined;
  const sec = Number(m[1]);
  if (sec > 0xffffffff) return undefined;
  const nsec = m[3] === undefined ? Number((m[2] ?? "").padEnd(9, "0")) : Number.parseInt(m[3], 16);
  return { sec, nsec };
}
