import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SchemaError } from "../../src/base/index.js";
import { parseWidth } from "../../src/schema/parse-width.js";

const at = { file: "a.yaml", line: 3, column: 5 };

describe("parseWidth", () => {
  it.each([
    ["u8", { kind: "int", bytes: 1, shift: 0 }],
    ["u24", { kind: "int", bytes: 3, shift: 0 }],
    ["u64", { kind: "int", bytes: 8, shift: 0 }],
    ["u8<<2", { kind: "int", bytes: 1, shift: 2 }],
    ["u16&0xfff", { kind: "int", bytes: 2, shift: 0, bits: 0xfff }],
    ["bytes", { kind: "bytes", n: undefined }],
    ["bytes(6)", { kind: "bytes", n: 6 }],
    ["chars(16)", { kind: "chars", n: 16 }],
    ["list", { kind: "list", item: 0 }],
    ["list(u32)", { kind: "list", item: 4 }],
    ["native hello", { kind: "native", fn: "hello", n: undefined }],
    ["native match_1_0(40)", { kind: "native", fn: "match_1_0", n: 40 }],
    ["native match(4+)", { kind: "native", fn: "match", n: undefined, least: 4 }],
    ["wrap APPLY_ACTIONS", { kind: "wrap", case: "APPLY_ACTIONS" }],
    ["oxm_id($a,$b)", { kind: "oxm_id", packed: false, vars: ["$a", "$b"] }],
    ["oxm_id_packed($a)", { kind: "oxm_id", packed: true, vars: ["$a"] }],
    ["struct", { kind: "struct" }],
    ["ids", { kind: "ids" }],
    ["oxm_match", { kind: "oxm_match" }],
    ["oxs_stats", { kind: "oxs_stats" }],
    ["message", { kind: "message" }],
  ])("reads %s", (said, width) => {
    expect(parseWidth(said, at)).toEqual(width);
  });

  it.each([
    "",
    "u7",
    "u128",
    "bytes()",
    "chars",
    "list(u24)",
    "list(Port)",
    "native",
    "wrap",
    "u8<<",
    "u16&",
    "u16&12",
    "u16<<2&0xf",
    "strukt",
    "toString",
  ])("refuses %j", (said) => {
    expect(() => parseWidth(said, at)).toThrow(/^a\.yaml:3:5: .* is not /);
  });

  it("reads any text or throws a SchemaError", () => {
    fc.assert(
      fc.property(fc.string(), (said) => {
        try {
          expect(parseWidth(said, at).kind).toBeTypeOf("string");
        } catch (error) {
          expect(error).toBeInstanceOf(SchemaError);
        }
      }),
    );
  });
});
