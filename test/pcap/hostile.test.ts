// Captures that were made to do harm, or damaged on their way.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pcapngFile } from "./pcapng.js";
import { readAll, xids } from "./read-all.js";
import { ACK, capture, connection, echoes, message, pcapFile, type Sent, SYN } from "./traffic.js";

const SENT = connection(
  [
    [0, message(4, 0, 1)],
    [1, message(4, 0, 2)],
    [0, echoes([3, 4, 5, 6], (xid) => xid * 40)],
    [1, echoes([7, 8])],
  ],
  { mss: 150, close: true },
);
const SEEDS = [
  pcapFile(capture(SENT)),
  pcapFile(capture(SENT, { vlans: [[0x8100, 1]], ipv6: true }), { big: true, nanos: true }),
  pcapngFile([{ packets: capture(SENT), extras: true }]),
  pcapngFile([{ packets: capture(SENT, { linkType: 276 }), linkType: 276, big: true, resolution: 9 }]),
];

/** Bytes of a seed that are overwritten, and where it is cut. */
const damages = fc.record({
  seed: fc.nat(SEEDS.length - 1),
  edits: fc.array(fc.tuple(fc.nat(), fc.constantFrom(0, 1, 4, 0x7f, 0x80, 0xff)), { maxLength: 12 }),
  cut: fc.nat(),
});

function damaged({ seed, edits, cut }: { seed: number; edits: [number, number][]; cut: number }): Buffer {
  const file = Buffer.from(SEEDS[seed] as Buffer);
  for (const [at, value] of edits) file[at % file.length] = value;
  return cut % 3 === 0 ? file.subarray(0, cut % file.length) : file;
}

describe("a damaged capture", () => {
  it("is read to the same messages and troubles in chunks of any size", () => {
    fc.assert(
      fc.property(damages, fc.integer({ min: 1, max: 300 }), (damage, chunk) => {
        const file = damaged(damage);
        expect(readAll([file], {}, chunk)).toEqual(readAll([file]));
      }),
      { numRuns: 300 },
    );
  });

  it("never makes more messages than its bytes hold, and each as long as its header says", () => {
    fc.assert(
      fc.property(damages, (damage) => {
        const file = damaged(damage);
        const { messages } = readAll([file], { packets: "all" });
        let total = 0;
        for (const { hex } of messages) {
          expect(Number.parseInt(hex.slice(4, 8), 16)).toBe(hex.length / 2);
          total += hex.length / 2;
        }
        expect(total).toBeLessThanOrEqual(file.length);
      }),
      { numRuns: 300 },
    );
  });

  it("of lengths that lie ends where that is seen", () => {
    const pcap = Buffer.from(SEEDS[0] as Buffer);
    pcap.writeUInt32LE(0xffffffff, 24 + 8);
    expect(readAll([pcap]).troubles.map(({ text }) => text)).toEqual([
      "byte 40: a packet says that it has 4294967295 bytes, more than 1048576",
    ]);
    const pcapng = pcapngFile([{ packets: capture(SENT) }]);
    const long = Buffer.from(pcapng);
    // Behind a section of 28 bytes and an interface of 24.
    long.writeUInt32LE(0xfffffff0, 52 + 4);
    expect(readAll([long]).troubles[0]?.text).toMatch(/^byte \d+: the file ends within a block$/);
    long.writeUInt32LE(13, 52 + 4);
    expect(readAll([long]).troubles[0]?.text).toBe("byte 60: a block of type 6 cannot have length 13");
  });
});

