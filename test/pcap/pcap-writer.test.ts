import { expect, it } from "vitest";
import { writePcapHeader, writePcapRecord } from "../../src/pcap/index.js";
import { Writer } from "../../src/wire/index.js";

it("writes a file header and records, lowest bytes first, times in nanoseconds", () => {
  const out = new Writer();
  writePcapHeader(out);
  writePcapRecord(out, Buffer.from("00010203ff", "hex"), 1, 4, 0x65432100, 999_999_999);
  const expected = [
    ...["4d3cb2a1", "0200", "0400", "00000000", "00000000", "00000400", "01000000"],
    ...["00214365", "ffc99a3b", "03000000", "03000000", "010203"],
  ];
  expect(out.view().toString("hex")).toBe(expected.join(""));
});
