import { describe, expect, it } from "vitest";
import { message, problemsOf } from "./mini.js";

const STRUCTS = `
Fixed: {kind: struct, spec: '1', doc: s, json: {x: UInt8}, wire: {all: [{x: u8}]}}
Own: {kind: struct, spec: '1', doc: s, json: {y: HexData}, wire: {all: [{$length: u16}, {y: bytes}]}}
Open: {kind: struct, spec: '1', doc: s, json: {z: HexData}, wire: {all: [{z: bytes}]}}
Field: {kind: tlv_table, doc: f, tag: field, cases: {A: {id: 0x8000.0, type: UInt32}}}
Ends: {kind: struct, spec: '1', doc: s, json: {m: [Field]}, wire: {all: [{$pad: 2}, {m: oxm_match}]}}
U: {kind: union, doc: u, header: {type: u16, length: u16}, cases: {A: {type: 1, spec: '1', doc: a, json: {us: [U]}, wire: {all: [{us: list}]}}}}`;
/** Uses all of the above. */
const USES =
  "Uses: {kind: message, type: 2, spec: '1', doc: u, json: {f: Fixed, o: Own, e: Ends, u: [U]}, wire: {all: [{f o e: struct}, {u: list}]}}";
const USE_OPEN =
  "UsesOpen: {kind: message, type: 3, spec: '1', doc: u, json: {o: Open}, wire: {all: [{o: struct}]}}";
const more = [STRUCTS, USES, USE_OPEN].join("\n");

