import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EncodeError } from "../../../../src/base/index.js";
import { fieldKinds } from "../../../../src/codec/gen/encode/oxm.js";
import { MessageWriter } from "../../../../src/codec/message-writer.js";
import { writeSubField } from "../../../../src/codec/native/decode/sub-field.js";
import {
  packBits,
  parseSubField,
  writeSubFieldHeader,
} from "../../../../src/codec/native/encode/sub-field.js";
import { Text } from "../../../../src/text/index.js";

function parsed(value: unknown, unchecked?: boolean): [header: string, ofs: number, nBits: number] {
  const field = parseSubField(value, "dst", unchecked);
  const w = new MessageWriter();
  writeSubFieldHeader(w, field);
  return [w.view().toString("hex"), field.ofs, field.nBits];
}

describe("a bit range", () => {
  it.each([
    ["NX_REG0[0:16]", "00010004", 0, 16],
    ["NX_REG0[16:32]", "00010004", 16, 16],
    ["NX_REG0[0..15]", "00010004", 0, 16],
    ["NX_REG0[5]", "00010004", 5, 1],
    ["NX_REG0[]", "00010004", 0, 32],
    ["NX_REG0", "00010004", 0, 32],
    ["NX_XXREG0", "0001de10", 0, 128],
    ["VLAN_VID", "80000c02", 0, 16],
    ["NX_TUN_METADATA0", "0001507c", 0, 992],
    ["NX_TUN_METADATA3(4)[0:32]", "00015604", 0, 32],
    ["NX_TUN_METADATA3(1)", "00015601", 0, 8],
    ["NX_REG16[0:8]", "ffff220800002320", 0, 8],
    ["00FF0004[3:7]", "00ff0004", 3, 4],
    ["00ff0004", "00ff0004", 0, 32],
    ["00FF0108", "00ff0108", 0, 32],
    ["FFFF020812345678[0:8]", "ffff020812345678", 0, 8],
    ["FFFF020812345678", "ffff020812345678", 0, 32],
  ])("%s is header 0x%s, bit %i, %i bits", (text, header, ofs, nBits) => {
    expect(parsed(text)).toEqual([header, ofs, nBits]);
  });

  it("may be longer than its field only when unchecked", () => {
    expect(parsed("NX_REG0[31:34]", true)).toEqual(["00010004", 31, 3]);
    expect(() => parsed("NX_REG0[31:34]", false)).toThrow(
      'dst: "NX_REG0[31:34]" is beyond the 32 bits of NX_REG0',
    );
  });

  it("may be empty, or end beyond a word of the wire, only when unchecked", () => {
    expect(parsed("NX_REG0[4:4]", true)).toEqual(["00010004", 4, 0]);
    expect(parsed("NX_REG0[65535:131070]", true)).toEqual(["00010004", 65535, 65535]);
    expect(() => parsed("NX_REG0[4:4]", false)).toThrow("has no bits");
    expect(() => parsed("NX_REG0[65535:65536]", false)).toThrow("is beyond bit 65535");
    expect(() => parsed("NX_REG0[65535:131071]", true)).toThrow("is beyond bit 65535");
  });

  it.each([
    ["NX_REG", "is not a Field (did you mean NX_REG"],
    ["NX_REG0[5:4]", "has no bits"],
    ["NX_REG0[0:70000]", "is beyond bit 65535"],
    ["NX_REG0[0:16", "is not a SubField"],
    ["NX_REG0[:16]", "is not a SubField"],
    ["NX_REG0[a]", "is not a SubField"],
    ["NX_REG0[0:16] ", "is not a SubField"],
    ["nx_reg0", "is not a SubField"],
    ["0001000", "is not a SubField"],
    ["0001000412345678", "does not have the 8 digits of its OXM header"],
    ["FFFF0208", "does not have the 16 digits of its OXM header"],
    ["__proto__", "is not a SubField"],
    ["", "is not a SubField"],
    [7, "is not a SubField"],
    [null, "is not a SubField"],
  ])("is refused when it is %j", (value, detail) => {
    expect(() => parsed(value)).toThrow(EncodeError);
    expect(() => parsed(value)).toThrow(detail);
  });

  it.each([
    ["NX_REG0[0:1]", 0x0000],
    ["NX_REG0[5:6]", 0x0140],
    ["NX_REG0", 0x001f],
    ["NX_XXREG0[64:128]", 0x103f],
    ["00FF0004[1023:1024]", 0xffc0],
  ])("%s is packed as %i", (text, word) => {
    expect(packBits(parseSubField(text, "dst"), "dst")).toBe(word);
  });

  it.each([
    ["NX_REG0[0:0]", "dst: has no bits"],
    ["NX_XXREG0", "dst: 128 bits, more than 64"],
    ["00FF0004[1024:1025]", "dst: begins at bit 1024, above 1023"],
  ])("%s cannot be packed", (text, message) => {
    expect(() => packBits(parseSubField(text, "dst"), "dst")).toThrow(message);
  });

  it("comes back after decoding", () => {
    const header = fc.oneof(
      fc
        .constantFrom(...fieldKinds.filter((kind) => kind.experimenter === 0 && kind.size > 0))
        .map((kind) => Buffer.from(((kind.header | kind.size) >>> 0).toString(16).padStart(8, "0"), "hex")),
      fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => {
        const b = Buffer.from(bytes);
        return b.readUInt16BE(0) === 0xffff ? b : b.subarray(0, 4);
      }),
    );
    fc.assert(
      fc.property(header, fc.nat({ max: 1023 }), fc.nat({ max: 1023 }), (bytes, ofs, nBits) => {
        const text = new Text(4096);
        writeSubField(bytes, 0, ofs, nBits, text);
        expect(parsed(JSON.parse(text.takeString()))).toEqual([bytes.toString("hex"), ofs, nBits]);
      }),
    );
  });
});
