import { describe, expect, it } from "vitest";
import {
  echoReply,
  isKeepaliveReply,
  isOwnEcho,
  isSaneHeader,
  makeKeepalive,
} from "../../src/channel/steady.js";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

describe("isSaneHeader", () => {
  it.each([
    ["01 00 0008 00000000", true],
    ["09 40 0008 00000000", true],
    ["00 00 0008 00000000", false],
    ["0a 00 0008 00000000", false],
    ["04 41 0008 00000000", false],
    // "GET / HT"
    ["47 45 5420 2f204854", false],
  ])("%s is %s", (header, sane) => {
    expect(isSaneHeader(hex(header))).toBe(sane);
  });
});

describe("keepalive", () => {
  it("asks with bytes that tell its answer from others", () => {
    expect(makeKeepalive(4).toString("hex")).toBe("04020010fbd0ff863f3f4f4654523f3f");
  });

  it("knows its answer by xid and data, both", () => {
    expect(isKeepaliveReply(hex("04030010 fbd0ff86 3f3f4f4654523f3f"))).toBe(true);
    expect(isKeepaliveReply(hex("04030010 fbd0ff87 3f3f4f4654523f3f"))).toBe(false);
    expect(isKeepaliveReply(hex("04030010 fbd0ff86 3f3f4f4654523f40"))).toBe(false);
    expect(isKeepaliveReply(hex("04030008 fbd0ff86"))).toBe(false);
  });
});

describe("echoReply", () => {
  it("repeats version, xid and data", () => {
    expect(echoReply(hex("0102000b 00000007 aabbcc")).toString("hex")).toBe("0103000b00000007aabbcc");
  });
});

describe("isOwnEcho", () => {
  it("is true for data that begin with __OFTR__", () => {
    expect(isOwnEcho(hex("04020012 00000007 5f5f4f4654525f5f 0102"))).toBe(true);
    expect(isOwnEcho(hex("0402000f 00000007 5f5f4f4654525f"))).toBe(false);
    expect(isOwnEcho(hex("04020008 00000007"))).toBe(false);
  });
});
