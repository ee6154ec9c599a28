/**
 * Flows of OpenFlow 1.0 and 1.1 (1.0.0 §5.2.3, §5.2.4; 1.1.0 §A.2.3, §A.2.5), and what Open vSwitch says of them. Over 1.1 it
 * describes matches with fields of its own, NX_ETH_TYPE for ETH_TYPE.
 */
import { apply, type FlowCase, match, output, set } from "./flow-case.js";

const SET_1_1 = {
  VLAN_PCP: 3,
  ETH_SRC: "02:00:00:00:00:03",
  ETH_DST: "02:00:00:00:00:04",
  IPV4_SRC: "10.0.0.3",
  IPV4_DST: "10.0.0.4",
  IP_DSCP: 10,
  IP_ECN: 1,
  TCP_SRC: 1,
  TCP_DST: 65535,
};

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
    in: {
      2: {
        read: {
          match: match({
            IN_PORT: 1,
            NX_ETH_SRC: "02:00:00:00:00:01",
            NX_ETH_DST: "02:00:00:00:00:02",
            VLAN_VID: 0x1064,
            VLAN_PCP: 5,
            NX_ETH_TYPE: 0x0800,
            IP_DSCP: 46,
            NX_IP_PROTO: 6,
            NX_IP_SRC: "10.0.0.1",
            NX_IP_DST: "10.0.0.2",
            NX_TCP_SRC: 1234,
            NX_TCP_DST: 80,
          }),
        },
      },
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
    in: {
      2: {
        read: {
          match: match({
            VLAN_VID: 0,
            NX_ETH_TYPE: 0x0800,
            NX_IP_PROTO: 17,
            NX_IP_SRC: ["10.0.0.0", "255.0.0.0"],
            NX_IP_DST: ["10.1.128.0", "255.255.128.0"],
            NX_UDP_DST: 53,
          }),
        },
        text: "priority=0,udp,vlan_tci=0x0000/0x1fff,nw_src=10.0.0.0/8,nw_dst=10.1.128.0/17,tp_dst=53 actions=drop",
      },
    },
    text: "priority=0,udp,vlan_tci=0x0000,nw_src=10.0.0.0/8,nw_dst=10.1.128.0/17,tp_dst=53 actions=drop",
  },
  {
    name: "an ICMP type and code",
    flow: { match: match({ ETH_TYPE: 0x0800, IP_PROTO: 1, ICMPV4_TYPE: 3, ICMPV4_CODE: 1 }) },
    in: {
      2: {
        read: { match: match({ NX_ETH_TYPE: 0x0800, NX_IP_PROTO: 1, NX_ICMP_TYPE: 3, NX_ICMP_CODE: 1 }) },
      },
    },
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
    in: {
      2: {
        read: {
          match: match({
            NX_ETH_TYPE: 0x0806,
            NX_ARP_OP: 1,
            NX_ARP_SPA: "10.0.0.1",
            NX_ARP_TPA: ["10.0.0.0", "255.255.255.0"],
          }),
        },
      },
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
  {
    name: "metadata, networks of Ethernet addresses and any tag",
    since: 2,
    flow: {
      match: match({
        METADATA: [0x1200, 0xff00],
        ETH_DST: ["01:00:00:00:00:00", "01:00:00:00:00:00"],
        ETH_SRC: ["02:00:00:00:00:00", "ff:ff:ff:00:00:00"],
        VLAN_VID: [0x1000, 0x1000],
      }),
    },
    read: {
      match: match({
        METADATA: [0x1200, 0xff00],
        NX_ETH_DST: ["01:00:00:00:00:00", "01:00:00:00:00:00"],
        NX_ETH_SRC: ["02:00:00:00:00:00", "ff:ff:ff:00:00:00"],
        VLAN_VID: [0x1000, 0x1000],
      }),
    },
    text: "priority=0,metadata=0x1200/0xff00,vlan_tci=0x1000/0x1000,dl_src=02:00:00:00:00:00/ff:ff:ff:00:00:00,dl_dst=01:00:00:00:00:00/01:00:00:00:00:00 actions=drop",
  },
  {
    name: "ports of SCTP",
    since: 2,
    flow: { match: match({ ETH_TYPE: 0x0800, IP_PROTO: 132, SCTP_SRC: 5000, SCTP_DST: 5001 }) },
    read: { match: match({ NX_ETH_TYPE: 0x0800, NX_IP_PROTO: 132, SCTP_SRC: 5000, SCTP_DST: 5001 }) },
    text: "priority=0,sctp,tp_src=5000,tp_dst=5001 actions=drop",
  },
  {
    name: "an MPLS label",
    since: 2,
    flow: { match: match({ ETH_TYPE: 0x8847, MPLS_LABEL: 0xfffff, MPLS_TC: 7 }) },
    read: { match: match({ NX_ETH_TYPE: 0x8847, MPLS_LABEL: 0xfffff, MPLS_TC: 7 }) },
    text: "priority=0,mpls,mpls_label=1048575,mpls_tc=7 actions=drop",
  },
  {
    name: "another table",
    since: 2,
    flow: { table_id: 200, match: match({ IN_PORT: 1 }) },
    text: "table=200, priority=0,in_port=1 actions=drop",
  },
];

/** Actions. */
export const actions: readonly FlowCase[] = [
  {
    name: "fields of Ethernet, IP and TCP are set, then the packet leaves",
    until: 1,
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
    until: 1,
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
    until: 1,
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
  {
    name: "fields of a TCP packet with a tag are set, then the packet leaves",
    since: 2,
    flow: {
      match: match({ VLAN_VID: [0x1000, 0x1000], ETH_TYPE: 0x0800, IP_PROTO: 6 }),
      instructions: apply(...set({ VLAN_VID: 0x1005, ...SET_1_1 }), { action: "POP_VLAN" }, output(2)),
    },
    read: {
      match: match({ VLAN_VID: [0x1000, 0x1000], NX_ETH_TYPE: 0x0800, NX_IP_PROTO: 6 }),
      // The action has the number of the VLAN alone (1.1.0 §A.2.5).
      instructions: apply(...set({ VLAN_VID: 5, ...SET_1_1 }), { action: "POP_VLAN" }, output(2)),
    },
    text: "priority=0,tcp,vlan_tci=0x1000/0x1000 actions=set_vlan_vid:5,set_vlan_pcp:3,mod_dl_src:02:00:00:00:00:03,mod_dl_dst:02:00:00:00:00:04,mod_nw_src:10.0.0.3,mod_nw_dst:10.0.0.4,mod_nw_tos:40,mod_nw_ecn:1,mod_tp_src:1,mod_tp_dst:65535,pop_vlan,output:2",
  },
  {
    name: "a tag and a label are pushed and filled",
    since: 2,
    flow: {
      match: match({ ETH_TYPE: 0x0800 }),
      instructions: apply(
        { action: "DEC_NW_TTL" },
        { action: "SET_NW_TTL", ttl: 3 },
        { action: "PUSH_MPLS", ethertype: 0x8847 },
        ...set({ MPLS_LABEL: 1000, MPLS_TC: 1 }),
        { action: "SET_MPLS_TTL", ttl: 64 },
        { action: "DEC_MPLS_TTL" },
        { action: "POP_MPLS", ethertype: 0x0800 },
        { action: "PUSH_VLAN", ethertype: 0x8100 },
        { action: "SET_QUEUE", queue_id: 7 },
        output(3),
      ),
    },
    read: { match: match({ NX_ETH_TYPE: 0x0800 }) },
    text: "priority=0,ip actions=dec_ttl,mod_nw_ttl:3,push_mpls:0x8847,set_mpls_label(1000),set_mpls_tc(1),set_mpls_ttl(64),dec_mpls_ttl,pop_mpls:0x0800,push_vlan:0x8100,set_queue:7,output:3",
  },
  {
    name: "one instruction after the other, and on to another table",
    since: 2,
    flow: {
      instructions: [
        { instruction: "APPLY_ACTIONS", actions: [output(1)] },
        { instruction: "CLEAR_ACTIONS" },
        { instruction: "WRITE_ACTIONS", actions: [output(2)] },
        { instruction: "WRITE_METADATA", metadata: 0x1200, mask: 0xff00 },
        { instruction: "GOTO_TABLE", table_id: 5 },
      ],
    },
    text: "priority=0 actions=output:1,clear_actions,write_actions(output:2),write_metadata:0x1200/0xff00,goto_table:5",
  },
];
