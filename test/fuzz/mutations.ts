/** Damage for frames and for JSON values. */
import fc from "fast-check";
import { patched, seeds } from "./seeds.js";

/** One change of a frame. Positions are fractions, so that they fit frames of any length. */
type Edit =
  | { readonly kind: "set"; readonly at: number; readonly byte: number }
  | { readonly kind: "flip"; readonly at: number; readonly bit: number }
  | { readonly kind: "word"; readonly at: number; readonly value: number }
  | { readonly kind: "cut"; readonly at: number }
  | { readonly kind: "insert"; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: "splice"; readonly at: number; readonly other: number; readonly from: number };

const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({
    kind: fc.constant("set" as const),
    at: place,
    byte: fc.oneof(fc.constantFrom(0, 1, 4, 8, 255), fc.nat(255)),
  }),
  fc.record({ kind: fc.constant("flip" as const), at: place, bit: fc.nat(7) }),
  fc.record({
    kind: fc.constant("word" as const),
    at: place,
    value: fc.constantFrom(0, 1, 4, 7, 8, 16, 0x7fff, 0xffff),
  }),
  fc.record({ kind: fc.constant("cut" as const), at: place }),
  fc.record({
    kind: fc.constant("insert" as const),
    at: place,
    bytes: fc.uint8Array({ minLength: 1, maxLength: 24 }),
  }),
  fc.record({
    kind: fc.constant("splice" as const),
    at: place,
    other: fc.nat(seeds.length - 1),
    from: place,
  }),
);

/** Largest frame that is worth decoding here. */
const MAX_FRAME = 4096;

function apply(frame: Buffer, change: Edit): Buffer {
  // The header stays, but for type and version: there is little to find in frames that have none.
  const at = 8 + Math.floor(change.at * Math.max(1, frame.length - 8));
  switch (change.kind) {
    case "set":
      if (at < frame.length) frame[at] = change.byte;
      return frame;
    case "flip":
      if (at < frame.length) frame[at] = (frame[at] ?? 0) ^ (1 << change.bit);
      return frame;
    case "word":
      if (at + 2 <= frame.length) frame.writeUInt16BE(change.value, at);
      return frame;
    case "cut":
      return frame.subarray(0, at);
    case "insert":
      return Buffer.concat([frame.subarray(0, at), change.bytes, frame.subarray(at)]);
    case "splice": {
      const other = seeds[change.other] ?? frame;
      return Buffer.concat([frame.subarray(0, at), other.subarray(Math.floor(change.from * other.length))]);
    }
  }
}

/** Frames near those of real switches: whole by their header, wrong inside. */
export const damaged: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.nat(seeds.length - 1),
    fc.array(edit, { minLength: 1, maxLength: 4 }),
    fc.option(fc.integer({ min: 1, max: 6 }), { freq: 8 }),
    fc.option(fc.nat(40), { freq: 12 }),
  )
  .map(([index, edits, version, type]) => {
    let frame = Buffer.from(seeds[index] ?? Buffer.alloc(8));
    for (const change of edits) frame = Buffer.from(apply(frame, change));
    if (version !== null) frame[0] = version;
    if (type !== null) frame[1] = type;
    return patched(frame.subarray(0, MAX_FRAME));
  });

/** Frames of a version, a type, and nothing else that makes sense. */
export const random: fc.Arbitrary<Buffer> = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.nat(36), fc.uint8Array({ maxLength: 120 }))
  .map(([version, type, body]) =>
    patched(Buffer.concat([Buffer.from([version, type, 0, 0, 0, 0, 0, 1]), body])),
  );

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
