// What generated encoders call: JSON values to numbers and bytes, and the errors when they are not what they should be.
// Values come from JSON (numbers, strings) or from YAML, where every scalar is text; both are read alike.
import { didYouMean, EncodeError, pathKey, type Version, versionName } from "../base/index.js";
import {
  charsBytes,
  type Duration,
  parseDatapathId,
  parseDuration,
  parseHex,
  parseInteger,
  parseIPv4,
  parseIPv6,
  parseMac,
} from "../text/index.js";
import { putU16, putU32, putU64 } from "../wire/index.js";
import { MAX_DEPTH } from "./context.js";
import type { MessageWriter } from "./message-writer.js";

export type JsonObject = Record<string, unknown>;

/** A list that was not given. */
export const EMPTY: readonly unknown[] = [];

// ---- errors

/** Longest piece of a refused value that an error repeats. */
const SHOWN = 60;

/** A value as errors show it. */
export function show(value: unknown): string {
  if (typeof value === "bigint") return value.toString();
  const text = stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

function stringify(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // Nested deeper than the stack, or a bigint inside.
    return Array.isArray(value) ? "[…]" : "{…}";
  }
}

/** `"FLOD" is not a PortNumber (did you mean FLOOD?)` */
export function notA(
  type: string,
  value: unknown,
  key: string,
  names: Iterable<string> = EMPTY as string[],
): EncodeError {
  const article = /^[AEIO]|^U[^I]/.test(type) ? "an" : "a";
  const hint = typeof value === "string" ? didYouMean(value, names) : "";
  return new EncodeError(key, `${show(value)} is not ${article} ${type}${hint}`, {
    found: value,
    expected: type,
  });
}

export function missing(key: string): EncodeError {
  return new EncodeError(key, "is missing", { code: "MISSING" });
}

/** The version of this message cannot say `what`. */
export function cannot(key: string, what: string, w: MessageWriter): EncodeError {
  return new EncodeError(
    key,
    `${what} cannot be expressed in OpenFlow ${versionName(w.version as Version)}`,
    { code: "UNSUPPORTED" },
  );
}

function outOfRange(type: string, value: unknown, max: number, key: string): EncodeError {
  return new EncodeError(key, `${show(value)} is more than ${max}, the largest ${type}`, {
    found: value,
    expected: type,
  });
}

/** Puts the place of a list element or object before the path of an error that passes by. */
export function inside(error: unknown, part: string): unknown {
  return error instanceof EncodeError ? error.prefix(part) : error;
}

// ---- objects and lists

export function asObject(value: unknown, key: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new EncodeError(key, `${show(value)} is not an object`, { found: value, expected: "object" });
}

/** A list. A YAML key with nothing after it (the empty text) and null are the empty list. */
export function asList(value: unknown, key: string): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  if (value === "" || value === null) return EMPTY;
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

/** As encodeEach, for lists that may hold themselves. */
export function encodeEachNested(
  w: MessageWriter,
  value: unknown,
  key: string,
  encode: (w: MessageWriter, m: JsonObject) => void,
): void {
  if (++w.depth > MAX_DEPTH)
    throw new EncodeError(key, `nested deeper than ${MAX_DEPTH}`, { code: "TOO_DEEP" });
  encodeEach(w, value, key, encode);
  w.depth--;
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
    throw inside(error, key);
  }
}

/** Encodes a list of numbers. */
export function encodeNumbers(
  w: MessageWriter,
  value: unknown,
  key: string,
  bytes: 1 | 2 | 4,
  read: (value: unknown, key: string) => number,
): void {
  const list = asList(value, key);
  let i = 0;
  try {
    for (; i < list.length; i++) {
      const n = read(list[i], "");
      if (bytes === 1) w.u8(n);
      else if (bytes === 2) w.u16(n);
      else w.u32(n);
    }
  } catch (error) {
    throw inside(error, `${key}[${i}]`);
  }
}

// ---- numbers

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

/** Numbers by name. */
export type ValueTable = ReadonlyMap<string, number>;

/** A number that may be given by name. */
export function numberOf(table: ValueTable, value: unknown, max: number, key: string, type: string): number {
  if (typeof value === "number" && value >= 0 && value <= max && Number.isInteger(value)) return value;
  if (typeof value === "string") {
    const named = table.get(value);
    if (named !== undefined) return named;
    if (parseInteger(value) === undefined) throw notA(type, value, key, table.keys());
  }
  return uintSlow(value, max, key, type);
}

/** Ports of OpenFlow 1.0 have 16 bits; the reserved ones lack the upper half that they have later. */
export function narrow16(value: number, key: string, w: MessageWriter): number {
  if (value <= 0xffff || value > 0xffffff00) return value & 0xffff;
  throw cannot(key, String(value), w);
}

/** Numbers of a code by the value that selects them. */
export type CodeValues = ReadonlyMap<number, ValueTable>;

const NO_VALUES: ValueTable = new Map();

