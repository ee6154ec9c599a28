// Capture files of all formats, link types and packets are read alike.
import { describe, expect, it } from "vitest";
import { pcapngFile } from "./pcapng.js";
import { readAll, xids } from "./read-all.js";
import { capture, connection, ETHERNET, echoes, message, pcapFile, type Wrapping } from "./traffic.js";

const SENT = connection([
  [0, message(4, 0, 1)],
  [1, message(4, 0, 2)],
  [0, echoes([3, 4])],
]);
const PACKETS = capture(SENT);
const XIDS = [1, 2, 3, 4];
const TIMES = ["1700000000.003000000", "1700000000.005000000", "1700000000.007000000"];

function times(file: Buffer): string[] {
  const found = readAll([file]).messages.map(({ sec, nsec }) => `${sec}.${String(nsec).padStart(9, "0")}`);
  return [...new Set(found)];
}

describe("pcap", () => {
  it.each([
    { big: false, nanos: false },
    { big: false, nanos: true },
    { big: true, nanos: false },
    { big: true, nanos: true },
  ])("is read with $big and $nanos", (shape) => {
    expect(xids(readAll([pcapFile(PACKETS, shape)]))).toEqual(XIDS);
    expect(times(pcapFile(PACKETS, shape))).toEqual(TIMES);
  });

  it("has nanoseconds where its magic number says so", () => {
    const packets = PACKETS.map(({ bytes }, n) => ({ bytes, time: 999_999_990 + n }));
    expect(times(pcapFile(packets, { nanos: true }))).toEqual([
      "1700000000.999999993",
      "1700000000.999999995",
      "1700000000.999999997",
    ]);
  });

  it("is read with the longer headers of old Linux", () => {
    const plain = pcapFile(PACKETS);
    const parts = [plain.subarray(0, 24)];
    parts[0]?.writeUInt32LE(0xa1b2cd34, 0);
    for (let at = 24; at < plain.length; ) {
      const length = plain.readUInt32LE(at + 8);
      parts.push(plain.subarray(at, at + 16), Buffer.alloc(8, 9), plain.subarray(at + 16, at + 16 + length));
      at += 16 + length;
    }
    expect(xids(readAll([Buffer.concat(parts)]))).toEqual(XIDS);
  });
});

describe("pcapng", () => {
  it.each([false, true])("is read, highest byte first: %s", (big) => {
    const file = pcapngFile([{ big, packets: PACKETS }]);
    expect(xids(readAll([file]))).toEqual(XIDS);
    expect(times(file)).toEqual(TIMES);
  });

  it("may count times in any part of a second, from any second on", () => {
    const file = (resolution: number, offset?: bigint): Buffer =>
      pcapngFile([{ packets: PACKETS, resolution, ...(offset === undefined ? {} : { offset }) }]);
    for (const resolution of [3, 6, 7, 9, 10]) expect(times(file(resolution))).toEqual(TIMES);
    expect(times(file(9, 5n))).toEqual(TIMES.map((time) => time.replace("1700000000", "1700000005")));
    // 2^-10 seconds: 3, 5 and 7 milliseconds are 3, 5 and 7 of them, and something.
    expect(times(file(0x80 | 10))).toEqual([
      "1700000000.002929687",
      "1700000000.004882812",
      "1700000000.006835937",
    ]);
    // Seconds.
    expect(times(file(0))).toEqual(["1700000000.000000000"]);
  });

  it("has packets in enhanced, simple and old blocks", () => {
    expect(times(pcapngFile([{ packets: PACKETS, kind: "old" }]))).toEqual(TIMES);
    const simple = readAll([pcapngFile([{ packets: PACKETS, kind: "simple" }])]);
    expect(xids(simple)).toEqual(XIDS);
    expect(new Set(simple.messages.map(({ sec }) => sec))).toEqual(new Set([-1]));
  });

  it("has sections of either byte order, with interfaces of their own", () => {
    const file = pcapngFile([
      { packets: PACKETS.slice(0, 5), big: true },
      { packets: capture(SENT.slice(5), { linkType: 113 }), linkType: 113, resolution: 9 },
    ]);
    expect(xids(readAll([file]))).toEqual(XIDS);
    expect(times(file)).toEqual(TIMES);
  });

  it("has other blocks and options that do not matter", () => {
    expect(xids(readAll([pcapngFile([{ packets: PACKETS, extras: true }])]))).toEqual(XIDS);
  });
});

