import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonPositionOf, parseYaml } from "../../src/text/index.js";

const TEXT = '{"id":20, "params" : {"a]":[1,{"b":"x,]}\\""}, "c"],"n":-1e3},"last":[]}';

function column(path: (string | number)[], target?: "key", text = TEXT): number {
  const position = jsonPositionOf(text, path, target);
  expect(position.line).toBe(1);
  return position.column;
}

describe("jsonPositionOf", () => {
  it("finds values", () => {
    expect(column([])).toBe(1);
    expect(column(["id"])).toBe(7);
    expect(column(["params"])).toBe(22);
    expect(column(["params", "a]"])).toBe(28);
    expect(column(["params", "a]", 1])).toBe(31);
    expect(column(["params", "a]", 1, "b"])).toBe(36);
    expect(column(["params", "a]", 2])).toBe(47);
    expect(column(["params", "n"])).toBe(56);
    expect(column(["last"])).toBe(69);
  });

  it("finds keys", () => {
    expect(column(["params"], "key")).toBe(11);
    expect(column(["params", "a]", 1, "b"], "key")).toBe(32);
    expect(column(["params", "a]", 2], "key")).toBe(47);
  });

  it("finds the innermost existing part of a path that does not exist", () => {
    expect(column(["nothing"])).toBe(1);
    expect(column(["params", "missing", "b"])).toBe(22);
    expect(column(["params", "a]", 3])).toBe(28);
    expect(column(["params", "a]", "b"])).toBe(28);
    expect(column(["id", "b"])).toBe(7);
    expect(column(["last", 0])).toBe(69);
    expect(column(["a", 0], undefined, "{ }")).toBe(1);
  });

  it("reads keys as JSON does: escapes, and the last of several", () => {
    expect(column(["a\nb"], undefined, '{"a\\nb":1}')).toBe(9);
    expect(column(["a"], undefined, '{"a":1,"b":{"a":2},"a":3}')).toBe(24);
  });

  it("counts lines, and a byte order mark as a column", () => {
    expect(jsonPositionOf('{\n  "a": [\n    7\n  ]\n}', ["a", 0])).toEqual({ line: 3, column: 5 });
    expect(column(["a"], undefined, '\ufeff{"a":1}')).toBe(7);
  });

  it("finds what stands behind strings and lists of megabytes", () => {
    const text = `{"a":"${'\\"['.repeat(1 << 22)}","b":[${"[],".repeat(1 << 18)}{"c":1}]}`;
    expect(column(["b", 1 << 18, "c"], undefined, text)).toBe(text.length - 3);
  });

  it("agrees with the YAML reader", () => {
    const anyJson = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.stringify(value, null, 1));
    fc.assert(
      fc.property(anyJson, (text) => {
        // YAML has further spaces and line ends.
        fc.pre(/^[\n\x20-\x7e]*$/.test(text));
        const document = parseYaml(text);
        const visit = (value: unknown, path: (string | number)[]): void => {
          expect(jsonPositionOf(text, path)).toEqual(document.positionOf(path));
          if (Array.isArray(value)) for (const [i, element] of value.entries()) visit(element, [...path, i]);
          else if (typeof value === "object" && value !== null)
            for (const [key, member] of Object.entries(value)) visit(member, [...path, key]);
        };
        visit(JSON.parse(text), []);
      }),
      { numRuns: 200 },
    );
  });
});
