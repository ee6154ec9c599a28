import { describe, expect, it } from "vitest";
import {
  checkMapping,
  param,
  readBoolean,
  readDatapathId,
  readHex,
  readList,
  readName,
  readSeconds,
  readUint,
  requiredParam,
} from "../../src/rpc/params.js";

const of = (value: unknown) => ({ value, path: ["params", "x"] });

describe("readUint", () => {
  it.each([
    [7, 7],
    ["7", 7],
    ["0x10", 16],
    ["010", 8],
    [undefined, 99],
    [null, 99],
    ["null", 99],
  ])("reads %j as %i", (value, number) => {
    expect(readUint(of(value), 255, 99)).toBe(number);
  });

  it.each([
    [-1, "invalid number"],
    [1.5, "invalid number"],
    ["abc", "invalid number"],
    ["", "invalid number"],
    [true, "invalid number"],
    [256, "out of range number"],
    ["99999999999999999999", "invalid number"],
    ["9007199254740993", "out of range number"],
    [[1], "unexpected scalar"],
  ])("refuses %j: %s", (value, message) => {
    expect(() => readUint(of(value), 255, 0)).toThrow(message);
  });
});

describe("readDatapathId", () => {
  it.each([
    ["00:00:00:00:00:00:00:01", "00:00:00:00:00:00:00:01"],
    ["0:0:0:0:0:0:0:A", "00:00:00:00:00:00:00:0a"],
    ["0x01", "00:00:00:00:00:00:00:01"],
    ["18446744073709551615", "ff:ff:ff:ff:ff:ff:ff:ff"],
    [16, "00:00:00:00:00:00:00:10"],
    [0, ""],
    [null, ""],
    [undefined, ""],
  ])("reads %j as %j", (value, text) => {
    expect(readDatapathId(of(value))).toBe(text);
  });

  it.each(["", "00-00-00-00-00-00-00-01", "00:00:00:00:00:01", "x", true, [1], -1])("refuses %j", (value) => {
    expect(() => readDatapathId(of(value))).toThrow("Invalid DatapathID.");
  });
});

describe("checkMapping", () => {
  it("refuses unknown keys, inherited names too", () => {
    expect(() => checkMapping({ toString: 1 }, [], ["a"])).toThrow("unknown key 'toString'");
    expect(() => checkMapping([], [], [])).toThrow("not a mapping");
    expect(checkMapping({ a: 1 }, [], ["a"])).toEqual({ a: 1 });
  });

  it("finds no parameter that was not given", () => {
    expect(param({}, "toString").value).toBeUndefined();
    expect(() => requiredParam({}, "conn_id")).toThrow("missing required key 'conn_id'");
  });
});

describe("readList", () => {
  it("gives the elements with their places", () => {
    expect(readList(of([5]))).toEqual([{ value: 5, path: ["params", "x", 0] }]);
    expect(readList(of(undefined))).toEqual([]);
    expect(() => readList(of("x"))).toThrow("not a sequence");
  });
});

describe("readName", () => {
  it("names what was probably meant", () => {
    expect(readName(of("ONE"), ["ONE", "TWO"])).toBe("ONE");
    expect(() => readName(of("A".repeat(99)), ["ONE"])).toThrow(`unknown value "${"A".repeat(60)}…"`);
    expect(() => readName(of("ONNE"), ["ONE", "TWO"])).toThrow('unknown value "ONNE" (did you mean ONE?)');
  });
});

describe("readHex", () => {
  it("reads pairs of digits, with blanks between them", () => {
    expect([...readHex(of("00 fF\n0a"))]).toEqual([0, 255, 10]);
    expect([...readHex(of(""))]).toEqual([]);
  });

  it.each(["0", "0x00", "zz", 10, true, null, undefined, ["00"]])("refuses %j", (value) => {
    expect(() => readHex(of(value))).toThrow("expected a text of pairs of hex digits");
  });
});

describe("readBoolean", () => {
  it("reads JSON's and YAML's", () => {
    expect([true, "true", false, "false", undefined, null].map((v) => readBoolean(of(v), true))).toEqual([
      true,
      true,
      false,
      false,
      true,
      true,
    ]);
  });

  it.each([0, 1, "yes", "", [], {}])("refuses %j", (value) => {
    expect(() => readBoolean(of(value), false)).toThrow("expected true or false");
  });
});

describe("readSeconds", () => {
  it.each([
    [1, 1000],
    [0.25, 250],
    ["0.25", 250],
    [".5", 500],
    [3600, 3_600_000],
    [undefined, 10_000],
  ])("reads %j as %i ms", (value, ms) => {
    expect(readSeconds(of(value), 3600, 10)).toBe(ms);
  });

  it.each([0, -1, 3600.1, "1e3", "0x10", "10s", "", true, [1], Number.NaN])("refuses %j", (value) => {
    expect(() => readSeconds(of(value), 3600, 10)).toThrow("expected seconds above 0, at most 3600");
  });
});
