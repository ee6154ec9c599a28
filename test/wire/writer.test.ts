import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EncodeError } from "../../src/base/index.js";
import { putU16, putU24, putU32, putU64, u64, Writer } from "../../src/wire/index.js";

const hex = (w: Writer): string => w.view().toString("hex");

describe("put functions", () => {
  it("store big-endian numbers where they are told", () => {
    const b = Buffer.alloc(20, 0xee);
    putU16(b, 1, 0x1234);
    putU24(b, 4, 0xabcdef);
    putU32(b, 8, 0xfedcba98);
    putU64(b, 12, 0x0012_3456_789a_bcde);
    expect(b.toString("hex")).toBe("ee1234eeabcdefeefedcba9800123456789abcde");
  });

  it("store negative 32-bit numbers in two's complement", () => {
    const b = Buffer.alloc(4);
    putU32(b, 0, -2);
    expect(b.toString("hex")).toBe("fffffffe");
  });

  it("store 64-bit numbers exactly, as number and as bigint", () => {
    const b = Buffer.alloc(8);
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 64n - 1n), (n) => {
        putU64(b, 0, n);
        expect(BigInt(u64(b, 0))).toBe(n);
      }),
    );
    fc.assert(
      fc.property(fc.maxSafeNat(), (n) => {
        putU64(b, 0, n);
        expect(u64(b, 0)).toBe(n);
      }),
    );
  });
});

describe("Writer", () => {
  it("appends numbers, bytes and zeros", () => {
    const w = new Writer();
    w.u8(1);
    w.u16(0x0203);
    w.u24(0x040506);
    w.u32(0x0708090a);
    w.u64(11n);
    w.zeros(2);
    w.bytes(Buffer.from("ff00", "hex"));
    expect(hex(w)).toBe("0102030405060708090a000000000000000b0000ff00");
    expect(w.p).toBe(22);
  });

  it("aligns from a start that need not be aligned itself", () => {
    const w = new Writer();
    w.bytes(Buffer.from("aabbcc", "hex"));
    const start = w.p;
    w.u32(0x01010101);
    w.align(start);
    expect(hex(w)).toBe("aabbcc0101010100000000");
    w.align(start);
    expect(w.p).toBe(11);
    w.u8(2);
    w.align(start, 4);
    expect(w.p).toBe(15);
  });

  it("pads with zeros even where an earlier message stood", () => {
    const w = new Writer();
    w.bytes(Buffer.alloc(64, 0xff));
    w.reset();
    w.u8(1);
    w.align(0);
    w.zeros(4);
    expect(hex(w)).toBe("010000000000000000000000");
  });

  it("grows and keeps what it has", () => {
    const w = new Writer();
    const first = w.b;
    w.u32(0xcafebabe);
    w.bytes(Buffer.alloc(10_000, 7));
    w.u8(9);
    expect(w.b).not.toBe(first);
    expect(w.view().subarray(0, 6).toString("hex")).toBe("cafebabe0707");
    expect(w.b[10_004]).toBe(9);
  });

  it("gives room for a run of stores", () => {
    const w = new Writer();
    const b = w.room(100_000);
    expect(b).toBe(w.b);
    expect(b.length - w.p).toBeGreaterThanOrEqual(100_000);
    expect(w.p).toBe(0);
  });

  it("refuses to grow beyond its limit", () => {
    const w = new Writer(100);
    w.zeros(100);
    expect(() => w.u8(1)).toThrow(
      new EncodeError("", "message is longer than 100 bytes", { code: "TOO_LONG" }),
    );
    expect(() => new Writer().zeros(1 << 21)).toThrow("message is longer than 1048576 bytes");
  });

  it("patches a length, and names what is too long", () => {
    const w = new Writer();
    w.u32(0);
    w.patch16(2, 65535, "match");
    expect(hex(w)).toBe("0000ffff");
    expect(() => w.patch16(2, 80008, "actions")).toThrow("actions: 80008 bytes, more than 65535");
    try {
      w.patch16(2, 65536, "actions");
    } catch (error) {
      expect(error).toMatchObject({ code: "TOO_LONG", path: "actions" });
    }
    expect(hex(w)).toBe("0000ffff");
  });

  it("hands out a view that the next message overwrites, or a copy", () => {
    const w = new Writer();
    w.u16(0x0102);
    const [view, copy, tail] = [w.view(), w.copy(), w.copy(1)];
    w.reset();
    w.u16(0x0304);
    expect([view.toString("hex"), copy.toString("hex"), tail.toString("hex")]).toEqual([
      "0304",
      "0102",
      "02",
    ]);
  });
});
