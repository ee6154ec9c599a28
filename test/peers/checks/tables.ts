/** Features, descriptions and configuration of tables, of 1.3 and later. */
import { afterEach, expect, it } from "vitest";
import type { Json } from "../daemon.js";
import { match } from "../flows/flow-case.js";
import { BRIDGE, DATAPATH, type Lab } from "../lab.js";
import { resetBefore, type Suite, V1_1, V1_3, V1_5 } from "./suite.js";

const ALL_ONES = 0xffff_ffff_ffff_ffffn;

export function checkTableFeatures(suite: Suite): void {
  const { lab, version } = suite;
  resetBefore(suite);
  afterEach(async () => {
    await lab().ovs.vsctl("clear", "bridge", BRIDGE, "flow_tables");
  });

  const actions = expect.arrayContaining(["OUTPUT", "PUSH_MPLS", "DEC_NW_TTL", "SET_FIELD"]);
  const setFields = expect.arrayContaining(["ETH_DST", "IPV4_SRC", "TCP_DST"]);
  const instructions = [
    ...["GOTO_TABLE", "WRITE_METADATA", "WRITE_ACTIONS", "APPLY_ACTIONS", "CLEAR_ACTIONS"],
    ...(version < V1_5 ? ["METER"] : []),
  ];

  it("TABLE_FEATURES come in several parts", async () => {
    await nameTable(lab(), "Première");
    const parts = await lab().daemon.askParts(DATAPATH, "TABLE_FEATURES_REQUEST", []);
    expect(parts.length).toBeGreaterThan(1);
    const tables = parts.flatMap(({ msg }) => msg as unknown as Json[]);
    expect(tables.map(({ table_id }) => table_id)).toEqual(Array.from({ length: 254 }, (_, n) => n));
    expect(tables[0]).toMatchObject({
      ...(version >= V1_5 ? { command: "REPLACE", features: [] } : {}),
      name: "Première",
      metadata_match: ALL_ONES,
      metadata_write: ALL_ONES,
      config: [],
      max_entries: 1_000_000,
      instructions,
      next_tables: Array.from({ length: 253 }, (_, n) => n + 1),
      write_actions: actions,
      apply_actions: actions,
      match: expect.arrayContaining(["ETH_TYPE", "IN_PORT", "IPV6_FLABEL/", "TUNNEL_ID/", "NX_REG0/"]),
      wildcards: expect.arrayContaining(["ETH_TYPE", "IPV6_FLABEL"]),
      write_set_field: setFields,
      apply_set_field: setFields,
    });
    expect(tables[253]).toMatchObject({ instructions: instructions.slice(1), next_tables: [] });
  });

  it("TABLE_FEATURES go back to the switch as they came, but for a name", async () => {
    const { daemon } = lab();
    const parts = await daemon.askParts(DATAPATH, "TABLE_FEATURES_REQUEST", []);
    const renamed = parts.map(({ flags, msg }) => ({
      flags,
      tables: (msg as unknown as Json[]).map((table) =>
        table.table_id === 5 ? { ...table, name: "fifth" } : table,
      ),
    }));
    const xid = await daemon.send(DATAPATH, "TABLE_FEATURES_REQUEST", renamed[0]?.tables, {
      flags: renamed[0]?.flags,
    });
    for (const { flags, tables } of renamed.slice(1)) {
      await daemon.send(DATAPATH, "TABLE_FEATURES_REQUEST", tables, { flags, xid });
    }
    const answer = await daemon.event("the tables' new features", (event) => event.xid === xid);
    expect(answer).toMatchObject({ type: "TABLE_FEATURES_REPLY" });
    daemon.takeEvents((event) => event.xid === xid);
    const tables = await lab().list("TABLE_FEATURES_REQUEST", []);
    expect(tables.map(({ name }) => name).filter((name) => name !== "")).toEqual(["fifth"]);
  });

  it("TABLE_FEATURES with other features than the table has are an error", async () => {
    const table = { table_id: 1, name: "", metadata_match: 0, metadata_write: 0, config: [], max_entries: 5 };
    const { msg } = await lab().ask("TABLE_FEATURES_REQUEST", [table]);
    expect(msg).toMatchObject({ type: "TABLE_FEATURES_FAILED", code: "OFPTFFC_EPERM" });
  });

  if (version >= V1_5) {
    it("TABLE_FEATURES with MODIFY change one table, with DISABLE they are an error", async () => {
      const [table] = await lab().list("TABLE_FEATURES_REQUEST", []);
      const modified = { ...table, command: "MODIFY", name: "first" };
      await lab().list("TABLE_FEATURES_REQUEST", [modified]);
      const [after, second] = await lab().list("TABLE_FEATURES_REQUEST", []);
      expect([after?.name, second?.name]).toEqual(["first", ""]);
      const { msg } = await lab().ask("TABLE_FEATURES_REQUEST", [{ ...table, command: "DISABLE" }]);
      expect(msg).toMatchObject({ type: "TABLE_FEATURES_FAILED", code: "OFPTFFC_EPERM" });
    });
  }
}

