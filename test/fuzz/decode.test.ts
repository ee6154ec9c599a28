import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { damaged, random } from "./mutations.js";
import { decoded, patched, RUNS, seeds } from "./seeds.js";

/** All that is demanded of the decoder for bytes from anywhere: valid JSON in ASCII, or a DecodeError. */
function check(frame: Buffer): void {
  const text = decoded(frame);
  if (text === undefined) return;
  expect(text).toMatch(/^[\x20-\x7f]*$/);
  expect(() => JSON.parse(text)).not.toThrow();
}

describe("any bytes", () => {
  it("decode to JSON or are refused", () => {
    fc.assert(fc.property(random, check), { numRuns: 3000 * RUNS });
  });

  it("decode to JSON or are refused when they are nearly right", () => {
    fc.assert(fc.property(damaged, check), { numRuns: 6000 * RUNS });
  });

  it("decode to the same text wherever they stand in a buffer", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom(...seeds), damaged),
        fc.integer({ min: 1, max: 40 }),
        fc.uint8Array({ minLength: 64, maxLength: 64 }),
        (frame, before, around) => {
          const buffer = Buffer.concat([around.subarray(0, before), frame, around]);
          expect(decoded(buffer.subarray(before, before + frame.length))).toBe(decoded(frame));
        },
      ),
      { numRuns: 3000 * RUNS },
    );
  });
});

describe("every truncation of a message, with its length put right", () => {
  it("decodes to JSON or is refused", () => {
    for (const frame of seeds) {
      for (let length = 8; length < frame.length; length++) check(patched(frame.subarray(0, length)));
    }
  });

  it("does not see the bytes that were cut off", () => {
    for (const frame of seeds) {
      for (let length = 8; length < frame.length; length += 3) {
        const cut = patched(frame.subarray(0, length));
        const cover = Buffer.concat([cut, frame.subarray(length)]);
        expect(decoded(cover.subarray(0, length))).toBe(decoded(cut));
      }
    }
  });
});
