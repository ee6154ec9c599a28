// JSON strings -> YAML scalars. Each is tried in the simplest form first, and printed while it is looked at: plain words, then
// IPv4 addresses, then single quotes, then double quotes, which hold anything.
import { HEX_UPPER } from "./digits.js";
import { type JsonText, jsonError } from "./json-bytes.js";
import type { Text } from "./slab.js";
import { utf8CodePoint, utf8Length } from "./utf8.js";

const BLANK = 0x20;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const DOT = 0x2e;
const BACKSLASH = 0x5c;

/** 1 for bytes that are harmless anywhere in a plain scalar. */
const PLAIN = new Uint8Array(256);
for (const c of Buffer.from(" 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_./+()@%=*-"))
  PLAIN[c] = 1;

/** 1 for bytes that single quotes hold as they are. */
const SINGLE = new Uint8Array(256).fill(1, 0x20, 0x7f);
SINGLE[QUOTE] = 0;
SINGLE[APOSTROPHE] = 0;
SINGLE[BACKSLASH] = 0;

/** The highest bit of each byte of a word. */
const HIGH_BITS = 0x80808080 | 0;

const NO_START = 0;
const WORD_START = 1;
/** Like WORD_START, but some words that start so mean something in YAML. */
const DOUBTFUL_START = 2;
const DIGIT_START = 3;

