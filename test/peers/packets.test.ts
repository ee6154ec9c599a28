// Frames that we build, dissected by Wireshark: nothing malformed, all checksums good, and the fields that we read.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { buildFrame, readPacket } from "../../src/packet/index.js";
import { GOLDEN_FRAMES } from "../packet/frames/index.js";
import { packetsToBuild } from "./built-packets.js";
import { describeWith } from "./installed.js";
import { captureOf } from "./pcap.js";
import { runProgram } from "./programs.js";

/** tshark computes checksums only when it is told to. */
const CHECKED = [
  "ip.check_checksum:TRUE",
  "tcp.check_checksum:TRUE",
  "udp.check_checksum:TRUE",
  "sctp.checksum:CRC 32c",
];
/** It would complain of connections of which it sees one segment, and hold back fragments of which it sees one. */
const CALM = ["tcp.analyze_sequence_numbers:FALSE", "ip.defragment:FALSE", "ipv6.defragment:FALSE"];
/** Fields that say how a checksum is: 1 good, 2 not looked at, 3 none, 0 bad. */
const STATUS = ["ip", "tcp", "udp", "icmp", "icmpv6", "sctp"].map(
  (protocol) => `${protocol}.checksum.status`,
);
/** Severity of a warning; errors are above, notes below. */
const WARNING = 0x600000;

/** Our fields in tshark's words; where there are two, one of them is in a frame. */
const NAMES: Readonly<Record<string, string>> = {
  ETH_DST: "eth.dst",
  ETH_SRC: "eth.src",
  VLAN_VID: "ieee8021ad.id vlan.id",
  VLAN_PCP: "ieee8021ad.priority vlan.priority",
  PBB_ISID: "ieee8021ah.isid",
  MPLS_LABEL: "mpls.label",
  MPLS_TC: "mpls.exp",
  MPLS_BOS: "mpls.bottom",
  NX_MPLS_TTL: "mpls.ttl",
  ARP_OP: "arp.opcode",
  ARP_SPA: "arp.src.proto_ipv4",
  ARP_TPA: "arp.dst.proto_ipv4",
  ARP_SHA: "arp.src.hw_mac",
  ARP_THA: "arp.dst.hw_mac",
  IP_DSCP: "ip.dsfield.dscp ipv6.tclass.dscp",
  IP_ECN: "ip.dsfield.ecn ipv6.tclass.ecn",
  IPV4_SRC: "ip.src",
  IPV4_DST: "ip.dst",
  IPV4_ID: "ip.id",
  IPV4_FRAG_OFFSET: "ip.frag_offset",
  NX_IP_TTL: "ip.ttl ipv6.hlim",
  IPV6_SRC: "ipv6.src",
  IPV6_DST: "ipv6.dst",
  IPV6_FLABEL: "ipv6.flow",
  ICMPV4_TYPE: "icmp.type",
  ICMPV4_CODE: "icmp.code",
  ICMPV6_TYPE: "icmpv6.type",
  ICMPV6_CODE: "icmpv6.code",
  IPV6_ND_TARGET: "icmpv6.nd.ns.target_address icmpv6.nd.na.target_address",
  IPV6_ND_SLL: "icmpv6.opt.src_linkaddr",
  IPV6_ND_TLL: "icmpv6.opt.target_linkaddr",
  TCP_SRC: "tcp.srcport",
  TCP_DST: "tcp.dstport",
  NX_TCP_FLAGS: "tcp.flags",
  TCP_SEQ: "tcp.seq_raw",
  TCP_ACK: "tcp.ack_raw",
  TCP_WINDOW: "tcp.window_size_value",
  TCP_URGENT: "tcp.urgent_pointer",
  UDP_SRC: "udp.srcport",
  UDP_DST: "udp.dstport",
  SCTP_SRC: "sctp.srcport",
  SCTP_DST: "sctp.dstport",
  SCTP_VTAG: "sctp.verification_tag",
  X_LLDP_TTL: "lldp.time_to_live",
  X_LLDP_PORT_DESCR: "lldp.port.desc",
  X_LLDP_SYS_NAME: "lldp.tlv.system.name",
};
/** Fields that we do not print where they are 0. */
const ZEROS = /^(IP_DSCP|IP_ECN|IPV6_FLABEL|VLAN_PCP|IPV4_ID|IPV4_FRAG_OFFSET|TCP_(SEQ|ACK|WINDOW|URGENT))$/;

const COLUMNS = [
  ...new Set([
    ...STATUS,
    "_ws.malformed",
    "_ws.expert.severity",
    ...Object.values(NAMES).join(" ").split(" "),
  ]),
];

/** Values of tshark by its names, for each frame. */
type Row = ReadonlyMap<string, readonly string[]>;

