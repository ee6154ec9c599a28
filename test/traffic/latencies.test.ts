import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Latencies } from "../../src/traffic/latencies.js";

/** The latency that this share of all do not exceed, by sorting. */
function exactly(all: readonly number[], share: number): number {
  return all.toSorted((a, b) => a - b)[Math.ceil(all.length * share) - 1] as number;
}

/** Latencies of all sizes, up to 2^51 ns. */
const latency = fc
  .tuple(fc.integer({ min: 0, max: 50 }), fc.double({ min: 1, max: 2, maxExcluded: true, noNaN: true }))
  .map(([power, factor]) => Math.floor(2 ** power * factor));

describe("the histogram of latencies", () => {
  it("is within 1/32 of the exact percentiles, and its maximum is exact", () => {
    fc.assert(
      fc.property(fc.array(latency, { minLength: 1, maxLength: 300 }), (all) => {
        const latencies = new Latencies();
        for (const one of all) latencies.add(one);
        const figures = latencies.figures();
        expect(figures.count).toBe(all.length);
        expect(figures.max).toBe(Math.max(...all));
        for (const [found, share] of [
          [figures.p50, 0.5],
          [figures.p90, 0.9],
          [figures.p99, 0.99],
        ] as const) {
          const exact = exactly(all, share);
          expect(Math.abs(found - exact)).toBeLessThanOrEqual(exact / 32);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("takes clocks that were set back, and days, for what they are", () => {
    const latencies = new Latencies();
    for (const one of [-5, 2 ** 52, 2 ** 52]) latencies.add(one);
    expect(latencies.figures()).toMatchObject({ count: 3, max: 2 ** 52 });
    const back = new Latencies();
    back.add(-5);
    expect(back.figures()).toEqual({ count: 1, p50: 0, p90: 0, p99: 0, max: 0 });
  });
});
