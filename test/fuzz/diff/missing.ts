/** What was said, and a text does not say. */
import { parseExact, printExact } from "../../codec/support.js";
import { compareJson, type Difference, type JsonPlace } from "../../conformance/differences.js";
import type { Keyed } from "./graft.js";

/** What a text does not say of that which was said in a place; nobody asks for transaction ids. */
export function missingIn(json: string, said: unknown, place: JsonPlace): readonly Difference[] {
  const missing = compareJson(inOrder(said), inOrder(parseExact(json)));
  const ordered = placeInOrder(said, place);
  return missing.filter(({ path, at = [] }) => path !== "xid" && isOverlap(at, ordered));
}

/** Whether a key is missing that says nothing. */
export function saysNothing({ want, got }: Difference): boolean {
  return got === "absent" && NOTHING.test(want);
}

/** JSON texts of values that say nothing. */
const NOTHING = /^(\[\]|""|0)$/;

/** Whether all values of a key say nothing, wherever they stand. */
export function isEmptyKey(value: unknown, key: string): boolean {
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([name, inner]) =>
    name === key ? NOTHING.test(printExact(inner)) : isEmptyKey(inner, key),
  );
}

/** A value whose lists of match fields are in the order of their names: a match of 1.0 or 1.1 has no order. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => {
    const sorted = key === "match" && Array.isArray(inner) ? inner.toSorted(byName) : inner;
    return [key, inOrder(sorted)];
  });
  return Object.fromEntries(entries);
}

/** Where something stands in a value after `inOrder`. */
function placeInOrder(value: unknown, [key, ...rest]: JsonPlace): JsonPlace {
  if (key === undefined) return [];
  const inner = typeof value === "object" && value !== null ? (value as Keyed)[key] : undefined;
  const [index, ...below] = rest;
  if (key !== "match" || !Array.isArray(inner) || index === undefined)
    return [key, ...placeInOrder(inner, rest)];
  const item: unknown = inner[Number(index)];
  return [key, inner.toSorted(byName).indexOf(item), ...placeInOrder(item, below)];
}

function byName(a: { readonly field: string }, b: { readonly field: string }): number {
  return a.field < b.field ? -1 : 1;
}

/** Whether one of two places is in the other. */
function isOverlap(a: JsonPlace, b: JsonPlace): boolean {
  return a.slice(0, b.length).every((key, i) => key === b[i]);
}

/** A value without a key, wherever it stands. */
export function withoutKey(value: unknown, key: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutKey(item, key));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => name !== key);
  return Object.fromEntries(entries.map(([name, inner]) => [name, withoutKey(inner, key)]));
}

/** A value without the items of lists that are told by their number and bytes, wherever they stand. */
export function withoutHex(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isHex(item)).map(withoutHex);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutHex(inner)]));
}

function isHex(item: unknown): boolean {
  if (typeof item !== "object" || item === null) return false;
  return typeof (item as { readonly data?: unknown }).data === "string";
}
