import { describe, expect, it } from "vitest";
import {
  vendorErrorName,
  vendorErrorNamed,
  vendorErrorNames,
} from "../../../src/codec/native/vendor-errors.js";
import { decode, encodeValue } from "../support.js";

const error = (version: number, code: unknown, data = ""): unknown => ({
  type: "ERROR",
  xid: 1,
  version,
  msg: { type: "EXPERIMENTER", code, data },
});

describe("errors in the encodings of experimenters", () => {
  it.each([
    // Nicira's own; before 1.2 they have type and code behind the experimenter.
    [1, "NXBRC_NXM_INVALID", "b0c2 0000 00002320 0001 0100"],
    [2, "NXBRC_NXM_INVALID", "b0c2 0000 00002320 0001 0100"],
    [3, "NXBRC_NXM_INVALID", "ffff 0002 00002320"],
    [6, "NXBRC_NXM_INVALID", "ffff 0002 00002320"],
    [1, "NXBAC_BAD_CONJUNCTION", "b0c2 0000 00002320 0002 020e"],
    [4, "NXBAC_BAD_CONJUNCTION", "ffff 000f 00002320"],
    [4, "NXBAC_BAD_HEADER_TYPE", "ffff 0027 00002320"],
    [5, "OFPBFC_BAD_VERSION", "ffff 0016 00002320"],
    [6, "NXST_NOT_CONFIGURED", "ffff 0024 00002320"],
    // Later versions' errors, which Nicira has brought to earlier ones.
    [1, "OFPBRC_BAD_TABLE_ID", "b0c2 0000 00002320 0001 0200"],
    [1, "OFPGMFC_GROUP_EXISTS", "b0c2 0000 00002320 0006 0000"],
    [1, "OFPFMFC_BAD_FLAGS", "b0c2 0000 00002320 0003 0102"],
    [2, "OFPFMFC_BAD_FLAGS", "b0c2 0000 00002320 0005 0102"],
    [3, "OFPBPC_TOO_MANY", "ffff 001c 00002320"],
    [4, "OFPMOFC_BAD_FLAGS", "ffff 0007 00002320"],
    // Extensions of the ONF.
    [4, "OFPBPC_TOO_MANY", "ffff 115b 4f4e4600"],
    [4, "OFPBFC_TIMEOUT", "ffff 090a 4f4e4600"],
    [5, "OFPBAC_BAD_SET_MASK", "ffff 109a 4f4e4600"],
    [3, "OFPBIC_DUP_INST", "ffff 0a28 4f4e4600"],
  ])("in version %i %s is %s", (version, name, hex) => {
    const bytes = `${hex}0a0b`.replaceAll(" ", "");
    const frame = encodeValue(error(version, name, "0A0B"));
    expect(frame.slice(16)).toBe(bytes);
    const text = decode(Buffer.from(frame, "hex"));
    const { msg } = JSON.parse(text) as { msg: { _error?: string } };
    expect(msg._error).toBe(name);
    expect(encodeValue(JSON.parse(text))).toBe(frame);
  });

  it.each([
    ["01010014000000010000000000002320000101ff", "another type"],
    ["0101001400000001b0c2000000002320000101ff", "a code without a name"],
    ["0101001400000001b0c200010000232000010100", "another number beside the type"],
    ["0101001300000001b0c2000000002320000101", "too few bytes"],
    ["0401001000000001ffff00020000232f", "another experimenter"],
    ["0401000f00000001ffff0002000023", "too few bytes for an experimenter"],
    ["0401001400000001b0c200000000232000010100", "the encoding of 1.0 in 1.3"],
    ["0101001000000001ffff000200002320", "the encoding of 1.2 in 1.0"],
  ])("have no name in %s: %s", (hex) => {
    expect(decode(Buffer.from(hex, "hex"))).not.toContain("_error");
  });

  it("are numbers, too, and then data has the experimenter", () => {
    expect(encodeValue(error(4, "0x0002", "00002320")).slice(16)).toBe("ffff000200002320");
    expect(encodeValue(error(4, 2, "00002320")).slice(16)).toBe("ffff000200002320");
  });

  it("are refused when they are none, or none of the version", () => {
    expect(() => encodeValue(error(1, "NXBAC_BAD_ED_PROP"))).toThrow(
      "msg.code: NXBAC_BAD_ED_PROP cannot be expressed in OpenFlow 1.0, only in 1.3+",
    );
    expect(() => encodeValue(error(4, "NXBAC_BAD_ED_PROB"))).toThrow("(did you mean NXBAC_BAD_ED_PROP?)");
    expect(() => encodeValue(error(4, "NXBRC_NXM_INVALID", "0"))).toThrow("msg.data:");
  });

  it("are 75 of Nicira and 30 of the ONF", () => {
    const names = vendorErrorNames();
    expect(names.length).toBe(105);
    const versions = [1, 2, 3, 4, 5, 6];
    for (const name of names) {
      const found = versions.flatMap((version) => {
        const one = vendorErrorNamed(version, name);
        return one !== undefined && "vendor" in one ? [{ version, ...one }] : [];
      });
      expect(found.length, name).toBeGreaterThan(0);
      for (const { version, vendor, number } of found)
        expect(vendorErrorName(version, vendor, number)).toBe(name);
    }
  });
});
