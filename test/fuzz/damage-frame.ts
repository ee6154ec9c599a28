/** Damage for frames. */
import fc from "fast-check";
import { patched } from "./seeds.js";
import { sweepValues } from "./sweep.js";
import { type Site, WalkError, walk } from "./walk.js";

/** One change of a frame. Positions are fractions, so that they fit frames of any length. */
type Edit =
  | { readonly kind: "set"; readonly at: number; readonly byte: number }
  | { readonly kind: "flip"; readonly at: number; readonly bit: number }
  | { readonly kind: "word"; readonly at: number; readonly value: number }
  | { readonly kind: "meaning"; readonly at: number; readonly value: number }
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
  fc.record({ kind: fc.constant("meaning" as const), at: place, value: place }),
  fc.record({ kind: fc.constant("cut" as const), at: place }),
  fc.record({
    kind: fc.constant("insert" as const),
    at: place,
    bytes: fc.uint8Array({ minLength: 1, maxLength: 24 }),
  }),
  fc.record({
    kind: fc.constant("splice" as const),
    at: place,
    other: place,
    from: place,
  }),
);

/** Largest frame that is worth decoding here. */
const MAX_FRAME = 4096;

function apply(frame: Buffer, change: Edit, frames: readonly Buffer[]): Buffer {
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
    case "meaning": {
      const sites = meantSites(frame);
      const site = pick(sites, change.at);
      const value = site && pick(sweepValues(frame, site, true), change.value);
      if (site && value !== undefined) frame.writeUIntBE(value, site.at, Math.min(4, site.bytes));
      return frame;
    }
    case "cut":
      return frame.subarray(0, at);
    case "insert":
      return Buffer.concat([frame.subarray(0, at), change.bytes, frame.subarray(at)]);
    case "splice": {
      const other = pick(frames, change.other) ?? frame;
      return Buffer.concat([frame.subarray(0, at), other.subarray(Math.floor(change.from * other.length))]);
    }
  }
}

/** The words of a frame that lead somewhere: lengths and types. None when it is damaged so much that it cannot be walked. */
function meantSites(frame: Buffer): readonly Site[] {
  try {
    return walk(patched(frame)).filter(({ kind }) => kind === "length" || kind === "type");
  } catch (error) {
    if (error instanceof WalkError) return [];
    throw error;
  }
}

function pick<T>(list: readonly T[], at: number): T | undefined {
  return list[Math.floor(at * list.length)];
}

/** Frames near some of `frames`: whole by their header, wrong inside. */
export function damaged(frames: readonly Buffer[]): fc.Arbitrary<Buffer> {
  return fc
    .tuple(
      fc.nat(frames.length - 1),
      fc.array(edit, { minLength: 1, maxLength: 4 }),
      fc.option(fc.integer({ min: 1, max: 6 }), { freq: 8 }),
      fc.option(fc.nat(40), { freq: 12 }),
    )
    .map(([index, edits, version, type]) => {
      let frame = Buffer.from(frames[index] ?? Buffer.alloc(8));
      for (const change of edits) frame = Buffer.from(apply(frame, change, frames));
      if (version !== null) frame[0] = version;
      if (type !== null) frame[1] = type;
      return patched(frame.subarray(0, MAX_FRAME));
    });
}

/** Frames of a version, a type, and nothing else that makes sense. */
export const random: fc.Arbitrary<Buffer> = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.nat(36), fc.uint8Array({ maxLength: 120 }))
  .map(([version, type, body]) =>
    patched(Buffer.concat([Buffer.from([version, type, 0, 0, 0, 0, 0, 1]), body])),
  );
