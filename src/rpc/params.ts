// Reads the parameters of requests. Scalars of YAML requests are texts, so numbers may come as texts too.
import { didYouMeanOneOf, type PathParts } from "../base/index.js";
import { formatDatapathId, parseDatapathId, parseHex, parseInteger } from "../text/index.js";
import { missingKey, RequestError, show, unknownKey } from "./errors.js";
import { PARAMS } from "./gen/params.js";

/** An object that came as JSON. */
export type Mapping = Readonly<Record<string, unknown>>;

/** A value of the request, and the way to it. Undefined is a value that was not given. */
export interface Param {
  readonly value: unknown;
  readonly path: PathParts;
}

/** True for objects that are neither null nor lists. */
export function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Checks that `value` is an object without other keys than `keys`. Throws RequestError. */
export function checkMapping(value: unknown, path: PathParts, keys: readonly string[]): Mapping {
  if (!isMapping(value)) throw unfit({ value, path }, "not a mapping", "an object");
  for (const key of Object.keys(value)) if (!keys.includes(key)) throw unknownKey(path, key);
  return value;
}

/** The parameter `key` of checked params. */
export function param(params: Mapping, key: string): Param {
  return member(params, ["params"], key);
}

/** Names of methods whose params are an object with keys of their own. */
export type KeyedMethod = keyof typeof PARAMS;

/**
 * The params of a method: an object with the keys that the schema of the interface lists, and no others. Without params, where a request may
 * leave them out, it has none. Throws RequestError.
 */
export function readParams(method: KeyedMethod, params: unknown): Mapping {
  const { keys, required, optional } = PARAMS[method];
  if (params === undefined && !optional) throw missingKey([], "params");
  const mapping = params === undefined ? {} : checkMapping(params, ["params"], keys);
  for (const key of required) requiredParam(mapping, key);
  return mapping;
}

/** The value of a key of an object. @param path  the way to the object */
export function member(object: Mapping, path: PathParts, key: string): Param {
  return { value: Object.hasOwn(object, key) ? object[key] : undefined, path: [...path, key] };
}

/** As `param`; throws RequestError when it is missing. */
export function requiredParam(params: Mapping, key: string): Param {
  const found = param(params, key);
  if (found.value === undefined) throw missingKey(["params"], key);
  return found;
}

/** True for what stands for a value that is not given. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === "null";
}

/**
 * What is thrown for a value of the wrong kind.
 * @param detail    in the words of the C++ oftr
 * @param expected  for who is told the place beside it: what the value had to be
 */
function unfit({ value, path }: Param, detail: string, expected: string): RequestError {
  return new RequestError(path, detail, { sentence: `expected ${expected}, found ${describeValue(value)}` });
}

/** A value, as errors repeat it. */
function describeValue(value: unknown): string {
  if (typeof value === "string") return show(value);
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "an object";
  return value === undefined ? "nothing" : String(value);
}

/** An unsigned integer up to `max`, in any base; `absent` when it is not given. Throws RequestError. */
export function readUint(given: Param, max: number, absent: number): number {
  const { value } = given;
  if (isAbsent(value)) return absent;
  const expected = `an integer from 0 to ${max}`;
  if (typeof value === "object") throw unfit(given, "unexpected scalar", expected);
  const number = typeof value === "string" ? parseInteger(value) : value;
  if (typeof number === "bigint") throw unfit(given, "out of range number", expected);
  if (typeof number !== "number" || !Number.isInteger(number) || number < 0) {
    throw unfit(given, "invalid number", expected);
  }
  if (number > max) throw unfit(given, "out of range number", expected);
  return number;
}

const dpid = Buffer.alloc(8);

/** A datapath id in its one written form; "" when it is not given or zero. Throws RequestError. */
export function readDatapathId(given: Param): string {
  const { value } = given;
  if (isAbsent(value)) return "";
  const readable = typeof value === "string" || typeof value === "number";
  if (!readable || value === "" || !parseDatapathId(value, dpid, 0)) {
    throw unfit(given, "Invalid DatapathID.", "a datapath_id such as 00:00:00:00:00:00:00:01");
  }
  return formatDatapathId(dpid, 0);
}

/** The elements of a list with their paths; none when it is not given. Throws RequestError. */
export function readList(given: Param): Param[] {
  const { value, path } = given;
  if (isAbsent(value)) return [];
  if (!Array.isArray(value)) throw unfit(given, "not a sequence", "a list");
  return value.map((element: unknown, i) => ({ value: element, path: [...path, i] }));
}

/** A text; numbers are taken as written in decimal. Throws RequestError. */
export function readText(given: Param): string {
  const { value } = given;
  if (typeof value !== "string" && typeof value !== "number")
    throw unfit(given, "unexpected scalar", "a text");
  return String(value);
}

/** Bytes in hex; blanks and line ends may stand anywhere. Throws RequestError. */
export function readHex(param: Param): Buffer {
  const { value, path } = param;
  // A YAML or JSON number may have lost zeros.
  const bytes = typeof value === "string" ? parseHex(value) : undefined;
  if (bytes !== undefined) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  throw new RequestError(path, `expected a text of pairs of hex digits, found ${describeValue(value)}`);
}

/** True or false; `absent` when it is not given. Throws RequestError. */
export function readBoolean(given: Param, absent: boolean): boolean {
  const { value } = given;
  if (isAbsent(value)) return absent;
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw unfit(given, "expected true or false", "true or false");
}

/** A time in seconds above 0, up to `max`, as milliseconds; `absent` seconds when it is not given. Throws RequestError. */
export function readSeconds(given: Param, max: number, absent: number): number {
  const { value } = given;
  if (isAbsent(value)) return absent * 1000;
  const text = typeof value === "number" || typeof value === "string" ? String(value) : "";
  const seconds = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (seconds > 0 && seconds <= max) return seconds * 1000;
  throw unfit(given, `expected seconds above 0, at most ${max}`, `seconds above 0, at most ${max}`);
}

/** One of these names. Throws RequestError. */
export function readName<N extends string>(param: Param, names: readonly N[]): N {
  const text = readText(param);
  const name = names.find((candidate) => candidate === text);
  if (name !== undefined) return name;
  const hint = didYouMeanOneOf(text, names);
  throw new RequestError(param.path, `unknown value ${show(text)}${hint}`, { reason: "UNKNOWN" });
}
