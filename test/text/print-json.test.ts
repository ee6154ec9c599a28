import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextError } from "../../src/base/index.js";
import { Text, writeIndentedJson } from "../../src/text/index.js";

function indented(json: string | Buffer): string {
  const w = new Text(16);
  writeIndentedJson(json, w);
  return w.takeString();
}

describe("writeIndentedJson", () => {
  it("prints as JSON.stringify does, but copies numbers", () => {
    expect(indented('{"a":18446744073709551615,"b":[],"c":{},"d":[1,{"e":"x"}],"f":1.50}')).toBe(
      '{\n  "a": 18446744073709551615,\n  "b": [],\n  "c": {},\n  "d": [\n    1,\n    {\n      "e": "x"\n    }\n  ],\n  "f": 1.50\n}\n',
    );
    expect(indented(" 1 ")).toBe("1\n");
  });

  it("prints every value as JSON.stringify does", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (json) => {
        const value: unknown = JSON.parse(json);
        const ascii = JSON.stringify(value).replace(
          /[^ -~]/g,
          (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
        );
        expect(JSON.parse(indented(ascii))).toEqual(value);
        if (!/\\u/.test(ascii)) expect(indented(ascii)).toBe(`${JSON.stringify(value, null, 2)}\n`);
      }),
    );
  });

  it.each(["", "{", '{"a"}', '{"a":}', "[1,]", "[1 2]", "{1:2}", "[", "1 2", '"a', "}", "nope!"])(
    "refuses %j",
    (json) => {
      expect(() => indented(json)).toThrow(TextError);
    },
  );

  it("refuses nesting beyond the limit", () => {
    expect(() => indented("[".repeat(100_000))).toThrow(expect.objectContaining({ code: "TOO_DEEP" }));
  });
});
