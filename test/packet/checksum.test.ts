import { describe, expect, it } from "vitest";
import { addWords, foldChecksum, transportChecksum } from "../../src/packet/checksum.js";
import { crc32c } from "../../src/packet/crc32c.js";
import { hex } from "./frames/index.js";

describe("the checksum of the Internet", () => {
  it("is that of the example in RFC 1071, section 3", () => {
    const bytes = hex("00 01 f2 03 f4 f5 f6 f7");
    expect(addWords(bytes, 0, 8)).toBe(0x2ddf0);
    expect(foldChecksum(0x2ddf0)).toBe(0x220d);
  });

  it("takes an odd byte as the upper half of a word", () => {
    expect(addWords(hex("00 01 02"), 0, 3)).toBe(0x0201);
  });

  it("folds more than once where it must", () => {
    expect(foldChecksum(0x1ffff)).toBe(0xfffe);
    expect(foldChecksum(2 ** 32)).toBe(0xfffe);
  });
});

describe("the checksum of a transport", () => {
  it("counts none of its own bytes, also where the packet ends between them", () => {
    const bytes = hex("00 00 00 00  00 00 00 00  12 ff 77");
    const network = { source: 0, destination: 4, addressBytes: 4, end: 9 };
    // Protocol 6 and a length of 1.
    expect(transportChecksum(bytes, 8, 8, 6, network)).toBe(0xfff8);
  });
});

describe("CRC32c", () => {
  it("is that of RFC 3720, section B.4", () => {
    expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
    expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43);
    expect(crc32c(Buffer.from(Array.from({ length: 32 }, (_, i) => i)))).toBe(0x46dd794e);
    expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283);
  });
});
