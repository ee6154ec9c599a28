/** Flow monitors, of 1.4 and later. */
import { isDeepStrictEqual } from "node:util";
import { afterEach, expect, it } from "vitest";
import type { Json, OpenFlowMessage } from "../daemon.js";
import { apply, match, output } from "../flows/flow-case.js";
import { BRIDGE, DATAPATH } from "../lab.js";
import { fallBehind, LATE_PRIORITY } from "./slow-controller.js";
import { resetBefore, type Suite, V1_4 } from "./suite.js";

const MONITOR = {
  monitor_id: 9,
  out_port: "ANY",
  out_group: "ANY",
  flags: ["ADD", "REMOVED", "MODIFY", "INSTRUCTIONS"],
  table_id: "ALL",
  command: "ADD",
  match: [],
};

export function checkMonitors(suite: Suite): void {
  const { lab, version } = suite;
  resetBefore(suite);

  const request = (more: Json = {}): Promise<OpenFlowMessage> =>
    lab().ask("FLOW_MONITOR_REQUEST", { ...MONITOR, ...more });
  const update = async (): Promise<Json[]> => {
    const event = await lab().daemon.next("FLOW_MONITOR_REPLY");
    expect(event.xid).toBe(0);
    return event.msg as unknown as Json[];
  };
  const ofctl = (...args: [string, ...string[]]): Promise<string> =>
    lab().ovs.ofctl(BRIDGE, version, ...args);

  // A monitor that is not there must not be deleted: Open vSwitch 3.1 answers that by an ERROR of OpenFlow 1.0
  // with another xid and, often, bytes of its memory; whether a message follows it cannot be told.
  let there = false;
  const remove = async (): Promise<void> => {
    if (there)
      expect(await request({ command: "DELETE" })).toMatchObject({ type: "FLOW_MONITOR_REPLY", msg: [] });
    there = false;
  };
  const add = (more: Json = {}): Promise<OpenFlowMessage> => {
    there = true;
    return request(more);
  };
  afterEach(remove);

  it("begin with the flows that are there", async () => {
    const flow = { cookie: 7, priority: 3, match: match({ IN_PORT: 1 }), instructions: apply(output(2)) };
    await lab().addFlow(flow);
    await lab().addFlow({ match: match({ IN_PORT: 2 }) });
    const reply = await add({ flags: [...MONITOR.flags, "INITIAL"], match: flow.match });
    expect(reply).toMatchObject({
      type: "FLOW_MONITOR_REPLY",
      flags: [],
      msg: [{ table_id: 0, ...flow, idle_timeout: 0, hard_timeout: 0 }],
    });
  });

  it("tell of what other controllers do, in full", async () => {
    await add();
    await ofctl("add-flow", "table=2,priority=4,idle_timeout=10,in_port=1,actions=output:2");
    const flow = {
      table_id: 2,
      priority: 4,
      idle_timeout: 10,
      hard_timeout: 0,
      match: match({ IN_PORT: 1 }),
    };
    expect(await update()).toMatchObject([{ event: "ADDED", ...flow, instructions: apply(output(2)) }]);
    await ofctl("mod-flows", "table=2,in_port=1,actions=output:3");
    expect(await update()).toMatchObject([{ event: "MODIFIED", ...flow, instructions: apply(output(3)) }]);
    await ofctl("del-flows", "table=2");
    expect(await update()).toMatchObject([{ event: "REMOVED", reason: "DELETE", ...flow }]);
  });

  it("tell of one's own changes by their xid", async () => {
    await add();
    const message = { table_id: 0, command: "ADD", match: match({ IN_PORT: 1 }) };
    const xid = await lab().daemon.send(DATAPATH, "FLOW_MOD", message);
    expect(await update()).toEqual([{ event: "ABBREV", xid }]);
  });

  it("leave out what was not asked for", async () => {
    await add({ flags: ["REMOVED"], table_id: 4 });
    await ofctl("add-flow", "table=4,in_port=1,actions=output:2");
    await ofctl("del-flows", "table=4");
    expect(await update()).toMatchObject([{ event: "REMOVED", table_id: 4, instructions: [] }]);
    await ofctl("add-flow", "table=5,in_port=1,actions=output:2");
    await ofctl("del-flows", "table=5");
    await lab().ask("BARRIER_REQUEST", {});
    expect(lab().daemon.takeEvents()).toEqual([]);
  });

  if (version === V1_4) {
    it("are paused while the controller does not read, and tell the rest before they go on", async () => {
      await add();
      await fallBehind(lab());
      const goesOn = ({ msg }: OpenFlowMessage): boolean => isDeepStrictEqual(msg, [{ event: "RESUMED" }]);
      expect(await lab().daemon.event("the end of the pause", goesOn)).toMatchObject({ xid: 0 });
      const told = lab()
        .daemon.takeEvents()
        .flatMap(({ msg }) => msg as unknown as Json[]);
      const rest = told.slice(told.findIndex(({ event }) => event === "PAUSED"));
      expect(rest[0]).toEqual({ event: "PAUSED" });
      expect(rest.at(-1)).toMatchObject({ event: "ADDED", priority: LATE_PRIORITY });
    });
  }

  it("end when they are deleted", async () => {
    await add();
    await remove();
    await ofctl("add-flow", "in_port=1,actions=output:2");
    await lab().ask("BARRIER_REQUEST", {});
    expect(lab().daemon.takeEvents()).toEqual([]);
  });
}
