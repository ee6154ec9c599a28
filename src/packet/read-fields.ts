// What a frame can be built from, and the fields in it.
import { didYouMean, EncodeError } from "../base/index.js";
import { isNull } from "../text/index.js";
import type { FieldText } from "./fields.js";

/** What a frame can be built from, as it stands in a message. */
export interface FrameInput {
  readonly _pkt?: unknown;
  readonly pkt?: unknown;
  readonly _pkt_more?: unknown;
  readonly _pkt_data?: unknown;
  readonly _pkt_payload?: unknown;
}

/** By the name of a field, the names of its values in upper case: `ETH_TYPE`, `ARP`. */
export type ValueNames = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Fields whose value is a list. */
const LISTS = ["IPV4_FLAGS", "IPV6_EXT_HEADERS"];

/** The fields of a list of {field, value}, or of an object; their names in upper case, named values as numbers. */
export function readFields(value: unknown, key: string, names: ValueNames): FieldText[] {
  return readTexts(value, key).map((field) => {
    const table = names.get(field.name);
    // Digits are a number; who takes the field judges it.
    if (table === undefined || typeof field.value !== "string" || !/^[a-z]/i.test(field.value)) return field;
    const name = field.value.toUpperCase();
    const named = table.get(name);
    if (named !== undefined) return { ...field, value: named };
    const detail = `${JSON.stringify(field.value)} is not a value of ${field.name}`;
    throw new EncodeError(field.path, `${detail}${didYouMean(name, table.keys())}`, { found: field.value });
  });
}

function readTexts(value: unknown, key: string): FieldText[] {
  if (value === undefined || isNull(value)) return [];
  if (Array.isArray(value)) return (value as unknown[]).map((item, i) => readItem(item, `${key}[${i}]`));
  if (typeof value !== "object") throw new EncodeError(key, "is not a list of fields", { found: value });
  return Object.entries(value).flatMap(([name, given]) => {
    const path = `${key}.${name}`;
    const upper = name.toUpperCase();
    // Several tags or labels; some fields have a list as their value.
    if (Array.isArray(given) && !LISTS.includes(upper)) {
      return (given as unknown[]).map((one, i) => ({ name: upper, value: one, path: `${path}[${i}]` }));
    }
    return [{ name: upper, value: given, path }];
  });
}

function readItem(item: unknown, path: string): FieldText {
  if (typeof item !== "object" || item === null || Array.isArray(item)) {
    throw new EncodeError(path, "is not an object with field and value", { found: item });
  }
  const { field, value, ...others } = item as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other === "mask") throw new EncodeError(`${path}.mask`, "a packet has no masked fields");
  if (other !== undefined)
    throw new EncodeError(`${path}.${other}`, "is not a known key", { code: "UNKNOWN" });
  if (typeof field !== "string") throw new EncodeError(`${path}.field`, "is missing", { code: "MISSING" });
  if (value === undefined) throw new EncodeError(`${path}.value`, "is missing", { code: "MISSING" });
  return { name: field.toUpperCase(), value, path: `${path}.value` };
}
