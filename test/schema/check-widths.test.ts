import { describe, expect, it } from "vitest";
import { message, problemsOf } from "./mini.js";

const NAMES = `
Num: {kind: number, doc: n, widths: {u32: as_is, u16: sign_extend}, names: {ANY: 0xffffffff}}
Enum: {kind: enum, doc: e, values: {A: 1, B: {1.4+: 0x100}}}
Flags: {kind: flags, doc: f, bits: {A: 0, B: {1.3+: 9}}}
Code: {kind: code, by: Enum, doc: c, values: {A: {X: 1, Y: {1.5: 256}}}}
Field: {kind: tlv_table, doc: f, tag: field, cases: {A: {id: 0x8000.0, type: UInt32}}}
Fixed: {kind: struct, spec: '1', doc: s, json: {x: UInt8}, wire: {all: [{x: u8}]}}
Own: {kind: struct, spec: '1', doc: s, json: {y: HexData}, wire: {all: [{$length: u16}, {y: bytes}]}}
Open: {kind: struct, spec: '1', doc: s, json: {z: HexData}, wire: {all: [{z: bytes}]}}
Shape: {kind: struct, spec: '1', doc: s, json: {z: HexData}}
U: {kind: union, doc: u, header: {type: u16, length: u16}, cases: {A: {type: 1, spec: '1', doc: a, json: {us: [U]}, wire: {all: [{us: list}]}}, B: {type: 2, spec: '1', doc: b, json: {x: UInt8}, wire: {all: [{x: u8}]}}}}
Long: {kind: union, doc: u, header: {type: u32, length: u16}, cases: {}}`;
const USES = `
Uses:
  kind: message
  type: 2
  spec: '1'
  doc: u
  json: {n: Num, e: Enum, f: [Flags], c: {type: Code, by: e}, m: [Field], x: Fixed, o: Own, s: [Shape], u: [U], p: Open}
  wire: {all: [{n: u32}, {e f c: u16}, {m: oxm_match}, {x o: struct}, {s: native fn(8)}, {u: native fn(4)}, {p: struct}]}
Uses2: {kind: message, type: 3, spec: '1', doc: u, json: {l: [Long]}, wire: {all: [{l: list}]}}`;

/** Problems of one field `f` of a message: its type and its width, beside two variables and an enum `by`. */
function problems(type: string, width: string): string[] {
  const cites = /oxm_id./.test(width) ? "{$a $b: u16}, " : "";
  return problemsOf(
    message(`by: Enum, f: ${type}`, `{all: [{by: u16}, ${cites}{f: ${width}}]}`, NAMES + USES),
  ).map((p) => p.replace(/^x\.yaml:7:\d+: /, ""));
}

