/**
 * Flows of OpenFlow 1.2 and later (1.3.5 §7.2), and what Open vSwitch says of them. Fields that came with a later version
 * are read under the names of its own extensions: NX_TUN_ID in 1.2 is TUNNEL_ID.
 */
import { apply, type FlowCase, match, output, set } from "./flow-case.js";

const TCP_PACKET = {
  IN_PORT: 1,
  METADATA: 0x1234567890,
  ETH_DST: "02:00:00:00:00:02",
  ETH_SRC: "02:00:00:00:00:01",
  ETH_TYPE: 0x0800,
  VLAN_VID: 0x1064,
  VLAN_PCP: 5,
  IP_DSCP: 46,
  IP_ECN: 2,
  IP_PROTO: 6,
  IPV4_SRC: "10.0.0.1",
  IPV4_DST: "10.0.0.2",
  TCP_SRC: 1234,
  TCP_DST: 80,
};

const MASKED = {
  METADATA: [0x1200, 0xff00],
  ETH_DST: ["01:00:00:00:00:00", "01:00:00:00:00:00"],
  ETH_SRC: ["02:00:00:00:00:00", "ff:ff:ff:00:00:00"],
  ETH_TYPE: 0x0800,
  VLAN_VID: [0x1000, 0x1000],
  IPV4_SRC: ["10.0.0.0", "255.0.0.0"],
  IPV4_DST: ["10.0.0.1", "255.0.0.255"],
};

const SET = {
  ETH_DST: "02:00:00:00:00:04",
  ETH_SRC: "02:00:00:00:00:03",
  IPV4_SRC: "10.0.0.3",
  IPV4_DST: "10.0.0.4",
  IP_DSCP: 10,
  IP_ECN: 1,
  TCP_SRC: 1,
  TCP_DST: 65535,
};

const COPIED = {
  read: {
    instructions: apply(
      { action: "NX_REG_MOVE", src: "NX_ETH_SRC[0:48]", dst: "NX_ETH_DST[0:48]" },
      { action: "NX_REG_MOVE", src: "METADATA[0:16]", dst: "NX_REG0[8:24]" },
      output("IN_PORT"),
    ),
  },
};

