import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FrequentKeys } from "../../src/traffic/frequent-keys.js";

const CAPACITY = 8;

describe("the most frequent keys", () => {
  it("are never counted too low, too high by no more than is said, and none that is frequent is missed", () => {
    // Some keys are much more frequent than others.
    const key = fc.integer({ min: 0, max: 999 }).map((n) => `k${Math.floor(n ** 3 / 1e7)}`);
    fc.assert(
      fc.property(fc.array(key, { maxLength: 400 }), (keys) => {
        const exact = new Map<string, number>();
        const frequent = new FrequentKeys(CAPACITY);
        for (const one of keys) {
          exact.set(one, (exact.get(one) ?? 0) + 1);
          frequent.add(one);
        }
        const found = new Map(frequent.top(CAPACITY).map((one) => [one.key, one]));
        expect(found.size).toBe(Math.min(exact.size, CAPACITY));
        for (const [name, { count, over }] of found) {
          const times = exact.get(name) ?? 0;
          expect(count).toBeGreaterThanOrEqual(times);
          expect(count - over).toBeLessThanOrEqual(times);
        }
        for (const [name, times] of exact)
          if (times > keys.length / CAPACITY) expect(found.has(name)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it("are exact while they are few, the most frequent first", () => {
    const frequent = new FrequentKeys(3);
    for (const one of ["a", "b", "b", "c", "c", "c"]) frequent.add(one);
    expect(frequent.top(2)).toEqual([
      { key: "c", count: 3, over: 0 },
      { key: "b", count: 2, over: 0 },
    ]);
  });

  it("say how much too high they may be once there were too many", () => {
    const frequent = new FrequentKeys(2);
    for (const one of ["a", "a", "b", "c"]) frequent.add(one);
    expect(frequent.top(2)).toEqual([
      { key: "a", count: 2, over: 0 },
      { key: "c", count: 2, over: 1 },
    ]);
  });
});
