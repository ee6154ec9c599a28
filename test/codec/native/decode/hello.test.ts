import { describe, expect, it } from "vitest";
import { context } from "../../../../src/codec/context.js";
import { decodeHello } from "../../../../src/codec/native/decode/hello.js";
import { printed } from "../fixed-matches.js";

function decode(version: number, hex: string): unknown {
  context.version = version;
  return JSON.parse(`{${printed(decodeHello, Buffer.from(hex, "hex"))}}`);
}

describe("the body of HELLO", () => {
  it("is nothing when empty", () => {
    expect(decode(4, "")).toEqual({});
  });

  it("lists the versions of the bitmap", () => {
    expect(decode(4, "0001000800000012")).toEqual({ versions: [1, 4] });
    expect(decode(4, "000100084000060e")).toEqual({ versions: [1, 2, 3, 9, 10, 30] });
  });

  it("keeps a bitmap that says no more than the header", () => {
    expect(decode(4, "0001000800000010")).toEqual({ versions: [4], _elements: "0001000800000010" });
    expect(decode(6, "000100080000007e")).toEqual({
      versions: [1, 2, 3, 4, 5, 6],
      _elements: "000100080000007E",
    });
  });

  it("keeps a bitmap in a version that has none", () => {
    expect(decode(3, "0001000800000002")).toEqual({ versions: [1], _elements: "0001000800000002" });
  });

  it("reads bitmaps of several words", () => {
    expect(decode(4, "0001000c000000020000000400000000")).toEqual({ versions: [1, 34] });
  });

  it.each([
    ["an element of another type", "0002000800000010", []],
    ["a second bitmap", "00010008000000020001000800000004", [1]],
    ["a length of zero", "0001000000000010", []],
    ["a length beyond the body", "0001fff800000010", []],
    ["a length that ends in the padding", "0001000900000012ff000000000000", [1, 4]],
    ["less than an element", "0001", []],
    ["padding that is not zero", "0001000c0000001200000000000000ff", [1, 4]],
    ["rubbish", "3333333333333333", []],
  ])("keeps %s in hex", (_what, hex, versions) => {
    expect(decode(4, hex)).toEqual({ versions, _elements: hex.toUpperCase() });
  });

  it("does not count versions that no header can have", () => {
    const words = `0001${(4 + 4 * 9).toString(16).padStart(4, "0")}${"00".repeat(32)}00000001`;
    expect(decode(4, words)).toEqual({ versions: [], _elements: words.toUpperCase() });
  });
});
