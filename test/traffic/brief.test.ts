import { describe, expect, it } from "vitest";
import { parseOvsFlow } from "../../src/ovs/index.js";
import { briefFacts } from "../../src/traffic/brief.js";
import type { Value } from "../../src/traffic/compact.js";
import { briefLine, formatClock, formatDuration, Pairing } from "../../src/traffic/index.js";
import { barrierReply, barrierRequest, FROM_SWITCH, flowMod, frame, message, TO_SWITCH } from "./frames.js";

const meaning = (): string => "There is no room.";
const facts = (type: string, msg: Value, flags?: string[]): string =>
  briefFacts({ type, version: 4, msg, ...(flags === undefined ? {} : { flags }) }, meaning);

const FLOW = { table_id: 0, cookie: 0, idle_timeout: 0, hard_timeout: 0, flags: [], buffer_id: "NO_BUFFER" };
const APPLY = (actions: Value): Value => [{ instruction: "APPLY_ACTIONS", actions }];

describe("the facts of a message", () => {
  it.each<[string, string, Value, string]>([
    [
      "a flow that is added",
      "FLOW_MOD",
      {
        ...FLOW,
        command: "ADD",
        priority: 100,
        cookie: 255,
        hard_timeout: 30,
        match: [
          { field: "ETH_TYPE", value: 2048 },
          { field: "IPV4_DST", value: "10.0.0.0", mask: "255.0.0.0" },
        ],
        instructions: [
          {
            instruction: "APPLY_ACTIONS",
            actions: [
              { action: "POP_VLAN" },
              { action: "SET_FIELD", field: "VLAN_VID", value: 4101 },
              { action: "OUTPUT", port_no: 2, max_len: "NO_BUFFER" },
              { action: "GROUP", group_id: 3 },
            ],
          },
          { instruction: "GOTO_TABLE", table_id: 1 },
        ],
      },
      "add cookie=0xff, hard_timeout=30, priority=100,ip,nw_dst=10.0.0.0/8 actions=" +
        "pop_vlan,set_field:4101->vlan_vid,output:2,group:3,goto_table:1",
    ],
    [
      "flows that are deleted",
      "FLOW_MOD",
      {
        ...FLOW,
        command: "DELETE",
        table_id: "ALL",
        out_port: 3,
        out_group: "ANY",
        match: [],
        instructions: [],
      },
      "delete out_port=3",
    ],
    [
      "a flow that drops",
      "FLOW_MOD",
      { ...FLOW, command: "ADD", priority: 1, match: [], instructions: [] },
      "add priority=1 actions=drop",
    ],
    [
      "a packet for the controller",
      "PACKET_IN",
      {
        in_port: 1,
        reason: "TABLE_MISS",
        table_id: 0,
        cookie: "18446744073709551615",
        total_len: 46,
        _pkt: [
          { field: "ETH_DST", value: "02:00:00:00:00:02" },
          { field: "ETH_SRC", value: "02:00:00:00:00:01" },
          { field: "VLAN_VID", value: 0x1005 },
          { field: "IPV4_SRC", value: "10.0.0.1" },
          { field: "IPV4_DST", value: "10.0.0.2" },
          { field: "IP_PROTO", value: 17 },
          { field: "UDP_SRC", value: 4660 },
          { field: "UDP_DST", value: 53 },
        ],
      },
      "port 1 TABLE_MISS table=0 len=46 02:00:00:00:00:01>02:00:00:00:00:02 vlan 5 10.0.0.1>10.0.0.2 UDP 4660>53",
    ],
    [
      "a packet for the controller in Nicira's form, whose port is in the match",
      "NXT_PACKET_IN2",
      { reason: "ACTION", match: [{ field: "NX_IN_PORT", value: 7 }], data: "" },
      "port 7 ACTION",
    ],
    [
      "an ARP request that goes out",
      "PACKET_OUT",
      {
        buffer_id: "NO_BUFFER",
        in_port: "CONTROLLER",
        actions: [{ action: "OUTPUT", port_no: "FLOOD", max_len: 0 }],
        _pkt: [
          { field: "ETH_DST", value: "ff:ff:ff:ff:ff:ff" },
          { field: "ETH_SRC", value: "02:00:00:00:00:01" },
          { field: "ARP_OP", value: 1 },
          { field: "ARP_SPA", value: "10.0.0.1" },
          { field: "ARP_TPA", value: "10.0.0.2" },
        ],
      },
      "in_port=CONTROLLER actions=FLOOD 02:00:00:00:00:01>ff:ff:ff:ff:ff:ff ARP who-has 10.0.0.2 from 10.0.0.1",
    ],
    [
      "a packet of which nothing is known",
      "PACKET_OUT",
      { buffer_id: "NO_BUFFER", in_port: 3, actions: [], data: "ABCD" },
      "in_port=3 actions=drop data=abcd",
    ],
    [
      "a flow that has ended",
      "FLOW_REMOVED",
      {
        cookie: 5,
        priority: 100,
        reason: "IDLE_TIMEOUT",
        table_id: 1,
        duration: "12.500000000",
        idle_timeout: 10,
        hard_timeout: 0,
        packet_count: 3,
        byte_count: 180,
        match: [{ field: "IN_PORT", value: 1 }],
      },
      "cookie=0x5, duration=12.500s, table=1, n_packets=3, n_bytes=180, idle_timeout=10, reason=idle, priority=100,in_port=1",
    ],
    [
      "a match in a message that Open vSwitch has no line for",
      "FLOW_DESC_REQUEST",
      { table_id: "ALL", out_port: "ANY", match: [{ field: "ETH_TYPE", value: 0x0806 }] },
      "table_id=ALL out_port=ANY match=(arp)",
    ],
    [
      "a change of single buckets, which Open vSwitch has no line for",
      "GROUP_MOD",
      {
        command: "INSERT_BUCKET",
        group_id: 5,
        command_bucket_id: "LAST",
        buckets: [{ bucket_id: 1, actions: [{ action: "OUTPUT", port_no: 1, max_len: 0 }] }],
      },
      "command=INSERT_BUCKET group_id=5 command_bucket_id=LAST buckets=({bucket_id=1,actions=(output:1)})",
    ],
    [
      "a meter",
      "METER_MOD",
      {
        command: "ADD",
        flags: ["KBPS"],
        meter_id: 1,
        bands: [
          { band: "DROP", rate: 100 },
          { band: "DSCP_REMARK", rate: 5, prec_level: 1 },
        ],
      },
      "command=ADD flags=(KBPS) meter_id=1 bands=(drop:100,dscp_remark(rate=5,prec_level=1))",
    ],
    [
      "an error",
      "ERROR",
      { type: "FLOW_MOD_FAILED", code: "OFPFMFC_TABLE_FULL", data: "" },
      "FLOW_MOD_FAILED/OFPFMFC_TABLE_FULL: There is no room.",
    ],
    [
      "a port",
      "PORT_STATUS",
      { reason: "MODIFY", port_no: 2, name: "eth2", state: ["LINK_DOWN"], config: [] },
      "MODIFY port 2 eth2 (LINK_DOWN)",
    ],
    [
      "a group",
      "GROUP_MOD",
      {
        command: "ADD",
        type: "ALL",
        group_id: 5,
        buckets: [{ actions: [{ action: "OUTPUT", port_no: 1, max_len: 0 }] }, { actions: [] }],
      },
      "ADD group_id=5,type=all,bucket=actions=output:1,bucket=actions=drop",
    ],
    [
      "a message in a bundle",
      "BUNDLE_ADD_MESSAGE",
      { bundle_id: 9, flags: [], message: { type: "ROLE_REQUEST", msg: { role: "ROLE_MASTER" } } },
      "bundle=9 ROLE_REQUEST role=ROLE_MASTER",
    ],
    [
      "what another controller has asked for",
      "REQUESTFORWARD",
      {
        type: "GROUP_MOD",
        xid: 3,
        version: 5,
        msg: { command: "DELETE", type: "ALL", group_id: 5, buckets: [] },
      },
      "GROUP_MOD DEL group_id=5,type=all",
    ],
    [
      "a flow in a bundle",
      "BUNDLE_ADD_MESSAGE",
      {
        bundle_id: 9,
        flags: [],
        message: { type: "FLOW_MOD", msg: { ...FLOW, command: "MODIFY", match: [], instructions: [] } },
      },
      "bundle=9 FLOW_MOD modify actions=drop",
    ],
    [
      "what has no facts of its own",
      "ROLE_REPLY",
      { role: "ROLE_SLAVE", generation_id: 7 },
      "role=ROLE_SLAVE generation_id=7",
    ],
    ["nothing", "BARRIER_REPLY", {}, ""],
  ])("tell %s", (_, type, msg, expected) => {
    expect(facts(type, msg)).toBe(expected);
  });

  it("count the entries of a list", () => {
    expect(facts("PORT_DESC_REPLY", [{}], [])).toBe("1 entry");
    expect(facts("PORT_DESC_REPLY", [{}, {}], ["MORE"])).toBe("2 entries, more follow");
  });

  it("tell the flows of statistics, as many as have room", () => {
    const flow = (n: number): Value => ({
      ...{ table_id: 0, cookie: 0, duration: "1.000000000", packet_count: 0, byte_count: 0 },
      ...{ priority: n, idle_timeout: 0, hard_timeout: 0, flags: [], match: [], instructions: [] },
    });
    const line = (n: number): string =>
      `cookie=0x0, duration=1s, table=0, n_packets=0, n_bytes=0, priority=${n} actions=drop`;
    expect(facts("FLOW_DESC_REPLY", [flow(1), flow(2)], ["MORE"])).toBe(
      `2 entries, more follow: ${line(1)}; ${line(2)}`,
    );
    const text = facts(
      "FLOW_DESC_REPLY",
      Array.from({ length: 500 }, (_, n) => flow(n)),
    );
    expect(text).toHaveLength(240);
    expect(text.startsWith(`500 entries: ${line(0)}; ${line(1)}; `)).toBe(true);
  });

  it("have flows in lines that can be read again", () => {
    const msg = {
      ...{ ...FLOW, cookie_mask: 0, out_port: "ANY", out_group: "ANY", priority: 7, table_id: 2 },
      match: [{ field: "IN_PORT", value: 1 }],
      instructions: APPLY([{ action: "OUTPUT", port_no: 2, max_len: "NO_BUFFER" }]),
    };
    for (const command of ["ADD", "MODIFY_STRICT"])
      expect(parseOvsFlow(facts("FLOW_MOD", { ...msg, command }), { version: 4 })).toMatchObject({
        type: "FLOW_MOD",
        msg: { command, table_id: 2, priority: 7, match: msg.match },
      });
  });

  it("are cut where they are long", () => {
    const actions = APPLY(Array.from({ length: 100 }, () => ({ action: "OUTPUT", port_no: 1, max_len: 0 })));
    const text = facts("FLOW_MOD", {
      ...FLOW,
      command: "ADD",
      priority: 1,
      match: [],
      instructions: actions,
    });
    expect(text).toHaveLength(240);
    expect(text).toMatch(/,output:1\.\.\.$|\.\.\.$/);
  });
});

