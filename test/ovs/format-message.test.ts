import { describe, expect, it } from "vitest";
import { decodeMessage, encodeMessage, formatOvsFlow, parseOvsFlow } from "../../src/library/index.js";
import { formatOvsMessage } from "../../src/ovs/index.js";
import { fixtures } from "../fixtures/fixtures.js";

type FlowMod = Parameters<typeof formatOvsMessage>[0];

function flowMod(msg: object, version = 4): string {
  const [line, ...more] = formatOvsMessage({
    type: "FLOW_MOD",
    version,
    msg: { table_id: 0, command: "ADD", priority: 0x8000, match: [], instructions: [], ...msg },
  });
  expect(more).toEqual([]);
  return line as string;
}

function apply(...actions: object[]): string {
  return flowMod({ instructions: [{ instruction: "APPLY_ACTIONS", actions }] }).replace(/^actions=/, "");
}

describe("FLOW_MOD", () => {
  it("is a line that ovs-ofctl add-flows reads", () => {
    const msg = {
      cookie: "18446744073709551615",
      table_id: 3,
      priority: 5,
      idle_timeout: 10,
      flags: ["SEND_FLOW_REM", "NO_PKT_COUNTS"],
      importance: 7,
      match: [
        { field: "ETH_TYPE", value: 0x0800 },
        { field: "IP_PROTO", value: 6 },
        { field: "IPV4_DST", value: "10.0.0.0", mask: "255.0.0.0" },
        { field: "TCP_DST", value: 80 },
      ],
      instructions: [
        { instruction: "METER", meter_id: 2 },
        {
          instruction: "APPLY_ACTIONS",
          actions: [{ action: "OUTPUT", port_no: "CONTROLLER", max_len: "NO_BUFFER" }],
        },
        { instruction: "WRITE_ACTIONS", actions: [{ action: "GROUP", group_id: 4 }] },
        { instruction: "GOTO_TABLE", table_id: 9 },
      ],
    };
    expect(flowMod(msg)).toBe(
      "cookie=0xffffffffffffffff, table=3, idle_timeout=10, importance=7, send_flow_rem no_packet_counts " +
        "priority=5,tcp,nw_dst=10.0.0.0/8,tp_dst=80 " +
        "actions=meter:2,CONTROLLER:65535,write_actions(group:4),goto_table:9",
    );
  });

  it("has its command first where it does not add", () => {
    const match = [{ field: "IN_PORT", value: "LOCAL" }];
    expect(flowMod({ command: "DELETE", table_id: "ALL", match })).toBe("delete in_port=LOCAL");
    const cookies = { cookie: 5, cookie_mask: 255, priority: 1, out_port: 3, out_group: 4 };
    expect(flowMod({ command: "DELETE_STRICT", match, ...cookies })).toBe(
      "delete_strict cookie=0x5/0xff, table=0, out_port=3, out_group=4, priority=1,in_port=LOCAL",
    );
    expect(flowMod({ command: "MODIFY", table_id: 2 })).toBe("modify table=2 actions=drop");
  });

  it("names the fields of vendors", () => {
    const match = [
      { field: "NX_CT_STATE", value: 0x21, mask: 0x31 },
      { field: "NX_REG3", value: 0x1234, mask: 0xffff },
      { field: "PKT_REG2", value: "18446744069414584320", mask: "18446744069414584320" },
      { field: "NX_CT_LABEL", value: "00000000000000000000000000000001" },
      { field: "NX_TUN_METADATA5", value: "0001", mask: "00FF" },
      { field: "NX_VLAN_TCI", value: 0x1000, mask: 0x1000 },
    ];
    expect(flowMod({ match })).toBe(
      "ct_state=+new-inv+trk,ct_label=0x1,reg3=0x1234/0xffff,reg4=0xffffffff," +
        "tun_metadata5=0x0001/0x00ff,vlan_tci=0x1000/0x1000 actions=drop",
    );
  });

  it("names the protocol of a port where the match does not", () => {
    expect(flowMod({ match: [{ field: "UDP_SRC", value: 2 }] })).toBe("udp_src=2 actions=drop");
    expect(flowMod({ match: [{ field: "ARP_SPA", value: "10.0.0.1" }] })).toBe(
      "arp_spa=10.0.0.1 actions=drop",
    );
    const tcp = [
      { field: "ETH_TYPE", value: 0x0800 },
      { field: "IP_PROTO", value: 6 },
      { field: "SCTP_DST", value: 7 },
    ];
    expect(flowMod({ match: tcp })).toBe('tcp,json({"field":"SCTP_DST","value":7}) actions=drop');
  });

  it("loses nothing that the notation has no words for", () => {
    const field = { field: "PBB_ISID", value: 5 };
    expect(flowMod({ match: [field] })).toBe('json({"field":"PBB_ISID","value":5}) actions=drop');
    expect(apply({ action: "COPY_TTL_OUT" })).toBe('json({"action":"COPY_TTL_OUT"})');
    const register = { action: "NX_OUTPUT_REG", src: "NX_REG0[0:16]", max_len: 5 };
    expect(apply(register)).toBe(`json(${JSON.stringify(register)})`);
    const trigger = { instruction: "STAT_TRIGGER", flags: [], thresholds: [] };
    expect(flowMod({ instructions: [trigger] }, 6)).toBe(`actions=json(${JSON.stringify(trigger)})`);
  });
});

