// Addresses as quoted JSON text, written into the slab. None of these checks for space: at most 48 bytes.
import { i32, u16 } from "../wire/index.js";
import { DEC_PAIR, HEX_LOWER, HEX_PAIR_LOWER } from "./digits.js";
import type { Text } from "./slab.js";

const QUOTE = 0x22;
const COLON = 0x3a;
const DOT = 0x2e;

/** Writes the six bytes at `o` as `"aa:bb:cc:dd:ee:ff"`. */
export function writeMac(b: Uint8Array, o: number, w: Text): void {
  const { o: out, v, p } = w;
  out[p] = QUOTE;
  v.setUint16(p + 1, HEX_PAIR_LOWER[b[o]!]!);
  out[p + 3] = COLON;
  v.setUint16(p + 4, HEX_PAIR_LOWER[b[o + 1]!]!);
  out[p + 6] = COLON;
  v.setUint16(p + 7, HEX_PAIR_LOWER[b[o + 2]!]!);
  out[p + 9] = COLON;
  v.setUint16(p + 10, HEX_PAIR_LOWER[b[o + 3]!]!);
  out[p + 12] = COLON;
  v.setUint16(p + 13, HEX_PAIR_LOWER[b[o + 4]!]!);
  out[p + 15] = COLON;
  v.setUint16(p + 16, HEX_PAIR_LOWER[b[o + 5]!]!);
  out[p + 18] = QUOTE;
  w.p = p + 19;
}

/** Writes the eight bytes at `o` as `"00:00:00:00:00:00:00:01"`; all zero, which means "unset", as `""`. */
export function writeDatapathId(b: Uint8Array, o: number, w: Text): void {
  const { o: out, v } = w;
  let p = w.p;
  out[p] = QUOTE;
  if (i32(b, o) === 0 && i32(b, o + 4) === 0) {
    out[p + 1] = QUOTE;
    w.p = p + 2;
    return;
  }
  for (let i = 0; i < 8; i++, p += 3) {
    v.setUint16(p + 1, HEX_PAIR_LOWER[b[o + i]!]!);
    out[p + 3] = COLON;
  }
  out[p] = QUOTE;
  w.p = p + 1;
}

/** Writes the four bytes at `o` as `"10.0.0.1"`. */
export function writeIPv4(b: Uint8Array, o: number, w: Text): void {
  w.o[w.p++] = QUOTE;
  writeQuad(b, o, w);
  w.o[w.p++] = QUOTE;
}

/**
 * Writes the 16 bytes at `o` as an IPv6 address, in the form of inet_ntop: lower case, the first longest run of
 * two or more zero groups as `::`, and `::ffff:1.2.3.4` or `::1.2.3.4` for embedded IPv4.
 */
export function writeIPv6(b: Uint8Array, o: number, w: Text): void {
  const out = w.o;
  const { first, length } = longestZeroRun(b, o);
  out[w.p++] = QUOTE;
  const embeds = first === 0 && (length === 6 || (length === 5 && u16(b, o + 10) === 0xffff));
  const groups = embeds ? 6 : 8;
  for (let i = 0; i < groups; i++) {
    if (i >= first && i < first + length) {
      if (i === first) out[w.p++] = COLON;
      continue;
    }
    if (i > 0) out[w.p++] = COLON;
    writeGroup(u16(b, o + 2 * i), w);
  }
  if (embeds) {
    out[w.p++] = COLON;
    writeQuad(b, o + 12, w);
  } else if (first + length === 8) {
    out[w.p++] = COLON;
  }
  out[w.p++] = QUOTE;
}

/** The zero groups that `::` stands for. A run of one is not shortened: `first` is -1 then. */
function longestZeroRun(b: Uint8Array, o: number): { first: number; length: number } {
  let first = -1;
  let length = 1;
  for (let i = 0; i < 8; i++) {
    let n = i;
    while (n < 8 && u16(b, o + 2 * n) === 0) n++;
    if (n - i > length) {
      first = i;
      length = n - i;
    }
    i = n;
  }
  return first < 0 ? { first, length: 0 } : { first, length };
}

function writeGroup(n: number, w: Text): void {
  const out = w.o;
  if (n > 0xfff) out[w.p++] = HEX_LOWER[n >> 12]!;
  if (n > 0xff) out[w.p++] = HEX_LOWER[(n >> 8) & 15]!;
  if (n > 0xf) out[w.p++] = HEX_LOWER[(n >> 4) & 15]!;
  out[w.p++] = HEX_LOWER[n & 15]!;
}

function writeQuad(b: Uint8Array, o: number, w: Text): void {
  const out = w.o;
  writeOctet(b[o]!, w);
  out[w.p++] = DOT;
  writeOctet(b[o + 1]!, w);
  out[w.p++] = DOT;
  writeOctet(b[o + 2]!, w);
  out[w.p++] = DOT;
  writeOctet(b[o + 3]!, w);
}

function writeOctet(n: number, w: Text): void {
  const p = w.p;
  if (n < 10) {
    w.o[p] = 0x30 + n;
    w.p = p + 1;
  } else if (n < 100) {
    w.v.setUint16(p, DEC_PAIR[n]!);
    w.p = p + 2;
  } else {
    const hundreds = n < 200 ? 1 : 2;
    w.o[p] = 0x30 + hundreds;
    w.v.setUint16(p + 1, DEC_PAIR[n - hundreds * 100]!);
    w.p = p + 3;
  }
}
