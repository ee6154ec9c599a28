import { describe, expect, it } from "vitest";
import { isPacketIn } from "../../src/rpc/packet-in.js";
import { stampXid } from "../../src/rpc/xids.js";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

describe("a PACKET_IN", () => {
  it.each([
    ["010a0008 00000000", true],
    ["060a0008 00000000", true],
    // NXT_PACKET_IN and NXT_PACKET_IN2.
    ["01040010 00000000 00002320 00000011", true],
    ["05040010 00000000 00002320 0000001e", true],
    // NXT_RESUME, a type of somebody else, and one that is cut off.
    ["05040010 00000000 00002320 0000001c", false],
    ["05040010 00000000 4f4e4600 0000001e", false],
    ["0504000c 00000000 00002320", false],
    // PACKET_OUT, and what has no version that we know.
    ["040d0008 00000000", false],
    ["090a0008 00000000", false],
  ])("is told from others, also in the forms of Nicira: %s is %s", (text, is) => {
    expect(isPacketIn(hex(text))).toBe(is);
  });
});

describe("a transaction id", () => {
  it.each([
    ["05220018 00000001 00000005 0000 0000 05140008 00000001", 20],
    // ONF_BUNDLE_ADD_MESSAGE of 1.3.
    ["04040020 00000001 4f4e4600 000008fd 00000005 0000 0000 04140008 00000001", 28],
  ])("is written into the message that %s adds to a bundle, too", (text, at) => {
    const frame = hex(text);
    stampXid(frame, 0x01020304);
    const expected = hex(text);
    for (const o of [4, at]) expected.writeUInt32BE(0x01020304, o);
    expect(frame.toString("hex")).toBe(expected.toString("hex"));
  });

  it.each([
    // 34 is no type of 1.3, and REQUESTFORWARD holds a request of somebody else.
    "04220018 00000001 00000005 0000 0000 05140008 00000001",
    "05200010 00000001 05140008 00000001",
    // The message is not there.
    "05220010 00000001 00000005 0000 0000",
  ])("is written into nothing else: %s", (text) => {
    const frame = hex(text);
    stampXid(frame, 2);
    const expected = hex(text);
    expected.writeUInt32BE(2, 4);
    expect(frame.toString("hex")).toBe(expected.toString("hex"));
  });
});
