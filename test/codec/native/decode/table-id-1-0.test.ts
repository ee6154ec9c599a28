import { describe, expect, it } from "vitest";
import { decodeTableId_1_0, residueTableId_1_0 } from "../../../../src/codec/native/decode/table-id-1-0.js";
import { printed } from "../fixed-matches.js";

describe("the table number of a 1.0 FLOW_MOD", () => {
  it.each([
    ["00", "0", false],
    ["07", "7", false],
    ["fe", "254", false],
    ["ff", '"ALL"', true],
  ])("prints 0x%s as %s", (hex, text, residue) => {
    const bytes = Buffer.from(hex, "hex");
    expect(printed(decodeTableId_1_0, bytes)).toBe(text);
    expect(residueTableId_1_0(bytes, 0, 1)).toBe(residue);
  });
});