/** What the first byte of a string says of the forms to try. */
const STARTS = new Uint8Array(256);
for (const c of Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_/")) STARTS[c] = WORD_START;
for (const c of Buffer.from("EFNOTYefnoty")) STARTS[c] = DOUBTFUL_START;
STARTS.fill(DIGIT_START, 0x30, 0x3a);

/** Words that a YAML 1.1 reader takes for a boolean or null, in any case, packed as `packWord` does. */
const RESERVED: ReadonlySet<number> = new Set(
  ["y", "n", "yes", "no", "on", "off", "true", "false", "null"].map((word) => {
    const bytes = Buffer.from(word);
    return packWord(bytes, 0, bytes.length);
  }),
);
const LONGEST_RESERVED = 5;

/**
 * Appends the JSON string that starts at `i` with its quote, and returns where it ends. Needs 6 bytes of room for each byte of it.
 * Throws TextError when it has no end, or a byte that JSON forbids.
 */
export function printYamlString(json: JsonText, i: number, w: Text): number {
  const b = json.o;
  const from = i + 1;
  const start = STARTS[b[from]!]!;
  const bare = start === DIGIT_START ? printQuad(b, from, w) : start === NO_START ? 0 : printWord(b, from, w);
  return bare || printSingleQuoted(json, from, w) || printDoubleQuoted(json, from, w);
}

/** Prints a string without quotes and returns where it ends, or 0 when it needs quotes. */
function printWord(b: Uint8Array, from: number, w: Text): number {
  const { o } = w;
  let { p } = w;
  let i = from;
  while (PLAIN[b[i]!] === 1) o[p++] = b[i++]!;
  if (b[i] !== QUOTE || b[i - 1] === BLANK) return 0;
  if (STARTS[b[from]!] === DOUBTFUL_START && (isExponent(b, from, i) || isReserved(b, from, i))) return 0;
  w.p = p;
  return i + 1;
}

/** True for `e5` and `E+01`: some YAML 1.1 readers take these for numbers. */
function isExponent(b: Uint8Array, from: number, end: number): boolean {
  if ((b[from]! | BLANK) !== 0x65) return false;
  for (let i = from + 1; i < end; i++) {
    const c = b[i]!;
    if ((c < 0x30 || c > 0x39) && c !== 0x2b && c !== 0x2d && c !== 0x5f) return false;
  }
  return end > from + 1;
}

function isReserved(b: Uint8Array, from: number, end: number): boolean {
  return end - from <= LONGEST_RESERVED && RESERVED.has(packWord(b, from, end));
}

/** Up to five letters in one number, whatever their case. */
function packWord(b: Uint8Array, from: number, end: number): number {
  let word = 0;
  for (let i = from; i < end; i++) word = word * 256 + (b[i]! | BLANK);
  return word;
}

/** Prints an IPv4 address: the one thing with digits in front that no reader takes for a number. 0 when it is none. */
function printQuad(b: Uint8Array, from: number, w: Text): number {
  const { o } = w;
  let { p } = w;
  let dots = 0;
  let digits = 0;
  let i = from;
  for (; ; i++) {
    const c = b[i]!;
    if (c === DOT && digits > 0) {
      dots++;
      digits = 0;
    } else if (c >= 0x30 && c <= 0x39) {
      if (++digits > 3) return 0;
    } else {
      break;
    }
    o[p++] = c;
  }
  if (b[i] !== QUOTE || dots !== 3 || digits === 0) return 0;
  w.p = p;
  return i + 1;
}

/** Prints a string in single quotes and returns where it ends, or 0 when it needs escapes. */
function printSingleQuoted(json: JsonText, from: number, w: Text): number {
  const { o, v } = w;
  const b = json.o;
  const last = json.p - 4;
  let { p } = w;
  let i = from;
  o[p++] = APOSTROPHE;
  for (;;) {
    // Hex may be long.
    for (; i <= last; i += 4, p += 4) {
      const word = json.v.getInt32(i);
      if (!isHarmless(word)) break;
      v.setInt32(p, word);
    }
    const c = b[i]!;
    if (SINGLE[c] !== 1) {
      if (c !== APOSTROPHE) break;
      o[p++] = APOSTROPHE;
    }
    o[p++] = c;
    i++;
  }
  if (b[i] !== QUOTE) return 0;
  o[p++] = APOSTROPHE;
  w.p = p;
  return i + 1;
}

/** True when each of the four bytes is in ( to ~, but no backslash. A sum carries into the next byte only if the answer is false anyway. */
function isHarmless(word: number): boolean {
  const fromParenthesis = word + 0x58585858;
  const fromDelete = word + 0x01010101;
  const notBackslash = (word ^ 0x5c5c5c5c) + 0x7f7f7f7f;
  return (fromParenthesis & notBackslash & ~(fromDelete | word) & HIGH_BITS) === HIGH_BITS;
}

/** Prints a string in double quotes. The escapes of JSON are those of YAML too, except for `\/` and surrogate pairs. */
function printDoubleQuoted(json: JsonText, from: number, w: Text): number {
  const b = json.o;
  const end = endOfString(json, from);
  w.o[w.p++] = QUOTE;
  for (let i = from; i < end; ) {
    const c = b[i]!;
    if (c < BLANK) throw jsonError(json);
    if (c === BACKSLASH) {
      i = printEscape(b, i, w);
    } else if (c < 0x7f) {
      w.o[w.p++] = c;
      i++;
    } else {
      const length = utf8Length(b, i, end);
      printCodePoint(length > 0 ? utf8CodePoint(b, i, length) : c === 0x7f ? c : 0xdc00 + c, w);
      i += Math.max(1, length);
    }
  }
  w.o[w.p++] = QUOTE;
  return end + 1;
}

/** Where the closing quote is. */
function endOfString(json: JsonText, from: number): number {
  for (let i = from; i < json.p; i++) {
    const c = json.o[i]!;
    if (c === QUOTE) return i;
    if (c === BACKSLASH) i++;
  }
  throw jsonError(json);
}

/** Prints the escape at `i` and returns where the string goes on. */
function printEscape(b: Uint8Array, i: number, w: Text): number {
  const c = b[i + 1]!;
  if (c !== 0x75) {
    if (c !== 0x2f) w.o[w.p++] = BACKSLASH;
    w.o[w.p++] = c;
    return i + 2;
  }
  const unit = unitAt(b, i);
  const second = (unit & 0xfc00) === 0xd800 ? unitAt(b, i + 6) : 0;
  if ((second & 0xfc00) === 0xdc00) {
    printCodePoint((unit << 10) + second - 0x35fdc00, w);
    return i + 12;
  }
  printCodePoint(unit, w);
  return i + 6;
}

/** The number of the escape \uXXXX at `i`, or 0 when there is none. */
function unitAt(b: Uint8Array, i: number): number {
  return b[i] === BACKSLASH && b[i + 1] === 0x75
    ? Number.parseInt(Buffer.from(b.subarray(i + 2, i + 6)).toString("latin1"), 16)
    : 0;
}

/** Prints \xNN, \uXXXX or \UXXXXXXXX. */
function printCodePoint(c: number, w: Text): void {
  const digits = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
  w.o[w.p++] = BACKSLASH;
  w.o[w.p++] = digits === 2 ? 0x78 : digits === 4 ? 0x75 : 0x55;
  for (let shift = 4 * (digits - 1); shift >= 0; shift -= 4) w.o[w.p++] = HEX_UPPER[(c >> shift) & 15]!;
}
