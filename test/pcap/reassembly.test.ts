// TCP segments in any disorder become the messages that were sent.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ReadAll, readAll, xids } from "./read-all.js";
import { ACK, capture, connection, echoes, FIN, message, pcapFile, RST, type Sent, SYN } from "./traffic.js";

const HELLOS = [
  [0, message(4, 0, 1)],
  [1, message(4, 0, 2)],
] as const;

function read(sent: readonly Sent[]): ReadAll {
  return readAll([pcapFile(capture(sent))]);
}

/** Messages 10 to 19, 60 bytes each, in segments of 100 bytes after the HELLOs. */
const TEN = connection([...HELLOS, [0, echoes([10, 11, 12, 13, 14, 15, 16, 17, 18, 19], () => 52)]], {
  mss: 100,
});
const TEN_XIDS = [1, 2, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19];
/** Where the first segment of the ten stands. */
const FIRST = 7;

/** The packets with the n-th of the ten's segments replaced. */
function replaced(n: number, ...by: readonly Sent[]): Sent[] {
  return TEN.toSpliced(FIRST + n, 1, ...by);
}

function segment(n: number): Sent {
  return TEN[FIRST + n] as Sent;
}

/** A part of a segment. */
function part(sent: Sent, from: number, to: number): Sent {
  return { ...sent, sequence: sent.sequence + from, payload: sent.payload.subarray(from, to) };
}

