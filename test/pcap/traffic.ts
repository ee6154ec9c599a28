/** Traffic for tests: the packets of TCP connections, in order or not, and the files that they are captured in. */

/** One packet of a connection, before it has headers. */
export interface Sent {
  /** 0: from the switch to the controller; 1: back. */
  readonly direction: 0 | 1;
  readonly sequence: number;
  readonly acknowledged: number;
  readonly flags: number;
  readonly payload: Buffer;
  /** Nanoseconds since the start of the capture. */
  readonly time: number;
  /** Bytes of the payload that are captured. */
  readonly captured?: number;
}

export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const ACK = 16;

/** When captures start, seconds since 1970. */
export const START = 1_700_000_000;

/** Between packets, nanoseconds. */
const STEP = 1_000_000;

/** What says how a connection looks. */
export interface ConnectionShape {
  /** Longest payload of a segment. */
  readonly mss?: number;
  readonly sequences?: readonly [number, number];
  /** Without SYN: the capture begins in the middle. */
  readonly joined?: boolean;
  readonly close?: boolean;
}

/**
 * The packets of a connection: a handshake, the turns, an end.
 * @param turns  who sends what, each in segments of its own, acknowledged at once
 */
export function connection(
  turns: readonly (readonly [direction: 0 | 1, bytes: Buffer])[],
  { mss = 1448, sequences = [1000, 5000], joined = false, close = false }: ConnectionShape = {},
): Sent[] {
  const next = [sequences[0], sequences[1]] as [number, number];
  const sent: Sent[] = [];
  const send = (direction: 0 | 1, flags: number, payload: Buffer = Buffer.alloc(0)): void => {
    const acknowledged = (flags & ACK) === 0 ? 0 : next[1 - direction]!;
    sent.push({
      direction,
      sequence: next[direction],
      acknowledged,
      flags,
      payload,
      time: sent.length * STEP,
    });
    next[direction] = (next[direction] + payload.length + ((flags & (SYN | FIN)) !== 0 ? 1 : 0)) >>> 0;
  };
  if (!joined) {
    send(0, SYN);
    send(1, SYN | ACK);
    send(0, ACK);
  }
  for (const [direction, bytes] of turns) {
    for (let at = 0; at < bytes.length; at += mss) send(direction, ACK, bytes.subarray(at, at + mss));
    send((1 - direction) as 0 | 1, ACK);
  }
  if (close) {
    send(0, ACK | FIN);
    send(1, ACK | FIN);
    send(0, ACK);
  }
  return sent;
}

/** How packets are wrapped. */
export interface Wrapping {
  readonly linkType?: number;
  readonly ipv6?: boolean;
  /** Tags of VLANs, outermost first: EtherType and number. */
  readonly vlans?: readonly (readonly [number, number])[];
  /** What stands between Ethernet and IP: its EtherType, and its bytes. */
  readonly between?: readonly [number, Buffer];
  /** Of link types whose numbers are in the byte order of some machine. */
  readonly bigEndian?: boolean;
  readonly ports?: readonly [number, number];
  readonly hosts?: readonly [number, number];
  /** Bytes that stand behind the header of IPv4, or extension headers of IPv6: the number of the first one, and their bytes. */
  readonly ipOptions?: Buffer;
  readonly extensions?: readonly [number, Buffer];
}

export const ETHERNET = 1;

/** The bytes of a packet. */
export function wrap(sent: Sent, wrapping: Wrapping = {}): Buffer {
  const { ipv6 = false, ports = [40_000, 6653] } = wrapping;
  const [from, to] = sent.direction === 0 ? [0, 1] : [1, 0];
  const tcp = Buffer.alloc(20);
  tcp.writeUInt16BE(ports[from]!, 0);
  tcp.writeUInt16BE(ports[to]!, 2);
  tcp.writeUInt32BE(sent.sequence, 4);
  tcp.writeUInt32BE(sent.acknowledged, 8);
  tcp[12] = 5 << 4;
  tcp[13] = sent.flags;
  tcp.writeUInt16BE(0xffff, 14);
  const bytes = Buffer.concat([tcp, sent.payload]);
  const packet = ipv6 ? wrapIpv6(bytes, from, to, wrapping) : wrapIpv4(bytes, from, to, wrapping);
  const frame = wrapLink(packet, ipv6, wrapping);
  return frame.subarray(0, frame.length - sent.payload.length + (sent.captured ?? sent.payload.length));
}

function wrapIpv4(bytes: Buffer, from: number, to: number, { ipOptions, hosts = [1, 2] }: Wrapping): Buffer {
  const options = ipOptions ?? Buffer.alloc(0);
  const header = Buffer.alloc(20);
  header[0] = 0x40 | (5 + options.length / 4);
  header.writeUInt16BE(20 + options.length + bytes.length, 2);
  header[8] = 64;
  header[9] = 6;
  header.set([10, 0, 0, hosts[from]!, 10, 0, 0, hosts[to]!], 12);
  return Buffer.concat([header, options, bytes]);
}

function wrapIpv6(bytes: Buffer, from: number, to: number, { extensions, hosts = [1, 2] }: Wrapping): Buffer {
  const [number, more] = extensions ?? [6, Buffer.alloc(0)];
  const header = Buffer.alloc(40);
  header[0] = 0x60;
  header.writeUInt16BE(more.length + bytes.length, 4);
  header[6] = number;
  header[7] = 64;
  header.set([0x20, 0x01, 0x0d, 0xb8], 8);
  header[23] = hosts[from]!;
  header.set([0x20, 0x01, 0x0d, 0xb8], 24);
  header[39] = hosts[to]!;
  return Buffer.concat([header, more, bytes]);
}

