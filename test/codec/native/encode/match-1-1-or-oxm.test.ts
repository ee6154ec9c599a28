import { describe, expect, it } from "vitest";
import { MessageWriter } from "../../../../src/codec/message-writer.js";
import { encodeMatch_1_1OrOxm } from "../../../../src/codec/native/encode/match-1-1-or-oxm.js";
import { match11 } from "../fixed-matches.js";

/** IN_PORT 1 as Open vSwitch sends it in a flow description of 1.1. */
const KEPT = "0001000C800000040000000100000000";

function encode(list: unknown, residue?: unknown): string {
  const w = new MessageWriter();
  w.version = 2;
  encodeMatch_1_1OrOxm(w, list, residue, "match");
  return w.view(0).toString("hex").toUpperCase();
}

describe("a match of a flow description encoded for OpenFlow 1.1", () => {
  it("is the standard match where nothing was kept", () => {
    expect(encode([])).toBe(match11().toString("hex").toUpperCase());
  });

  it("is what was kept where the list says the same", () => {
    expect(encode([{ field: "IN_PORT", value: 1 }], KEPT)).toBe(KEPT);
  });

  it("is the standard match where the list says something else", () => {
    const standard = encode([{ field: "IN_PORT", value: 2 }]);
    expect(encode([{ field: "IN_PORT", value: 2 }], KEPT)).toBe(standard);
    expect(standard).toMatch(/^0000005800000002000003FE/);
  });

  it("is what was kept of a standard match, too", () => {
    const kept = match11().toString("hex").toUpperCase();
    expect(encode([], kept)).toBe(kept);
  });

  it.each([
    ["shorter than it says", "0001000C8000000400000001", "_match: 12 bytes, its length says 12"],
    ["longer than it says", `${KEPT}0000000000000000`, "_match: 24 bytes, its length says 12"],
    ["without its head", "0001000300000000", "_match: 8 bytes, its length says 3"],
    ["no match at all", "0001", "_match: 2 bytes, 88 were expected"],
  ])("refuses what was kept if it is %s", (_, residue, message) => {
    expect(() => encode([{ field: "IN_PORT", value: 1 }], residue)).toThrow(message);
  });
});
