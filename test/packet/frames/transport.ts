/** Frames of TCP, UDP and SCTP. */
import { GIVEN_HOSTS, GIVEN_HOSTS6, type Golden, HOSTS, HOSTS6, hex, MACS } from "./golden.js";

const ETHERNET = "02 00 00 00 00 02  02 00 00 00 00 01";
const ADDRESSES6 = `fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 01
  fe 80 00 00 00 00 00 00 00 00 00 00 00 00 00 02`;

export const TRANSPORT_FRAMES: readonly Golden[] = [
  {
    name: "a SYN with an option and data",
    frame: hex(`${ETHERNET} 08 00
      45 00 00 2e  12 34 40 00  40 06 14 94  0a 00 00 01  0a 00 00 02
      9c 40 00 50  11 22 33 44  00 00 00 00  60 02 ff ff  3a c2 00 00
      02 04 05 b4             # segments of 1460 bytes at most
      68 69`),
    fields: [
      ...[...MACS, "ETH_TYPE 2048", "IP_PROTO 6", ...HOSTS, "NX_IP_TTL 64"],
      ...["TCP_SRC 40000", "TCP_DST 80", "NX_TCP_FLAGS 2", "X_PKT_POS 58"],
    ],
    more: [
      ...["IPV4_ID 4660", "IPV4_FLAGS DF", "TCP_SEQ 287454020", "TCP_WINDOW 65535"],
      "TCP_OPTIONS 020405B4",
    ],
    given: {
      ...{ ...GIVEN_HOSTS, ipv4_id: 0x1234, ipv4_flags: ["DF"], tcp_src: 40000, tcp_dst: 80, tcp_flags: 2 },
      ...{ tcp_seq: 0x11223344, tcp_window: 0xffff, tcp_options: "020405b4", payload: "6869" },
    },
  },
  {
    name: "TCP over IPv6",
    frame: hex(`${ETHERNET} 86 dd
      60 00 00 00  00 16 06 40  ${ADDRESSES6}
      9c 40 00 50  00 00 00 00  00 00 00 00  50 12 00 00  ad d2 00 00  68 69`),
    fields: [
      ...[...MACS, "ETH_TYPE 34525", "NX_IP_TTL 64", "IP_PROTO 6", ...HOSTS6],
      ...["TCP_SRC 40000", "TCP_DST 80", "NX_TCP_FLAGS 18", "X_PKT_POS 74"],
    ],
    given: { ...GIVEN_HOSTS6, tcp_src: 40000, tcp_dst: 80, nx_tcp_flags: 0x12, payload: "6869" },
  },
  {
    name: "UDP",
    frame: hex(`${ETHERNET} 08 00
      45 00 00 2e  00 00 00 00  40 11 66 bd  0a 00 00 01  0a 00 00 02
      04 d2 10 e1  00 1a 8d b3  00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11`),
    fields: [
      ...[...MACS, "ETH_TYPE 2048", "IP_PROTO 17", ...HOSTS, "NX_IP_TTL 64"],
      ...["UDP_SRC 1234", "UDP_DST 4321", "X_PKT_POS 42"],
    ],
    given: {
      ...{ ...GIVEN_HOSTS, udp_src: 1234, udp_dst: 4321 },
      payload: "000102030405060708090a0b0c0d0e0f1011",
    },
  },
  {
    name: "UDP over IPv6 with traffic class and flow label",
    frame: hex(`${ETHERNET} 86 dd
      62 e1 23 45  00 0b 11 ff  ${ADDRESSES6}
      06 0a 06 0b  00 0b 32 5c  61 62 63`),
    fields: [
      ...[...MACS, "ETH_TYPE 34525", "IP_DSCP 11", "IP_ECN 2", "NX_IP_TTL 255", "IP_PROTO 17", ...HOSTS6],
      ...["IPV6_FLABEL 74565", "UDP_SRC 1546", "UDP_DST 1547", "X_PKT_POS 62"],
    ],
    given: {
      ...{ ...GIVEN_HOSTS6, ip_dscp: 11, ip_ecn: 2, nx_ip_ttl: 255, ipv6_flabel: 0x12345 },
      ...{ udp_src: 1546, udp_dst: 1547, payload: "616263" },
    },
  },
  {
    name: "SCTP with a chunk",
    frame: hex(`${ETHERNET} 08 00
      45 00 00 24  00 00 00 00  40 84 66 54  0a 00 00 01  0a 00 00 02
      0b b9 0b ba  01 02 03 04  a5 63 c0 6d  0b 00 00 04`),
    fields: [
      ...[...MACS, "ETH_TYPE 2048", "IP_PROTO 132", ...HOSTS, "NX_IP_TTL 64"],
      ...["SCTP_SRC 3001", "SCTP_DST 3002", "X_PKT_POS 46"],
    ],
    more: ["SCTP_VTAG 16909060", "FRAME_LENGTH 50"],
    given: { ...GIVEN_HOSTS, sctp_src: 3001, sctp_dst: 3002, sctp_vtag: 0x01020304, payload: "0b000004" },
  },
];
