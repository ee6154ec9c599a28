/** Groups, of 1.1 and later. */
import { expect, it } from "vitest";
import type { Json } from "../daemon.js";
import { apply, match, output } from "../flows/flow-case.js";
import { BRIDGE, type Lab } from "../lab.js";
import { poll } from "../programs.js";
import { ARP_FRAME, resetBefore, type Suite, V1_2, V1_3, V1_5 } from "./suite.js";

/** A bucket; ids came with 1.5. */
export function bucketOf(version: number, id: number, actions: readonly Json[], more: Json = {}): Json {
  const watch = { watch_port: "ANY", watch_group: "ANY" };
  return { ...(version >= V1_5 ? { bucket_id: id } : {}), weight: 0, ...watch, actions, ...more };
}

/** The groups as ovs-ofctl prints them. */
export async function groupsOf({ ovs, version }: Lab): Promise<string[]> {
  const lines = (await ovs.ofctl(BRIDGE, version, "dump-groups")).split("\n").slice(1);
  return lines.map((line) => line.trim()).filter((line) => line !== "");
}

export function checkGroups(suite: Suite): void {
  const { lab, version } = suite;
  resetBefore(suite);

  const bucket = (id: number, port: number, more: Json = {}): Json =>
    bucketOf(version, id, [output(port)], more);
  /** `bucket=` as ovs-ofctl begins a bucket. */
  const text = (id: number): string => (version >= V1_5 ? `bucket=bucket_id:${id},` : "bucket=");
  const tagged = { actions: [{ action: "PUSH_VLAN", ethertype: 0x8100 }, output(1)] };

  const GROUPS: readonly (readonly [type: string, buckets: Json[], text: string])[] = [
    [
      "ALL",
      [bucket(0, 1, tagged), bucket(1, 2)],
      `group_id=7,type=all,${text(0)}actions=push_vlan:0x8100,output:1,${text(1)}actions=output:2`,
    ],
    [
      "SELECT",
      [bucket(0, 1, { weight: 10 }), bucket(1, 2, { weight: 90 })],
      `group_id=7,type=select,${text(0)}weight:10,actions=output:1,${text(1)}weight:90,actions=output:2`,
    ],
    ["INDIRECT", [bucket(0, 3)], `group_id=7,type=indirect,${text(0)}actions=output:3`],
    [
      "FF",
      [bucket(0, 1, { watch_port: 1 }), bucket(1, 2, { watch_port: 2 })],
      `group_id=7,type=ff,${text(0)}watch_port:1,actions=output:1,${text(1)}watch_port:2,actions=output:2`,
    ],
  ];

  it.each(GROUPS)("of type %s is written and read back", async (type, buckets, line) => {
    await lab().tell("GROUP_MOD", { command: "ADD", type, group_id: 7, buckets });
    expect(await groupsOf(lab())).toEqual([line]);
    const groups = await lab().list("GROUP_DESC_REQUEST", {});
    expect(groups).toMatchObject([{ type, group_id: 7, buckets }]);
  });

  it("is changed, used by a flow, counted and deleted", async () => {
    const group = { type: "INDIRECT", group_id: 8, buckets: [bucket(1, 3)] };
    await lab().tell("GROUP_MOD", { command: "ADD", ...group, buckets: [bucket(1, 1)] });
    await lab().tell("GROUP_MOD", { command: "MODIFY", ...group });
    await lab().addFlow({
      match: match({ IN_PORT: 1 }),
      instructions: apply({ action: "GROUP", group_id: 8 }),
      flags: ["SEND_FLOW_REM"],
    });
    // Flags of flows are told since 1.3.
    const flags = version >= V1_3 ? "send_flow_rem " : "";
    expect(await lab().flows()).toEqual([`${flags}priority=0,in_port=1 actions=group:8`]);

    const frame = ARP_FRAME.replace("0a000002", "0a000008");
    await lab().ovs.inject(`${BRIDGE}-p1`, frame);
    await lab().ovs.sent(`${BRIDGE}-p3`, frame);
    const stats = await poll(
      "packets of the group",
      () => lab().list("GROUP_STATS_REQUEST", { group_id: 8 }),
      ([one]) => one?.packet_count === 1,
    );
    const counts = { packet_count: 1, byte_count: 60 };
    expect(stats).toMatchObject([{ group_id: 8, ref_count: 1, ...counts, bucket_stats: [counts] }]);
    if (version >= V1_3) expect(Number(stats[0]?.duration)).toBeGreaterThan(0);

    await lab().tell("GROUP_MOD", { command: "DELETE", type: "INDIRECT", group_id: 8, buckets: [] });
    expect(await groupsOf(lab())).toEqual([]);
    if (version < V1_3) {
      expect(lab().daemon.takeEvents()).toEqual([]);
      return;
    }
    const { msg } = await lab().daemon.next("FLOW_REMOVED");
    expect(msg).toMatchObject({ reason: "GROUP_DELETE", match: match({ IN_PORT: 1 }) });
  });

  it("are all deleted at once", async () => {
    for (const group_id of [7, 8]) {
      await lab().tell("GROUP_MOD", { command: "ADD", type: "INDIRECT", group_id, buckets: [bucket(1, 3)] });
    }
    expect(await lab().list("GROUP_STATS_REQUEST", { group_id: "ALL" })).toHaveLength(2);
    await lab().tell("GROUP_MOD", { command: "DELETE", type: "ALL", group_id: "ALL", buckets: [] });
    expect(await groupsOf(lab())).toEqual([]);
  });

  it("lead to other groups", async () => {
    const chain = bucketOf(version, 1, [{ action: "GROUP", group_id: 7 }], { watch_group: 7 });
    const first = { command: "ADD", type: "FF", group_id: 6, buckets: [chain] };
    await lab().tell("GROUP_MOD", { command: "ADD", type: "ALL", group_id: 7, buckets: [bucket(1, 3)] });
    await lab().tell("GROUP_MOD", first);
    const groups = await lab().list("GROUP_DESC_REQUEST", {});
    expect(groups.find(({ group_id }) => group_id === 6)).toMatchObject({ type: "FF", buckets: [chain] });
  });

  it("cannot be added twice", async () => {
    const group = { command: "ADD", type: "INDIRECT", group_id: 7, buckets: [bucket(1, 3)] };
    await lab().tell("GROUP_MOD", group);
    const error = await lab().refusal("GROUP_MOD", group);
    expect(error.msg).toMatchObject({ type: "GROUP_MOD_FAILED", code: "OFPGMFC_GROUP_EXISTS" });
  });

  it("that are not there cannot be changed", async () => {
    const group = { command: "MODIFY", type: "INDIRECT", group_id: 7, buckets: [bucket(1, 3)] };
    const error = await lab().refusal("GROUP_MOD", group);
    expect(error.msg).toMatchObject({ type: "GROUP_MOD_FAILED", code: "OFPGMFC_UNKNOWN_GROUP" });
  });

  if (version >= V1_2) {
    it("have features", async () => {
      const actions = expect.arrayContaining(["OUTPUT", "PUSH_VLAN", "GROUP", "SET_FIELD"]);
      const most = 0xffff_ff00;
      const { type, msg } = await lab().ask("GROUP_FEATURES_REQUEST", {});
      expect(type).toBe("GROUP_FEATURES_REPLY");
      expect(msg).toEqual({
        types: ["ALL", "SELECT", "INDIRECT", "FF"],
        capabilities: ["SELECT_WEIGHT", "SELECT_LIVENESS", "CHAINING"],
        ...{ max_groups_all: most, max_groups_sel: most, max_groups_ind: most, max_groups_ff: most },
        ...{ actions_all: actions, actions_sel: actions, actions_ind: actions, actions_ff: actions },
      });
    });
  }
}
