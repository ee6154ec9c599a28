import { describe, expect, it } from "vitest";
import { message, problemsOf } from "./mini.js";

const NAMES = `
Enum: {kind: enum, doc: e, values: {A: 1, NEW: {1.4+: 2}}, also: {OLD: A}}
Num: {kind: number, doc: n, widths: {u32: as_is}, names: {ANY: 0xffffffff}, also: {NONE: ANY}}
Flags: {kind: flags, doc: f, bits: {A: 0}}
S: {kind: struct, spec: '1', doc: s, json: {x: UInt8}, wire: {all: [{x: u8}]}}
Uses: {kind: message, type: 2, spec: '1', doc: u, json: {e: Enum, n: Num, f: [Flags], s: S}, wire: {all: [{e: u8}, {n f: u32}, {s: struct}]}}`;

/** Problems of a field `a` with a constant, without their places. */
function constant(type: string, width: string, value: string, key = "default"): string[] {
  return problemsOf(message(`a: {type: ${type}, ${key}: ${value}}`, `{all: [{a: ${width}}]}`, NAMES)).map(
    (p) => p.replace(/^x\.yaml:6:10: /, ""),
  );
}

describe("the checker of constants", () => {
  it.each([
    ["UInt8", "u8", "255"],
    ["UInt3", "u8", "0x7"],
    ["UInt64", "u64", "0xffffffffffffffff"],
    ["SInt32", "u32", "-2147483647"],
    ["Enum", "u8", "A"],
    ["Enum", "u8", "OLD"],
    ["Enum", "u8", "7"],
    ["Num", "u32", "ANY"],
    ["Num", "u32", "NONE"],
    ["Num", "u32", "0xffffffff"],
    ["[Flags]", "u32", "[]"],
    ["[UInt8]", "list(u8)", "[]"],
    ["HexData", "bytes", "''"],
    ["HexData", "bytes", "0AFF"],
    ["Str16", "chars(16)", "''"],
    ["DurationSec", "u64", "0"],
    ["DurationSec", "u64", "1.000000005"],
    ["MacAddress", "bytes(6)", "'00:00:00:00:00:00'"],
  ])("lets %s (%s) be %s when it is missing", (type, width, value) => {
    expect(constant(type, width, value)).toEqual([]);
    expect(constant(type, width, value, "absent")).toEqual([]);
  });

  it.each([
    ["UInt8", "u8", "256", '"256", not a UInt8 of all versions'],
    ["UInt8", "u8", "-1", '"-1", not a UInt8 of all versions'],
    ["UInt8", "u8", "[]", "[], not a UInt8 of all versions"],
    ["UInt8", "u8", "''", '"", not a UInt8 of all versions'],
    ["UInt3", "u8", "8", '"8", not a UInt3 of all versions'],
    ["UInt64", "u64", "0x10000000000000000", '"0x10000000000000000", not a UInt64 of all versions'],
    ["Enum", "u8", "B", '"B", not a Enum of all versions'],
    ["Enum", "u8", "NEW", '"NEW", not a Enum of 1.0-1.3'],
    ["Num", "u32", "ALL", '"ALL", not a Num of all versions'],
    ["Num", "u32", "0x100000000", '"0x100000000", not a Num of all versions'],
    ["[Flags]", "u32", "0", '"0", not a [Flags] of all versions'],
    ["HexData", "bytes", "ABC", '"ABC", not a HexData of all versions'],
    ["Str16", "chars(16)", "seventeen letters", '"seventeen letters", not a Str16 of all versions'],
    ["DurationSec", "u64", "1.5", '"1.5", not a DurationSec of all versions'],
    ["MacAddress", "bytes(6)", "0", '"0", not a MacAddress of all versions'],
    ["S", "struct", "0", '"0", not a S of all versions'],
    ["SubField", "native fn", "0", '"0", not a SubField of all versions'],
  ])("refuses for %s (%s) the constant %s", (type, width, value, sentence) => {
    expect(constant(type, width, value)).toEqual([`M.a: default is ${sentence}`]);
    expect(constant(type, width, value, "absent")).toEqual([`M.a: absent is ${sentence}`]);
  });

  it("reads what $set says in the versions that say it", () => {
    const set = (value: string): string[] =>
      problemsOf(message("e: Enum", `{1.0-1.4: [{$set: {e: ${value}}}], 1.5: [{e: u8}]}`, NAMES));
    expect(set("A")).toEqual([]);
    expect(set("NEW")).toEqual(['x.yaml:7:28: M.e: $set is "NEW", not a Enum of 1.0-1.3']);
    expect(set("=e")).toEqual(["x.yaml:7:28: M.e: only default can be the value of another key"]);
  });

  it("lets a default be another key, absent not", () => {
    const two = (rest: string): string[] =>
      problemsOf(message(`b: UInt8, a: {type: UInt8, ${rest}}`, "{all: [{a b: u8}]}"));
    expect(two("default: =b")).toEqual([]);
    expect(two("absent: =b")).toEqual(["x.yaml:6:20: M.a: only default can be the value of another key"]);
  });

  it("keeps omit to what can be empty or compared", () => {
    const omit = (type: string, width: string, how: string): string[] =>
      problemsOf(
        message(`b: UInt32, a: {type: ${type}, omit: ${how}}`, `{all: [{b: u32}, {a: ${width}}]}`, NAMES),
      );
    expect(omit("HexData", "bytes", "empty")).toEqual([]);
    expect(omit("[UInt8]", "list(u8)", "empty")).toEqual([]);
    expect(omit("UInt8", "u8", "empty")).toEqual([]);
    expect(omit("UInt64", "u64", "empty")).toEqual([
      "x.yaml:6:21: M.a: omit: empty is for lists, hex data and numbers below 2^32",
    ]);
    expect(omit("MacAddress", "bytes(6)", "empty")).toEqual([
      "x.yaml:6:21: M.a: omit: empty is for lists, hex data and numbers below 2^32",
    ]);
    expect(omit("Num", "u32", "{same_as: b}")).toEqual([]);
    expect(omit("UInt32", "u32", "{same_as: b}")).toEqual([]);
    expect(omit("HexData", "bytes", "{same_as: b}")).toEqual([
      "x.yaml:6:21: M.a: omit: {same_as} is for numbers",
    ]);
  });
});
