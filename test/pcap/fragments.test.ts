// IP packets in fragments, in any order and with any defect, become the packets that were sent.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePacketFilter } from "../../src/packet/index.js";
import { fragment, parted } from "./ip-fragments.js";
import { type ReadAll, readAll, xids } from "./read-all.js";
import {
  type Captured,
  capture,
  connection,
  ETHERNET,
  echoes,
  message,
  pcapFile,
  type Wrapping,
} from "./traffic.js";

const HELLO = [0, message(4, 0, 1)] as const;
/** Three messages in one segment of 318 bytes: 338 with its header. */
const SENT = connection([HELLO, [1, message(4, 0, 2)], [0, echoes([3, 4, 5], () => 98)]]);
const XIDS = [1, 2, 3, 4, 5];
/** The packet with the three messages. */
const LARGE = 7;
const ID = 0x1234;

function told({ troubles }: ReadAll): string[] {
  return troubles.map(({ code, text }) => `${code} ${text}`);
}

/** The capture with the large packet replaced. */
function replaced(change: (large: Captured) => readonly Captured[], wrapping: Wrapping = {}): Buffer {
  const packets = capture(SENT, wrapping);
  const by = change(packets[LARGE] as Captured);
  return pcapFile(packets.toSpliced(LARGE, 1, ...by), { linkType: wrapping.linkType ?? ETHERNET });
}

/** The fragments of the large packet: bytes 0 to 104 of TCP, to 208, to 312, to 338. */
const FOUR = parted(capture(SENT)[LARGE] as Captured, 14, ID, 104) as [
  Captured,
  Captured,
  Captured,
  Captured,
];

function withFragments(...fragments: Captured[]): ReadAll {
  return readAll([replaced(() => fragments)]);
}

describe("IP fragments", () => {
  const wrappings: Record<string, [Wrapping, number]> = {
    IPv4: [{}, 14],
    IPv6: [{ ipv6: true }, 14],
    "IPv4 in two VLANs": [
      {
        vlans: [
          [0x88a8, 7],
          [0x8100, 5],
        ],
      },
      22,
    ],
    "IPv6 in Linux's cooked packets": [{ ipv6: true, linkType: 276 }, 20],
    "IPv4 alone": [{ linkType: 101 }, 0],
  };

  it.each(Object.entries(wrappings))("of %s are put together in any order", (_title, [wrapping, ip]) => {
    const turn = (by: (parts: Captured[]) => Captured[]): ReadAll =>
      readAll([replaced((large) => by(parted(large, ip, ID, 104)), wrapping)]);
    for (const by of [
      (parts: Captured[]) => parts,
      (parts: Captured[]) => parts.toReversed(),
      (parts: Captured[]) => parts.flatMap((part) => [part, part]),
    ]) {
      const read = turn(by);
      expect(read.troubles).toEqual([]);
      expect(xids(read)).toEqual(XIDS);
      expect(read.packets).toBe(SENT.length);
    }
  });

  it("make messages at the time of the packet that makes them whole", () => {
    const [one, two, three, four] = FOUR;
    const late = { ...two, time: 9_000_000 };
    const { messages } = withFragments(one, three, four, late);
    expect(messages.slice(2).map(({ nsec }) => nsec)).toEqual([9_000_000, 9_000_000, 9_000_000]);
  });

  it("may be so short that the first one holds half a header of TCP", () => {
    const read = readAll([replaced((large) => parted(large, 14, ID, 8))]);
    expect([xids(read), read.troubles]).toEqual([XIDS, []]);
  });

  it("may overlap where they say the same", () => {
    const large = capture(SENT)[LARGE] as Captured;
    const parts = (
      [
        [0, 200],
        [96, 256],
        [0, 8],
        [248, 338],
        [296, 338],
      ] as const
    ).map((part) => ({
      time: large.time,
      bytes: fragment(large.bytes, 14, ID, part),
    }));
    const read = readAll([replaced(() => parts)]);
    expect([xids(read), read.troubles]).toEqual([XIDS, []]);
  });

  it("behind which other headers of IPv6 stand are put together, too", () => {
    const options = Buffer.from("0600010400000000", "hex");
    const wrapping = { ipv6: true, extensions: [60, options] as const };
    // The fragment header names destination options; only the first fragment has them.
    const read = readAll([replaced((large) => parted(large, 14, 0x12345678, 56), wrapping)]);
    expect([xids(read), read.troubles]).toEqual([XIDS, []]);
    // Hop-by-hop options stand in front of the fragment header, in each fragment.
    const hop = Buffer.from("0600010400000000", "hex");
    const behind = readAll([
      replaced(
        (large) =>
          parted(large, 14, 1, 104).map(({ bytes, time }) => {
            const copy = Buffer.concat([bytes.subarray(0, 54), hop, bytes.subarray(54)]);
            copy[20] = 0;
            copy[54] = 44;
            copy.writeUInt16BE(copy.length - 54, 18);
            return { bytes: copy, time };
          }),
        { ipv6: true },
      ),
    ]);
    expect([xids(behind), behind.troubles]).toEqual([XIDS, []]);
  });

  it("are filtered as the packet that they make", async () => {
    const parts = (large: Captured): Captured[] => parted(large, 14, ID, 8);
    const filter = await compilePacketFilter("tcp port 40000 and greater 300");
    expect(xids(readAll([replaced(parts)], { packets: filter }))).toEqual([3, 4, 5]);
    expect(xids(readAll([replaced(parts, { ipv6: true })], { packets: filter }))).toEqual([3, 4, 5]);
    const other = await compilePacketFilter("tcp port 6633");
    const read = readAll([replaced(parts).subarray(0, -100)], { packets: other });
    expect([read.messages, told(read)]).toEqual([[], ["DAMAGED byte 2982: the file ends within a packet"]]);
  });

  it("may go on in the next file", () => {
    const [head, tail] = [capture(SENT.slice(0, LARGE)), capture(SENT.slice(LARGE + 1))];
    const files = [pcapFile([...head, FOUR[0], FOUR[1]]), pcapFile([FOUR[2], FOUR[3], ...tail])];
    const read = readAll(files);
    expect([xids(read), read.troubles]).toEqual([XIDS, []]);
    expect(told(readAll([files[0] as Buffer, pcapFile(tail)]))).toContain(
      "MISSING a packet of an earlier file is sent in IP fragments of which others are missing",
    );
  });

  it("that were captured short give what is in front of that", () => {
    const [one, two, ...rest] = FOUR;
    // Of the second one come 20 of 104 bytes, so 104 of the first 106 bytes of messages do.
    const cut = { ...two, bytes: two.bytes.subarray(0, 34 + 20) };
    const read = withFragments(one, cut, ...rest);
    expect(xids(read)).toEqual([1, 2]);
    expect(told(read)[0]).toContain("214 bytes are missing");
    const later = withFragments(one, two, { ...FOUR[2], bytes: FOUR[2].bytes.subarray(0, 40) }, FOUR[3]);
    expect(xids(later)).toEqual([1, 2, 3]);
  });
});