export function codeValues(tables: CodeValues, by: number): ValueTable {
  return tables.get(by) ?? NO_VALUES;
}

/** One name of a flag set. */
export type FlagValues = ReadonlyMap<string, { readonly value: number; readonly mask: number }>;

export function flagValues(rows: readonly (readonly [string, number, number])[]): FlagValues {
  return new Map(rows.map(([name, value, mask]) => [name, { value, mask }]));
}

/** The bits of a list of names and numbers. */
export function flagsOf(table: FlagValues, value: unknown, max: number, key: string, type: string): number {
  if (!Array.isArray(value)) throw notA(`list of ${type}`, value, key);
  let bits = 0;
  for (let i = 0; i < value.length; i++) {
    const item: unknown = value[i];
    const known = typeof item === "string" ? table.get(item) : undefined;
    if (known !== undefined) {
      bits = (bits | known.value) >>> 0;
      continue;
    }
    if (typeof item === "string" && parseInteger(item) === undefined) {
      throw new EncodeError(`${key}[${i}]`, notA(type, item, "", table.keys()).detail, {
        found: item,
        expected: type,
      });
    }
    bits = (bits | uint(item, max, `${key}[${i}]`, type)) >>> 0;
  }
  if (bits > max)
    throw new EncodeError(key, `${show(value)} does not fit into ${type} of ${max.toString(2).length} bits`);
  return bits;
}

// ---- texts

/** A text; numbers are taken for the text that they print as. */
function textOf(value: unknown, type: string, key: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean")
    return String(value);
  throw notA(type, value, key);
}

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

