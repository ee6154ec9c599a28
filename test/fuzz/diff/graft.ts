/** Places in JSON values that are read, and given another value. */
import type { JsonPlace } from "../../conformance/differences.js";

/** What stands in a place; undefined where it does not exist. */
export function childAt(value: unknown, place: JsonPlace): unknown {
  return place.reduce<unknown>(
    (inner, key) => (typeof inner === "object" && inner !== null ? (inner as Keyed)[key] : undefined),
    value,
  );
}

/** A value with another one in a place; without the key where that is undefined. Throws where there is no such place. */
export function grafted(value: unknown, place: JsonPlace, inner: unknown): unknown {
  const [key, ...rest] = place;
  if (key === undefined) return inner;
  if (typeof value !== "object" || value === null) throw new Error(`there is no ${place.join(".")}`);
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Keyed;
  const changed = grafted(copy[key], rest, inner);
  if (changed === undefined) delete copy[key];
  else copy[key] = changed;
  return copy;
}

/** An object or a list. */
export type Keyed = Record<string | number, unknown>;
