import { describe, expect, it } from "vitest";
import { loadSchema, type Node } from "../../src/schema/index.js";
import {
  byVersion,
  fields,
  flag,
  mapOf,
  parseWhole,
  text,
  textList,
  wholeNumber,
} from "../../src/schema/parse-nodes.js";

/** The node under the only key of a text. */
function node(yaml: string): Node {
  return loadSchema({ name: "a.yaml", text: `k: ${yaml}` }).entries[0]?.value as Node;
}

describe("byVersion", () => {
  it("spreads a plain value over all versions", () => {
    expect(byVersion(node("7"), wholeNumber).slice(1)).toEqual([7, 7, 7, 7, 7, 7]);
  });

  it("spreads ranges, and leaves out what no range names", () => {
    const found = byVersion(node("{1.0: 1, 1.2-1.3: 2, 1.5: 3}"), wholeNumber);
    expect([1, 2, 3, 4, 5, 6].map((v) => found[v])).toEqual([1, undefined, 2, 2, undefined, 3]);
  });

  it.each([
    ["{1.1-1.3: 1, 1.3+: 2}", "a.yaml:1:17: 1.3+ overlaps another range of this map"],
    ["{all: 1, 1.5: 2}", "a.yaml:1:13: 1.5 overlaps another range of this map"],
    ["{1.0: 1, 1.6+: 2}", "a.yaml:1:13: 1.6+ is not a range of versions"],
    ["{1.3-1.1: 1, 1.5: 2}", "a.yaml:1:5: 1.3-1.1 is not a range of versions"],
    ["{}", "a.yaml:1:4: a text was expected, not a map"],
  ])("refuses %s", (yaml, message) => {
    expect(() => byVersion(node(yaml), wholeNumber)).toThrow(message);
  });
});

describe("wholeNumber", () => {
  it.each([
    ["0", 0],
    ["42", 42],
    ["0x8000", 0x8000],
    ["0xffffffff", 0xffffffff],
  ])("reads %s", (said, value) => {
    expect(wholeNumber(node(said))).toBe(value);
  });

  it.each(["''", "-1", "1.5", "1e3", "0b1", "0x", "NaN", "Infinity", "ten"])("refuses %s", (said) => {
    expect(() => wholeNumber(node(said))).toThrow(/^a.yaml:1:4: ".*" is not a whole number$/);
  });

  it("has a form for texts without a place", () => {
    expect([parseWhole("0x10"), parseWhole("x")]).toEqual([16, undefined]);
  });
});

describe("readers of nodes", () => {
  it("say what they expected", () => {
    expect(() => text(node("[a]"))).toThrow("a.yaml:1:4: a text was expected, not a list");
    expect(() => mapOf(node("a"))).toThrow("a.yaml:1:4: a map was expected, not a text");
    expect(() => textList(node("{a: b}"))).toThrow("a.yaml:1:4: a list was expected, not a map");
    expect(() => textList(node("[[a]]"))).toThrow("a.yaml:1:5: a text was expected, not a list");
    expect(() => flag(node("true"))).toThrow('a.yaml:1:4: "true" is neither yes nor no');
  });

  it("read yes and no", () => {
    expect([flag(node("yes")), flag(node("no"))]).toEqual([true, false]);
  });
});

describe("fields", () => {
  it("takes each key once and refuses what nobody took, where it stands", () => {
    const f = fields(node("{a: 1, b: 2}"));
    expect([f.has("a"), f.has("c")]).toEqual([true, false]);
    expect(text(f.take("a"))).toBe("1");
    expect(() => f.done()).toThrow("a.yaml:1:11: b is not a key of the schema language here");
  });

  it("says which key is missing", () => {
    expect(() => fields(node("{a: 1}")).take("b")).toThrow("a.yaml:1:4: b is missing");
  });
});
