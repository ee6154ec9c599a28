import { describe, expect, it } from "vitest";
import { hasMore, isReply, replyRule } from "../../src/codec/decode.js";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

describe("replyRule", () => {
  it.each([
    ["ECHO_REQUEST of 1.0", "0102000800000001", { type: 3, part: undefined, sure: true }],
    ["ROLE_REQUEST of 1.3", "0418000800000001", { type: 25, part: undefined, sure: true }],
    ["QUEUE_GET_CONFIG_REQUEST of 1.0", "0114000800000001", { type: 21, part: undefined, sure: true }],
    [
      "BARRIER_REQUEST of 1.3, which has the same number",
      "0414000800000001",
      { type: 21, part: undefined, sure: true },
    ],
    ["BUNDLE_CONTROL of 1.4", "0521000800000001", { type: 33, part: undefined, sure: true }],
    ["EXPERIMENTER of 1.5", "0604000800000001", { type: 4, part: undefined, sure: false }],
    ["DESC of 1.0", "0110000c00000001 0000 0000", { type: 17, part: 0, sure: true }],
    ["PORT_DESC of 1.3", "0412001000000001 000d 0000 00000000", { type: 19, part: 13, sure: true }],
    [
      "a multipart that nobody knows",
      "0412001000000001 1234 0000 00000000",
      { type: 19, part: 0x1234, sure: true },
    ],
    ["FLOW_MOD", "040e000800000001", undefined],
    ["BUNDLE_CONTROL where it is not known", "0421000800000001", undefined],
    ["a type that nobody knows", "04ff000800000001", undefined],
    ["a version that nobody knows", "0902000800000001", undefined],
  ])("knows what answers %s", (_name, frame, rule) => {
    expect(replyRule(hex(frame))).toEqual(rule);
  });

  it("tells replies from other messages", () => {
    const desc = replyRule(hex("0412001000000001 0000 0000 00000000"))!;
    expect(isReply(hex("0413001000000001 0000 0000 00000000"), desc)).toBe(true);
    expect(isReply(hex("0413001000000001 0001 0000 00000000"), desc)).toBe(false);
    expect(isReply(hex("0412001000000001 0000 0000 00000000"), desc)).toBe(false);
    expect(isReply(hex("0413000a00000001 0000"), desc)).toBe(false);
    const echo = replyRule(hex("0402000800000001"))!;
    expect(isReply(hex("0403000800000002"), echo)).toBe(true);
    expect(isReply(hex("0402000800000002"), echo)).toBe(false);
  });

  it("tells parts that others follow", () => {
    const desc = replyRule(hex("0412001000000001 0000 0000 00000000"))!;
    expect(hasMore(hex("0413001000000001 0000 0001 00000000"), desc)).toBe(true);
    expect(hasMore(hex("0413001000000001 0000 fffe 00000000"), desc)).toBe(false);
    const echo = replyRule(hex("0402000800000001"))!;
    expect(hasMore(hex("0403000c00000002 00000001"), echo)).toBe(false);
  });
});
