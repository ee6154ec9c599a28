import { describe, expect, it } from "vitest";
import { groupVersions } from "../../src/schema/index.js";
import { modelOf } from "./mini.js";

/** The group of a unit in each version, 1.0 to 1.5; `-` where it does not exist. */
function groups(schema: string, ...units: string[]): string[] {
  const found = groupVersions(modelOf(schema));
  return units.map((id) => [1, 2, 3, 4, 5, 6].map((v) => found.get(id)?.[v] ?? "-").join(""));
}

describe("groupVersions", () => {
  it("puts versions with one layout into one group, named by the lowest", () => {
    expect(
      groups(
        `
        A: {kind: message, type: 1, spec: '1', doc: a, json: {x: UInt16}, wire: {all: [{x: u16}]}}
        B: {kind: message, type: {1.1+: 2}, spec: '1', doc: b, json: {x: UInt16}, wire: {1.1-1.3: [{x: u16}], 1.4+: [{$pad: 2}, {x: u16}]}}
        C: {kind: message, type: {1.0: 3, 1.2: 4, 1.5: 5}, spec: '1', doc: c}
        `,
        "A",
        "B",
        "C",
      ),
    ).toEqual(["111111", "-22255", "1-1--1"]);
  });

  it("joins versions that are not neighbours", () => {
    const wire = "{all: [{$pad: {1.2: 2, 1.3: 4}}, {x: u16}]}";
    expect(
      groups(`A: {kind: message, type: 1, spec: '1', doc: a, json: {x: UInt16}, wire: ${wire}}`, "A"),
    ).toEqual(["113411"]);
  });

  it("splits what refers to something that differs, however far away", () => {
    const schema = `
      M: {kind: message, type: 1, spec: '1', doc: m, json: {outer: Outer}, wire: {all: [{outer: struct}]}}
      N: {kind: multipart, part: reply, type: 1, spec: '1', doc: n, json: [Outer]}
      Outer: {kind: struct, spec: '1', doc: o, json: {inner: Inner}, wire: {all: [{inner: struct}]}}
      Inner: {kind: struct, spec: '1', doc: i, json: {e: E, f: [F]}, wire: {all: [{e f: u16}]}}
      E: {kind: enum, doc: e, values: {A: 1, B: {1.2+: 2}}}
      F: {kind: flags, doc: f, bits: {A: 1, B: {1.4+: 2}}}
    `;
    expect(groups(schema, "E", "F", "Inner", "Outer", "M", "N")).toEqual([
      "113333",
      "111155",
      "113355",
      "113355",
      "113355",
      "113355",
    ]);
  });

  it("counts the tables of a code, and the enum that selects them, as references", () => {
    const schema = `
      ERROR: {kind: message, type: 1, spec: '1', doc: e, json: {type: Type, code: {type: Code, by: type}}, wire: {all: [{type code: u16}]}}
      Type: {kind: enum, doc: t, values: {A: 1, B: {1.0: 3, 1.1+: 5}}}
      Code: {kind: code, by: Type, doc: c, values: {A: {X: 0, Y: {1.3+: 1}}, B: {Z: 0}}}
    `;
    expect(groups(schema, "Type", "Code", "ERROR")).toEqual(["122222", "122444", "122444"]);
  });

  it("does not let names that never differ split anything", () => {
    const schema = `
      M: {kind: message, type: {1.0: 1, 1.1+: 2}, spec: '1', doc: m, json: {n: N, field: [Field]}, wire: {all: [{n: u32}, {field: oxm_match}]}}
      N: {kind: number, doc: n, widths: {u32: as_is}, names: {ANY: 1}}
      Field: {kind: tlv_table, doc: f, tag: field, cases: {A: {id: 1.1, type: N, since: 1.4}}}
    `;
    expect(groups(schema, "M", "N", "Field")).toEqual(["111111", "111111", "111111"]);
  });

  it("splits unions by the codes and bodies of their cases", () => {
    const schema = `
      M: {kind: message, type: 1, spec: '1', doc: m, json: {u: [U]}, wire: {all: [{u: list}]}}
      U:
        kind: union
        doc: u
        header: {type: u16, length: u16}
        cases:
          A: {type: {1.0-1.2: 1, 1.3+: 2}, spec: '1', doc: a}
          B: {type: {1.0+: 9}, spec: '1', doc: b, json: {x: UInt8}, wire: {1.0-1.3: [{x: u8}], 1.4+: [{$pad: 1}, {x: u8}]}}
    `;
    expect(groups(schema, "U.A", "U.B", "U", "M")).toEqual(["111111", "111155", "111455", "111455"]);
  });

  it("splits what hoists by the cases that it hoists", () => {
    const schema = `
      M: {kind: message, type: {1.3+: 1}, spec: '1', doc: m, json: {x: {type: UInt8, absent: 0}, more: {type: [U], default: []}}, wire: {1.3+: [{$tlvs: U, hoist: {A: .}, rest: more}]}}
      U:
        kind: union
        doc: u
        header: {type: u16, length: u16}
        align: 8
        cases: {A: {type: {1.3+: 1}, spec: '1', doc: a, json: {x: UInt8}, wire: {1.3-1.4: [{x: u8}], 1.5: [{$pad: 1}, {x: u8}]}}}
    `;
    expect(groups(schema, "U.A", "M")).toEqual(["---446", "---446"]);
  });

  it("splits by since, and by the bytes before the rows of a case", () => {
    const schema = `
      M: {kind: message, type: 1, spec: '1', doc: m, json: {x: {type: UInt8, default: 0, since: 1.3}, u: [U]}, wire: {all: [{x: u8}, {u: list}]}}
      U:
        kind: union
        doc: u
        header: {type: u16, length: u16}
        path: [{experimenter: u32}]
        cases: {A: {type: {1.0: 7, 1.1+: 0xffff:1}, spec: '1', doc: a}}
    `;
    expect(groups(schema, "U.A", "M")).toEqual(["122222", "122444"]);
  });

  it("comes to an end where definitions refer to each other in a circle", () => {
    const schema = `
      M: {kind: message, type: 1, spec: '1', doc: m, json: {i: [Instruction]}, wire: {all: [{i: list}]}}
      Instruction:
        kind: union
        doc: i
        header: {type: u16, length: u16}
        cases: {APPLY: {type: 4, spec: '1', doc: a, json: {actions: [Action]}, wire: {all: [{actions: list}]}}}
      Action:
        kind: union
        doc: a
        header: {type: u16, length: u16}
        cases:
          OUTPUT: {type: 0, spec: '1', doc: o, json: {port: UInt16}, wire: {1.0-1.2: [{port: u16}], 1.3+: [{$pad: 2}, {port: u16}]}}
          NEST: {type: 1, spec: '1', doc: n, json: {nested: [Instruction]}, wire: {all: [{nested: list}]}}
    `;
    expect(
      groups(schema, "Action.OUTPUT", "Action.NEST", "Action", "Instruction.APPLY", "Instruction", "M"),
    ).toEqual(Array(6).fill("111444"));
  });

  it("splits a list that is shown inside a case by the elements of the list, also where the case does not exist", () => {
    const schema = `
      M: {kind: message, type: 1, spec: '1', doc: m, json: {i: [Instruction]}, wire: {1.0-1.1: [{i: wrap APPLY}], 1.2+: [{i: list}]}}
      Instruction:
        kind: union
        doc: i
        header: {type: u16, length: u16}
        cases: {APPLY: {type: {1.2+: 4}, spec: '1', doc: a, json: {actions: [Action]}, wire: {1.2+: [{actions: list}]}}}
      Action:
        kind: union
        doc: a
        header: {type: u16, length: u16}
        cases: {OUTPUT: {type: 0, spec: '1', doc: o, json: {port: UInt16}, wire: {1.0: [{port: u16}], 1.1+: [{$pad: 2}, {port: u16}]}}}
    `;
    expect(groups(schema, "Action", "Instruction.APPLY", "M")).toEqual(["122222", "--3333", "123333"]);
  });

  it("does not mind where in a file something stands", () => {
    const wire = "{1.0: [{x: u16}],\n    1.1+: [{x: u16}]}";
    expect(
      groups(`A: {kind: message, type: 1, spec: '1', doc: a, json: {x: UInt16}, wire: ${wire}}`, "A"),
    ).toEqual(["111111"]);
  });
});