describe("segments of one direction", () => {
  it("are joined to messages, with the time of the packet that made each complete", () => {
    const { messages, troubles } = read(TEN);
    expect(messages.map(({ xid }) => xid)).toEqual(TEN_XIDS);
    expect(troubles).toEqual([]);
    // The first one ends in the first segment, the second one in the second.
    expect(messages.slice(2, 5).map(({ sec, nsec }) => [sec, nsec])).toEqual([
      [1_700_000_000, 7_000_000],
      [1_700_000_000, 8_000_000],
      [1_700_000_000, 8_000_000],
    ]);
  });

  it("may come in any order near their place", () => {
    const late = [...TEN.slice(0, FIRST), segment(2), segment(1), segment(0), ...TEN.slice(FIRST + 3)];
    expect(xids(read(late))).toEqual(TEN_XIDS);
    expect(read(late).troubles).toEqual([]);
  });

  it("may come twice, also in part, and with more behind what is known", () => {
    const [one, two, three] = [segment(0), segment(1), segment(2)];
    const both = { ...one, payload: Buffer.concat([one.payload, two.payload]) };
    expect(xids(read(replaced(1, two, two, one)))).toEqual(TEN_XIDS);
    expect(xids(read(replaced(1, both)))).toEqual(TEN_XIDS);
    expect(xids(read(replaced(1, part(two, 40, 100), part(two, 20, 60), part(two, 0, 30))))).toEqual(
      TEN_XIDS,
    );
    expect(xids(read(replaced(1, part(both, 99, 150), three, part(two, 10, 100))))).toEqual(TEN_XIDS);
    expect(read(replaced(1, part(both, 99, 150), three, part(two, 10, 100))).troubles).toEqual([]);
  });

  it("count as they came first where repetitions differ", () => {
    const two = segment(1);
    const forged = { ...two, payload: Buffer.alloc(100, 0xff) };
    expect(xids(read(replaced(1, two, forged)))).toEqual(TEN_XIDS);
    // The repetition comes while the segment is held.
    const held = [...TEN.slice(0, FIRST), two, forged, segment(0), ...TEN.slice(FIRST + 2)];
    expect(xids(read(held))).toEqual(TEN_XIDS);
  });

  it("may have sequence numbers that wrap", () => {
    const turns = [...HELLOS, [0, echoes([3, 4, 5, 6], () => 92)]] as const;
    const sent = connection(turns, { mss: 90, sequences: [2 ** 32 - 150, 2 ** 32 - 4] });
    expect(xids(read(sent))).toEqual([1, 2, 3, 4, 5, 6]);
    const swapped = sent.toSpliced(8, 2, sent[9] as Sent, sent[8] as Sent);
    expect(xids(read(swapped))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("may be probes of keepalives and of closed windows", () => {
    const two = segment(1);
    const keepalive = { ...two, sequence: two.sequence - 1, payload: Buffer.alloc(1) };
    expect(xids(read(replaced(1, keepalive, part(two, 0, 1), two)))).toEqual(TEN_XIDS);
  });
});

describe("missing segments", () => {
  it("cost the messages that they are of, and no more", () => {
    // Bytes 100 to 200: the end of 11, all of 12, the start of 13.
    const { messages, troubles } = read(replaced(1));
    expect(messages.map(({ xid }) => xid)).toEqual([1, 2, 10, 14, 15, 16, 17, 18, 19]);
    expect(troubles.map(({ code, text }) => [code, text])).toEqual([
      ["MISSING", "connection 1 from 10.0.0.1:40000 to 10.0.0.2:6653: 100 bytes are missing"],
      [
        "MISSING",
        "connection 1 from 10.0.0.1:40000 to 10.0.0.2:6653: 40 bytes were passed over to find the next message",
      ],
    ]);
  });

  it("inside a long message leave no doubt where the next one starts", () => {
    const turns = [...HELLOS, [0, echoes([3, 4, 5], (xid) => (xid === 3 ? 500 : 12))]] as const;
    const sent = connection(turns, { mss: 100 });
    const { messages, troubles } = read(sent.toSpliced(FIRST + 2, 2));
    expect(messages.map(({ xid }) => xid)).toEqual([1, 2, 4, 5]);
    expect(troubles.map(({ text }) => text.split(": ")[1])).toEqual(["200 bytes are missing"]);
  });

  it("do not hold up the messages behind them for long once the receiver has acknowledged them", () => {
    const more = connection([...HELLOS, [0, echoes([3])], [0, echoes([4])], ...pairs(40)], {});
    const { messages } = read(more.toSpliced(FIRST, 1));
    const at = messages.findIndex(({ xid }) => xid === 4);
    expect(messages.map(({ xid }) => xid)).toEqual([
      1,
      2,
      4,
      ...Array.from({ length: 40 }, (_, n) => 100 + n),
    ]);
    // It has the time of its own packet.
    expect(messages[at]?.nsec).toBe(9_000_000);
  });

  it("are the bytes that a packet was captured without", () => {
    const cut = replaced(1, { ...segment(1), captured: 30 });
    const { messages, troubles } = read(cut);
    expect(messages.map(({ xid }) => xid)).toEqual([1, 2, 10, 11, 14, 15, 16, 17, 18, 19]);
    expect(troubles[0]?.text).toContain("70 bytes are missing");
    // The next segment makes that sure.
    expect(troubles[0]?.packet).toBe(10);
  });

  it("are not bytes that were captured when they came again", () => {
    const two = segment(1);
    const whole = read(replaced(1, { ...two, captured: 30 }, { ...two, captured: 50 }, two));
    expect([xids(whole), whole.troubles]).toEqual([TEN_XIDS, []]);
    const rest = read(replaced(1, { ...two, captured: 30 }, part(two, 20, 100)));
    expect([xids(rest), rest.troubles]).toEqual([TEN_XIDS, []]);
    const late = read(replaced(1, { ...two, captured: 30 }, part(two, 60, 100)));
    expect(late.troubles[0]?.text).toContain("30 bytes are missing");
    const last = read([...TEN.slice(0, FIRST), { ...segment(0), captured: 90 }]);
    expect(last.troubles.map(({ text }) => text.split(": ")[1])).toEqual(["10 bytes are missing"]);
  });

  it("that come in the next file are told when that was captured before", () => {
    const sent = connection(
      [
        [0, echoes([1, 2])],
        [0, echoes([3, 4])],
        [0, echoes([5])],
      ],
      { joined: true },
    );
    const [early, late] = [pcapFile(capture(sent.slice(0, 2))), pcapFile(capture(sent.slice(2)))];
    const right = readAll([early, late]);
    expect([xids(right), right.troubles]).toEqual([[1, 2, 3, 4, 5], []]);
    const wrong = readAll([late, early]);
    expect(xids(wrong)).toEqual([3, 4, 5]);
    expect(wrong.troubles.map(({ code, text }) => [code, text])).toEqual([
      [
        "MISSING",
        "connection 1 from 10.0.0.1:40000 to 10.0.0.2:6653: 16 bytes are passed over, which belong before the first ones: files must be given in the order of their times",
      ],
    ]);
    // Sent once more what had been sent before the capture began.
    const again = { ...(sent[0] as Sent), time: 9e9 };
    expect(read([...sent.slice(2), again]).troubles).toEqual([]);
  });

  it("at the end are told", () => {
    const { messages, troubles } = read(TEN.slice(0, FIRST + 1));
    expect(messages.map(({ xid }) => xid)).toEqual([1, 2, 10]);
    expect(troubles.map(({ code, packet, text }) => [code, packet, text.split(": ")[1]])).toEqual([
      ["MISSING", 0, "it ends 40 bytes into a message"],
    ]);
  });
});

function pairs(count: number): [0, Buffer][] {
  return Array.from({ length: count }, (_, n) => [0, echoes([100 + n])]);
}

describe("connections", () => {
  it("that began before the capture are read from the first message on", () => {
    const sent = connection(
      [
        [0, echoes([3, 4, 5], () => 42)],
        [1, echoes([6])],
      ],
      { joined: true },
    );
    const first = sent[0] as Sent;
    expect(xids(read(sent))).toEqual([3, 4, 5, 6]);
    const { messages, troubles } = read(sent.toSpliced(0, 1, part(first, 20, first.payload.length)));
    expect(messages.map(({ xid }) => xid)).toEqual([4, 5, 6]);
    expect(troubles).toEqual([]);
  });

  it("on the same ports are told apart by their SYN", () => {
    const once = connection([...HELLOS, [0, echoes([3])]], { close: true });
    const twice = connection([...HELLOS, [0, echoes([4])]], { sequences: [70_000, 90_000] });
    const { messages } = read([...once, ...twice]);
    expect(messages.map(({ connId, xid }) => [connId, xid])).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
      [2, 1],
      [2, 2],
      [2, 4],
    ]);
  });

  it("on the same ports are told apart without a SYN after a RST, when the numbers are far away", () => {
    const once = connection([...HELLOS, [0, echoes([3])]]);
    const reset: Sent = { ...(once.at(-1) as Sent), flags: RST | ACK };
    const twice = connection([[0, echoes([4])]], { joined: true, sequences: [2 ** 31, 2 ** 31] });
    const { messages } = read([...once, reset, ...twice]);
    expect(messages.map(({ connId, xid }) => [connId, xid])).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
      [2, 4],
    ]);
  });

  it("are one when a SYN is repeated, or captured behind the first bytes", () => {
    const [syn, answer, ack, hello, ...rest] = TEN as [Sent, Sent, Sent, Sent, ...Sent[]];
    const { messages } = read([syn, syn, answer, answer, ack, hello, ...rest]);
    expect(new Set(messages.map(({ connId }) => connId))).toEqual(new Set([1]));
    expect(xids(read([answer, ack, hello, syn, ...rest]))).toEqual(TEN_XIDS);
    expect(new Set(read([answer, ack, hello, syn, ...rest]).messages.map(({ connId }) => connId)).size).toBe(
      1,
    );
  });

  it("may send bytes with a SYN and with a FIN", () => {
    const bare = { acknowledged: 0, time: 0, direction: 0 } as const;
    const sent: Sent[] = [
      { ...bare, sequence: 10, flags: SYN, payload: message(4, 0, 7) },
      { ...bare, sequence: 19, flags: ACK | FIN, payload: message(4, 2, 8) },
    ];
    expect(xids(read(sent))).toEqual([7, 8]);
  });
});

