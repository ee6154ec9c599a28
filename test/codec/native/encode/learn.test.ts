import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EncodeError } from "../../../../src/base/index.js";
import { MessageWriter } from "../../../../src/codec/message-writer.js";
import { decodeLearn } from "../../../../src/codec/native/decode/learn.js";
import { encodeLearn } from "../../../../src/codec/native/encode/learn.js";
import { printed } from "../fixed-matches.js";

function encode(specs: unknown, unchecked = false): string {
  const w = new MessageWriter();
  w.unchecked = unchecked;
  encodeLearn(w, specs, undefined, "specs");
  return w.view().toString("hex");
}

describe("the specs of a learn action", () => {
  it("copy fields", () => {
    expect(
      encode([
        { learn: "MATCH", src: "NX_ETH_SRC", dst: "NX_ETH_DST" },
        { learn: "LOAD", src: "NX_IN_PORT[0:16]", dst: "NX_REG0[16:32]" },
        { learn: "OUTPUT", src: "NX_REG1" },
      ]),
    ).toBe("0030000004060000000002060000" + "0810000000020000000100040010" + "1020000102040000");
  });

  it("set bits", () => {
    expect(
      encode([
        { learn: "MATCH", value: "0006", dst: "NX_IP_PROTO" },
        { learn: "LOAD", value: "00012345", dst: "NX_REG0[5:22]" },
      ]),
    ).toBe("2008000600000c010000" + "2811" + "00012345000100040005");
  });

  it("may be bytes that are no spec", () => {
    expect(encode([{ learn: "RAW", value: "1810 00" }])).toBe("181000");
  });

  it.each([
    ["specs", 7, "is not a list"],
    ["specs[0]", [7], "is not an object"],
    ["specs[0].learn", [{}], "is missing"],
    ["specs[0].learn", [{ learn: "MATCHES" }], "did you mean MATCH?"],
    ["specs[0].dst", [{ learn: "MATCH", src: "NX_REG0" }], "is missing"],
    ["specs[0].src", [{ learn: "MATCH", dst: "NX_REG0" }], "is missing"],
    ["specs[0].src", [{ learn: "OUTPUT" }], "is missing"],
    ["specs[0].value", [{ learn: "RAW" }], "is missing"],
    ["specs[0].dst", [{ learn: "OUTPUT", src: "NX_REG0", dst: "NX_REG1" }], "is not a known key"],
    [
      "specs[0].src",
      [{ learn: "MATCH", src: "NX_REG0", value: "00000000", dst: "NX_REG1" }],
      "is not a known key",
    ],
    ["specs[0].bogus", [{ learn: "RAW", value: "", bogus: 1 }], "is not a known key"],
    ["specs[0].dst", [{ learn: "LOAD", src: "NX_REG0", dst: "NX_REG1[0:8]" }], "has 8 bits, src has 32"],
    ["specs[0].value", [{ learn: "LOAD", value: "01", dst: "NX_REG1[0:8]" }], "has 1 bytes; 8 bits need 2"],
    [
      "specs[0].dst",
      [{ learn: "LOAD", src: "NX_REG0[0:8]", dst: "NX_REG1[25:33]" }],
      "is beyond the 32 bits",
    ],
    [
      "specs[1].src",
      [
        { learn: "RAW", value: "" },
        { learn: "OUTPUT", src: "00FF0004[0:1024]" },
      ],
      "beyond the 32",
    ],
  ])("are refused at %s", (path, specs, detail) => {
    try {
      encode(specs);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(EncodeError);
      expect((error as EncodeError).path).toBe(path);
      expect((error as EncodeError).message).toContain(detail);
    }
  });

  it("have at most 1023 bits each", () => {
    expect(() => encode([{ learn: "OUTPUT", src: "NX_REG0[0:1024]" }], true)).toThrow(
      "has 1024 bits, more than 1023",
    );
  });

  it("come back after decoding, whatever the bytes", () => {
    const header = fc.constantFrom("000c", "0810", "1020", "2008", "2810", "1810", "0000", "3010", "8008");
    const piece = fc.oneof(
      header,
      fc.constantFrom("00000802", "00010004", "0000", "0006"),
      fc.uint8Array({ maxLength: 5 }).map((b) => Buffer.from(b).toString("hex")),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const bytes = Buffer.from(pieces.join(""), "hex");
        const padded = Buffer.concat([bytes], Math.ceil(bytes.length / 8) * 8);
        const specs = JSON.parse(printed(decodeLearn, padded)) as unknown;
        const again = encode(specs, true);
        // The action pads with zeros to 8 bytes.
        expect(again.padEnd(2 * padded.length, "0")).toBe(padded.toString("hex"));
        expect(padded.length - again.length / 2).toBeLessThan(8);
      }),
      { numRuns: 500 },
    );
  });
});
