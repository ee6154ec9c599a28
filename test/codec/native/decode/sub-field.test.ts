import { describe, expect, it } from "vitest";
import { writeSubField } from "../../../../src/codec/native/decode/sub-field.js";
import { Text } from "../../../../src/text/index.js";

function text(hex: string, ofs: number, nBits: number): string {
  const w = new Text(4096);
  writeSubField(Buffer.from(hex, "hex"), 0, ofs, nBits, w);
  return w.takeString();
}

describe("the text of a bit range", () => {
  it("has the name of the field and begin and end", () => {
    expect(text("00010004", 0, 16)).toBe('"NX_REG0[0:16]"');
    expect(text("80000c02", 3, 1)).toBe('"VLAN_VID[3:4]"');
    expect(text("8000080c", 0, 48)).toBe('"8000080C[0:48]"');
  });

  it.each([
    ["no field", "00ff0004", "00FF0004[0:8]"],
    ["a mask bit", "00010108", "00010108[0:8]"],
    ["another length", "00010002", "00010002[0:8]"],
    ["no length", "00010000", "00010000[0:8]"],
    ["an unknown field of an experimenter", "ffff02081234567800", "FFFF020812345678[0:8]"],
  ])("has the digits of a header with %s", (_what, hex, expected) => {
    expect(text(hex, 0, 8)).toBe(`"${expected}"`);
  });
});
