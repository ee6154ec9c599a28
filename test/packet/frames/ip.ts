/** Frames of IP, fragments and extension headers among them, and of ICMP. */
import { GIVEN_HOSTS, GIVEN_HOSTS6, type Golden, HOSTS, HOSTS6, hex, MACS } from "./golden.js";

const ETHERNET = "02 00 00 00 00 02  02 00 00 00 00 01";
/** fe80::1, fe80::2, 2001:db8::9 and ff02::1:ff00:2. */
const A = "fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 01";
const B = "fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 02";
const FINAL = "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 09";
const GROUP = "ff 02 00 00 00 00 00 00 00 00 00 01 ff 00 00 02";

export const IP_FRAMES: readonly Golden[] = [
  {
    name: "IPv4 with an option",
    frame: hex(`${ETHERNET} 08 00
      46 00 00 24  00 00 00 00  40 11 d1 c2  0a 00 00 01  0a 00 00 02
      94 04 00 00             # router alert
      04 d2 10 e1  00 0c 11 5a  61 62 63 64`),
    fields: [
      ...[...MACS, "ETH_TYPE 2048", "IP_PROTO 17", ...HOSTS, "NX_IP_TTL 64"],
      ...["UDP_SRC 1234", "UDP_DST 4321", "X_PKT_POS 46"],
    ],
    more: ["IPV4_OPTIONS 94040000", "FRAME_LENGTH 50"],
    given: { ...GIVEN_HOSTS, ipv4_options: "94040000", udp_src: 1234, udp_dst: 4321, payload: "61626364" },
  },
  {
    name: "the first fragment of a datagram",
    frame: hex(`${ETHERNET} 08 00
      45 00 00 24  00 07 20 00  40 11 46 c0  0a 00 00 01  0a 00 00 02
      04 d2 10 e1  00 10 00 00  61 61 61 61 61 61 61 61`),
    fields: [
      ...[...MACS, "ETH_TYPE 2048", "IP_PROTO 17", ...HOSTS, "NX_IP_FRAG 1", "NX_IP_TTL 64"],
      ...["UDP_SRC 1234", "UDP_DST 4321", "X_PKT_POS 42"],
    ],
    more: ["IPV4_ID 7", "IPV4_FLAGS MF", "UDP_CHECKSUM 0", "FRAME_LENGTH 50"],
    given: {
      ...{ ...GIVEN_HOSTS, nx_ip_frag: 1, ipv4_id: 7, udp_src: 1234, udp_dst: 4321 },
      ...{ udp_checksum: 0, payload: "6161616161616161" },
    },
  },
  {
    name: "the last fragment of a datagram",
    frame: hex(`${ETHERNET} 08 00
      45 00 00 1c  00 07 00 02  40 11 66 c6  0a 00 00 01  0a 00 00 02
      62 62 62 62 62 62 62 62`),
    fields: [
      ...[...MACS, "ETH_TYPE 2048", "IP_PROTO 17", ...HOSTS],
      ...["NX_IP_FRAG 3", "NX_IP_TTL 64", "X_PKT_POS 34"],
    ],
    more: ["IPV4_ID 7", "IPV4_FRAG_OFFSET 2", "FRAME_LENGTH 42"],
    given: { ...GIVEN_HOSTS, ip_proto: 17, ipv4_id: 7, ipv4_frag_offset: 2, payload: "6262626262626262" },
  },
  {
    name: "an echo request",
    frame: hex(`${ETHERNET} 08 00
      45 00 00 26  00 00 00 00  40 01 66 d5  0a 00 00 01  0a 00 00 02
      08 00 fc fc  00 01 00 02  61 62 63 64 65 66 67 68 69 6a`),
    fields: [
      ...[...MACS, "ETH_TYPE 2048", "IP_PROTO 1", ...HOSTS, "NX_IP_TTL 64"],
      ...["ICMPV4_TYPE 8", "ICMPV4_CODE 0", "X_PKT_POS 38"],
    ],
    more: ["FRAME_LENGTH 52"],
    given: { ...GIVEN_HOSTS, icmpv4_type: 8, payload: "000100026162636465666768696a" },
  },
  {
    name: "an echo request of IPv6",
    frame: hex(`${ETHERNET} 86 dd
      60 00 00 00  00 0a 3a 40  ${A}  ${B}
      80 00 21 51  00 01 00 02  61 62`),
    fields: [
      ...[...MACS, "ETH_TYPE 34525", "NX_IP_TTL 64", "IP_PROTO 58", ...HOSTS6],
      ...["ICMPV6_TYPE 128", "ICMPV6_CODE 0", "X_PKT_POS 58"],
    ],
    given: { ...GIVEN_HOSTS6, icmpv6_type: 128, payload: "000100026162" },
  },
  {
    name: "a neighbour solicitation",
    frame: hex(`33 33 ff 00 00 02  02 00 00 00 00 01  86 dd
      60 00 00 00  00 20 3a ff  ${A}  ${GROUP}
      87 00 7a 97  00 00 00 00  ${B}
      01 01 02 00 00 00 00 01`),
    fields: [
      ...["ETH_DST 33:33:ff:00:00:02", "ETH_SRC 02:00:00:00:00:01", "ETH_TYPE 34525", "NX_IP_TTL 255"],
      ...["IP_PROTO 58", "IPV6_SRC fe80::1", "IPV6_DST ff02::1:ff00:2", "ICMPV6_TYPE 135", "ICMPV6_CODE 0"],
      ...["IPV6_ND_TARGET fe80::2", "IPV6_ND_SLL 02:00:00:00:00:01"],
    ],
    given: {
      ...{ eth_dst: "33:33:ff:00:00:02", eth_src: "02:00:00:00:00:01", nx_ip_ttl: 255 },
      ...{ ipv6_src: "fe80::1", ipv6_dst: "ff02::1:ff00:2", icmpv6_type: 135 },
      ...{ ipv6_nd_target: "fe80::2", ipv6_nd_sll: "02:00:00:00:00:01" },
    },
  },
  {
    name: "a neighbour solicitation with a nonce",
    frame: hex(`33 33 ff 00 00 02  02 00 00 00 00 01  86 dd
      60 00 00 00  00 28 3a ff  ${A}  ${GROUP}
      87 00 81 a0  00 00 00 00  ${B}
      0e 01 a1 a2 a3 a4 a5 a6  01 01 02 00 00 00 00 01`),
    fields: [
      ...["ETH_DST 33:33:ff:00:00:02", "ETH_SRC 02:00:00:00:00:01", "ETH_TYPE 34525", "NX_IP_TTL 255"],
      ...["IP_PROTO 58", "IPV6_SRC fe80::1", "IPV6_DST ff02::1:ff00:2", "ICMPV6_TYPE 135", "ICMPV6_CODE 0"],
      ...["IPV6_ND_TARGET fe80::2", "IPV6_ND_SLL 02:00:00:00:00:01"],
    ],
    more: ["IPV6_ND_OPTIONS 0E01A1A2A3A4A5A60101020000000001"],
    given: {
      ...{ eth_dst: "33:33:ff:00:00:02", eth_src: "02:00:00:00:00:01", nx_ip_ttl: 255 },
      ...{ ipv6_src: "fe80::1", ipv6_dst: "ff02::1:ff00:2", icmpv6_type: 135, ipv6_nd_target: "fe80::2" },
      ipv6_nd_options: "0e01a1a2a3a4a5a6 0101020000000001",
    },
  },
  {
    name: "a neighbour advertisement",
    frame: hex(`02 00 00 00 00 01  02 00 00 00 00 02  86 dd
      60 00 00 00  00 20 3a ff  ${B}  ${A}
      88 00 18 1a  60 00 00 00  ${B}           # solicited, override
      02 01 02 00 00 00 00 02`),
    fields: [
      ...["ETH_DST 02:00:00:00:00:01", "ETH_SRC 02:00:00:00:00:02", "ETH_TYPE 34525", "NX_IP_TTL 255"],
      ...["IP_PROTO 58", "IPV6_SRC fe80::2", "IPV6_DST fe80::1", "ICMPV6_TYPE 136", "ICMPV6_CODE 0"],
      ...["X_IPV6_ND_RES 1610612736", "IPV6_ND_TARGET fe80::2", "IPV6_ND_TLL 02:00:00:00:00:02"],
    ],
    given: {
      ...{ eth_dst: "02:00:00:00:00:01", eth_src: "02:00:00:00:00:02", nx_ip_ttl: 255 },
      ...{ ipv6_src: "fe80::2", ipv6_dst: "fe80::1", icmpv6_type: 136, x_ipv6_nd_res: "0x60000000" },
      ...{ ipv6_nd_target: "fe80::2", ipv6_nd_tll: "02:00:00:00:00:02" },
    },
  },
  {
    name: "IPv6 with three extension headers",
    frame: hex(`${ETHERNET} 86 dd
      60 00 00 00  00 23 00 40  ${A}  ${B}
      2b 00 05 02 00 00 01 00      # hop by hop: router alert
      2c 00 00 00 00 00 00 00      # routing
      11 00 00 01 00 00 00 2a      # first fragment
      06 0a 06 0b  00 0b 32 5c  61 62 63`),
    fields: [
      ...[...MACS, "ETH_TYPE 34525", "NX_IP_TTL 64", "IP_PROTO 17", ...HOSTS6],
      ...["UDP_SRC 1546", "UDP_DST 1547", "IPV6_EXTHDR 112", "X_PKT_POS 86"],
    ],
    more: ["IPV6_EXT_HEADERS 0 00050200000100,43 00000000000000,44 0000010000002A"],
    given: {
      ...{ ...GIVEN_HOSTS6, udp_src: 1546, udp_dst: 1547, payload: "616263" },
      ipv6_ext_headers: ["0 00050200000100", "43 00000000000000", "44 0000010000002a"],
    },
  },
  {
    name: "IPv6 that goes by another segment",
    frame: hex(`${ETHERNET} 86 dd
      60 00 00 00  00 23 2b 40  ${A}  ${B}
      11 02 04 01   00 00 00 00  ${FINAL}
      06 0a 06 0b  00 0b 03 1d  61 62 63`), // the checksum covers the last address
    fields: [
      ...[...MACS, "ETH_TYPE 34525", "NX_IP_TTL 64", "IP_PROTO 17", ...HOSTS6],
      ...["UDP_SRC 1546", "UDP_DST 1547", "IPV6_EXTHDR 32", "X_PKT_POS 86"],
    ],
    more: ["IPV6_EXT_HEADERS 43 0204010000000020010DB8000000000000000000000009"],
    given: {
      ...{ ...GIVEN_HOSTS6, udp_src: 1546, udp_dst: 1547, payload: "616263" },
      ipv6_ext_headers: ["43 0204010000000020010db8000000000000000000000009"],
    },
  },
  {
    name: "IPv6 that goes by another router",
    frame: hex(`${ETHERNET} 86 dd
      60 00 00 00  00 23 2b 40  ${A}  ${B}
      11 02 00 01   00 00 00 00  ${FINAL}
      06 0a 06 0b  00 0b 03 1d  61 62 63`), // the checksum covers the last address
    fields: [
      ...[...MACS, "ETH_TYPE 34525", "NX_IP_TTL 64", "IP_PROTO 17", ...HOSTS6],
      ...["UDP_SRC 1546", "UDP_DST 1547", "IPV6_EXTHDR 32", "X_PKT_POS 86"],
    ],
    more: ["IPV6_EXT_HEADERS 43 0200010000000020010DB8000000000000000000000009"],
    given: {
      ...{ ...GIVEN_HOSTS6, udp_src: 1546, udp_dst: 1547, payload: "616263" },
      ipv6_ext_headers: ["43 0200010000000020010db8000000000000000000000009"],
    },
  },
  {
    name: "a later fragment of IPv6",
    frame: hex(`${ETHERNET} 86 dd
      60 00 00 00  00 10 2c 40  ${A}  ${B}
      11 00 00 10 00 00 00 2a
      31 32 33 34 35 36 37 38`),
    fields: [
      ...[...MACS, "ETH_TYPE 34525", "NX_IP_TTL 64", "IP_PROTO 17", ...HOSTS6],
      ...["IPV6_EXTHDR 16", "X_PKT_POS 62"],
    ],
    more: ["IPV6_EXT_HEADERS 44 0000100000002A"],
    given: {
      ...{ ...GIVEN_HOSTS6, ip_proto: 17, payload: "3132333435363738" },
      ipv6_ext_headers: ["44 0000100000002A"],
    },
  },
];
