import { describe, expect, it } from "vitest";
import { EncodeError } from "../../src/base/index.js";
import { buildFrame, type FrameInput, packetDifference, readPacket } from "../../src/packet/index.js";
import { hex, lines } from "./frames/index.js";

const ARP_REQUEST = hex(`
  ff ff ff ff ff ff  02 00 00 00 00 01  08 06
  00 01 08 00 06 04 00 01
  02 00 00 00 00 01  0a 00 00 01
  00 00 00 00 00 00  0a 00 00 02
  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00`);
const IP = { ipv4_src: "10.0.0.1", ipv4_dst: "10.0.0.2" };
const IP6 = { ipv6_src: "fe80::1", ipv6_dst: "fe80::2" };

const built = (input: FrameInput): string => Buffer.from(buildFrame(input)).toString("hex");

describe("a packet to build", () => {
  const arp = { eth_dst: "ff:ff:ff:ff:ff:ff", eth_src: "02:00:00:00:00:01", arp_op: 1, arp_spa: "10.0.0.1" };
  const rest = { ARP_SHA: "02:00:00:00:00:01", Arp_Tpa: "10.0.0.2" };
  const list = Object.entries({ ...arp, ...rest }).map(([field, value]) => ({ field, value }));

  it("is an object or a list, under _pkt or pkt, its names in any case, its fields in any order", () => {
    const frame = ARP_REQUEST.toString("hex");
    expect(built({ pkt: { ...arp, ...rest } })).toBe(frame);
    expect(built({ _pkt: { ...rest, ...arp } })).toBe(frame);
    expect(built({ _pkt: list })).toBe(frame);
    expect(built({ pkt: list.reverse() })).toBe(frame);
  });

  it("may be given in parts, numbers as texts of any base", () => {
    expect(built({ _pkt: { ...arp, arp_op: "0x1" }, _pkt_more: rest })).toBe(ARP_REQUEST.toString("hex"));
  });

  it("has names for values where they are given, in either case, also in tunnels", () => {
    const names = new Map([
      ["ETH_TYPE", new Map([["ODD", 0x88b5]])],
      ["IP_PROTO", new Map([["UDP", 17]])],
    ]);
    const odd = `${"00".repeat(12)}88b5${"00".repeat(46)}`;
    const hex = (input: FrameInput): string => Buffer.from(buildFrame(input, names)).toString("hex");
    expect(hex({ pkt: { eth_type: "odd" } })).toBe(odd);
    expect(hex({ _pkt: [{ field: "ETH_TYPE", value: "ODD" }] })).toBe(odd);
    const inner = { protocol: "VXLAN", vni: 1, inner: { pkt: { eth_type: "odd" } } };
    const outer = { ipv4_dst: "10.0.0.1", ip_proto: "udp", udp_dst: 4789 };
    expect(hex({ pkt: outer, _pkt_payload: inner })).toContain(odd);
    expect(packetDifference({ pkt: { eth_type: "odd" } }, Buffer.from(odd, "hex"), names)).toBe("pkt");
    expect(() => hex({ pkt: { eth_type: "old" } })).toThrow(
      'pkt.eth_type: "old" is not a value of ETH_TYPE (did you mean ODD?)',
    );
    expect(() => buildFrame({ pkt: { eth_type: "odd" } })).toThrow("pkt.eth_type: ");
  });

  it("has its payload in _pkt_data, or in the object", () => {
    const frame = `${"00".repeat(12)}88b5abcd${"00".repeat(44)}`;
    expect(built({ pkt: { eth_type: 0x88b5 }, _pkt_data: "ABCD" })).toBe(frame);
    expect(built({ pkt: { eth_type: 0x88b5, payload: "ab cd" } })).toBe(frame);
  });

  it("may be empty, or a payload alone", () => {
    expect(built({})).toBe("");
    expect(built({ _pkt: [], _pkt_data: null })).toBe("");
    expect(built({ _pkt: [], _pkt_data: "0102" })).toBe("0102");
    expect(
      built({ _pkt: [{ field: "X_PKT_POS", value: 0 }], _pkt_data: "0102", _pkt_more: { frame_length: 2 } }),
    ).toBe("0102");
  });

  it("is 60 bytes long at least, unless another length is given", () => {
    expect(buildFrame({ pkt: { eth_type: 1 } })).toHaveLength(60);
    expect(buildFrame({ pkt: { eth_type: 1, frame_length: 14 } })).toHaveLength(14);
    expect(buildFrame({ pkt: { eth_type: 1, frame_length: 100 } })).toHaveLength(100);
  });

  it("has lengths and checksums that were given, wrong ones too", () => {
    const frame = buildFrame({
      pkt: { ...IP, ipv4_length: 9, ipv4_checksum: 1, udp_src: 1, udp_length: 7, udp_checksum: "0xabcd" },
    });
    expect(Buffer.from(frame).subarray(14, 42).toString("hex")).toBe(
      "450000090000000040110001" + "0a0000010a000002" + "000100000007abcd",
    );
  });

  it("has a checksum of UDP over what its own length covers", () => {
    // The words of addresses (0x1403), protocol, length and header sum to 0x1425.
    const frame = buildFrame({ pkt: { ...IP, udp_src: 1, udp_length: 8, payload: "ffff0102" } });
    expect(Buffer.from(frame).subarray(34, 46).toString("hex")).toBe("000100000008ebda" + "ffff0102");
  });

  it("has 0xffff for a checksum of UDP that would be 0", () => {
    // The words of addresses, protocol, lengths and port sum to 0x1429: 0xebd6 is missing to 0xffff.
    const frame = buildFrame({ pkt: { ...IP, udp_src: 1, payload: "ebd6" } });
    expect(Buffer.from(frame).subarray(40, 42).toString("hex")).toBe("ffff");
  });

  it("has a time to live of 64, and flags of fragments from NX_IP_FRAG", () => {
    expect(lines(readPacket(buildFrame({ pkt: { ...IP, nx_ip_frag: 1 } }))._pkt)).toContain("NX_IP_FRAG 1");
    expect(lines(readPacket(buildFrame({ pkt: IP6 }))._pkt)).toContain("NX_IP_TTL 64");
  });
});

