/** Flow monitors of versions that have none of their own: Nicira's in 1.0 to 1.2, the ONF's in 1.3. */
import { afterEach, expect, it } from "vitest";
import type { Json, OpenFlowMessage } from "../daemon.js";
import { apply, match, output } from "../flows/flow-case.js";
import { BRIDGE, DATAPATH } from "../lab.js";
import { fallBehind, LATE_PRIORITY } from "./slow-controller.js";
import { resetBefore, type Suite, V1_0, V1_3 } from "./suite.js";

const ALL = ["ADD", "DELETE", "MODIFY", "ACTIONS"];

export function checkVendorMonitors(suite: Suite): void {
  const { lab, version } = suite;
  resetBefore(suite);

  const onf = version === V1_3;
  const reply = onf ? "ONF_FLOW_MONITOR_REPLY" : "NXST_FLOW_MONITOR_REPLY";
  const messages = onf ? "ONF_FLOW_MONITOR" : "NXT_FLOW_MONITOR";

  let id = 0;
  const open: number[] = [];
  const begin = (flags: readonly string[], more: Json = {}): Promise<OpenFlowMessage> => {
    open.push(++id);
    const type = onf ? "ONF_FLOW_MONITOR_REQUEST" : "NXST_FLOW_MONITOR_REQUEST";
    return lab().ask(type, [{ id, flags, ...more }]);
  };
  const cancel = (): Promise<void> => lab().tell(`${messages}_CANCEL`, { id: open.pop() });
  afterEach(async () => {
    while (open.length > 0) await cancel();
  });

  const update = async (): Promise<Json[]> => {
    const event = await lab().daemon.next(reply);
    expect(event.xid).toBe(0);
    return event.msg as unknown as Json[];
  };
  const ofctl = (...args: [string, ...string[]]): Promise<string> =>
    lab().ovs.ofctl(BRIDGE, version, ...args);
  const inPort = match(onf ? { IN_PORT: 1 } : { NX_IN_PORT: 1 });
  const does = (...actions: Json[]): Json => (onf ? { instructions: apply(...actions) } : { actions });

  it("begin with the flows that are there", async () => {
    await lab().addFlow({
      cookie: 7,
      priority: 3,
      match: match({ IN_PORT: 1 }),
      instructions: apply(output(2)),
    });
    await lab().addFlow({ match: match({ IN_PORT: 2 }), instructions: apply(output(3)) });
    const flow = { table_id: 0, cookie: 7, priority: 3, match: inPort, ...does(output(2)) };
    expect((await begin([...ALL, "INITIAL"], { out_port: 2 })).msg).toMatchObject([
      { event: "ADDED", ...flow },
    ]);
  });

  it("tell of what other controllers do, in full", async () => {
    expect((await begin(ALL)).msg).toEqual([]);
    await ofctl("add-flow", "table=2,priority=4,idle_timeout=10,in_port=1,actions=output:2");
    const flow = { table_id: 2, priority: 4, idle_timeout: 10, hard_timeout: 0, cookie: 0, match: inPort };
    expect(await update()).toMatchObject([{ event: "ADDED", ...flow, ...does(output(2)) }]);
    await ofctl("mod-flows", "table=2,in_port=1,actions=output:3");
    expect(await update()).toMatchObject([{ event: "MODIFIED", ...flow, ...does(output(3)) }]);
    await ofctl("del-flows", "table=2");
    expect(await update()).toMatchObject([{ event: "DELETED", reason: "DELETE", ...flow }]);
  });

  it("tell of one's own changes by their xid, or in full", async () => {
    await begin(ALL);
    const message = { table_id: 0, command: "ADD", match: match({ IN_PORT: 1 }) };
    const xid = await lab().daemon.send(DATAPATH, "FLOW_MOD", message);
    expect(await update()).toEqual([{ event: "ABBREV", xid }]);
    await cancel();
    await begin(["DELETE", "OWN"]);
    await lab().tell("FLOW_MOD", { table_id: 0, command: "DELETE" });
    expect(await update()).toMatchObject([{ event: "DELETED", match: inPort }]);
  });

  it("end when they are cancelled, which works once", async () => {
    await begin(ALL);
    await cancel();
    await ofctl("add-flow", "in_port=1,actions=output:2");
    const error = await lab().refusal(`${messages}_CANCEL`, { id });
    expect(error.msg).toMatchObject({ _error: "OFPMOFC_UNKNOWN_MONITOR" });
    expect(lab().daemon.takeEvents()).toEqual([]);
  });

  if (version === V1_0 || onf) {
    it("are paused while the controller does not read, and tell the rest before they go on", async () => {
      await begin(ALL);
      await fallBehind(lab());
      await lab().daemon.next(`${messages}_RESUMED`);
      const told = lab().daemon.takeEvents();
      const rest = told.slice(told.findIndex(({ type }) => type === `${messages}_PAUSED`));
      expect(rest[0]).toMatchObject({ type: `${messages}_PAUSED`, msg: {} });
      const updates = rest.slice(1).flatMap(({ msg }) => msg as unknown as Json[]);
      expect(updates.at(-1)).toMatchObject({ event: "ADDED", priority: LATE_PRIORITY });
    });
  }
}
