import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  JsonLineReader,
  JsonObjectReader,
  type TextReader,
  type TextSink,
} from "../../src/cli/json-texts.js";

/** The texts that a reader finds, as `LINE:COLUMN TEXT`, for chunks of `size` bytes. */
function read(make: new (sink: TextSink) => TextReader, text: string, size = 1 << 20): string[] {
  const found: string[] = [];
  const take = (object: string, at: { line: number; column: number }) =>
    found.push(`${at.line}:${at.column} ${object}`);
  const reader = new make({
    text: take,
    tryText(object, at) {
      try {
        JSON.parse(object);
      } catch {
        return false;
      }
      take(object, at);
      return true;
    },
    // The text is what these tests are about.
    tryValue: () => "refused",
  });
  const bytes = Buffer.from(text);
  for (let o = 0; o < bytes.length; o += size) reader.push(bytes.subarray(o, o + size));
  reader.end();
  return found;
}

describe("JsonLineReader", () => {
  it("gives one object a line, skips empty lines, and takes a last line without an end", () => {
    expect(read(JsonLineReader, '{"a":1}\n\n  \r\n{"b":2}\r\n{"c":3}')).toEqual([
      '1:1 {"a":1}',
      '4:1 {"b":2}\r',
      '5:1 {"c":3}',
    ]);
  });

  it("counts an empty line at the end of a chunk", () => {
    expect(read(JsonLineReader, "abc\n\ndef\n", 5)).toEqual(["1:1 abc", "3:1 def"]);
  });

  it("joins the lines of a pretty-printed object, also where a line ends with a brace", () => {
    const pretty = '{\n "a": {"x": "}{\\""}\n,"b": {}\n}';
    expect(read(JsonLineReader, `${pretty}\n{"c":3}\n`)).toEqual([`1:1 ${pretty}`, '5:1 {"c":3}']);
  });

  it("hands on a line that is no object, alone", () => {
    expect(read(JsonLineReader, 'abc\n{"a":1}\n}\n{x}\n')).toEqual([
      "1:1 abc",
      '2:1 {"a":1}',
      "3:1 }",
      "4:1 {x}",
    ]);
  });

  it("reads many lines at once, and counts those of which it needs the text", () => {
    const lines = Array.from({ length: 2000 }, (_, n) => JSON.stringify({ n, text: "}\n{" }));
    const taken: string[] = [];
    const reader = new JsonLineReader({
      text: (text, { line }) => taken.push(`${line} ${text}`),
      tryText: () => false,
      tryValue: (value) => ((value as { n: number }).n % 100 === 7 ? "refused" : "taken"),
    });
    reader.push(Buffer.from(`${lines.join("\n")}\n`));
    reader.end();
    // The first line of a batch is line 1 of the input; no other line but those of the sink's choice comes as text.
    expect(taken).toEqual(lines.flatMap((line, n) => (n % 100 === 7 ? [`${n + 1} ${line}`] : [])));
  });

  it("reads long integers as texts from the line on in which one was rounded", () => {
    const cookies = Array.from(
      { length: 1000 },
      (_, n) => 18446744073709551000n + BigInt(n % 500 === 99 ? n : -n),
    );
    const seen: string[] = [];
    const reader = new JsonLineReader({
      text: () => expect.fail("each line is an object"),
      tryText: (text) => seen.push(`line ${text}`) > 0,
      tryValue: (value, lossless) => {
        const { cookie } = value as { cookie: unknown };
        if (typeof cookie === "number" && cookie > Number.MAX_SAFE_INTEGER) return "rounded";
        seen.push(`${lossless} ${cookie}`);
        return "taken";
      },
    });
    reader.push(Buffer.from(`{"cookie":5}\n${cookies.map((cookie) => `{"cookie":${cookie}}\n`).join("")}`));
    reader.end();
    const [first, ...others] = cookies;
    expect(seen).toEqual([
      "false 5",
      `line {"cookie":${first}}`,
      ...others.map((cookie) => `true ${cookie}`),
    ]);
  });

  it("reads lines that are like earlier ones without loss, and gives the text of those that are refused", () => {
    const lines = Array.from({ length: 900 }, (_, n) => `{"n":${n},"cookie":${2n ** 64n - BigInt(n)}}`);
    lines.splice(500, 2, '{"n":"one', 'two"}');
    const texts: string[] = [];
    const cookies: unknown[] = [];
    const reader = new JsonLineReader({
      text: (text, { line }) => texts.push(`${line} ${text}`),
      tryText: (text, { line }) => line <= 300 || texts.push(`${line} ${text}`) > 0,
      tryValue(value, lossless) {
        const { n, cookie } = value as { n: number; cookie: unknown };
        if (n % 200 === 7) return "refused";
        if (lossless && n > 300) cookies.push(cookie);
        return "taken";
      },
    });
    // In three chunks, for the first lines of an input are read in another way.
    const bytes = Buffer.from(`${lines.join("\n")}\n`);
    const ends = [0, bytes.indexOf('{"n":300,'), bytes.indexOf('{"n":600,'), bytes.length];
    for (let k = 1; k < ends.length; k++) reader.push(bytes.subarray(ends[k - 1], ends[k]));
    reader.end();
    const cookieOf = (n: number): string => String(2n ** 64n - BigInt(n));
    expect(texts).toEqual([
      `408 {"n":407,"cookie":${cookieOf(407)}}`,
      '501 {"n":"one\ntwo"}',
      `608 {"n":607,"cookie":${cookieOf(607)}}`,
      `808 {"n":807,"cookie":${cookieOf(807)}}`,
    ]);
    const wanted = Array.from({ length: 900 }, (_, n) => n);
    expect(cookies).toEqual(
      wanted.filter((n) => n > 300 && n % 200 !== 7 && n !== 500 && n !== 501).map(cookieOf),
    );
  });

  it("reads lines one by one where some are no objects", () => {
    const text = '{"a":1}\n{"b":2},{"c":3}\n\n{"d":4}\n[{"e":5}\n]\n{"f":6}\n';
    const whole = read(JsonLineReader, text);
    expect(whole).toEqual([
      '1:1 {"a":1}',
      '2:1 {"b":2},{"c":3}',
      '4:1 {"d":4}',
      '5:1 [{"e":5}\n]',
      '7:1 {"f":6}',
    ]);
  });

  it("hands on an object that never ends, at the end of the input", () => {
    expect(read(JsonLineReader, '{"a":\n1')).toEqual(['1:1 {"a":\n1']);
  });

  it.each([
    ["in a string", '{"a":"x'],
    ["behind a value", '{"a":1'],
    ["behind a bracket", '{"a":{'],
    ["behind an empty line", '{"a":1\n'],
  ])("takes the objects behind a line that is torn %s", (_, torn) => {
    const last = torn.split("\n").length;
    expect(read(JsonLineReader, `{"b":2}\n${torn}\n{"c":3}\n{"d":4}\n`)).toEqual([
      '1:1 {"b":2}',
      `2:1 ${torn}`,
      `${last + 2}:1 {"c":3}`,
      `${last + 3}:1 {"d":4}`,
    ]);
  });

  it.each([
    ["a key", '{"a":'],
    ["a list", '{"a":['],
    ["an element", '{"a":[1,'],
  ])("takes the object behind a line that is torn behind %s, where it might be part of it", (_, torn) => {
    const found = [`1:1 ${torn}\n{"b":2}`, '2:1 {"b":2}'];
    expect(read(JsonLineReader, `${torn}\n{"b":2}\n{"c":3}\n`)).toEqual([...found, '3:1 {"c":3}']);
    expect(read(JsonLineReader, `${torn}\n{"b":2}`)).toEqual(found);
  });

  it("keeps objects together whose parts stand at the starts of lines", () => {
    const whole = '{"a":\n{"b":[\n{"c":1},\n\n{"d":2}\n]}\n}';
    expect(read(JsonLineReader, `${whole}\n{"e":3}\n`)).toEqual([`1:1 ${whole}`, '8:1 {"e":3}']);
  });

  it("takes time in proportion to the input where all lines are torn", () => {
    const lines = Array.from({ length: 200_000 }, (_, n) => (n % 2 === 0 ? '{"a":' : '{"b":1'));
    const start = performance.now();
    expect(read(JsonLineReader, lines.join("\n"))).toHaveLength(100_000);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  it("finds the same in chunks of any size, also inside of characters", () => {
    const text = '{"a":"é😀"}\n{"b":\n"ü"}\n';
    const whole = read(JsonLineReader, text);
    expect(whole).toEqual(['1:1 {"a":"é😀"}', '2:1 {"b":\n"ü"}']);
    for (let size = 1; size < 20; size++) expect(read(JsonLineReader, text, size)).toEqual(whole);
  });

  it("refuses a line longer than 16 MiB instead of filling the memory", () => {
    const reader = new JsonLineReader({ text: () => {}, tryText: () => true, tryValue: () => "refused" });
    const chunk = Buffer.alloc(1 << 20, "[");
    expect(() => {
      for (let n = 0; n < 17; n++) reader.push(chunk);
    }).toThrow("object is longer than 16 MiB");
  });
});

describe("JsonObjectReader", () => {
  it("gives the elements of an array, concatenated objects and what stands between other text", () => {
    expect(read(JsonObjectReader, '[\n{"a":1}\n,{"b":{"c":[{}]}}\n] {"d":"}"}{"e":"\\"}"} junk')).toEqual([
      '2:1 {"a":1}',
      '3:2 {"b":{"c":[{}]}}',
      '4:3 {"d":"}"}',
      '4:12 {"e":"\\"}"}',
    ]);
  });

  it("hands on an object that never ends, at the end of the input", () => {
    expect(read(JsonObjectReader, '[{"a":1')).toEqual(['1:2 {"a":1']);
  });

  it("finds the same in chunks of any size", () => {
    fc.assert(
      fc.property(
        fc.array(fc.dictionary(fc.string(), fc.jsonValue())),
        fc.integer({ min: 1, max: 9 }),
        (list, size) => {
          const text = JSON.stringify(list, null, 1);
          const found = read(JsonObjectReader, text, size);
          expect(found).toEqual(read(JsonObjectReader, text));
          expect(found.map((t) => JSON.parse(t.slice(t.indexOf(" ") + 1)))).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  it("refuses an object longer than 16 MiB instead of filling the memory", () => {
    const reader = new JsonObjectReader({ text: () => {}, tryText: () => true, tryValue: () => "refused" });
    reader.push(Buffer.from("{"));
    const chunk = Buffer.alloc(1 << 20, " ");
    expect(() => {
      for (let n = 0; n < 17; n++) reader.push(chunk);
    }).toThrow("object is longer than 16 MiB");
  });
});
