// Ethernet frames of TCP segments, made for bytes that went over a connection.
//
//      0      6      12   14                      34 or 54                                    54 or 74
//     +------+------+----+-----------------------+-------------------------------------------+---------
//     | to   | from | IP | IPv4 or IPv6 header   | ports, sequence, acknowledged, flags, sum | bytes
//     +------+------+----+-----------------------+-------------------------------------------+---------
import { addWords, foldChecksum, transportChecksum } from "../packet/index.js";
import { parseIPv4, parseIPv6 } from "../text/index.js";
import { putU16, putU32 } from "../wire/index.js";

/** Flags of TCP. */
export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const PSH = 0x08;
export const ACK = 0x10;

const ETHERNET = 14;
const IPV4 = 20;
const IPV6 = 40;
const TCP = 20;
const IP_PROTO_TCP = 6;
const HOP_LIMIT = 64;
const WINDOW = 0xffff;
const DONT_FRAGMENT = 0x4000;

/** An end of a connection. */
export interface TcpEnd {
  /** Four or 16 bytes. */
  readonly address: Uint8Array;
  readonly port: number;
  /** Six bytes. Nobody knows the true ones. */
  readonly mac: Uint8Array;
}

/** A segment. */
export interface TcpSegment {
  readonly from: TcpEnd;
  readonly to: TcpEnd;
  /** Both modulo 2^32. */
  readonly sequence: number;
  readonly acknowledged: number;
  readonly flags: number;
  /** Of IPv4, modulo 2^16. */
  readonly id: number;
  /** At most MAX_SEGMENT. */
  readonly bytes: Uint8Array;
}

/** Most bytes of a segment: with its headers it must be no longer than an IP packet. */
export const MAX_SEGMENT = 32_768;

/** An IPv4 or IPv6 address as bytes; `::` for a text that is neither. */
export function addressBytes(host: string): Uint8Array {
  const v4 = new Uint8Array(4);
  if (host !== "" && parseIPv4(host, v4, 0)) return v4;
  const v6 = new Uint8Array(16);
  // Zones with a name are not part of the address.
  parseIPv6(host.replace(/%\D.*$/, ""), v6, 0);
  return v6;
}

/** The frame of a segment. Both ends have addresses of one family. */
export function tcpFrame({ from, to, sequence, acknowledged, flags, id, bytes }: TcpSegment): Buffer {
  const isIPv4 = from.address.length === 4;
  const tcp = ETHERNET + (isIPv4 ? IPV4 : IPV6);
  const payload = tcp + TCP;
  const frame = Buffer.alloc(payload + bytes.length);
  frame.set(to.mac, 0);
  frame.set(from.mac, 6);
  putU16(frame, 12, isIPv4 ? 0x0800 : 0x86dd);
  const addresses = isIPv4 ? putIPv4(frame, id) : putIPv6(frame);
  frame.set(from.address, addresses);
  frame.set(to.address, addresses + from.address.length);
  if (isIPv4) putU16(frame, ETHERNET + 10, foldChecksum(addWords(frame, ETHERNET, tcp)));
  putU16(frame, tcp, from.port);
  putU16(frame, tcp + 2, to.port);
  putU32(frame, tcp + 4, sequence);
  putU32(frame, tcp + 8, acknowledged);
  frame[tcp + 12] = (TCP / 4) << 4;
  frame[tcp + 13] = flags;
  putU16(frame, tcp + 14, WINDOW);
  frame.set(bytes, payload);
  const { length } = from.address;
  const network = {
    source: addresses,
    destination: addresses + length,
    addressBytes: length,
    end: frame.length,
  };
  putU16(frame, tcp + 16, transportChecksum(frame, tcp, tcp + 16, IP_PROTO_TCP, network));
  return frame;
}

/** Gives where its addresses stand. */
function putIPv4(frame: Buffer, id: number): number {
  frame[ETHERNET] = 0x45;
  putU16(frame, ETHERNET + 2, frame.length - ETHERNET);
  putU16(frame, ETHERNET + 4, id);
  putU16(frame, ETHERNET + 6, DONT_FRAGMENT);
  frame[ETHERNET + 8] = HOP_LIMIT;
  frame[ETHERNET + 9] = IP_PROTO_TCP;
  return ETHERNET + 12;
}

function putIPv6(frame: Buffer): number {
  frame[ETHERNET] = 0x60;
  putU16(frame, ETHERNET + 4, frame.length - ETHERNET - IPV6);
  frame[ETHERNET + 6] = IP_PROTO_TCP;
  frame[ETHERNET + 7] = HOP_LIMIT;
  return ETHERNET + 8;
}
