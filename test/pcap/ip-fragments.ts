/** IP packets in parts, as routers and hosts make them. */
import type { Captured } from "./traffic.js";

/** A part of what an IP packet holds: its bytes `from` to `to`. */
export type Part = readonly [from: number, to: number];

/** The parts of `length` bytes, each `size` long but the last one. */
export function partsOf(length: number, size: number): Part[] {
  return Array.from({ length: Math.ceil(length / size) }, (_, n) => [
    n * size,
    Math.min(length, (n + 1) * size),
  ]);
}

/**
 * One fragment of a packet.
 * @param frame  whose IP header is at `ip`, without options or extension headers
 */
export function fragment(frame: Buffer, ip: number, id: number, [from, to]: Part): Buffer {
  const isIPv4 = frame[ip]! >> 4 === 4;
  const data = ip + (isIPv4 ? 20 : 40);
  const more = to < frame.length - data;
  const header = Buffer.from(frame.subarray(0, data));
  const bytes = frame.subarray(data + from, data + to);
  if (isIPv4) {
    header.writeUInt16BE(20 + bytes.length, ip + 2);
    header.writeUInt16BE(id, ip + 4);
    header.writeUInt16BE((more ? 0x2000 : 0) | (from / 8), ip + 6);
    return Buffer.concat([header, bytes]);
  }
  const extension = Buffer.alloc(8);
  extension[0] = header[ip + 6]!;
  header[ip + 6] = 44;
  header.writeUInt16BE(8 + bytes.length, ip + 4);
  extension.writeUInt16BE(from | (more ? 1 : 0), 2);
  extension.writeUInt32BE(id, 4);
  return Buffer.concat([header, extension, bytes]);
}

/** All fragments of a captured packet, in order, a microsecond apart. */
export function parted({ bytes, time }: Captured, ip: number, id: number, size: number): Captured[] {
  const data = ip + (bytes[ip]! >> 4 === 4 ? 20 : 40);
  return partsOf(bytes.length - data, size).map((part, n) => ({
    bytes: fragment(bytes, ip, id, part),
    time: time + n * 1000,
  }));
}
