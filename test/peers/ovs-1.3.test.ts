// A bridge of Open vSwitch that speaks OpenFlow 1.3 only, served by `oftr jsonrpc`.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ALL_FLOWS, ARP_FRAME, checkSwitch } from "./checks.js";
import type { Json } from "./daemon.js";
import { apply, checkFlows, match, output } from "./flow-case.js";
import { actions, matches } from "./flows-1.3.js";
import { describeWith } from "./installed.js";
import { BRIDGE, DATAPATH, Lab } from "./lab.js";
import { OVS_PROGRAMS } from "./ovs.js";
import { poll } from "./programs.js";

describeWith(OVS_PROGRAMS, "Open vSwitch over OpenFlow 1.3", () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await Lab.start(4);
  });

  afterAll(() => lab?.stop());

  checkSwitch(() => lab);

  describe("matches", () => checkFlows(() => lab, matches));
  describe("actions", () => checkFlows(() => lab, actions));

  describe("flows", () => {
    beforeEach(() => lab.reset());

    it("MODIFY and DELETE look at the cookie under its mask", async () => {
      await lab.addFlow({ cookie: 0x11, match: match({ IN_PORT: 1 }) });
      await lab.addFlow({ cookie: 0x21, match: match({ IN_PORT: 2 }) });
      const change = { table_id: 0, command: "MODIFY", cookie: 0x10, cookie_mask: 0xf0 };
      await lab.tell("FLOW_MOD", { ...change, instructions: apply(output(3)) });
      expect(await lab.flows()).toEqual([
        "cookie=0x11, priority=0,in_port=1 actions=output:3",
        "cookie=0x21, priority=0,in_port=2 actions=drop",
      ]);
      await lab.tell("FLOW_MOD", { table_id: "ALL", command: "DELETE", cookie: 0x20, cookie_mask: 0xf0 });
      expect(await lab.flows()).toEqual(["cookie=0x11, priority=0,in_port=1 actions=output:3"]);
      const reply = await lab.ask("AGGREGATE_STATS_REQUEST", {
        ...ALL_FLOWS,
        cookie: 0x11,
        cookie_mask: 0xff,
      });
      expect(reply.msg).toMatchObject({ flow_count: 1 });
    });

    it("a match without its prerequisite never reaches the switch", async () => {
      const flow = { match: match({ TCP_DST: 80 }) };
      await expect(lab.addFlow(flow)).rejects.toThrow("TCP_DST needs ETH_TYPE 0x0800 or 0x86dd");
      expect(await lab.flows()).toEqual([]);
    });

    it("a flow for all tables is an error", async () => {
      const error = await lab.refusal("FLOW_MOD", { table_id: "ALL", command: "ADD" });
      expect(error.msg).toMatchObject({ type: "FLOW_MOD_FAILED", code: "OFPFMFC_BAD_TABLE_ID" });
    });

    it("a group that is not there is an error", async () => {
      const flow = { table_id: 0, command: "ADD", instructions: apply({ action: "GROUP", group_id: 99 }) };
      const error = await lab.refusal("FLOW_MOD", flow);
      expect(error.msg).toMatchObject({ type: "BAD_ACTION", code: "OFPBAC_BAD_OUT_GROUP" });
    });

    it("going back to an earlier table is an error", async () => {
      const instructions = [{ instruction: "GOTO_TABLE", table_id: 1 }];
      const error = await lab.refusal("FLOW_MOD", { table_id: 2, command: "ADD", instructions });
      expect(error.msg).toMatchObject({ type: "BAD_INSTRUCTION" });
    });

    it("FLOW_REMOVED comes with table, timeouts and counters", async () => {
      await lab.addFlow({
        table_id: 3,
        cookie: 0xffff_ffff_ffff_fffen,
        hard_timeout: 300,
        flags: ["SEND_FLOW_REM"],
        match: match({ METADATA: [0x1200, 0xff00], ETH_TYPE: 0x86dd, IPV6_SRC: "fe80::1" }),
      });
      await lab.tell("FLOW_MOD", { table_id: 3, command: "DELETE" });
      const { msg } = await lab.daemon.next("FLOW_REMOVED");
      expect(msg).toMatchObject({
        cookie: 0xffff_ffff_ffff_fffen,
        reason: "DELETE",
        table_id: 3,
        hard_timeout: 300,
      });
      expect(msg.match).toEqual(
        expect.arrayContaining(match({ METADATA: [0x1200, 0xff00], ETH_TYPE: 0x86dd, IPV6_SRC: "fe80::1" })),
      );
    });
  });

  describe("packets", () => {
    beforeEach(() => lab.reset());

    it("PACKET_IN says table, cookie, metadata and registers of a table miss", async () => {
      const metadata = { instruction: "WRITE_METADATA", metadata: 0xbeef, mask: 0xffff };
      const register = { action: "NX_REG_LOAD", dst: "NX_REG3[0:32]", value: 5 };
      await lab.addFlow({
        instructions: [...apply(register), metadata, { instruction: "GOTO_TABLE", table_id: 9 }],
      });
      const miss = { action: "OUTPUT", port_no: "CONTROLLER", max_len: "NO_BUFFER" };
      await lab.addFlow({ table_id: 9, cookie: 0xabc, instructions: apply(miss) });
      await lab.ovs.inject(`${BRIDGE}-p2`, ARP_FRAME);
      const { msg } = await lab.daemon.next("PACKET_IN");
      expect(msg).toMatchObject({
        buffer_id: "NO_BUFFER",
        total_len: 60,
        in_port: 2,
        metadata: 0xbeef,
        reason: "TABLE_MISS",
        table_id: 9,
        cookie: 0xabc,
        data: ARP_FRAME.toUpperCase(),
      });
      const fields = match({ IN_PORT: 2, METADATA: 0xbeef, NX_REG3: 5 });
      expect(msg.match).toEqual(expect.arrayContaining(fields));
    });
  });

  describe("groups", () => {
    beforeEach(() => lab.reset());

    const bucket = (port: number, more: Json = {}): Json => ({
      weight: 0,
      watch_port: "ANY",
      watch_group: "ANY",
      actions: [output(port)],
      ...more,
    });

    const GROUPS: readonly (readonly [type: string, buckets: Json[], text: string])[] = [
      [
        "ALL",
        [bucket(1, { actions: [{ action: "PUSH_VLAN", ethertype: 0x8100 }, output(1)] }), bucket(2)],
        "group_id=7,type=all,bucket=actions=push_vlan:0x8100,output:1,bucket=actions=output:2",
      ],
      [
        "SELECT",
        [bucket(1, { weight: 10 }), bucket(2, { weight: 90 })],
        "group_id=7,type=select,bucket=weight:10,actions=output:1,bucket=weight:90,actions=output:2",
      ],
      ["INDIRECT", [bucket(3)], "group_id=7,type=indirect,bucket=actions=output:3"],
      [
        "FF",
        [bucket(1, { watch_port: 1 }), bucket(2, { watch_port: 2 })],
        "group_id=7,type=ff,bucket=watch_port:1,actions=output:1,bucket=watch_port:2,actions=output:2",
      ],
    ];

    it.each(GROUPS)("of type %s is written and read back", async (type, buckets, text) => {
      await lab.tell("GROUP_MOD", { command: "ADD", type, group_id: 7, buckets });
      expect(await groups()).toEqual([text]);
      const reply = await lab.ask("GROUP_DESC_REQUEST", {});
      expect(reply).toMatchObject({ type: "GROUP_DESC_REPLY", msg: [{ type, group_id: 7, buckets }] });
    });

    it("is changed, used by a flow, counted and deleted", async () => {
      const group = { type: "INDIRECT", group_id: 8, buckets: [bucket(3)] };
      await lab.tell("GROUP_MOD", { command: "ADD", ...group, buckets: [bucket(1)] });
      await lab.tell("GROUP_MOD", { command: "MODIFY", ...group });
      await lab.addFlow({
        match: match({ IN_PORT: 1 }),
        instructions: apply({ action: "GROUP", group_id: 8 }),
        flags: ["SEND_FLOW_REM"],
      });
      expect(await lab.flows()).toEqual(["send_flow_rem priority=0,in_port=1 actions=group:8"]);

      const frame = ARP_FRAME.replace("0a000002", "0a000008");
      await lab.ovs.inject(`${BRIDGE}-p1`, frame);
      await lab.ovs.sent(`${BRIDGE}-p3`, frame);
      const stats = await poll(
        "packets of the group",
        async () => (await lab.ask("GROUP_STATS_REQUEST", { group_id: 8 })).msg as unknown as Json[],
        ([group]) => group?.packet_count === 1,
      );
      const counts = { packet_count: 1, byte_count: 60 };
      expect(stats).toMatchObject([{ group_id: 8, ref_count: 1, ...counts, bucket_stats: [counts] }]);

      await lab.tell("GROUP_MOD", { command: "DELETE", type: "INDIRECT", group_id: 8, buckets: [] });
      expect(await groups()).toEqual([]);
      const { msg } = await lab.daemon.next("FLOW_REMOVED");
      expect(msg).toMatchObject({ reason: "GROUP_DELETE", match: match({ IN_PORT: 1 }) });
    });

    it("cannot be added twice", async () => {
      const group = { command: "ADD", type: "INDIRECT", group_id: 7, buckets: [bucket(3)] };
      await lab.tell("GROUP_MOD", group);
      const error = await lab.refusal("GROUP_MOD", group);
      expect(error.msg).toMatchObject({ type: "GROUP_MOD_FAILED", code: "OFPGMFC_GROUP_EXISTS" });
    });

    it("have features", async () => {
      const reply = await lab.ask("GROUP_FEATURES_REQUEST", {});
      expect(reply).toMatchObject({
        type: "GROUP_FEATURES_REPLY",
        msg: {
          types: ["ALL", "SELECT", "INDIRECT", "FF"],
          capabilities: ["SELECT_WEIGHT", "SELECT_LIVENESS", "CHAINING"],
          max_groups_all: 0xffff_ff00,
          actions_all: expect.arrayContaining(["OUTPUT", "PUSH_VLAN", "GROUP", "SET_FIELD"]),
        },
      });
    });

    async function groups(): Promise<string[]> {
      const lines = (await lab.ovs.ofctl(BRIDGE, 4, "dump-groups")).split("\n").slice(1, -1);
      return lines.map((line) => line.trim());
    }
  });

  describe("meters", () => {
    beforeEach(() => lab.reset());

    const METER = {
      flags: ["KBPS", "BURST", "STATS"],
      meter_id: 5,
      bands: [{ type: "DROP", rate: 1000, burst_size: 200 }],
    };

    it("are written and read back", async () => {
      await lab.tell("METER_MOD", { command: "ADD", ...METER });
      expect(await lab.ovs.ofctl(BRIDGE, 4, "dump-meters")).toMatch(
        /\nmeter=5 kbps burst stats bands=\ntype=drop rate=1000 burst_size=200\n/,
      );
      const reply = await lab.ask("METER_CONFIG_REQUEST", { meter_id: "ALL" });
      expect(reply).toMatchObject({ type: "METER_CONFIG_REPLY", msg: [METER] });
    });

    it("count what flows through them, and take their flows along when they go", async () => {
      await lab.tell("METER_MOD", { command: "ADD", ...METER });
      await lab.addFlow({
        match: match({ IN_PORT: 1 }),
        instructions: [{ instruction: "METER", meter_id: 5 }, ...apply(output(2))],
      });
      expect(await lab.flows()).toEqual(["priority=0,in_port=1 actions=meter:5,output:2"]);
      await lab.ovs.inject(`${BRIDGE}-p1`, ARP_FRAME);
      const stats = await poll(
        "packets of the meter",
        async () => (await lab.ask("METER_STATS_REQUEST", { meter_id: 5 })).msg as unknown as Json[],
        ([meter]) => meter?.packet_in_count === 1,
      );
      const counts = { packet_in_count: 1, byte_in_count: 60 };
      const bands = [{ packet_count: 0, byte_count: 0 }];
      expect(stats).toMatchObject([{ meter_id: 5, flow_count: 1, ...counts, bands }]);
      await lab.tell("METER_MOD", { command: "DELETE", flags: [], meter_id: 5, bands: [] });
      expect(await lab.flows()).toEqual([]);
    });

    it("that are not there cannot be changed", async () => {
      const error = await lab.refusal("METER_MOD", { command: "MODIFY", ...METER });
      expect(error.msg).toMatchObject({ type: "METER_MOD_FAILED", code: "OFPMMFC_UNKNOWN_METER" });
    });

    it("have features", async () => {
      const reply = await lab.ask("METER_FEATURES_REQUEST", {});
      expect(reply).toMatchObject({
        type: "METER_FEATURES_REPLY",
        msg: {
          band_types: ["DROP"],
          capabilities: ["KBPS", "PKTPS", "BURST", "STATS"],
          max_bands: 8,
          max_color: 0,
        },
      });
    });
  });

  describe("tables", () => {
    it("have features, in several parts", async () => {
      const create = ["--id=@table", "create", "flow_table", "name=Première"];
      await lab.ovs.vsctl(...create, "--", "set", "bridge", BRIDGE, "flow_tables:0=@table");
      const parts = await lab.daemon.askParts(DATAPATH, "TABLE_FEATURES_REQUEST", []);
      expect(parts.length).toBeGreaterThan(1);
      const tables = parts.flatMap(({ msg }) => msg as unknown as Json[]);
      expect(tables.map(({ table_id }) => table_id)).toEqual(Array.from({ length: 254 }, (_, n) => n));
      expect(tables[0]).toMatchObject({
        name: "Première",
        metadata_match: 0xffff_ffff_ffff_ffffn,
        metadata_write: 0xffff_ffff_ffff_ffffn,
        max_entries: 1_000_000,
        instructions: [
          "GOTO_TABLE",
          "WRITE_METADATA",
          "WRITE_ACTIONS",
          "APPLY_ACTIONS",
          "CLEAR_ACTIONS",
          "METER",
        ],
        match: expect.arrayContaining(["ETH_TYPE", "IN_PORT", "IPV6_FLABEL/", "TUNNEL_ID/", "NX_REG0/"]),
        wildcards: expect.arrayContaining(["ETH_TYPE", "IPV6_FLABEL"]),
        apply_actions: expect.arrayContaining(["OUTPUT", "PUSH_MPLS", "DEC_NW_TTL", "SET_FIELD"]),
        apply_set_field: expect.arrayContaining(["ETH_DST", "IPV4_SRC", "TCP_DST"]),
      });
    });

    it("take a configuration", async () => {
      await lab.tell("TABLE_MOD", { table_id: 1, config: [] });
    });
  });

  describe("roles", () => {
    const role = (name: string, generation = 0) =>
      lab.ask("ROLE_REQUEST", { role: name, generation_id: generation });

    it("are asked for and taken", async () => {
      expect(await role("ROLE_NOCHANGE")).toMatchObject({ type: "ROLE_REPLY", msg: { role: "ROLE_EQUAL" } });
      expect(await role("ROLE_MASTER", 10)).toMatchObject({
        type: "ROLE_REPLY",
        msg: { role: "ROLE_MASTER", generation_id: 10 },
      });
      const stale = await role("ROLE_MASTER", 9);
      expect(stale).toMatchObject({
        type: "ERROR",
        msg: { type: "ROLE_REQUEST_FAILED", code: "OFPRRFC_STALE" },
      });

      expect(await role("ROLE_SLAVE", 11)).toMatchObject({ msg: { role: "ROLE_SLAVE", generation_id: 11 } });
      const error = await lab.refusal("FLOW_MOD", { table_id: 0, command: "ADD" });
      expect(error.msg).toMatchObject({ type: "BAD_REQUEST", code: "OFPBRC_IS_SLAVE" });

      expect(await role("ROLE_EQUAL")).toMatchObject({ msg: { role: "ROLE_EQUAL" } });
      await lab.addFlow({ priority: 1 });
    });
  });

  describe("asynchronous messages", () => {
    it("are chosen and read back", async () => {
      const before = await lab.ask("GET_ASYNC_REQUEST", {});
      const { packet_in_master, flow_removed_master, port_status_slave } = before.msg;
      expect({ packet_in_master, flow_removed_master, port_status_slave }).toEqual({
        packet_in_master: ["TABLE_MISS", "APPLY_ACTION"],
        flow_removed_master: ["IDLE_TIMEOUT", "HARD_TIMEOUT", "DELETE", "GROUP_DELETE"],
        port_status_slave: ["ADD", "DELETE", "MODIFY"],
      });
      const chosen = {
        packet_in_master: ["APPLY_ACTION", "INVALID_TTL"],
        packet_in_slave: ["TABLE_MISS"],
        port_status_master: ["ADD"],
        port_status_slave: ["DELETE", "MODIFY"],
        flow_removed_master: ["HARD_TIMEOUT"],
        flow_removed_slave: ["IDLE_TIMEOUT", "DELETE"],
      };
      await lab.tell("SET_ASYNC", chosen);
      expect((await lab.ask("GET_ASYNC_REQUEST", {})).msg).toMatchObject(chosen);
      await lab.tell("SET_ASYNC", before.msg);
      expect((await lab.ask("GET_ASYNC_REQUEST", {})).msg).toEqual(before.msg);
    });
  });

  describe("experimenters", () => {
    it("of the switch are answered", async () => {
      // The role of Open vSwitch's extension: 0 is "other".
      const reply = await lab.ask("EXPERIMENTER", { experimenter: 0x2320, exp_type: 10, data: "00000000" });
      expect(reply).toMatchObject({
        type: "EXPERIMENTER",
        msg: { experimenter: 0x2320, exp_type: 11, data: "00000000" },
      });
    });

    it("that are unknown get an error", async () => {
      const error = await lab.ask("EXPERIMENTER", { experimenter: 0xabcdef, exp_type: 1, data: "" });
      expect(error).toMatchObject({
        type: "ERROR",
        msg: { type: "BAD_REQUEST", code: "OFPBRC_BAD_EXPERIMENTER" },
      });
    });

    it("have statistics of their own, which may be unknown", async () => {
      const request = { experimenter: 0xabcdef, exp_type: 1, data: "" };
      const error = await lab.ask("EXPERIMENTER_REQUEST", request);
      expect(error).toMatchObject({
        type: "ERROR",
        msg: { type: "BAD_REQUEST", code: "OFPBRC_BAD_EXPERIMENTER" },
      });
    });
  });
});
