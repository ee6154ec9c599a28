import { describe, expect, it } from "vitest";
import { message, problemsOf } from "./mini.js";

const UNION = `
U:
  kind: union
  doc: u
  header: {type: u16, length: u16}
  align: 8
  path: [{experimenter: u32}]
  cases:
    ETHERNET: {type: {1.4+: 0}, spec: '1', doc: e, json: {speed: UInt32}, wire: {1.4+: [{$pad: 4}, {speed: u32}]}}
    OPTICAL: {type: {1.4+: 1}, spec: '1', doc: o, struct: Optical}
    LIST: {type: {1.5: 2}, spec: '1', doc: l, json: {ids: [UInt8]}, wire: {1.5: [{ids: list(u8)}]}}
    VENDOR: {type: {1.4+: 0xffff:1}, spec: '1', doc: v, json: {data: HexData}, wire: {1.4+: [{data: bytes}]}}
    ODD: {type: {1.4+: 9}, spec: '1', doc: o, json: {src: SubField}, wire: {1.4+: [{$n: u16}, {src: oxm_id_packed($n)}]}}
Optical: {kind: struct, spec: '1', doc: s, json: {freq: UInt32}, wire: {1.4+: [{freq: u32}]}}
Other: {kind: struct, spec: '1', doc: s, json: {freq: UInt32}, wire: {1.4+: [{freq: u32}]}}
Uses: {kind: message, type: {1.4+: 2}, spec: '1', doc: n, json: {o: Other}, wire: {1.4+: [{o: struct}]}}`;

/** Problems of a message of 1.4 and later with a property list. */
function hoist(json: string, options: string): string[] {
  const text = message(`${json}, rest: {type: [U], default: []}`, `{1.4+: [{$tlvs: U, ${options}}]}`, UNION);
  return problemsOf(text.replace("type: 1", "type: {1.4+: 1}"));
}

describe("the checker of property lists", () => {
  it("lets cases land in keys that may be absent", () => {
    expect(
      hoist(
        "speed: {type: UInt32, absent: 0}, optical: {type: Optical, omit: absent}, ids: {type: [UInt8], default: [], omit: absent}",
        "hoist: {ETHERNET: ., OPTICAL: optical, LIST: .}, always: [ETHERNET], rest: rest",
      ),
    ).toEqual([]);
  });

  it("refuses cases that are not there or have a path of codes", () => {
    expect(hoist("data: {type: HexData, default: ''}", "hoist: {VENDOR: .}, rest: rest")).toEqual([
      "x.yaml:7:18: M: VENDOR has a path of codes and cannot be hoisted",
    ]);
    expect(hoist("a: {type: UInt8, omit: absent}", "hoist: {ETHER: .}, rest: rest")).toEqual([
      "x.yaml:7:18: M: U has no case ETHER",
    ]);
  });

  it("refuses targets that must be there, though the property may be missing", () => {
    expect(
      hoist(
        "speed: UInt32, optical: Optical",
        "hoist: {ETHERNET: ., OPTICAL: optical}, always: [ETHERNET], rest: rest",
      ),
    ).toEqual([
      "x.yaml:6:10: M.speed needs default, absent or omit: ETHERNET may be missing",
      "x.yaml:6:25: M.optical needs default, absent or omit: OPTICAL may be missing",
    ]);
  });

  it("refuses targets that are not there or of another type", () => {
    expect(hoist("fast: {type: UInt32, omit: absent}", "hoist: {ETHERNET: .}, rest: rest")).toEqual([
      "x.yaml:7:18: M has no key speed, which ETHERNET brings",
    ]);
    expect(hoist("speed: {type: UInt64, absent: 0}", "hoist: {ETHERNET: .}, rest: rest")).toEqual([
      "x.yaml:7:18: M.speed is UInt64, in ETHERNET it is UInt32",
    ]);
    expect(hoist("ids: {type: UInt8, absent: 0}", "hoist: {LIST: .}, rest: rest")).toEqual([
      "x.yaml:6:10: M.ids is not on the wire of 1.4 and has no $set",
      "x.yaml:7:18: M.ids is UInt8, in LIST it is [UInt8]",
    ]);
    expect(hoist("optical: {type: Other, omit: absent}", "hoist: {OPTICAL: optical}, rest: rest")).toEqual([
      "x.yaml:7:18: M: OPTICAL cannot be optical, a Other: the case takes Optical",
    ]);
    expect(hoist("speed: {type: Optical, omit: absent}", "hoist: {ETHERNET: speed}, rest: rest")).toEqual([
      "x.yaml:7:18: M: ETHERNET cannot be speed, a Optical: the case takes no struct",
    ]);
    expect(
      hoist("speed: {type: UInt32, absent: 0}", "hoist: {ETHERNET: ., OPTICAL: optical}, rest: rest"),
    ).toEqual(["x.yaml:7:18: M: optical is not a JSON field"]);
  });

  it("refuses to always write what is not hoisted", () => {
    expect(
      hoist("speed: {type: UInt32, absent: 0}", "hoist: {ETHERNET: .}, always: [OPTICAL], rest: rest"),
    ).toEqual(["x.yaml:7:18: M: OPTICAL is always written but not hoisted"]);
  });

  it("spreads plain cases only", () => {
    expect(hoist("src: {type: SubField, omit: absent}", "hoist: {ODD: .}, rest: rest")).toEqual([
      "x.yaml:19:85: U ODD is hoisted by '.' and has fields and $pad only",
    ]);
  });

  it("wants the rest to be a list of the union", () => {
    const rest = (type: string): string[] =>
      problemsOf(
        message(`rest: {type: ${type}, default: []}`, "{1.4+: [{$tlvs: U, rest: rest}]}", UNION).replace(
          "type: 1",
          "type: {1.4+: 1}",
        ),
      );
    expect(rest("[U]")).toEqual([]);
    expect(rest("[Other]")).toContain("x.yaml:7:18: M.rest takes the rest and is [Other], not [U]");
    expect(rest("HexData")).toContain("x.yaml:7:18: M.rest takes the rest and is HexData, not [U]");
  });
});