describe("defects of IP fragments", () => {
  const [one, two, three, four] = FOUR;
  const forged = { ...two, bytes: Buffer.from(two.bytes) };
  forged.bytes[60] = 0xff;

  it("are told when fragments are missing, where the filter may want the packet", async () => {
    const missing = "MISSING packet 8 is sent in IP fragments of which others are missing";
    expect(told(withFragments(one, two, four))).toEqual([missing]);
    expect(told(withFragments(one, two, three))).toEqual([missing]);
    // Nobody knows the ports.
    expect(told(withFragments(two, three, four))).toEqual([missing]);
    const other = await compilePacketFilter("tcp port 6633");
    const read = (...parts: Captured[]): string[] =>
      told(readAll([replaced(() => parts)], { packets: other }));
    expect(read(one, two)).toEqual([]);
    expect(read(two, three)).toEqual([missing]);
    const udp = [two, three].map(({ bytes, time }) => {
      const copy = Buffer.from(bytes);
      copy[23] = 17;
      return { bytes: copy, time };
    });
    expect(read(...udp)).toEqual([]);
  });

  it("are contradictions, which lose the packet, also when its other fragments come later", () => {
    const shorter = Buffer.from(four.bytes.subarray(0, -8));
    shorter.writeUInt16BE(shorter.length - 14, 16);
    const last = Buffer.from(two.bytes);
    last.writeUInt16BE(104 / 8, 20);
    const differ = "DAMAGED packet 9 is sent in IP fragments that overlap and differ";
    const wrong: Captured[][] = [
      [two, forged, one, three, four],
      // The last one ends at two places, in either order, or where another one is.
      [four, { ...four, bytes: shorter }, one, two, three],
      [three, { ...two, bytes: last }, one, two, four],
      [{ ...two, bytes: last }, three, one, two, four],
    ];
    for (const parts of wrong) {
      const read = withFragments(...parts);
      expect([xids(read), told(read)]).toEqual([[1, 2], [differ]]);
    }
  });

  it("do not make a packet that is whole wrong afterwards", () => {
    const read = withFragments(one, two, three, four, two, four);
    expect([xids(read), read.troubles]).toEqual([XIDS, []]);
    // What differs is of another packet with the same id, and that is not whole.
    const again = withFragments(one, two, three, four, forged);
    expect(xids(again)).toEqual(XIDS);
    expect(told(again)).toEqual(["MISSING packet 12 is sent in IP fragments of which others are missing"]);
  });

  it("may be ids that come again", () => {
    const sent = connection([HELLO, [0, echoes([3], () => 200)], [0, echoes([4], () => 210)]]);
    const packets = capture(sent);
    const parts = (n: number): Captured[] => parted(packets[n] as Captured, 14, ID, 104);
    const file = pcapFile([...packets.slice(0, 5), ...parts(5), packets[6] as Captured, ...parts(7)]);
    const read = readAll([file]);
    expect([xids(read), read.troubles]).toEqual([[1, 3, 4], []]);
  });

  it("are lengths that lie", () => {
    const lying = (change: (bytes: Buffer) => void): string[] => {
      const bytes = Buffer.from(two.bytes);
      change(bytes);
      return told(withFragments({ ...two, bytes }));
    };
    const damaged = ["DAMAGED packet 8 is damaged, with lengths that cannot be"];
    expect(lying((b) => b.writeUInt16BE(20, 16))).toEqual(damaged);
    expect(lying((b) => b.writeUInt16BE(0, 16))).toEqual(damaged);
    expect(lying((b) => b.writeUInt16BE(27, 16))).toEqual(damaged);
    // Longer than any packet: it ends at 8191 * 8 + 104.
    expect(lying((b) => b.writeUInt16BE(0x1fff, 20))).toEqual(damaged);
    expect(lying((b) => b.writeUInt16BE(0x3fff, 20))).toEqual(damaged);
  });

  it("are fragments of fragments", () => {
    const inner = capture(SENT, { ipv6: true, extensions: [44, Buffer.from("0600000100000009", "hex")] });
    const bytes = Buffer.from((inner[LARGE] as Captured).bytes);
    const parts = parted({ bytes, time: 0 }, 14, ID, 104);
    expect(told(readAll([replaced(() => parts, { ipv6: true })]))).toEqual([
      "DAMAGED packet 11 is damaged, with lengths that cannot be",
    ]);
  });

  it("do not make one held for longer than the limits allow", () => {
    const limits = { fragmentPackets: 20, fragmentSeconds: 5 };
    const rest = (time: number): Captured[] => [three, four].map(({ bytes }) => ({ bytes, time }));
    const file = (...between: Captured[]): Buffer => replaced(() => [one, two, ...between]);
    expect(xids(readAll([file(...rest(5e9))], { limits }))).toEqual(XIDS);
    // What comes too late is another one, without a start.
    expect(told(readAll([file(...rest(7e9))], { limits }))).toEqual([
      "MISSING packet 8 is sent in IP fragments of which others are missing",
      "MISSING packet 10 is sent in IP fragments of which others are missing",
    ]);
    const noise = Array.from({ length: 25 }, () => ({ bytes: Buffer.alloc(60), time: two.time }));
    expect(xids(readAll([file(...noise.slice(0, 10), ...rest(0))], { limits }))).toEqual(XIDS);
    expect(told(readAll([file(...noise, ...rest(0))], { limits })).length).toBe(2);
  });

  it("do not make more held than the limits allow: the oldest is given up", () => {
    const large = capture(SENT)[LARGE] as Captured;
    const starts = (count: number, id = 0): Captured[] =>
      Array.from({ length: count }, (_, n) => ({
        time: large.time,
        bytes: fragment(large.bytes, 14, id + n, [0, 104]),
      }));
    const limit = "are sent in IP fragments, of which too many were held to wait for the others";
    const many = readAll([replaced(() => starts(10))], { limits: { datagrams: 4 } });
    expect(told(many)[0]).toBe(`LIMIT 6 packets ${limit}; the first is packet 8`);
    expect(told(many)[1]).toContain("MISSING 4 packets are sent");
    const long = readAll([replaced(() => starts(10))], { limits: { fragmentBytes: 4 * 700 } });
    expect(told(long)[0]).toBe(`LIMIT 6 packets ${limit}; the first is packet 8`);
    // Those that are whole go first, without a word.
    const whole = FOUR.flatMap((part) => [part]);
    const mixed = readAll([replaced(() => [...starts(3), ...whole])], { limits: { datagrams: 4 } });
    expect(xids(mixed)).toEqual(XIDS);
    expect(told(mixed)).toEqual([
      "MISSING 3 packets are sent in IP fragments of which others are missing; the first is packet 8",
    ]);
    const over = readAll([replaced(() => [...whole, ...starts(4)])], { limits: { datagrams: 4 } });
    expect(told(over).length).toBe(1);
  });
});

describe("any fragments that say the same", () => {
  const parts = fc.array(fc.tuple(fc.nat(42), fc.integer({ min: 1, max: 43 })), { maxLength: 12 });

  it("give the messages of the packet", () => {
    fc.assert(
      fc.property(parts, fc.boolean(), fc.integer({ min: 1, max: 300 }), (list, ipv6, chunk) => {
        const large = capture(SENT, { ipv6 })[LARGE] as Captured;
        const length = large.bytes.length - (ipv6 ? 54 : 34);
        const some = list
          .map(([at, count]) => [at * 8, Math.min(length, (at + count) * 8)] as const)
          .filter(([from, to]) => from > 0 || to < length);
        // Two that make it whole stand somewhere among them.
        const all = [...some, [0, 168] as const].toSpliced((list[0]?.[0] ?? 0) % (some.length + 1), 0, [
          160,
          length,
        ]);
        const file = replaced(
          () => all.map((part) => ({ time: large.time, bytes: fragment(large.bytes, 14, ID, part) })),
          { ipv6 },
        );
        const read = readAll([file], {}, chunk);
        expect([xids(read), read.troubles]).toEqual([XIDS, []]);
      }),
      { numRuns: 200 },
    );
  });
});
