// Differences of JSON values: lists are laid beside each other.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonDifferences } from "../../src/ops/json-differences.js";

const paths = (a: unknown, b: unknown): string[] => [...jsonDifferences(a, b)].map(({ path }) => path);

describe("differences of JSON values", () => {
  it("name the place and both values", () => {
    expect([
      ...jsonDifferences({ msg: { a: 1, b: [1, { c: "x" }] } }, { msg: { a: 2, b: [1, { c: null }] } }),
    ]).toEqual([
      { path: "msg.a", recorded: "1", now: "2" },
      { path: "msg.b[1].c", recorded: '"x"', now: "null" },
    ]);
  });

  it("tell an element that one side has alone, not those behind it", () => {
    expect([...jsonDifferences({ l: ["b", "c"] }, { l: ["a", "b", "c"] })]).toEqual([
      { path: "l[0]", recorded: undefined, now: '"a"' },
    ]);
    expect([...jsonDifferences({ l: ["a", "b", "c"] }, { l: ["a", "c"] })]).toEqual([
      { path: "l[1]", recorded: '"b"', now: undefined },
    ]);
  });

  it("compare elements in turn between those that are the same", () => {
    const a = [
      { k: 1, v: 1 },
      { k: 2, v: 2 },
      { k: 3, v: 3 },
    ];
    const b = [
      { k: 1, v: 9 },
      { k: 2, v: 2 },
      { k: 3, v: 8 },
      { k: 4, v: 4 },
    ];
    expect(paths(a, b)).toEqual(["[0].v", "[2].v", "[3]"]);
  });

  it("tell a list and an object apart, and what is there with null", () => {
    expect(paths({ a: [] }, { a: {} })).toEqual(["a"]);
    expect(paths({ a: null }, {})).toEqual(["a"]);
  });

  it("of long lists that have nothing in common come soon", () => {
    const list = (text: string): string[] => Array.from({ length: 20_000 }, (_, i) => `${text}${i}`);
    expect(paths(list("a"), list("b"))).toHaveLength(20_000);
  });

  it("are as many as the elements that were put in or taken out", () => {
    const element = fc.integer({ min: 0, max: 3 });
    fc.assert(
      fc.property(fc.array(element), fc.array(fc.tuple(fc.nat(), fc.constant("new"))), (list, added) => {
        const other: unknown[] = [...list];
        for (const [at, value] of added) other.splice(at % (other.length + 1), 0, value);
        expect(paths(list, other)).toHaveLength(added.length);
        expect(paths(other, list)).toHaveLength(added.length);
      }),
    );
  });
});