const FIELD = `
Field:
  kind: tlv_table
  doc: f
  tag: field
  cases:
    PORT: {id: 0x8000.0, type: UInt32}
    META: {id: 0x8000.2, type: UInt64, mask: yes}
    SRC: {id: 0x8000.4, type: MacAddress}`;

describe("the checker of copied fields", () => {
  const copy = (json: string, row: string): string[] =>
    problemsOf(message(`${json}, m: [Field]`, `{all: [${row}]}`, FIELD));

  it("lets fields of 4 and 8 bytes be keys", () => {
    expect(
      copy(
        "port: {type: UInt32, absent: 0}, meta: {type: UInt64, omit: absent}",
        "{m: oxm_match, copy: {PORT: port, META: meta}}",
      ),
    ).toEqual([]);
    expect(copy("port: {type: UInt32, absent: 0}", "{m: oxs_stats, move: {PORT: port}}")).toEqual([]);
  });

  it("refuses what cannot be copied", () => {
    expect(copy("port: {type: UInt32, absent: 0}", "{m: ids, copy: {PORT: port}}")).toEqual([
      "x.yaml:7:17: M.m: only oxm_match and oxs_stats have fields to copy",
    ]);
    expect(copy("port: {type: UInt32, absent: 0}", "{m: oxm_match, copy: {PROT: port}}")).toEqual([
      "x.yaml:7:17: M.m: Field has no field PROT",
    ]);
    expect(copy("port: {type: UInt64, absent: 0}", "{m: oxm_match, copy: {PORT: port}}")).toEqual([
      "x.yaml:7:17: M.m: PORT is UInt32, port is UInt64",
    ]);
    expect(copy("src: {type: MacAddress, omit: absent}", "{m: oxm_match, copy: {SRC: src}}")).toEqual([
      "x.yaml:7:17: M.m: SRC has not 4 or 8 bytes and cannot be copied",
    ]);
    expect(copy("a: {type: UInt32, omit: absent}", "{m: oxm_match, copy: {PORT: port}}")).toEqual([
      "x.yaml:7:17: M: port is not a JSON field",
    ]);
  });

  it("refuses targets that must be there, though the field may be missing", () => {
    expect(copy("port: UInt32", "{m: oxm_match, copy: {PORT: port}}")).toEqual([
      "x.yaml:6:10: M.port needs default, absent or omit: PORT may be missing",
    ]);
  });
});

