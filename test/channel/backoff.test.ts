import { describe, expect, it } from "vitest";
import { Backoff } from "../../src/channel/backoff.js";

describe("Backoff", () => {
  it("doubles from the least wait to the largest, and begins anew after a success", () => {
    const backoff = new Backoff({ min: 1000, max: 8000 });
    const waits = Array.from({ length: 6 }, () => backoff.next(0));
    expect(waits).toEqual([1000, 2000, 4000, 8000, 8000, 8000]);
    backoff.reset();
    expect(backoff.next(0)).toBe(1000);
  });

  it("takes a random part of up to a half away, but never goes below the least wait", () => {
    const backoff = new Backoff({ min: 1000, max: 8000 });
    const almostOne = 1 - Number.EPSILON;
    expect(Array.from({ length: 4 }, () => backoff.next(almostOne))).toEqual([1000, 1000, 2000, 4000]);
  });
});
