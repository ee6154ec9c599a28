import { beforeEach, describe, expect, it } from "vitest";
import { REFUSAL_INTERVAL, Refusals } from "../../src/channel/index.js";
import { FakeClock } from "./fake-clock.js";

describe("connections that are refused", () => {
  let clock: FakeClock;
  let refusals: Refusals;
  let told: string[];

  beforeEach(() => {
    clock = new FakeClock();
    told = [];
    refusals = new Refusals(clock, (connId, message) => told.push(`${connId} ${message}`));
  });

  it("are told at once while they are few", () => {
    refusals.add(1, "a", "full");
    clock.advance(REFUSAL_INTERVAL);
    refusals.add(1, "b", "full");
    expect(told).toEqual(["1 A connection of a was closed: full", "1 A connection of b was closed: full"]);
  });

  it("are told together once a second while they are many, and none is left out of the count", () => {
    for (let i = 0; i < 10_000; i++) refusals.add(1, `peer ${i}`, "full");
    expect(told).toHaveLength(1);
    clock.advance(REFUSAL_INTERVAL);
    refusals.add(1, "late", "quite full");
    expect(told.slice(1)).toEqual([
      "1 9999 more connections were closed in the last second, the latest of peer 9999: full",
    ]);
    clock.advance(REFUSAL_INTERVAL);
    expect(told.slice(2)).toEqual([
      "1 1 more connection was closed in the last second, the latest of late: quite full",
    ]);
    clock.advance(REFUSAL_INTERVAL);
    refusals.add(1, "c", "full");
    expect(told.slice(3)).toEqual(["1 A connection of c was closed: full"]);
  });

  it("are counted for each listener", () => {
    refusals.add(1, "a", "full");
    refusals.add(2, "b", "full");
    expect(told).toHaveLength(2);
  });
});
