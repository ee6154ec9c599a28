/** Differences by what is one thing: a whole action where the two are of different kinds, a whole list of flags. */
import { type Difference, type JsonPlace, pathOf } from "../../conformance/differences.js";
import { childAt } from "./graft.js";
import { isMessage } from "./inner.js";

/** Keys that say of what kind an item of a list is. */
const TAGS = ["action", "field", "instruction", "property", "type"];

/**
 * Merges the differences that are in one thing. Of items of different kinds both are told whole; of lists of texts those that only
 * one side has, or all where only their order differs. Where the types of two messages differ, so does all the rest of them.
 */
export function byUnits(
  differences: readonly Difference[],
  want: unknown,
  got: unknown,
): readonly Difference[] {
  const units = new Map<string, Difference>();
  const others = differences.flatMap(({ at = [] }) =>
    at.at(-1) === "type" && isMessage(childAt(want, at.slice(0, -1))) ? [at.slice(0, -1)] : [],
  );
  for (const difference of differences) {
    const place = difference.at ?? [];
    const inOther = others.find((other) => isIn(place, other));
    const at = inOther === undefined ? unitOf(place, want, got) : [...inOther, "type"];
    const [theirs, ours] = sides(childAt(want, at), childAt(got, at));
    units.set(at.join(), { path: pathOf(want, at), at, want: show(theirs), got: show(ours) });
  }
  return [...units.values()];
}

function isIn(place: JsonPlace, outer: JsonPlace): boolean {
  return outer.every((key, i) => key === place[i]);
}

function unitOf(at: JsonPlace, want: unknown, got: unknown): JsonPlace {
  if (isTexts(childAt(want, at.slice(0, -1)))) return at.slice(0, -1);
  for (const [i, key] of at.entries()) {
    const place = at.slice(0, i + 1);
    if (typeof key === "number" && !isOneKind(childAt(want, place), childAt(got, place))) return place;
  }
  return at;
}

function isOneKind(a: unknown, b: unknown): boolean {
  return isObject(a) && isObject(b) && TAGS.every((tag) => a[tag] === b[tag]);
}

function sides(theirs: unknown, ours: unknown): [unknown, unknown] {
  if (!isTexts(theirs) || !isTexts(ours)) return [theirs, ours];
  const left = theirs.filter((one) => !ours.includes(one));
  const right = ours.filter((one) => !theirs.includes(one));
  return left.length + right.length === 0 ? [theirs, ours] : [left, right];
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function show(value: unknown): string {
  if (value === undefined) return "absent";
  return JSON.stringify(value, (_, v: unknown) => (typeof v === "bigint" ? v.toString() : v));
}