function isScalar(value: unknown): value is string | number | bigint {
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

// ---- TLVs

/** One property that lands in keys of its own, for putTlvs. */
export interface HoistedCase {
  readonly code: number;
  /** Written also when its keys say nothing. */
  readonly always: boolean;
  /** Whether the keys say anything that the property's absence does not say. */
  has(m: JsonObject): boolean;
  put(w: MessageWriter, m: JsonObject): void;
}

/**
 * Writes a property list: by rule (hoisted cases that have something to say, then the rest), or in the order of type codes that `order`
 * gives, as far as keys and rest still have what it names.
 */
export function putTlvs(
  w: MessageWriter,
  m: JsonObject,
  cases: readonly HoistedCase[],
  rest: unknown,
  restKey: string,
  order: unknown,
  encodeRest: (w: MessageWriter, m: JsonObject) => void,
): void {
  if (order === undefined) {
    for (const c of cases) if (c.always || c.has(m)) c.put(w, m);
    encodeEach(w, rest ?? EMPTY, restKey, encodeRest);
    return;
  }
  const others = asList(rest ?? EMPTY, restKey);
  const done = new Set<HoistedCase>();
  let next = 0;
  const putNext = (): void => {
    if (next < others.length) encodeEach(w, [others[next]], restKey, encodeRest);
    next++;
  };
  for (const item of asList(order, "_order")) {
    const code = uint(item, 0xffffffff, "_order", "type code");
    const c = cases.find((one) => one.code === code && !done.has(one));
    if (c === undefined) putNext();
    else {
      done.add(c);
      c.put(w, m);
    }
  }
  for (const c of cases) if (!done.has(c) && c.has(m)) c.put(w, m);
  while (next < others.length) putNext();
}

/** Stores type and length in the header of a property, when its body is written. */
export function putHeader(
  w: MessageWriter,
  start: number,
  typeAt: number,
  typeBytes: number,
  type: number,
  lengthAt: number,
  key: string,
): void {
  if (typeBytes === 2) putU16(w.b, start + typeAt, type);
  else if (typeBytes === 4) putU32(w.b, start + typeAt, type);
  else w.b[start + typeAt] = type;
  w.patch16(start + lengthAt, w.p - start, key);
}

/** True when a list of fields has one of that name. */
export function hasField(list: readonly unknown[], name: string): boolean {
  return list.some(
    (item) => typeof item === "object" && item !== null && (item as JsonObject).field === name,
  );
}

/** A list of fields with those that are keys of their own put behind it, unless it has them. */
export function withCopies(
  list: unknown,
  key: string,
  copies: readonly (readonly [string, unknown])[],
): readonly unknown[] {
  const given = asList(list, key);
  const added = copies.filter(([name, value]) => value !== undefined && !hasField(given, name));
  return added.length === 0 ? given : [...given, ...added.map(([field, value]) => ({ field, value }))];
}

/** Writes a TLV that is named by its header in hex, `0x80001402` or `0xFFFF5608.0x4F4E4600`, with hex data. */
export function putRawTlv(w: MessageWriter, name: string, value: unknown, mask: unknown): void {
  const words = name.split(".");
  const header = parseInteger(words[0] ?? "");
  const experimenter = words[1] === undefined ? undefined : parseInteger(words[1]);
  if (typeof header !== "number" || header > 0xffffffff || words.length > 2)
    throw notA("Field", name, "field");
  if (words[1] !== undefined && (typeof experimenter !== "number" || experimenter > 0xffffffff))
    throw notA("Field", name, "field");
  const bytes = hexOf(value, "value");
  const maskBytes = mask === undefined ? undefined : hexOf(mask, "mask");
  const length = bytes.length + (maskBytes?.length ?? 0);
  const announced = (header & 0xff) - (experimenter === undefined ? 0 : 4);
  if (length !== announced) {
    throw new EncodeError("value", `${length} bytes, but the header ${words[0]} announces ${announced}`, {
      found: value,
    });
  }
  w.u32(header);
  if (typeof experimenter === "number") w.u32(experimenter);
  w.bytes(bytes);
  if (maskBytes) w.bytes(maskBytes);
}

/** The code in a tag like `0x0099`; undefined when the tag is a name. */
export function rawCode(tag: unknown, max: number): number | undefined {
  const n = typeof tag === "number" ? tag : typeof tag === "string" ? parseInteger(tag) : undefined;
  return typeof n === "number" && Number.isInteger(n) && n >= 0 && n <= max ? n : undefined;
}

/** The number after the prefix of a tag like `EXPERIMENTER.0x00002320`. */
export function tagNumber(tag: string, prefix: string): number | undefined {
  return tag.startsWith(prefix) ? rawCode(tag.slice(prefix.length), 0xffffffff) : undefined;
}

/** ANDs `n` bytes at `p` with those at `mask`. */
export function maskBytes(b: Buffer, p: number, mask: number, n: number): void {
  for (let i = 0; i < n; i++) b[p + i] = b[p + i]! & b[mask + i]!;
}

/** Writes a list of OXM headers: `NAME`, `NAME/`, `~NAME` or hex. */
export function putOxmIds(
  w: MessageWriter,
  value: unknown,
  key: string,
  names: ReadonlyMap<
    string,
    { readonly header: number; readonly experimenter: number; readonly size: number }
  >,
): void {
  const list = asList(value, key);
  list.forEach((item, i) => {
    if (!isScalar(item)) throw notA("Field", item, `${key}[${i}]`);
    const name = String(item);
    const bare = name.replace(/^~|\/$/g, "");
    const known = names.get(bare);
    if (known !== undefined) {
      const masked = name.endsWith("/");
      const size = Math.max(0, known.size) * (masked ? 2 : 1) + (known.experimenter === 0 ? 0 : 4);
      w.u32((known.header | (masked ? 0x100 : 0) | (name.startsWith("~") ? 0 : size)) >>> 0);
      if (known.experimenter !== 0) w.u32(known.experimenter);
      return;
    }
    const words = name
      .replace(/^~/, "")
      .split(".")
      .map((word) => rawCode(word, 0xffffffff));
    if (words.some((word) => word === undefined) || words.length > 2)
      throw notA("Field", item, `${key}[${i}]`, names.keys());
    for (const word of words) w.u32(word ?? 0);
  });
}

/** Writes a list of bare headers (type, length 4): names, or hex with what follows the header after a dot. */
export function putIds(w: MessageWriter, value: unknown, key: string, names: ValueTable, type: string): void {
  const list = asList(value, key);
  list.forEach((item, i) => {
    const at = `${key}[${i}]`;
    if (!isScalar(item)) throw notA(type, item, at);
    const name = String(item);
    const dot = name.indexOf(".");
    const head = dot < 0 ? name : name.slice(0, dot);
    const code = names.get(head) ?? (head === "EXPERIMENTER" ? 0xffff : rawCode(head, 0xffff));
    if (code === undefined) throw notA(type, item, at, names.keys());
    // An experimenter's id goes on behind the header; without one it is the id 0.
    const text =
      dot >= 0 ? name.slice(dot + 1).replace(/^0x/i, "") : code === 0xffff ? "00000000" : undefined;
    const rest = text === undefined ? undefined : hexOf(text, at);
    w.u16(code);
    w.u16(4 + (rest?.length ?? 0));
    if (rest) w.bytes(rest);
  });
}

/**
 * The elements of the list inside the one instruction that a version without instructions can say. Anything else is an error: the
 * version would silently do less.
 */
export function unwrap(
  w: MessageWriter,
  value: unknown,
  key: string,
  tag: string,
  name: string,
  inner: string,
): unknown {
  const list = asList(value, key);
  if (list.length === 0) return EMPTY;
  list.forEach((item, i) => {
    const m = asObject(item, `${key}[${i}]`);
    if (m[tag] !== name) throw cannot(`${key}[${i}].${tag}`, show(m[tag]), w);
    for (const k in m)
      if (k !== tag && k !== inner) throw inside(unknownKey(m, `${tag} ${inner}`), `${key}[${i}]`);
  });
  if (list.length > 1) throw cannot(`${key}[1]`, `a second ${name}`, w);
  return (list[0] as JsonObject)[inner] ?? EMPTY;
}
