import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TextError } from "../../src/base/index.js";
import { parseYaml, YamlForms } from "../../src/text/index.js";

/** A document with scalars of several kinds in places of several kinds. */
const written = (a: string, b: string, c: string, d: string): string => `---
type:            FLOW_MOD
xid:             ${a}
msg:
  name:          '${b}'
  flags:         [ ONE, TWO ]
  empty:
  match:
    - field:     IN_PORT
      value:     ${c}
    -   ${d}
`;

describe("YamlForms", () => {
  it("reads documents that differ in scalars", () => {
    const forms = new YamlForms();
    const read = [
      ["1", "a", "0x10", "x"],
      ["22", "b: c #d", "10.0.0.1", "a/b"],
      ["22", "", "0x10", "EXPERIMENTER.5"],
    ].map(([a = "", b = "", c = "", d = ""]) => structuredClone(forms.read(written(a, b, c, d))));
    const value = (a: string, b: string, c: string, d: string): object => ({
      type: "FLOW_MOD",
      xid: a,
      msg: {
        name: b,
        flags: ["ONE", "TWO"],
        empty: null,
        match: [{ field: "IN_PORT", value: c }, d],
      },
    });
    expect(read).toEqual([
      value("1", "a", "0x10", "x"),
      value("22", "b: c #d", "10.0.0.1", "a/b"),
      value("22", "", "0x10", "EXPERIMENTER.5"),
    ]);
  });

  it("leaves alone what is no mapping, no YAML, of other characters or too long", () => {
    const texts = [
      "- 1\n",
      "a: [\n",
      "a: b\n c: d\n",
      "name: b\u00e9\n",
      `name: ${"x".repeat(20_000)}\n`,
      "",
      "word\n",
    ];
    expect(texts.map((text) => new YamlForms().read(text))).toEqual(texts.map(() => undefined));
  });

  it("never reads a document otherwise than it is read alone, whatever stands in the place of a scalar", () => {
    const strange = fc.constantFrom(
      ...["", "a", "7", "a b", "a: b", "a:", "a #c", "a#c", "'q'", "'it''s'", "''", '"q"', "- 1", "[1, 2]"],
      ...[
        "{a: b}",
        "&x y",
        "*x",
        "!t x",
        "...",
        "---",
        "~",
        "x\n  y",
        "x\n",
        "a\n\n",
        "x\t",
        "1 ",
        "|",
        ">-",
        "%",
        "\u00e9",
      ],
      ...[
        "a'",
        "a'b",
        "a' #c",
        "a'\n",
        "b\nc: d",
        "'",
        "-1",
        "-",
        "?",
        "? a",
        "@",
        "`",
        ":",
        "::1",
        "a,b",
        "]",
        "}",
        "\r",
      ],
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(strange, strange, strange, strange), { maxLength: 12 }), (rows) => {
        const forms = new YamlForms();
        forms.read(written("1", "a", "2", "b"));
        for (const row of rows) {
          const text = written(...row);
          const found = forms.read(text);
          if (found !== undefined) expect(found).toEqual(alone(text));
        }
      }),
      { numRuns: 2000 },
    );
  });
});

function alone(text: string): unknown {
  try {
    return parseYaml(text).value;
  } catch (error) {
    if (error instanceof TextError) return error.code;
    throw error;
  }
}
