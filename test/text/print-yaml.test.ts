import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { TextError } from "../../src/base/index.js";
import { parseYaml, Text, writeJsonString, writeYamlDocument } from "../../src/text/index.js";
import { written } from "./written.js";

function yaml(json: string | Buffer): string {
  const w = new Text(16);
  writeYamlDocument(json, w);
  return w.takeString();
}

/** JSON in ASCII, as decoders write it. */
function ascii(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(ascii).join(",")}]`;
  if (typeof value === "string") return written((w) => writeJsonString(value, w));
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([k, v]) => `${ascii(k)}:${ascii(v)}`)
    .join(",")}}`;
}

/** The value as the failsafe reading has it: all scalars are text. */
function failsafe(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(failsafe);
  if (value === null || typeof value !== "object") return String(value);
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, failsafe(v)]));
}

describe("writeYamlDocument", () => {
  it("prints a message in the usual style", () => {
    expect(
      yaml(
        '{"type":"FLOW_MOD","xid":1,"version":4,"msg":{"cookie":18446744073709551615,"match":[{"field":"IPV6_DST",' +
          '"value":"::1"},{"field":"IPV4_SRC","value":"10.0.0.1"}],"flags":["SEND_FLOW_REM","CHECK_OVERLAP"],' +
          '"instructions":[],"none":{},"data":"","a_rather_long_key":1}}',
      ),
    ).toBe(`---
type:            FLOW_MOD
xid:             1
version:         4
msg:
  cookie:          18446744073709551615
  match:
    - field:           IPV6_DST
      value:           '::1'
    - field:           IPV4_SRC
      value:           10.0.0.1
  flags:           [ SEND_FLOW_REM, CHECK_OVERLAP ]
  instructions:    []
  none:            {}
  data:            ''
  a_rather_long_key: 1
...
`);
  });

  it("prints lists in lists, and scalars alone", () => {
    expect(yaml('[[1,2],[],[{"a":[[{}]]},"x"]]')).toBe(
      "---\n- [ 1, 2 ]\n- []\n- - a:\n      - - {}\n  - x\n...\n",
    );
    expect(yaml('"x"')).toBe("---\nx\n...\n");
    expect(yaml("{}")).toBe("---\n{}\n...\n");
    expect(yaml(" [ ] ")).toBe("---\n[]\n...\n");
  });

  it("prints long elements on lines of their own", () => {
    const long = "A".repeat(60);
    expect(yaml(`{"a":["${long}","b"]}`)).toBe(`---\na:\n  - ${long}\n  - b\n...\n`);
  });

  it.each([
    ["FLOW_MOD", "FLOW_MOD"],
    ["a b", "a b"],
    ["NX_REG0/", "NX_REG0/"],
    ["/a", "/a"],
    ["_a", "_a"],
    ["zone", "zone"],
    ["ZONE", "ZONE"],
    ["10.0.0.1", "10.0.0.1"],
    ["", "''"],
    ["0", "'0'"],
    ["12e4", "'12e4'"],
    ["0x1F", "'0x1F'"],
    ["1.000000001", "'1.000000001'"],
    ["1.2.3", "'1.2.3'"],
    ["1.2.3.", "'1.2.3.'"],
    ["1.2.3.4567", "'1.2.3.4567'"],
    [".5", "'.5'"],
    ["-1", "'-1'"],
    ["+1", "'+1'"],
    ["2001-01-01", "'2001-01-01'"],
    ["12:34:56", "'12:34:56'"],
    ["aa:bb:cc:dd:ee:ff", "'aa:bb:cc:dd:ee:ff'"],
    ["::", "'::'"],
    ["e0", "'e0'"],
    ["E-12", "'E-12'"],
    ["E5F", "E5F"],
    ["e", "e"],
    ["yes", "'yes'"],
    ["No", "'No'"],
    ["ON", "'ON'"],
    ["y", "'y'"],
    ["true", "'true'"],
    ["NULL", "'NULL'"],
    ["~", "'~'"],
    ["=", "'='"],
    ["<<", "'<<'"],
    ["-", "'-'"],
    ["---", "'---'"],
    ["...", "'...'"],
    ["? a", "'? a'"],
    ["a: b", "'a: b'"],
    ["a #b", "'a #b'"],
    ["a,b", "'a,b'"],
    ["[a]", "'[a]'"],
    ["{a}", "'{a}'"],
    ["it's", "'it''s'"],
    [" a", "' a'"],
    ["a ", "'a '"],
    ["&a", "'&a'"],
    ["*a", "'*a'"],
    ["!a", "'!a'"],
    ["%a", "'%a'"],
    ["@a", "'@a'"],
    ["|", "'|'"],
    ['"a"', '"\\"a\\""'],
    ["a\\b", '"a\\\\b"'],
    ["a\nb", '"a\\nb"'],
    ["\u0001", '"\\x01"'],
    ["\u007f", '"\\x7F"'],
    ["\u0085\u2028", '"\\x85\\u2028"'],
    ["é", '"\\xE9"'],
    ["😀", '"\\U0001F600"'],
    ["\udc80", '"\\uDC80"'],
    ["😀\udc80\ud83d", '"\\U0001F600\\uDC80\\uD83D"'],
  ])("prints the string %j as %s", (text, printed) => {
    expect(yaml(ascii(text))).toBe(`---\n${printed}\n...\n`);
    expect(yaml(`[${ascii(text)}]`)).toBe(`---\n[ ${printed} ]\n...\n`);
    expect(yaml(`{${ascii(text)}:1}`)).toMatch(`---\n${printed}: `);
  });

  it("prints each character at each place of a string in quotes", () => {
    for (let code = 0x20; code < 0x80; code++) {
      const c = String.fromCharCode(code);
      for (let at = 1; at < 9; at++) {
        const [before, after] = ["0123456789".slice(0, at), "FEDCBA987".slice(at)];
        const text = before + c + after;
        const escaped = { '"': '\\"', "\\": "\\\\", "\x7f": "\\x7F" }[c];
        expect(yaml(`{"a":${JSON.stringify(text)}}`)).toBe(
          `---\na:               ${
            escaped === undefined
              ? `'${before}${c === "'" ? "''" : c}${after}'`
              : `"${before}${escaped}${after}"`
          }\n...\n`,
        );
      }
    }
  });

  it("reads escapes that others write: of the slash and of plain letters", () => {
    expect(yaml('"a\\/b\\u0041"')).toBe('---\n"a/b\\x41"\n...\n');
  });

  it("reads characters that are not escaped, and bytes that are no UTF-8", () => {
    expect(yaml('{"é":"😀€"}')).toBe('---\n"\\xE9":          "\\U0001F600\\u20AC"\n...\n');
    expect(yaml(Buffer.from("22ff41e282ac22", "hex"))).toBe('---\n"\\uDCFFA\\u20AC"\n...\n');
    expect(yaml(Buffer.from("227f22", "hex"))).toBe('---\n"\\x7F"\n...\n');
  });

  const tricky = fc.constantFrom(
    ..."yes no on Off TRUE null ~ y N 010 1e3 1_000 0b1 0o7 1:2 12:34:56.7 - -- --- ... .inf .nan <<  = : :: #".split(
      " ",
    ),
    "a: b",
    "- a",
    "? a",
    "a # b",
    "a:",
    " ",
    "'",
    "''",
    '"',
    "\\",
    "\t",
    "\n",
    "a\n\nb",
    "__proto__",
    "\udc80",
    "\ud800",
    "2001-12-14t21:59:43.10-05:00",
  );
  const string = fc.oneof(
    tricky,
    fc.string(),
    fc.string({ unit: "binary" }),
    fc.stringMatching(/^[0-9a-fA-FxX:.eE+_-]{0,12}$/),
  );
  const anyValue = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      string,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(string, tie("value"), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).value;

  it("prints a text that is like an earlier one as it printed that", () => {
    // Few keys and names, so that most texts have parts in common.
    const name = fc.constantFrom("ADD", "IPV4_SRC", "NO", "E5", "FF00", "A".repeat(48));
    const key = fc.constantFrom("type", "msg", "match", "field");
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        name,
        fc.nat(20),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(key, tie("value"), { maxKeys: 3, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(value, fc.constantFrom(0, 1), (one, blanks) => {
        const json = JSON.stringify(one, null, blanks);
        const printed = yaml(json);
        expect(parse(printed)).toEqual(one);
        expect(yaml(json)).toBe(printed);
      }),
      { numRuns: 3000 },
    );
  });

  it("decides for each list by itself whether it stands on one line", () => {
    const long = "A".repeat(48);
    const lists = [[long], [["B"]], [[]], [{}], ["B", { a: 1 }], ["B", long], ["B"]];
    const once = lists.map((list) => yaml(JSON.stringify({ type: "A", list, end: 1 })));
    expect(once[5]).toBe(`---\ntype:            A\nlist:\n  - B\n  - ${long}\nend:             1\n...\n`);
    expect(once[6]).toBe("---\ntype:            A\nlist:            [ B ]\nend:             1\n...\n");
    for (const [k, list] of lists.entries())
      expect(yaml(JSON.stringify({ type: "A", list, end: 1 }))).toBe(once[k]);
  });

  it("forgets keys when there are too many, and prints the same", () => {
    const text = (n: number) => `{"type":"T${n}","key_${n}":1,"other":[{"k${n}":${n}}]}`;
    const expected = (n: number) =>
      `---\ntype:            T${n}\n${`key_${n}:`.padEnd(17)}1\nother:\n  - ${`k${n}:`.padEnd(17)}${n}\n...\n`;
    for (let n = 0; n < 6000; n++) expect(yaml(text(n))).toBe(expected(n));
  });

  it("prints a text under construction, whatever is behind it", () => {
    for (const json of ['{"a":1}', "null", '["x"]', '"A', "[1"]) {
      const text = new Text(64);
      text.o.fill(' "}1x\n');
      text.p += text.o.write(json, text.p);
      const w = new Text();
      const print = () => writeYamlDocument(text, w);
      if (json.length < 3 || json === "[1") expect(print).toThrow(TextError);
      else {
        print();
        expect(w.takeString()).toBe(yaml(json));
      }
    }
  });

  it("is read back by parseYaml", () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(parseYaml(yaml(ascii(value))).value).toEqual(failsafe(value));
      }),
      { numRuns: 2000 },
    );
  });

  it.each(["1.1", "1.2"] as const)("is read alike by a YAML %s reader that guesses types", (version) => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(parse(yaml(ascii(value)), { version, logLevel: "silent" })).toEqual(value);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    "",
    "{",
    '{"a"}',
    '{"a":}',
    "[1,]",
    "[1 2]",
    "{1:2}",
    "[",
    '["a]',
    '{"a":[',
    "1 2",
    '"a',
    '"\u0001\\n"',
    "}",
    "[}",
  ])("refuses %j", (json) => {
    expect(() => yaml(json)).toThrow(TextError);
  });

  it("refuses nesting beyond the limit", () => {
    expect(() => yaml("[".repeat(100_000))).toThrow();
    expect(() => yaml(`${'{"a":['.repeat(1000)}{}${"]}".repeat(1000)}`)).toThrow(
      expect.objectContaining({ code: "TOO_DEEP" }),
    );
  });

  it("takes time in proportion to the text", () => {
    const start = performance.now();
    yaml(`[${'[1,2,[3,"x"]],'.repeat(50_000)}0]`);
    yaml(`"${"é".repeat(500_000)}"`);
    yaml(`[${"1,".repeat(500_000)}{}]`);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});
