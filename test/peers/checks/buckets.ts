/** Groups of 1.5, whose buckets come and go one by one and which have properties. */
import { expect, it } from "vitest";
import type { Json } from "../daemon.js";
import { output } from "../flows/flow-case.js";
import { bucketOf, groupsOf } from "./groups.js";
import { resetBefore, type Suite } from "./suite.js";

/** A selection method, which Open vSwitch has from Netronome: hash the IPv4 source address, from 5 on. */
const HASH = {
  property: "NTR_SELECTION_METHOD",
  selection_method: "hash",
  selection_method_param: 5,
  fields: [{ field: "IPV4_SRC", value: "255.255.255.255" }],
};

export function checkBuckets(suite: Suite): void {
  const { lab, version } = suite;
  resetBefore(suite);

  const bucket = (id: number, port: number): Json => bucketOf(version, id, [output(port)], { weight: id });
  const change = (command: string, where: number | string, ...buckets: Json[]): Json => ({
    command,
    type: "SELECT",
    group_id: 1,
    command_bucket_id: where,
    buckets,
  });
  const add = async (...buckets: Json[]): Promise<void> => {
    await lab().tell("GROUP_MOD", { command: "ADD", type: "SELECT", group_id: 1, buckets });
  };
  const ids = async (): Promise<unknown> => {
    const [group] = await lab().list("GROUP_DESC_REQUEST", { group_id: 1 });
    return ((group as Json).buckets as Json[]).map(({ bucket_id }) => bucket_id);
  };

  it("INSERT_BUCKET puts buckets first, last and behind another", async () => {
    await add(bucket(5, 1), bucket(6, 2));
    await lab().tell("GROUP_MOD", change("INSERT_BUCKET", "LAST", bucket(7, 3)));
    await lab().tell("GROUP_MOD", change("INSERT_BUCKET", "FIRST", bucket(4, 3)));
    await lab().tell("GROUP_MOD", change("INSERT_BUCKET", 5, bucket(8, 1), bucket(9, 2)));
    expect(await ids()).toEqual([4, 5, 8, 9, 6, 7]);
    const parts = [
      [4, 3],
      [5, 1],
      [8, 1],
      [9, 2],
      [6, 2],
      [7, 3],
    ].map(([id, port]) => `bucket=bucket_id:${id},weight:${id},actions=output:${port}`);
    expect(await groupsOf(lab())).toEqual([`group_id=1,type=select,${parts.join(",")}`]);
  });

  it("REMOVE_BUCKET takes the first, the last, one and all", async () => {
    await add(bucket(5, 1), bucket(6, 2), bucket(7, 3), bucket(8, 1));
    await lab().tell("GROUP_MOD", change("REMOVE_BUCKET", "FIRST"));
    await lab().tell("GROUP_MOD", change("REMOVE_BUCKET", "LAST"));
    expect(await ids()).toEqual([6, 7]);
    await lab().tell("GROUP_MOD", change("REMOVE_BUCKET", 7));
    expect(await ids()).toEqual([6]);
    await lab().tell("GROUP_MOD", change("REMOVE_BUCKET", "ALL"));
    expect(await ids()).toEqual([]);
  });

  it("a bucket that is not there, or is there already, is an error", async () => {
    await add(bucket(5, 1));
    const unknown = await lab().refusal("GROUP_MOD", change("REMOVE_BUCKET", 99));
    expect(unknown.msg).toMatchObject({ type: "GROUP_MOD_FAILED", code: "OFPGMFC_UNKNOWN_BUCKET" });
    const twice = await lab().refusal("GROUP_MOD", change("INSERT_BUCKET", "LAST", bucket(5, 2)));
    expect(twice.msg).toMatchObject({ type: "GROUP_MOD_FAILED", code: "OFPGMFC_BUCKET_EXISTS" });
  });

  it("a selection method is a property that comes back", async () => {
    const group = { type: "SELECT", group_id: 1, buckets: [bucket(3, 2)], properties: [HASH] };
    await lab().tell("GROUP_MOD", { command: "ADD", ...group });
    expect(await groupsOf(lab())).toEqual([
      "group_id=1,type=select,selection_method=hash,selection_method_param=5,fields=ip_src,bucket=bucket_id:3,weight:3,actions=output:2",
    ]);
    expect(await lab().list("GROUP_DESC_REQUEST", {})).toMatchObject([group]);
  });

  it("GROUP_DESC shows one group or all", async () => {
    await add(bucket(5, 1));
    const other = { type: "INDIRECT", group_id: 2, buckets: [bucketOf(version, 1, [output(2)])] };
    await lab().tell("GROUP_MOD", { command: "ADD", ...other });
    expect(await lab().list("GROUP_DESC_REQUEST", { group_id: 2 })).toMatchObject([other]);
    expect(await lab().list("GROUP_DESC_REQUEST", {})).toHaveLength(2);
  });
}
