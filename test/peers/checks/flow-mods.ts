/** What FLOW_MOD does, and how flows end. */
import { expect, it } from "vitest";
import { apply, match, output } from "../flows/flow-case.js";
import { ALL_FLOWS, DATAPATH, type Lab } from "../lab.js";
import { NO_PORT, resetBefore, type Suite, V1_0, V1_1, V1_2, V1_3, V1_4 } from "./suite.js";

const FLOW = { priority: 5, match: match({ IN_PORT: 1 }), instructions: apply(output(2)) };
const TO_PORT_3 = { ...FLOW, table_id: 0, instructions: apply(output(3)) };

export function checkFlowMods(suite: Suite): void {
  const { lab, version } = suite;
  resetBefore(suite);

  it("MODIFY changes actions", async () => {
    await lab().addFlow(FLOW);
    await lab().tell("FLOW_MOD", { ...TO_PORT_3, command: "MODIFY" });
    expect(await lab().flows()).toEqual(["priority=5,in_port=1 actions=output:3"]);
  });

  it("MODIFY_STRICT looks at the priority", async () => {
    await lab().addFlow(FLOW);
    await lab().addFlow({ ...FLOW, priority: 6 });
    await lab().tell("FLOW_MOD", { ...TO_PORT_3, command: "MODIFY_STRICT" });
    expect(await lab().flows()).toEqual([
      "priority=5,in_port=1 actions=output:3",
      "priority=6,in_port=1 actions=output:2",
    ]);
  });

  it("DELETE_STRICT looks at the priority, DELETE does not", async () => {
    await lab().addFlow(FLOW);
    await lab().addFlow({ ...FLOW, priority: 6 });
    await lab().addFlow({ ...FLOW, priority: 7 });
    await lab().tell("FLOW_MOD", { ...FLOW, table_id: 0, command: "DELETE_STRICT" });
    expect(await lab().flows()).toEqual([
      "priority=6,in_port=1 actions=output:2",
      "priority=7,in_port=1 actions=output:2",
    ]);
    await lab().tell("FLOW_MOD", { table_id: 0, command: "DELETE", match: [] });
    expect(await lab().flows()).toEqual([]);
  });

  it("DELETE empties all tables at once, where the version has that", async () => {
    await lab().addFlow(FLOW);
    const message = { table_id: "ALL", command: "DELETE", match: [] };
    if (version === V1_1) {
      const error = await lab().refusal("FLOW_MOD", message);
      expect(error.msg).toMatchObject({ type: "FLOW_MOD_FAILED", code: "OFPFMFC_BAD_TABLE_ID" });
    } else {
      await lab().tell("FLOW_MOD", message);
      expect(await lab().flows()).toEqual([]);
    }
  });

  it("DELETE looks at the port where the flow sends packets", async () => {
    await lab().addFlow(FLOW);
    await lab().addFlow({ ...TO_PORT_3, priority: 6 });
    await lab().tell("FLOW_MOD", { table_id: 0, command: "DELETE", out_port: 2 });
    expect(await lab().flows()).toEqual(["priority=6,in_port=1 actions=output:3"]);
  });

  it("FLOW_REMOVED tells of a flow that was deleted", async () => {
    await lab().addFlow({ ...FLOW, cookie: 99, idle_timeout: 60, flags: ["SEND_FLOW_REM"] });
    await lab().tell("FLOW_MOD", { table_id: 0, command: "DELETE", match: FLOW.match });
    const event = await lab().daemon.next("FLOW_REMOVED");
    expect(event.msg).toMatchObject({
      cookie: 99,
      priority: 5,
      reason: "DELETE",
      table_id: 0,
      idle_timeout: 60,
      packet_count: 0,
      byte_count: 0,
      match: FLOW.match,
    });
  });

  it("FLOW_REMOVED tells of a flow whose time is over", async () => {
    await lab().addFlow({ ...FLOW, hard_timeout: 1, flags: ["SEND_FLOW_REM"] });
    const event = await lab().daemon.next("FLOW_REMOVED");
    expect(event.msg).toMatchObject({ reason: "HARD_TIMEOUT", match: FLOW.match });
    expect(Number(event.msg.duration)).toBeGreaterThanOrEqual(1);
  });

  it("FLOW_REMOVED tells of a flow that was idle for too long", async () => {
    await lab().addFlow({ ...FLOW, idle_timeout: 1, flags: ["SEND_FLOW_REM"] });
    const event = await lab().daemon.next("FLOW_REMOVED");
    expect(event.msg).toMatchObject({ reason: "IDLE_TIMEOUT", idle_timeout: 1, match: FLOW.match });
  });

  it("a flow to a port that cannot be is an error, which quotes the message", async () => {
    const flow = { command: "ADD", table_id: 0, instructions: apply(output(NO_PORT)) };
    const error = await lab().refusal("FLOW_MOD", flow);
    expect(error.msg).toMatchObject({ type: "BAD_ACTION", code: "OFPBAC_BAD_OUT_PORT" });
    const header = Buffer.from(String(error.msg.data), "hex");
    expect([header[0], header[1], header.readUInt32BE(4)]).toEqual([version, 14, error.xid]);
  });

  it("a flow that overlaps another one is an error where the overlap is checked", async () => {
    await lab().addFlow(FLOW);
    const other = { ...FLOW, match: match({ ETH_TYPE: 0x0800 }), flags: ["CHECK_OVERLAP"] };
    const error = await lab().refusal("FLOW_MOD", { ...other, command: "ADD", table_id: 0 });
    expect(error.msg).toMatchObject({ type: "FLOW_MOD_FAILED", code: "OFPFMFC_OVERLAP" });
  });

  it("an unknown command is an error", async () => {
    const error = await lab().refusal("FLOW_MOD", { ...FLOW, table_id: 0, command: 99 });
    expect(error.msg).toMatchObject({ type: "FLOW_MOD_FAILED", code: "OFPFMFC_BAD_COMMAND" });
  });

  it("BARRIER_REPLY comes after all that was sent before", async () => {
    const { daemon } = lab();
    for (let n = 1; n <= 200; n++) {
      void daemon.send(DATAPATH, "FLOW_MOD", { ...FLOW, command: "ADD", table_id: 0, priority: n });
    }
    const reply = await lab().ask("BARRIER_REQUEST", {});
    expect(reply).toMatchObject({ type: "BARRIER_REPLY", msg: {} });
    expect(await lab().flows()).toHaveLength(200);
  });

  if (version > V1_0) checkCookiesAndTables(lab);
  if (version >= V1_2) checkFieldsOfRemoved(lab);
  if (version >= V1_3) checkFlags(lab, version);
}

