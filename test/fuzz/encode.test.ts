import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { operate, operations } from "./mutations.js";
import { decoded, encoded, encodedValue, RUNS, seeds } from "./seeds.js";

const texts = seeds.map((frame) => decoded(frame) ?? "{}");

describe("any JSON", () => {
  it("encodes to a frame that decodes, or is refused", () => {
    fc.assert(
      fc.property(fc.constantFrom(...texts), operations, fc.boolean(), (text, changes, unchecked) => {
        const json = JSON.parse(text) as unknown;
        operate(json, changes);
        const frame = encoded(JSON.stringify(json), unchecked);
        if (frame !== undefined) expect(decoded(frame), frame.toString("hex")).toBeDefined();
      }),
      { numRuns: 6000 * RUNS },
    );
  });

  it("is refused in the same way in every version, or encodes", () => {
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.integer({ min: 1, max: 6 }), (text, version) => {
        const json = { ...(JSON.parse(text) as object), version };
        const frame = encoded(JSON.stringify(json), false);
        if (frame !== undefined) expect(decoded(frame), frame.toString("hex")).toBeDefined();
      }),
      { numRuns: 2000 * RUNS },
    );
  });

  it("is refused when it is no message", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(encodedValue(json, 4)).toBeUndefined();
      }),
      { numRuns: 500 * RUNS },
    );
  });
});
