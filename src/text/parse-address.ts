// Addresses as people write them -> bytes. Each parser stores at `p` of `b` and returns true, or returns false;
// the bytes at `p` are undefined then.
import { putU16, putU64 } from "../wire/index.js";
import { hexValueAt } from "./digits.js";
import { parseInteger } from "./parse-number.js";

const COLON = 0x3a;
const DASH = 0x2d;
const DOT = 0x2e;

/**
 * Reads a MAC address into six bytes: `01:02:03:0a:0b:0c`, with single digits, with `-`, or as 12 bare hex digits,
 * in any case. The empty text is 00:00:00:00:00:00.
 */
export function parseMac(text: string, b: Uint8Array, p: number): boolean {
  if (text === "") {
    b.fill(0, p, p + 6);
    return true;
  }
  const separator = text.includes(":") ? COLON : text.includes("-") ? DASH : 0;
  return separator === 0 ? parseBareMac(text, b, p) : parseGroups(text, separator, 6, b, p);
}

function parseBareMac(text: string, b: Uint8Array, p: number): boolean {
  if (text.length !== 12) return false;
  for (let i = 0; i < 6; i++) {
    const hi = hexValueAt(text, 2 * i);
    const lo = hexValueAt(text, 2 * i + 1);
    if ((hi | lo) > 15) return false;
    b[p + i] = (hi << 4) | lo;
  }
  return true;
}

/** Reads exactly `count` groups of one or two hex digits. */
function parseGroups(text: string, separator: number, count: number, b: Uint8Array, p: number): boolean {
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (i > 0 && text.charCodeAt(at++) !== separator) return false;
    let value = hexValueAt(text, at++);
    if (value > 15) return false;
    const second = hexValueAt(text, at);
    if (second < 16) {
      value = (value << 4) | second;
      at++;
    }
    b[p + i] = value;
  }
  return at === text.length;
}

/**
 * Reads a datapath id into eight bytes: eight hex groups `00:00:00:00:00:00:00:01`, an integer in any form that
 * `parseInteger` reads, or a number. The empty text, which is how "unset" is written, is 0.
 */
export function parseDatapathId(value: string | number | bigint, b: Uint8Array, p: number): boolean {
  if (typeof value === "string") {
    if (value.includes(":")) return parseGroups(value, COLON, 8, b, p);
    const integer = value === "" ? 0 : parseInteger(value);
    return integer !== undefined && parseDatapathId(integer, b, p);
  }
  const fits =
    typeof value === "bigint" ? value >= 0n && value < 1n << 64n : Number.isSafeInteger(value) && value >= 0;
  if (fits) putU64(b, p, value);
  return fits;
}

/**
 * Reads an IPv4 address into four bytes: four decimal numbers of one to three digits, where leading zeros mean
 * nothing. The empty text is 0.0.0.0.
 */
export function parseIPv4(text: string, b: Uint8Array, p: number): boolean {
  if (text === "") {
    b.fill(0, p, p + 4);
    return true;
  }
  return parseQuad(text, 0, text.length, b, p);
}

function parseQuad(text: string, from: number, end: number, b: Uint8Array, p: number): boolean {
  let at = from;
  for (let i = 0; i < 4; i++) {
    if (i > 0 && (at >= end || text.charCodeAt(at++) !== DOT)) return false;
    const start = at;
    let value = 0;
    for (; at < end && at - start < 3; at++) {
      const digit = text.charCodeAt(at) - 0x30;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
    }
    if (at === start || value > 255) return false;
    b[p + i] = value;
  }
  return at === end;
}

/**
 * Reads an IPv6 address into 16 bytes: every form that inet_pton reads, and the empty text for `::`. A link-local
 * address may end in a numeric zone, `fe80::1%2`: it goes to bytes 2 and 3, as BSD kernels keep it, and what
 * is beyond 16 bits to bytes 4 and 5.
 */
export function parseIPv6(text: string, b: Uint8Array, p: number): boolean {
  b.fill(0, p, p + 16);
  if (text === "") return true;
  const percent = text.indexOf("%");
  if (!parseGroups16(text, percent < 0 ? text.length : percent, b, p)) return false;
  return percent < 0 || parseZone(text.slice(percent + 1), b, p);
}

function parseZone(text: string, b: Uint8Array, p: number): boolean {
  const linkLocal = b[p] === 0xfe && (b[p + 1]! & 0xc0) === 0x80;
  if (!linkLocal || b.subarray(p + 2, p + 6).some((x) => x !== 0) || !/^\d{1,10}$/.test(text)) return false;
  const zone = Number(text);
  if (zone > 0xffffffff) return false;
  putU16(b, p + 2, zone & 0xffff);
  putU16(b, p + 4, zone >>> 16);
  return true;
}

/** Reads the groups of an IPv6 address into bytes that are zero. */
function parseGroups16(text: string, end: number, b: Uint8Array, p: number): boolean {
  let at = 0;
  let filled = 0; // bytes
  let gap = -1; // bytes before `::`
  if (text.charCodeAt(0) === COLON) {
    if (end < 2 || text.charCodeAt(1) !== COLON) return false;
    at = 1;
  }
  while (at < end) {
    if (text.charCodeAt(at) === COLON) {
      if (gap >= 0) return false;
      gap = filled;
      at++;
      continue;
    }
    if (filled === 16) return false;
    const start = at;
    let value = 0;
    for (let d = hexValueAt(text, at); at < end && at - start < 4 && d < 16; d = hexValueAt(text, ++at)) {
      value = (value << 4) | d;
    }
    if (at === start) return false;
    if (at < end && text.charCodeAt(at) === DOT) {
      // Unlike an address of its own, the quad of an IPv6 address has no leading zeros.
      if (filled > 12 || /\b0\d/.test(text.slice(start, end))) return false;
      if (!parseQuad(text, start, end, b, p + filled)) return false;
      filled += 4;
      break;
    }
    b[p + filled] = value >> 8;
    b[p + filled + 1] = value;
    filled += 2;
    if (at === end) break;
    // A colon must follow, and after it something: a group, or the second colon of `::`.
    if (text.charCodeAt(at) !== COLON || ++at === end) return false;
  }
  if (gap < 0) return filled === 16;
  if (filled === 16) return false;
  b.copyWithin(p + 16 - (filled - gap), p + gap, p + filled);
  b.fill(0, p + gap, p + 16 - (filled - gap));
  return true;
}
