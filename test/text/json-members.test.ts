import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jsonMembers } from "../../src/text/index.js";

describe("jsonMembers", () => {
  it("gives the texts of values as they are written", () => {
    const text =
      '{"id":12345678901234567890,"r":{"a":[1.0,{"b":"}"}],"c":"\\"],"} , "e" : [ ] ,"":"x","\\u0061":null}';
    expect([...jsonMembers(text)]).toEqual([
      ["id", "12345678901234567890"],
      ["r", '{"a":[1.0,{"b":"}"}],"c":"\\"],"} '],
      ["e", " [ ] "],
      ["", '"x"'],
      ["a", "null"],
    ]);
    expect(jsonMembers("{}").size).toBe(0);
  });

  it("takes the last of repeated keys, and strings that look like keys for what they are", () => {
    expect([...jsonMembers('{"a":"b","a":":","c":[":","{"]}')]).toEqual([
      ["a", '":"'],
      ["c", '[":","{"]'],
    ]);
  });

  it("reads each value of any object as JSON.parse does", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.boolean(), (object, indent) => {
        const text = JSON.stringify(object, null, indent ? 2 : 0);
        const parsed = JSON.parse(text) as Record<string, unknown>;
        const found = [...jsonMembers(text)].map(([key, value]) => [key, JSON.parse(value)]);
        expect(found).toEqual(Object.keys(parsed).map((key) => [key, parsed[key]]));
      }),
    );
  });

  it("does not take long for a text of megabytes", () => {
    const long = JSON.stringify({ a: "\\".repeat(2 << 20), b: 1 });
    expect(jsonMembers(long).get("b")).toBe("1");
  });
});
