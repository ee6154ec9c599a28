// Bytes and strings as JSON strings, written into the slab in ASCII.
//
// Fixed C strings on the wire should be UTF-8, and sometimes are not. Valid UTF-8 becomes \uXXXX escapes. A byte
// that is no part of valid UTF-8 becomes the lone surrogate \uDC80..\uDCFF (its value plus 0xDC00, as Python's
// "surrogateescape" does), which no valid UTF-8 can produce: so `charsBytes` finds the bytes again.
import { HEX_PAIR_UPPER, HEX_UPPER } from "./digits.js";
import type { Text } from "./slab.js";
import { utf8CodePoint, utf8Length } from "./utf8.js";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Second character of the short escapes, by the code of what they stand for; 0 where there is none. */
const SHORT_ESCAPE: Uint8Array = new Uint8Array(0x80);
SHORT_ESCAPE[0x09] = 0x74; // \t
SHORT_ESCAPE[0x0a] = 0x6e; // \n
SHORT_ESCAPE[QUOTE] = QUOTE;
SHORT_ESCAPE[BACKSLASH] = BACKSLASH;

/** Writes the bytes from `o` to `end` as one string of upper-case hex digits. Needs 2 bytes of room per byte, and 2. */
export function writeHex(b: Uint8Array, o: number, end: number, w: Text): void {
  const { o: out, v } = w;
  let p = w.p;
  out[p++] = QUOTE;
  let i = o;
  // Two bytes at a time: a quarter faster.
  for (; i + 1 < end; i += 2, p += 4) {
    v.setUint32(p, (HEX_PAIR_UPPER[b[i]!]! << 16) | HEX_PAIR_UPPER[b[i + 1]!]!);
  }
  if (i < end) {
    v.setUint16(p, HEX_PAIR_UPPER[b[i]!]!);
    p += 2;
  }
  out[p] = QUOTE;
  w.p = p + 1;
}

/**
 * Writes the C string in the `n` bytes at `o`, up to the first NUL if there is one. Needs 6 bytes of room per
 * byte, and 2.
 */
export function writeChars(b: Uint8Array, o: number, n: number, w: Text): void {
  let end = o;
  while (end < o + n && b[end] !== 0) end++;
  writeText(b, o, end, w);
}

/** Writes all bytes from `o` to `end` as text, NULs too. Needs 6 bytes of room per byte, and 2. */
export function writeText(b: Uint8Array, o: number, end: number, w: Text): void {
  const out = w.o;
  out[w.p++] = QUOTE;
  for (let i = o; i < end; ) {
    const c = b[i]!;
    if (c < 0x80) {
      writeAsciiChar(c, w);
      i++;
      continue;
    }
    const length = utf8Length(b, i, end);
    if (length === 0) {
      writeUnit(0xdc00 + c, w);
      i++;
      continue;
    }
    writeCodePoint(utf8CodePoint(b, i, length), w);
    i += length;
  }
  out[w.p++] = QUOTE;
}

/** Writes `s` as it is; it must be ASCII. Makes room itself. */
export function writeAscii(s: string, w: Text): void {
  const n = s.length;
  w.room(n);
  if (n > 32) {
    w.p += w.o.write(s, w.p, n, "latin1");
    return;
  }
  const out = w.o;
  let p = w.p;
  for (let i = 0; i < n; i++) out[p++] = s.charCodeAt(i);
  w.p = p;
}

/** Writes `s` as a JSON string in ASCII: lone surrogates stay what they are. Makes room itself. */
export function writeJsonString(s: string, w: Text): void {
  const n = s.length;
  w.room(6 * n + 2);
  const out = w.o;
  out[w.p++] = QUOTE;
  for (let i = 0; i < n; i++) {
    const c = s.charCodeAt(i);
    if (c < 0x80) writeAsciiChar(c, w);
    else writeUnit(c, w);
  }
  out[w.p++] = QUOTE;
}

function writeAsciiChar(c: number, w: Text): void {
  if (c >= 0x20 && c !== QUOTE && c !== BACKSLASH) {
    w.o[w.p++] = c;
  } else if (SHORT_ESCAPE[c] !== 0) {
    w.o[w.p++] = BACKSLASH;
    w.o[w.p++] = SHORT_ESCAPE[c]!;
  } else {
    writeUnit(c, w);
  }
}

function writeCodePoint(c: number, w: Text): void {
  if (c < 0x10000) {
    writeUnit(c, w);
    return;
  }
  writeUnit(0xd7c0 + (c >> 10), w);
  writeUnit(0xdc00 + (c & 0x3ff), w);
}

/** Writes \uXXXX for one UTF-16 unit. */
function writeUnit(c: number, w: Text): void {
  const { o: out, p } = w;
  out[p] = BACKSLASH;
  out[p + 1] = 0x75;
  out[p + 2] = HEX_UPPER[c >> 12]!;
  out[p + 3] = HEX_UPPER[(c >> 8) & 15]!;
  out[p + 4] = HEX_UPPER[(c >> 4) & 15]!;
  out[p + 5] = HEX_UPPER[c & 15]!;
  w.p = p + 6;
}
