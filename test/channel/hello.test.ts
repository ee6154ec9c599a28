import { describe, expect, it } from "vitest";
import type { Version } from "../../src/base/index.js";
import { formatIncompatible, makeHello, negotiate, readOffer } from "../../src/channel/index.js";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
const agree = (ours: Version[], theirs: string): number => negotiate(ours, readOffer(hex(theirs)));

describe("makeHello", () => {
  it.each<[Version[], string]>([
    [[1, 2, 3, 4, 5, 6], "0600000800000000"],
    [[4], "0400000800000000"],
    [[1], "0100000800000000"],
    [[1, 4], "04000010000000000001000800000012"],
    [[4, 5], "05000010000000000001000800000030"],
  ])("%j has a bitmap only where the header does not say it all", (versions, bytes) => {
    expect(makeHello(versions).toString("hex")).toBe(bytes);
  });
});

describe("negotiate", () => {
  it("takes the highest version of both bitmaps", () => {
    expect(agree([1, 4, 5], "05000010 00000001 00010008 00000032")).toBe(5);
    expect(agree([1, 4], "05000010 00000001 00010008 00000032")).toBe(4);
    expect(agree([1, 4], "05000010 00000001 00010008 00000024")).toBe(0);
  });

  it("takes the smaller of the headers without a bitmap, if we speak it", () => {
    expect(agree([1, 4], "0500000800000007")).toBe(4);
    expect(agree([1, 4], "0400000800000007")).toBe(4);
    expect(agree([1, 4], "0100000800000007")).toBe(1);
    expect(agree([1, 4], "0300000800000007")).toBe(0);
    expect(agree([4], "0100000800000007")).toBe(0);
  });

  it("agrees with a peer of a version to come", () => {
    expect(agree([1, 4], "0700000800000007")).toBe(4);
    // Its bitmap: 1.3 and the one to come.
    expect(agree([1, 4, 6], "07000010 00000001 00010008 00000090")).toBe(4);
    expect(agree([1, 6], "07000010 00000001 00010008 00000090")).toBe(0);
  });

  it("does not look for a bitmap before 1.3", () => {
    expect(agree([1, 4], "02000010 00000007 00010008 00000012")).toBe(0);
  });

  it.each([
    ["an element that is too short", "0400000c 00000001 00010002"],
    ["an element that ends behind the message", "0400000c 00000001 00010020"],
    ["an element nobody knows", "04000010 00000001 00770008 00000000"],
  ])("goes by the header when the elements have %s", (_, theirs) => {
    expect(agree([1, 4], theirs)).toBe(4);
  });
});

describe("formatIncompatible", () => {
  it("names what both sides speak", () => {
    expect(formatIncompatible([1, 4], readOffer(hex("05000010 00000001 00010008 00000024")))).toBe(
      "Incompatible OpenFlow version: 5 [2, 5] Supported versions: [1, 4]",
    );
    expect(formatIncompatible([1, 4], readOffer(hex("0200000800000007")))).toBe(
      "Incompatible OpenFlow version: 2 [] Supported versions: [1, 4]",
    );
  });
});
