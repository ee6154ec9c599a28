import { describe, expect, it } from "vitest";
import { isTypeName, nearestTypeName } from "../../src/rpc/type-names.js";

describe("isTypeName", () => {
  it.each([
    "FLOW_MOD",
    "PORT_STATS_REPLY",
    "REPLY.PORT_STATS",
    "MULTIPART_REQUEST",
    "_RAW_MESSAGE",
    "0x14",
    "20",
  ])("knows %s", (name) => expect(isTypeName(name)).toBe(true));

  it.each(["foo", "", "flow_mod", "toString", "PORT_STATS", "-1"])("does not know %j", (name) => {
    expect(isTypeName(name)).toBe(false);
  });
});

describe("nearestTypeName", () => {
  it.each([
    ["HELO", "HELLO"],
    ["BARRIER_REQUEX", "BARRIER_REQUEST"],
    // Nothing is near: the first of the shortest.
    ["foo", "ERROR"],
    ["", "ERROR"],
  ])("proposes for %j %s", (word, name) => {
    expect(nearestTypeName(word)).toBe(name);
  });

  it("is quick with a long word", () => {
    expect(nearestTypeName("x".repeat(1 << 20))).not.toBe("");
  });
});