describe("the checker of moved fields", () => {
  const move = (port: string, rows: string): string[] =>
    problemsOf(
      message(
        `port: ${port}, m: [Field], n: [Field], o: {type: UInt32, absent: 0}`,
        `{all: [${rows}]}`,
        FIELD,
      ),
    );
  const PORT = "{type: UInt32, absent: 0}";

  it("refuses matches, whose prerequisites need the list, and copies beside moves", () => {
    expect(move(PORT, `{o: u32}, {m: oxm_match, move: {PORT: port}}, {n: ids}`)).toEqual([
      "x.yaml:7:27: M.m: only oxs_stats has fields to move",
    ]);
    expect(move(PORT, "{m: oxs_stats, move: {PORT: port}, copy: {PORT: o}}, {n: ids}")).toEqual([
      "x.yaml:7:17: M.m: copy and move exclude each other",
    ]);
  });

  it("refuses keys that do not say what absence means, or that say two things", () => {
    const sentence = "x.yaml:6:10: M.port needs absent, and neither default nor omit: it moved there";
    for (const port of [
      "{type: UInt32, default: 0}",
      "{type: UInt32, omit: absent}",
      "{type: UInt32, absent: 0, default: 1}",
    ])
      expect(move(port, "{o: u32}, {m: oxs_stats, move: {PORT: port}}, {n: ids}")).toEqual([sentence]);
  });

  it("refuses a second row that needs _order", () => {
    expect(move(PORT, "{m: oxs_stats, move: {PORT: port}}, {n: oxs_stats, move: {PORT: o}}")).toEqual([
      "x.yaml:7:17: M.m: another row needs _order, too",
      "x.yaml:7:53: M.n: another row needs _order, too",
    ]);
  });
});

