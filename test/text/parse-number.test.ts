import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDuration, parseInteger, writeTime } from "../../src/text/index.js";
import { written } from "./written.js";

describe("parseInteger", () => {
  it.each<[string, number | bigint]>([
    ["0", 0],
    ["2048", 2048],
    ["0x800", 2048],
    ["0X800", 2048],
    ["0xaBc", 2748],
    ["04000", 2048],
    ["00", 0],
    ["0o4000", 2048],
    ["0b11", 3],
    ["0B11", 3],
    ["9007199254740991", 9007199254740991],
    ["9007199254740992", 9007199254740992n],
    ["18446744073709551615", 18446744073709551615n],
    ["0xffffffffffffffff", 18446744073709551615n],
    ["01777777777777777777777", 18446744073709551615n],
    ["0x0000000000000000000000000000000000000001", 1],
  ])("reads %s", (text, value) => {
    expect(parseInteger(text)).toBe(value);
  });

  it.each([
    "",
    " ",
    "-1",
    "+5",
    "1e3",
    "2048.0",
    "2_048",
    " 2048",
    "2048 ",
    "~",
    "null",
    "true",
    "0x",
    "0o",
    "0b",
    "0b2",
    "0o8",
    "08",
    "12a",
    "0xg",
    "x10",
    "١",
    "18446744073709551616",
    "0x10000000000000000",
    "02000000000000000000000",
  ])("refuses %j", (text) => {
    expect(parseInteger(text)).toBeUndefined();
  });

  it("reads each 64-bit number in each base", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 64n - 1n), (n) => {
        for (const text of [`${n}`, `0x${n.toString(16)}`, `0o${n.toString(8)}`, `0b${n.toString(2)}`]) {
          const value = parseInteger(text);
          expect(BigInt(value!)).toBe(n);
          expect(typeof value).toBe(n <= 9007199254740991n ? "number" : "bigint");
        }
      }),
    );
  });

  it("does not spend time on numbers of absurd length", () => {
    const start = performance.now();
    expect(parseInteger("9".repeat(10_000_000))).toBeUndefined();
    expect(parseInteger(`0x${"f".repeat(10_000_000)}`)).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe("parseDuration", () => {
  it.each<[string | number, number, number]>([
    ["0", 0, 0],
    ["5", 5, 0],
    ["4294967295", 0xffffffff, 0],
    ["5.25", 5, 250_000_000],
    ["5.000000001", 5, 1],
    ["05.1", 5, 100_000_000],
    ["5.x3b9aca00", 5, 1_000_000_000],
    ["4294967295.xFFFFffff", 0xffffffff, 0xffffffff],
    ["34.x33", 34, 0x33],
    [7, 7, 0],
    [1.5, 1, 500_000_000],
    [4294967295, 0xffffffff, 0],
  ])("reads %j", (value, sec, nsec) => {
    expect(parseDuration(value)).toEqual({ sec, nsec });
  });

  it.each([
    "",
    "1.",
    ".5",
    "-1",
    "1.1234567890",
    "4294967296",
    "1.x",
    "1.x123456789",
    "1.xg",
    "0x7",
    "0 ",
    " 0",
    "0.5 ",
    "1e3",
    "BOGUS",
    -1,
    4294967296,
    1e21,
    1e-7,
    2530000.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
  ])("refuses %j", (value) => {
    expect(parseDuration(value)).toBeUndefined();
  });

  it("reads what writeTime writes", () => {
    const u32 = fc.nat({ max: 0xffffffff });
    fc.assert(
      fc.property(u32, u32, (sec, nsec) => {
        expect(parseDuration(JSON.parse(written((w) => writeTime(sec, nsec, w))))).toEqual({ sec, nsec });
      }),
    );
  });
});
