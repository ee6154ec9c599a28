import { describe, expect, it } from "vitest";
import { decodeLearn } from "../../../../src/codec/native/decode/learn.js";
import { printed } from "../fixed-matches.js";

const decode = (hex: string): unknown =>
  JSON.parse(printed(decodeLearn, Buffer.from(hex.replaceAll(" ", ""), "hex")));

describe("the specs of a learn action", () => {
  it("are none when there is only padding", () => {
    expect(decode("")).toEqual([]);
    expect(decode("000000000000")).toEqual([]);
  });

  it("match, load and output fields", () => {
    const specs =
      "000c 00000802 0000 00000802 0000" + // 12 bits of the VLAN tag
      "0810 00000002 0000 00010004 0010" +
      "1020 00010204 0000 0000";
    expect(decode(specs)).toEqual([
      { learn: "MATCH", src: "NX_VLAN_TCI[0:12]", dst: "NX_VLAN_TCI[0:12]" },
      { learn: "LOAD", src: "NX_IN_PORT[0:16]", dst: "NX_REG0[16:32]" },
      { learn: "OUTPUT", src: "NX_REG1[0:32]" },
    ]);
  });

  it("match and load bits, in whole words", () => {
    expect(decode("2008 0006 00000c01 0000 2811 00012345 00010004 0005")).toEqual([
      { learn: "MATCH", value: "0006", dst: "NX_IP_PROTO[0:8]" },
      { learn: "LOAD", value: "00012345", dst: "NX_REG0[5:22]" },
    ]);
  });

  it.each([
    ["a destination that is reserved", "1810 00000002 0000"],
    ["a header bit that is reserved", "8010 00000002 0000 00010004 0000"],
    ["no bits", "0000 0000 0000 0000"],
    ["bits to output", "3010 0001"],
    ["less than a header", "01"],
    ["less than a source", "0010 00000002"],
    ["less than a destination", "0010 00000002 0000 0001"],
    ["less than its bits", "23ff 0001"],
    ["less than a long header", "0010 00000002 0000 ffff0a08 0000"],
  ])("keep what is no spec in hex: %s", (_what, hex) => {
    expect(decode(`1020 00010204 0000 ${hex}`)).toEqual([
      { learn: "OUTPUT", src: "NX_REG1[0:32]" },
      { learn: "RAW", value: hex.replaceAll(" ", "").toUpperCase() },
    ]);
  });
});
