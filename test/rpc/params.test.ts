import { describe, expect, it } from "vitest";
import {
  checkMapping,
  param,
  readDatapathId,
  readList,
  readName,
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
