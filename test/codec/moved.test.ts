/** Statistics of OpenFlow 1.5 that are keys of their message: FLOW_REMOVED, FLOW_DESC_REPLY, FLOW_STATS_REPLY, AGGREGATE_STATS_REPLY. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decode, decodeOrRefuse, encodeJson, encodeValue } from "./support.js";

const PACKETS_0 = "800208080000000000000000";
const PACKETS_9 = "800208080000000000000009";
const BYTES_0 = "80020a080000000000000000";
const FLOWS_0 = "8002060400000000";
const IDLE_1 = "800202080000000100000000";

/** The frame of an AGGREGATE_STATS_REPLY with these TLVs, as hex. */
function aggregate(tlvs: string): string {
  const length = 4 + tlvs.length / 2;
  const padded = tlvs.padEnd((Math.ceil(length / 8) * 8 - 4) * 2, "0");
  const word = (n: number): string => n.toString(16).padStart(4, "0");
  return `0613${word(20 + padded.length / 2)}0000000000020000000000000000${word(length)}${padded}`;
}

function encoded(msg: object): string {
  return encodeValue({ type: "AGGREGATE_STATS_REPLY", version: 6, msg });
}

describe("statistics that are keys", () => {
  it("are written when their keys are there, zeros too", () => {
    expect(encoded({ packet_count: 0, byte_count: 0, flow_count: 0 })).toBe(
      aggregate(PACKETS_0 + BYTES_0 + FLOWS_0),
    );
    expect(encoded({ byte_count: 0 })).toBe(aggregate(BYTES_0));
    expect(encoded({})).toBe(aggregate(""));
  });

  it("stand before those of the list, which may name them again", () => {
    const stat = [
      { field: "IDLE_TIME", value: "1" },
      { field: "PACKET_COUNT", value: 9 },
    ];
    expect(encoded({ packet_count: 0, stat })).toBe(aggregate(PACKETS_0 + IDLE_1 + PACKETS_9));
    expect(encoded({ stat })).toBe(aggregate(IDLE_1 + PACKETS_9));
  });

  it("follow _order, and are not there when it does not name them", () => {
    const all = { packet_count: 0, byte_count: 0, flow_count: 0, stat: [{ field: "IDLE_TIME", value: 1 }] };
    expect(encoded({ ...all, _order: ["flow_count", "stat", "packet_count"] })).toBe(
      aggregate(FLOWS_0 + IDLE_1 + PACKETS_0),
    );
    expect(encoded({ ...all, _order: ["stat"] })).toBe(aggregate(IDLE_1));
  });

  it("are written though _order does not name them when their values were changed, and the whole list is", () => {
    const stat = [
      { field: "IDLE_TIME", value: 1 },
      { field: "PACKET_COUNT", value: 9 },
    ];
    expect(encoded({ packet_count: "9", byte_count: "0x0", flow_count: 0, stat, _order: ["stat"] })).toBe(
      aggregate(IDLE_1 + PACKETS_9 + PACKETS_9),
    );
  });

  it("do not mind an _order that names more than there is", () => {
    const order = ["packet_count", "stat", "packet_count", "byte_count", "stat"];
    expect(encoded({ packet_count: 0, _order: order })).toBe(aggregate(PACKETS_0));
  });

  it("are called by their keys in errors, those of the list by their places", () => {
    const fails = (msg: object, message: string): void => expect(() => encoded(msg)).toThrow(message);
    fails({ packet_count: "x" }, 'msg.packet_count: "x" is not a UInt64');
    fails({ packet_count: [] }, "msg.packet_count: ");
    fails({ flow_count: 2 ** 32 }, "msg.flow_count: 4294967296 is more than 4294967295, the largest UInt32");
    fails({ stat: [{ field: "IDLE_TIME", value: "x" }] }, 'msg.stat[0].value: "x"');
    const stat = [{ field: "FLOW_COUNT", value: 1 }, { field: "FLOW_COUNT" }];
    fails({ stat, _order: ["stat", "stat"] }, "msg.stat[1].value: is missing");
    fails(
      { _order: ["packet_cuont"] },
      'msg._order[0]: "packet_cuont" is not a key of this list (did you mean packet_count?)',
    );
    fails({ _order: [4] }, "msg._order[0]: 4 is not a key of this list");
    fails({ _order: "stat" }, 'msg._order: "stat" is not a list');
  });

  it("have no order of their own where versions have no statistics of this kind", () => {
    const flow = {
      table_id: 0,
      duration: "1",
      priority: 1,
      idle_timeout: 0,
      hard_timeout: 0,
      flags: [],
      cookie: 0,
      packet_count: 0,
      byte_count: 0,
      match: [],
      instructions: [],
    };
    const reply = (version: number, element: object): string =>
      encodeValue({ type: "FLOW_DESC_REPLY", version, msg: [flow, element] });
    expect(() => reply(4, { ...flow, _order: [] })).toThrow("msg[1]._order: is not a known key");
    expect(() => reply(1, { ...flow, _order: [] })).toThrow("msg[1]._order: is not a known key");
    expect(reply(6, { ...flow, _order: [] })).not.toBe("");
  });

  it("are refused when they leave their list, or too little of one is there", () => {
    expect(decodeOrRefuse(Buffer.from(aggregate("8002080900000000000000000"), "hex"))).toBeUndefined();
    expect(() => decode(Buffer.from(aggregate("80020809000000000000"), "hex"))).toThrow(
      /AGGREGATE_STATS_REPLY/,
    );
    expect(() => decode(Buffer.from(aggregate("800208"), "hex"))).toThrow(/AGGREGATE_STATS_REPLY/);
  });

  it("come back byte for byte in any order, any number, any form", () => {
    const hexes = fc.constantFrom(
      PACKETS_0,
      PACKETS_9,
      BYTES_0,
      FLOWS_0,
      "8002060400000007",
      IDLE_1,
      "800200080000000100000002",
      "8002060200ff",
      "800207050000000000",
      "8003080800000000000000ff",
      "ffff0a044f4e4600",
    );
    fc.assert(
      fc.property(fc.array(hexes, { maxLength: 9 }), (tlvs) => {
        const frame = aggregate(tlvs.join(""));
        const json = decode(Buffer.from(frame, "hex"));
        expect(encodeJson(json, { unchecked: true })).toBe(frame);
        const keys = tlvs.filter((hex) => /^8002(0808|0a08|0604)/.test(hex));
        const { msg } = JSON.parse(json) as { msg: { stat: unknown[] } };
        expect(msg.stat.length).toBe(tlvs.length - new Set(keys.map((hex) => hex.slice(0, 8))).size);
      }),
    );
  });
});
