import { describe, expect, it } from "vitest";
import { Pairing, pairText, seconds } from "../../src/traffic/index.js";
import {
  barrierReply,
  barrierRequest,
  FROM_SWITCH,
  flowMod,
  message,
  portStatsReply,
  portStatsRequest,
  TO_SWITCH,
  tableFull,
} from "./frames.js";

const meaning = (type: string, code: string): string => `What ${type} ${code} means.`;

describe("the key _pair", () => {
  it("tells a number, and of replies the request, the latency in seconds and the parts", () => {
    const pairing = new Pairing();
    const texts = [
      message(TO_SWITCH, 0, portStatsRequest(5)),
      message(FROM_SWITCH, 1_500, portStatsReply(5, "0001")),
      message(FROM_SWITCH, 2_000_000_000, portStatsReply(5)),
    ].map((one) => pairText(pairing.take(one), meaning));
    expect(texts).toEqual([
      '{"number":1}',
      '{"number":2,"request":1,"request_type":"PORT_STATS_REQUEST","latency":0.000001500,"part":1}',
      '{"number":3,"request":1,"request_type":"PORT_STATS_REQUEST","latency":2.000000000,"parts":2}',
    ]);
  });

  it("explains an ERROR, and lists what a barrier covers", () => {
    const pairing = new Pairing();
    const texts = [
      message(TO_SWITCH, 0, flowMod(1)),
      message(TO_SWITCH, 0, barrierRequest(2)),
      message(FROM_SWITCH, 700, tableFull(1, flowMod(1))),
      message(FROM_SWITCH, 900, barrierReply(2)),
    ].map((one) => JSON.parse(pairText(pairing.take(one), meaning)));
    expect(texts[2]).toEqual({
      number: 3,
      request: 1,
      request_type: "FLOW_MOD",
      latency: 0.0000007,
      meaning: "What FLOW_MOD_FAILED OFPFMFC_TABLE_FULL means.",
      about: "FLOW_MOD add priority=5 actions=drop",
    });
    expect(texts[3]).toEqual({
      number: 4,
      request: 2,
      request_type: "BARRIER_REQUEST",
      latency: 0.0000009,
      covers: [
        {
          number: 1,
          type: "FLOW_MOD",
          xid: 1,
          latency: 0.0000009,
          error: "FLOW_MOD_FAILED/OFPFMFC_TABLE_FULL",
        },
      ],
    });
  });

  it("lists no more than 100 messages of a barrier", () => {
    const pairing = new Pairing();
    for (let xid = 1; xid <= 103; xid++) pairing.take(message(TO_SWITCH, 0, flowMod(xid)));
    pairing.take(message(TO_SWITCH, 0, barrierRequest(200)));
    const { covers, covers_more } = JSON.parse(
      pairText(pairing.take(message(FROM_SWITCH, 0, barrierReply(200))), meaning),
    );
    expect([covers.length, covers_more]).toEqual([100, 3]);
  });

  it.each([
    [0, "0.000000000"],
    [1, "0.000000001"],
    [-1_500_000_000, "-1.500000000"],
    [12_345_678_901, "12.345678901"],
  ])("writes %d ns as seconds", (nanoseconds, text) => {
    expect(seconds(nanoseconds)).toBe(text);
  });
});
