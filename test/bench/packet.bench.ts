// Packets of 100 bytes as fields, 100 calls a sample: what PACKET_IN of the daemon costs besides ("fields"), and of the command line.
import { bench, describe } from "vitest";
import { buildFrame, type PacketDetail, writePacketKeys } from "../../src/packet/index.js";
import { Text } from "../../src/text/index.js";

const ip = {
  ...{ eth_dst: "02:00:00:00:00:02", eth_src: "02:00:00:00:00:01" },
  ...{ ipv4_src: "10.0.0.1", ipv4_dst: "10.0.0.2", ipv4_flags: ["DF"] },
};
const arp = { arp_op: 1, arp_spa: "10.0.0.1", arp_tpa: "10.0.0.2", arp_sha: "02:00:00:00:00:01" };
const FRAMES = {
  TCP: { ...ip, tcp_src: 40_000, tcp_dst: 80, tcp_flags: 0x18, tcp_window: 0xffff, payload: "61".repeat(46) },
  ICMP: { ...ip, icmpv4_type: 8, payload: "61".repeat(62) },
  ARP: { ...arp, frame_length: 100 },
};

const w = new Text();

function run(pkt: object, detail: PacketDetail): () => void {
  const frame = Uint8Array.from(buildFrame({ pkt }));
  return () => {
    w.rewind();
    for (let i = 0; i < 100; i++) writePacketKeys(frame, 0, frame.length, w, detail);
  };
}

describe("the fields of a packet", () => {
  for (const [name, pkt] of Object.entries(FRAMES)) {
    bench(`${name}, fields`, run(pkt, "fields"));
    bench(`${name}, full`, run(pkt, "full"));
  }
});
