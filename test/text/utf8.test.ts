import { describe, expect, it } from "vitest";
import { utf8CodePoint, utf8Length } from "../../src/text/utf8.js";

const at = (hex: string): [number, number] => {
  const b = Buffer.from(hex, "hex");
  const length = utf8Length(b, 0, b.length);
  return [length, length > 0 ? utf8CodePoint(b, 0, length) : -1];
};

describe("UTF-8", () => {
  it.each([
    ["c280", 2, 0x80],
    ["dfbf", 2, 0x7ff],
    ["e0a080", 3, 0x800],
    ["ed9fbf", 3, 0xd7ff],
    ["ee8080", 3, 0xe000],
    ["efbfbf", 3, 0xffff],
    ["f0908080", 4, 0x10000],
    ["f48fbfbf", 4, 0x10ffff],
  ])("reads %s", (hex, length, codePoint) => {
    expect(at(hex)).toEqual([length, codePoint]);
  });

  it.each([
    "80",
    "bf80",
    "c080",
    "c1bf",
    "c27f",
    "c2c0",
    "c2",
    "e0",
    "e080",
    "e09fbf",
    "e0a07f",
    "eda080",
    "f08fbfbf",
    "f0908f",
    "f09080c0",
    "f4908080",
    "f5808080",
    "ff",
  ])("refuses %s", (hex) => {
    expect(at(hex)[0]).toBe(0);
  });
});
