// Strings that stand for bytes.
import { HEX_VALUE } from "./digits.js";

const NONE = new Uint8Array(0);

/** Reads pairs of hex digits; blanks, tabs and line ends may stand anywhere. Undefined for odd counts and other characters. */
export function parseHex(text: string): Uint8Array | undefined {
  const n = text.length;
  if (n === 0) return NONE;
  const bytes = new Uint8Array(n >> 1);
  let p = 0;
  let high = -1;
  for (let i = 0; i < n; i++) {
    const c = text.charCodeAt(i);
    const value = c < 256 ? HEX_VALUE[c]! : 255;
    if (value > 15) {
      if (c === 0x20 || (c >= 0x09 && c <= 0x0d)) continue;
      return undefined;
    }
    if (high < 0) {
      high = value << 4;
    } else {
      bytes[p++] = high | value;
      high = -1;
    }
  }
  if (high >= 0) return undefined;
  return p === bytes.length ? bytes : bytes.slice(0, p);
}

/**
 * The bytes of a string for a fixed C string field: UTF-8, where lone surrogates \uDC80..\uDCFF are the single
 * bytes that `writeChars` showed so. Other lone surrogates, which it never writes, become the three bytes that
 * UTF-8 would give them, were it allowed to.
 */
export function charsBytes(text: string): Uint8Array {
  const n = text.length;
  const bytes = new Uint8Array(3 * n);
  let p = 0;
  for (let i = 0; i < n; i++) {
    const c = text.codePointAt(i)!;
    if (c < 0x80) {
      bytes[p++] = c;
    } else if (c < 0x800) {
      bytes[p++] = 0xc0 | (c >> 6);
      bytes[p++] = 0x80 | (c & 0x3f);
    } else if (c >= 0xdc80 && c <= 0xdcff) {
      bytes[p++] = c - 0xdc00;
    } else if (c < 0x10000) {
      bytes[p++] = 0xe0 | (c >> 12);
      bytes[p++] = 0x80 | ((c >> 6) & 0x3f);
      bytes[p++] = 0x80 | (c & 0x3f);
    } else {
      bytes[p++] = 0xf0 | (c >> 18);
      bytes[p++] = 0x80 | ((c >> 12) & 0x3f);
      bytes[p++] = 0x80 | ((c >> 6) & 0x3f);
      bytes[p++] = 0x80 | (c & 0x3f);
      i++;
    }
  }
  return bytes.subarray(0, p);
}
