import { describe, expect, it } from "vitest";
import { ALL_VERSIONS, EncodeError, type Version } from "../../src/base/index.js";
import type { Field } from "../../src/codec/catalog.js";
import { matchCovers, matchFromPacket } from "../../src/codec/match.js";

const hex = (text: string): Buffer => Buffer.from(text.replace(/#.*$/gm, "").replace(/\s+/g, ""), "hex");
const MACS = "02 00 00 00 00 02  02 00 00 00 00 01";
const ZEROS = "00".repeat(60);

const TCP = hex(`
  ${MACS}  81 00 60 64  08 00                          # VLAN 100, priority 3
  45 b9 00 28 00 00 40 00 40 06 00 00  0a 00 00 01  0a 00 00 02
  12 34 00 50  00 00 00 01  00 00 00 00  50 12 20 00 00 00 00 00   # SYN, ACK`);
const ARP = hex(`
  ff ff ff ff ff ff  02 00 00 00 00 01  08 06
  00 01 08 00 06 04 00 01  02 00 00 00 00 01  0a 00 00 01  00 00 00 00 00 00  0a 00 00 02`);
const SOLICITATION = hex(`
  33 33 ff 00 00 02  02 00 00 00 00 01  86 dd
  60 0a bc de 00 20 3a ff  fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 01
  ff 02 00 00 00 00 00 00 00 00 00 01 ff 00 00 02
  87 00 00 00 00 00 00 00  fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 02  01 01 02 00 00 00 00 01`);
/** UDP, the first of several fragments. */
const FRAGMENT = hex(`
  ${MACS}  08 00
  45 00 00 24 00 07 20 00 40 11 00 00  0a 00 00 01  0a 00 00 02  12 34 00 35 00 40 00 00 ${"aa".repeat(8)}`);
/** 802.1Q in 802.1ad. */
const TWO_TAGS = hex(`
  ${MACS}  88 a8 20 0a  81 00 00 14  08 00
  45 00 00 1c 00 00 00 00 40 11 00 00  0a 00 00 01  0a 00 00 02  12 34 00 35 00 08 00 00`);
const MPLS = hex(`
  ${MACS}  88 47  00 01 0a 40  00 02 01 40
  45 00 00 14 00 00 00 00 40 fd 00 00  0a 00 00 01  0a 00 00 02`);

/** `ETH_TYPE=2048 IP_PROTO=6`, for comparison at a glance. */
const told = (match: readonly Field[]): string =>
  match.map(({ field, value }) => `${field}=${value}`).join(" ");
const exact = (frame: Uint8Array, version: Version): string => told(matchFromPacket(frame, 3, version));

const L2 = "IN_PORT=3 ETH_DST=02:00:00:00:00:02 ETH_SRC=02:00:00:00:00:01";

describe("matchFromPacket", () => {
  it("has the fields of each version, of TCP in a VLAN", () => {
    const head = `${L2} VLAN_VID=4196 VLAN_PCP=3 ETH_TYPE=2048 IP_DSCP=46`;
    const tail = "IP_PROTO=6 IPV4_SRC=10.0.0.1 IPV4_DST=10.0.0.2 TCP_SRC=4660 TCP_DST=80";
    for (const version of [1, 2] as const) expect(exact(TCP, version)).toBe(`${head} ${tail}`);
    for (const version of [3, 4, 5] as const) expect(exact(TCP, version)).toBe(`${head} IP_ECN=1 ${tail}`);
    expect(exact(TCP, 6)).toBe(`${head} IP_ECN=1 ${tail} TCP_FLAGS=18`);
  });

  it("has the operation and the addresses of ARP, since 1.2 also those of Ethernet", () => {
    const head =
      "IN_PORT=3 ETH_DST=ff:ff:ff:ff:ff:ff ETH_SRC=02:00:00:00:00:01 VLAN_VID=0 ETH_TYPE=2054 ARP_OP=1 ARP_SPA=10.0.0.1 ARP_TPA=10.0.0.2";
    expect(exact(ARP, 1)).toBe(head);
    expect(exact(ARP, 2)).toBe(head);
    expect(exact(ARP, 3)).toBe(`${head} ARP_SHA=02:00:00:00:00:01 ARP_THA=00:00:00:00:00:00`);
  });

  it("leaves out operations of ARP that 1.0 and 1.1 cannot say", () => {
    const frame = Buffer.from(ARP);
    frame[20] = 1;
    expect(exact(frame, 1)).not.toContain("ARP_OP");
    expect(exact(frame, 2)).not.toContain("ARP_OP");
    expect(exact(frame, 3)).toContain("ARP_OP=257 ");
  });

  it("knows IPv6 as an Ethernet type only before 1.2, then with neighbour discovery", () => {
    const head = "IN_PORT=3 ETH_DST=33:33:ff:00:00:02 ETH_SRC=02:00:00:00:00:01 VLAN_VID=0 ETH_TYPE=34525";
    expect(exact(SOLICITATION, 1)).toBe(head);
    expect(exact(SOLICITATION, 2)).toBe(head);
    expect(exact(SOLICITATION, 3)).toBe(
      `${head} IP_DSCP=0 IP_ECN=0 IP_PROTO=58 IPV6_SRC=fe80::1 IPV6_DST=ff02::1:ff00:2 IPV6_FLABEL=703710 ICMPV6_TYPE=135 ICMPV6_CODE=0 IPV6_ND_TARGET=fe80::2 IPV6_ND_SLL=02:00:00:00:00:01`,
    );
    expect(exact(SOLICITATION, 4)).toBe(exact(SOLICITATION, 3));
  });

  it("has IPV6_EXTHDR since 1.3, of packets that have extension headers", () => {
    const frame = hex(`
      33 33 00 00 00 16  02 00 00 00 00 01  86 dd
      60 00 00 00 00 10 00 01  ${"00".repeat(15)}01  ${"00".repeat(15)}02
      3a 00 05 02 00 00 01 00  80 00 00 00 00 01 00 02   # hop-by-hop options, then an echo request`);
    expect(exact(frame, 3)).not.toContain("EXTHDR");
    expect(exact(frame, 4)).toContain("IP_PROTO=58 ");
    expect(exact(frame, 4)).toContain("IPV6_EXTHDR=64 ICMPV6_TYPE=128 ICMPV6_CODE=0");
  });

  it("says ports 0 of fragments in 1.0, and nothing of their ports later", () => {
    const ip = "ETH_TYPE=2048 IP_DSCP=0 IP_PROTO=17 IPV4_SRC=10.0.0.1 IPV4_DST=10.0.0.2";
    expect(exact(FRAGMENT, 1)).toBe(`${L2} VLAN_VID=0 ${ip} UDP_SRC=0 UDP_DST=0`);
    expect(exact(FRAGMENT, 2)).toBe(`${L2} VLAN_VID=0 ${ip}`);
    for (const version of [3, 4, 5, 6] as const) expect(exact(FRAGMENT, version)).not.toContain("UDP");
  });

  it("says nothing of the protocol of later fragments of IPv6", () => {
    const frame = hex(`
      ${MACS}  86 dd
      60 00 00 00 00 10 2c 40  ${"00".repeat(15)}01  ${"00".repeat(15)}02
      11 00 00 41 00 00 00 07  00 01 02 03 04 05 06 07`);
    expect(exact(frame, 4)).toMatch(/IP_ECN=0 IPV6_SRC=::1 IPV6_DST=::2 IPV6_FLABEL=0 IPV6_EXTHDR=16$/);
    frame[57] = 1; // more fragments, but the first
    expect(exact(frame, 4)).toMatch(/IP_ECN=0 IP_PROTO=17 IPV6_SRC=::1 /);
    frame[57] = 0; // the only one
    expect(exact(frame, 4)).toMatch(/IPV6_EXTHDR=16 UDP_SRC=1 UDP_DST=515$/);
  });

  it("has type and code of ICMP in all versions, the ports of SCTP since 1.1", () => {
    const icmp = hex(
      `${MACS} 08 00 45 00 00 1c 00 00 00 00 40 01 00 00 0a 00 00 01 0a 00 00 02 08 05 ${ZEROS}`,
    );
    const sctp = hex(
      `${MACS} 08 00 45 00 00 20 00 00 00 00 40 84 00 00 0a 00 00 01 0a 00 00 02 0b 59 0b 5a ${ZEROS}`,
    );
    for (const version of ALL_VERSIONS) {
      expect(exact(icmp, version)).toMatch(/ ICMPV4_TYPE=8 ICMPV4_CODE=5$/);
      expect(exact(sctp, version)).toMatch(
        version === 1 ? / IPV4_DST=10.0.0.2$/ : / SCTP_SRC=2905 SCTP_DST=2906$/,
      );
    }
  });

  it("looks behind one tag in 1.0, behind all later, and behind as many as the switch does", () => {
    expect(exact(TWO_TAGS, 1)).toBe(`${L2} VLAN_VID=4106 VLAN_PCP=1 ETH_TYPE=33024`);
    expect(exact(TWO_TAGS, 2)).toMatch(/VLAN_VID=4106 VLAN_PCP=1 ETH_TYPE=2048 .*UDP_DST=53$/);
    expect(told(matchFromPacket(TWO_TAGS, 3, 4, { vlanTags: 1 }))).toBe(exact(TWO_TAGS, 1));
    expect(told(matchFromPacket(TWO_TAGS, 3, 1, { vlanTags: 2 }))).toBe(exact(TWO_TAGS, 2));
  });

  it("has the outermost label of MPLS, and nothing of what is behind it", () => {
    expect(exact(MPLS, 1)).toBe(`${L2} VLAN_VID=0 ETH_TYPE=34887`);
    expect(exact(MPLS, 2)).toBe(`${L2} VLAN_VID=0 ETH_TYPE=34887 MPLS_LABEL=16 MPLS_TC=5`);
    expect(exact(MPLS, 3)).toBe(exact(MPLS, 2));
    expect(exact(MPLS, 4)).toBe(`${exact(MPLS, 2)} MPLS_BOS=0`);
  });

  it("has the service of PBB since 1.3, its use of customer addresses since 1.4", () => {
    const pbb = hex(`${MACS} 88 e7 08 12 34 56 ${ZEROS}`);
    expect(exact(pbb, 3)).toBe(`${L2} VLAN_VID=0 ETH_TYPE=35047`);
    expect(exact(pbb, 4)).toBe(`${exact(pbb, 3)} PBB_ISID=1193046`);
    expect(exact(pbb, 5)).toBe(`${exact(pbb, 4)} PBB_UCA=1`);
  });

  it("has type 0x05ff of frames without a type, that of SNAP where there is one", () => {
    const bpdu = hex(`01 80 c2 00 00 00 02 00 00 00 00 01 00 26 42 42 03 ${ZEROS}`);
    const snap = (oui: string) => hex(`${MACS} 00 24 aa aa 03 ${oui} 08 06 ${ARP.toString("hex", 14)}`);
    for (const version of ALL_VERSIONS) {
      expect(exact(bpdu, version)).toMatch(/ VLAN_VID=0 ETH_TYPE=1535$/);
      expect(exact(snap("000000"), version)).toContain("ETH_TYPE=2054 ARP_OP=1");
      expect(exact(snap("00000c"), version)).toMatch(/ETH_TYPE=1535$/);
    }
  });

  it("has what is whole of a frame that is cut short", () => {
    for (let end = 0; end < TCP.length; end++) matchFromPacket(TCP.subarray(0, end), 1, 6);
    expect(exact(TCP.subarray(0, 13), 4)).toBe("IN_PORT=3");
    expect(exact(TCP.subarray(0, 37), 4)).toBe(`${L2} VLAN_VID=4196 VLAN_PCP=3 ETH_TYPE=2048`);
    expect(exact(TCP.subarray(0, 40), 4)).toMatch(/IPV4_DST=10.0.0.2$/);
  });

  it("takes no padding for ports", () => {
    const udp = (length: string) =>
      hex(`
      ${MACS}  08 00  46 00 00 ${length} 00 00 00 00 40 11 00 00  0a 00 00 01  0a 00 00 02  01 01 01 00
      00 01 00 02 00 08 00 00 ${ZEROS}`);
    expect(exact(udp("20"), 4)).toMatch(/UDP_SRC=1 UDP_DST=2$/);
    expect(exact(udp("1f"), 4)).toMatch(/IPV4_DST=10.0.0.2$/);
    // A packet that was cut short on its way to the controller says a length that is not there.
    expect(exact(udp("ff"), 4)).toMatch(/UDP_SRC=1 UDP_DST=2$/);
    const ipv6 = (length: string) =>
      hex(`
      ${MACS}  86 dd  60 00 00 00 00 ${length} 3c 40  ${"00".repeat(15)}01  ${"00".repeat(15)}02
      06 00 01 04 00 00 00 00  00 01 00 02 ${"00".repeat(8)} 50 02 00 00 00 00 00 00 ${ZEROS}`);
    expect(exact(ipv6("1c"), 4)).toMatch(/TCP_SRC=1 TCP_DST=2$/);
    expect(exact(ipv6("1b"), 4)).toMatch(/IPV6_EXTHDR=8$/);
  });

  it("has no port when none is given, and takes names of ports", () => {
    expect(told(matchFromPacket(MPLS, undefined, 1))).toBe(exact(MPLS, 1).replace("IN_PORT=3 ", ""));
    expect(matchFromPacket(MPLS, "LOCAL", 1)[0]).toEqual({ field: "IN_PORT", value: "LOCAL" });
  });

  it("has the fields that are asked for, with their prerequisites", () => {
    const only = (names: string[], version: Version) =>
      told(matchFromPacket(TCP, 3, version, { only: names }));
    expect(only(["TCP_DST", "ETH_DST"], 4)).toBe(
      "ETH_DST=02:00:00:00:00:02 ETH_TYPE=2048 IP_PROTO=6 TCP_DST=80",
    );
    expect(only(["NX_IP_TTL", "UDP_DST"], 4)).toBe("ETH_TYPE=2048 NX_IP_TTL=64");
    expect(only(["ONF_TCP_FLAGS"], 4)).toBe("ETH_TYPE=2048 IP_PROTO=6 ONF_TCP_FLAGS=18");
    expect(only(["VLAN_PCP"], 1)).toBe("VLAN_VID=4196 VLAN_PCP=3");
    const but = { except: ["IPV4_SRC", "TCP_SRC", "IP_PROTO", "ETH_SRC", "IP_ECN"] };
    expect(told(matchFromPacket(TCP, 3, 4, but))).toBe(
      "IN_PORT=3 ETH_DST=02:00:00:00:00:02 VLAN_VID=4196 VLAN_PCP=3 ETH_TYPE=2048 IP_DSCP=46 IP_PROTO=6 IPV4_DST=10.0.0.2 TCP_DST=80",
    );
  });

  it.each([
    [
      () => matchFromPacket(TCP, 70_000, 1),
      "in_port: IN_PORT port 70000 cannot be expressed in OpenFlow 1.0",
    ],
    [() => matchFromPacket(TCP, "LOCL", 4), 'in_port: "LOCL" is not a PortNumber (did you mean LOCAL?)'],
    [
      () => matchFromPacket(TCP, 1, 4, { only: ["TCP_DTS"] }),
      'only[0]: "TCP_DTS" is not a Field (did you mean TCP_DST?)',
    ],
    [() => matchFromPacket(TCP, 1, 4, { except: ["NX_REG0"] }), "except[0]: NX_REG0 is not part of a packet"],
    [
      () => matchFromPacket(TCP, 1, 1, { only: ["ETH_DST", "IP_ECN"] }),
      "only[1]: IP_ECN cannot be expressed in OpenFlow 1.0",
    ],
    [() => matchFromPacket(TCP, 1, 4, { vlanTags: 0 }), "vlanTags: 0 is not 1 or more"],
    [
      () => matchFromPacket(TCP, 1, 7 as Version),
      "version: 7 is not a wire version: 1 is OpenFlow 1.0, 6 is 1.5",
    ],
  ])("%#: says what is wrong", (act, message) => {
    expect(act).toThrow(EncodeError);
    expect(act).toThrow(message);
  });
});

describe("matchCovers", () => {
  const takes = (match: readonly Field[], frame: Uint8Array = TCP, version: Version = 4) =>
    matchCovers(match, frame, 3, version);
  const field = (name: string, value: unknown, mask?: unknown): Field =>
    (mask === undefined ? { field: name, value } : { field: name, value, mask }) as Field;

  it("takes every packet when the match is empty", () => {
    for (const version of ALL_VERSIONS) expect(takes([], TCP, version)).toBe(true);
  });

  it("wants each field to be there with its value", () => {
    expect(takes([field("TCP_DST", 80), field("IPV4_SRC", "10.0.0.1")])).toBe(true);
    expect(takes([field("TCP_DST", 81), field("IPV4_SRC", "10.0.0.1")])).toBe(false);
    expect(takes([field("ETH_TYPE", 0x0800), field("UDP_DST", 80)])).toBe(false);
    expect(takes([field("IN_PORT", 3)])).toBe(true);
    expect(takes([field("IN_PORT", 4)])).toBe(false);
  });

  it("looks only at the bits of masks, and reads prefixes", () => {
    expect(takes([field("IPV4_DST", "10.0.0.0", "/24")])).toBe(true);
    expect(takes([field("IPV4_DST", "10.0.0.0/24")])).toBe(true);
    expect(takes([field("IPV4_DST", "10.0.1.0/24")])).toBe(false);
    expect(takes([field("ETH_DST", "00:00:00:00:00:02", "00:00:00:00:00:ff")])).toBe(true);
    expect(takes([field("IPV6_DST", "ff02::/16"), field("ETH_TYPE", "IPV6")], SOLICITATION)).toBe(true);
    expect(takes([field("IPV6_DST", "ff03::/16")], SOLICITATION)).toBe(false);
    expect(takes([field("ETH_TYPE", 0x0800), field("TCP_FLAGS", 2, 2)], TCP, 6)).toBe(true);
    expect(takes([field("ETH_TYPE", 0x0800), field("TCP_FLAGS", 1, 1)], TCP, 6)).toBe(false);
  });

  it("tells untagged packets, any tag and one tag apart", () => {
    const vlan = (value: number, mask?: number) => [field("VLAN_VID", value, mask)];
    for (const version of [2, 3, 4, 5, 6] as const) {
      expect([takes(vlan(0), TCP, version), takes(vlan(0), ARP, version)]).toEqual([false, true]);
      expect([takes(vlan(0x1000, 0x1000), TCP, version), takes(vlan(0x1000, 0x1000), ARP, version)]).toEqual([
        true,
        false,
      ]);
      expect([takes(vlan(0x1064), TCP, version), takes(vlan(0x1065), TCP, version)]).toEqual([true, false]);
    }
    // In 1.0 and 1.1 the number alone is that of a tag.
    expect([takes(vlan(100), TCP, 1), takes(vlan(100), TCP, 2), takes(vlan(100), TCP, 3)]).toEqual([
      true,
      true,
      false,
    ]);
    expect([takes(vlan(0), TCP, 1), takes(vlan(0), ARP, 1)]).toEqual([false, true]);
  });

  it("knows fields of vendors", () => {
    const all: Field[] = [
      field("NX_IN_PORT", 3),
      field("NX_ETH_TYPE", 0x0800),
      field("NX_IP_SRC", "10.0.0.0", "255.0.0.0"),
      field("NX_IP_PROTO", 6),
      field("NX_VLAN_TCI", 0x7064),
      field("NX_IP_TOS", 0xb8),
      field("NX_IP_ECN", 1),
      field("NX_IP_TTL", 64),
      field("NX_IP_FRAG", 0),
      field("NX_TCP_DST", 80),
      field("NX_TCP_FLAGS", 0x12),
      field("ONF_TCP_FLAGS", 0x10, 0x10),
    ];
    for (const one of all)
      expect([one.field, takes([field("ETH_TYPE", 0x0800), one])]).toEqual([one.field, true]);
    expect(takes([field("NX_ND_SLL", "02:00:00:00:00:01"), field("NX_ICMPV6_TYPE", 135)], SOLICITATION)).toBe(
      true,
    );
    expect(takes([field("ETH_TYPE", 0x0800), field("NX_IP_FRAG", 1)], FRAGMENT)).toBe(true);
    expect(takes([field("ETH_TYPE", 0x8847), field("NX_MPLS_TTL", 0x40)], MPLS)).toBe(true);
    const rarp = Buffer.from(ARP);
    rarp.set([0x80, 0x35], 12);
    expect(takes([field("ETH_TYPE", 0x8035), field("NX_ARP_TPA", "10.0.0.2")], rarp)).toBe(true);
  });

  it("knows reserved ports in fields of 16 and of 32 bits", () => {
    const local = (match: Field) => matchCovers([match], TCP, "LOCAL", 4);
    expect(local(field("IN_PORT", 0xfffffffe))).toBe(true);
    expect(local(field("NX_IN_PORT", 0xfffe))).toBe(true);
    expect(matchCovers([field("NX_IN_PORT", 1)], TCP, 0x10001, 4)).toBe(false);
    expect(matchCovers([field("IN_PORT", "LOCAL")], TCP, "LOCAL", 1)).toBe(true);
  });

  it("sees fragments as each version does", () => {
    const dns = [field("ETH_TYPE", 0x0800), field("UDP_DST", 53)];
    const none = [field("ETH_TYPE", 0x0800), field("UDP_DST", 0)];
    const told = (match: Field[]) => ALL_VERSIONS.map((version) => takes(match, FRAGMENT, version));
    expect(told(dns)).toEqual([false, false, true, true, true, true]);
    expect(told(none)).toEqual([true, false, false, false, false, false]);
  });

  it("takes values from the context, and says which one it lacks", () => {
    const match = [field("TCP_DST", 80), field("ETH_TYPE", 0x0800), field("METADATA", 5, 7)];
    const context = (value: number) => ({ context: [field("METADATA", value)] });
    expect(matchCovers(match, TCP, 3, 4, context(13))).toBe(true);
    expect(matchCovers(match, TCP, 3, 4, context(12))).toBe(false);
    expect(() => takes(match)).toThrow(
      "match[2].field: METADATA is not part of a packet: its value must be told in the context",
    );
    // A packet knows better what is in it, and at which port it came.
    const wrong = { context: [field("TCP_DST", 81), field("IN_PORT", 4)] };
    expect(
      matchCovers([field("ETH_TYPE", 0x0800), field("TCP_DST", 80), field("IN_PORT", 3)], TCP, 3, 4, wrong),
    ).toBe(true);
    expect(matchCovers([field("IN_PORT", 4)], TCP, undefined, 4, wrong)).toBe(true);
    // Nothing depends on it.
    expect(takes(match, ARP)).toBe(false);
    expect(() => matchCovers([field("IN_PORT", 1)], TCP, undefined, 4)).toThrow(
      "match[0].field: IN_PORT is not",
    );
    expect(matchCovers([field("NX_TUN_ID", 7)], TCP, 3, 4, { context: [field("TUNNEL_ID", 7)] })).toBe(true);
    // A mask of zeros asks for nothing.
    expect(takes([field("METADATA", 0, 0)])).toBe(true);
  });

  it("asks for what a switch asks for, unless it shall not", () => {
    const match = [field("TCP_DST", 80)];
    expect(() => takes(match)).toThrow(
      "match[0]: Invalid match: Missing prerequisites: TCP_DST needs ETH_TYPE",
    );
    expect(matchCovers(match, TCP, 3, 4, { unchecked: true })).toBe(true);
    expect(() => takes([field("IPV6_FLABEL", 1)], TCP, 1)).toThrow(
      "IPV6_FLABEL cannot be expressed in OpenFlow 1.0",
    );
  });
});
