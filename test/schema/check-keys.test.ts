import { describe, expect, it } from "vitest";
import { message, outdent, problemsOf, readMini } from "./mini.js";

describe("the checker of keys", () => {
  it("refuses rows that name no JSON field", () => {
    expect(problemsOf(message("a: UInt8", "{all: [{a b: u8}, {c: bytes}, {$set: {d: 0}}]}"))).toEqual([
      "x.yaml:7:17: M: b is not a JSON field",
      "x.yaml:7:28: M: c is not a JSON field",
      "x.yaml:7:47: M: d is not a JSON field",
    ]);
  });

  it("refuses a field that some version neither reads nor sets, and names the versions", () => {
    expect(
      problemsOf(message("a: UInt8, b: UInt8", "{1.0: [{a: u8}], 1.1+: [{a: u8}, {b: {1.1: u8, 1.5: u8}}]}")),
    ).toEqual(["x.yaml:6:20: M.b is not on the wire of 1.0, 1.2-1.4 and has no $set"]);
    expect(problemsOf(message("a: UInt8, b: UInt8", "{1.0: [{a: u8}], 1.1+: [{b: u8}]}"))).toEqual([
      "x.yaml:6:10: M.a is not on the wire of 1.1+ and has no $set",
      "x.yaml:6:20: M.b is not on the wire of 1.0 and has no $set",
    ]);
  });

  it("lets a field be set, omitted or of later versions instead", () => {
    expect(
      problemsOf(
        message(
          "a: UInt8, b: UInt8, c: {type: UInt8, omit: absent}, d: {type: UInt8, default: 0, since: 1.4}",
          "{1.0-1.3: [{a: u8}, {$set: {b: 3}}], 1.4+: [{a b c d: u8}]}",
        ),
      ),
    ).toEqual([]);
  });

  it("lets a default alone not stand for a missing row: decode would drop the key in silence", () => {
    expect(problemsOf(message("a: {type: UInt8, default: 0}", "{1.0-1.3: [], 1.4+: [{a: u8}]}"))).toEqual([
      "x.yaml:6:10: M.a is not on the wire of 1.0-1.3 and has no $set",
    ]);
  });

  it("refuses a field that is read twice, or read and set", () => {
    expect(problemsOf(message("a: UInt8, b: UInt8", "{all: [{a b a: u8}, {$set: {b: {1.3: 0}}}]}"))).toEqual([
      "x.yaml:6:10: M.a is read or set 2 times in all versions",
      "x.yaml:6:20: M.b is read or set 2 times in 1.3",
    ]);
  });

  it("counts hoisted keys, copies and the rest", () => {
    const union = `
U:
  kind: union
  doc: u
  header: {type: u16, length: u16}
  align: 8
  cases:
    A: {type: {1.4+: 1}, spec: '1', doc: a, json: {a: UInt8}, wire: {1.4+: [{a: u8}]}}
    B: {type: {1.4+: 2}, spec: '1', doc: b, struct: S}
S: {kind: struct, spec: '1', doc: s, json: {x: UInt8}, wire: {all: [{x: u8}]}}
Field: {kind: tlv_table, doc: f, tag: field, cases: {PORT: {id: 0x8000.0, type: UInt32}}}`;
    const json =
      "a: {type: UInt8, absent: 0}, b: {type: S, omit: absent}, port: {type: UInt32, absent: 0}, match: [Field], more: [U]";
    const wire =
      "{1.4+: [{match: oxm_match, copy: {PORT: port}}, {$tlvs: U, hoist: {A: ., B: b}, rest: more}], 1.0-1.3: [{a: u8}, {port: u32}, {match: oxm_match}, {more: list}]}";
    expect(problemsOf(message(json, wire, union))).toEqual([]);
    expect(problemsOf(message(json, wire.replace("hoist: {A: ., B: b}", "hoist: {B: b}"), union))).toEqual([
      "x.yaml:6:10: M.a is not on the wire of 1.4+ and has no $set",
    ]);
    expect(problemsOf(message(json, wire.replace("[{match", "[{port: u32}, {match"), union))).toEqual([
      "x.yaml:6:67: M.port is read or set 2 times in 1.4+",
    ]);
  });

  it("wants a default for a key that older versions do not print", () => {
    expect(problemsOf(message("a: {type: UInt8, since: 1.3}", "{all: [{a: u8}]}"))).toEqual([
      "x.yaml:6:10: M.a is not printed in 1.0-1.2 and has no default",
    ]);
    expect(problemsOf(message("a: {type: UInt8, since: 1.3, default: 0}", "{all: [{a: u8}]}"))).toEqual([]);
  });

  it("leaves a body alone that is read by hand", () => {
    expect(problemsOf(message("a: UInt8", "{all: [{$native: hello}]}"))).toEqual([]);
  });

  it("wants one row $inline for $inline, with keys that are new", () => {
    const struct = "S: {kind: struct, spec: '1', doc: s, json: {x: UInt8}, wire: {all: [{x: u8}]}}";
    expect(
      problemsOf(message("a: UInt8, $inline: S", "{all: [{a: u8}, {$inline: struct}]}", struct)),
    ).toEqual([]);
    expect(problemsOf(message("$inline: S", "{1.0: [], 1.1+: [{$inline: struct}]}", struct))).toEqual([
      "x.yaml:6:10: M has 0 rows $inline in 1.0, not one",
    ]);
    expect(problemsOf(message("a: UInt8", "{all: [{a: u8}, {$inline: struct}]}"))).toEqual([
      "x.yaml:7:26: M has a row $inline and nothing to inline in json",
    ]);
    expect(
      problemsOf(message("x: UInt8, $inline: S", "{all: [{x: u8}, {$inline: struct}]}", struct)),
    ).toEqual(["x.yaml:6:10: M.x is also a key of what is inlined"]);
    expect(problemsOf(message("$inline: S", "{all: [{$inline: struct, mask: no}]}", struct))).toEqual([
      "x.yaml:7:17: M: only oxm can be without a mask",
    ]);
    expect(problemsOf(message("$inline: S", "{all: [{$inline: oxm}]}", struct))).toEqual([
      "x.yaml:7:17: M: S cannot be inlined as oxm",
    ]);
    expect(
      problemsOf(message("xid: UInt32, $inline: Message", "{all: [{xid: u32}, {$inline: message}]}")),
    ).toEqual(["x.yaml:6:10: M.xid is also a key of what is inlined"]);
  });

  it("refuses keys that cite keys which are not there", () => {
    expect(
      problemsOf(
        message(
          "a: {type: UInt8, default: =b}, c: {type: UInt8, omit: {same_as: d}, default: 0}, _t: {derived: text(e)}",
          "{all: [{a c: u8}]}",
        ),
      ),
    ).toEqual([
      "x.yaml:6:10: M.a: there is no key b",
      "x.yaml:6:41: M.c: there is no key d",
      "x.yaml:6:91: M._t: there is no key e",
    ]);
  });

  it("refuses derived texts and codes whose source some version does not read", () => {
    const names = `
E: {kind: enum, doc: e, values: {A: 1}}
C: {kind: code, by: E, doc: c, values: {A: {X: 1}}}`;
    expect(
      problemsOf(
        message(
          "type: E, code: {type: C, by: type}, data: {type: HexData, omit: absent}, _t: {derived: text(data)}",
          "{1.0: [{code: u16}, {$set: {type: A}}], 1.1+: [{type code: u16}, {data: bytes}]}",
          names,
        ),
      ),
    ).toEqual(["x.yaml:6:19: M.code needs a row type in 1.0", "x.yaml:6:83: M._t needs a row data in 1.0"]);
  });

  it("takes a packet from a property that is hoisted, if it is a packet there, too", () => {
    const unionWith = (packet: string): string =>
      `P: {kind: union, doc: d, spec: §1, tag: t, header: {type: u16, length: u16}, cases: {D: {type: {all: 0}, spec: §1, doc: d, json: {data: {type: HexData, default: ''${packet}, doc: d}}, wire: {all: [{data: bytes}]}}}}`;
    const json = "data: {type: HexData, default: '', packet: yes}, rest: {type: [P], default: []}";
    const row = "{all: [{$tlvs: P, hoist: {D: .}, rest: rest}]}";
    expect(problemsOf(message(json, row, unionWith(", packet: yes")))).toEqual([]);
    expect(problemsOf(message(json, row, unionWith("")))).toEqual([
      "x.yaml:6:10: M.data is a packet and needs a row of bytes in all versions",
    ]);
  });

  it("wants one packet, of hex data, in a row without a size, and its size as a number", () => {
    const row = "{all: [{a: u16}, {data: bytes}]}";
    const size = "a: {type: UInt16, size_of: data}";
    expect(problemsOf(message(`${size}, data: {type: HexData, packet: yes}`, row))).toEqual([]);
    expect(problemsOf(message(`${size}, data: HexData`, row))).toEqual([
      "x.yaml:6:10: M.a: data is not a packet",
    ]);
    const mac = "{all: [{a: u16}, {data: bytes(6)}]}";
    expect(problemsOf(message(`${size}, data: {type: MacAddress, packet: yes}`, mac))).toEqual([
      "x.yaml:6:44: M.data is a packet and has to be hex data",
      "x.yaml:6:44: M.data is a packet and needs a row of bytes in all versions",
    ]);
    const two = "data: {type: HexData, packet: yes}, a: {type: UInt16, size_of: data, default: 0}";
    const more = ", b: {type: HexData, packet: yes, omit: absent}, _pkt: {type: UInt8, omit: absent}";
    expect(problemsOf(message(two + more, row))).toEqual([
      "x.yaml:6:46: M.a has size_of and another default",
      "x.yaml:6:92: M.b is a second packet",
      "x.yaml:6:139: M._pkt is also a key of packets",
    ]);
  });

  it("gives by to codes only, and wants the right enum", () => {
    const names = `
E: {kind: enum, doc: e, values: {A: 1}}
F: {kind: enum, doc: f, values: {A: 1}}
C: {kind: code, by: E, doc: c, values: {A: {X: 1}}}`;
    const wire = "{all: [{e f c d: u16}]}";
    expect(problemsOf(message("e: E, f: F, c: C, d: {type: UInt16, by: e}", wire, names))).toEqual([
      "x.yaml:6:22: M.c: C needs by: the field of type E",
      "x.yaml:6:28: M.d: by is for codes, UInt16 is a scalar",
    ]);
    expect(problemsOf(message("e: E, f: F, c: {type: C, by: f}, d: UInt16", wire, names))).toEqual([
      "x.yaml:6:22: M.c: by needs a field of type E, f is a F",
    ]);
  });
});

describe("the checker of numbered elements", () => {
  const numbered = (id: string): string[] =>
    readMini(
      outdent(`
      M: {kind: message, type: 1, spec: '1', doc: m, json: {list: [S]}, wire: {all: [{list: list}]}}
      S:
        kind: struct
        numbered: id
        spec: '1'
        doc: s
        json: {${id}}
        wire: {all: [{id: u32}]}
    `),
    ).problems;

  it("wants a number that need not be given", () => {
    expect(numbered("id: {type: UInt32, default: 0}")).toEqual([]);
    const sentence = "S.id numbers the elements of lists and needs a number and a default";
    expect(numbered("id: UInt32").join()).toContain(sentence);
  });
});
