import fc from "fast-check";
import { isLosslessNumber, parse as parseOracle } from "lossless-json";
import { describe, expect, it } from "vitest";
import { TextError } from "../../src/base/index.js";
import { checkDepth, MAX_DEPTH, parseJson, parseJsonLossless } from "../../src/text/index.js";

describe("parseJson", () => {
  it("reads what JSON.parse reads", () => {
    expect(parseJson('{"a":[1,"x",null,true,1.5e3]}')).toEqual({ a: [1, "x", null, true, 1500] });
  });

  it("makes of a long integer a number that its user can tell from an exact one", () => {
    expect(parseJson("9007199254740993") as number).toBeGreaterThan(Number.MAX_SAFE_INTEGER);
  });

  it("gives __proto__ as a key like any other", () => {
    const value = parseJson('{"__proto__":{"x":1}}') as object;
    expect(Object.keys(value)).toEqual(["__proto__"]);
    expect("x" in value).toBe(false);
  });
});

describe("syntax errors", () => {
  it.each([
    ["", "1:1: unexpected end of the text, expected a value"],
    ["{", "1:2: unexpected end of the text, expected a key in double quotes"],
    ['{"a"', "1:5: unexpected end of the text, expected ':'"],
    ['{"a":1', "1:7: unexpected end of the text, expected ',' or '}'"],
    ['{"a":1,}', '1:8: unexpected "}", expected a key in double quotes'],
    ['{"a":1 "b":2}', "1:8: unexpected \"\\\"\", expected ',' or '}'"],
    ["[1,]", '1:4: unexpected "]", expected a value'],
    ["[1}", "1:3: unexpected \"}\", expected ',' or ']'"],
    ["[1 2]", "1:4: unexpected \"2\", expected ',' or ']'"],
    ["{a:1}", '1:2: unexpected "a", expected a key in double quotes'],
    ["{'a':1}", '1:2: unexpected "\'", expected a key in double quotes'],
    ['{\n  "a": 01\n}', "2:9: unexpected \"1\", expected ',' or '}'"],
    ["nul", '1:1: unexpected "n", expected a value'],
    ["1 2", '1:3: unexpected "2", expected the end of the text'],
    ["[1.]", "1:3: unexpected \".\", expected ',' or ']'"],
    ["-", '1:1: unexpected "-", expected a value'],
    ['"abc', "1:1: the string does not end"],
    ['["a\nb"]', "1:4: control character in a string"],
    ['["\\x"]', "1:3: bad escape in a string"],
    ['["\\u12g4"]', "1:3: bad escape in a string"],
    ["[😀]", '1:2: unexpected "😀", expected a value'],
    ["\ufeff{}", '1:1: unexpected "\ufeff", expected a value'],
  ])("of %j are named with their place", (text, message) => {
    for (const parse of [parseJson, parseJsonLossless]) {
      expect(() => parse(text)).toThrow(TextError);
      expect(() => parse(text)).toThrow(message);
    }
  });

  it("are found in every text that JSON.parse refuses, and not behind its position of fault", () => {
    const piece = fc.constantFrom(
      ...'{}[],:"\\ \n0-1.e+tx'.split(""),
      '"a"',
      "true",
      "12",
      "\\u00e9",
      '{"k":',
      "null",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        if (valid) expect(parseJson(text)).toEqual(JSON.parse(text));
        else
          expect(() => parseJson(text)).toThrow(
            /^\d+:\d+: (?!.*expected the end of the text$.*unexpected end)/,
          );
      }),
      { numRuns: 3000 },
    );
  });

  it("are found in long texts without recursion or long waits", () => {
    const start = performance.now();
    expect(() => parseJson(`["${"a".repeat(20_000_000)}`)).toThrow("1:2: the string does not end");
    expect(() => parseJson(`[${"1,".repeat(1_000_000)}]`)).toThrow("1:2000002: unexpected");
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe("parseJsonLossless", () => {
  it.each<[string, unknown]>([
    ["18446744073709551615", "18446744073709551615"],
    ["-1234567890123456", "-1234567890123456"],
    ["123456789012345", 123456789012345],
    ["1234567890123456.5", 1234567890123456.5],
    ["1234567890123456e2", 123456789012345600],
    ["1e1234567890123456", Number.POSITIVE_INFINITY],
    ["0.1234567890123456789", 0.12345678901234568],
    ['"1234567890123456"', "1234567890123456"],
    ['"\\"1234567890123456"', '"1234567890123456'],
    ['"\\\\",1234567890123456'.replace(/^/, "[").concat("]"), ["\\", "1234567890123456"]],
    ['{"1234567890123456":1234567890123456}', { "1234567890123456": "1234567890123456" }],
    ["[ 1234567890123456 ,1234567890123456\n]", ["1234567890123456", "1234567890123456"]],
    ['["x:1234567890123456,",1234567890123456]', ["x:1234567890123456,", "1234567890123456"]],
    [
      '{"[-1234567890123456]":"\\\\, 1234567890123456 ,"}',
      { "[-1234567890123456]": "\\, 1234567890123456 ," },
    ],
  ])("reads %s", (text, value) => {
    expect(parseJsonLossless(text)).toEqual(value);
  });

  it.each([
    "{1234567890123456:1}",
    "{1234567890123456 \n:1}",
    '{"a":1,1234567890123456:2}',
    '{"a":1,1234567890123456}',
    '["x:1234567890123456,]',
    "0001234567890123456",
    "-01234567890123456",
    "--1234567890123456",
    ".1234567890123456",
    "1234567890123456.",
    "+1234567890123456",
    "1234567890123456 1234567890123456",
    '"a"1234567890123456',
    '1234567890123456"a"',
    "true1234567890123456",
    "1234567890123456e",
  ])("refuses %s as JSON.parse does", (text) => {
    expect(() => JSON.parse(text)).toThrow();
    expect(() => parseJsonLossless(text)).toThrow(TextError);
  });

  it("agrees with a whole lossless parser", () => {
    const digits = fc.bigInt(-(2n ** 70n), 2n ** 70n).map(String);
    const leaf = fc.oneof(
      digits,
      fc.json({ maxDepth: 0 }),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    );
    const text = fc.letrec<{ value: string }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie("value"), { maxLength: 4 }).map((items) => `[${items.join(" ,")}]`),
        fc
          .uniqueArray(fc.tuple(fc.string(), tie("value")), { maxLength: 4, selector: ([k]) => k })
          .map((pairs) => `{${pairs.map(([k, v]) => `${JSON.stringify(k)}: ${v}`).join("\n,")}}`),
      ),
    })).value;
    fc.assert(
      fc.property(text, (json) => {
        fc.pre(!json.includes("__proto__"));
        const oracle = parseOracle(json, (_key, value) => {
          if (!isLosslessNumber(value)) return value;
          return /^-?\d{16,}$/.test(value.value) ? value.value : Number(value.value);
        });
        expect(parseJsonLossless(json)).toEqual(oracle);
      }),
      { numRuns: 1000 },
    );
  });

  it("takes time in proportion to the text", () => {
    const start = performance.now();
    parseJsonLossless(`["${"\\\\".repeat(1_000_000)}",${"1234567890123456,".repeat(100_000)}1]`);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

describe("checkDepth", () => {
  const deep = (n: number): string => "[".repeat(n) + "]".repeat(n);

  it("admits MAX_DEPTH levels and no more", () => {
    expect(() => parseJson(deep(MAX_DEPTH))).not.toThrow();
    expect(() => parseJson(deep(MAX_DEPTH + 1))).toThrow(`1:257: nested deeper than ${MAX_DEPTH} levels`);
    expect(() => parseJsonLossless(`{"a":${deep(MAX_DEPTH)}}`)).toThrow("nested deeper");
  });

  it("counts open levels, not brackets", () => {
    expect(() => parseJson(`[${"[],{},".repeat(1000)}"${"[{".repeat(1000)}\\"["]`)).not.toThrow();
  });

  it("takes a limit of its own", () => {
    expect(() => checkDepth('{"a":[[1]]}', 3)).not.toThrow();
    expect(() => checkDepth('{"a":[[1]]}', 2)).toThrow(
      expect.objectContaining({ code: "TOO_DEEP", column: 7 }),
    );
  });

  it("does not recurse", () => {
    expect(() => parseJson(deep(2_000_000))).toThrow("nested deeper");
  });
});
