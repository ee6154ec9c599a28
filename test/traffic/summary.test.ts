import { describe, expect, it } from "vitest";
import {
  Pairing,
  readSummarized,
  Summary,
  type SummaryReport,
  type TrafficMessage,
} from "../../src/traffic/index.js";
import { echoReply, echoRequest, FROM_SWITCH, flowMod, frame, hello, message, TO_SWITCH } from "./frames.js";

/** What a summary says of messages; it tells so many connections one by one. */
function summaryOf(messages: readonly TrafficMessage[], connections?: number): SummaryReport {
  const pairing = new Pairing();
  const summary = new Summary(connections);
  for (const one of messages) {
    const { bytes, start, end, sec, nsec } = one;
    const paired = pairing.take(one);
    const at = { sec, nsec };
    summary.take(
      { bytes, start, end, at, paired },
      readSummarized(bytes, start, end, paired.type, undefined),
    );
  }
  return summary.report(pairing, () => "");
}

/** Makes both ways of a connection. */
const waysOf = (connId: number) => [TO_SWITCH, FROM_SWITCH].map((way) => ({ ...way, connId }));

describe("a summary", () => {
  it("adds up the connections beyond a limit, and says how many they are", () => {
    const ways = [1, 2, 3, 4].map(waysOf);
    const messages = [1, 2, 3, 2, 4, 3].flatMap((connId, i) => {
      const [there = TO_SWITCH, back = FROM_SWITCH] = ways[connId - 1] ?? [];
      return [message(there, i * 1000, echoRequest(i)), message(back, i * 1000 + 500, echoReply(i))];
    });
    const { connections, others } = summaryOf(messages, 2);
    expect(connections.map(({ conn_id, messages }) => [conn_id, messages])).toEqual([
      [1, 2],
      [2, 4],
    ]);
    expect(others).toMatchObject({
      connections: 2,
      messages: 6,
      types: [
        { type: "ECHO_REQUEST", from: "controller", count: 3, latency: { count: 3, max: 5e-7 } },
        { type: "ECHO_REPLY", from: "switch", count: 3 },
      ],
    });
  });

  it("tells the ten slowest requests, and the ten oldest without a reply", () => {
    const messages = Array.from({ length: 12 }, (_, i) => [
      message(TO_SWITCH, i * 10_000, echoRequest(i)),
      message(FROM_SWITCH, i * 10_000 + 100 + i, echoReply(i)),
      message(TO_SWITCH, i * 10_000 + 5000, frame(7, 100 + i)),
    ]).flat();
    const { slowest, unanswered } = summaryOf(messages);
    expect(slowest.map(({ xid }) => xid)).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
    expect(slowest[0]?.latency).toBe(1.11e-7);
    expect(unanswered.count).toBe(12);
    expect(unanswered.oldest.map(({ xid }) => xid)).toEqual([
      100, 101, 102, 103, 104, 105, 106, 107, 108, 109,
    ]);
  });

  it("knows the switch by what it sends, wherever the controller listens", () => {
    const there = { connId: 1, src: "10.0.0.9:50000", dst: "10.0.0.8:9999" };
    const back = { connId: 1, src: there.dst, dst: there.src };
    const ends = (...messages: TrafficMessage[]) => summaryOf(messages).connections[0];
    expect(ends(message(there, 0, hello(1)))).toMatchObject({
      ends: [there.src, there.dst],
      types: [{ type: "HELLO", from: null }],
    });
    expect(ends(message(there, 0, hello(1)), message(back, 1, flowMod(2)))).toMatchObject({
      switch: there.src,
      controller: there.dst,
      types: [
        { type: "FLOW_MOD", from: "controller" },
        { type: "HELLO", from: "switch" },
      ],
    });
  });

  it("tells the version that is spoken, not that of a HELLO", () => {
    const older = flowMod(1).fill(4, 0, 1);
    const newer = hello(1).fill(6, 0, 1);
    expect(
      summaryOf([message(TO_SWITCH, 0, newer), message(TO_SWITCH, 1, older), message(FROM_SWITCH, 2, newer)])
        .connections[0]?.version,
    ).toBe(4);
  });

  it("reads port, reason and sender out of the properties of NXT_PACKET_IN2", () => {
    // Properties PACKET (frame of 02:..:05, ARP from 10.0.0.5), REASON 1, METADATA with NX_IN_PORT 3.
    const bytes = frame(
      4,
      1,
      `00002320 0000001e
       0000 002e ffffffffffff 020000000005 0806 0001 0800 06 04 0001 020000000005 0a000005 000000000000 0a000006 0000
       0005 0005 01 000000
       0006 000a 00000002 0003 000000000000`.replaceAll("\n", ""),
    );
    const { packet_in, connections } = summaryOf([message(FROM_SWITCH, 0, bytes)]);
    expect(packet_in).toEqual({
      count: 1,
      senders: [{ conn_id: 1, in_port: "3", eth_src: "02:00:00:00:00:05", ip_src: "10.0.0.5", count: 1 }],
      ports: [{ conn_id: 1, in_port: "3", count: 1 }],
    });
    expect(connections[0]?.packet_in_reasons).toEqual({ APPLY_ACTION: 1 });
  });
});
