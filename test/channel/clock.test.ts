import { describe, expect, it } from "vitest";
import { formatWallTime, systemClock } from "../../src/channel/clock.js";

describe("systemClock", () => {
  it("tells the time of day to a few milliseconds", () => {
    const time = { sec: 0, nsec: 0 };
    const before = Date.now();
    systemClock().wall(time);
    const ms = time.sec * 1000 + time.nsec / 1e6;
    expect(ms).toBeGreaterThanOrEqual(before - 3);
    expect(ms).toBeLessThanOrEqual(Date.now() + 3);
    expect(Number.isInteger(time.nsec)).toBe(true);
  });

  it("never goes back", () => {
    const { now } = systemClock();
    const first = now();
    expect(now()).toBeGreaterThanOrEqual(first);
  });
});

describe("formatWallTime", () => {
  it("writes nine digits of nanoseconds", () => {
    expect(formatWallTime({ sec: 1795252903, nsec: 42 })).toBe("1795252903.000000042");
  });
});
