import { describe, expect, it } from "vitest";
import {
  DecodeError,
  decodeMessage,
  decodeToText,
  EncodeError,
  encodeMessage,
} from "../../src/library/index.js";

const BARRIER = Uint8Array.of(4, 0x14, 0, 8, 0, 0, 0, 7);
const PORT_STATS = Buffer.from("0413001800000001000200000000000000000000", "hex");

describe("the entry of the package", () => {
  it("decodes any view of bytes, not only buffers", () => {
    const around = new Uint8Array(20).fill(0xee);
    around.set(BARRIER, 5);
    const view = around.subarray(5, 13);
    expect(decodeToText(view)).toBe('{"type":"BARRIER_REQUEST","xid":7,"version":4,"msg":{}}');
    expect(decodeMessage(view)).toEqual({ type: "BARRIER_REQUEST", xid: 7, version: 4, msg: {} });
  });

  it("keeps all digits of 64 bits, as text", () => {
    const frame = encodeMessage({
      type: "AGGREGATE_STATS_REPLY",
      version: 4,
      msg: { packet_count: 2n ** 64n - 1n, byte_count: "0x20000000000001", flow_count: 3 },
    });
    expect(decodeMessage(frame)).toMatchObject({
      msg: { packet_count: "18446744073709551615", byte_count: "9007199254740993", flow_count: 3 },
    });
  });

  it("refuses a number that has lost digits already", () => {
    const rounded = {
      type: "FLOW_MOD",
      version: 4,
      msg: { table_id: 0, command: "ADD", cookie: 2 ** 60 },
    } as const;
    expect(() => encodeMessage(rounded)).toThrow(EncodeError);
    expect(() => encodeMessage(rounded)).toThrow(/^msg\.cookie: /);
  });

  it("gives frames that later calls leave alone", () => {
    const first = encodeMessage({ type: "BARRIER_REQUEST", xid: 7 }, { version: 4 });
    encodeMessage({ type: "ECHO_REQUEST", version: 1, msg: { data: "FFFFFFFF" } });
    expect(Buffer.from(first).equals(BARRIER)).toBe(true);
  });

  it("goes on after errors", () => {
    expect(() => decodeMessage(PORT_STATS)).toThrow(DecodeError);
    expect(() => encodeMessage({ type: "BARRIER_REQUEST" })).toThrow(/version/);
    expect(decodeMessage(encodeMessage({ type: "BARRIER_REQUEST", version: 4, xid: 7 }))).toMatchObject({
      xid: 7,
    });
  });
});
