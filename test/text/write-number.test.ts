import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  writeDec,
  writeDuration,
  writeHex8,
  writeHex16,
  writeHex32,
  writeSigned32,
  writeTime,
  writeU64,
} from "../../src/text/index.js";
import { written } from "./written.js";

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(" ", ""), "hex");

describe("writeDec", () => {
  it("is right on both sides of each power of ten", () => {
    for (let power = 1; power <= 1e9; power *= 10) {
      for (const n of [power - 1, power, power + 1]) expect(written((w) => writeDec(n, w))).toBe(String(n));
    }
    expect(written((w) => writeDec(4294967295, w))).toBe("4294967295");
  });

  it("writes every unsigned 32-bit number", () => {
    fc.assert(
      fc.property(fc.nat({ max: 0xffffffff }), (n) => {
        expect(written((w) => writeDec(n, w))).toBe(String(n));
      }),
    );
  });
});

describe("writeSigned32", () => {
  it.each([0, 7, -1, 2147483647, -2147483648])("writes %i", (n) => {
    expect(written((w) => writeSigned32(n, w))).toBe(String(n));
  });
});

describe("writeU64", () => {
  it.each([
    ["0000000000000000", "0"],
    ["00000000ffffffff", "4294967295"],
    ["0000000100000000", "4294967296"],
    ["001fffffffffffff", "9007199254740991"],
    ["0020000000000001", "9007199254740993"],
    ["0de0b6b3a763ffff", "999999999999999999"],
    ["0de0b6b3a7640000", "1000000000000000000"],
    ["8ac7230489e7ffff", "9999999999999999999"],
    ["8ac7230489e80000", "10000000000000000000"],
    ["ffffffffffffffff", "18446744073709551615"],
  ])("writes %s exactly", (hex, text) => {
    expect(written((w) => writeU64(bytes(hex), 0, w))).toBe(text);
  });

  it("writes every 64-bit number exactly", () => {
    const b = Buffer.alloc(10);
    const bigint = fc.oneof(fc.bigInt(0n, 2n ** 64n - 1n), fc.bigInt(0n, 2n ** 40n));
    fc.assert(
      fc.property(bigint, (n) => {
        b.writeBigUInt64BE(n, 2);
        expect(written((w) => writeU64(b, 2, w))).toBe(String(n));
      }),
      { numRuns: 2000 },
    );
  });

  it("is exact around the multiples of 10^9, where its steps carry", () => {
    const b = Buffer.alloc(8);
    fc.assert(
      fc.property(fc.bigInt(1n, 18446744073n), fc.constantFrom(-1n, 0n, 1n), (k, d) => {
        b.writeBigUInt64BE(k * 1_000_000_000n + d);
        expect(written((w) => writeU64(b, 0, w))).toBe(String(k * 1_000_000_000n + d));
      }),
      { numRuns: 2000 },
    );
  });
});

describe("hex numbers", () => {
  it("have all digits of their width, in upper case", () => {
    expect(written((w) => writeHex8(0x5a, w))).toBe('"0x5A"');
    expect(written((w) => writeHex16(0x5a, w))).toBe('"0x005A"');
    expect(written((w) => writeHex32(0x5a, w))).toBe('"0x0000005A"');
    expect(written((w) => writeHex8(0xff, w))).toBe('"0xFF"');
    expect(written((w) => writeHex16(0xfedc, w))).toBe('"0xFEDC"');
    expect(written((w) => writeHex32(0xfedcba98, w))).toBe('"0xFEDCBA98"');
  });
});

describe("writeDuration", () => {
  it.each([
    ["00000000 00000000", '"0"'],
    ["00000001 00000000", '"1.000000000"'],
    ["00000000 00000001", '"0.000000001"'],
    ["00000005 3b9ac9ff", '"5.999999999"'],
    ["00000005 3b9aca00", '"5.x3b9aca00"'],
    ["ffffffff ffffffff", '"4294967295.xffffffff"'],
    ["ffffffff 0000034b", '"4294967295.000000843"'],
  ])("writes %s as %s", (hex, text) => {
    expect(written((w) => writeDuration(bytes(hex), 0, w))).toBe(text);
  });
});

describe("writeTime", () => {
  it("always has nine digits", () => {
    expect(written((w) => writeTime(0, 0, w))).toBe('"0.000000000"');
    expect(written((w) => writeTime(1700000000, 120_000_000, w))).toBe('"1700000000.120000000"');
  });
});
