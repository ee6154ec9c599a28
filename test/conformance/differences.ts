/** What differs between two JSON values, place by place. */

/** One place where ours is not what the golden row says. */
export interface Difference {
  /**
   * JSON path, where items of lists go by the name that they have in the golden row, not by their number:
   * `msg.match[IP_DSCP].value`, `msg.instructions[APPLY_ACTIONS].actions[OUTPUT].port_no`, `msg.flags[]`;
   * or one of the words that judge.ts defines.
   */
  readonly path: string;
  /** JSON text, or `absent`. */
  readonly want: string;
  readonly got: string;
  /** Keys and numbers of items that lead to the place; absent where it is none in a JSON value. */
  readonly at?: JsonPlace;
  /** What speaks for ours, in the words of whoever looked for it; none has been looked for when absent. */
  readonly proof?: readonly string[];
}

/** A place in a JSON value. */
export type JsonPlace = readonly (string | number)[];

/**
 * Lists where `got` is not `want`. Keys that only `got` has are no difference; the order of keys does not matter.
 * Lists of different lengths are one difference, at their own path.
 */
export function compareJson(want: unknown, got: unknown): Difference[] {
  return compareAt(want, got, "", []);
}

function compareAt(want: unknown, got: unknown, path: string, at: JsonPlace): Difference[] {
  if (Array.isArray(want) && Array.isArray(got)) {
    if (want.length !== got.length) return [difference(path, at, want, got)];
    return want.flatMap((item, i) => compareAt(item, got[i], `${path}[${nameOf(item)}]`, [...at, i]));
  }
  if (isObject(want) && isObject(got)) {
    return Object.keys(want).flatMap((key) => {
      const inner = path === "" ? key : `${path}.${key}`;
      return Object.hasOwn(got, key)
        ? compareAt(want[key], got[key], inner, [...at, key])
        : [{ path: inner, want: show(want[key]), got: "absent", at: [...at, key] }];
    });
  }
  return want === got ? [] : [difference(path, at, want, got)];
}

/** The path of a place in a value, in the form of Difference. */
export function pathOf(value: unknown, at: JsonPlace): string {
  let path = "";
  let inner = value;
  for (const key of at) {
    inner = (inner as Record<string | number, unknown> | undefined)?.[key];
    if (typeof key === "number") path += `[${nameOf(inner)}]`;
    else path += path === "" ? key : `.${key}`;
  }
  return path;
}

/** The name of an action, field, instruction or property; empty for items that have none. */
function nameOf(item: unknown): string {
  if (!isObject(item)) return "";
  const name = item.field ?? item.action ?? item.instruction ?? item.property;
  return typeof name === "string" ? name : "";
}

function difference(path: string, at: JsonPlace, want: unknown, got: unknown): Difference {
  return { path, want: show(want), got: show(got), at };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, v) => (typeof v === "bigint" ? v.toString() : v)) ?? "undefined";
}