describe("the checker of rows", () => {
  it.each([
    ["a: HexData, b: UInt8", "[{a: bytes}, {b: u8}]", "a"],
    ["a: [U], b: UInt8", "[{a: list}, {b: u8}]", "a"],
    ["a: [Fixed], b: UInt8", "[{a: list}, {b: u8}]", "a"],
    ["a: [Field], b: UInt8", "[{a: ids}, {b: u8}]", "a"],
    ["a: [U], b: UInt8", "[{a: wrap A}, {b: u8}]", "a"],
    ["a: [U], b: UInt8", "[{a: native fn}, {b: u8}]", "a"],
    ["a: Open, b: UInt8", "[{a: struct}, {b: u8}]", "a"],
    ["$inline: Open, b: UInt8", "[{$inline: struct}, {b: u8}]", "$inline"],
    ["a: [U], b: UInt8", "[{$tlvs: U, rest: a}, {b: u8}]", "$tlvs"],
    ["b: UInt8", "[{$native: fn}, {b: u8}]", "$native"],
  ])("refuses a row after one that takes the rest: %s", (json, rows, greedy) => {
    const column = 8 + `{all: ${rows}`.lastIndexOf("b");
    expect(problemsOf(message(json, `{all: ${rows}}`, more))).toContain(
      `x.yaml:7:${column + 1}: M: nothing can stand after ${greedy}, which takes the rest`,
    );
  });

  it.each([
    ["a: HexData, b: UInt8", "[{$length a: u16}, {a: bytes}, {b: u8}]"],
    ["a: [U], b: HexData", "[{$length a: u16}, {a: list}, {b: bytes}]"],
    ["a: HexData, b: UInt8", "[{a: bytes(4)}, {b: u8}]"],
    ["a: [Field], b: UInt8", "[{a: oxm_match}, {b: u8}]"],
    ["a: Fixed, b: UInt8", "[{a: struct}, {b: u8}]"],
    ["a: Own, b: UInt8", "[{a: struct}, {b: u8}]"],
    ["a: Ends, b: UInt8", "[{a: struct}, {b: u8}]"],
    ["a: Message, b: UInt8", "[{a: message}, {b: u8}]"],
    ["a: HexData, b: UInt8", "[{a: bytes}, {$set: {b: 0}}]"],
    ["a: [U], b: UInt8", "[{a: native fn(4)}, {b: u8}]"],
  ])("finds the end of a row that tells it: %s", (json, rows) => {
    expect(problemsOf(message(json, `{all: ${rows}}`, more))).toEqual([]);
  });

  it("refuses lengths that measure nothing", () => {
    const json = "a: HexData, n: UInt8";
    expect(problemsOf(message(json, "{all: [{n: u8}, {$length b: u16}, {a: bytes}]}"))).toEqual([
      "x.yaml:7:26: M: no row b follows $length b in all versions",
    ]);
    expect(problemsOf(message(json, "{all: [{$length n: u16}, {n: u8}, {a: bytes}]}"))).toEqual([
      "x.yaml:7:17: M: n has always the same length",
    ]);
    expect(
      problemsOf(message(json, "{all: [{n: u8}, {$length a: u16}, {$length a: u16}, {a: bytes}]}")),
    ).toEqual(["x.yaml:7:44: M: a has two lengths"]);
    expect(
      problemsOf(
        message(
          json,
          "{1.0: [{$length a: u16}, {n: u8}, {a: bytes}], 1.1+: [{a: bytes(4)}, {$length a: u16}, {n: u8}]}",
        ),
      ),
    ).toEqual(["x.yaml:7:79: M: no row a follows $length a in 1.1+"]);
  });

  it("gives lengths of their own to structs, once, in 16 bits", () => {
    expect(problemsOf(message("a: HexData", "{all: [{$length: u16}, {a: bytes}]}"))).toEqual([
      "x.yaml:7:17: M: only structs have a length of their own",
    ]);
    const use = (rows: string): string[] =>
      problemsOf(
        message(
          "s: [S]",
          "{all: [{s: list}]}",
          `S: {kind: struct, spec: '1', doc: s, json: {a: HexData}, wire: {all: ${rows}}}`,
        ),
      );
    expect(use("[{$length: u16}, {a: bytes}]")).toEqual([]);
    expect(use("[{$length: u32}, {a: bytes}]")).toEqual(["x.yaml:8:72: S: a length of its own is u16"]);
    expect(use("[{$length: u16}, {$length: u16}, {a: bytes}]")).toEqual([
      "x.yaml:8:88: S has two lengths of its own in all versions",
    ]);
  });

  it("refuses wire variables that nobody cites, that are not there or are there twice", () => {
    const sub = "src: SubField, dst: SubField";
    expect(
      problemsOf(message(sub, "{all: [{$n $a $b: u16}, {src: 'oxm_id($a,$n)'}, {dst: 'oxm_id($b,$n)'}]}")),
    ).toEqual([]);
    expect(
      problemsOf(message(sub, "{all: [{$n $a $x: u16}, {src: 'oxm_id($a,$n)'}, {dst: 'oxm_id($b,$n)'}]}")),
    ).toEqual([
      "x.yaml:7:17: M: nothing says what $x is",
      "x.yaml:7:58: M.dst: there is no $b in all versions",
    ]);
    expect(
      problemsOf(message(sub, "{all: [{$n $a $a: u16}, {src: 'oxm_id($a,$n)'}, {dst: 'oxm_id($a,$n)'}]}")),
    ).toEqual(["x.yaml:7:17: M: $a stands here twice"]);
  });

  it("knows a constant number of bits of a sub-field", () => {
    expect(problemsOf(message("src: SubField", "{all: [{$a: u16}, {src: 'oxm_id($a,1)'}]}"))).toEqual([]);
    expect(problemsOf(message("src: SubField", "{all: [{src: 'oxm_id($a,1)'}]}"))).toEqual([
      "x.yaml:7:17: M.src: there is no $a in all versions",
    ]);
  });

  it("wants counts before lists of plain numbers", () => {
    const problems = (type: string, rows: string): string[] =>
      problemsOf(message(`n: UInt8, a: ${type}`, `{all: [{n: u8}, ${rows}]}`, more));
    expect(problems("[UInt16]", "{$count a: u16}, {a: list(u16)}, {$align: 8}")).toEqual([]);
    expect(problems("[Fixed]", "{$count a: u16}, {a: list}")).toEqual([
      "x.yaml:7:26: M: $count a needs a list of plain numbers",
    ]);
    expect(problems("HexData", "{$count a: u16}, {a: bytes}")).toEqual([
      "x.yaml:7:26: M: $count a needs a list of plain numbers",
    ]);
    expect(problems("[UInt16]", "{a: list(u16)}")).toEqual([]);
    expect(problems("[UInt16]", "{$count b: u16}, {a: list(u16)}")).toEqual([
      "x.yaml:7:26: M: no row b follows $count b in all versions",
    ]);
  });

  it("takes conditions from flags that stand before the row", () => {
    const flags = "G: {kind: flags, doc: g, bits: {X: 0, Y: 2}}";
    const json = "f: [G], src: {type: SubField, omit: absent}";
    const problems = (rows: string, keys = json): string[] =>
      problemsOf(message(keys, `{all: [${rows}]}`, flags));
    expect(problems("{$a: u16}, {f: u16}, {src: 'oxm_id($a,1)', when: f&4}")).toEqual([]);
    expect(problems("{$a: u16}, {src: 'oxm_id($a,1)', when: f&4}, {f: u16}")).toEqual([
      "x.yaml:7:28: M.src: no flags f stand before it in all versions",
    ]);
    const number = "f: UInt16, g: [G], src: {type: SubField, omit: absent}";
    expect(problems("{$a: u16}, {f: u16}, {g: u16}, {src: 'oxm_id($a,1)', when: f&4}", number)).toEqual([
      "x.yaml:7:48: M.src: no flags f stand before it in all versions",
    ]);
  });

  it("wants conditions on fixed rows that may be absent, with bits of their own", () => {
    const field = (omit: string): string =>
      `a: {type: UInt8${omit}}, b: {type: UInt16, omit: absent}, c: {type: HexData, omit: absent}`;
    const absent = field(", omit: absent");
    const rows = (a: string, b: string, c = "bytes(4)"): string =>
      `{all: [{$p: u8}, {a: u8, when: $p&${a}}, {b: u16, when: $p&${b}}, {c: ${c}, when: $p&8}]}`;
    expect(problemsOf(message(absent, rows("1", "2")))).toEqual([]);
    expect(problemsOf(message(absent, rows("1", "1")))).toEqual([
      "x.yaml:7:48: M.b: when needs bits of its own",
    ]);
    expect(problemsOf(message(absent, rows("1", "0")))).toEqual([
      "x.yaml:7:48: M.b: when needs bits of its own",
    ]);
    expect(problemsOf(message(absent, rows("1", "0x100")))).toEqual([
      "x.yaml:7:48: M.b: $p has no bit 0x100",
    ]);
    expect(problemsOf(message(absent, rows("1", "2", "bytes")))).toEqual([
      "x.yaml:7:70: M.c: a row with when has a fixed size",
    ]);
    expect(problemsOf(message(field(""), rows("1", "2")))).toEqual([
      "x.yaml:7:27: M.a has when and needs omit: absent",
    ]);
    expect(
      problemsOf(message("a: {type: UInt8, omit: absent}", "{all: [{a: u8, when: $p&1}, {$p: u8}]}")),
    ).toEqual(["x.yaml:7:17: M.a: $p must stand before it"]);
    expect(problemsOf(message("a: {type: UInt8, omit: absent}", "{all: [{a: u8, when: $p&1}]}"))).toEqual([
      "x.yaml:7:17: M.a: there is no $p in all versions",
    ]);
  });

  it("wants what is there if enough bytes follow before the bytes to the end", () => {
    const problems = (a: string, rows: string, b = "HexData"): string[] =>
      problemsOf(message(`a: ${a}, b: ${b}`, `{all: [${rows}]}`));
    expect(problems("UInt32", "{a: u32, when: more}, {b: bytes}")).toEqual([]);
    expect(problems("UInt32", "{a: u32, when: more}, {b: bytes(2)}")).toEqual([
      "x.yaml:7:17: M.a: when: more needs bytes to the end behind it",
    ]);
    expect(problems("UInt32", "{$length b: u16}, {a: u32, when: more}, {b: bytes}")).toEqual([
      "x.yaml:7:35: M.a: when: more needs bytes to the end behind it",
    ]);
    expect(problems("UInt32", "{b: bytes(2)}, {a: u32, when: more}")).toEqual([
      "x.yaml:7:32: M.a: when: more needs bytes to the end behind it",
    ]);
    expect(problems("{type: UInt32, default: 1}", "{a: u32, when: more}, {b: bytes}")).toEqual([
      "x.yaml:7:17: M.a has when: more, and no default, absent or omit beside it",
    ]);
    expect(problems("HexData", "{a: bytes, when: more}, {b: bytes}")).toEqual([
      "x.yaml:7:17: M.a: a row with when has a fixed size",
    ]);
  });

  it("finds the message in a message always at the same place", () => {
    const problems = (json: string, rows: string): string[] =>
      problemsOf(message(json, `{all: [${rows}]}`, more));
    expect(problems("a: UInt8, b: Message", "{a: u8}, {$pad: 3}, {b: message}")).toEqual([]);
    expect(problems("a: [Field], b: Message", "{a: oxm_match}, {b: message}")).toEqual([
      "x.yaml:7:33: M.b: a message stands after rows of fixed size only",
    ]);
    expect(problems("a: Message, b: Message", "{a b: message}")).toEqual([
      "x.yaml:7:17: M.b is the second message in it",
      "x.yaml:7:17: M.b: a message stands after rows of fixed size only",
    ]);
    expect(
      problemsOf("S: {kind: struct, spec: '1', doc: s, json: {b: Message}, wire: {all: [{b: message}]}}"),
    ).toContain("x.yaml:1:72: S.b: only messages have a message under a key");
  });

  it("wants a residue on a native row, under a key of its own", () => {
    expect(problemsOf(message("a: HexData", "{all: [{a: native fn(4), residue: _a}]}"))).toEqual([]);
    expect(problemsOf(message("a: HexData", "{all: [{a: bytes(4), residue: _a}]}"))).toEqual([
      "x.yaml:7:17: M.a: only native rows have a residue",
    ]);
    expect(
      problemsOf(message("a: HexData, b: UInt8", "{all: [{a: native fn(4), residue: b}, {b: u8}]}")),
    ).toEqual([
      "x.yaml:7:17: M.a: the key of a residue starts with _",
      "x.yaml:7:17: M.a: b is a JSON field already",
    ]);
  });

  it("adds up the bytes of messages with their header", () => {
    const sized = (size: string, wire: string): string[] =>
      problemsOf(
        `M: {kind: message, type: 1, spec: '1', doc: m, size: ${size}, json: {a: UInt8, b: [Field], c: HexData}, wire: ${wire}}\n${more}`,
      );
    const rows = "[{a: u8}, {$pad: 3}, {b: oxm_match}, {c: bytes}]";
    expect(sized("20", `{all: ${rows}}`)).toEqual([]);
    expect(sized("24", `{all: ${rows}}`)).toEqual([
      "x.yaml:1:1: M has size 24, its rows make 20 bytes in all versions",
    ]);
    expect(sized("{1.0-1.4: 20}", `{all: ${rows}}`)).toEqual([
      "x.yaml:1:1: M has no size in 1.5, its rows make 20 bytes",
    ]);
    expect(sized("20", `{1.0-1.2: ${rows}, 1.3+: ${rows.replace("$pad: 3", "$pad: 7")}}`)).toEqual([
      "x.yaml:1:1: M has size 20, its rows make 24 bytes in 1.3+",
    ]);
  });

  it("adds up the bytes of structs, multiparts and cases", () => {
    expect(
      problemsOf(`
        R: {kind: multipart, part: reply, type: 1, spec: '1', doc: r, size: 4, json: {s: S, u: [U]}, wire: {all: [{s: struct}, {u: list}]}}
        S: {kind: struct, spec: '1', doc: s, size: 5, json: {a: UInt16, d: DurationSec}, wire: {all: [{a: u16}, {d: u64}]}}
        U:
          kind: union
          doc: u
          header: {type: u16, length: u16}
          path: [{experimenter: u32}, {subtype: u16}]
          cases:
            A: {type: 1, size: 9, spec: '1', doc: a, struct: S}
            B: {type: 0xffff:1:2, size: 4, spec: '1', doc: b, json: {src: SubField}, wire: {all: [{$o: u16}, {src: oxm_id_packed($o)}, {$align: 8}]}}
      `),
    ).toEqual([
      "x.yaml:1:1: R has size 4, its rows make 10 bytes in all versions",
      "x.yaml:2:1: S has size 5, its rows make 10 bytes in all versions",
      "x.yaml:9:5: U A has size 9, its rows make 14 bytes in all versions",
      "x.yaml:10:5: U B has size 4, its rows make 16 bytes in all versions",
    ]);
  });
});