export function checkTableMods(suite: Suite): void {
  const { lab, version } = suite;
  resetBefore(suite);

  it("TABLE_MOD of a table that the switch keeps to itself is an error", async () => {
    const error = await lab().refusal("TABLE_MOD", { table_id: 254, config: [] });
    // 1.1 has no such code: Open vSwitch makes it one of its own there (nicira-ext.h, NXET_VENDOR).
    const answer =
      version === V1_1
        ? { type: "0xB0C2", code: "0x0000", data: expect.stringMatching(/^00002320/) }
        : { type: "TABLE_MOD_FAILED", code: "OFPTMFC_EPERM" };
    expect(error.msg).toMatchObject(answer);
  });

  if (version <= V1_3) {
    it("TABLE_MOD is taken", async () => {
      await lab().tell("TABLE_MOD", { table_id: 1, config: [] });
    });
    return;
  }

  it("TABLE_DESC shows every table", async () => {
    const tables = await lab().list("TABLE_DESC_REQUEST", {});
    const ids = Array.from({ length: 254 }, (_, table_id) => table_id);
    expect(tables).toEqual(
      // 1 other, 2 importance, 4 lifetime
      ids.map((table_id) => ({ table_id, config: [], eviction: { flags: 7 }, properties: [] })),
    );
  });

  it("TABLE_MOD sets eviction and the thresholds of free space", async () => {
    const vacancy = { vacancy_down: 20, vacancy_up: 60, vacancy: 0 };
    const config = ["EVICTION", "VACANCY_EVENTS"];
    await lab().tell("TABLE_MOD", { table_id: 1, config, vacancy });
    expect(await lab().ovs.ofctl(BRIDGE, version, "dump-table-desc")).toMatch(
      /\n +table 1:\n +eviction=on eviction_flags=OTHER\|IMPORTANCE\|LIFETIME\n +vacancy=on vacancy_down=20% vacancy_up=60% vacancy=100%\n/,
    );
    const tables = await lab().list("TABLE_DESC_REQUEST", {});
    expect(tables[1]).toEqual({
      table_id: 1,
      config,
      eviction: { flags: 7 },
      vacancy: { ...vacancy, vacancy: 100 },
      properties: [],
    });
    await lab().tell("TABLE_MOD", { table_id: 1, config: [] });
    expect((await lab().list("TABLE_DESC_REQUEST", {}))[1]).toMatchObject({ config: [] });
  });

  it("TABLE_MOD with thresholds that cannot be is an error", async () => {
    const vacancy = { vacancy_down: 60, vacancy_up: 20, vacancy: 0 };
    const message = { table_id: 1, config: ["VACANCY_EVENTS"], vacancy };
    const error = await lab().refusal("TABLE_MOD", message);
    expect(error.msg).toMatchObject({ type: "BAD_PROPERTY", code: "OFPBPC_BAD_VALUE" });
  });

  it("TABLE_STATUS tells of a table that gets full and has space again", async () => {
    await limitTable(lab(), 4);
    const all = ["VACANCY_DOWN", "VACANCY_UP"];
    const before = (await lab().ask("GET_ASYNC_REQUEST", {})).msg;
    await lab().tell("SET_ASYNC", { table_status_master: all, table_status_slave: [] });
    const vacancy = { vacancy_down: 30, vacancy_up: 60, vacancy: 0 };
    await lab().tell("TABLE_MOD", { table_id: 0, config: ["VACANCY_EVENTS"], vacancy });

    for (const port of [1, 2, 3]) await lab().addFlow({ match: match({ IN_PORT: port }) });
    const down = await lab().daemon.next("TABLE_STATUS");
    expect(down.msg).toMatchObject({
      reason: "VACANCY_DOWN",
      table_id: 0,
      config: ["VACANCY_EVENTS"],
      vacancy: { vacancy_down: 30, vacancy_up: 60, vacancy: 25 },
    });
    await lab().tell("FLOW_MOD", { table_id: 0, command: "DELETE", match: [] });
    const up = await lab().daemon.next("TABLE_STATUS");
    expect(up.msg).toMatchObject({ reason: "VACANCY_UP", table_id: 0 });

    await lab().tell("TABLE_MOD", { table_id: 0, config: [] });
    await lab().tell("SET_ASYNC", before);
    await lab().ovs.vsctl("clear", "bridge", BRIDGE, "flow_tables");
  });

  it("a flow too many is an error, or makes a flow of less importance go", async () => {
    await limitTable(lab(), 2);
    // Open vSwitch only lets flows go that would go some day.
    const leaves = { idle_timeout: 300, flags: ["SEND_FLOW_REM"] };
    const add = (port: number, importance: number): Promise<void> =>
      lab().addFlow({ match: match({ IN_PORT: port }), importance, ...leaves });
    await add(1, 10);
    await add(2, 5);
    const full = { table_id: 0, command: "ADD", match: match({ IN_PORT: 3 }), importance: 20 };
    const error = await lab().refusal("FLOW_MOD", full);
    expect(error.msg).toMatchObject({ type: "FLOW_MOD_FAILED", code: "OFPFMFC_TABLE_FULL" });

    await lab().tell("TABLE_MOD", { table_id: 0, config: ["EVICTION"] });
    await lab().tell("FLOW_MOD", full);
    const { msg } = await lab().daemon.next("FLOW_REMOVED");
    expect(msg).toMatchObject({ reason: "EVICTION", match: match({ IN_PORT: 2 }) });
    expect(await lab().flows()).toEqual([
      "idle_timeout=300, send_flow_rem importance=10, priority=0,in_port=1 actions=drop",
      "importance=20, priority=0,in_port=3 actions=drop",
    ]);
    await lab().tell("TABLE_MOD", { table_id: 0, config: [] });
    await lab().ovs.vsctl("clear", "bridge", BRIDGE, "flow_tables");
  });
}

/** Gives table 0 a name, as the administrator does. */
async function nameTable({ ovs }: Lab, name: string): Promise<void> {
  await ovs.vsctl(...createTable(`name=${name}`));
}

/** Lets table 0 hold some flows only, as the administrator does. */
async function limitTable({ ovs }: Lab, flows: number): Promise<void> {
  await ovs.vsctl(...createTable(`flow_limit=${flows}`));
}

function createTable(setting: string): string[] {
  const set = ["set", "bridge", BRIDGE, "flow_tables:0=@table"];
  return ["--id=@table", "create", "flow_table", setting, "--", ...set];
}
