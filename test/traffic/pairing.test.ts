import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Pairing, type TrafficMessage } from "../../src/traffic/index.js";
import {
  barrierReply,
  barrierRequest,
  echoReply,
  echoRequest,
  FROM_SWITCH,
  flowMod,
  frame,
  hello,
  message,
  portStatsReply,
  portStatsRequest,
  TO_SWITCH,
  tableFull,
} from "./frames.js";

/** What the last of some messages answers. */
function lastOf(pairing: Pairing, ...messages: TrafficMessage[]): ReturnType<Pairing["take"]>["answer"] {
  return messages.map((one) => pairing.take(one).answer).at(-1);
}

describe("pairing", () => {
  it("finds the request of a reply, and how long it took, to the nanosecond", () => {
    const answer = lastOf(
      new Pairing(),
      message(TO_SWITCH, 999_999_999, echoRequest(7)),
      message(FROM_SWITCH, 1_000_000_123, echoReply(7)),
    );
    expect(answer).toMatchObject({ latency: 124, part: 1, last: true, covers: [], error: undefined });
    expect(answer?.request).toMatchObject({ number: 1, type: "ECHO_REQUEST", xid: 7 });
  });

  it("takes no message of the same direction, transaction or connection by mistake", () => {
    const other = { connId: 2, src: FROM_SWITCH.src, dst: FROM_SWITCH.dst };
    const pairing = new Pairing();
    expect(
      [
        message(TO_SWITCH, 0, echoRequest(7)),
        message(TO_SWITCH, 1, echoReply(7)),
        message(FROM_SWITCH, 2, echoReply(8)),
        message(FROM_SWITCH, 2, barrierReply(7)),
        message(other, 3, echoReply(7)),
      ].map((one) => pairing.take(one).answer),
    ).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(pairing.unanswered().map(({ number }) => number)).toEqual([1]);
  });

  it("pairs both directions where an input does not tell them apart", () => {
    const way = { connId: -1, src: "", dst: "", mixed: true } as const;
    const answer = lastOf(new Pairing(), message(way, 0, echoRequest(7)), message(way, 5, echoReply(7)));
    expect(answer).toMatchObject({ latency: 5 });
  });

  it("says no latency where times are not known", () => {
    const at = { ...message(TO_SWITCH, 0, echoRequest(7)), sec: -1 };
    expect(lastOf(new Pairing(), at, message(FROM_SWITCH, 5, echoReply(7)))?.latency).toBeUndefined();
  });

  it("joins the parts of a reply, and of a request", () => {
    const pairing = new Pairing();
    const parts = [
      message(TO_SWITCH, 0, frame(18, 9, "000c 0001 00000000")),
      message(TO_SWITCH, 10, frame(18, 9, "000c 0000 00000000")),
      message(FROM_SWITCH, 30, frame(19, 9, "000c 0001 00000000")),
      message(FROM_SWITCH, 50, frame(19, 9, "000c 0000 00000000")),
    ].map((one) => pairing.take(one).answer);
    expect(parts[2]).toMatchObject({ latency: 20, part: 1, last: false });
    expect(parts[3]).toMatchObject({ latency: 40, part: 2, last: true });
    expect(parts[3]?.request.number).toBe(2);
    expect(pairing.pending).toBe(0);
  });

  it("wants a multipart reply of the same type", () => {
    const wrong = message(FROM_SWITCH, 5, frame(19, 9, "0003 0000 00000000"));
    expect(lastOf(new Pairing(), message(TO_SWITCH, 0, portStatsRequest(9)), wrong)).toBeUndefined();
  });

  it("finds the message that an ERROR is about, though others have its transaction id", () => {
    const answer = lastOf(
      new Pairing(),
      message(TO_SWITCH, 0, barrierRequest(3)),
      message(TO_SWITCH, 1, flowMod(3)),
      message(TO_SWITCH, 2, portStatsRequest(3)),
      message(FROM_SWITCH, 9, tableFull(3, flowMod(3))),
    );
    expect(answer?.request).toMatchObject({ number: 2, type: "FLOW_MOD" });
    expect(answer?.error).toMatchObject({ type: "FLOW_MOD_FAILED", code: "OFPFMFC_TABLE_FULL" });
  });

  it("tells of a barrier what it covers: messages without replies, since the last one, with their errors", () => {
    const answer = lastOf(
      new Pairing(),
      message(TO_SWITCH, 0, hello(1)),
      message(TO_SWITCH, 0, flowMod(2)),
      message(TO_SWITCH, 1, barrierRequest(3)),
      message(TO_SWITCH, 2, flowMod(4)),
      message(TO_SWITCH, 3, portStatsRequest(5)),
      message(TO_SWITCH, 4, flowMod(6)),
      message(TO_SWITCH, 5, barrierRequest(7)),
      message(TO_SWITCH, 6, flowMod(8)),
      message(FROM_SWITCH, 7, tableFull(6, flowMod(6))),
      message(FROM_SWITCH, 10, barrierReply(7)),
    );
    expect(answer?.covers.map(({ sent, latency }) => [sent.number, latency, sent.failed])).toEqual([
      [4, 8, undefined],
      [6, 6, "FLOW_MOD_FAILED/OFPFMFC_TABLE_FULL"],
    ]);
  });

  it("names requests that are not answered, not messages that need no answer", () => {
    const pairing = new Pairing();
    for (const [i, bytes] of [
      flowMod(1),
      barrierRequest(2),
      portStatsRequest(3),
      barrierRequest(4),
    ].entries()) {
      pairing.take(message(TO_SWITCH, i, bytes));
    }
    pairing.take(message(FROM_SWITCH, 9, barrierReply(4)));
    expect(pairing.unanswered().map(({ type, xid }) => [type, xid])).toEqual([
      ["BARRIER_REQUEST", 2],
      ["PORT_STATS_REQUEST", 3],
    ]);
  });

  it("answers a row of requests with one transaction id in their order", () => {
    const pairing = new Pairing();
    const answers = [
      message(TO_SWITCH, 0, echoRequest(0)),
      message(TO_SWITCH, 10, echoRequest(0)),
      message(FROM_SWITCH, 100, echoReply(0)),
      message(FROM_SWITCH, 200, echoReply(0)),
    ].map((one) => pairing.take(one).answer?.latency);
    expect(answers).toEqual([undefined, undefined, 100, 190]);
  });

  it("leaves a lost reply behind when the same transaction id comes again later", () => {
    const pairing = new Pairing();
    const answer = lastOf(
      pairing,
      message(FROM_SWITCH, 0, echoRequest(0)),
      message(FROM_SWITCH, 5e9, echoRequest(0)),
      message(TO_SWITCH, 5e9 + 40, echoReply(0)),
    );
    expect(answer).toMatchObject({ latency: 40, request: { number: 2 } });
    expect(pairing.unanswered().map(({ number }) => number)).toEqual([1]);
  });

  it("learns from types which side is which, and from ports before that", () => {
    const strange = { connId: 3, src: "10.0.0.9:1", dst: "10.0.0.8:2" };
    const back = { connId: 3, src: "10.0.0.8:2", dst: "10.0.0.9:1" };
    const pairing = new Pairing();
    expect(
      [
        message(TO_SWITCH, 0, hello(1)),
        message(strange, 0, hello(1)),
        message(back, 0, hello(2)),
        message(strange, 1, barrierRequest(3)),
        message(back, 2, hello(4)),
      ].map((one) => pairing.take(one).sender),
    ).toEqual(["controller", undefined, undefined, "controller", "switch"]);
  });

  it("keeps no more than its limits, and counts the requests that it gave up", () => {
    const pairing = new Pairing({ messages: 3, bytes: 1000 });
    for (let xid = 1; xid <= 10; xid++) pairing.take(message(TO_SWITCH, xid, barrierRequest(xid)));
    expect([pairing.pending, pairing.forgotten]).toEqual([3, 7]);
    expect(pairing.unanswered().map(({ xid }) => xid)).toEqual([8, 9, 10]);
    const small = new Pairing({ messages: 1000, bytes: 100 });
    for (let xid = 1; xid <= 10; xid++) small.take(message(TO_SWITCH, xid, flowMod(xid)));
    expect(small.pending).toBe(1);
  });

  it("finds the message that an ERROR quotes among those with its transaction id", () => {
    const other = Buffer.from(flowMod(0));
    other.writeUInt16BE(77, 30); // priority
    const answer = lastOf(
      new Pairing(),
      message(TO_SWITCH, 0, flowMod(0)),
      message(TO_SWITCH, 1, other),
      message(TO_SWITCH, 2, flowMod(0)),
      message(FROM_SWITCH, 3, tableFull(0, other)),
    );
    expect(answer?.request.number).toBe(2);
  });

  it("is quick where a controller numbers all its messages 0, and a barrier still covers them all", () => {
    const pairing = new Pairing();
    for (let n = 0; n < 100_000; n++) pairing.take(message(TO_SWITCH, n, flowMod(0)));
    expect(pairing.pending).toBe(16_384);
    for (let n = 0; n < 257; n++) pairing.take(message(TO_SWITCH, n, echoRequest(0)));
    // 256 messages of one id are looked through: the first echo is no longer waited for.
    expect([pairing.forgotten, pairing.unanswered().length]).toEqual([1, 256]);
    const covers = lastOf(
      pairing,
      message(TO_SWITCH, 1, barrierRequest(0)),
      message(FROM_SWITCH, 2, barrierReply(0)),
    )?.covers;
    expect(covers?.length).toBe(16_384 - 256);
    expect(pairing.pending).toBe(255);
  });

  it("stays within its limits and names each request once, whatever comes in whatever order", () => {
    const kinds = [hello, echoRequest, echoReply, barrierRequest, barrierReply, flowMod, portStatsRequest];
    const step = fc.record({
      kind: fc.integer({ min: 0, max: kinds.length + 2 }),
      xid: fc.integer({ min: 0, max: 3 }),
      from: fc.boolean(),
      noise: fc.uint8Array({ minLength: 8, maxLength: 40 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const pairing = new Pairing({ messages: 5, bytes: 300 });
        const answered: number[] = [];
        for (const [i, { kind, xid, from, noise }] of steps.entries()) {
          const bytes =
            kinds[kind]?.(xid) ??
            [portStatsReply(xid, "0001"), tableFull(xid, flowMod(xid)), Buffer.from(noise)][
              kind - kinds.length
            ];
          const { number, answer } = pairing.take(
            message(from ? FROM_SWITCH : TO_SWITCH, i, bytes as Buffer),
          );
          expect(number).toBe(i + 1);
          expect(pairing.pending).toBeLessThanOrEqual(5);
          if (answer === undefined) continue;
          expect(answer.request.number).toBeLessThan(number);
          if (answer.last) answered.push(answer.request.number);
        }
        expect(new Set(answered).size).toBe(answered.length);
      }),
    );
  });
});
