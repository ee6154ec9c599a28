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
}

/**
 * Lists where `got` is not `want`. Keys that only `got` has are no difference; the order of keys does not matter.
 * Lists of different lengths are one difference, at their own path.
 */
export function compareJson(want: unknown, got: unknown, path = ""): Difference[] {
  if (Array.isArray(want) && Array.isArray(got)) {
    if (want.length !== got.length) return [difference(path, want, got)];
    return want.flatMap((item, i) => compareJson(item, got[i], `${path}[${nameOf(item)}]`));
  }
  if (isObject(want) && isObject(got)) {
    return Object.keys(want).flatMap((key) => {
      const inner = path === "" ? key : `${path}.${key}`;
      return Object.hasOwn(got, key)
        ? compareJson(want[key], got[key], inner)
        : [{ path: inner, want: show(want[key]), got: "absent" }];
    });
  }
  return want === got ? [] : [difference(path, want, got)];
}

/** The name of an action, field, instruction or property; empty for items that have none. */
function nameOf(item: unknown): string {
  if (!isObject(item)) return "";
  const name = item.field ?? item.action ?? item.instruction ?? item.property;
  return typeof name === "string" ? name : "";
}

function difference(path: string, want: unknown, got: unknown): Difference {
  return { path, want: show(want), got: show(got) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, v) => (typeof v === "bigint" ? v.toString() : v)) ?? "undefined";
}
