import { describe, expect, it } from "vitest";
import { problemsOf } from "./mini.js";

const FIELD = `Field: {kind: tlv_table, doc: f, tag: field, cases: {ETH_SRC: {id: 0x8000.4, type: MacAddress}, TCP_SRC: {id: 0x8000.13, type: UInt16}, UDP_SRC: {id: 0x8000.15, type: UInt16}}}`;

/** A schema with one union `U`, used by a message: its cases from line 9 on, more keys of the union before them. */
function union(
  cases: readonly string[],
  keys: readonly string[] = ["header: {type: u16, length: u16}"],
  more = "",
): string[] {
  return problemsOf(
    [
      "M: {kind: message, type: 1, spec: '1', doc: m, json: {u: [U]}, wire: {all: [{u: list}]}}",
      "U:",
      "  kind: union",
      "  doc: u",
      "  tag: action",
      ...keys.map((key) => `  ${key}`),
      "  cases:",
      ...cases.map((c) => `    ${c}`),
      more,
    ].join("\n"),
  );
}

const plain = (name: string, type: string): string => `${name}: {type: ${type}, spec: '1', doc: d}`;

describe("the checker of unions", () => {
  it("refuses two cases with one code in one version", () => {
    expect(union([plain("A", "{1.0-1.3: 1, 1.4+: 2}"), plain("B", "{1.2-1.4: 1, 1.5: 2}")])).toEqual([
      "x.yaml:9:5: U B has the code of A, 0x1, in 1.2-1.3",
      "x.yaml:9:5: U B has the code of A, 0x2, in 1.5",
    ]);
  });

  it("lets a code be a fallback for longer paths, and refuses two equal paths", () => {
    const keys = ["header: {type: u16, length: u16}", "path: [{experimenter: u32}, {subtype: u16}]"];
    expect(
      union([plain("A", "0xffff:0x2320:1"), plain("B", "0xffff:0x2320:2"), plain("C", "0xffff")], keys),
    ).toEqual([]);
    expect(union([plain("A", "0xffff:0x2320:1"), plain("B", "0xffff:8992:1")], keys)).toEqual([
      "x.yaml:10:5: U B has the code of A, 0xffff:0x2320:0x1, in all versions",
    ]);
  });

  it("refuses codes that the header and the path have no room for", () => {
    expect(union([plain("A", "0x10000"), plain("B", "1:2")])).toEqual([
      "x.yaml:8:5: U A: 0x10000 does not fit its words",
      "x.yaml:9:5: U B: the path of U has no word for 0x1:0x2",
    ]);
    expect(
      union([plain("A", "1:0x100")], ["header: {type: u16, length: u16}", "path: [{kind: u8}]"]),
    ).toEqual(["x.yaml:9:5: U A: 0x1:0x100 does not fit its words"]);
  });

  it("refuses messages and multiparts that share a type", () => {
    expect(
      problemsOf(`
        A: {kind: message, type: {1.0: 1, 1.1+: 2}, spec: '1', doc: a}
        B: {kind: message, type: {1.0: 2, 1.1-1.3: 1, 1.4+: 2}, spec: '1', doc: b}
        C_REQUEST: {kind: multipart, part: request, type: 1, spec: '1', doc: c}
        C_REPLY: {kind: multipart, part: reply, type: 1, spec: '1', doc: c}
        D_REPLY: {kind: multipart, part: reply, type: {1.5: 1}, spec: '1', doc: d}
        E: {kind: message, type: 256, spec: '1', doc: e}
        F: {kind: multipart, part: reply, type: 0x10000, spec: '1', doc: f}
      `),
    ).toEqual([
      "x.yaml:2:1: B has the type of A, 2, in 1.4+",
      "x.yaml:5:1: D_REPLY has the type of C_REPLY, 1, in 1.5",
      "x.yaml:6:1: E: type 256 is larger than 255",
      "x.yaml:7:1: F: type 65536 is larger than 65535",
    ]);
  });

  it("wants a type and a length of 8 or 16 bits in a header", () => {
    expect(union([plain("A", "1")], ["header: {length: u16}"])).toEqual([
      "x.yaml:2:1: U: the header has no type",
    ]);
    expect(union([plain("A", "1")], ["header: {type: u16}"])).toEqual([
      "x.yaml:2:1: U: the header needs length: u16 or u8",
    ]);
    expect(union([plain("A", "1")], ["header: {type: u16, length: u32}"])).toEqual([
      "x.yaml:2:1: U: the header needs length: u16 or u8",
    ]);
  });

  it("wants padding to 8 bytes, in or out of the length", () => {
    const header = "header: {type: u16, length: u16}";
    expect(union([plain("A", "1")], [header, "align: 4"])).toEqual(["x.yaml:2:1: U: align is 8 or left out"]);
    expect(union([plain("A", "1")], [header, "multiple: 16"])).toEqual([
      "x.yaml:2:1: U: multiple is 8 or left out",
    ]);
    expect(union([plain("A", "1")], [header, "align: 8", "multiple: 8"])).toEqual([
      "x.yaml:2:1: U has align and multiple, of which one can be true",
    ]);
  });

  it("wants rows that align to align to 8 bytes", () => {
    const align = (n: string): string[] =>
      union([`A: {type: 1, spec: '1', doc: a, json: {x: UInt8}, wire: {all: [{x: u8}, {$align: ${n}}]}}`]);
    expect(align("8")).toEqual([]);
    expect(align("0")).toEqual(["x.yaml:8:78: U A: $align is to a multiple of 8 bytes"]);
  });

  it("wants plain numbers in what all cases have in common", () => {
    const common = (json: string, wire: string): string[] =>
      union(
        [plain("A", "1")],
        ["header: {type: u16, length: u16}", `common: {json: {${json}}, wire: {all: [${wire}]}}`],
      );
    expect(common("a: UInt8", "{a: u8}")).toEqual([]);
    expect(common("a: HexData", "{a: bytes(2)}")).toEqual([
      "x.yaml:7:46: U: common has rows of numbers only",
    ]);
    expect(common("a: UInt8", "{$pad: 1}, {a: u8}")).toEqual([
      "x.yaml:7:44: U: common has rows of numbers only",
    ]);
    expect(common("a: UInt8, b: UInt8", "{a: u8}")).toEqual([
      "x.yaml:7:29: U A.b is not on the wire of all versions and has no $set",
    ]);
  });

  it("refuses a case with the tag among its own keys", () => {
    expect(
      union(["A: {type: 1, spec: '1', doc: a, json: {action: UInt8}, wire: {all: [{action: u8}]}}"]),
    ).toEqual(["x.yaml:8:5: U A: the key action is the tag of the union"]);
    expect(
      union(
        ["A: {type: 1, spec: '1', doc: a, json: {$inline: Field}, wire: {all: [{$inline: oxm}]}}"],
        ["header: {type: u16, length: u16}"],
        FIELD.replace("tag: field", "tag: action"),
      ),
    ).toEqual(["x.yaml:8:5: U A: the key action is the tag of the union"]);
  });

  it("wants a tag_form to spell the first word", () => {
    const fallback = (form: string, wire = "[{$experimenter: u32}, {data: bytes}]"): string[] =>
      union([
        `E: {type: 1, spec: '1', doc: e, tag_form: '${form}', json: {data: HexData}, wire: {all: ${wire}}}`,
      ]);
    const problem = "x.yaml:8:5: U E: tag_form is NAME.{word:hex8}, and the first row is $word: u32";
    expect(fallback("EXPERIMENTER.{experimenter:hex8}")).toEqual([]);
    expect(fallback("EXPERIMENTER.{vendor:hex8}")).toContain(problem);
    expect(fallback("EXPERIMENTER.{experimenter}")).toContain(problem);
    expect(
      fallback("EXPERIMENTER.{experimenter:hex8}", "[{$pad: 4}, {$experimenter: u32}, {data: bytes}]"),
    ).toEqual([problem]);
    expect(fallback("EXPERIMENTER.{experimenter:hex8}", "[{$experimenter: u16}, {data: bytes}]")).toEqual([
      problem,
    ]);
  });

  const SET_FIELD =
    "SET_FIELD: {type: {1.2+: 25}, spec: '1', doc: s, json: {$inline: Field}, wire: {1.2+: [{$inline: oxm}, {$align: 8}]}}";
  const old = (
    name: string,
    type: string,
    as: string,
    json = "value: UInt16",
    wire = "{value: u16}",
  ): string =>
    `${name}: {type: ${type}, spec: '1', doc: o, as: {${as}}, json: {${json}}, wire: {1.0-1.1: [${wire}]}}`;

  it("lets old cases be spelled as a newer one", () => {
    expect(
      union(
        [
          old(
            "SET_DL_SRC",
            "{1.0: 4, 1.1: 3}",
            "action: SET_FIELD, field: ETH_SRC",
            "value: MacAddress",
            "{value: bytes(6)}",
          ),
          old("SET_TP_SRC", "{1.0-1.1: 9}", "action: SET_FIELD, field: {$l4: {6: TCP_SRC, 17: UDP_SRC}}"),
          SET_FIELD,
        ],
        ["header: {type: u16, length: u16}"],
        FIELD,
      ),
    ).toEqual([]);
  });

  it("refuses two cases that JSON could not tell apart", () => {
    expect(
      union(
        [
          old("SET_A", "{1.0-1.1: 4}", "action: SET_FIELD, field: TCP_SRC"),
          old("SET_B", "{1.0-1.1: 5}", "action: SET_FIELD, field: {$l4: {6: TCP_SRC, 17: UDP_SRC}}"),
          SET_FIELD,
        ],
        ["header: {type: u16, length: u16}"],
        FIELD,
      ),
    ).toEqual(["x.yaml:9:5: U SET_B and SET_A are both SET_FIELD TCP_SRC in JSON of 1.0-1.1"]);
    expect(
      union([plain("POP", "{1.0+: 1}"), "STRIP: {type: {1.0: 3}, spec: '1', doc: d, as: {action: POP}}"]),
    ).toEqual(["x.yaml:9:5: U STRIP and POP are both POP in JSON of 1.0"]);
  });

  it("refuses spellings whose versions overlap with another shape", () => {
    expect(
      union(
        [
          old("SET_A", "{1.0-1.1: 4}", "action: SET_FIELD, field: TCP_SRC"),
          SET_FIELD.replace("1.2+: 25", "1.1+: 25").replace("1.2+: [", "1.1+: ["),
        ],
        ["header: {type: u16, length: u16}"],
        FIELD,
      ),
    ).toEqual(["x.yaml:9:5: U SET_FIELD: another case of 1.1 is SET_FIELD in JSON, with other keys"]);
  });

  it("refuses spellings of what is not there", () => {
    const check = (as: string, json?: string, wire?: string): string[] =>
      union(
        [old("SET_A", "{1.0-1.1: 4}", as, json, wire), SET_FIELD],
        ["header: {type: u16, length: u16}"],
        FIELD,
      );
    expect(check("action: SET_FELD, field: TCP_SRC")).toEqual([
      "x.yaml:8:5: U SET_A: U has no case SET_FELD",
    ]);
    expect(check("action: SET_FIELD, field: TCP_SCR")).toEqual([
      "x.yaml:8:5: U SET_A: there is no field TCP_SCR",
    ]);
    expect(check("action: SET_FIELD, field: {$l4: {6: TCP_SCR}}")).toEqual([
      "x.yaml:8:5: U SET_A: there is no field TCP_SCR",
    ]);
    expect(check("action: SET_FIELD, feld: TCP_SRC")).toEqual([
      "x.yaml:8:5: U SET_A: SET_FIELD has no key feld",
    ]);
    expect(check("action: SET_FIELD, field: TCP_SRC", "port: UInt16", "{port: u16}")).toEqual([
      "x.yaml:8:5: U SET_A: SET_FIELD has no key port",
    ]);
    expect(check("field: TCP_SRC, action: SET_FIELD")).toEqual([
      "x.yaml:8:5: U SET_A: as is action and at most one more key",
    ]);
  });
});
