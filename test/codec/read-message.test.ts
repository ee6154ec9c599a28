import { describe, expect, it } from "vitest";
import { DecodeError } from "../../src/base/index.js";
import { decodeToText, readMessage } from "../../src/codec/decode.js";
import { makeFrame } from "../../src/codec/encode.js";

/** Role MASTER, generation_id 2^64 - 1, in 1.3; xid 5. */
const ROLE = Buffer.from("0418001800000005 00000002 00000000 ffffffffffffffff".replaceAll(" ", ""), "hex");
const ROLE_TEXT =
  '{"type":"ROLE_REQUEST","xid":5,"version":4,"msg":{"role":"ROLE_MASTER","generation_id":18446744073709551615}}';

describe("readMessage", () => {
  it("keeps all digits of a long integer, as text", () => {
    expect(readMessage(ROLE)).toEqual({
      type: "ROLE_REQUEST",
      xid: 5,
      version: 4,
      msg: { role: "ROLE_MASTER", generation_id: "18446744073709551615" },
    });
  });

  it("reads a message that stands among others", () => {
    const two = Buffer.concat([Buffer.from("0414000800000001", "hex"), ROLE, ROLE]);
    expect(decodeToText(two, 8, 32)).toBe(ROLE_TEXT);
  });

  it("reads on after a message that cannot be decoded", () => {
    expect(() => readMessage(ROLE.subarray(0, 20))).toThrow(DecodeError);
    expect(decodeToText(ROLE)).toBe(ROLE_TEXT);
  });

  it("keeps a message when the next one is read", () => {
    const first = readMessage(ROLE);
    readMessage(Buffer.from("0414000800000001", "hex"));
    expect(first.type).toBe("ROLE_REQUEST");
  });
});

describe("makeFrame", () => {
  it("makes a frame that stays when the next one is made", () => {
    const role = makeFrame(readMessage(ROLE), { version: 1, lossless: true });
    makeFrame({ type: "BARRIER_REQUEST", xid: 9 }, { version: 4 });
    expect(role).toEqual(ROLE);
  });
});