describe("actions", () => {
  it.each([
    [{ action: "SET_FIELD", field: "IPV4_SRC", value: "10.0.0.1" }, "set_field:10.0.0.1->ip_src"],
    [{ action: "SET_FIELD", field: "NX_REG1", value: 5, mask: 15 }, "set_field:0x5/0xf->reg1"],
    [{ action: "NX_REG_LOAD", dst: "NX_REG5[31:32]", value: 1 }, "load:0x1->NXM_NX_REG5[31]"],
    [
      { action: "COPY_FIELD", src: "ETH_SRC[0:48]", dst: "ETH_DST[0:48]" },
      "move:NXM_OF_ETH_SRC[]->NXM_OF_ETH_DST[]",
    ],
    [{ action: "NX_RESUBMIT_TABLE", in_port: "IN_PORT", table_id: 5 }, "resubmit(,5)"],
    [{ action: "NX_RESUBMIT", in_port: 3 }, "resubmit:3"],
    [
      {
        action: "NX_CT",
        flags: ["COMMIT", "FORCE"],
        zone: "NX_REG0[0:16]",
        table_id: 4,
        alg: 21,
        actions: [
          {
            action: "NX_NAT",
            flags: ["SRC", "PROTO_RANDOM"],
            ipv6_min: "fd00::1",
            ipv6_max: "fd00::9",
            proto_min: 80,
          },
          { action: "SET_FIELD", field: "NX_CT_MARK", value: 1 },
        ],
      },
      "ct(commit,force,table=4,zone=NXM_NX_REG0[0..15],nat(src=[fd00::1]-[fd00::9]:80,random)," +
        "exec(set_field:0x1->ct_mark),alg=ftp)",
    ],
    [
      {
        action: "NX_LEARN2",
        table_id: 1,
        limit: 7,
        result_dst: "NX_REG0[8:9]",
        flags: ["WRITE_RESULT"],
        specs: [
          { learn: "MATCH", value: "0800", dst: "NX_ETH_TYPE[0:16]" },
          { learn: "MATCH", src: "NX_ETH_SRC[0:48]", dst: "NX_ETH_DST[0:48]" },
          { learn: "LOAD", value: "0005", dst: "NX_REG0[0:16]" },
          { learn: "OUTPUT", src: "NX_IN_PORT[0:16]" },
        ],
      },
      "learn(table=1,limit=7,result_dst=NXM_NX_REG0[8],eth_type=0x800,NXM_OF_ETH_DST[]=NXM_OF_ETH_SRC[]," +
        "load:0x5->NXM_NX_REG0[0..15],output:NXM_OF_IN_PORT[])",
    ],
    [
      {
        action: "NX_CONTROLLER2",
        max_len: 5,
        userdata: "01FF",
        properties: [{ property: "PAUSE" }],
        meter_id: 3,
      },
      "controller(max_len=5,userdata=01.ff,pause,meter_id=3)",
    ],
    [{ action: "NX_CONJUNCTION", id: 9, clause: 0, n_clauses: 2 }, "conjunction(9,1/2)"],
  ])("%j have words", (action, text) => {
    expect(apply(action)).toBe(text);
  });

  it("of 1.0 have the words of 1.0", () => {
    const actions = [
      { action: "SET_FIELD", field: "VLAN_VID", value: 5 },
      { action: "SET_FIELD", field: "IP_DSCP", value: 10 },
      { action: "POP_VLAN" },
      { action: "0x000A", data: "00500000" },
    ];
    const instructions = [{ instruction: "APPLY_ACTIONS", actions }];
    expect(flowMod({ instructions }, 1)).toBe(
      "actions=mod_vlan_vid:5,mod_nw_tos:40,strip_vlan,mod_tp_dst:80",
    );
  });
});

