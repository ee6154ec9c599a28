// Objects and lists: what is one, which of its keys nobody reads, and how what stands in it is encoded.
import { didYouMean, EncodeError, pathKey } from "../../base/index.js";
import { isNull } from "../../text/index.js";
import { putU32 } from "../../wire/index.js";
import { MAX_DEPTH } from "../context.js";
import type { MessageWriter } from "../message-writer.js";
import { cannot, inside, missing, notA, show } from "./errors.js";
import { int64Of, uint } from "./numbers.js";
import { isScalar } from "./texts.js";

export type JsonObject = Record<string, unknown>;

/** A list that was not given. */
export const EMPTY: readonly unknown[] = [];

export function asObject(value: unknown, key: string): JsonObject {
  if (isObject(value)) return value;
  throw new EncodeError(key, `${show(value)} is not an object`, { found: value, expected: "object" });
}

/** A list; null is the empty one. An empty text is none: in the place of a match it would be one of all packets. */
export function asList(value: unknown, key: string): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  if (isNull(value)) return EMPTY;
  throw new EncodeError(key, `${show(value)} is not a list`, { found: value, expected: "list" });
}

/** How many keys an object has. */
export function countKeys(m: JsonObject): number {
  let n = 0;
  for (const _ in m) n++;
  return n;
}

/** The error for an object that has keys which nobody read; `known` are those that would have been, blank separated. */
export function unknownKey(m: JsonObject, known: string): EncodeError {
  const names = known === "" ? [] : known.split(" ");
  const key = Object.keys(m).find((k) => !names.includes(k)) ?? "";
  return new EncodeError(pathKey(key), `is not a known key${didYouMean(key, names)}`, { code: "UNKNOWN" });
}

/**
 * What to say of an error that passes by: where `m` lacks a key and has another that nobody knows, the one is probably meant to be
 * the other, and telling of the missing key would not help. @param known  the keys of `m`, blank separated
 */
export function causeOf(error: unknown, m: JsonObject, known: string): unknown {
  if (!(error instanceof EncodeError) || error.code !== "MISSING") return error;
  const lacking = error.path;
  const names = known.split(" ");
  // Lacking further inside are keys of other objects.
  if (!names.includes(lacking) || Object.keys(m).every((key) => names.includes(key))) return error;
  const { path, detail, code } = unknownKey(m, known);
  const isTold = detail.includes(`mean ${lacking}?`);
  return new EncodeError(path, isTold ? detail : `${detail}; ${lacking} is missing`, { code });
}

/** The error for an object without the key that says what it is: perhaps it is misspelt. */
export function missingTag(m: JsonObject, tag: string): EncodeError {
  const close = Object.keys(m).find((key) => didYouMean(key, [tag]) !== "");
  return close === undefined ? missing(tag) : unknownKey({ [close]: m[close] }, tag);
}

/** As unknownKey, where some keys, blank separated in `newer`, are ones that other versions of OpenFlow have. */
export function unsaidKey(m: JsonObject, known: string, newer: string, w: MessageWriter): EncodeError {
  const names = known.split(" ");
  const key = Object.keys(m).find((k) => !names.includes(k)) ?? "";
  return newer.split(" ").includes(key) ? cannot(key, show(m[key]), w) : unknownKey(m, known);
}

/** Encodes the elements of a list, each an object. */
export function encodeEach(
  w: MessageWriter,
  value: unknown,
  key: string,
  encode: (w: MessageWriter, m: JsonObject) => void,
): void {
  const list = asList(value, key);
  let i = 0;
  try {
    for (; i < list.length; i++) encode(w, asObject(list[i], ""));
  } catch (error) {
    throw inside(error, `${key}[${i}]`);
  }
}

/** Encodes one element of a list, an object. */
export function encodeAt(
  w: MessageWriter,
  list: readonly unknown[],
  i: number,
  key: string,
  encode: (w: MessageWriter, m: JsonObject) => void,
): void {
  try {
    encode(w, asObject(list[i], ""));
  } catch (error) {
    throw inside(error, `${key}[${i}]`);
  }
}

/**
 * As encodeEach, for lists that may hold themselves. Deeper than MAX_DEPTH the elements must be in hex, as decoding shows them there.
 * @param tag  the key that names the case of an element
 */
export function encodeEachNested(
  w: MessageWriter,
  value: unknown,
  key: string,
  encode: (w: MessageWriter, m: JsonObject) => void,
  tag: string,
): void {
  if (++w.depth > MAX_DEPTH && !asList(value, key).every((item) => isRaw(item, tag)))
    throw new EncodeError(key, `nested deeper than ${MAX_DEPTH}`, { code: "TOO_DEEP" });
  encodeEach(w, value, key, encode);
  w.depth--;
}