describe("the line of a message", () => {
  it("tells when, which way, what, and with pairs what it answers", () => {
    const pairing = new Pairing();
    const lines = [
      message(TO_SWITCH, 0, flowMod(1)),
      message(TO_SWITCH, 0, barrierRequest(2)),
      message(FROM_SWITCH, 41_500, barrierReply(2)),
    ].map((one) => briefLine(one, one, pairing.take(one), { meaning, pairs: true }));
    expect(lines[0]).toEqual({
      time: "00:16:40.000000000",
      number: "1",
      way: "c1 ->",
      type: "FLOW_MOD",
      xid: "1",
      facts: "add priority=5 actions=drop",
      answer: "",
    });
    expect(lines[2]).toMatchObject({
      way: "c1 <-",
      answer: "answers 2 BARRIER_REQUEST after 41.5 us covers 1",
    });
  });

  it("leaves out what is not known", () => {
    const one = { ...message({ connId: -1, src: "", dst: "", mixed: true }, 0, frame(2, 1)), sec: -1 };
    expect(briefLine(one, one, new Pairing().take(one), { meaning, pairs: false })).toMatchObject({
      time: "",
      number: "",
      way: "--",
    });
  });

  it.each([
    [812, "812 ns"],
    [41_500, "41.5 us"],
    [512_345, "0.512 ms"],
    [1_234_567, "1.23 ms"],
    [2_300_000_000, "2.30 s"],
    [3_600_000_000_000, "3600 s"],
  ])("writes %d ns as %s", (nanoseconds, text) => {
    expect(formatDuration(nanoseconds)).toBe(text);
  });

  it("writes times of the day in UTC", () => {
    expect(formatClock({ sec: 1_700_000_000, nsec: 7 })).toBe("22:13:20.000000007");
  });
});
