import { describe, expect, it } from "vitest";
import { expectedSites } from "./expected-sites.js";
import { checkFrame } from "./oracle.js";
import { chooseFrames, type Walked } from "./pool.js";
import { sweep, sweepErrors } from "./sweep.js";

/** Milliseconds for all words of a version, on a machine that has other things to do. */
const LIMIT = 120_000;

const frames = chooseFrames(1);

/** A word of a frame. */
interface Place {
  readonly frame: Buffer;
  readonly site: Walked["sites"][number];
  /** Its kind of container has not been seen before. */
  readonly isFirst: boolean;
}

/** The first place of each word in each version. */
function* firstPlaces(version: number): Generator<Place> {
  const seen = new Set<string>();
  for (const { frame, sites } of frames) {
    if (frame[0] !== version) continue;
    for (const site of sites) {
      if (seen.has(site.name)) continue;
      seen.add(site.name);
      const container = `type in ${site.name.replace(/\..*/, "")} ${site.name.replace(/.*\./, "")}`;
      const isFirst = !seen.has(container);
      seen.add(container);
      yield { frame, site, isFirst };
    }
  }
}

describe("the frames to start from", () => {
  it("have each length, type, enum, set of flags and number of the schema in each version that has it", () => {
    const found = new Set(
      frames.flatMap(({ frame, sites }) => sites.map(({ name }) => `${name}@${frame[0]}`)),
    );
    expect([...expectedSites()].filter((name) => !found.has(name))).toEqual([]);
  });

  it("come back byte for byte, but for padding", () => {
    for (const { frame } of frames) checkFrame(frame);
  });
});

describe.each([1, 2, 3, 4, 5, 6])("each word of a frame of wire version %i", (version) => {
  it("may have any value: the frame comes back byte for byte, or is refused", { timeout: LIMIT }, () => {
    let decoded = 0;
    let all = 0;
    for (const { frame, site, isFirst } of firstPlaces(version)) {
      for (const changed of sweep(frame, site, isFirst)) {
        all++;
        if (checkFrame(changed)) decoded++;
      }
    }
    // Neither would mean that something else was tried than what was meant.
    expect(decoded).toBeGreaterThan(0.5 * all);
    expect(decoded).toBeLessThan(0.99 * all);
  });

  it("of an error may be any type with any code", () => {
    for (const frame of sweepErrors(version)) expect(checkFrame(frame)).toBe(true);
  });
});