describe("packets", () => {
  const wrappings: Record<string, Wrapping> = {
    "Ethernet and IPv4": {},
    "Ethernet and IPv6": { ipv6: true },
    "a VLAN": { vlans: [[0x8100, 5]] },
    "a VLAN in a VLAN": {
      vlans: [
        [0x88a8, 7],
        [0x8100, 5],
      ],
    },
    "options of IPv4": { ipOptions: Buffer.alloc(8, 1) },
    "extension headers of IPv6": {
      ipv6: true,
      // Hop by hop, then destination options.
      extensions: [0, Buffer.from("3c00010400000000" + "0600010400000000", "hex")],
    },
    "a fragment that is whole": { ipv6: true, extensions: [44, Buffer.from("0600000000000001", "hex")] },
    "Linux's cooked packets": { linkType: 113 },
    "Linux's cooked packets in a VLAN": { linkType: 113, vlans: [[0x8100, 5]], ipv6: true },
    "Linux's cooked packets of version 2": { linkType: 276 },
    "Linux's cooked packets of version 2 in a VLAN": { linkType: 276, vlans: [[0x8100, 5]] },
    "loopback of BSD": { linkType: 0 },
    "loopback of BSD with IPv6": { linkType: 0, ipv6: true },
    "loopback of OpenBSD": { linkType: 108 },
    "IP of either version": { linkType: 101, ipv6: true },
    "IPv4 alone": { linkType: 228 },
    "IPv6 alone": { linkType: 229, ipv6: true },
    "MPLS with two labels": { between: [0x8847, Buffer.from("00064040000c8140", "hex")] },
    PPPoE: { between: [0x8864, Buffer.from("1100000100000021", "hex")] },
    "PPPoE with IPv6": { between: [0x8864, Buffer.from("1100000100000057", "hex")], ipv6: true },
    PPP: { linkType: 9 },
    "PPP in HDLC": { linkType: 50 },
    "Cisco's HDLC": { linkType: 104 },
    "IPsec of OpenBSD": { linkType: 109 },
    "the packet filter's log of OpenBSD": { linkType: 117 },
    "the packet filter's log of Linux": { linkType: 239 },
    "the packet filter's log of Linux on a machine with the highest byte first": {
      linkType: 239,
      bigEndian: true,
    },
    "several interfaces of macOS": { linkType: 258 },
  };

  it.each(Object.entries(wrappings))("of %s are read", (_title, wrapping) => {
    const file = pcapFile(capture(SENT, wrapping), { linkType: wrapping.linkType ?? ETHERNET });
    const { messages, troubles } = readAll([file]);
    expect(troubles).toEqual([]);
    expect(messages.map(({ xid }) => xid)).toEqual(XIDS);
    const [there, back] = wrapping.ipv6
      ? ["[2001:db8::1]:40000", "[2001:db8::2]:6653"]
      : ["10.0.0.1:40000", "10.0.0.2:6653"];
    expect(messages.slice(0, 2).map(({ src, dst }) => [src, dst])).toEqual([
      [there, back],
      [back, there],
    ]);
  });

  it("may have bytes behind them that fill the frame", () => {
    const padded = PACKETS.map(({ bytes, time }) => ({
      time,
      bytes: Buffer.concat([bytes, Buffer.alloc(10, 4)]),
    }));
    expect(xids(readAll([pcapFile(padded)]))).toEqual(XIDS);
  });

  it("may have an authentication header, of either version of IP", () => {
    // 24 bytes, the first of which says that TCP follows.
    const header = Buffer.concat([Buffer.from("0604", "hex"), Buffer.alloc(22)]);
    const authenticated = PACKETS.map(({ bytes, time }) => {
      const copy = Buffer.concat([bytes.subarray(0, 34), header, bytes.subarray(34)]);
      copy[23] = 51;
      copy.writeUInt16BE(copy.length - 14, 16);
      return { bytes: copy, time };
    });
    expect(xids(readAll([pcapFile(authenticated)]))).toEqual(XIDS);
    const six = capture(SENT, { ipv6: true, extensions: [51, header] });
    expect(xids(readAll([pcapFile(six)]))).toEqual(XIDS);
  });

  it("of kinds that only start like IP, or end before it, are passed over", () => {
    const start = "020000000002020000000001";
    const frames = [
      `${start}8847000641`,
      `${start}88470006404012`,
      `${start}8864110000010000c021`,
      `${start}8864`,
      start,
    ];
    const file = (hex: string[], linkType: number): Buffer =>
      pcapFile(
        hex.map((bytes) => ({ bytes: Buffer.from(bytes, "hex"), time: 0 })),
        { linkType },
      );
    const headers = ["", "ff", "ff03", "02000005", "02000005ffff0900", "6c000000010000000201000000"];
    for (const linkType of [9, 50, 104, 239, 258])
      expect(readAll([file(headers, linkType)])).toEqual({ messages: [], troubles: [], packets: 0 });
    expect(readAll([file(frames, ETHERNET)])).toEqual({ messages: [], troubles: [], packets: 0 });
  });

  it("may have length 0 where a network card splits them", () => {
    const offloaded = PACKETS.map(({ bytes, time }) => {
      const copy = Buffer.from(bytes);
      copy.writeUInt16BE(0, 16);
      return { bytes: copy, time };
    });
    expect(xids(readAll([pcapFile(offloaded)]))).toEqual(XIDS);
  });

  it("that are not read are counted and told at the end of the file", () => {
    const damaged = Buffer.from(PACKETS[3]?.bytes as Buffer);
    damaged[46] = 0xf0;
    const arp = Buffer.from(`ffffffffffff0200000000010806${"00".repeat(28)}`, "hex");
    const udp = Buffer.from(PACKETS[3]?.bytes as Buffer);
    udp[23] = 17;
    const more = [damaged, damaged, arp, udp].map((bytes) => ({ bytes, time: 9e6 }));
    const { messages, troubles } = readAll([pcapFile([...PACKETS, ...more])]);
    expect(messages.length).toBe(4);
    expect(troubles).toEqual([
      {
        code: "DAMAGED",
        packet: 0,
        flow: undefined,
        text: "2 packets are damaged, with lengths that cannot be; the first is packet 10",
      },
    ]);
    const { troubles: radio } = readAll([pcapFile(PACKETS, { linkType: 105 })]);
    expect(radio.map(({ code, text }) => [code, text])).toEqual([
      ["LINK_TYPE", "9 packets are of link type 105, which is not read; the first is packet 1"],
    ]);
  });
});

describe("several files", () => {
  it("hold connections that go on from one to the next", () => {
    const files = [pcapFile(PACKETS.slice(0, 4)), pcapngFile([{ packets: PACKETS.slice(4) }])];
    const read = readAll(files);
    expect(xids(read)).toEqual(XIDS);
    expect(new Set(read.messages.map(({ connId }) => connId))).toEqual(new Set([1]));
    expect(read.packets).toBe(9);
  });

  it("are read though one of them is damaged", () => {
    const whole = pcapFile(PACKETS);
    const cut = whole.subarray(0, whole.length - 30);
    const { messages, troubles } = readAll([Buffer.from("no capture"), cut, whole]);
    expect(messages.length).toBeGreaterThan(3);
    expect(troubles.map(({ code, text }) => [code, text])).toEqual([
      ["DAMAGED", "no capture: it starts with 6e6f2063, and neither pcap nor pcapng does"],
      ["DAMAGED", "byte 632: the file ends within a packet"],
    ]);
  });
});
