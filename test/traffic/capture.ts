/** A capture file of whole messages, one packet each, byte by byte: pcap with nanoseconds, Ethernet, IPv4, TCP. */
import type { TrafficMessage } from "../../src/traffic/index.js";

/** Makes the file. */
export function captureOf(messages: readonly TrafficMessage[]): Buffer {
  const next = new Map<string, number>();
  const parts = [Buffer.from("4d3cb2a1020004000000000000000000ffff000001000000", "hex")];
  for (const { bytes, start, end, way, sec, nsec } of messages) {
    const payload = bytes.subarray(start, end);
    const [source, destination] = [endpoint(way.src), endpoint(way.dst)];
    const sequence = next.get(way.src) ?? 1000;
    next.set(way.src, sequence + payload.length);
    const tcp = Buffer.alloc(20);
    tcp.writeUInt16BE(source.port, 0);
    tcp.writeUInt16BE(destination.port, 2);
    tcp.writeUInt32BE(sequence, 4);
    tcp.writeUInt16BE(0x5018, 12); // 20 bytes of header; PSH, ACK
    const ip = Buffer.from("450000000000000040060000", "hex");
    ip.writeUInt16BE(40 + payload.length, 2);
    const frame = Buffer.concat([
      Buffer.from("0200000000020200000000010800", "hex"),
      ip,
      source.address,
      destination.address,
      tcp,
      payload,
    ]);
    const head = Buffer.alloc(16);
    for (const [i, value] of [sec, nsec, frame.length, frame.length].entries())
      head.writeUInt32LE(value, 4 * i);
    parts.push(head, frame);
  }
  return Buffer.concat(parts);
}

function endpoint(text: string): { readonly address: Buffer; readonly port: number } {
  const [address = "", port] = text.split(":");
  return { address: Buffer.from(address.split(".").map(Number)), port: Number(port) };
}
