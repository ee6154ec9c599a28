/** What several controllers of one switch are to each other: roles, requests that are forwarded, messages that come unasked. */
import { expect, it } from "vitest";
import type { OpenFlowMessage } from "../daemon.js";
import { apply, match, output } from "../flows/flow-case.js";
import { BRIDGE } from "../lab.js";
import { bucketOf } from "./groups.js";
import { ARP_FRAME, resetBefore, type Suite, V1_4, V1_5 } from "./suite.js";

/** No generation of masters yet. */
const NO_GENERATION = 0xffff_ffff_ffff_ffffn;

/** Roles, of 1.2 and later. */
export function checkRoles(suite: Suite): void {
  const { lab, version } = suite;
  resetBefore(suite);

  const role = (name: string, generation = 0): Promise<OpenFlowMessage> =>
    lab().ask("ROLE_REQUEST", { role: name, generation_id: generation });

  it("are asked for and taken", async () => {
    expect(await role("ROLE_NOCHANGE")).toMatchObject({
      type: "ROLE_REPLY",
      msg: { role: "ROLE_EQUAL", generation_id: NO_GENERATION, ...(version >= V1_5 ? { short_id: 0 } : {}) },
    });
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
    const error = await lab().refusal("FLOW_MOD", { table_id: 0, command: "ADD" });
    expect(error.msg).toMatchObject({ type: "BAD_REQUEST", code: "OFPBRC_IS_SLAVE" });

    expect(await role("ROLE_EQUAL")).toMatchObject({ msg: { role: "ROLE_EQUAL" } });
    await lab().addFlow({ priority: 1 });
  });

  it("are lost to another master, which ROLE_STATUS tells where the version has it", async () => {
    expect(await role("ROLE_MASTER", 20)).toMatchObject({ msg: { role: "ROLE_MASTER" } });
    await lab().withOther(async (conn_id) => {
      const msg = { role: "ROLE_MASTER", generation_id: 21 };
      await lab().daemon.request("OFP.SEND", { conn_id, type: "ROLE_REQUEST", xid: 7, msg });
      const reply = await lab().daemon.event("the other's role", (event) => event.conn_id === conn_id);
      expect(reply).toMatchObject({ type: "ROLE_REPLY", xid: 7, msg });
      if (version >= V1_4) {
        const status = await lab().daemon.next("ROLE_STATUS");
        expect(status).toMatchObject({
          conn_id: lab().up.conn_id,
          msg: { role: "ROLE_SLAVE", reason: "MASTER_REQUEST", generation_id: 21, properties: [] },
        });
      }
      expect(await role("ROLE_NOCHANGE")).toMatchObject({ msg: { role: "ROLE_SLAVE" } });
    });
    expect(await role("ROLE_EQUAL")).toMatchObject({ msg: { role: "ROLE_EQUAL" } });
  });
}

const CHOSEN = {
  packet_in_master: ["APPLY_ACTION", "INVALID_TTL"],
  packet_in_slave: ["TABLE_MISS"],
  port_status_master: ["ADD"],
  port_status_slave: ["DELETE", "MODIFY"],
  flow_removed_master: ["HARD_TIMEOUT"],
  flow_removed_slave: ["IDLE_TIMEOUT", "DELETE"],
};

const CHOSEN_SINCE_1_4 = {
  role_status_master: ["MASTER_REQUEST", "CONFIG"],
  role_status_slave: ["EXPERIMENTER"],
  table_status_master: ["VACANCY_DOWN"],
  table_status_slave: ["VACANCY_DOWN", "VACANCY_UP"],
  requestforward_master: ["METER_MOD"],
  requestforward_slave: ["GROUP_MOD"],
};

