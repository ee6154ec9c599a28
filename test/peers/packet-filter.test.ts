// Our interpreter of packet filters against tcpdump: the same frames, the same filters, the same answer.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildFrame, compilePacketFilter } from "../../src/packet/index.js";
import { describeWith } from "./installed.js";
import { runProgram } from "./programs.js";

const IP = {
  eth_dst: "02:00:00:00:00:02",
  eth_src: "02:00:00:00:00:01",
  ipv4_src: "10.0.0.1",
  ipv4_dst: "10.0.0.2",
};
const IP6 = { eth_dst: "33:33:00:00:00:01", ipv6_src: "fe80::1", ipv6_dst: "ff02::1" };
const FRAMES: readonly Uint8Array[] = [
  { ...IP, tcp_src: 40_000, tcp_dst: 80, nx_tcp_flags: 2 },
  { ...IP, tcp_src: 80, tcp_dst: 40_000, nx_tcp_flags: 0x12 },
  { ...IP, tcp_src: 80, tcp_dst: 40_000, nx_tcp_flags: 0x18, payload: "00".repeat(500) },
  { ...IP, udp_src: 68, udp_dst: 67 },
  { ...IP, udp_src: 5353, udp_dst: 5353, ipv4_options: "01010100" },
  { ...IP, udp_dst: 53, vlan_vid: 0x1005 },
  { ...IP, icmpv4_type: 8, payload: "00010002" },
  { ...IP, ip_proto: 17, ipv4_frag_offset: 100 },
  { ...IP, ip_dscp: 46, nx_ip_ttl: 1, sctp_dst: 36412 },
  { ...IP6, icmpv6_type: 135, ipv6_nd_target: "fe80::2" },
  { ...IP6, tcp_dst: 443 },
  { ...IP6, udp_dst: 53, vlan_vid: [0x1001, 0x1002] },
  { arp_op: 1, arp_spa: "10.0.0.1", arp_tpa: "10.0.0.2" },
  { eth_type: 0x88cc, x_lldp_chassis_id: "mac 02:00:00:00:00:01", x_lldp_port_id: "local 1" },
  { mpls_label: 100, mpls_bos: 1 },
  { eth_type: 0x9000, payload: "0102030405060708" },
].map((pkt) => Uint8Array.from(buildFrame({ pkt })));

const FILTERS = [
  ...[
    "",
    "icmp",
    "tcp",
    "udp port 67 or udp port 68",
    "port 5353",
    "arp",
    "ether proto 0x88cc",
    "ip6",
    "icmp6",
  ],
  ...[
    "host 10.0.0.2",
    "not ip",
    "net 10.0.0.0/8 and not tcp",
    "src host fe80::1",
    "portrange 60-100",
    "sctp",
  ],
  ...["vlan", "vlan 5", "vlan and udp port 53", "vlan 1 and vlan 2 and ip6", "mpls 100", "ether multicast"],
  ...["tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn", "tcp[13] = 18", "ip[0] & 0xf > 5", "ip[8] < 2"],
  ...["greater 200", "less 60", "len >= 70", "len % 7 = 4", "ip[2:2] = len - 14", "ether[6:4] = 0x02000000"],
  ...["ip[ip[0] & 0xf:2] != 3", "(ip[1] >> 2) = 46", "ip[6:2] & 0x1fff != 0", "ether dst 02:00:00:00:00:02"],
  ...[
    "ip[9] * 2 - 1 = 11 or ip[9] / 2 = 8",
    "tcp[((tcp[12] & 0xf0) >> 2):4] = 0",
    "udp[4:2] = 8",
    "ether[12:2] ^ 0x9000 = 0",
  ],
];

function pcapOf(frames: readonly Uint8Array[]): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32BE(0xa1b2c3d4, 0);
  header.writeUInt32BE(0x00020004, 4);
  header.writeUInt32BE(0x40000, 16);
  header.writeUInt32BE(1, 20);
  const records = frames.flatMap((frame, i) => {
    const record = Buffer.alloc(16);
    // Second i: what tcpdump prints says which frame it was.
    record.writeUInt32BE(i, 0);
    record.writeUInt32BE(frame.length, 8);
    record.writeUInt32BE(frame.length, 12);
    return [record, frame];
  });
  return Buffer.concat([header, ...records]);
}

describeWith(["tcpdump"], "packet filters", () => {
  const folder = mkdtempSync(join(tmpdir(), "oftr-filter-"));
  const capture = join(folder, "frames.pcap");

  beforeAll(() => writeFileSync(capture, pcapOf(FRAMES)));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(FILTERS)("%j is true for the frames for which tcpdump says so", async (text) => {
    const printed = await runProgram("tcpdump", ["-nn", "-tt", "-r", capture, "--", text]);
    const theirs = Array.from(printed.toString().matchAll(/^(\d+)\.000000 /gm), ([, n]) => Number(n));
    const filter = await compilePacketFilter(text);
    const ours = FRAMES.flatMap((frame, i) => (filter.matches(frame) ? [i] : []));
    expect(ours).toEqual(theirs);
  });

  it("select something, and not all", async () => {
    const idle = [];
    for (const text of FILTERS.slice(1)) {
      const filter = await compilePacketFilter(text);
      const n = FRAMES.filter((frame) => filter.matches(frame)).length;
      if (n === 0 || n === FRAMES.length) idle.push(text);
    }
    expect(idle).toEqual([]);
  });

  it("that tcpdump refuses are refused, in its words", async () => {
    await expect(compilePacketFilter("foo bar")).rejects.toMatchObject({
      code: "SYNTAX",
      message: "can't parse filter expression: syntax error",
    });
    await expect(compilePacketFilter("inbound")).rejects.toMatchObject({ code: "PROGRAM" });
    await expect(compilePacketFilter("ip6 protochain 6")).rejects.toMatchObject({ code: "PROGRAM" });
  });
});