describe("the checker of widths", () => {
  it("keeps numbers with signs or words to the values of TLVs", () => {
    const more = "Signed: {kind: scalar, form: uint, widths: [u8], signs: {a: 1}, doc: s}";
    expect(problemsOf(message("f: Signed", "{all: [{f: u8}]}", more))).toEqual([
      "x.yaml:7:17: M.f: Signed has signs or words, which only values of TLVs may have",
    ]);
  });

  it.each([
    ["UInt8", "u8"],
    ["UInt64", "u64"],
    ["SInt32", "u32"],
    ["DurationSec", "u64"],
    ["Num", "u32"],
    ["Num", "u16"],
    ["Enum", "u32"],
    ["[Flags]", "u16"],
    ["{type: Code, by: by}", "u16"],
    ["MacAddress", "bytes(6)"],
    ["HexData", "bytes"],
    ["HexData", "bytes(9)"],
    ["Str16", "chars(16)"],
    ["SubField", "oxm_id('$a,$b')".replaceAll("'", "")],
    ["FieldHeader", "oxm_id"],
    ["NumberOrSubField", "oxm_or(u16)"],
    ["NumberOrSubField", "oxm_or(u32)"],
    ["[Fixed]", "list"],
    ["[Own]", "list"],
    ["[U]", "list"],
    ["[UInt8]", "list(u8)"],
    ["[Num]", "list(u32)"],
    ["[U]", "ids"],
    ["[Field]", "ids"],
    ["[Field]", "oxm_match"],
    ["[Field]", "oxs_stats"],
    ["Fixed", "struct"],
    ["Message", "message"],
    ["[U]", "wrap A"],
    ["[Shape]", "native fn"],
    ["MacAddress", "native fn(3)"],
  ])("lets %s be %s", (type, width) => {
    expect(problems(type, /,/.test(width) ? `'${width}'` : width)).toEqual([]);
  });

  it.each([
    ["UInt8", "u16", "UInt8 cannot be u16"],
    ["UInt16", "bytes(2)", "UInt16 cannot be bytes(2)"],
    ["[UInt16]", "u16", "[UInt16] cannot be u16"],
    ["DurationSec", "u32", "DurationSec cannot be u32"],
    ["Num", "u8", "Num cannot be u8"],
    ["Num", "u64", "Num cannot be u64"],
    ["Enum", "u24", "Enum cannot be u24"],
    ["Flags", "u16", "Flags cannot be u16"],
    ["[Flags]", "u64", "[Flags] cannot be u64"],
    ["[Flags]", "list(u8)", "[Flags] cannot be list(u8)"],
    ["MacAddress", "u32", "MacAddress cannot be u32"],
    ["MacAddress", "bytes(4)", "MacAddress cannot be bytes(4)"],
    ["MacAddress", "bytes", "MacAddress cannot be bytes"],
    ["[HexData]", "bytes", "[HexData] cannot be bytes"],
    ["Str16", "chars(32)", "Str16 cannot be chars(32)"],
    ["HexData", "chars(16)", "HexData cannot be chars(16)"],
    ["SubField", "u32", "SubField cannot be u32"],
    ["UInt32", "'oxm_id($a,$b)'", "UInt32 cannot be oxm_id"],
    ["UInt32", "oxm_or(u32)", "UInt32 cannot be oxm_or(u32)"],
    ["FieldHeader", "'oxm_id($a,$b)'", "FieldHeader cannot be oxm_id"],
    ["Fixed", "u8", "Fixed cannot be u8"],
    ["Fixed", "list", "Fixed cannot be list"],
    ["[Fixed]", "struct", "[Fixed] cannot be struct"],
    ["[UInt8]", "list", "[UInt8] cannot be list"],
    ["[UInt8]", "list(u16)", "[UInt8] cannot be list(u16)"],
    ["[MacAddress]", "list(u32)", "[MacAddress] cannot be list(u32)"],
    ["[Open]", "list", "Open cannot be in a list: its bytes do not tell where it ends"],
    ["[Fixed]", "ids", "[Fixed] cannot be ids"],
    ["[Long]", "ids", "Long has no ids: its header is not type and length of 16 bits"],
    ["[U]", "oxm_match", "[U] cannot be oxm_match"],
    ["[Fixed]", "oxs_stats", "[Fixed] cannot be oxs_stats"],
    ["U", "struct", "U cannot be struct"],
    ["Fixed", "message", "Fixed cannot be message"],
    ["Message", "struct", "Message cannot be struct"],
    ["[Message]", "message", "[Message] cannot be message"],
    ["[U]", "wrap C", "U has no case C"],
    ["[U]", "wrap B", "the first key of U B is not a list of a union"],
    ["[Field]", "wrap A", "[Field] cannot be wrap A"],
    ["[Field]", "oxm", "oxm is a width of $inline only"],
    ["UInt16", "u16<<2", "UInt16 cannot be u16<<2"],
    ["UInt16", "u16&0x10000", "UInt16 cannot be u16&0x10000"],
    ["Enum", "u16&0xf", "Enum cannot be u16&0xf"],
    ["Enum", "u8", "B of Enum does not fit u8"],
    ["[Flags]", "u8", "B of Flags does not fit u8"],
    ["{type: Code, by: by}", "u8", "Y of Code does not fit u8"],
  ])("refuses %s as %s", (type, width, sentence) => {
    expect(problems(type, width)).toContain(`M.f: ${sentence}`);
  });

  it("wants as many variables as an OXM id has words", () => {
    expect(problems("SubField", "'oxm_id($a)'")).toContain("M.f: oxm_id cites two variables");
    expect(problems("SubField", "'oxm_id_packed($a,$b)'")).toContain("M.f: oxm_id_packed cites one variable");
  });

  it("refuses a struct without layout anywhere but in native rows", () => {
    expect(problems("Shape", "struct")).toContain("M: Shape has no wire, only native rows can hold it");
    expect(problems("[Shape]", "list")).toEqual([
      "M.f: Shape cannot be in a list: its bytes do not tell where it ends",
      "M: Shape has no wire, only native rows can hold it",
    ]);
  });

  it("keeps shifted words to cases, which have a hex form for the lost bits", () => {
    const union = (width: string): string => `
      N: {kind: message, type: 4, spec: '1', doc: n, json: {v: [V]}, wire: {all: [{v: list}]}}
      V: {kind: union, doc: v, header: {type: u16, length: u16}, cases: {A: {type: 1, spec: '1', doc: a, json: {x: UInt3}, wire: {all: [{x: ${width}}]}}}}`;
    expect(problemsOf(union("u8<<5"))).toEqual([]);
    expect(problemsOf(union("u8<<6"))).toEqual(["x.yaml:2:132: V A.x: UInt3 cannot be u8<<6"]);
    expect(problemsOf(message("x: UInt3", "{all: [{x: u8<<2}]}"))).toEqual([
      "x.yaml:7:17: M.x: only union cases have shifted words",
    ]);
  });
});
