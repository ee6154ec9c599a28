/** Matches from arbitrary frames: what their version can say, what they take, and what they do not. */
import fc from "fast-check";
import { describe, it } from "vitest";
import { ALL_VERSIONS, type Version } from "../../src/base/index.js";
import type { Field } from "../../src/codec/catalog.js";
import { matchCovers, matchFromPacket } from "../../src/codec/match.js";
import { decodeMessage, encodeMessage } from "../../src/library/index.js";
import { mutatedFrames, stackedFrames } from "../packet/generated.js";

const RUNS = 1000;

const cases = fc.record({
  frame: fc.oneof(mutatedFrames, stackedFrames).map((frame) => Uint8Array.from(frame)),
  version: fc.constantFrom(...ALL_VERSIONS),
  port: fc.integer({ min: 1, max: 0xff00 }),
  tags: fc.record({ vlanTags: fc.constantFrom(1, 2, 8) }),
});

function mustHold(holds: boolean, what: unknown): void {
  if (!holds) throw new Error(`not so: ${JSON.stringify(what)}`);
}

/** The field with another value. */
function changed({ field, value }: Field): Field {
  if (typeof value === "number") return { field, value: value ^ 1 } as Field;
  const text = String(value);
  const digit = /\d$/.test(text) ? (Number(text.at(-1)) ^ 1) % 10 : "1";
  // The empty end of an IPv6 address is zero.
  return { field, value: text.endsWith(":") ? `${text}1` : text.slice(0, -1) + digit } as Field;
}

/** The field under a mask. */
function masked({ field, value }: Field, bits: number): Field {
  if (typeof value === "number") return { field, value, mask: bits & 0xff } as Field;
  if (/^..:..:..:..:..:..$/.test(String(value)))
    return { field, value, mask: `${bits.toString(16).padStart(2, "0")}:ff:00:ff:00:ff` } as Field;
  return { field, value: `${value}/${bits & 31}` } as Field;
}

function without(match: readonly Field[], i: number): Field[] {
  return match.filter((_, at) => at !== i);
}

function replaced(match: readonly Field[], i: number, one: Field): Field[] {
  return match.map((old, at) => (at === i ? one : old));
}

function ofFlow(match: readonly Field[], version: Version): Field[] {
  const message = {
    type: "FLOW_MOD",
    version,
    msg: { table_id: 0, command: "ADD", match, instructions: [] },
  };
  const back = decodeMessage(encodeMessage(message as unknown as Parameters<typeof encodeMessage>[0]));
  return (back.msg as { match: Field[] }).match;
}

describe("the match of a packet", () => {
  it("is a match of its version, of which nothing is lost or added, and takes the packet", () => {
    fc.assert(
      fc.property(cases, ({ frame, version, port, tags }) => {
        const match = matchFromPacket(frame, port, version, tags);
        const back = ofFlow(match, version);
        mustHold(back.length === match.length, { match, back });
        mustHold(matchCovers(match, frame, port, version, tags), match);
        mustHold(matchCovers(back, frame, port, version, tags), back);
      }),
      { numRuns: RUNS },
    );
  });

  it("takes the packet with fewer fields and under masks", () => {
    fc.assert(
      fc.property(cases, fc.nat({ max: 255 }), fc.nat(), ({ frame, version, port, tags }, bits, n) => {
        const match = matchFromPacket(frame, port, version, tags);
        const i = n % match.length;
        // Fixed matches say what fields mean by other fields, and have few masks.
        if (version < 3) return;
        const options = { ...tags, unchecked: true };
        mustHold(matchCovers(without(match, i), frame, port, version, options), [i, match]);
        const wider = replaced(match, i, masked(match[i]!, bits));
        mustHold(matchCovers(wider, frame, port, version, options), [i, wider]);
      }),
      { numRuns: RUNS },
    );
  });

  it("does not take the packet once a value is another one", () => {
    fc.assert(
      fc.property(cases, fc.nat(), ({ frame, version, port, tags }, n) => {
        const match = matchFromPacket(frame, port, version, tags);
        const i = n % match.length;
        if (version < 3 && ["ETH_TYPE", "IP_PROTO"].includes(match[i]!.field)) return;
        const other = replaced(match, i, changed(match[i]!));
        const covers = matchCovers(other, frame, port, version, { ...tags, unchecked: true });
        mustHold(!covers, [i, match, other]);
      }),
      { numRuns: RUNS },
    );
  });
});
