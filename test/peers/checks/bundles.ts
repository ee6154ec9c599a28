/** Bundles of messages that are done together or not at all, of 1.4 and later. */
import { expect, it } from "vitest";
import type { Json, OpenFlowMessage } from "../daemon.js";
import { apply, match, output } from "../flows/flow-case.js";
import { BRIDGE } from "../lab.js";
import { bucketOf, groupsOf } from "./groups.js";
import { NO_PORT, resetBefore, type Suite, V1_5 } from "./suite.js";

const FLAGS = ["ATOMIC", "ORDERED"];

export function checkBundles(suite: Suite): void {
  const { lab, version } = suite;
  resetBefore(suite);

  let bundle = 0;
  let flags: readonly string[] = [];
  const control = (type: string, more: Json = {}): Promise<OpenFlowMessage> =>
    lab().ask("BUNDLE_CONTROL", { bundle_id: bundle, type: `${type}_REQUEST`, flags, ...more });
  const done = (type: string): object => ({
    type: "BUNDLE_CONTROL",
    msg: { bundle_id: bundle, type: `${type}_REPLY`, properties: [] },
  });
  const failed = (code: string): object => ({ type: "ERROR", msg: { type: "BUNDLE_FAILED", code } });

  /** Opens a new bundle. */
  async function open(chosen: readonly string[] = FLAGS): Promise<void> {
    bundle++;
    flags = chosen;
    expect(await control("OPEN")).toMatchObject(done("OPEN"));
  }

  /** Puts a message into the bundle. Its xid is that of the bundle message, which the daemon gives both. */
  async function put(type: string, msg: Json): Promise<void> {
    const xid = lab().daemon.nextXid();
    const message = { type, xid, version, msg };
    const whole = { bundle_id: bundle, flags, message };
    await lab().tell("BUNDLE_ADD_MESSAGE", whole, { xid });
  }

  const flow = (port: number, more: Json = {}): Json => ({
    table_id: 0,
    command: "ADD",
    match: match({ IN_PORT: port }),
    instructions: apply(output(2)),
    ...more,
  });

  it("do nothing before they are committed, and all after", async () => {
    await open();
    await put("FLOW_MOD", flow(1));
    await put("FLOW_MOD", flow(3, { priority: 9 }));
    const group = { type: "INDIRECT", group_id: 3, buckets: [bucketOf(version, 1, [output(1)])] };
    await put("GROUP_MOD", { command: "ADD", ...group });
    expect(await lab().flows()).toEqual([]);
    expect(await control("CLOSE")).toMatchObject(done("CLOSE"));
    expect(await control("COMMIT")).toMatchObject(done("COMMIT"));
    expect(await lab().flows()).toEqual([
      "priority=0,in_port=1 actions=output:2",
      "priority=9,in_port=3 actions=output:2",
    ]);
    expect(await groupsOf(lab())).toHaveLength(1);
  });

  it("hold changes of ports, which Open vSwitch cannot take back and so refuses in atomic ones", async () => {
    const ports = await lab().list("PORT_DESC_REQUEST", {});
    const hw_addr = ports.find(({ port_no }) => port_no === 2)?.hw_addr;
    const portMod = { port_no: 2, hw_addr, config: ["NO_FWD"], mask: ["NO_FWD"], advertise: [] };
    await open();
    await put("PORT_MOD", portMod);
    expect(await control("COMMIT")).toMatchObject(failed("OFPBFC_MSG_FAILED"));
    await open(["ORDERED"]);
    await put("PORT_MOD", portMod);
    expect(await control("COMMIT")).toMatchObject(done("COMMIT"));
    const after = await lab().list("PORT_DESC_REQUEST", {});
    expect(after.find(({ port_no }) => port_no === 2)).toMatchObject({ config: ["NO_FWD"] });
    await lab().tell("PORT_MOD", { ...portMod, config: [] });
  });

  it("are committed without being closed, with a packet", async () => {
    await open();
    const frame = `0200000000b20200000000a188b5${`e${bundle}`.slice(0, 2).padEnd(2, "0").repeat(46)}`;
    await put("PACKET_OUT", { in_port: 1, actions: [output(3)], data: frame });
    expect(await control("COMMIT")).toMatchObject(done("COMMIT"));
    await lab().ovs.sent(`${BRIDGE}-p3`, frame);
  });

  it("are discarded", async () => {
    await open();
    await put("FLOW_MOD", flow(1));
    expect(await control("DISCARD")).toMatchObject(done("DISCARD"));
    expect(await control("COMMIT")).toMatchObject(failed("OFPBFC_BAD_ID"));
    expect(await lab().flows()).toEqual([]);
  });

  it("do nothing when one message fails, whose error comes too", async () => {
    await open();
    await put("FLOW_MOD", flow(1));
    await put("FLOW_MOD", flow(3, { instructions: apply({ action: "GROUP", group_id: 99 }) }));
    const answer = await control("COMMIT");
    expect(answer).toMatchObject(failed("OFPBFC_MSG_FAILED"));
    const cause = await lab().daemon.event(
      "the cause",
      ({ type, xid }) => type === "ERROR" && xid !== answer.xid,
    );
    expect(cause.msg).toMatchObject({ type: "BAD_ACTION", code: "OFPBAC_BAD_OUT_GROUP" });
    expect(await lab().flows()).toEqual([]);
  });

  it("refuse a message that is wrong by itself", async () => {
    await open();
    const wrong = put("FLOW_MOD", flow(1, { instructions: apply(output(NO_PORT)) }));
    await expect(wrong).rejects.toMatchObject({
      error: { msg: { type: "BAD_ACTION", code: "OFPBAC_BAD_OUT_PORT" } },
    });
    await control("DISCARD");
  });

  it("refuse messages that cannot be put off", async () => {
    await open();
    await expect(put("ECHO_REQUEST", { data: "" })).rejects.toMatchObject({
      error: { msg: { type: "BUNDLE_FAILED", code: "OFPBFC_MSG_UNSUP" } },
    });
    await control("DISCARD");
  });

  it("refuse a message of another transaction", async () => {
    await open();
    const message = { type: "FLOW_MOD", xid: 1, version, msg: flow(1) };
    const error = await lab().refusal("BUNDLE_ADD_MESSAGE", { bundle_id: bundle, flags, message });
    expect(error.msg).toMatchObject({ type: "BUNDLE_FAILED", code: "OFPBFC_MSG_BAD_XID" });
    await control("DISCARD");
  });

  it("refuse other flags than they were opened with", async () => {
    await open();
    expect(await control("COMMIT", { flags: ["ATOMIC"] })).toMatchObject(failed("OFPBFC_BAD_FLAGS"));
  });

  it("cannot be opened twice, nor used before they are opened or after they were closed", async () => {
    await open();
    expect(await control("OPEN")).toMatchObject(failed("OFPBFC_BAD_ID"));
    await open();
    expect(await control("CLOSE")).toMatchObject(done("CLOSE"));
    expect(await control("CLOSE")).toMatchObject(failed("OFPBFC_BUNDLE_CLOSED"));
    bundle++;
    expect(await control("CLOSE")).toMatchObject(failed("OFPBFC_BAD_ID"));
  });

  if (version >= V1_5) {
    it("with a time are done at once: the switch does not look at it", async () => {
      await open();
      await put("FLOW_MOD", flow(1));
      // The year 2096.
      const time = { property: "TIME", seconds: 4_000_000_000, nanoseconds: 0 };
      expect(await control("COMMIT", { properties: [time] })).toMatchObject(done("COMMIT"));
      expect(await lab().flows()).toEqual(["priority=0,in_port=1 actions=output:2"]);
    });
  }
}