describe("the checker of TLV tables", () => {
  const table = (lines: string, more = ""): string[] =>
    problemsOf(
      message(
        "m: [Field]",
        "{all: [{m: oxm_match}]}",
        `Field:\n  kind: tlv_table\n  doc: f\n  tag: field\n  cases: {${lines}}\n${more}`,
      ),
    );

  it("refuses names and ids that are there twice", () => {
    expect(
      table(
        "A: {id: 1.1, type: UInt8}, B: {id: 1.1, type: UInt8}, 'R{0..1}': {id: '1.{2..3}', type: UInt8}, R1: {id: 1.4, type: UInt8}",
      ),
    ).toEqual(["x.yaml:12:38: Field B has the id of A, 0x0001.1", "x.yaml:12:107: Field R1 is there twice"]);
    expect(
      table(
        "A: {id: 0xffff.1.5, type: UInt8}, B: {id: 0xffff.1.5, type: UInt8}, C: {id: 0xffff.1.6, type: UInt8}",
      ),
    ).toEqual(["x.yaml:12:45: Field B has the id of A, 0xffff.1.0x5"]);
  });

  it("wants an experimenter in class 0xffff, and only there", () => {
    expect(table("A: {id: 0xffff.1, type: UInt8}, B: {id: 1.1.5, type: UInt8}")).toEqual([
      "x.yaml:12:11: Field A: class 0xffff has an experimenter, others have none",
      "x.yaml:12:43: Field B: class 0xffff has an experimenter, others have none",
    ]);
  });

  it("refuses aliases of nothing and aliases that are names", () => {
    expect(table("A: {id: 1.1, type: UInt8}", "  aliases: {B: C, A: A}")).toEqual([
      "x.yaml:8:1: Field: B stands for C, which is not there",
      "x.yaml:8:1: Field: A is a name already and cannot be an alias",
    ]);
  });

  it("refuses prefixes that lead nowhere, or that names of the table have", () => {
    expect(table("A_X: {id: 1.1, type: UInt8}", "  prefixes: {B_: [A_], C_: ['']}")).toEqual([]);
    expect(table("A_X: {id: 1.1, type: UInt8}", "  prefixes: {B_: [A_, C_], A_: [A_]}")).toEqual([
      "x.yaml:8:1: Field: no name begins with C_, as B_ would",
      "x.yaml:8:1: Field: names of its own begin with A_",
    ]);
  });

  it("wants options to have any number of bytes, a range of names and a struct", () => {
    const told = "Told: {kind: struct, spec: '1', doc: t, json: {a: UInt8}, wire: {all: [{a: u8}]}}\n";
    const option = (type: string): string => `'O{0..1}': {id: '1.{0..1}', ${type}}`;
    expect(table(option("type: HexData, bytes: any, option: Told"), told)).toEqual([]);
    expect(table(option("type: UInt8, option: Told"), told)).toEqual([
      "x.yaml:12:11: Field O0: an option needs bytes: any",
      "x.yaml:12:11: Field O1: an option needs bytes: any",
    ]);
    expect(table("'O{0..0}': {id: '1.{0..0}', type: HexData, bytes: any, option: HexData}")).toEqual([
      "x.yaml:12:74: Field O0: HexData is no struct that could tell an option",
    ]);
    expect(table("O: {id: 1.0, type: HexData, bytes: any, option: Told}", told)).toEqual([
      "x.yaml:12:11: option needs a range of names: NAME{0..63}",
    ]);
  });

  it("refuses prerequisites that are not there", () => {
    expect(table("A: {id: 1.1, type: UInt8, needs: B=1}")).toEqual([
      "x.yaml:12:11: Field A needs B, which is not there",
    ]);
    expect(table("A: {id: 1.1, type: UInt8, says: B+1}")).toEqual([
      "x.yaml:12:11: Field A says B, which is not there",
    ]);
    expect(table("A: {id: 1.1, type: UInt8}, C: {id: 1.2, type: UInt16, says: A+0x100}")).toEqual([]);
  });

  it("takes structs of 4 bytes in all versions for values", () => {
    const struct = (name: string, wire: string): string =>
      `${name}: {kind: struct, spec: '1', doc: s, json: {a: UInt16, b: UInt16}, wire: ${wire}}`;
    const structs = [
      struct("Pair", "{all: [{a b: u16}]}"),
      struct("Wide", "{all: [{$pad: 1}, {a b: u16}]}"),
      struct("Late", "{1.1+: [{a b: u16}]}"),
    ].join("\n");
    const uses = "A: {id: 1.1, type: Pair}, B: {id: 1.2, type: Wide}, C: {id: 1.3, type: Late}";
    expect(table(uses, structs)).toEqual([
      "x.yaml:12:37: Field B needs a width: Wide has no fixed one",
      "x.yaml:12:63: Field C needs a width: Late has no fixed one",
    ]);
  });

  it("wants values that have a size, of widths that the type has", () => {
    const names = "Enum: {kind: enum, doc: e, values: {X: 1}}\nFlags: {kind: flags, doc: f, bits: {Y: 0}}";
    expect(
      table(
        "A: {id: 1.1, type: HexData, bytes: any}, B: {id: 1.2, type: HexData, width: bytes(16)}, C: {id: 1.3, type: Enum, width: u16}, D: {id: 1.4, type: Flags, width: u8}",
        names,
      ),
    ).toEqual([]);
    expect(
      table("A: {id: 1.1, type: HexData}, B: {id: 1.2, type: Enum}, C: {id: 1.3, type: Flags}", names),
    ).toEqual([
      "x.yaml:12:11: Field A needs a width: HexData has no fixed one",
      "x.yaml:12:40: Field B needs a width: Enum has no fixed one",
      "x.yaml:12:66: Field C needs a width: Flags has no fixed one",
    ]);
    expect(
      table(
        "A: {id: 1.1, type: UInt16, width: u8}, B: {id: 1.2, type: UInt16, bytes: any}, C: {id: 1.3, type: HexData, width: bytes(125)}",
      ),
    ).toEqual([
      "x.yaml:12:11: Field A: UInt16 cannot be u8",
      "x.yaml:12:50: Field B: bytes: any needs a type of hex data",
      "x.yaml:12:90: Field C: bytes(125) and a mask do not fit a TLV",
    ]);
  });
});
