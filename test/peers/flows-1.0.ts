/** Flows of OpenFlow 1.0 (1.0.0 §5.2.3, §5.2.4), and what Open vSwitch says of them. */
import { apply, type FlowCase, match, output, set } from "./flow-case.js";

/** Matches; the first has all twelve fields. */
export const matches: readonly FlowCase[] = [
  {
    // Without a wildcard the priority does not count (1.0.0 §3.4): Open vSwitch makes it the highest.
    name: "all twelve fields of a TCP packet",
    flow: {
      priority: 65535,
      match: match({
        IN_PORT: 1,
        ETH_SRC: "02:00:00:00:00:01",
        ETH_DST: "02:00:00:00:00:02",
        VLAN_VID: 0x1064,
        VLAN_PCP: 5,
        ETH_TYPE: 0x0800,
        IP_DSCP: 46,
        IP_PROTO: 6,
        IPV4_SRC: "10.0.0.1",
        IPV4_DST: "10.0.0.2",
        TCP_SRC: 1234,
        TCP_DST: 80,
      }),
    },
    text: "priority=65535,tcp,in_port=1,dl_vlan=100,dl_vlan_pcp=5,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02,nw_src=10.0.0.1,nw_dst=10.0.0.2,nw_tos=184,tp_src=1234,tp_dst=80 actions=drop",
  },
  {
    name: "networks of UDP packets without a VLAN tag",
    flow: {
      match: match({
        VLAN_VID: 0,
        ETH_TYPE: 0x0800,
        IP_PROTO: 17,
        IPV4_SRC: ["10.0.0.0", "255.0.0.0"],
        IPV4_DST: ["10.1.128.0", "255.255.128.0"],
        UDP_DST: 53,
      }),
    },
    // Open vSwitch matches the whole tag where there is none.
    read: {
      match: match({
        VLAN_VID: 0,
        VLAN_PCP: 0,
        ETH_TYPE: 0x0800,
        IP_PROTO: 17,
        IPV4_SRC: ["10.0.0.0", "255.0.0.0"],
        IPV4_DST: ["10.1.128.0", "255.255.128.0"],
        UDP_DST: 53,
      }),
    },
    text: "priority=0,udp,vlan_tci=0x0000,nw_src=10.0.0.0/8,nw_dst=10.1.128.0/17,tp_dst=53 actions=drop",
  },
  {
    name: "an ICMP type and code",
    flow: { match: match({ ETH_TYPE: 0x0800, IP_PROTO: 1, ICMPV4_TYPE: 3, ICMPV4_CODE: 1 }) },
    text: "priority=0,icmp,icmp_type=3,icmp_code=1 actions=drop",
  },
  {
    name: "an ARP request",
    flow: {
      match: match({
        ETH_TYPE: 0x0806,
        ARP_OP: 1,
        ARP_SPA: "10.0.0.1",
        ARP_TPA: ["10.0.0.0", "255.255.255.0"],
      }),
    },
    text: "priority=0,arp,arp_spa=10.0.0.1,arp_tpa=10.0.0.0/24,arp_op=1 actions=drop",
  },
  {
    name: "the switch's own port",
    flow: { match: match({ IN_PORT: "LOCAL" }) },
    text: "priority=0,in_port=LOCAL actions=drop",
  },
  {
    name: "everything",
    flow: { priority: 65535, cookie: 81985529216486895n, idle_timeout: 60, hard_timeout: 300, match: [] },
    text: "cookie=0x123456789abcdef, idle_timeout=60, hard_timeout=300, priority=65535 actions=drop",
  },
];

/** Actions. */
export const actions: readonly FlowCase[] = [
  {
    name: "fields of Ethernet, IP and TCP are set, then the packet leaves",
    flow: {
      match: match({ ETH_TYPE: 0x0800, IP_PROTO: 6 }),
      instructions: apply(
        ...set({
          VLAN_VID: 5,
          VLAN_PCP: 3,
          ETH_SRC: "02:00:00:00:00:03",
          ETH_DST: "02:00:00:00:00:04",
          IPV4_SRC: "10.0.0.3",
          IPV4_DST: "10.0.0.4",
          IP_DSCP: 10,
          TCP_SRC: 1,
          TCP_DST: 65535,
        }),
        output(2),
      ),
    },
    text: "priority=0,tcp actions=mod_vlan_vid:5,mod_vlan_pcp:3,mod_dl_src:02:00:00:00:00:03,mod_dl_dst:02:00:00:00:00:04,mod_nw_src:10.0.0.3,mod_nw_dst:10.0.0.4,mod_nw_tos:40,mod_tp_src:1,mod_tp_dst:65535,output:2",
  },
  {
    name: "a tag is stripped and the packet flooded",
    flow: { instructions: apply({ action: "POP_VLAN" }, output("FLOOD")) },
    text: "priority=0 actions=strip_vlan,FLOOD",
  },
  {
    name: "every reserved port",
    flow: {
      instructions: apply(
        output("IN_PORT"),
        output("NORMAL"),
        output("ALL"),
        { action: "OUTPUT", port_no: "CONTROLLER", max_len: 128 },
        output("LOCAL"),
      ),
    },
    text: "priority=0 actions=IN_PORT,NORMAL,ALL,CONTROLLER:128,LOCAL",
  },
  {
    name: "a queue",
    flow: { instructions: apply({ action: "ENQUEUE", port_no: 3, queue_id: 7 }) },
    text: "priority=0 actions=enqueue:3:7",
  },
  {
    name: "registers and resubmission, actions of Open vSwitch",
    flow: {
      instructions: apply(
        { action: "NX_REG_LOAD", dst: "NX_REG0[0:16]", value: 0x1234 },
        { action: "NX_REG_MOVE", src: "NX_REG0[0:32]", dst: "NX_REG1[0:32]" },
        { action: "NX_RESUBMIT_TABLE", in_port: "IN_PORT", table_id: 5 },
      ),
    },
    text: "priority=0 actions=load:0x1234->NXM_NX_REG0[0..15],move:NXM_NX_REG0[]->NXM_NX_REG1[],resubmit(,5)",
  },
];