/** Matches: every field of OpenFlow that Open vSwitch knows, and some of its own. */
export const matches: readonly FlowCase[] = [
  {
    name: "a TCP packet with a tag, its port, metadata and tunnel",
    flow: {
      priority: 1000,
      match: match({ ...TCP_PACKET, TUNNEL_ID: 0xabcdef }),
    },
    in: { 3: { read: { match: match({ ...TCP_PACKET, NX_TUN_ID: 0xabcdef }) } } },
    text: "priority=1000,tcp,tun_id=0xabcdef,metadata=0x1234567890,in_port=1,dl_vlan=100,dl_vlan_pcp=5,dl_src=02:00:00:00:00:01,dl_dst=02:00:00:00:00:02,nw_src=10.0.0.1,nw_dst=10.0.0.2,nw_tos=184,nw_ecn=2,tp_src=1234,tp_dst=80 actions=drop",
  },
  {
    name: "every field that can have a mask, with one",
    flow: {
      match: match({ ...MASKED, TUNNEL_ID: [0x100, 0xf00] }),
    },
    in: { 3: { read: { match: match({ ...MASKED, NX_TUN_ID: [0x100, 0xf00] }) } } },
    text: "priority=0,ip,tun_id=0x100/0xf00,metadata=0x1200/0xff00,vlan_tci=0x1000/0x1000,dl_src=02:00:00:00:00:00/ff:ff:ff:00:00:00,dl_dst=01:00:00:00:00:00/01:00:00:00:00:00,nw_src=10.0.0.0/8,nw_dst=10.0.0.1/255.0.0.255 actions=drop",
  },
  {
    name: "UDP ports",
    flow: { match: match({ ETH_TYPE: 0x0800, IP_PROTO: 17, UDP_SRC: 68, UDP_DST: 67 }) },
    text: "priority=0,udp,tp_src=68,tp_dst=67 actions=drop",
  },
  {
    name: "SCTP ports over IPv6",
    flow: { match: match({ ETH_TYPE: 0x86dd, IP_PROTO: 132, SCTP_SRC: 5000, SCTP_DST: 5001 }) },
    text: "priority=0,sctp6,tp_src=5000,tp_dst=5001 actions=drop",
  },
  {
    name: "an ICMP type and code",
    flow: { match: match({ ETH_TYPE: 0x0800, IP_PROTO: 1, ICMPV4_TYPE: 8, ICMPV4_CODE: 0 }) },
    text: "priority=0,icmp,icmp_type=8,icmp_code=0 actions=drop",
  },
  {
    name: "an ARP reply",
    flow: {
      match: match({
        ETH_TYPE: 0x0806,
        ARP_OP: 2,
        ARP_SPA: "10.0.0.1",
        ARP_TPA: ["10.0.0.0", "255.255.255.0"],
        ARP_SHA: "02:00:00:00:00:01",
        ARP_THA: ["02:00:00:00:00:00", "ff:ff:ff:00:00:00"],
      }),
    },
    text: "priority=0,arp,arp_spa=10.0.0.1,arp_tpa=10.0.0.0/24,arp_op=2,arp_sha=02:00:00:00:00:01,arp_tha=02:00:00:00:00:00/ff:ff:ff:00:00:00 actions=drop",
  },
  {
    name: "IPv6 addresses and a flow label",
    flow: {
      match: match({
        ETH_TYPE: 0x86dd,
        IPV6_SRC: "2001:db8::1",
        IPV6_DST: ["2001:db8:1::", "ffff:ffff:ffff::"],
        IPV6_FLABEL: 0x12345,
      }),
    },
    text: "priority=0,ipv6,ipv6_src=2001:db8::1,ipv6_dst=2001:db8:1::/48,ipv6_label=0x12345 actions=drop",
  },
  {
    name: "a neighbour solicitation",
    flow: {
      match: match({
        ETH_TYPE: 0x86dd,
        IP_PROTO: 58,
        ICMPV6_TYPE: 135,
        ICMPV6_CODE: 0,
        IPV6_ND_TARGET: "fe80::1",
        IPV6_ND_SLL: "02:00:00:00:00:01",
      }),
    },
    text: "priority=0,icmp6,icmp_type=135,icmp_code=0,nd_target=fe80::1,nd_sll=02:00:00:00:00:01 actions=drop",
  },
  {
    name: "a neighbour advertisement",
    flow: {
      match: match({
        ETH_TYPE: 0x86dd,
        IP_PROTO: 58,
        ICMPV6_TYPE: 136,
        ICMPV6_CODE: 0,
        IPV6_ND_TARGET: "fe80::2",
        IPV6_ND_TLL: "02:00:00:00:00:02",
      }),
    },
    text: "priority=0,icmp6,icmp_type=136,icmp_code=0,nd_target=fe80::2,nd_tll=02:00:00:00:00:02 actions=drop",
  },
  {
    name: "an MPLS label",
    flow: { match: match({ ETH_TYPE: 0x8847, MPLS_LABEL: 0xfffff, MPLS_TC: 7, MPLS_BOS: 1 }) },
    text: "priority=0,mpls,mpls_label=1048575,mpls_tc=7,mpls_bos=1 actions=drop",
  },
  {
    name: "packets without a tag",
    flow: { match: match({ VLAN_VID: 0 }) },
    text: "priority=0,vlan_tci=0x0000/0x1fff actions=drop",
  },
  {
    name: "registers, a mark and connection tracking, fields of Open vSwitch",
    flow: {
      match: match({
        ETH_TYPE: 0x0800,
        NX_REG0: 1,
        NX_REG15: [0x10, 0xf0],
        NX_PKT_MARK: 7,
        NX_CT_STATE: [0x22, 0x22],
        NX_CT_ZONE: 9,
      }),
    },
    text: "priority=0,pkt_mark=0x7,ct_state=+est+trk,ct_zone=9,ip,reg0=0x1,reg15=0x10/0xf0 actions=drop",
    in: {
      // Registers are halves of packet registers (1.5.1 §7.2.3.10).
      6: {
        read: {
          match: match({
            ETH_TYPE: 0x0800,
            PKT_REG0: [0x1_0000_0000, 0xffff_ffff_0000_0000n],
            PKT_REG7: [0x10, 0xf0],
            NX_PKT_MARK: 7,
            NX_CT_STATE: [0x22, 0x22],
            NX_CT_ZONE: 9,
          }),
        },
      },
    },
  },
  {
    name: "everything, from another table, for ever",
    flow: { table_id: 200, priority: 65535, cookie: 0xfedcba9876543210n, match: [] },
    text: "cookie=0xfedcba9876543210, table=200, priority=65535 actions=drop",
  },
  {
    name: "flags of TCP",
    flow: { match: match({ ETH_TYPE: 0x0800, IP_PROTO: 6, TCP_FLAGS: [0x002, 0x003] }) },
    in: {
      3: { read: { match: match({ ETH_TYPE: 0x0800, IP_PROTO: 6, NX_TCP_FLAGS: [0x002, 0x003] }) } },
      4: { read: { match: match({ ETH_TYPE: 0x0800, IP_PROTO: 6, ONF_TCP_FLAGS: [0x002, 0x003] }) } },
      5: { read: { match: match({ ETH_TYPE: 0x0800, IP_PROTO: 6, ONF_TCP_FLAGS: [0x002, 0x003] }) } },
    },
    text: "priority=0,tcp,tcp_flags=-fin+syn actions=drop",
  },
  {
    name: "the port of the action set",
    flow: { match: match({ ACTSET_OUTPUT: 2 }) },
    // Until 1.4 the field is an extension of the ONF.
    in: {
      3: { read: { match: match({ ONF_ACTSET_OUTPUT: 2 }) } },
      4: { read: { match: match({ ONF_ACTSET_OUTPUT: 2 }) } },
      5: { read: { match: match({ ONF_ACTSET_OUTPUT: 2 }) } },
    },
    text: "priority=0,actset_output=2 actions=drop",
  },
  {
    name: "packets that begin with IPv4",
    since: 6,
    flow: { match: match({ PACKET_TYPE: { namespace: "ETHERTYPE", ns_type: 0x0800 } }) },
    text: "priority=0,packet_type=(1,0x800) actions=drop",
  },
  {
    name: "packets that begin with Ethernet",
    since: 6,
    flow: { match: match({ PACKET_TYPE: { namespace: "ONF", ns_type: 0 } }) },
    text: "priority=0 actions=drop",
  },
];