/** Headers of fixed bytes, by link type. */
const LINK_HEADERS: Readonly<Record<number, string>> = {
  9: "ff030021",
  // The number of the protocol in one byte.
  50: "21",
  104: "0f000800",
  109: "020000000000000000000000",
  // 61 bytes, and 3 that fill them up.
  117: `3d02${"00".repeat(62)}`,
};

/** Fields of NFLOG: of type 1 with 4 bytes, of type 10 with 5, and the packet, in the byte order of this machine or the other one. */
function wrapNflog(packet: Buffer, big: boolean): Buffer {
  const field = (type: number, value: Buffer): Buffer => {
    const b = Buffer.alloc(4 + value.length + (-value.length & 3));
    if (big) b.writeUInt16BE(4 + value.length, 0);
    else b.writeUInt16LE(4 + value.length, 0);
    if (big) b.writeUInt16BE(type, 2);
    else b.writeUInt16LE(type, 2);
    value.copy(b, 4);
    return b;
  };
  return Buffer.concat([
    Buffer.from("02000005", "hex"),
    field(1, Buffer.from("08000100", "hex")),
    field(10, Buffer.from("oftr\0")),
    field(9, packet),
  ]);
}

/** What macOS puts in front: its length, 1 for a packet, the link type of the rest, the name of the interface, and more. */
function wrapPktap(packet: Buffer): Buffer {
  const header = Buffer.alloc(108);
  header.writeUInt32LE(108, 0);
  header.writeUInt32LE(1, 4);
  header.writeUInt32LE(ETHERNET, 8);
  header.write("en0", 12);
  return Buffer.concat([header, packet]);
}

function wrapLink(packet: Buffer, ipv6: boolean, wrapping: Wrapping): Buffer {
  const { linkType = ETHERNET, vlans = [], between, bigEndian = false } = wrapping;
  const header = LINK_HEADERS[linkType];
  if (header !== undefined) return Buffer.concat([Buffer.from(header, "hex"), packet]);
  if (between !== undefined) {
    const [type, bytes] = between;
    const wrapped = wrapLink(Buffer.concat([bytes, packet]), ipv6, { linkType });
    wrapped.writeUInt16BE(type, 12);
    return wrapped;
  }
  const type = ipv6 ? 0x86dd : 0x0800;
  const tags = [...vlans.map(([tag]) => tag), type].map((value, n) => {
    const b = Buffer.alloc(n === 0 ? 2 : 4);
    if (n > 0) b.writeUInt16BE((vlans[n - 1] as readonly [number, number])[1], 0);
    b.writeUInt16BE(value, b.length - 2);
    return b;
  });
  switch (linkType) {
    case ETHERNET:
      return Buffer.concat([Buffer.from("020000000002020000000001", "hex"), ...tags, packet]);
    case 113:
      return Buffer.concat([Buffer.from("0000000100060200000000010000", "hex"), ...tags, packet]);
    case 276: {
      // The protocol comes first here, and tags behind the header.
      const head = Buffer.alloc(20);
      head.set(tags[0] as Buffer, 0);
      return Buffer.concat([head, ...tags.slice(1), packet]);
    }
    case 239:
      return wrapNflog(packet, bigEndian);
    case 258:
      return wrapPktap(wrapLink(packet, ipv6, {}));
    case 0:
      return Buffer.concat([Buffer.from(ipv6 ? "1e000000" : "02000000", "hex"), packet]);
    case 108:
      return Buffer.concat([Buffer.from(ipv6 ? "0000001e" : "00000002", "hex"), packet]);
    default:
      return packet;
  }
}

/** A packet with its time, as files have it. */
export interface Captured {
  readonly bytes: Buffer;
  /** Nanoseconds since START. */
  readonly time: number;
}

/** Wraps packets of one connection. */
export function capture(sent: readonly Sent[], wrapping?: Wrapping): Captured[] {
  return sent.map((one) => ({ bytes: wrap(one, wrapping), time: one.time }));
}

/** How a pcap file is written. */
export interface PcapShape {
  readonly big?: boolean;
  readonly nanos?: boolean;
  readonly linkType?: number;
}

/** A pcap file. */
export function pcapFile(packets: readonly Captured[], { big, nanos, linkType }: PcapShape = {}): Buffer {
  const words = (...values: number[]): Buffer => {
    const b = Buffer.alloc(values.length * 4);
    values.forEach((value, n) => {
      if (big) b.writeUInt32BE(value, n * 4);
      else b.writeUInt32LE(value, n * 4);
    });
    return b;
  };
  const version = big ? 0x00020004 : 0x00040002;
  const parts = [words(nanos ? 0xa1b23c4d : 0xa1b2c3d4, version, 0, 0, 262_144, linkType ?? ETHERNET)];
  for (const { bytes, time } of packets) {
    const fraction = time % 1e9;
    const seconds = START + Math.floor(time / 1e9);
    parts.push(
      words(seconds, nanos ? fraction : Math.floor(fraction / 1000), bytes.length, bytes.length),
      bytes,
    );
  }
  return Buffer.concat(parts);
}

/** A message of OpenFlow: header, and a body of zeros. */
export function message(version: number, type: number, xid: number, length = 8): Buffer {
  const b = Buffer.alloc(length);
  b[0] = version;
  b[1] = type;
  b.writeUInt16BE(length, 2);
  b.writeUInt32BE(xid, 4);
  return b;
}

/** ECHO_REQUESTs of OpenFlow 1.3 with these transaction ids; the body of each is as long as `length` says. */
export function echoes(xids: readonly number[], length: (xid: number) => number = () => 0): Buffer {
  return Buffer.concat(xids.map((xid) => message(4, 2, xid, 8 + length(xid))));
}
