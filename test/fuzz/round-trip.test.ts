import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { damaged } from "./mutations.js";
import { decoded, encoded, RUNS, seeds } from "./seeds.js";

describe("a message", () => {
  it.each(seeds.map((frame) => [frame.toString("hex").slice(0, 40), frame] as const))(
    "comes back byte for byte: %s…",
    (_hex, frame) => {
      const text = decoded(frame) ?? "";
      expect(encoded(text)?.toString("hex")).toBe(frame.toString("hex"));
    },
  );

  it("that decodes encodes to a message with the same text, or is refused", () => {
    fc.assert(
      fc.property(damaged, (frame) => {
        const text = decoded(frame);
        if (text === undefined) return;
        const again = encoded(text);
        if (again !== undefined) expect(decoded(again)).toBe(text);
      }),
      { numRuns: 5000 * RUNS },
    );
  });
});