describeWith(["tshark"], "tshark on packets that we build", () => {
  const folder = mkdtempSync(join(tmpdir(), "oftr-packets-"));
  const given = [
    ...GOLDEN_FRAMES.map((golden) => golden.given),
    ...fc.sample(packetsToBuild, { numRuns: 400, seed: 20_090_331 }),
  ];
  const frames = given.map((pkt) => Uint8Array.from(buildFrame({ pkt })));
  let rows: readonly Row[];

  beforeAll(async () => {
    rows = await dissect(frames);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  it("finds nothing malformed, and nothing to warn of", () => {
    const found = rows.flatMap((row, n) => {
      const severe = valuesOf(row, "_ws.expert.severity").some((severity) => Number(severity) >= WARNING);
      return severe || valuesOf(row, "_ws.malformed").length > 0 ? [given[n]] : [];
    });
    expect(found).toEqual([]);
  });

  it("finds all checksums good", () => {
    const found = rows.flatMap((row, n) => {
      const bad = STATUS.filter((name) => valuesOf(row, name).some((status) => status !== "1"));
      // A part of a datagram is not enough to tell.
      const whole = bad.filter(
        (name) => name !== "udp.checksum.status" || !isFragment(frames[n] as Uint8Array),
      );
      return whole.length > 0 ? [{ whole, pkt: given[n] }] : [];
    });
    expect(found).toEqual([]);
    for (const name of STATUS) {
      expect(rows.filter((row) => valuesOf(row, name).length > 0).length, name).toBeGreaterThan(20);
    }
  });

  it("reads the fields that we read", () => {
    const ours = frames.map((frame) => {
      const { _pkt, _pkt_more = [] } = readPacket(frame);
      return fieldsOf((name) =>
        [..._pkt, ..._pkt_more].filter(({ field }) => field === name).map(({ value }) => value),
      );
    });
    const theirs = rows.map((row) =>
      fieldsOf((name) => (NAMES[name] as string).split(" ").flatMap((one) => valuesOf(row, one))),
    );
    expect(ours).toEqual(theirs);
  });

  it("would find an error", async () => {
    const pkt = { ipv4_src: "10.0.0.1", ipv4_dst: "10.0.0.2", tcp_src: 61_100, payload: "2a" };
    const bad = [
      { ...pkt, tcp_checksum: 1 },
      { ...pkt, ipv4_checksum: 1 },
      { ...pkt, tcp_data_offset: 2 },
    ].map((wrong) => buildFrame({ pkt: wrong }));
    const [tcp, ip, header] = (await dissect(bad)) as [Row, Row, Row];
    expect(valuesOf(tcp, "tcp.checksum.status")).toEqual(["0"]);
    expect(valuesOf(ip, "ip.checksum.status")).toEqual(["0"]);
    expect(valuesOf(header, "_ws.expert.severity").map(Number)).toContain(0x800000);
  });

  async function dissect(captured: readonly Uint8Array[]): Promise<Row[]> {
    const path = join(folder, "frames.pcap");
    writeFileSync(path, captureOf(captured));
    const preferences = [...CHECKED, ...CALM].flatMap((preference) => ["-o", preference]);
    const columns = COLUMNS.flatMap((name) => ["-e", name]);
    const args = ["-n", "-r", path, ...preferences, "-T", "fields", ...columns];
    const text = (await runProgram("tshark", args, { limit: 60_000 })).toString();
    const lines = text.split("\n").slice(0, -1);
    expect(lines).toHaveLength(captured.length);
    return lines.map((line) => {
      const cells = line.split("\t").map((cell) => (cell === "" ? [] : cell.split(",")));
      return new Map(COLUMNS.map((name, i) => [name, cells[i] ?? []]));
    });
  }
});

function valuesOf(row: Row, name: string): readonly string[] {
  return row.get(name) as readonly string[];
}

function isFragment(frame: Uint8Array): boolean {
  return readPacket(frame)._pkt.some(
    ({ field, value }) => field === "NX_IP_FRAG" || (field === "IPV6_EXTHDR" && (Number(value) & 16) !== 0),
  );
}

/** All fields with the values that somebody found, in one form: numbers in decimal, other texts in lower case. */
function fieldsOf(find: (name: string) => readonly unknown[]): Record<string, readonly string[]> {
  const found = Object.keys(NAMES).map((name) => {
    const values = find(name).map((value) => {
      const text = String(value).toLowerCase();
      const number = /^(0x[0-9a-f]+|\d+)$/.test(text) ? Number(text) : undefined;
      return number === undefined ? text : String(name === "VLAN_VID" ? number & 0xfff : number);
    });
    return [name, ZEROS.test(name) ? values.filter((value) => value !== "0") : values] as const;
  });
  return Object.fromEntries(found.filter(([, values]) => values.length > 0));
}
