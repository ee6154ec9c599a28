import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SchemaError } from "../../src/base/index.js";
import { type Definition, loadSchema, parseModel } from "../../src/schema/index.js";
import { outdent } from "./mini.js";

/** Reads without checking. */
function parse(text: string): { definitions: ReadonlyMap<string, Definition>; problems: string[] } {
  const problems: SchemaError[] = [];
  const { definitions } = parseModel(
    new Map([["a.yaml", loadSchema({ name: "a.yaml", text: outdent(text) })]]),
    problems,
  );
  return { definitions, problems: problems.map((p) => p.message) };
}

function one(text: string): Definition {
  const { definitions, problems } = parse(text);
  expect(problems).toEqual([]);
  return [...definitions.values()][0] as Definition;
}

/** The values of a version array from 1.0 to 1.5. */
const spread = <T>(by: readonly T[]): (T | undefined)[] => [1, 2, 3, 4, 5, 6].map((v) => by[v]);

describe("parseModel", () => {
  it("reads a scalar", () => {
    expect(one("UInt3: {kind: scalar, form: uint, bits: 3, widths: [u8, u16], doc: Small.}")).toMatchObject({
      kind: "scalar",
      name: "UInt3",
      form: "uint",
      bits: 3,
      doc: "Small.",
      widths: [
        { kind: "int", bytes: 1 },
        { kind: "int", bytes: 2 },
      ],
    });
  });

  it("reads a number with its words, names and aliases", () => {
    const d = one(`
      PortNumber:
        kind: number
        doc: A port.
        spec: {1.0: §5.2.1, 1.3+: §7.2.1}
        widths: {u32: as_is, u16: sign_extend}
        names: {LOCAL: 0xfffffffe, ANY: 0xffffffff}
        also: {NONE: ANY}
    `);
    if (d.kind !== "number") throw new Error(d.kind);
    expect([...d.widths]).toEqual([
      [4, "as_is"],
      [2, "sign_extend"],
    ]);
    expect([...d.names]).toEqual([
      ["LOCAL", 0xfffffffe],
      ["ANY", 0xffffffff],
    ]);
    expect([...d.also]).toEqual([["NONE", "ANY"]]);
    expect(spread(d.spec)).toEqual(["§5.2.1", undefined, undefined, "§7.2.1", "§7.2.1", "§7.2.1"]);
  });

  it("spreads the values of an enum over the versions", () => {
    const d = one(
      "E: {kind: enum, doc: e, values: {A: 0, B: {1.0: 3, 1.1+: 5}, C: {1.4+: 9}}, docs: {A: First.}}",
    );
    if (d.kind !== "enum") throw new Error(d.kind);
    expect([...d.values].map(([name, by]) => [name, ...spread(by)])).toEqual([
      ["A", 0, 0, 0, 0, 0, 0],
      ["B", 3, 5, 5, 5, 5, 5],
      ["C", undefined, undefined, undefined, undefined, 9, 9],
    ]);
    expect(d.docs.get("A")).toBe("First.");
  });

  it("reads a code as one table per value of another enum", () => {
    const d = one("C: {kind: code, by: E, doc: c, values: {A: {X: 0, Y: {1.3+: 1}}, B: {Z: 0}}}");
    if (d.kind !== "code") throw new Error(d.kind);
    expect(d.by).toBe("E");
    expect([...d.values].map(([type, table]) => [type, ...table.keys()])).toEqual([
      ["A", "X", "Y"],
      ["B", "Z"],
    ]);
  });

  it("reads flags as bits, and as values within a mask", () => {
    const d = one(
      "F: {kind: flags, doc: f, bits: {TOP: 31, LISTEN: {1.0: 0x000/0x300}, LEARN: {1.0: 0x100/0x300}}}",
    );
    if (d.kind !== "flags") throw new Error(d.kind);
    expect([...d.bits].map(([name, by]) => [name, by[1], by[2]])).toEqual([
      ["TOP", { value: 0x80000000, mask: 0x80000000 }, { value: 0x80000000, mask: 0x80000000 }],
      ["LISTEN", { value: 0, mask: 0x300 }, undefined],
      ["LEARN", { value: 0x100, mask: 0x300 }, undefined],
    ]);
  });

  it.each(["32", "-1", "x", "1/", "4/3", "0/0", "1/2/3", "0/0x100000000", "1.5"])(
    "refuses the bit %s",
    (bit) => {
      expect(parse(`F: {kind: flags, doc: f, bits: {A: ${bit}}}`).problems).toEqual([
        `a.yaml:1:36: ${bit} is neither a bit number below 32 nor value/mask`,
      ]);
    },
  );

  it("reads a struct: JSON fields with all they may say", () => {
    const d = one(`
      S:
        kind: struct
        doc: s
        align: 8
        size: {1.0: 8, 1.1+: 16}
        json:
          a: UInt8
          b: {type: [Flags], default: [], absent: [], doc: Some.}
          c: {type: UInt16, default: =a, omit: {same_as: a}, ignorable: yes}
          d: {type: Code, by: a, omit: absent, since: 1.4}
          _e: {derived: text(d)}
          $inline: Other
        wire: {all: []}
    `);
    if (d.kind !== "struct") throw new Error(d.kind);
    expect([d.align, d.multiple, spread(d.size)]).toEqual([8, 1, [8, 16, 16, 16, 16, 16]]);
    const [a, b, c, dd, e, inline] = d.json;
    expect(a).toMatchObject({
      name: "a",
      type: { name: "UInt8", list: false },
      default: undefined,
      since: 1,
      ignorable: false,
    });
    expect(a?.at).toEqual({ file: "a.yaml", line: 7, column: 5 });
    expect(b).toMatchObject({
      type: { name: "Flags", list: true },
      default: { kind: "empty" },
      absent: { kind: "empty" },
      doc: "Some.",
    });
    expect(c).toMatchObject({ default: { kind: "key", key: "a" }, omit: { sameAs: "a" }, ignorable: true });
    expect(dd).toMatchObject({ by: "a", omit: "absent", since: 5 });
    expect(e).toMatchObject({ type: undefined, derived: { fn: "text", arg: "d" } });
    expect(inline).toMatchObject({ type: { name: "Other" }, inline: true });
  });

  it("reads rows once per version: eras, and version maps inside rows", () => {
    const d = one(`
      S:
        kind: struct
        doc: s
        wire:
          1.0:
            - $length: u16
            - a b: u8
            - $set: {c: 0, d: {1.1+: 1}}
          1.1-1.3:
            - $pad: {1.1: 2, 1.2+: 4}
            - c: {1.2: u16}
            - {m: oxm_match, copy: {IN_PORT: in_port}}
    `);
    if (d.kind !== "struct") throw new Error(d.kind);
    const kinds = (v: number): unknown =>
      d.rows[v]?.map((row) => [row.kind, "name" in row ? row.name : undefined]);
    expect(kinds(1)).toEqual([
      ["length", undefined],
      ["field", "a"],
      ["field", "b"],
      ["set", "c"],
    ]);
    expect(kinds(2)).toEqual([
      ["pad", undefined],
      ["field", "m"],
    ]);
    expect(kinds(3)).toEqual([
      ["pad", undefined],
      ["field", "c"],
      ["field", "m"],
    ]);
    expect(d.rows[2]?.[0]).toMatchObject({ n: 2 });
    expect(d.rows[3]?.[0]).toMatchObject({ n: 4 });
    expect(d.rows[5]).toBeUndefined();
  });

  it("reads every kind of row", () => {
    const d = one(`
      S:
        kind: struct
        doc: s
        wire:
          all:
            - $word: u16
            - $length x: u16
            - {n: native fn(4), residue: _n}
            - {w: u16, when: $word&0x10}
            - {m: u32, when: more}
            - $align: 8
            - $align_if_more: 8
            - $inline: struct
            - {$tlvs: U, hoist: {A: ., B: key}, always: [A], rest: more}
            - $native: fn
    `);
    if (d.kind !== "struct") throw new Error(d.kind);
    expect(d.rows[1]).toMatchObject([
      { kind: "variable", name: "$word", bytes: 2 },
      { kind: "length", of: "x", bytes: 2 },
      { kind: "field", name: "n", width: { kind: "native", fn: "fn", n: 4 }, residue: "_n" },
      { kind: "field", name: "w", when: { kind: "bits", variable: "$word", bits: 16 } },
      { kind: "field", name: "m", when: { kind: "more" } },
      { kind: "align", n: 8, ifMore: false },
      { kind: "align", n: 8, ifMore: true },
      { kind: "inline", width: "struct" },
      {
        kind: "tlvs",
        union: "U",
        hoist: new Map([
          ["A", "."],
          ["B", "key"],
        ]),
        always: ["A"],
        rest: "more",
      },
      { kind: "native", fn: "fn" },
    ]);
  });

  it("gives a body that is an array one row, and a message without wire none", () => {
    const { definitions } = parse(`
      PORT_STATS_REPLY: {kind: multipart, part: reply, type: {1.1+: 4}, doc: d, json: [PortStats]}
      BARRIER_REQUEST: {kind: message, type: {1.0: 18, 1.1+: 20}, doc: d}
    `);
    const reply = definitions.get("PORT_STATS_REPLY");
    if (reply?.kind !== "multipart") throw new Error(reply?.kind);
    expect(reply.jsonList).toMatchObject({ name: "PortStats", list: true });
    expect([reply.part, spread(reply.type)]).toEqual(["reply", [undefined, 4, 4, 4, 4, 4]]);
    expect([reply.rows[1], reply.rows[2]?.length]).toEqual([undefined, 1]);
    const barrier = definitions.get("BARRIER_REQUEST");
    if (barrier?.kind !== "message") throw new Error(barrier?.kind);
    expect([spread(barrier.type), barrier.rows[1], barrier.json]).toEqual([[18, 20, 20, 20, 20, 20], [], []]);
  });

  it("reads a union: header, path, cases by code or path of codes", () => {
    const d = one(`
      U:
        kind: union
        doc: u
        tag: action
        header: {type: u16, length: u16, $pad: 4}
        multiple: 8
        path: [{experimenter: u32}, {subtype: u16}]
        unknown: error
        common: {json: {rate: UInt32}, wire: {all: [{rate: u32}]}}
        cases:
          A: {type: {1.0: 1}, doc: a, as: {action: SET_FIELD, field: {$l4: {6: TCP_SRC, 17: UDP_SRC}}}}
          B: {type: {all: 0xffff:0x2320:6}, doc: b, struct: S}
          C: {type: {all: 0xffff}, doc: c, tag_form: 'EXPERIMENTER.{experimenter:hex8}'}
    `);
    if (d.kind !== "union") throw new Error(d.kind);
    expect(d).toMatchObject({ tag: "action", multiple: 8, align: 1, unknown: "error" });
    expect(d.header).toEqual([
      { word: "type", bytes: 2 },
      { word: "length", bytes: 2 },
      { word: "pad", bytes: 4 },
    ]);
    expect(d.path).toEqual([
      { name: "experimenter", bytes: 4 },
      { name: "subtype", bytes: 2 },
    ]);
    expect(d.common?.json[0]?.name).toBe("rate");
    const [a, b, c] = d.cases;
    expect(a?.as).toEqual([
      { key: "action", value: "SET_FIELD" },
      {
        key: "field",
        value: new Map([
          [6, "TCP_SRC"],
          [17, "UDP_SRC"],
        ]),
      },
    ]);
    expect([a?.rows[1], a?.rows[2]]).toEqual([[], undefined]);
    expect([b?.struct, b?.type[6]]).toEqual(["S", [0xffff, 0x2320, 6]]);
    expect(c?.tagForm).toBe("EXPERIMENTER.{experimenter:hex8}");
  });

  it("has defaults for a union: property is its tag, unknown cases are hex", () => {
    const d = one("U: {kind: union, doc: u, header: {type: u16, length: u16}, cases: {}}");
    expect(d).toMatchObject({
      tag: "property",
      unknown: "hex",
      multiple: 1,
      align: 1,
      path: [],
      common: undefined,
    });
  });

  it("reads lines of a TLV table, and as many as a range says", () => {
    const d = one(`
      Field:
        kind: tlv_table
        doc: f
        tag: field
        cases:
          IN_PORT: {id: 0x8000.0, type: PortNumber}
          REG{0..7}: {id: "0x0001.{4..11}", type: UInt32, mask: yes, doc: Register.}
          X: {id: 0xffff.42.0x4f4e4600, type: UInt16, width: u16, since: 1.3, needs: [A=6|0x11, B&0x1000, C, D=1/1|0x20/0x30]}
          Y: {id: 0x0001.40, type: HexData, bytes: any}
        aliases: {PORT: IN_PORT}
    `);
    if (d.kind !== "tlv_table") throw new Error(d.kind);
    expect(d.cases.map((c) => c.name)).toEqual([
      "IN_PORT",
      ..."01234567".split("").map((n) => `REG${n}`),
      "X",
      "Y",
    ]);
    expect(d.cases[8]).toMatchObject({
      name: "REG7",
      oxmClass: 1,
      field: 11,
      experimenter: undefined,
      mask: true,
      doc: "Register.",
    });
    expect(d.cases[9]).toMatchObject({
      oxmClass: 0xffff,
      field: 42,
      experimenter: 0x4f4e4600,
      width: { kind: "int", bytes: 2, shift: 0 },
      since: 4,
      mask: false,
      needs: [
        { field: "A", values: [6, 17], under: undefined },
        { field: "B", values: undefined, under: [{ value: 0x1000, mask: 0x1000 }] },
        { field: "C", values: undefined, under: undefined },
        {
          field: "D",
          values: undefined,
          under: [
            { value: 1, mask: 1 },
            { value: 0x20, mask: 0x30 },
          ],
        },
      ],
    });
    expect(d.cases[10]).toMatchObject({ anyBytes: true });
    expect([...d.aliases]).toEqual([["PORT", "IN_PORT"]]);
  });

  it.each([
    ["A: {doc: d}", "1:4: kind is missing"],
    ["A: {kind: enum, values: {}}", "1:4: doc is missing"],
    ["A: {kind: table, doc: d}", "1:5: table is not a kind of definition"],
    [
      "A: {kind: enum, doc: d, values: {}, color: red}",
      "1:37: color is not a key of the schema language here",
    ],
    [
      "A: {kind: scalar, doc: d, form: float, widths: []}",
      "1:27: float is not a form of scalars: uint, sint, mac, ipv4, ipv6, hex, chars, text, datapath, duration, version_bitmap, sub_field, field_id, field_or_uint",
    ],
    [
      "A: {kind: number, doc: d, widths: {u16: as_it_is}, names: {}}",
      "1:36: a width of a number is as_is or sign_extend",
    ],
    ["A: {kind: number, doc: d, widths: {bytes: as_is}, names: {}}", "1:36: bytes is not a width of numbers"],
    ["A: {kind: enum, doc: d, values: {X: 1.5}}", '1:37: "1.5" is not a whole number'],
    ["A: {kind: multipart, doc: d, type: 1, part: answer}", "1:39: part is request or reply"],
    ["A: {kind: struct, doc: d, json: {a: {default: 1}}}", "1:37: type is missing"],
    [
      "A: {kind: struct, doc: d, json: {a: {type: B, omit: never}}}",
      "1:53: omit is absent, empty or {same_as: key}",
    ],
    ["A: {kind: struct, doc: d, json: {a: {type: B, since: 1.9}}}", "1:54: 1.9 is not a version"],
    ["A: {kind: struct, doc: d, json: {a: {derived: text}}}", "1:47: derived is fn(field)"],
    ["A: {kind: struct, doc: d, json: {a: [B, C]}}", "1:37: a list type has one element: [Name]"],
    ["A: {kind: struct, doc: d, json: [B]}", "1:27: only the body of a message or multipart can be an array"],
    [
      "A: {kind: message, type: 1, doc: d, json: [B], wire: {all: []}}",
      "1:48: a body that is an array has no wire: it is its elements",
    ],
    ["A: {kind: struct, doc: d, wire: {1.x: []}}", "1:34: 1.x is not a range of versions"],
    ["A: {kind: struct, doc: d, wire: {1.0-1.2: [], 1.2+: []}}", "1:47: 1.2+ overlaps another era"],
    [
      "A: {kind: message, type: {1.1+: 1}, doc: d, wire: {all: []}}",
      "1:52: all reaches beyond the versions of type",
    ],
    ["A: {kind: struct, doc: d, wire: {all: [{}]}}", "1:40: a row is empty"],
    ["A: {kind: struct, doc: d, wire: {all: [{a: u9}]}}", "1:44: u9 is not one of u8, u16, u24, u32, u64"],
    [
      "A: {kind: struct, doc: d, wire: {all: [{a: {1.0-1.2: u8, 1.2+: u16}}]}}",
      "1:58: 1.2+ overlaps another range of this map",
    ],
    [
      "A: {kind: struct, doc: d, wire: {all: [{a: u8, color: red}]}}",
      "1:48: color is not an option of a row a",
    ],
    [
      "A: {kind: struct, doc: d, wire: {all: [{a b: u8, when: $x&1}]}}",
      "1:50: when is not an option of a row a b",
    ],
    [
      "A: {kind: struct, doc: d, wire: {all: [{$pad: 4, rest: x}]}}",
      "1:50: rest is not an option of a row $pad",
    ],
    [
      "A: {kind: struct, doc: d, wire: {all: [{$tlvs: U}]}}",
      "1:40: $tlvs needs rest: the key that gets everything else",
    ],
    [
      "A: {kind: struct, doc: d, wire: {all: [{$length a b: u16}]}}",
      "1:41: $length stands alone or before the name of one row",
    ],
    ["A: {kind: struct, doc: d, wire: {all: [{$length: u64}]}}", "1:41: a length is u8, u16 or u32"],
    ["A: {kind: struct, doc: d, wire: {all: [{$inline: list}]}}", "1:41: $inline is struct, oxm or message"],
    [
      "A: {kind: struct, doc: d, wire: {all: [{a: u8, when: x y&1}]}}",
      "1:54: when is $variable&bits, flags&bits, or more",
    ],
    [
      "A: {kind: struct, doc: d, wire: {all: [{a: u8, when: $x&one}]}}",
      "1:54: when is $variable&bits, flags&bits, or more",
    ],
    ["A: {kind: union, doc: d, header: {kind: u8}, cases: {}}", "1:35: a header has type, length and $pad"],
    ["A: {kind: union, doc: d, header: {type: u64}, cases: {}}", "1:35: type is u8, u16, u24 or u32"],
    [
      "A: {kind: union, doc: d, header: {type: u8}, path: [{a: u8, b: u8}], cases: {}}",
      "1:53: a step of a path is {name: width}",
    ],
    [
      "A: {kind: union, doc: d, header: {type: u8}, unknown: ignore, cases: {}}",
      "1:46: unknown is hex or error",
    ],
    [
      "A: {kind: union, doc: d, header: {type: u8}, cases: {X: {type: 1:b}}}",
      "1:64: 1:b is not a code or a path of codes",
    ],
    [
      "A: {kind: union, doc: d, header: {type: u8}, cases: {X: {type: 1, struct: S, json: {}}}}",
      "1:78: the struct has json, the case has none of its own",
    ],
    [
      "A: {kind: union, doc: d, header: {type: u8}, cases: {X: {type: 1, as: {f: {$l4: {tcp: T}}}}}}",
      "1:82: tcp is not an IP protocol",
    ],
    [
      "A: {kind: tlv_table, doc: d, tag: t, cases: {X: {id: 0x8000, type: T}}}",
      "1:54: 0x8000 is not class.field or class.field.experimenter",
    ],
    [
      "A: {kind: tlv_table, doc: d, tag: t, cases: {X: {id: 0x8000.128, type: T}}}",
      "1:54: 0x8000.128 is not class.field or class.field.experimenter",
    ],
    [
      "A: {kind: tlv_table, doc: d, tag: t, cases: {X: {id: 0xffff.1.x, type: T}}}",
      "1:54: 0xffff.1.x is not class.field or class.field.experimenter",
    ],
    [
      "A: {kind: tlv_table, doc: d, tag: t, cases: {'X{0..3}': {id: 1.1, type: T}}}",
      "1:62: the id needs a range of 4 numbers, as the name has",
    ],
    [
      "A: {kind: tlv_table, doc: d, tag: t, cases: {X: {id: 1.1, type: T, needs: 'F=six'}}}",
      '1:75: "six" is not a whole number',
    ],
    [
      "A: {kind: tlv_table, doc: d, tag: t, cases: {X: {id: 1.1, type: T, needs: 'F=2/1'}}}",
      '1:75: "2/1" is not a value under a mask',
    ],
    ["A: {kind: scalar, doc: d, form: uint, widths: [u8], words: {a: 2/1}}", "1:64: 2/1 is not value/mask"],
    ["A: {kind: scalar, doc: d, form: uint, widths: [u8], words: {a: 1}}", "1:64: 1 is not value/mask"],
    [
      "A: {kind: tlv_table, doc: d, tag: t, cases: {X: {id: 1.1, type: T, needs: 'F>6'}}}",
      "1:75: a prerequisite is F=v, F=v|w, F&bits, F=v/m|w/n or F",
    ],
    [
      "A: {kind: tlv_table, doc: d, tag: t, cases: {X: {id: 1.1, type: T, since: 2}}}",
      "1:75: 2 is not a version",
    ],
    [
      "A: {kind: tlv_table, doc: d, tag: t, cases: {X: {id: 1.1, type: T, bytes: 16}}}",
      "1:75: bytes is any, or left out",
    ],
  ])("refuses %s", (text, message) => {
    expect(parse(text).problems).toEqual([`a.yaml:${message}`]);
  });

  it("refuses a name that another file has, and keeps the first", () => {
    const problems: SchemaError[] = [];
    const scalar = (doc: string): string => `A: {kind: scalar, form: uint, widths: [u8], doc: ${doc}}`;
    const files = new Map(
      ["a.yaml", "b.yaml"].map((name) => [name, loadSchema({ name, text: scalar(name) })]),
    );
    const model = parseModel(files, problems);
    expect(problems.map((p) => p.message)).toEqual(["b.yaml:1:1: A is defined in a.yaml already"]);
    expect([model.definitions.get("A")?.doc, model.files.get("A")]).toEqual(["a.yaml", "a.yaml"]);
  });

  it("reads on after a definition that it cannot read", () => {
    const { definitions, problems } = parse(`
      A: {kind: enum, doc: d, values: 1}
      B: {kind: enum, doc: d, values: {X: 1}}
      C: {kind: enum, doc: d}
    `);
    expect(problems).toEqual([
      "a.yaml:1:33: a map was expected, not a text",
      "a.yaml:3:4: values is missing",
    ]);
    expect([...definitions.keys()]).toEqual(["B"]);
  });

  it("turns any tree into a model or into problems with a place", () => {
    const key = fc.constantFrom(
      "kind",
      "doc",
      "json",
      "wire",
      "type",
      "cases",
      "values",
      "bits",
      "all",
      "1.0",
      "$pad",
      "a",
    );
    const leaf = fc.constantFrom(
      "struct",
      "union",
      "message",
      "enum",
      "flags",
      "tlv_table",
      "u8",
      "1",
      "yes",
      "",
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { depthSize: "small" },
        leaf,
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(key, tie("tree"), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, tree, { maxKeys: 4 }), (schema) => {
        const problems: SchemaError[] = [];
        const root = loadSchema({ name: "a.yaml", text: JSON.stringify(schema) });
        parseModel(new Map([["a.yaml", root]]), problems);
        for (const p of problems) expect(p.message).toMatch(/^a\.yaml:\d+:\d+: ./);
      }),
      { numRuns: 200 },
    );
  });
});
