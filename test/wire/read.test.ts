import { describe, expect, it } from "vitest";
import { align8, badLength, i32, short, u16, u24, u32, u64 } from "../../src/wire/index.js";

const b = Buffer.from("00fffefdfcfbfaf9f801", "hex");

describe("reading numbers", () => {
  it("is big-endian and unsigned", () => {
    expect([u16(b, 0), u16(b, 1)]).toEqual([0xff, 0xfffe]);
    expect([u24(b, 0), u24(b, 1)]).toEqual([0xfffe, 0xfffefd]);
    expect([u32(b, 0), u32(b, 1)]).toEqual([0xfffefd, 0xfffefdfc]);
    expect(i32(b, 1)).toBe(0xfffefdfc - 0x1_0000_0000);
  });

  it("gives 64 bits as a number while that is exact", () => {
    expect(u64(Buffer.from("001fffffffffffff", "hex"), 0)).toBe(Number.MAX_SAFE_INTEGER);
    expect(u64(Buffer.from("0020000000000000", "hex"), 0)).toBe(9007199254740992n);
    expect(u64(Buffer.from("ffffffffffffffff", "hex"), 0)).toBe(18446744073709551615n);
    expect(u64(Buffer.from("0000000100000002", "hex"), 0)).toBe(4294967298);
  });
});

describe("align8", () => {
  it("rounds up to a multiple of 8", () => {
    expect([0, 1, 7, 8, 9, 65535].map(align8)).toEqual([0, 8, 8, 8, 16, 65536]);
  });
});

describe("errors of lengths", () => {
  it("are returned, with place and numbers", () => {
    expect(short("FLOW_MOD", 8, 20, 48)).toMatchObject({
      code: "SHORT",
      where: "FLOW_MOD",
      offset: 8,
      message: "FLOW_MOD: needs 48 bytes, has 12 (byte 8)",
    });
    expect(short("Port", 30, 20, 8).message).toBe("Port: needs 8 bytes, has 0 (byte 30)");
    expect(badLength("FLOW_MOD.match", 50)).toMatchObject({
      code: "BAD_LENGTH",
      message: "FLOW_MOD.match: bad length (byte 50)",
    });
    expect(badLength("Port", 4, "8 is not a multiple of 24").message).toBe(
      "Port: 8 is not a multiple of 24 (byte 4)",
    );
  });
});
