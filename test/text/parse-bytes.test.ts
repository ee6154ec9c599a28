import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { charsBytes, parseHex } from "../../src/text/index.js";

const hex = (b: Uint8Array | undefined): string | undefined => b && Buffer.from(b).toString("hex");

describe("parseHex", () => {
  it.each([
    ["", ""],
    ["00fF", "00ff"],
    [" 01\t02\r\n0 3 ", "010203"],
    ["1234", "1234"],
    ["\n", ""],
  ])("reads %j", (text, bytes) => {
    expect(hex(parseHex(text))).toBe(bytes);
  });

  it.each(["0", "012", "0x01", "01:02", "0g", "0 1 2", "\u00e9", "0\u0130", "01\u00a002"])(
    "refuses %j",
    (text) => {
      expect(parseHex(text)).toBeUndefined();
    },
  );
});

describe("charsBytes", () => {
  it("is UTF-8 for well-formed strings", () => {
    expect(hex(charsBytes("aé€😀"))).toBe("61c3a9e282acf09f9880");
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (s) => {
        expect(hex(charsBytes(s))).toBe(Buffer.from(s).toString("hex"));
      }),
    );
  });

  it("turns lone surrogates from DC80 to DCFF into single bytes", () => {
    expect(hex(charsBytes("A\udc80\udcffB"))).toBe("4180ff42");
    expect(hex(charsBytes("😀\udc80"))).toBe("f09f988080");
  });

  it("loses no other lone surrogate", () => {
    expect(hex(charsBytes("\ud800x"))).toBe("eda08078");
    expect(hex(charsBytes("\udc7f"))).toBe("edb1bf");
  });
});
