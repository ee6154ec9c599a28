import { isIPv6 } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  parseDatapathId,
  parseIPv4,
  parseIPv6,
  parseMac,
  writeDatapathId,
  writeIPv4,
  writeIPv6,
  writeMac,
} from "../../src/text/index.js";
import { written } from "./written.js";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(":", ""), "hex");

describe("writeMac", () => {
  it("writes lower case with colons", () => {
    expect(written((w) => writeMac(hex("ff:00:0A:bc:de:f0:12"), 1, w))).toBe('"00:0a:bc:de:f0:12"');
  });

  it("is read back", () => {
    const back = Buffer.alloc(6);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 6, maxLength: 6 }), (b) => {
        const text = JSON.parse(written((w) => writeMac(b, 0, w)));
        expect(parseMac(text, back, 0)).toBe(true);
        expect([...back]).toEqual([...b]);
      }),
    );
  });
});

describe("writeDatapathId", () => {
  it.each([
    ["0000000000000001", '"00:00:00:00:00:00:00:01"'],
    ["fedcba9876543210", '"fe:dc:ba:98:76:54:32:10"'],
    ["0000000100000000", '"00:00:00:01:00:00:00:00"'],
    ["0000000000000000", '""'],
  ])("writes %s as %s", (bytes, text) => {
    expect(written((w) => writeDatapathId(hex(bytes), 0, w))).toBe(text);
  });

  it("is read back", () => {
    const back = Buffer.alloc(8);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (b) => {
        const text = JSON.parse(written((w) => writeDatapathId(b, 0, w)));
        expect(parseDatapathId(text, back, 0)).toBe(true);
        expect([...back]).toEqual([...b]);
      }),
    );
  });
});

describe("writeIPv4", () => {
  it("writes a dotted quad", () => {
    expect(written((w) => writeIPv4(hex("0a00:0001"), 0, w))).toBe('"10.0.0.1"');
    expect(written((w) => writeIPv4(hex("0963:64c7"), 0, w))).toBe('"9.99.100.199"');
    expect(written((w) => writeIPv4(hex("c8ff:0000"), 0, w))).toBe('"200.255.0.0"');
  });

  it("writes every octet", () => {
    const back = Buffer.alloc(4);
    for (let n = 0; n < 256; n++) {
      const text = JSON.parse(written((w) => writeIPv4(Buffer.of(1, n, 255 - n, 2), 0, w)));
      expect(text).toBe(`1.${n}.${255 - n}.2`);
      expect(parseIPv4(text, back, 0) && back[1] === n).toBe(true);
    }
  });
});

describe("writeIPv6", () => {
  it.each([
    ["0000:0000:0000:0000:0000:0000:0000:0000", "::"],
    ["0000:0000:0000:0000:0000:0000:0000:0001", "::1"],
    ["0001:0000:0000:0000:0000:0000:0000:0000", "1::"],
    ["2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"],
    ["2001:0db8:0000:0001:0001:0001:0001:0001", "2001:db8:0:1:1:1:1:1"],
    ["2001:0000:0000:0001:0000:0000:0000:0001", "2001:0:0:1::1"],
    ["2001:0000:0000:0001:0001:0000:0000:0001", "2001::1:1:0:0:1"],
    ["fe80:0000:0000:0000:0202:b3ff:fe1e:8329", "fe80::202:b3ff:fe1e:8329"],
    ["fe80:0000:0002:0000:0000:0000:0000:0001", "fe80:0:2::1"],
    ["0000:0000:0000:0000:0000:ffff:0102:0304", "::ffff:1.2.3.4"],
    ["0000:0000:0000:0000:0000:0000:0102:0304", "::1.2.3.4"],
    ["0000:0000:0000:0000:0000:0000:0000:0304", "::304"],
    ["0000:0000:0000:0000:ffff:0000:0102:0304", "::ffff:0:102:304"],
    ["abcd:ef01:2345:6789:abcd:ef01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789"],
    ["0000:0001:0002:0003:0004:0005:0006:0007", "0:1:2:3:4:5:6:7"],
    ["0001:0002:0003:0004:0005:0006:0000:0000", "1:2:3:4:5:6::"],
    ["0010:0200:3000:000f:00f0:0f00:f000:0000", "10:200:3000:f:f0:f00:f000:0"],
  ])("writes %s as %s", (bytes, text) => {
    expect(written((w) => writeIPv6(hex(bytes), 0, w))).toBe(`"${text}"`);
  });

  it("agrees with the canonical form of URLs, and is read back", () => {
    const group = fc.oneof(fc.constant(0), fc.constant(0), fc.nat({ max: 0xffff }));
    const back = Buffer.alloc(16);
    fc.assert(
      fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const b = Buffer.alloc(18);
        groups.forEach((g, i) => {
          b.writeUInt16BE(g, 2 + 2 * i);
        });
        const text: string = JSON.parse(written((w) => writeIPv6(b, 2, w)));
        expect(isIPv6(text)).toBe(true);
        if (!text.includes(".")) expect(new URL(`http://[${text}]/`).hostname).toBe(`[${text}]`);
        expect(parseIPv6(text, back, 0)).toBe(true);
        expect(back).toEqual(b.subarray(2));
      }),
      { numRuns: 1000 },
    );
  });
});