/** The choice of messages that come unasked, of 1.3 and later. */
export function checkAsync(suite: Suite): void {
  const { lab, version } = suite;
  resetBefore(suite);

  it("are chosen and read back", async () => {
    const before = (await lab().ask("GET_ASYNC_REQUEST", {})).msg;
    const since14 = version >= V1_4;
    expect(before).toMatchObject({
      packet_in_master: [
        "TABLE_MISS",
        "APPLY_ACTION",
        ...(since14 ? ["ACTION_SET", "GROUP", "PACKET_OUT"] : []),
      ],
      flow_removed_master: [
        ...["IDLE_TIMEOUT", "HARD_TIMEOUT", "DELETE", "GROUP_DELETE"],
        ...(since14 ? ["METER_DELETE", "EVICTION"] : []),
      ],
      port_status_slave: ["ADD", "DELETE", "MODIFY"],
      ...(since14 ? { role_status_master: [], table_status_slave: [], requestforward_master: [] } : {}),
    });
    const chosen = { ...CHOSEN, ...(since14 ? CHOSEN_SINCE_1_4 : {}) };
    await lab().tell("SET_ASYNC", chosen);
    expect((await lab().ask("GET_ASYNC_REQUEST", {})).msg).toMatchObject(chosen);
    await lab().tell("SET_ASYNC", before);
    expect((await lab().ask("GET_ASYNC_REQUEST", {})).msg).toEqual(before);
  });

  it("come only if they were chosen", async () => {
    const before = (await lab().ask("GET_ASYNC_REQUEST", {})).msg;
    await lab().tell("SET_ASYNC", { ...before, packet_in_master: [], flow_removed_master: [] });
    await lab().addFlow({
      match: match({ IN_PORT: 1 }),
      instructions: apply({ action: "OUTPUT", port_no: "CONTROLLER" }, output(2)),
      flags: ["SEND_FLOW_REM"],
    });
    const frame = ARP_FRAME.replace("0a000002", "0a0000a5");
    await lab().ovs.inject(`${BRIDGE}-p1`, frame);
    await lab().ovs.sent(`${BRIDGE}-p2`, frame);
    await lab().tell("FLOW_MOD", { table_id: 0, command: "DELETE", match: [] });
    expect(lab().daemon.takeEvents()).toEqual([]);
    await lab().tell("SET_ASYNC", before);
  });
}

/** Requests of other controllers, of 1.4 and later. */
export function checkForwarding(suite: Suite): void {
  const { lab, version } = suite;
  resetBefore(suite);

  it("REQUESTFORWARD brings the groups and meters of other controllers", async () => {
    const before = (await lab().ask("GET_ASYNC_REQUEST", {})).msg;
    await lab().tell("SET_ASYNC", { ...before, requestforward_master: ["GROUP_MOD", "METER_MOD"] });
    const { ovs, daemon } = lab();
    const id = version >= V1_5 ? "bucket_id=1," : "";
    await ovs.ofctl(
      BRIDGE,
      version,
      "add-group",
      `group_id=5,type=select,bucket=${id}weight=3,actions=output:2`,
    );
    const group = {
      command: "ADD",
      type: "SELECT",
      group_id: 5,
      buckets: [bucketOf(version, 1, [{ action: "OUTPUT", port_no: 2, max_len: 0 }], { weight: 3 })],
    };
    expect((await daemon.next("REQUESTFORWARD")).msg).toMatchObject({
      type: "GROUP_MOD",
      version,
      msg: group,
    });

    await ovs.ofctl(
      BRIDGE,
      version,
      "add-meter",
      "meter=6,kbps,burst,band=type=drop,rate=1000,burst_size=50",
    );
    const meter = {
      command: "ADD",
      flags: ["KBPS", "BURST"],
      meter_id: 6,
      bands: [{ type: "DROP", rate: 1000, burst_size: 50 }],
    };
    expect((await daemon.next("REQUESTFORWARD")).msg).toMatchObject({
      type: "METER_MOD",
      version,
      msg: meter,
    });
    await lab().tell("SET_ASYNC", before);
  });
}