/** Whether an element is named by its code, and nothing is nested in it. */
function isRaw(item: unknown, tag: string): boolean {
  if (typeof item !== "object" || item === null) return false;
  const name = (item as JsonObject)[tag];
  return (
    (typeof name === "number" || (typeof name === "string" && /^\d/.test(name))) &&
    Object.values(item).every((value) => typeof value !== "object")
  );
}

/** Encodes one object and refuses keys that were not read. */
export function encodeInner(
  w: MessageWriter,
  value: unknown,
  key: string,
  encode: (w: MessageWriter, m: JsonObject) => number,
  known: string,
): void {
  const m = asObject(value, key);
  try {
    if (encode(w, m) !== countKeys(m)) throw unknownKey(m, known);
  } catch (error) {
    throw inside(causeOf(error, m, known), key);
  }
}

/**
 * Stores the struct that is the value of a TLV at `p`, for which there is room. Instead of the object there may be the
 * number that its 4 bytes make, or those of its two halves: `(1,0x894f)`.
 */
export function putInner(
  w: MessageWriter,
  p: number,
  value: unknown,
  key: string,
  encode: (w: MessageWriter, m: JsonObject) => number,
  known: string,
): void {
  if (isScalar(value)) {
    const [, upper, lower] = (typeof value === "string" && PAIR.exec(value)) || [];
    const number =
      upper === undefined
        ? uint(value, 0xffffffff, key, "UInt32")
        : uint(upper, 0xffff, key, "UInt16") * 0x10000 + uint(lower, 0xffff, key, "UInt16");
    putU32(w.b, p, number);
    return;
  }
  const end = w.p;
  w.p = p;
  encodeInner(w, value, key, encode, known);
  w.p = end;
}

/** Two numbers in parentheses. */
const PAIR = /^\(\s*(\w+)\s*,\s*(\w+)\s*\)$/;

/** As encodeInner, for a struct of 4 bytes that may be given as a number or a pair, too. */
export function encodeWord(
  w: MessageWriter,
  value: unknown,
  key: string,
  encode: (w: MessageWriter, m: JsonObject) => number,
  known: string,
): void {
  const p = w.p;
  w.zeros(4);
  putInner(w, p, value, key, encode, known);
}

/** Encodes a list of numbers. */
export function encodeNumbers(
  w: MessageWriter,
  value: unknown,
  key: string,
  bytes: 1 | 2 | 4,
  read: (value: unknown, key: string, w: MessageWriter) => number,
): void {
  const list = asList(value, key);
  let i = 0;
  try {
    for (; i < list.length; i++) {
      const n = read(list[i], "", w);
      if (bytes === 1) w.u8(n);
      else if (bytes === 2) w.u16(n);
      else w.u32(n);
    }
  } catch (error) {
    throw inside(error, `${key}[${i}]`);
  }
}

/**
 * The elements of the list inside the one instruction that a version without instructions can say. Anything else is an error: the
 * version would silently do less.
 */
export function unwrap(
  w: MessageWriter,
  value: unknown,
  key: string,
  type: string,
  tag: string,
  name: string,
  inner: string,
): unknown {
  const list = asList(value, key);
  if (list.length === 0) return EMPTY;
  list.forEach((item, i) => {
    const m = asObject(item, `${key}[${i}]`);
    const at = `${key}[${i}].${tag}`;
    if (m[tag] === undefined) throw missing(at);
    if (/^\d/.test(String(m[tag]))) throw cannot(at, show(m[tag]), w);
    if (m[tag] !== name) throw notA(type, m[tag], at, [name]);
    for (const k in m)
      if (k !== tag && k !== inner) throw inside(unknownKey(m, `${tag} ${inner}`), `${key}[${i}]`);
  });
  if (list.length > 1) throw cannot(`${key}[1]`, `a second ${name}`, w);
  const wrapped = (list[0] as JsonObject)[inner];
  if (wrapped === undefined) throw missing(`${key}[0].${inner}`);
  return wrapped;
}

/**
 * A list of objects all of which have a number under `name`: those without one get the lowest that no other has, from the first to the
 * last. What is no object stays what it is, for others to refuse.
 */
export function withNumbers(value: unknown, key: string, name: string): readonly unknown[] {
  const list = asList(value, key);
  const given = list.map((item) => (isObject(item) ? item[name] : null));
  if (!given.includes(undefined)) return list;
  const taken = new Set(given.map(int64Of));
  let next = 0n;
  return list.map((item, i) => {
    if (given[i] !== undefined) return item;
    while (taken.has(next)) next++;
    return { ...(item as JsonObject), [name]: Number(next++) };
  });
}

function isObject(item: unknown): item is JsonObject {
  return typeof item === "object" && item !== null && !Array.isArray(item);
}