describe("what cannot be used is an error that names its place", () => {
  const FAULTS: readonly (readonly [string, FrameInput, string])[] = [
    [
      "a field of nothing",
      { _pkt: [{ field: "ETH_DTS", value: 1 }] },
      '_pkt[0].value: "ETH_DTS" is not a field of packets (did you mean ETH_DST?)',
    ],
    ["a field of a switch", { pkt: { in_port: 1 } }, 'pkt.in_port: "IN_PORT" is not a field of packets'],
    [
      "a field of another layer",
      { pkt: { eth_type: 0x0806, arp_op: 1, udp_src: 5 } },
      "pkt.udp_src: UDP_SRC has no place in this packet of Ethernet, ARP",
    ],
    [
      "a field of another protocol of IP",
      { pkt: { ...IP, ip_proto: 6, udp_src: 5 } },
      "pkt.udp_src: UDP_SRC has no place in this packet of Ethernet, IPv4",
    ],
    [
      "a field without its header",
      { pkt: { tcp_src: 5 } },
      "pkt.tcp_src: TCP_SRC has no place in this packet of Ethernet",
    ],
    [
      "a port in a later fragment",
      { pkt: { ...IP, ipv4_frag_offset: 1, udp_src: 5 } },
      "pkt.udp_src: UDP_SRC has no place in this packet of Ethernet, IPv4",
    ],
    [
      "a port in a later fragment of IPv6",
      { pkt: { ...IP6, ipv6_ext_headers: ["44 00000800000000"], tcp_dst: 5 } },
      "pkt.tcp_dst: TCP_DST has no place in this packet of Ethernet, IPv6",
    ],
    [
      "a kind of fragment that it is not",
      { pkt: { ...IP, nx_ip_frag: 3 } },
      "pkt.nx_ip_frag: NX_IP_FRAG has no place in this packet of Ethernet, IPv4",
    ],
    [
      "extension headers that it does not have",
      { pkt: { ...IP6, ipv6_exthdr: 1 } },
      "pkt.ipv6_exthdr: IPV6_EXTHDR has no place in this packet of Ethernet, IPv6",
    ],
    [
      "a field given twice",
      { _pkt: { arp_op: 1 }, pkt: { ARP_OP: 2 } },
      "pkt.ARP_OP: ARP_OP is given more often than this packet has it",
    ],
    [
      "SNAP behind a type",
      { pkt: { eth_type: 0x0800, snap_type: 0x0800 } },
      "pkt.snap_type: SNAP_TYPE has no place in this packet of Ethernet",
    ],
    [
      "priorities for one of two tags",
      { pkt: { vlan_vid: [1, 2], vlan_pcp: 3 } },
      "pkt.vlan_pcp: VLAN_PCP is given 1 times, VLAN_VID 2 times: give one for each, or none",
    ],
    [
      "a priority without a tag",
      { pkt: { vlan_pcp: 3 } },
      "pkt.vlan_pcp: VLAN_PCP has no place in this packet of Ethernet",
    ],
    [
      "too large a number",
      { _pkt: [{ field: "IP_DSCP", value: 64 }], pkt: IP },
      "_pkt[0].value: IP_DSCP 64 is not a number of 6 bits",
    ],
    [
      "a number that is none",
      { pkt: { eth_type: "ip" } },
      'pkt.eth_type: ETH_TYPE "ip" is not a number of 16 bits',
    ],
    [
      "half of an address",
      { _pkt: [{ field: "IPV4_SRC", value: "10.0.0" }] },
      '_pkt[0].value: IPV4_SRC "10.0.0" is not an IPv4Address',
    ],
    [
      "a mask",
      { _pkt: [{ field: "IPV4_SRC", value: "1.1.1.1", mask: "255.0.0.0" }] },
      "_pkt[0].mask: a packet has no masked fields",
    ],
    ["another key", { _pkt: [{ field: "IPV4_SRC", val: 1 }] }, "_pkt[0].val: is not a known key"],
    ["no value", { _pkt: [{ field: "IPV4_SRC" }] }, "_pkt[0].value: is missing"],
    ["no name", { _pkt: [{ value: 1 }] }, "_pkt[0].field: is missing"],
    [
      "a name where a field should be",
      { _pkt: ["ARP_OP"] },
      "_pkt[0]: is not an object with field and value",
    ],
    ["a number for a packet", { pkt: 5 }, "pkt: is not a list of fields"],
    ["two payloads", { pkt: { payload: "00" }, _pkt_data: "00" }, "pkt.payload: there is a _pkt_data, too"],
    ["a payload that is no hexadecimal text", { _pkt_data: "0x1" }, "_pkt_data: is not hexadecimal text"],
    ["too long a payload", { _pkt_data: "00".repeat(65_536) }, "_pkt_data: has more than 65535 bytes"],
    [
      "too many options",
      { pkt: { ...IP, ipv4_options: "00".repeat(41) } },
      `pkt.ipv4_options: IPV4_OPTIONS "${"0".repeat(59)}… has more than 40 bytes`,
    ],
    [
      "a flag that IPv4 does not have",
      { pkt: { ...IP, ipv4_flags: ["DF", "XF"] } },
      'pkt.ipv4_flags: IPV4_FLAGS ["DF","XF"] is not a list of RESERVED, DF, MF',
    ],
    [
      "too short a frame",
      { pkt: { arp_op: 1, frame_length: 20 } },
      "pkt.frame_length: FRAME_LENGTH 20 is too short: there are 42 bytes",
    ],
    [
      "an address that the options do not have",
      {
        pkt: {
          ...IP6,
          icmpv6_type: 135,
          ipv6_nd_sll: "02:00:00:00:00:01",
          ipv6_nd_options: "0101020000000002",
        },
      },
      "pkt.ipv6_nd_sll: IPV6_ND_SLL is not the address in IPV6_ND_OPTIONS",
    ],
    [
      "a target where nobody asks for one",
      { pkt: { ...IP6, icmpv6_type: 128, ipv6_nd_target: "::1" } },
      "pkt.ipv6_nd_target: IPV6_ND_TARGET has no place in this packet of Ethernet, IPv6, ICMPv6",
    ],
  ];

  it.each(FAULTS)("%s", (_name, input, message) => {
    expect(() => buildFrame(input)).toThrow(EncodeError);
    expect(() => buildFrame(input)).toThrow(
      new RegExp(`^${message.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`),
    );
  });

  it.each([
    ["of another number", ["6 00000000000000"], 0],
    ["shorter than they say", ["60 00000000000000", "43 01000000000000"], 1],
    ["longer than they say", ["0 00000000000000000000000000000000"], 0],
    ["behind a later fragment", ["44 00000800000000", "60 00000000000000"], 1],
    ["more than sixteen", Array.from({ length: 17 }, () => "60 00000000000000"), 16],
    ["of no form", ["60 00000000000000", "hop"], 1],
  ])("extension headers %s", (_name, headers, i) => {
    const place = `pkt.ipv6_ext_headers[${i}]: "${headers[i]}" `;
    expect(() => buildFrame({ pkt: { ...IP6, ipv6_ext_headers: headers } })).toThrow(place);
  });

  it("a frame longer than any message", () => {
    expect(() => buildFrame({ pkt: IP, _pkt_data: "00".repeat(65_530) })).toThrow(EncodeError);
  });
});
