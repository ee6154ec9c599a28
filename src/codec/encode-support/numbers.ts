// Integers of JSON and YAML, checked against the width of their field.
import { EncodeError } from "../../base/index.js";
import { parseInteger } from "../../text/index.js";
import { putU64 } from "../../wire/index.js";
import type { MessageWriter } from "../message-writer.js";
import { cannot, notA, show } from "./errors.js";

/** An unsigned integer up to `max`, which is at most 2^32-1. */
export function uint(value: unknown, max: number, key: string, type: string): number {
  if (typeof value === "number" && value >= 0 && value <= max && Number.isInteger(value)) return value;
  return uintSlow(value, max, key, type);
}

function uintSlow(value: unknown, max: number, key: string, type: string): number {
  const n = typeof value === "string" ? parseInteger(value) : value;
  if (typeof n === "bigint" || (typeof n === "number" && Number.isInteger(n) && n > max))
    throw outOfRange(type, value, max, key);
  if (typeof n !== "number" || !Number.isInteger(n) || n < 0) throw notA(type, value, key);
  return n;
}

function outOfRange(type: string, value: unknown, max: number, key: string): EncodeError {
  return new EncodeError(key, `${show(value)} is more than ${max}, the largest ${type}`, {
    found: value,
    expected: type,
  });
}

/** A signed 32-bit integer, as its two's complement. */
export function sint32(value: unknown, key: string, type: string): number {
  const negative = typeof value === "string" && value.startsWith("-");
  const n = typeof value === "string" ? parseInteger(negative ? value.slice(1) : value) : value;
  const signed = negative && typeof n === "number" ? -n : n;
  if (typeof signed !== "number" || !Number.isInteger(signed) || signed < -0x80000000 || signed > 0xffffffff)
    throw notA(type, value, key);
  return signed >>> 0;
}

/**
 * Stores an unsigned 64-bit integer. A number beyond 2^53 has perhaps lost digits on its way out of JSON.parse: it marks the message as
 * inexact, so that the text is parsed again without loss. What is a number still after that was no integer: 1e20.
 */
export function putInt64(
  w: MessageWriter,
  b: Buffer,
  p: number,
  value: unknown,
  key: string,
  type: string,
): void {
  if (typeof value === "number" && value >= 0 && Number.isInteger(value)) {
    if (value <= Number.MAX_SAFE_INTEGER) {
      putU64(b, p, value);
      return;
    }
    if (w.lossless) throw notA(type, value, key);
    w.inexact = true;
    putU64(b, p, 0);
    return;
  }
  const n = typeof value === "string" ? parseInteger(value) : value;
  if (typeof n === "number" || (typeof n === "bigint" && n >= 0n && n < 1n << 64n)) {
    if (typeof n === "number" && (n < 0 || !Number.isInteger(n))) throw notA(type, value, key);
    putU64(b, p, n);
    return;
  }
  throw notA(type, value, key);
}

/** The 64-bit integer that a value stands for; undefined when it stands for none. */
export function int64Of(value: unknown): bigint | undefined {
  const n = typeof value === "string" ? parseInteger(value) : value;
  if (typeof n === "bigint") return n;
  return typeof n === "number" && Number.isInteger(n) ? BigInt(n) : undefined;
}

/** Whether a value stands for that integer. */
export function isInteger(value: unknown, n: number | bigint): boolean {
  return value === n || int64Of(value) === BigInt(n);
}

/** Whether a value stands for one of some integers; a number that has perhaps lost digits counts as one, and marks the message. */
export function isOneOf(w: MessageWriter, value: unknown, list: readonly bigint[]): boolean {
  if (typeof value === "number" && value > Number.MAX_SAFE_INTEGER && !w.lossless) {
    w.inexact = true;
    return true;
  }
  return list.includes(int64Of(value) ?? -1n);
}

/** Ports of OpenFlow 1.0 have 16 bits; the reserved ones lack the upper half that they have later. */
export function narrow16(value: number, key: string, w: MessageWriter): number {
  if (value <= 0xffff || value > 0xffffff00) return value & 0xffff;
  throw cannot(key, String(value), w);
}
