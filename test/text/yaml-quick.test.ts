import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDocument, visit } from "yaml";
import { parseYamlQuick, setKey } from "../../src/text/yaml-quick.js";

/** What the whole reader makes of a text. A value that is left out is null. */
const whole = (text: string): unknown => {
  const document = parseDocument(text, { schema: "failsafe", logLevel: "silent", prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  visit(document, {
    Scalar: (_, scalar) => {
      if (scalar.type === "PLAIN" && scalar.value === "") scalar.value = null;
    },
  });
  const value: unknown = document.toJS();
  return value ?? "";
};

describe("parseYamlQuick", () => {
  it.each([
    "type: FLOW_MOD\nmsg:\n  match:\n    - field: IN_PORT\n      value: 1\n  flags: [ A, B ]\n",
    "---\ntype:            HELLO\nversion:         0x04\nmsg:             {}\n...\n",
    "- a\n- - b\n  - c\n- x: 1\n  y:\n  - 2\n-\n  z: 3\n",
    "a: \"x y\" # comment\nb: 'it''s'  \nc: plain # comment\nd: a#b\n# comment\n\ne: \"\\u00e9\\n\"\n",
    '{\n  "type": "HELLO",\n  "xid": 1,\n  "msg": {"versions": [1, 4], "empty": [], "none": {}}\n}\n',
    "a: {b: [1, {c: d}], e: 01:02:03:04:05:06}\n",
    "a:\nb:\n",
    "a:\n- 1\n- 2\nb: 3",
    "a: b # c\r\nd:\r\n- {e: f}\r\n\r\n",
    "",
    "\n\n",
    "# only a comment\n",
    "---\n",
    'a: "x\\\\"\nb: "\\""\nc: \'\'\'\'\nd: [ "\\"", \'\' ]\n',
  ])("reads %j as the whole reader does", (text) => {
    expect(parseYamlQuick(text)).toEqual({ value: whole(text) });
  });

  it.each([
    "a: |\n  x\n",
    "a: x\n  y\n",
    "a: &b c",
    "a: *b",
    "a: !x y",
    "%YAML 1.2\n---\na: b",
    "a: b: c",
    "a: 1\na: 2",
    "{a: 1, a: 2}",
    "{id:8}",
    "{a, b}",
    "[a: b]",
    "[a,]",
    "a: [1,\n 2]",
    "a: 'x\n  y'",
    'a: "\\x41"',
    'a: "x"#y',
    'a: "x\\\\"y"',
    'a: "x\\"',
    "a: 'x''",
    'a: "\u0001\\n"',
    "a:\n  b: 1\n c: 2\n",
    "a: fe80::",
    "a:\tb",
    "a: b\rc",
    "a: 'b\r\n  c'",
    "a: 1\n---\nb: 2",
    "a: 1\n...\nb: 2",
    "plain",
    "a b: c",
    "- a\nb: c",
    "[a]: b",
    "...\n",
    "[".repeat(300) + "]".repeat(300),
  ])("leaves %j to the whole reader", (text) => {
    expect(parseYamlQuick(text)).toBeUndefined();
  });

  it.each(['"\\n', '"', "'"])("reads a scalar of any length after %j", (quote) => {
    const text = `a: ${quote}${"a".repeat(20_000_000)}${quote.charAt(0)}`;
    expect((parseYamlQuick(text)!.value as { a: string }).a.length).toBe(
      20_000_000 + (quote.length > 1 ? 1 : 0),
    );
  });

  it("never differs from the whole reader, whatever the text", () => {
    const piece = fc.constantFrom(
      ..."{}[],:\"'#-&*!|>%@`? \n".split(""),
      " ",
      "  ",
      "\n",
      "\n  ",
      "\n    ",
      "\n- ",
      ": ",
      "- ",
      ", ",
      " #c",
      "a",
      "key: ",
      "key:",
      "b c",
      "1",
      "::1",
      "a:b",
      "'q'",
      '"q\\n"',
      "---",
      "...",
      "---\n",
      "\n...\n",
      "é",
      "_x.y-z",
    );
    let quick = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join("");
        const read = parseYamlQuick(text);
        if (read === undefined) return;
        quick++;
        expect(read.value).toEqual(whole(text));
      }),
      { numRuns: 20_000 },
    );
    expect(quick).toBeGreaterThan(200);
  });

  it("never differs from the whole reader on texts that are nearly right", () => {
    const scalar = fc.constantFrom(
      "1",
      "x y",
      "'a'",
      '"b"',
      "0x1F",
      "a:b",
      "[1, 2]",
      "{a: b}",
      "",
      "x #c",
      "'",
      "[",
      "a: b",
    );
    const line = fc
      .tuple(
        fc.nat({ max: 3 }),
        fc.constantFrom("", "- ", "- - "),
        fc.constantFrom("a", "b", "c", "d e"),
        scalar,
      )
      .map(([indent, dash, key, text]) => `${"  ".repeat(indent)}${dash}${key}: ${text}`);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), fc.constantFrom("", "\n"), (lines, end) => {
        const text = lines.join("\n") + end;
        const read = parseYamlQuick(text);
        if (read !== undefined) expect(read.value).toEqual(whole(text));
      }),
      { numRuns: 10_000 },
    );
  });
});

describe("setKey", () => {
  it("sets each key once", () => {
    const object = {};
    expect([setKey(object, "a", 1), setKey(object, "a", 2), setKey(object, "toString", 3)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(object).toEqual({ a: 1, toString: 3 });
  });

  it("does not touch the prototype", () => {
    const object = {};
    expect([setKey(object, "__proto__", { x: 1 }), setKey(object, "__proto__", 2)]).toEqual([true, false]);
    expect([Object.keys(object), Object.getPrototypeOf(object)]).toEqual([["__proto__"], Object.prototype]);
  });
});
