import { describe, expect, it } from "vitest";
import { HexReader } from "../../src/cli/hex-input.js";

/** Reads a text in chunks of `size`; gives the bytes as hex. */
function read(text: string, size = 1 << 20): string {
  const parts: string[] = [];
  const reader = new HexReader((bytes) => parts.push(bytes.toString("hex")));
  const bytes = Buffer.from(text, "latin1");
  for (let o = 0; o < bytes.length; o += size) reader.push(bytes.subarray(o, o + size));
  reader.end();
  return parts.join("");
}

const ECHO = "0402002600000005001122334455667788999abbccddeeff202122237c6162636465662061620061";

describe("plain digits", () => {
  it.each([
    ["040e0008 00000001", "040e000800000001"],
    ["04 0E 00 08\n00 00 00 01\n", "040e000800000001"],
    ["04:0e:00:08:00:00:00:01", "040e000800000001"],
    ["0x040e000800000001", "040e000800000001"],
    ["0x04, 0x0e, 0x0, 0x8,\r\n0x0, 0x0, 0x0, 0x1", "040e000800000001"],
    ['"\\x04\\x0e\\x00\\x08"', "040e0008"],
    ["04 0e # version, type\n# length\n00 08", "040e0008"],
    ["040", undefined],
    ["04 0\ne 00 08", "040e0008"],
    ["", ""],
  ])("reads %j", (text, expected) => {
    if (expected === undefined) expect(() => read(text)).toThrow("line 1: odd number of digits, '0' is left");
    else expect(read(text)).toBe(expected);
  });

  it("reads what encode --hex prints, where a row of four blocks is no dump with offsets", () => {
    const text =
      "0402002200000005 0011223344556677 8899AABBCCDDEEFF 0011223344556677 \nAABB\n\n0400000800000006\n\n";
    expect(read(text)).toBe(
      "0402002200000005001122334455667788" + "99aabbccddeeff0011223344556677aabb0400000800000006",
    );
  });

  it("names the line and the character that is no digit", () => {
    expect(() => read("0400\n00z8")).toThrow("line 2: 'z' is not a hexadecimal digit");
    expect(() => read("04\x01")).toThrow("line 1: '\\x01' is not a hexadecimal digit");
  });

  it("reads a line of a million digits in bounded pieces, whatever the chunks", () => {
    const text = "0400000800000005".repeat(65536);
    expect(read(text, 1000)).toBe(text);
    expect(read("0x04, 0x0e, ".repeat(9999), 1000)).toBe("040e".repeat(9999));
  });
});

describe("dumps", () => {
  const dumps: Record<string, string> = {
    "hexdump -C": [
      '00000000  04 02 00 26 00 00 00 05  00 11 22 33 44 55 66 77  |...&......"3DUfw|',
      '00000010  88 99 9a bb cc dd ee ff  20 21 22 23 7c 61 62 63  |........ !"#|abc|',
      "00000020  64 65 66 20 61 62 00 61                           |def ab.a|",
      "00000028",
      "",
    ].join("\n"),
    xxd: [
      '00000000: 0402 0026 0000 0005 0011 2233 4455 6677  ...&......"3DUfw',
      '00000010: 8899 9abb ccdd eeff 2021 2223 7c61 6263  ........ !"#|abc',
      "00000020: 6465 6620 6162 0061                      def ab.a",
    ].join("\n"),
    "xxd whose characters look like digits": "00000000: 6162 6364  abcd\n00000004: 3132            12",
    "tcpdump -x": [
      "\t0x0000:  0402 0026 0000 0005 0011 2233 4455 6677",
      "\t0x0010:  8899 9abb ccdd eeff 2021 2223 7c61 6263",
      "\t0x0020:  6465 6620 6162 0061",
    ].join("\n"),
    Wireshark: [
      '0000   04 02 00 26 00 00 00 05 00 11 22 33 44 55 66 77   ...&......"3DUfw',
      '0010   88 99 9a bb cc dd ee ff 20 21 22 23 7c 61 62 63   ........ !"#|abc',
      "0020   64 65 66 20 61 62 00 61                           def ab.a",
    ].join("\n"),
    "Wireshark with a gap": [
      '0000  04 02 00 26 00 00 00 05  00 11 22 33 44 55 66 77   ...&.... .."3DUfw',
      '0010  88 99 9a bb cc dd ee ff  20 21 22 23 7c 61 62 63   ........  !"#|abc',
      "0020  64 65 66 20 61 62 00 61                            def ab.a",
    ].join("\n"),
    "od -t x1": [
      "0000000 04 02 00 26 00 00 00 05 00 11 22 33 44 55 66 77",
      "0000020 88 99 9a bb cc dd ee ff 20 21 22 23 7c 61 62 63",
      "0000040 64 65 66 20 61 62 00 61",
      "0000050",
    ].join("\n"),
    "Open vSwitch": [
      '00000000  04 02 00 26 00 00 00 05-00 11 22 33 44 55 66 77 |...&......"3DUfw|',
      '00000010  88 99 9a bb cc dd ee ff-20 21 22 23 7c 61 62 63 |........ !"#|abc|',
      "00000020  64 65 66 20 61 62 00 61-                        |def ab.a        |",
    ].join("\n"),
  };

  it.each(Object.entries(dumps))("reads %s, also byte by byte", (name, text) => {
    const expected = name.startsWith("xxd whose") ? "616263643132" : ECHO;
    expect(read(text)).toBe(expected);
    expect(read(text, 1)).toBe(expected);
  });

  it("starts anew where the offsets do", () => {
    const one = "0000  04 00 00 08 00 00 00 01\n";
    expect(read(`${one}${one}\n${one}`)).toBe("0400000800000001".repeat(3));
  });

  it("repeats the row before a lone asterisk", () => {
    const row = "00 ".repeat(16).trim();
    expect(read(`00000000  ${row}  |................|\n*\n00000030  01 02  |..|\n00000032\n`)).toBe(
      `${"00".repeat(48)}0102`,
    );
  });

  it.each([
    ["0000  04 00\n0003  00 08", "line 2: offset 0003 where 0002 should be"],
    ["00000000: 0400\n00000010: 0008", "line 2: offset 00000010 where 00000002 should be"],
    ["0000  04 00\n*\n0003  00 08", "line 3: offset 0003 does not fit the * before it"],
    ["0000:\n*\n0010: 04", "line 3: offset 0010 does not fit the * before it"],
    ["0000  04 00\n*\nffffffff  00 08", "line 3: offset ffffffff does not fit the * before it"],
  ])("refuses %j: %s", (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
});
