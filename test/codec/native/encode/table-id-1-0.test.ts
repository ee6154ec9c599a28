import { describe, expect, it } from "vitest";
import { MessageWriter } from "../../../../src/codec/message-writer.js";
import { encodeTableId_1_0 } from "../../../../src/codec/native/encode/table-id-1-0.js";

function encode(value: unknown, residue?: unknown): string {
  const w = new MessageWriter();
  encodeTableId_1_0(w, value, residue, "table_id");
  return w.view().toString("hex");
}

describe("the table number of a 1.0 FLOW_MOD", () => {
  it.each([
    [0, undefined, "00"],
    [7, undefined, "07"],
    ["0x05", undefined, "05"],
    ["ALL", undefined, "00"],
    [255, undefined, "00"],
    ["ALL", "FF", "ff"],
    [3, "FF", "03"],
  ])("%j with residue %j is 0x%s", (value, residue, hex) => {
    expect(encode(value, residue)).toBe(hex);
  });

  it.each([[256], [-1], ["all"], [null]])("is refused when it is %j", (value) => {
    expect(() => encode(value)).toThrow(/^table_id: /);
  });
});
