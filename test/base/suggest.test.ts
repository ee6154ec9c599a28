import { describe, expect, it } from "vitest";
import { didYouMean, suggest } from "../../src/base/index.js";

const PORTS = ["IN_PORT", "TABLE", "NORMAL", "FLOOD", "ALL", "CONTROLLER", "LOCAL", "ANY"];

describe("suggest", () => {
  it.each([
    ["FLOD", "FLOOD"],
    ["flood", "FLOOD"],
    ["FOLOD", "FLOOD"],
    ["in-port", "IN_PORT"],
    ["OFPP_FLOOD", "FLOOD"],
    ["OFPP_ALL", "ALL"],
    ["CONTROLER", "CONTROLLER"],
    ["AYN", "ANY"],
  ])("takes %j for %j", (word, wanted) => {
    expect(suggest(word, PORTS)).toBe(wanted);
  });

  it("says nothing when nothing is close", () => {
    expect(suggest("BOGUS", PORTS)).toBeUndefined();
    expect(suggest("CHANNEL_UP", ["PACKET_IN", "HELLO"])).toBeUndefined();
    expect(suggest("", PORTS)).toBeUndefined();
    expect(suggest("X", [])).toBeUndefined();
  });

  it("prefers the closest, and of two the first", () => {
    expect(suggest("priorty", ["priorities", "priority"])).toBe("priority");
    expect(suggest("ab", ["ac", "ad"])).toBe("ac");
  });

  it("looks at no word of absurd length", () => {
    expect(suggest("A".repeat(100_000), ["A".repeat(99_999)])).toBeUndefined();
  });
});

describe("didYouMean", () => {
  it("is a parenthesis or nothing", () => {
    expect(didYouMean("valu", ["field", "value", "mask"])).toBe(" (did you mean value?)");
    expect(didYouMean("zzz", ["field"])).toBe("");
  });
});
