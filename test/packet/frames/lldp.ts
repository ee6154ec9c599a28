/** Frames of LLDP. */
import { type Golden, hex } from "./golden.js";

const MACS = ["ETH_DST 01:80:c2:00:00:0e", "ETH_SRC 02:00:00:00:00:01", "ETH_TYPE 35020"];
const GIVEN_MACS = { eth_dst: "01:80:c2:00:00:0e", eth_src: "02:00:00:00:00:01" };

export const LLDP_FRAMES: readonly Golden[] = [
  {
    name: "LLDP with each element",
    frame: hex(`01 80 c2 00 00 0e  02 00 00 00 00 01  88 cc
      02 07 04  02 00 00 00 00 01          # chassis: a MAC address
      04 05 05  65 74 68 31                # port: the name of an interface
      06 02 00 78
      08 06 75 70 6c 69 6e 6b              # port description
      0a 02 73 31                          # system name
      0c 03 61 ff 62                       # system description, not UTF-8
      0e 04 00 14 00 04                    # bridge and router, of which bridge is enabled
      10 0c 05 01 0a 00 00 01 02 00 00 00 03 00
      fe 06 00 26 e1 01 ab cd              # an organisation
      12 03 01 02 03                       # type 9 is reserved
      00 00`),
    fields: [
      ...MACS,
      "X_LLDP_CHASSIS_ID mac 02:00:00:00:00:01",
      "X_LLDP_PORT_ID ifname eth1",
      "X_LLDP_TTL 120",
      "X_LLDP_PORT_DESCR uplink",
      "X_LLDP_SYS_NAME s1",
      "X_LLDP_SYS_DESCR a\udcffb",
      "X_LLDP_CAPABILITIES BRIDGE+ROUTER enabled BRIDGE",
      "X_LLDP_MGMT_ADDR ip 10.0.0.1 ifindex 3",
      "X_LLDP_ORG_SPECIFIC 0x26e1 0x1 ABCD",
      "X_LLDP_TLV 9 010203",
    ],
    given: {
      ...GIVEN_MACS,
      x_lldp_port_id: "ifname eth1",
      x_lldp_port_descr: "uplink",
      x_lldp_sys_name: "s1",
      x_lldp_sys_descr: "a\udcffb",
      x_lldp_capabilities: "ROUTER+BRIDGE enabled 0x4",
      x_lldp_mgmt_addr: "ip 10.0.0.1 ifindex 3",
      x_lldp_org_specific: "0x26E1 1 abcd",
      x_lldp_tlv: "9 010203",
      x_lldp_chassis_id: "mac 02:00:00:00:00:01",
    },
  },
  {
    name: "LLDP with other kinds of values",
    frame: hex(`01 80 c2 00 00 0e  02 00 00 00 00 01  88 cc
      02 06 05 01 0a 00 00 01              # chassis: an IPv4 address
      04 05 07 6c 6f 63 31                 # port: locally assigned
      06 02 00 00
      10 0e 07 06 02 00 00 00 00 01 03 00 00 00 07 00
      fe 04 00 26 e1 03
      fe 05 00 26 e1 01 00
      00 00`),
    fields: [
      ...MACS,
      "X_LLDP_CHASSIS_ID ip 10.0.0.1",
      "X_LLDP_PORT_ID loc1",
      "X_LLDP_TTL 0",
      "X_LLDP_MGMT_ADDR mac 02:00:00:00:00:01 port 7",
      "X_LLDP_ORG_SPECIFIC 0x26e1 0x3 ",
      "X_LLDP_ORG_SPECIFIC 0x26e1 0x1 00",
    ],
    given: {
      ...GIVEN_MACS,
      x_lldp_chassis_id: "ip 10.0.0.1",
      x_lldp_port_id: "loc1",
      x_lldp_ttl: "0",
      x_lldp_mgmt_addr: "mac 02:00:00:00:00:01 port 7",
      x_lldp_org_specific: ["0x26e1 3", "9953 0x1 00"],
    },
  },
];
