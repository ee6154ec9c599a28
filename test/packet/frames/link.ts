/** Frames of the layers below IP. */
import { GIVEN_HOSTS, GIVEN_MACS, type Golden, HOSTS, hex, MACS } from "./golden.js";

const ARP = `00 01 08 00 06 04 00 02   # Ethernet, IPv4, reply
  02 00 00 00 00 01  0a 00 00 01
  02 00 00 00 00 02  0a 00 00 02`;
const ARP_FIELDS = [
  "ARP_OP 2",
  "ARP_SPA 10.0.0.1",
  "ARP_TPA 10.0.0.2",
  "ARP_SHA 02:00:00:00:00:01",
  "ARP_THA 02:00:00:00:00:02",
];
const GIVEN_ARP = {
  ...GIVEN_MACS,
  arp_op: 2,
  arp_spa: "10.0.0.1",
  arp_tpa: "10.0.0.2",
  arp_sha: "02:00:00:00:00:01",
  arp_tha: "02:00:00:00:00:02",
};

export const LINK_FRAMES: readonly Golden[] = [
  {
    name: "an ARP reply",
    frame: hex(`02 00 00 00 00 02  02 00 00 00 00 01  08 06 ${ARP}
      00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00`),
    fields: [...MACS, "ETH_TYPE 2054", ...ARP_FIELDS],
    given: GIVEN_ARP,
  },
  {
    name: "ARP in a tagged frame of priority 0",
    frame: hex(`02 00 00 00 00 02  02 00 00 00 00 01  81 00 00 64  08 06 ${ARP}
      00 00 00 00 00 00 00 00 00 00 00 00 00 00`),
    fields: [...MACS, "VLAN_VID 4196", "ETH_TYPE 2054", ...ARP_FIELDS],
    given: { ...GIVEN_ARP, vlan_vid: 100 },
  },
  {
    name: "ARP behind two tags",
    frame: hex(`02 00 00 00 00 02  02 00 00 00 00 01
      88 a8 00 64             # 100
      81 00 70 c8             # 200, priority 3, drop eligible
      08 06 ${ARP}
      00 00 00 00 00 00 00 00 00 00`),
    fields: [
      ...MACS,
      ...["VLAN_VID 4196", "VLAN_PCP 0", "VLAN_VID 4296", "VLAN_PCP 3"],
      ...["ETH_TYPE 2054", ...ARP_FIELDS],
    ],
    more: ["VLAN_TPID 34984", "VLAN_TPID 33024", "VLAN_DEI 0", "VLAN_DEI 1"],
    given: {
      ...GIVEN_ARP,
      ...{ vlan_vid: [100, 200], vlan_pcp: [0, 3], vlan_dei: [0, 1], vlan_tpid: [0x88a8, "0x8100"] },
    },
  },
  {
    name: "SNAP with an echo reply",
    frame: hex(`02 00 00 00 00 02  02 00 00 00 00 01  00 24
      aa aa 03  00 00 00  08 00
      45 00 00 1c  00 00 00 00  40 01 66 df  0a 00 00 01  0a 00 00 02
      00 00 ff fc  00 01 00 02`),
    fields: [
      ...[...MACS, "ETH_TYPE 36", "IP_PROTO 1", ...HOSTS, "NX_IP_TTL 64"],
      ...["ICMPV4_TYPE 0", "ICMPV4_CODE 0", "X_PKT_POS 46"],
    ],
    more: ["SNAP_TYPE 2048", "FRAME_LENGTH 50"],
    given: { ...GIVEN_HOSTS, snap_type: 0x800, icmpv4_type: 0, payload: "00010002" },
  },
  {
    name: "802.2 without SNAP, a spanning tree's",
    frame: hex(`01 80 c2 00 00 00  02 00 00 00 00 01  00 26  42 42 03
      00 00 00 00 00  80 00 02 00 00 00 00 01  00 00 00 00  80 00 02 00 00 00 00 01
      80 01  00 00  14 00  02 00  0f 00  00 00 00 00 00 00 00 00`),
    fields: ["ETH_DST 01:80:c2:00:00:00", "ETH_SRC 02:00:00:00:00:01", "ETH_TYPE 38", "X_PKT_POS 14"],
    given: {
      eth_dst: "01:80:c2:00:00:00",
      eth_src: "02:00:00:00:00:01",
      eth_type: 38,
      payload: "42420300000000008000020000000001000000008000020000000001800100001400 02000f00",
    },
  },
  {
    name: "UDP behind two MPLS labels",
    frame: hex(`02 00 00 00 00 02  02 00 00 00 00 01  88 47
      00 06 46 40             # label 100, class 3, more below, TTL 64
      00 0c 8b ff             # label 200, class 5, the bottom, TTL 255
      45 00 00 20  00 00 00 00  40 11 66 cb  0a 00 00 01  0a 00 00 02
      04 d2 10 e1  00 0c 11 5a  61 62 63 64`),
    fields: [
      ...[...MACS, "ETH_TYPE 34887"],
      ...["MPLS_LABEL 100", "MPLS_TC 3", "MPLS_BOS 0", "NX_MPLS_TTL 64"],
      ...["MPLS_LABEL 200", "MPLS_TC 5", "MPLS_BOS 1", "NX_MPLS_TTL 255"],
      ...["IP_PROTO 17", ...HOSTS, "NX_IP_TTL 64", "UDP_SRC 1234", "UDP_DST 4321", "X_PKT_POS 50"],
    ],
    more: ["FRAME_LENGTH 54"],
    given: {
      ...{ ...GIVEN_HOSTS, mpls_label: [100, 200], mpls_tc: [3, 5], nx_mpls_ttl: [64, 255] },
      ...{ udp_src: 1234, udp_dst: 4321, payload: "61626364" },
    },
  },
  {
    name: "a customer's frame in a provider's backbone",
    frame: hex(`02 00 00 00 00 02  02 00 00 00 00 01  88 e7
      68 00 27 10             # priority 3, customer addresses are used, service 10000
      02 00 00 00 00 04  02 00 00 00 00 03  90 00  00 01
      00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00`),
    fields: [...MACS, "ETH_TYPE 35047", "PBB_ISID 10000", "PBB_UCA 1", "X_PKT_POS 18"],
    more: ["PBB_PCP 3"],
    given: {
      ...{ ...GIVEN_MACS, pbb_isid: 10000, pbb_uca: 1, pbb_pcp: 3 },
      payload: "0200000000040200000000039000 0001",
    },
  },
  {
    name: "a type that nobody knows",
    frame: hex("02 00 00 00 00 02  02 00 00 00 00 01  88 b5  de ad"),
    fields: [...MACS, "ETH_TYPE 34997", "X_PKT_POS 14"],
    more: ["FRAME_LENGTH 16"],
    given: { ...GIVEN_MACS, eth_type: 0x88b5, payload: "dead" },
  },
];
