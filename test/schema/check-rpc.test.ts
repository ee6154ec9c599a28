import { describe, expect, it } from "vitest";
import { outdent, problemsOf } from "./mini.js";

/** A method of line 1 to 6, and further definitions from line 7 on. */
function method(params: string, more = "", example = "{result: '{}'}"): string {
  return `OFP.X:
  kind: method
  doc: x
  params: ${params}
  result: {}
  example: ${example}
${outdent(more)}`;
}

const TEXT = "Text: {kind: value, form: text, doc: Any.}";

describe("the checker", () => {
  it("takes methods, events, failures, records, words and values", () => {
    const more = `
      Text: {kind: value, form: text, pattern: 'a+', doc: Any.}
      Colour: {kind: words, doc: c, words: {RED: Like blood., BLUE: Like the sky.}}
      Pair: {kind: record, doc: p, json: {a: {type: Text}, b: {type: Colour | null, default: null}}}
      Errors: {kind: failures, doc: e, failures: {GONE: {code: -1, data: Pair, doc: Not here.}}}
      NEWS: {kind: event, doc: n, params: {pair: {type: '[Pair]', doc: p}}, example: '{"type":"NEWS","pair":[]}'}
    `;
    expect(
      problemsOf(method("{n: {type: UInt8, min: 1, max: 9, default: 3, unit: s, doc: n}}", more)),
    ).toEqual([]);
  });

  it("refuses types that do not exist, and such as are none", () => {
    expect(problemsOf(method("{a: {type: Nope, default: 1, doc: a}}"))).toEqual([
      "x.yaml:4:12: OFP.X.params.a: there is no definition Nope",
    ]);
    expect(
      problemsOf(method("{a: {type: E, default: 1, doc: a}}", "E: {kind: failures, doc: e, failures: {}}")),
    ).toEqual(["x.yaml:4:12: OFP.X.params.a: E is of kind failures, which is no type"]);
    expect(problemsOf(method("{$with: Text}", TEXT))).toContain("x.yaml:1:1: OFP.X: there is no record Text");
  });

  it("refuses errors that are no failures", () => {
    expect(
      problemsOf(
        method(
          "{}",
          `${TEXT}\nOFP.Y: {kind: method, doc: y, result: Text, errors: [Text], example: {result: '""'}}`,
        ),
      ),
    ).toEqual(["x.yaml:8:54: OFP.Y: there is no failure Text"]);
  });

  it("refuses what nothing uses", () => {
    expect(problemsOf(method("{}", TEXT))).toEqual(["x.yaml:7:1: nothing uses Text"]);
  });

  it("refuses a record that contains itself", () => {
    const more = "R: {kind: record, doc: r, json: {r: {type: '[R]', doc: r}}}";
    expect(problemsOf(method("{$with: R}", more))).toEqual(["x.yaml:7:1: R contains itself"]);
  });

  it("refuses a key, a word and a definition without a doc, and takes the doc of a key's type", () => {
    expect(problemsOf(method("{a: {type: UInt8, default: 1}}"))).toEqual([
      "x.yaml:4:12: OFP.X.params.a has no doc",
    ]);
    expect(problemsOf(method("{a: {type: Text, optional: yes}}", TEXT))).toEqual([]);
    expect(
      problemsOf(method("{a: {type: W, default: A}}", "W: {kind: words, doc: w, words: {A: ''}}")),
    ).toEqual(["x.yaml:7:1: W: A has no doc"]);
  });

  it("refuses names of another spelling", () => {
    expect(problemsOf(method("{Key: {type: UInt8, default: 1, doc: k}}"))).toEqual([
      'x.yaml:4:12: "Key" cannot be the name of a key',
    ]);
    expect(problemsOf("Ofp: {kind: method, doc: m, result: {}, example: {result: '{}'}}")).toEqual([
      'x.yaml:1:1: "Ofp" cannot be the name of a method',
    ]);
    expect(problemsOf("Message: {kind: failures, failures: {}, doc: m}")).toEqual([
      "x.yaml:1:1: Message is built in and cannot be defined",
    ]);
  });

  it("refuses two failures with one code", () => {
    const two = "E: {kind: failures, doc: e, failures: {A: {code: 5, doc: a}, B: {code: 5, doc: b}}}";
    expect(problemsOf(two)).toEqual(["x.yaml:1:62: A and B are both 5"]);
  });

  it.each([
    [
      "{a: {type: UInt8, optional: yes, default: 1, doc: a}}",
      "is optional and has a default: one of the two",
    ],
    ["{a: {type: UInt8, min: 5, max: 4, optional: yes, doc: a}}", "min is larger than max"],
    ["{a: {type: UInt8, min: 5, default: 4, doc: a}}", "the default 4 is not within its range"],
    ["{a: {type: UInt8, above: 4, default: 4, doc: a}}", "the default 4 is not within its range"],
    ["{a: {type: UInt8, max: 3, default: 4, doc: a}}", "the default 4 is not within its range"],
    ["{a: {type: UInt8, default: [], doc: a}}", "its type has no []"],
    ["{a: {type: UInt8, default: null, doc: a}}", "its type has no null"],
  ])("refuses %s", (params, sentence) => {
    const [problem, ...others] = problemsOf(method(params));
    expect([problem, others]).toEqual([expect.stringContaining(sentence), []]);
  });

  it("refuses a default that is no word", () => {
    const words = "W: {kind: words, doc: w, words: {A: a., B: b.}}";
    expect(problemsOf(method("{a: {type: W, default: C, doc: a}}", words))).toEqual([
      'x.yaml:4:12: OFP.X.params.a: the default "C" is none of A, B',
    ]);
  });

  it.each([
    ["{}", `{params: '{"b":1}', result: '{}'}`, "OFP.X.params: the example has b, which is not documented"],
    ["{a: {type: UInt8, doc: a}}", "{result: '{}'}", "OFP.X.params: the example lacks a"],
    ["'[UInt8]'", "{params: '{}', result: '{}'}", "OFP.X.params: the example is no list"],
    ["{}", `{params: '{}', result: '{"c":1}'}`, "OFP.X.result: the example has c, which is not documented"],
    ["{}", "{result: '{'}", "no JSON: "],
  ])("refuses with params %s the example %s", (params, example, sentence) => {
    expect(problemsOf(method(params, "", example))).toEqual([expect.stringContaining(sentence)]);
  });

  it("refuses what it cannot read", () => {
    expect(problemsOf("V: {kind: value, form: colour, doc: v}")).toEqual([
      "x.yaml:1:18: colour is not a form of values: text, boolean, integer, number, any",
    ]);
    expect(problemsOf("V: {kind: value, form: text, pattern: '(', doc: v}")).toEqual([
      'x.yaml:1:39: "(" is not a regular expression',
    ]);
    expect(problemsOf("F: {kind: failures, doc: v, failures: {A: {code: many}}}")).toEqual([
      'x.yaml:1:50: "many" is not a number',
    ]);
    expect(problemsOf(method("{a: {type: 'null', doc: a}}"))).toEqual([
      "x.yaml:4:22: null alone is not a type",
    ]);
  });
});
