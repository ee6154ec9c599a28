import { describe, expect, it } from "vitest";
import { peekLength, peekType, peekVersion, peekXid, putHeader } from "../../src/wire/index.js";

describe("header", () => {
  const echo = Buffer.from("ffff 04 02 0010 fffffffe".replaceAll(" ", ""), "hex");

  it("is read at any offset", () => {
    expect([peekVersion(echo, 2), peekType(echo, 2), peekLength(echo, 2), peekXid(echo, 2)]).toEqual([
      4, 2, 16, 0xfffffffe,
    ]);
    expect(peekVersion(echo)).toBe(0xff);
  });

  it("is written at any offset", () => {
    const b = Buffer.alloc(10, 0xff);
    putHeader(b, 2, 4, 2, 16, 0xfffffffe);
    expect(b).toEqual(echo);
  });
});
