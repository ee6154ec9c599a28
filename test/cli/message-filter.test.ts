import { describe, expect, it } from "vitest";
import { MessageFilter } from "../../src/cli/message-filter.js";

const FRAMES = {
  HELLO: "0400000800000001",
  FLOW_MOD: `040e0038${"00".repeat(52)}`,
  PORT_MOD: `04100028${"00".repeat(36)}`,
  PORT_STATS_REQUEST: "041200180000000100040000000000000000000100000000",
  _RAW_MESSAGE: "04ff000800000001",
  unknown_version: "6300000800000001",
  cut_multipart: "0412000a000000010001",
};

/** The frames that a filter keeps. */
function kept(include: string, exclude = ""): string[] {
  const filter = new MessageFilter(include, exclude);
  return Object.entries(FRAMES)
    .filter(([, hex]) => {
      const b = Buffer.from(`ffff${hex}ffff`, "hex");
      return filter.keeps(b, 2, b.length - 2);
    })
    .map(([name]) => name);
}

/** Frames without a type are kept by every filter. */
const DAMAGED = ["unknown_version", "cut_multipart"];

describe("terms", () => {
  it.each([
    ["", "", ["HELLO", "FLOW_MOD", "PORT_MOD", "PORT_STATS_REQUEST", "_RAW_MESSAGE"]],
    ["hello", "", ["HELLO"]],
    ["*_mod,", "", ["FLOW_MOD", "PORT_MOD"]],
    ["HELLO, Port_*", "", ["HELLO", "PORT_MOD", "PORT_STATS_REQUEST"]],
    ["PORT_*", "*_MOD", ["PORT_STATS_REQUEST"]],
    ["", "HELLO,_RAW*", ["FLOW_MOD", "PORT_MOD", "PORT_STATS_REQUEST"]],
    ["!HELLO", "", ["FLOW_MOD", "PORT_MOD", "PORT_STATS_REQUEST", "_RAW_MESSAGE"]],
    ["!!HELLO", "", ["HELLO"]],
    ["", "!HELLO", ["HELLO"]],
    ["src:6653,dst:1,conn_id:4294967295", "", []],
    ["!src:6653", "", ["HELLO", "FLOW_MOD", "PORT_MOD", "PORT_STATS_REQUEST", "_RAW_MESSAGE"]],
  ])("of --msg-include=%j --msg-exclude=%j", (include, exclude, names) => {
    expect(kept(include, exclude)).toEqual([...names, ...DAMAGED]);
  });
});

describe("terms that no message can meet", () => {
  it.each([
    ["FLOWMOD", "no message type is like 'FLOWMOD' (did you mean FLOW_MOD?)"],
    ["!REQUEST.*", "no message type is like 'REQUEST.*'"],
    ["src:abc", "'src:abc': 'abc' is not a number of 0..65535"],
    ["dst:65536", "'dst:65536': '65536' is not a number of 0..65535"],
    ["conn_id:", "'conn_id:': '' is not a number of 0..4294967295"],
  ])("%s", (term, text) => {
    expect(() => new MessageFilter(term, "")).toThrow(`decode: for the -msg-include option: ${text}`);
    expect(() => new MessageFilter("", term)).toThrow(`decode: for the -msg-exclude option: ${text}`);
  });
});