/** Instructions and actions. */
export const actions: readonly FlowCase[] = [
  {
    name: "fields are set, then the packet leaves",
    flow: {
      match: match({ ETH_TYPE: 0x0800, IP_PROTO: 6 }),
      instructions: apply(...set({ ...SET, TUNNEL_ID: 99 }), output(2)),
    },
    in: { 3: { read: { instructions: apply(...set({ ...SET, NX_TUN_ID: 99 }), output(2)) } } },
    text: "priority=0,tcp actions=set_field:02:00:00:00:00:04->eth_dst,set_field:02:00:00:00:00:03->eth_src,set_field:10.0.0.3->ip_src,set_field:10.0.0.4->ip_dst,set_field:10->ip_dscp,set_field:1->nw_ecn,set_field:1->tcp_src,set_field:65535->tcp_dst,set_field:0x63->tun_id,output:2",
  },
  {
    name: "fields of IPv6 are set",
    flow: {
      match: match({ ETH_TYPE: 0x86dd, IP_PROTO: 17 }),
      instructions: apply(
        ...set({ IPV6_SRC: "2001:db8::1", IPV6_DST: "2001:db8::2", IPV6_FLABEL: 5, UDP_SRC: 1, UDP_DST: 2 }),
        output("IN_PORT"),
      ),
    },
    text: "priority=0,udp6 actions=set_field:2001:db8::1->ipv6_src,set_field:2001:db8::2->ipv6_dst,set_field:0x5->ipv6_label,set_field:1->udp_src,set_field:2->udp_dst,IN_PORT",
  },
  {
    name: "a tag is pushed, filled and popped",
    flow: {
      match: match({ VLAN_VID: 0 }),
      instructions: apply(
        { action: "PUSH_VLAN", ethertype: 0x8100 },
        ...set({ VLAN_VID: 0x1064, VLAN_PCP: 3 }),
        output(2),
        { action: "POP_VLAN" },
        output("FLOOD"),
      ),
    },
    text: "priority=0,vlan_tci=0x0000/0x1fff actions=push_vlan:0x8100,set_field:4196->vlan_vid,set_field:3->vlan_pcp,output:2,pop_vlan,FLOOD",
  },
  {
    name: "a label is pushed and filled",
    flow: {
      match: match({ ETH_TYPE: 0x0800 }),
      instructions: apply(
        { action: "DEC_NW_TTL" },
        { action: "PUSH_MPLS", ethertype: 0x8847 },
        ...set({ MPLS_LABEL: 1000, MPLS_TC: 1 }),
        { action: "SET_MPLS_TTL", ttl: 64 },
        { action: "DEC_MPLS_TTL" },
        output(3),
      ),
    },
    text: "priority=0,ip actions=dec_ttl,push_mpls:0x8847,set_field:1000->mpls_label,set_field:1->mpls_tc,set_mpls_ttl(64),dec_mpls_ttl,output:3",
  },
  {
    name: "a label is popped and the time to live set",
    flow: {
      match: match({ ETH_TYPE: 0x8847, MPLS_BOS: 1 }),
      instructions: apply(
        { action: "POP_MPLS", ethertype: 0x0800 },
        { action: "SET_NW_TTL", ttl: 3 },
        { action: "OUTPUT", port_no: "CONTROLLER", max_len: "MAX" },
      ),
    },
    text: "priority=0,mpls,mpls_bos=1 actions=pop_mpls:0x0800,mod_nw_ttl:3,CONTROLLER:65509",
  },
  {
    name: "a queue and every reserved port",
    flow: {
      instructions: apply(
        { action: "SET_QUEUE", queue_id: 7 },
        output("ALL"),
        output("NORMAL"),
        output("LOCAL"),
        { action: "OUTPUT", port_no: "CONTROLLER", max_len: 128 },
        { action: "OUTPUT", port_no: "CONTROLLER", max_len: "NO_BUFFER" },
      ),
    },
    text: "priority=0 actions=set_queue:7,ALL,NORMAL,LOCAL,CONTROLLER:128,CONTROLLER:65535",
  },
  {
    name: "one instruction after the other, and on to another table",
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
  {
    name: "registers, an action of Open vSwitch that 1.5 has as COPY_FIELD",
    until: 5,
    flow: { instructions: apply({ action: "NX_REG_MOVE", src: "NX_REG0[0:32]", dst: "NX_REG1[0:32]" }) },
    text: "priority=0 actions=move:NXM_NX_REG0[]->NXM_NX_REG1[]",
  },
  {
    name: "resubmission, notes and connection tracking, actions of Open vSwitch",
    flow: {
      match: match({ ETH_TYPE: 0x0800 }),
      instructions: apply(
        { action: "NX_RESUBMIT_TABLE", in_port: "IN_PORT", table_id: 5 },
        { action: "NX_NOTE", note: "010203040506" },
        {
          action: "NX_CT",
          flags: ["COMMIT"],
          zone: 5,
          table_id: "ALL",
          alg: 0,
          actions: [{ action: "NX_NAT", flags: ["SRC"], ipv4_min: "10.0.0.1", ipv4_max: "10.0.0.9" }],
        },
      ),
    },
    text: "priority=0,ip actions=resubmit(,5),note:01.02.03.04.05.06,ct(commit,zone=5,nat(src=10.0.0.1-10.0.0.9))",
  },
  {
    name: "learning, an action of Open vSwitch",
    flow: {
      instructions: apply({
        action: "NX_LEARN",
        idle_timeout: 0,
        hard_timeout: 60,
        priority: 100,
        cookie: 0,
        flags: [],
        table_id: 5,
        fin_idle_timeout: 0,
        fin_hard_timeout: 0,
        specs: [
          { learn: "MATCH", src: "NX_ETH_SRC[0:48]", dst: "NX_ETH_DST[0:48]" },
          { learn: "OUTPUT", src: "NX_IN_PORT[0:16]" },
        ],
      }),
    },
    text: "priority=0 actions=learn(table=5,hard_timeout=60,priority=100,NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[],output:NXM_OF_IN_PORT[])",
  },
  {
    name: "a field is copied",
    since: 4,
    flow: {
      instructions: apply(
        { action: "COPY_FIELD", src: "ETH_SRC[0:48]", dst: "ETH_DST[0:48]" },
        { action: "COPY_FIELD", src: "METADATA[0:16]", dst: "NX_REG0[8:24]" },
        output("IN_PORT"),
      ),
    },
    // The action is an extension of the ONF until 1.4, where Open vSwitch tells it as one of its own.
    in: { 5: COPIED },
    text: "priority=0 actions=move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[],move:OXM_OF_METADATA[0..15]->NXM_NX_REG0[8..23],IN_PORT",
  },
  {
    name: "some bits of fields are set",
    since: 6,
    flow: {
      match: match({ ETH_TYPE: 0x0800 }),
      instructions: apply(
        { action: "SET_FIELD", field: "IPV4_DST", value: "10.0.0.0", mask: "255.0.0.0" },
        { action: "SET_FIELD", field: "ETH_SRC", value: "02:00:00:00:00:01", mask: "ff:00:00:00:00:ff" },
        { action: "SET_FIELD", field: "METADATA", value: 0x1200, mask: 0xff00 },
        output(2),
      ),
    },
    text: "priority=0,ip actions=set_field:10.0.0.0/8->ip_dst,set_field:02:00:00:00:00:01/ff:00:00:00:00:ff->eth_src,set_field:0x1200/0xff00->metadata,output:2",
  },
  {
    name: "packet registers are set and matched",
    since: 6,
    flow: {
      match: match({ PKT_REG0: [0x1234, 0xffff] }),
      instructions: apply({ action: "SET_FIELD", field: "PKT_REG1", value: 7 }, output(2)),
    },
    text: "priority=0,reg1=0x1234/0xffff actions=set_field:0x7->xreg1,output:2",
  },
];
