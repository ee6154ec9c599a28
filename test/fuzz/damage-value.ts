/** Damage for JSON values. */
import fc from "fast-check";

/** A place in a list, as a fraction, so that it fits lists of any length. */
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** Values that stand where others should: of other types, out of range, with names that objects have by birth. */
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    null,
    true,
    "",
    "ALL",
    "ANY",
    "0x",
    "0xFFFFFFFFFFFFFFFFFF",
    "constructor",
    "__proto__",
    "\u0000",
    "\udc80",
    "ä",
  ),
  fc.constantFrom(0, -1, 1.5, 255, 256, 65535, 65536, 4294967295, 4294967296, 2 ** 53, 2 ** 64, 1e300, -0),
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(
    "::1",
    "1.2.3.4",
    "01:02:03:04:05:06",
    "5.x3b9aca00",
    "NX_REG0[0:16]",
    "NX_REG0[31:99]",
    "EXPERIMENTER",
    "0x0099",
  ),
);
const oddKey = fc.constantFrom(
  "field",
  "value",
  "mask",
  "action",
  "type",
  "msg",
  "_match",
  "_order",
  "properties",
  "toString",
  "x",
);

/** What to do with the value that a walk ends at. */
const surgery = fc.oneof(
  fc.record({ kind: fc.constant("replace" as const), value: oddValue }),
  fc.record({ kind: fc.constant("remove" as const) }),
  fc.record({ kind: fc.constant("add" as const), key: oddKey, value: oddValue }),
  fc.record({ kind: fc.constant("repeat" as const), times: fc.integer({ min: 2, max: 40 }) }),
);
type Surgery = typeof surgery extends fc.Arbitrary<infer T> ? T : never;

/** A walk into a JSON value, a fraction per step, and what to do there. */
export const operations = fc.array(fc.tuple(fc.array(place, { minLength: 1, maxLength: 8 }), surgery), {
  minLength: 1,
  maxLength: 3,
});

/** Changes `json` in place. */
export function operate(json: unknown, changes: readonly (readonly [readonly number[], Surgery])[]): void {
  for (const [walk, change] of changes) {
    let parent: Record<string, unknown> | undefined;
    let key = "";
    let node: unknown = json;
    for (const step of walk) {
      if (typeof node !== "object" || node === null) break;
      const keys = Object.keys(node);
      if (keys.length === 0) break;
      parent = node as Record<string, unknown>;
      key = keys[Math.floor(step * keys.length)] ?? "";
      node = parent[key];
    }
    if (parent !== undefined) cutAt(parent, key, node, change);
  }
}

function cutAt(parent: Record<string, unknown>, key: string, node: unknown, change: Surgery): void {
  switch (change.kind) {
    case "replace":
      parent[key] = change.value;
      return;
    case "remove":
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete parent[key];
      return;
    case "add":
      if (!Array.isArray(parent)) parent[change.key] = change.value;
      return;
    case "repeat":
      parent[key] = new Array(change.times).fill(node);
  }
}