function checkCookiesAndTables(lab: () => Lab): void {
  it("MODIFY and DELETE look at the cookie under its mask", async () => {
    await lab().addFlow({ cookie: 0x11, match: match({ IN_PORT: 1 }) });
    await lab().addFlow({ cookie: 0x21, match: match({ IN_PORT: 2 }) });
    const change = { table_id: 0, command: "MODIFY", cookie: 0x10, cookie_mask: 0xf0 };
    await lab().tell("FLOW_MOD", { ...change, instructions: apply(output(3)) });
    expect(await lab().flows()).toEqual([
      "cookie=0x11, priority=0,in_port=1 actions=output:3",
      "cookie=0x21, priority=0,in_port=2 actions=drop",
    ]);
    await lab().tell("FLOW_MOD", { table_id: 0, command: "DELETE", cookie: 0x20, cookie_mask: 0xf0 });
    expect(await lab().flows()).toEqual(["cookie=0x11, priority=0,in_port=1 actions=output:3"]);
    const request = { ...ALL_FLOWS, cookie: 0x11, cookie_mask: 0xff };
    const reply = await lab().ask("AGGREGATE_STATS_REQUEST", request);
    expect(reply.msg).toMatchObject({ flow_count: 1 });
  });

  it("a flow for all tables is an error", async () => {
    const error = await lab().refusal("FLOW_MOD", { table_id: "ALL", command: "ADD" });
    expect(error.msg).toMatchObject({ type: "FLOW_MOD_FAILED", code: "OFPFMFC_BAD_TABLE_ID" });
  });

  it("a group that is not there is an error", async () => {
    const flow = { table_id: 0, command: "ADD", instructions: apply({ action: "GROUP", group_id: 99 }) };
    const error = await lab().refusal("FLOW_MOD", flow);
    expect(error.msg).toMatchObject({ type: "BAD_ACTION", code: "OFPBAC_BAD_OUT_GROUP" });
  });

  it("going back to an earlier table is an error", async () => {
    const instructions = [{ instruction: "GOTO_TABLE", table_id: 1 }];
    const error = await lab().refusal("FLOW_MOD", { table_id: 2, command: "ADD", instructions });
    expect(error.msg).toMatchObject({ type: "BAD_INSTRUCTION", code: "OFPBIC_BAD_TABLE_ID" });
  });
}

function checkFieldsOfRemoved(lab: () => Lab): void {
  it("FLOW_REMOVED comes with table, timeouts and all fields", async () => {
    const fields = match({ METADATA: [0x1200, 0xff00], ETH_TYPE: 0x86dd, IPV6_SRC: "fe80::1" });
    const flow = { table_id: 3, cookie: 0xffff_ffff_ffff_fffen, hard_timeout: 300, match: fields };
    await lab().addFlow({ ...flow, flags: ["SEND_FLOW_REM"] });
    await lab().tell("FLOW_MOD", { table_id: 3, command: "DELETE" });
    const { msg } = await lab().daemon.next("FLOW_REMOVED");
    expect(msg).toMatchObject({ ...flow, reason: "DELETE", match: expect.arrayContaining(fields) });
  });

  it("a match without its prerequisite never reaches the switch", async () => {
    const flow = { match: match({ TCP_DST: 80 }) };
    await expect(lab().addFlow(flow)).rejects.toThrow("TCP_DST needs ETH_TYPE 0x0800 or 0x86dd");
    expect(await lab().flows()).toEqual([]);
  });
}

function checkFlags(lab: () => Lab, version: number): void {
  it("flags are kept, and importance where the version has it", async () => {
    const flags = ["RESET_COUNTS", "NO_PKT_COUNTS", "NO_BYT_COUNTS"];
    const flow = { ...FLOW, flags, ...(version >= V1_4 ? { importance: 7 } : {}) };
    await lab().addFlow(flow);
    const importance = version >= V1_4 ? "importance=7, " : "";
    expect(await lab().flows()).toEqual([
      `reset_counts no_packet_counts no_byte_counts ${importance}priority=5,in_port=1 actions=output:2`,
    ]);
    expect(await lab().flowDesc()).toMatchObject([flow]);
  });
}
