// Addresses, durations, texts of fixed length and hex data.
import { EncodeError } from "../../base/index.js";
import {
  charsBytes,
  type Duration,
  parseDatapathId,
  parseDuration,
  parseHex,
  parseIPv4,
  parseIPv6,
  parseMac,
} from "../../text/index.js";
import { putU32, putU64 } from "../../wire/index.js";
import type { MessageWriter } from "../message-writer.js";
import { notA, show } from "./errors.js";

export function putMac(b: Buffer, p: number, value: unknown, key: string): void {
  if (value === "") b.fill(0, p, p + 6);
  else if (typeof value !== "string" || !parseMac(value, b, p)) throw notA("MacAddress", value, key);
}

export function putIPv4(b: Buffer, p: number, value: unknown, key: string): void {
  if (value === "") putU32(b, p, 0);
  else if (typeof value !== "string" || !parseIPv4(value, b, p)) throw notA("IPv4Address", value, key);
}

export function putIPv6(b: Buffer, p: number, value: unknown, key: string): void {
  if (value === "") b.fill(0, p, p + 16);
  else if (typeof value !== "string" || !parseIPv6(value, b, p)) throw notA("IPv6Address", value, key);
}

export function putDatapathId(w: MessageWriter, b: Buffer, p: number, value: unknown, key: string): void {
  if (typeof value === "number" && value > Number.MAX_SAFE_INTEGER && !w.lossless) {
    w.inexact = true;
    putU64(b, p, 0);
  } else if (value === null || value === "") putU64(b, p, 0);
  else if (!isScalar(value) || !parseDatapathId(value, b, p)) throw notA("DatapathId", value, key);
}

/** Whether a value can be written on one line: a text or a number. */
export function isScalar(value: unknown): value is string | number | bigint {
  return typeof value === "string" || typeof value === "number" || typeof value === "bigint";
}

/** The duration that a value stands for. */
export function durationOf(value: unknown, key: string): Duration {
  const duration = typeof value === "string" || typeof value === "number" ? parseDuration(value) : undefined;
  if (duration === undefined) throw notA("DurationSec", value, key);
  return duration;
}

/** Stores a duration: seconds and nanoseconds, a word each. */
export function putDuration(b: Buffer, p: number, value: unknown, key: string): void {
  const duration = durationOf(value, key);
  putU32(b, p, duration.sec);
  putU32(b, p + 4, duration.nsec);
}

/** A text; numbers are taken for the text that they print as. */
function textOf(value: unknown, type: string, key: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean")
    return String(value);
  throw notA(type, value, key);
}

/** Text padded with NULs to `n` bytes; a text may use all of them. */
export function putChars(b: Buffer, p: number, n: number, value: unknown, key: string, type: string): void {
  const bytes = charsBytes(textOf(value, type, key));
  if (bytes.length > n)
    throw new EncodeError(key, `${show(value)} is ${bytes.length} bytes long, more than ${n}`, {
      found: value,
      expected: type,
    });
  b.set(bytes, p);
  b.fill(0, p + bytes.length, p + n);
}

/** Appends the bytes of a text. */
export function writeTextBytes(w: MessageWriter, value: unknown, key: string, type: string): void {
  w.bytes(charsBytes(textOf(value, type, key)));
}

/** The bytes of hex text. */
export function hexOf(value: unknown, key: string, type = "HexData"): Uint8Array {
  const bytes = isScalar(value) ? parseHex(String(value)) : undefined;
  if (bytes === undefined) throw notA(type, value, key);
  return bytes;
}

/** Appends the bytes of hex text. */
export function writeHexBytes(w: MessageWriter, value: unknown, key: string): void {
  if (typeof value === "string" && value.length > 32) {
    // Much quicker than parsing in JavaScript; stops at the first character that is no digit, and then the slow way tells why.
    const n = value.length >> 1;
    const b = w.room(n);
    if (b.write(value, w.p, "hex") * 2 === value.length) {
      w.p += n;
      return;
    }
  }
  w.bytes(hexOf(value, key));
}

/** Hex text of exactly `n` bytes. */
export function putHex(b: Buffer, p: number, n: number, value: unknown, key: string): void {
  const bytes = hexOf(value, key);
  if (bytes.length !== n)
    throw new EncodeError(key, `${bytes.length} bytes, ${n} were expected`, { found: value });
  b.set(bytes, p);
}
