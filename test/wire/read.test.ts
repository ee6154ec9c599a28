import { describe, expect, it } from "vitest";
import {
  align8,
  badHead,
  badLength,
  i32,
  notMultiple,
  short,
  u16,
  u24,
  u32,
  u64,
  viewOf,
  wrongEnd,
  wrongSize,
} from "../../src/wire/index.js";

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

describe("viewOf", () => {
  it("has the offsets of the buffer, wherever that is in its memory", () => {
    expect(viewOf(b).getUint32(1)).toBe(0xfffefdfc);
    expect(viewOf(b.subarray(1, 5)).getUint32(0)).toBe(0xfffefdfc);
    expect(() => viewOf(b.subarray(1, 5)).getUint32(1)).toThrow(RangeError);
  });

  it("is that of the buffer asked for, also after another one", () => {
    const other = Buffer.from("0102030405", "hex");
    expect([b, other, b].map((one) => viewOf(one).getUint16(1))).toEqual([0xfffe, 0x0203, 0xfffe]);
  });

  it("sees what is written to the buffer later", () => {
    const changing = Buffer.alloc(2);
    viewOf(changing);
    changing[1] = 7;
    expect(viewOf(changing).getUint16(0)).toBe(7);
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
  });

  it("say what size a part has instead", () => {
    expect(wrongSize("TABLE_MOD", 8, 15, 8)).toMatchObject({
      code: "BAD_LENGTH",
      where: "TABLE_MOD",
      offset: 8,
    });
    expect(wrongSize("TABLE_MOD", 8, 15, 8).message).toBe("TABLE_MOD: has 7 bytes, not 8 (byte 8)");
    expect(wrongSize("TABLE_MOD", 8, 9, 0).message).toBe("TABLE_MOD: has 1 byte, not 0 (byte 8)");
    expect(notMultiple("Port", 16, 116, 64).message).toBe(
      "Port: has 100 bytes, not a multiple of 64 (byte 16)",
    );
  });

  it("say how far content is from the end", () => {
    expect(wrongEnd("PORT_STATUS", 80, 88).message).toBe("PORT_STATUS: 8 bytes too many (byte 80)");
    expect(wrongEnd("Action SET_FIELD", 24, 23).message).toBe("Action SET_FIELD: 1 byte too few (byte 24)");
  });

  it("say what is wrong with a length: the least, the bytes that are there, the multiple", () => {
    const text = (length: number): string => badLength("Action", 66, length, 4, 24, 8).message;
    expect(text(3)).toBe("Action: length 3, less than 4 (byte 66)");
    expect(text(25)).toBe("Action: length 25 exceeds the 24 bytes left (byte 66)");
    expect(text(12)).toBe("Action: length 12 is not a multiple of 8 (byte 66)");
    expect(badLength("Action", 66, 12, 4, 24).code).toBe("BAD_LENGTH");
  });

  it("say what is wrong with a head: its type, its length", () => {
    const text = (hex: string, type?: number): string =>
      badHead("FLOW_MOD.match", Buffer.from(`ff${hex}0000000000`, "hex"), 1, 9, type).message;
    expect(text("00020008", 1)).toBe("FLOW_MOD.match: type 2, not 1 (byte 1)");
    expect(text("00010003", 1)).toBe("FLOW_MOD.match: length 3, less than 4 (byte 1)");
    expect(text("00020003")).toBe("FLOW_MOD.match: length 3, less than 4 (byte 1)");
    expect(text("00010009", 1)).toBe(
      "FLOW_MOD.match: length 9 and its padding exceed the 8 bytes left (byte 1)",
    );
  });
});
