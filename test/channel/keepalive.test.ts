import { describe, expect, it } from "vitest";
import { Counters } from "../../src/channel/index.js";
import { Keepalive } from "../../src/channel/keepalive.js";

describe("Keepalive", () => {
  const make = (interval: number, count: number): { keepalive: Keepalive; counters: Counters } => {
    const counters = new Counters();
    return { keepalive: new Keepalive({ interval, count }, counters), counters };
  };

  /** Looks each second for so long, asks when that is called for, and gives what was said when. */
  function watch(keepalive: Keepalive, seconds: number, from = 0): string[] {
    const said: string[] = [];
    for (let s = from; s <= seconds; s++) {
      const verdict = keepalive.check(s * 1000);
      if (verdict === "ask") keepalive.asked(s * 1000);
      if (verdict !== undefined) said.push(`${verdict} ${s}`);
      if (verdict === "dead") break;
    }
    return said;
  }

  it("asks after an interval of silence, and gives up after one more", () => {
    expect(watch(make(10_000, 1).keepalive, 60)).toEqual(["ask 10", "dead 20"]);
  });

  it("asks as often as it shall", () => {
    expect(watch(make(5000, 3).keepalive, 60)).toEqual(["ask 5", "ask 10", "ask 15", "dead 20"]);
  });

  it("asks again only when the peer is silent again", () => {
    const { keepalive } = make(10_000, 1);
    expect(watch(keepalive, 12)).toEqual(["ask 10"]);
    keepalive.heard(12_000);
    expect(watch(keepalive, 60, 13)).toEqual(["ask 22", "dead 32"]);
  });

  it("never asks when it shall not", () => {
    expect(watch(make(0, 1).keepalive, 3600)).toEqual([]);
  });

  it("measures how long answers take, each for its own question", () => {
    const { keepalive, counters } = make(10_000, 3);
    keepalive.asked(1000);
    keepalive.asked(2000);
    keepalive.answered(2500);
    keepalive.answered(2600);
    keepalive.answered(9999);
    expect(counters).toMatchObject({ echoes: 2, echoLast: 600, echoSum: 2100 });
  });

  it("remembers no more questions than can be open", () => {
    const { keepalive, counters } = make(10_000, 1);
    for (let at = 1; at <= 100; at++) keepalive.asked(at * 1000);
    for (let i = 0; i < 100; i++) keepalive.answered(101_000);
    expect(counters.echoes).toBe(2);
  });

  it("does not count silence that nobody could have heard", () => {
    const { keepalive } = make(10_000, 1);
    keepalive.forgive(15_000);
    expect(watch(keepalive, 60, 15)).toEqual(["ask 25", "dead 35"]);
  });
});