describe("the limits", () => {
  /** A connection from a port, of which the first half of a message is known. */
  function halves(ports: readonly number[]): Buffer {
    const half: Sent[] = connection([
      [0, message(4, 0, 1)],
      [0, message(4, 2, 2, 1000).subarray(0, 600)],
    ]);
    return pcapFile(ports.flatMap((port) => capture(half, { ports: [port, 6653] })));
  }

  it("on connections give up the one that has been silent for longest", () => {
    const { messages, troubles } = readAll([halves([1, 2, 3, 4])], { limits: { connections: 2 } });
    expect(messages.length).toBe(4);
    expect(troubles.filter(({ code }) => code === "LIMIT").map(({ text }) => text)).toEqual([
      "more than 2 connections: connection 1 is given up, others may follow",
      "2 connections were given up because of a limit",
    ]);
    expect(troubles.filter(({ code }) => code === "MISSING").length).toBe(4);
  });

  it("on what is held do the same", () => {
    const { troubles } = readAll([halves([1, 2, 3, 4])], { limits: { heldBytes: 1500 } });
    expect(troubles.filter(({ code }) => code === "LIMIT").map(({ text }) => text)).toEqual([
      "more than 1500 bytes held: connection 1 is given up, others may follow",
      "2 connections were given up because of a limit",
    ]);
  });

  it("on segments that came too early end the wait for those before them", () => {
    const turns = Array.from({ length: 20 }, (_, n) => [0, echoes([n])] as [0, Buffer]);
    const sent = connection(turns, { joined: true }).filter(({ payload }) => payload.length > 0);
    const read = readAll([pcapFile(capture(sent.toSpliced(1, 1)))], { limits: { earlySegments: 3 } });
    expect(xids(read)).toEqual([0, ...Array.from({ length: 18 }, (_, n) => n + 2)]);
    expect(read.troubles.map(({ packet }) => packet)).toEqual([5]);
  });
});

describe("streams that are no OpenFlow", () => {
  const said = (bytes: Buffer, shape = {}): string[] =>
    readAll([pcapFile(capture(connection([[0, bytes]], shape)))]).troubles.map(
      ({ code, text }) => `${code} ${text}`,
    );

  it("are told once", () => {
    expect(said(Buffer.from("GET / HTTP/1.1\r\n\r\n"))).toEqual([
      "NOT_OPENFLOW connection 1 from 10.0.0.1:40000 to 10.0.0.2:6653 is not OpenFlow: it starts with 474554202f204854",
    ]);
    expect(said(Buffer.from("160301020001000001".repeat(9), "hex"))).toEqual([
      "ENCRYPTED connection 1 between 10.0.0.1:40000 and 10.0.0.2:6653 is encrypted (TLS)",
    ]);
    expect(said(Buffer.alloc(3000, 0xaa), { joined: true })).toEqual([
      "NOT_OPENFLOW connection 1 from 10.0.0.1:40000 to 10.0.0.2:6653 is not OpenFlow: no message begins in it",
    ]);
  });

  it("are passed over where all connections are looked at, and OpenFlow is found at any port", () => {
    const web = capture(connection([[0, Buffer.from("GET / HTTP/1.1\r\n\r\n")]]), { ports: [1, 80] });
    const flow = capture(SENT, { ports: [2, 9999] });
    const late = capture(connection([[0, echoes([9])]], { joined: true }), { ports: [3, 9999] });
    const { messages, troubles } = readAll([pcapFile([...web, ...flow, ...late])], { packets: "all" });
    expect(messages.map(({ connId, xid }) => [connId, xid])).toEqual([
      ...[1, 2, 3, 4, 5, 6, 7, 8].map((xid) => [2, xid]),
      [3, 9],
    ]);
    expect(troubles).toEqual([]);
  });

  it("may lack bytes without a word where all connections are looked at", () => {
    const web = connection(
      [
        [0, Buffer.alloc(3000, "text ")],
        [1, Buffer.alloc(3000, "html ")],
      ],
      { joined: true },
    );
    const file = pcapFile(capture(web.toSpliced(1, 1), { ports: [1, 80] }));
    expect(readAll([file], { packets: "all" }).troubles).toEqual([]);
  });

  it.each([
    [1400, 1 << 20],
    [8, 1 << 16],
  ])("cannot make the search for messages slow, in segments of %d bytes", (size, total) => {
    // Each place looks like the header of a message that goes on for long.
    const bytes = Buffer.alloc(total, Buffer.from("0404ffff", "hex"));
    const sent: Sent[] = [
      { direction: 0, sequence: 1, acknowledged: 0, flags: SYN, payload: Buffer.alloc(0), time: 0 },
    ];
    // Behind a gap.
    for (let at = 0; at < bytes.length; at += size)
      sent.push({
        ...(sent[0] as Sent),
        sequence: 5000 + at,
        flags: ACK,
        payload: bytes.subarray(at, at + size),
      });
    const file = pcapFile(capture(sent));
    const start = performance.now();
    readAll([file]);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});
