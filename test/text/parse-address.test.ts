import { isIPv6 } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDatapathId, parseIPv4, parseIPv6, parseMac } from "../../src/text/index.js";

/** The bytes that a parser stores, in hex, or undefined; also checks that it stays within its bytes. */
function parsed<T>(
  parse: (value: T, b: Uint8Array, p: number) => boolean,
  value: T,
  size: number,
): string | undefined {
  const b = Buffer.alloc(size + 2, 0xee);
  const ok = parse(value, b, 1);
  expect([b[0], b[size + 1]]).toEqual([0xee, 0xee]);
  return ok ? b.toString("hex", 1, size + 1) : undefined;
}

describe("parseMac", () => {
  it.each([
    ["01:02:03:0a:0B:fF", "0102030a0bff"],
    ["1:2:3:a:B:f", "0102030a0b0f"],
    ["01-02-03-04-05-06", "010203040506"],
    ["0102030a0BfF", "0102030a0bff"],
    ["", "000000000000"],
  ])("reads %j", (text, hex) => {
    expect(parsed(parseMac, text, 6)).toBe(hex);
  });

  it.each([
    "01:02:03:04:05",
    "01:02:03:04:05:06:07",
    "01:02:03:04:05:",
    ":01:02:03:04:05",
    "01:02:03:04:05:006",
    "01:02:03:04:05:g6",
    "01:02:03-04:05:06",
    "01-02-03-04-05:06",
    "01.02.03.04.05.06",
    "0102.0304.0506",
    "0x0102030405",
    "01020304050",
    "0102030405067",
    "01020304050g",
    " 01:02:03:04:05:06",
    "01:02:03:04:05:06 ",
    "01: 2:03:04:05:06",
    "::::::",
    "null",
    "-----",
  ])("refuses %j", (text) => {
    expect(parsed(parseMac, text, 6)).toBeUndefined();
  });
});

describe("parseDatapathId", () => {
  it.each<[string | number | bigint, string]>([
    ["00:00:00:00:00:00:00:01", "0000000000000001"],
    ["FE:dc:0:1:2:3:4:5", "fedc000102030405"],
    ["", "0000000000000000"],
    ["1", "0000000000000001"],
    ["0x10", "0000000000000010"],
    ["010", "0000000000000008"],
    ["18446744073709551615", "ffffffffffffffff"],
    [1, "0000000000000001"],
    [9007199254740991, "001fffffffffffff"],
    [18446744073709551615n, "ffffffffffffffff"],
  ])("reads %s", (value, hex) => {
    expect(parsed(parseDatapathId, value, 8)).toBe(hex);
  });

  it.each<string | number | bigint>([
    "00-00-00-00-00-00-00-01",
    "00:00:00:00:00:01",
    "00:00:00:00:00:00:00:00:01",
    "18446744073709551616",
    "x",
    "-1",
    -1,
    1.5,
    2 ** 53,
    Number.NaN,
    -1n,
    2n ** 64n,
  ])("refuses %s", (value) => {
    expect(parsed(parseDatapathId, value, 8)).toBeUndefined();
  });
});

describe("parseIPv4", () => {
  it.each([
    ["10.0.0.1", "0a000001"],
    ["255.255.255.255", "ffffffff"],
    ["010.000.000.001", "0a000001"],
    ["", "00000000"],
  ])("reads %j", (text, hex) => {
    expect(parsed(parseIPv4, text, 4)).toBe(hex);
  });

  it.each([
    "10.0.0",
    "10.0.0.1.2",
    "10.0.0.",
    ".10.0.0",
    "10..0.1",
    "256.0.0.1",
    "10.0.0.0001",
    "10.0.0.1/8",
    "10.0.0.1/255.0.0.0",
    "10.0.0.1 ",
    " 10.0.0.1",
    "10.0.0.x",
    "10.0.0.-1",
    "0x0a.0.0.1",
    "167772161",
    "10",
    "::1",
    "1e1.0.0.1",
  ])("refuses %j", (text) => {
    expect(parsed(parseIPv4, text, 4)).toBeUndefined();
  });
});

describe("parseIPv6", () => {
  it.each([
    ["::", "00000000000000000000000000000000"],
    ["", "00000000000000000000000000000000"],
    ["::1", "00000000000000000000000000000001"],
    ["1::", "00010000000000000000000000000000"],
    ["1:2:3:4:5:6:7:8", "00010002000300040005000600070008"],
    ["1:2:3:4:5:6:7::", "00010002000300040005000600070000"],
    ["::2:3:4:5:6:7:8", "00000002000300040005000600070008"],
    ["2001:DB8::FF00:42:8329", "20010db8000000000000ff0000428329"],
    ["2001:0db8::0001", "20010db8000000000000000000000001"],
    ["::ffff:1.2.3.4", "00000000000000000000ffff01020304"],
    ["::1.2.3.4", "00000000000000000000000001020304"],
    ["1:2:3:4:5:6:1.2.3.4", "00010002000300040005000601020304"],
    ["fe80::1%2", "fe800002000000000000000000000001"],
    ["fe80::1%1909069062", "fe80150671ca00000000000000000001"],
    ["FE80::1%4294967295", "fe80ffffffff00000000000000000001"],
  ])("reads %j", (text, hex) => {
    expect(parsed(parseIPv6, text, 16)).toBe(hex);
  });

  it.each([
    ":",
    ":::",
    "1",
    "1:",
    ":1",
    "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9",
    "1:2:3:4:5:6:7:8::",
    "1::2::3",
    "1:::2",
    "12345::",
    "g::",
    "::1.2.3",
    "::1.2.3.4.5",
    "::1.2.3.256",
    "::1.2.3.4:5",
    "1:2:3:4:5:6:7:1.2.3.4",
    "1.2.3.4",
    "::1/64",
    " ::1",
    "::1 ",
    "[::1]",
    "fe80::1%eth0",
    "fe80::1%",
    "fe80::1%4294967296",
    "fe80::1%-1",
    "fe80:0:2::1%2",
    "2001:db8::1%2",
    "%2",
  ])("refuses %j", (text) => {
    expect(parsed(parseIPv6, text, 16)).toBeUndefined();
  });

  it("accepts just what Node's own parser accepts", () => {
    const piece = fc.constantFrom(
      ":",
      "::",
      "0",
      "1",
      "ffff",
      "12345",
      ".",
      "1.2.3.4",
      "255",
      "g",
      "a:b",
      "1:2:3:4:5:6",
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 10 }), (pieces) => {
        const text = pieces.join("");
        expect(parsed(parseIPv6, text, 16) !== undefined, text).toBe(isIPv6(text));
      }),
      { numRuns: 5000 },
    );
  });
});
