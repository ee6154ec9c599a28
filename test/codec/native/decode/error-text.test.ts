import { describe, expect, it } from "vitest";
import { writeErrorText } from "../../../../src/codec/native/decode/error-text.js";
import { printed } from "../fixed-matches.js";

const text = (hex: string): string => printed(writeErrorText, Buffer.from(hex, "hex"));

describe("the text of an ERROR", () => {
  it("is absent without data", () => {
    expect(text("")).toBe("");
  });

  it.each([
    ["556e737570706f72746564", "Unsupported"],
    ["41090a0b0c0d", "A\t\n\u000b\f\r"],
    ["20", " "],
    ["5c22", '\\"'],
  ])("is the data when that is ASCII: %s", (hex, value) => {
    expect(JSON.parse(`{"data":0${text(hex)}}`)).toEqual({ data: 0, _text: value });
  });

  it.each([["41004242"], ["4107"], ["7f7f"], ["41c3a4"], ["1b"], ["412e80"]])(
    "is absent for other bytes: %s",
    (hex) => {
      expect(text(hex)).toBe("");
    },
  );

  it.each([
    ["040e00500000000100000000", "OFPT_FLOW_MOD"],
    ["010f00200000000000000000", "OFPT_PORT_MOD"],
    ["0110000c0000000000040000", "OFPT_MULTIPART_REQUEST.OFPMP_PORT_STATS"],
    ["041200180000000000010000", "OFPT_MULTIPART_REQUEST.OFPMP_FLOW_DESC"],
    ["0413001800000000ffff000000000000", "OFPT_MULTIPART_REPLY.OFPMP_EXPERIMENTER"],
    ["04120018000000007fff000000000000", "OFPT_MULTIPART_REQUEST.[32767]"],
    ["06e900180000000000000000", "[233]"],
  ])("names the message that %s begins", (hex, name) => {
    expect(text(hex)).toBe(`,"_text":"Type: ${name}"`);
  });

  it.each([
    ["less than a header and a word", "040e000b00000001000000"],
    ["no version that exists", "0a0e00100000000100000000"],
    ["no type that 1.0 has", "01e900100000000100000000"],
  ])("is absent for %s", (_what, hex) => {
    expect(text(hex)).toBe("");
  });
});
