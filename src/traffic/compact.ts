// Values of messages in few characters: `role=MASTER`, `drop:rate=100`; matches and actions in Open vSwitch's notation.
import { formatOvsPart } from "../ovs/index.js";

/** A value of a message, as JSON.parse gives it. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** An object of a message. */
export type Fields = { readonly [key: string]: Value };

/** Keys that say what an object is. */
const TAGS = ["band", "property", "type", "queue_property"];

/** Any value. Lists have commas between their elements. @param version  wire version of the message */
export function compact(value: Value, version: number): string {
  if (isList(value)) return value.map((one) => compact(one, version)).join(",");
  return isFields(value) ? compactObject(value, version) : String(value);
}

/** `key=value` for each key, but for those of empty lists. */
export function compactKeys(fields: Fields, version: number): string {
  return entries(fields, version)
    .filter((text) => !text.endsWith("=()"))
    .join(" ");
}

/** A number as `0x0800`. @param digits  at least so many */
export function hex(value: number | bigint, digits: number): string {
  return `0x${value.toString(16).padStart(digits, "0")}`;
}

/** Whether a value is an object. */
export function isFields(value: Value | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a list. */
export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

function compactObject(fields: Fields, version: number): string {
  const tag = TAGS.find((key) => typeof fields[key] === "string");
  if (tag === undefined) return `{${entries(fields, version).join(",")}}`;
  const { [tag]: name, ...rest } = fields;
  const word = String(name).toLowerCase();
  const [only, ...more] = Object.entries(rest);
  if (only === undefined) return word;
  if (more.length > 0) return `${word}(${entries(rest, version).join(",")})`;
  const [key, value] = only;
  return isPlain(value) ? `${word}:${value}` : `${word}(${compactMember(key, value, version)})`;
}

function compactMember(key: string, value: Value, version: number): string {
  return formatOvsPart(key, value, version) ?? compact(value, version);
}

function entries(fields: Fields, version: number): string[] {
  return Object.entries(fields).map(([key, value]) =>
    isPlain(value) ? `${key}=${value}` : `${key}=(${compactMember(key, value, version)})`,
  );
}

function isPlain(value: Value): boolean {
  return typeof value !== "object" || value === null;
}
