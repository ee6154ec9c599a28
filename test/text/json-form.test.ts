import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJsonLossless } from "../../src/text/index.js";
import { JsonForm } from "../../src/text/json-form.js";

/** The form of the line `first`. */
function formOf(first: string): JsonForm | undefined {
  const bytes = Buffer.from(`${first}\n`);
  return JsonForm.of(bytes, 0, bytes.length - 1);
}

/** What the form reads of another line, which stands between other text; undefined when it is not of this form. */
function readBy(form: JsonForm | undefined, line: string): unknown {
  const bytes = Buffer.from(`{"x":1}\n${line}\n{"y":2}\n`);
  const to = 8 + Buffer.byteLength(line);
  return form?.read(bytes, 8, to, bytes.toString("latin1", 3), 3) ? form.value : undefined;
}

describe("JsonForm", () => {
  it("reads texts that differ in strings and numbers", () => {
    const form = formOf('{"type":"HELLO","xid":1,"msg":{"list":["a",7,{"b":""}]}}');
    expect(readBy(form, '{"type":"ERROR","xid":4294967295,"msg":{"list":["",0,{"b":"x y"}]}}')).toEqual({
      type: "ERROR",
      xid: 4294967295,
      msg: { list: ["", 0, { b: "x y" }] },
    });
  });

  it("keeps the blanks of the first text, a carriage return among them", () => {
    const form = formOf('{"a": 1, "b" : [ "x" , 2 ] }\r');
    expect(readBy(form, '{"a": 22, "b" : [ "y" , 3 ] }\r')).toEqual({ a: 22, b: ["y", 3] });
    expect(readBy(form, '{"a":22, "b" : [ "y" , 3 ] }\r')).toBeUndefined();
  });

  it("makes integers of 16 digits and more texts, and shorter ones numbers", () => {
    const form = formOf('{"a":18446744073709551615,"b":1}');
    expect(form?.value).toEqual({ a: "18446744073709551615", b: 1 });
    expect(readBy(form, '{"a":999999999999999,"b":9007199254740993}')).toEqual({
      a: 999999999999999,
      b: "9007199254740993",
    });
  });

  it.each([
    ['{"a":1,"b":2}', "another key"],
    ['{"a":01}', "a leading zero"],
    ['{"a":}', "no digits"],
    ['{"a":-1}', "a sign"],
    ['{"a":1.5}', "a fraction"],
    ['{"a":1e3}', "an exponent"],
    ['{"a":"1"}', "a string for a number"],
    ['{"a":1} ', "a blank behind it"],
    ['{"a":1', "no end"],
    ["", "nothing"],
  ])("does not read %s: %s", (line) => {
    expect(readBy(formOf('{"a":1}'), line)).toBeUndefined();
  });

  it.each(['{"a":"\\u0041"}', '{"a":"\\\\"}', '{"a":"\t"}', '{"a":"é"}', '{"a":"x}', '{"a":"x"y"}'])(
    "does not read the string of %s",
    (line) => {
      expect(readBy(formOf('{"a":"x"}'), line)).toBeUndefined();
    },
  );

  it("takes words and other numbers as they were", () => {
    const form = formOf('{"a":true,"b":null,"c":-1,"d":1.50,"e":"x"}');
    expect(readBy(form, '{"a":true,"b":null,"c":-1,"d":1.50,"e":"y"}')).toEqual({
      a: true,
      b: null,
      c: -1,
      d: 1.5,
      e: "y",
    });
    for (const other of ["false,null,-1,1.50", "true,0,-1,1.50", "true,null,-2,1.50", "true,null,-1,1.51"]) {
      const [a, b, c, d] = other.split(",");
      expect(readBy(form, `{"a":${a},"b":${b},"c":${c},"d":${d},"e":"y"}`)).toBeUndefined();
    }
  });

  it("goes on after a line that it could not read, of which it had read a part", () => {
    const form = formOf('{"a":1,"b":"x","c":2}');
    expect(readBy(form, '{"a":5,"b":"y","d":2}')).toBeUndefined();
    expect(readBy(form, '{"a":5,"b":"y","c":2}')).toEqual({ a: 5, b: "y", c: 2 });
    expect(readBy(form, '{"a":1,"b":"x","c":2}')).toEqual({ a: 1, b: "x", c: 2 });
  });

  it.each([
    ['{"a":1,"a":2}', "a key that comes twice"],
    ['{"a":"\\n"}', "an escape"],
    ['{"é":1}', "more than ASCII"],
    ['{"a":1', "what is no JSON"],
    ["5", "what is no object"],
    ["null", "null"],
    [`${'{"a":'.repeat(33)}1${"}".repeat(33)}`, "what is nested deeply"],
  ])("is not made of %s: %s", (line) => {
    expect(formOf(line)).toBeUndefined();
  });

  it("takes __proto__ for a key like any other", () => {
    const value = readBy(formOf('{"__proto__":"x"}'), '{"__proto__":"y"}') as object;
    expect(Object.entries(value)).toEqual([["__proto__", "y"]]);
  });

  it("reads the same as a parser, whatever lines follow each other", () => {
    const text = fc.oneof(
      fc.constantFrom("", "x", "0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdefX"),
      fc.string({ maxLength: 40 }),
    );
    const number = fc.oneof(
      fc.bigInt(0n, 2n ** 66n),
      fc.bigInt(0n, 300n),
      fc.constantFrom(10n ** 15n - 1n, 10n ** 15n, 2n ** 64n - 1n),
    );
    const line = fc
      .tuple(text, number, text, number)
      .map(([a, b, c, d]) => `{"a":${JSON.stringify(a)},"b":[${b},{"c":${JSON.stringify(c)}}],"d":${d}}`);
    fc.assert(
      fc.property(fc.array(line, { minLength: 2, maxLength: 12 }), ([first, ...others]) => {
        const form = formOf(first!);
        for (const other of others) {
          const value = readBy(form, other);
          if (value !== undefined) expect(value).toEqual(parseJsonLossless(other));
          else expect(form === undefined || /[^\x20-\x7e]|\\/.test(other)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
