import { describe, expect, it } from "vitest";
import { problemsOf } from "./mini.js";

const HELLO = "HELLO: {kind: message, type: 0, size: 8, spec: '1', doc: Hi.}";

describe("the checker of references", () => {
  it("has nothing against a schema that keeps all rules", () => {
    expect(problemsOf(HELLO)).toEqual([]);
  });

  it("refuses types that nobody defines", () => {
    expect(
      problemsOf(`
        M:
          kind: message
          type: 1
          spec: '1'
          doc: m
          json: {a: Sprocket, b: [Cog]}
          wire: {all: [{a: u8}, {b: list}]}
        Code: {kind: code, by: Type, doc: c, values: {}}
      `),
    ).toEqual([
      "x.yaml:6:13: M.a: there is no definition Sprocket",
      "x.yaml:6:26: M.b: there is no definition Cog",
      "x.yaml:8:1: Code: there is no definition Type",
      "x.yaml:8:1: nothing uses Code",
    ]);
  });

  it("refuses unions, structs and TLV types that nobody defines", () => {
    expect(
      problemsOf(`
        M:
          kind: message
          type: 1
          spec: '1'
          doc: m
          json: {list: [U], stat: [Stat], rest: [Missing]}
          wire: {all: [{list: list}]}
        N:
          kind: message
          type: 2
          spec: '1'
          doc: n
          json: {rest: {type: [Missing], default: []}, stat: {type: [Stat], omit: absent}}
          wire: {all: [{$tlvs: Missing, rest: rest}]}
        U:
          kind: union
          doc: u
          header: {type: u16, length: u16}
          cases: {A: {type: 1, spec: '1', doc: a, struct: Gone}}
        Stat: {kind: tlv_table, doc: s, tag: field, cases: {X: {id: 0x8002.1, type: Nothing}}}
      `).filter((message) => message.includes("no definition")),
    ).toEqual([
      "x.yaml:6:41: M.rest: there is no definition Missing",
      "x.yaml:13:23: N.rest: there is no definition Missing",
      "x.yaml:14:17: N: there is no definition Missing",
      "x.yaml:19:11: U A: there is no definition Gone",
      "x.yaml:20:77: Stat X: there is no definition Nothing",
    ]);
  });

  it("refuses definitions of the wrong kind", () => {
    expect(
      problemsOf(`
        M:
          kind: message
          type: 1
          spec: '1'
          doc: m
          json: {a: {type: [S], default: []}, t: UInt16, c: {type: C, by: t}, u: [U]}
          wire: {all: [{t c: u16}, {$tlvs: S, rest: a}]}
        S: {kind: struct, spec: '1', doc: s, json: {x: UInt8}, wire: {all: [{x: u8}]}}
        C: {kind: code, by: UInt16, doc: c, values: {}}
        U:
          kind: union
          doc: u
          header: {type: u16, length: u16}
          cases: {A: {type: 1, spec: '1', doc: a, struct: UInt8}}
      `).filter((message) => message.includes("is of kind")),
    ).toEqual([
      "x.yaml:7:29: M: S is of kind struct, not union",
      "x.yaml:9:1: C: UInt16 is of kind scalar, not enum",
      "x.yaml:14:11: U A: UInt8 is of kind scalar, not struct",
    ]);
  });

  it("refuses definitions that nothing uses, except scalars and what is sent", () => {
    expect(
      problemsOf(`
        ${HELLO}
        UInt6: {kind: scalar, form: uint, bits: 6, widths: [u8], doc: d}
        Flags: {kind: flags, doc: f, bits: {A: 0}}
        Tree: {kind: struct, spec: '1', doc: t, json: {trees: [Tree]}, wire: {all: [{$length: u16}, {trees: list}]}}
      `),
    ).toEqual(["x.yaml:3:1: nothing uses Flags", "x.yaml:4:1: nothing uses Tree"]);
  });

  it("refuses structs that contain themselves, and looks no further", () => {
    expect(
      problemsOf(`
        M: {kind: message, type: 1, doc: '', json: {a: A}, wire: {all: [{a: struct}]}}
        A: {kind: struct, spec: '1', doc: a, json: {b: B}, wire: {all: [{b: struct}]}}
        B: {kind: struct, spec: '1', doc: b, json: {$inline: A}, wire: {all: [{$inline: struct}]}}
      `),
    ).toEqual(["x.yaml:2:1: A contains itself", "x.yaml:3:1: B contains itself"]);
  });

  it("lets a struct hold itself in a list", () => {
    expect(
      problemsOf(`
        M: {kind: message, type: 1, spec: '1', doc: m, json: {a: [A]}, wire: {all: [{a: list}]}}
        A: {kind: struct, spec: '1', doc: a, json: {a: [A]}, wire: {all: [{$length: u16}, {a: list}]}}
      `),
    ).toEqual([]);
  });

  it("demands doc everywhere and spec where there is a layout", () => {
    expect(
      problemsOf(`
        M: {kind: message, type: 1, doc: '', json: {e: E, s: S, u: [U]}, wire: {all: [{e: u8}, {s: struct}, {u: list}]}}
        E: {kind: enum, doc: e, values: {A: 1}}
        S: {kind: struct, doc: s, json: {x: UInt8}, wire: {all: [{x: u8}]}}
        U: {kind: union, doc: u, header: {type: u16, length: u16}, cases: {A: {type: 1}}}
      `),
    ).toEqual([
      "x.yaml:1:1: M has no doc",
      "x.yaml:1:1: M has no spec",
      "x.yaml:3:1: S has no spec",
      "x.yaml:4:68: U A has no doc",
      "x.yaml:4:68: U A has no spec",
    ]);
  });

  it("refuses names that generated code could not tell apart, and the one that is built in", () => {
    expect(
      problemsOf(`
        PORT_STATS: {kind: multipart, part: reply, type: 4, spec: '1', doc: p, json: [PortStats]}
        PortStats: {kind: struct, spec: '1', doc: p, json: {x: UInt8}, wire: {all: [{x: u8}]}}
        HELLO: {kind: message, type: 0, spec: '1', doc: h, json: {hello: Hello, m: {type: [Message], omit: absent}}, wire: {all: [{hello: struct}]}}
        Hello: {kind: struct, spec: '1', doc: h, json: {x: UInt8}, wire: {all: [{x: u8}]}}
        Message: {kind: enum, doc: m, values: {A: 1}}
      `),
    ).toEqual([
      "x.yaml:2:1: PortStats is too much like PORT_STATS: generated code gives both one name",
      "x.yaml:5:1: Message is built in and cannot be defined",
    ]);
  });

  it("refuses a case that has the name of a definition in generated code", () => {
    expect(
      problemsOf(`
        M: {kind: message, type: 1, spec: '1', doc: m, json: {a: [Act], b: ActOut}, wire: {all: [{b: struct}, {a: list}]}}
        ActOut: {kind: struct, spec: '1', doc: h, json: {x: UInt8}, wire: {all: [{x: u8}]}}
        Act: {kind: union, doc: u, header: {type: u16, length: u16}, cases: {OUT: {type: 1, spec: '1', doc: o}}}
      `),
    ).toEqual(["x.yaml:3:70: Act.OUT is too much like ActOut: generated code gives both one name"]);
  });

  it("refuses native functions that are not written, in the directions that call them", () => {
    const natives = { decode: new Set(["known", "text"]), encode: new Set(["known", "half"]) };
    const schema = `
      M:
        kind: message
        type: 1
        spec: '1'
        doc: m
        json: {a: UInt8, b: UInt8, data: HexData, _t: {derived: text(data)}, _u: {derived: shout(data)}}
        wire: {all: [{a: native known(4)}, {b: native half(4)}, {data: bytes}]}
      N: {kind: message, type: 2, spec: '1', doc: n, wire: {all: [{$native: no_such}]}}
    `;
    expect(problemsOf(schema, natives)).toEqual([
      "x.yaml:6:72: M._u: there is no native function shout, src/codec/native/decode/shout.ts is missing",
      "x.yaml:7:39: M: there is no native function half, src/codec/native/decode/half.ts is missing",
      "x.yaml:8:62: N: there is no native function no_such, src/codec/native/decode/no-such.ts is missing",
      "x.yaml:8:62: N: there is no native function no_such, src/codec/native/encode/no-such.ts is missing",
    ]);
    expect(problemsOf(schema)).toEqual([]);
  });
});
