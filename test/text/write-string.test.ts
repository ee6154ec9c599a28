import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  charsBytes,
  parseHex,
  Text,
  writeAscii,
  writeChars,
  writeHex,
  writeJsonString,
  writeText,
} from "../../src/text/index.js";
import { written } from "./written.js";

const chars = (b: Uint8Array): string => written((w) => writeChars(b, 0, b.length, w));

describe("writeHex", () => {
  it("writes upper case without separators", () => {
    const b = Buffer.from("00ff10abcdef", "hex");
    expect(written((w) => writeHex(b, 0, 6, w))).toBe('"00FF10ABCDEF"');
    expect(written((w) => writeHex(b, 1, 4, w))).toBe('"FF10AB"');
    expect(written((w) => writeHex(b, 2, 2, w))).toBe('""');
  });

  it("is read back", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (b) => {
        const text = JSON.parse(written((w) => writeHex(b, 0, b.length, w)));
        expect(text).toBe(Buffer.from(b).toString("hex").toUpperCase());
        expect([...parseHex(text)!]).toEqual([...b]);
      }),
    );
  });
});

describe("writeText", () => {
  const text = (b: Buffer): string => written((w) => writeText(b, 0, b.length, w));

  it("goes on behind a NUL, and to the end", () => {
    expect(text(Buffer.from("tcp:a\0b\0"))).toBe('"tcp:a\\u0000b\\u0000"');
    expect(text(Buffer.alloc(0))).toBe('""');
    expect(written((w) => writeText(Buffer.from("xxabcyy"), 2, 5, w))).toBe('"abc"');
  });

  it("writes bytes that are no UTF-8 as lone surrogates, from which they come back", () => {
    expect(text(Buffer.from("41ff42", "hex"))).toBe('"A\\uDCFFB"');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), (b) => {
        expect([...charsBytes(JSON.parse(text(Buffer.from(b))) as string)]).toEqual([...b]);
      }),
    );
  });
});

describe("writeChars", () => {
  it("ends at the first NUL or at the end of the field", () => {
    expect(chars(Buffer.from("s1-eth1\0rest\0\0\0\0"))).toBe('"s1-eth1"');
    expect(chars(Buffer.from("sixteen letters!"))).toBe('"sixteen letters!"');
    expect(chars(Buffer.alloc(16))).toBe('""');
    expect(written((w) => writeChars(Buffer.from("xxabcyy"), 2, 3, w))).toBe('"abc"');
  });

  it("escapes what JSON must not hold", () => {
    expect(chars(Buffer.from('a"b\\c\n\t\r\u0001\u001f\u007f/'))).toBe(
      '"a\\"b\\\\c\\n\\t\\u000D\\u0001\\u001F\u007f/"',
    );
  });

  it("is ASCII for all characters", () => {
    expect(chars(Buffer.from("é€😀"))).toBe('"\\u00E9\\u20AC\\uD83D\\uDE00"');
  });

  it.each([
    ["a stray byte", "41ff42", '"A\\uDCFFB"'],
    ["a lone continuation byte", "80", '"\\uDC80"'],
    ["an overlong slash", "c0af", '"\\uDCC0\\uDCAF"'],
    ["an overlong three-byte form", "e09f80", '"\\uDCE0\\uDC9F\\uDC80"'],
    ["a surrogate in UTF-8", "eda080", '"\\uDCED\\uDCA0\\uDC80"'],
    ["a code point above U+10FFFF", "f4908080", '"\\uDCF4\\uDC90\\uDC80\\uDC80"'],
    ["a sequence cut by the end", "e282", '"\\uDCE2\\uDC82"'],
    ["a sequence cut by another character", "e28241", '"\\uDCE2\\uDC82A"'],
    ["a sequence cut by NUL", "e28200ac", '"\\uDCE2\\uDC82"'],
  ])("writes %s as lone surrogates", (_, bytes, text) => {
    expect(chars(Buffer.from(bytes, "hex"))).toBe(text);
  });

  it("does not read beyond its field", () => {
    const euro = Buffer.from("€");
    expect(written((w) => writeChars(euro, 0, 2, w))).toBe('"\\uDCE2\\uDC82"');
  });

  it("writes valid UTF-8 as the same string", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 40 }), (s) => {
        fc.pre(!s.includes("\0"));
        expect(JSON.parse(chars(Buffer.from(s)))).toBe(s);
      }),
    );
  });

  it("lets charsBytes find any bytes again", () => {
    const byte = fc.oneof(
      fc.integer({ min: 1, max: 255 }),
      fc.constantFrom(0xc3, 0xe2, 0xed, 0xf0, 0xf4, 0x80, 0x9f),
    );
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 32 }), (b) => {
        expect([...charsBytes(JSON.parse(chars(Uint8Array.from(b))))]).toEqual(b);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("writeAscii", () => {
  it("writes text as it is, short or long, and makes room", () => {
    expect(written((w) => writeAscii('{"a":1}', w))).toBe('{"a":1}');
    const long = "0123456789".repeat(20);
    const w = new Text(8);
    writeAscii(long, w);
    expect(w.takeString()).toBe(long);
  });
});

describe("writeJsonString", () => {
  it("writes any string in ASCII, and makes room", () => {
    expect(written((w) => writeJsonString('é"\n\u0000', w))).toBe('"\\u00E9\\"\\n\\u0000"');
    fc.assert(
      fc.property(fc.string({ unit: fc.nat({ max: 0xffff }).map((c) => String.fromCharCode(c)) }), (s) => {
        const w = new Text(1);
        writeJsonString(s, w);
        const text = w.takeString();
        expect(text).toMatch(/^[ -\u007f]*$/);
        expect(JSON.parse(text)).toBe(s);
      }),
    );
  });
});
