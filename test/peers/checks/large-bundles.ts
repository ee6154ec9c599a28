/** Bundles of a thousand FLOW_MODs: the ONF's in 1.3, those of the versions from 1.4 on. */
import { beforeEach, expect, it } from "vitest";
import type { Json } from "../daemon.js";
import { apply, match, output } from "../flows/flow-case.js";
import { DATAPATH } from "../lab.js";
import { resetBefore, type Suite, V1_4 } from "./suite.js";

const COUNT = 1000;
const FLAGS = ["ATOMIC", "ORDERED"];

/** Numbers that the other checks of bundles do not use. */
const FIRST_BUNDLE = 70_000;

/** Priority of a flow that is there before. */
const OLD_PRIORITY = 5000;

export function checkLargeBundles(suite: Suite): void {
  const { lab, version } = suite;
  resetBefore(suite);

  const prefix = version < V1_4 ? "ONF_" : "";
  let bundle_id = FIRST_BUNDLE;
  const control = (type: string): Promise<Json> =>
    lab().request(`${prefix}BUNDLE_CONTROL`, { bundle_id, type: `${type}_REQUEST`, flags: FLAGS });
  const flow = (priority: number, action: Json): Json => ({
    table_id: 0,
    command: "ADD",
    priority,
    match: match({ IN_PORT: 1 }),
    instructions: apply(action),
  });

  beforeEach(async () => {
    bundle_id++;
    await lab().addFlow(flow(OLD_PRIORITY, output(3)));
    expect(await control("OPEN")).toMatchObject({ msg: { bundle_id, type: "OPEN_REPLY" } });
  });

  /** Puts the flows into the bundle by one request. The daemon numbers them. */
  async function fill(flows: readonly Json[]): Promise<void> {
    const messages = flows.map((msg) => ({
      type: `${prefix}BUNDLE_ADD_MESSAGE`,
      msg: { bundle_id, flags: FLAGS, message: { type: "FLOW_MOD", version, msg } },
    }));
    const params = { datapath_id: DATAPATH, messages };
    expect(await lab().daemon.request("OFP.SEND_BATCH", params)).toMatchObject({
      ok: COUNT,
      failed: 0,
      unknown: 0,
    });
    expect(await lab().flows()).toHaveLength(1);
  }

  it("are there as a whole after the commit", async () => {
    await fill(Array.from({ length: COUNT }, (_, n) => flow(n, output(2))));
    expect(await control("COMMIT")).toMatchObject({ msg: { bundle_id, type: "COMMIT_REPLY" } });
    const found = await lab().flows();
    const expected = Array.from({ length: COUNT }, (_, n) => `priority=${n},in_port=1 actions=output:2`);
    expect(found).toEqual([...expected, `priority=${OLD_PRIORITY},in_port=1 actions=output:3`].sort());
  });

  it("leave everything as it was where one of them fails", async () => {
    // The last but one changes the old flow, too.
    const flows = Array.from({ length: COUNT - 2 }, (_, n) => flow(n, output(2)));
    flows.push(flow(OLD_PRIORITY, output(2)), flow(COUNT, { action: "GROUP", group_id: 99 }));
    await fill(flows);
    await expect(control("COMMIT")).rejects.toMatchObject({
      data: {
        code: "OPENFLOW_ERROR",
        error: version < V1_4 ? { _error: "OFPBFC_MSG_FAILED" } : { code: "OFPBFC_MSG_FAILED" },
      },
    });
    const { msg } = await lab().daemon.next("ERROR");
    expect(msg).toMatchObject({ type: "BAD_ACTION", code: "OFPBAC_BAD_OUT_GROUP" });
    expect(await lab().flows()).toEqual([`priority=${OLD_PRIORITY},in_port=1 actions=output:3`]);
  });
}