describe("any disorder", () => {
  const shapes = fc.record({
    lengths: fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 30 }),
    mss: fc.integer({ min: 1, max: 200 }),
    sequence: fc.constantFrom(0, 1000, 2 ** 31 - 50, 2 ** 32 - 300),
    swaps: fc.array(fc.nat(), { maxLength: 20 }),
    repeats: fc.array(
      fc.tuple(fc.nat(), fc.integer({ min: -30, max: 30 }), fc.integer({ min: -30, max: 30 })),
      {
        maxLength: 10,
      },
    ),
  });

  it("in which nothing is missing gives all messages", () => {
    fc.assert(
      fc.property(shapes, ({ lengths, mss, sequence, swaps, repeats }) => {
        const bytes = echoes(
          lengths.map((_, n) => n),
          (n) => lengths[n] as number,
        );
        const sent = connection([...HELLOS, [0, bytes]], { mss, sequences: [sequence, 9] });
        // What follows the HELLOs is shuffled: the capture would otherwise begin in the middle.
        const begun = connection(HELLOS, { mss, sequences: [sequence, 9] }).length;
        const [head, tail] = [sent.slice(0, begun), sent.slice(begun)];
        const one = tail[0] as Sent;
        for (const [n, from, to] of repeats) {
          const start = Math.max(0, (n % (bytes.length + 1)) + from);
          const end = Math.min(bytes.length, start + mss + to);
          if (end <= start) continue;
          const payload = bytes.subarray(start, end);
          const again = { ...one, sequence: (one.sequence + start) >>> 0, payload };
          tail.splice(n % tail.length, 0, again);
        }
        for (const n of swaps) {
          const at = n % tail.length;
          const [moved] = tail.splice(at, 1) as [Sent];
          tail.splice(Math.min(tail.length, at + (n % 7)), 0, moved);
        }
        const { messages, troubles } = read([...head, ...tail.map((sent) => ({ ...sent, time: 9e9 }))]);
        const found = messages
          .slice(2)
          .map(({ hex }) => hex)
          .join("");
        expect(troubles).toEqual([]);
        expect(found).toBe(bytes.toString("hex"));
      }),
      { numRuns: 200 },
    );
  });
});