describe("other messages", () => {
  const flow = {
    cookie: 0,
    table_id: 1,
    duration: "3.5",
    priority: 0x8000,
    packet_count: 5,
    byte_count: "18446744073709551615",
    idle_timeout: 0,
    hard_timeout: 9,
    match: [{ field: "ETH_TYPE", value: 0x0806 }],
  };

  it("of flow statistics are a line for each flow, as ovs-ofctl dump-flows has them", () => {
    const instructions = [{ instruction: "GOTO_TABLE", table_id: 2 }];
    const message = {
      type: "FLOW_DESC_REPLY",
      version: 4,
      msg: [{ ...flow, flags: ["RESET_COUNTS"], instructions }],
    };
    expect(formatOvsMessage(message)).toEqual([
      "cookie=0x0, duration=3.500s, table=1, n_packets=5, n_bytes=?, hard_timeout=9, reset_counts arp actions=goto_table:2",
    ]);
  });

  it("of flows that go or change say why", () => {
    const removed = { type: "FLOW_REMOVED", xid: 255, version: 4, msg: { ...flow, reason: "HARD_TIMEOUT" } };
    expect(formatOvsMessage(removed)).toEqual([
      "FLOW_REMOVED (xid=0xff): cookie=0x0, duration=3.500s, table=1, n_packets=5, n_bytes=?, hard_timeout=9, reason=hard, arp",
    ]);
    const { match } = flow;
    const updates = [
      {
        event: "ADDED",
        reason: "IDLE_TIMEOUT",
        table_id: 1,
        cookie: 5,
        priority: 9,
        match,
        instructions: [],
      },
      {
        event: "REMOVED",
        reason: "DELETE",
        table_id: 1,
        cookie: 0,
        priority: 0x8000,
        match: [],
        instructions: [],
      },
      { event: "ABBREV", xid: 16 },
      { event: "PAUSED" },
    ];
    expect(formatOvsMessage({ type: "FLOW_MONITOR_REPLY", version: 5, msg: updates })).toEqual([
      "event=ADDED table=1 cookie=0x5 priority=9,arp",
      "event=REMOVED reason=delete table=1 cookie=0",
      "event=ABBREV xid=0x10",
      "event=PAUSED",
    ]);
  });

  it("with actions have these in words", () => {
    const actions = [{ action: "OUTPUT", port_no: "FLOOD", max_len: 0 }];
    const out = { type: "PACKET_OUT", xid: 1, version: 4, msg: { in_port: 3, actions, data: "AB01" } };
    expect(formatOvsMessage(out)).toEqual(["PACKET_OUT (xid=0x1): in_port=3 actions=FLOOD data=ab01"]);
    const bucket = { weight: 5, watch_port: "ANY", watch_group: "ANY", actions };
    const group = {
      command: "ADD",
      type: "SELECT",
      group_id: 7,
      buckets: [bucket, { ...bucket, weight: 1 }],
    };
    expect(formatOvsMessage({ type: "GROUP_MOD", xid: 2, version: 4, msg: group })).toEqual([
      "GROUP_MOD (xid=0x2): ADD group_id=7,type=select,bucket=weight:5,actions=FLOOD,bucket=actions=FLOOD",
    ]);
  });

  it("are JSON", () => {
    const echo: FlowMod = { type: "ECHO_REQUEST", xid: 10, version: 4, msg: { data: "01" } };
    expect(formatOvsMessage(echo)).toEqual(['ECHO_REQUEST (xid=0xa): {"data":"01"}']);
  });
});

describe("any message", () => {
  it("has lines, whatever stands in it", () => {
    const lines = fixtures.flatMap(({ json }) => formatOvsMessage(json as FlowMod));
    expect(lines.length).toBeGreaterThan(fixtures.length);
    expect(lines.filter((line) => /undefined|NaN|\n|\[object/.test(line))).toEqual([]);
  });

  it("of a command that has no word is JSON", () => {
    expect(flowMod({ command: "0x07" })).toMatch(/^FLOW_MOD \(xid=0x0\): {"table_id":0,"command":"0x07"/);
  });

  it("tells bits of flags that have no names as JSON", () => {
    const field = { field: "NX_CT_STATE", value: 0x100, mask: 0x100 };
    expect(flowMod({ match: [field] })).toBe(`json(${JSON.stringify(field)}) actions=drop`);
  });
});

describe("what is printed", () => {
  it("is read as the same message", () => {
    const lines = [
      "priority=5,tcp6,ipv6_src=2001:db8::/32,tp_dst=0x50/0xf0 actions=ct(commit,nat(src=10.0.0.1:5-9)),dec_ttl(1,2)",
      "cookie=0x5, dl_vlan=5,dl_vlan_pcp=3 actions=pop_vlan,note:01.02.03.04.05.06,group:3",
      "modify_strict cookie=0x5/-1, table=1, importance=3, buffer_id=0x9, arp,arp_op=2 actions=set_queue:2,output:1",
      'json({"field":"PBB_ISID","value":5}),dl_type=0x88e7 actions=json({"action":"COPY_TTL_IN"}),json({"instruction":"EXPERIMENTER","experimenter":1,"data":"00000000"})',
    ];
    for (const line of lines) {
      const first = encodeMessage(parseOvsFlow(line, { version: 5 }));
      const [printed] = formatOvsFlow(decodeMessage(first));
      const again = encodeMessage(parseOvsFlow(printed as string, { version: 5 }));
      expect(Buffer.from(again).toString("hex")).toBe(Buffer.from(first).toString("hex"));
    }
  });
});
