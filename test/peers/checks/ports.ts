/** Ports that come, go and change. */
import { beforeEach, expect, it } from "vitest";
import type { Json, OpenFlowMessage } from "../daemon.js";
import { BRIDGE, type Lab } from "../lab.js";
import { ARP_FRAME, resetBefore, type Suite, V1_0, V1_3, V1_4, V1_5 } from "./suite.js";

export function checkPorts(suite: Suite): void {
  const { lab, version } = suite;
  resetBefore(suite);

  /** Port 2 by number and address; PORT_MOD needs both. */
  let port2: Json;
  beforeEach(async () => {
    const ports = await lab().list("PORT_DESC_REQUEST", {});
    const hw_addr = ports.find(({ port_no }) => port_no === 2)?.hw_addr;
    port2 = { port_no: 2, hw_addr, advertise: [] };
  });

  it("PORT_STATUS tells of a port that comes and goes", async () => {
    const { ovs, daemon } = lab();
    const port = `${BRIDGE}-p4`;
    const settings = ["--", "set", "interface", port, "type=dummy", "ofport_request=4"];
    await ovs.vsctl("add-port", BRIDGE, port, ...settings);
    const added = await daemon.event("a new port", isStatus("ADD"));
    expect(added.msg).toMatchObject({ port_no: 4, name: port });
    await ovs.vsctl("del-port", BRIDGE, port);
    const deleted = await daemon.event("a deleted port", isStatus("DELETE"));
    expect(deleted.msg).toMatchObject({ port_no: 4, name: port });
  });

  it("PORT_STATUS tells of a link that goes down and up", async () => {
    const { ovs, daemon } = lab();
    const port = `${BRIDGE}-p3`;
    await ovs.appctl("netdev-dummy/set-admin-state", port, "down");
    const down = await daemon.event("a link that is down", isDown(true));
    expect(down.msg).toMatchObject({ reason: "MODIFY", port_no: 3, name: port });
    await ovs.appctl("netdev-dummy/set-admin-state", port, "up");
    const up = await daemon.event("a link that is up", isDown(false));
    expect(up.msg).toMatchObject({ reason: "MODIFY", port_no: 3, name: port });
  });

  /** Flags that Open vSwitch takes. Since 1.1 ports have no flags of the spanning tree. */
  const taken = ["PORT_DOWN", ...(version === V1_0 ? ["NO_FLOOD"] : []), "NO_RECV", "NO_FWD", "NO_PACKET_IN"];

  const shown = (): Promise<string> =>
    lab().ovs.ofctl(BRIDGE, version, version >= V1_3 ? "dump-ports-desc" : "show");

  it.each(taken)("PORT_MOD sets %s, which PORT_DESC and ovs-ofctl show", async (flag) => {
    await lab().tell("PORT_MOD", { ...port2, config: [flag], mask: [flag] });
    expect(await config(lab(), 2)).toEqual([flag]);
    expect(await shown()).toMatch(new RegExp(`br0-p2\\): addr:.*\\n +config: +${flag}\\n`));
    await lab().tell("PORT_MOD", { ...port2, config: [], mask: [flag] });
    expect(await config(lab(), 2)).toEqual([]);
  });

  it("PORT_STATUS tells of PORT_MOD: of others', and since 1.5 of one's own", async () => {
    const changed = async (config: readonly string[]): Promise<void> => {
      const { msg } = await lab().daemon.event("a changed port", isStatus("MODIFY"));
      expect(msg).toMatchObject({ port_no: 2, hw_addr: port2.hw_addr, config });
    };
    await lab().ovs.ofctl(BRIDGE, version, "mod-port", "2", "no-receive");
    await changed(["NO_RECV"]);
    await lab().ovs.ofctl(BRIDGE, version, "mod-port", "2", "receive");
    await changed([]);
    const mask = ["NO_RECV"];
    await lab().tell("PORT_MOD", { ...port2, config: mask, mask });
    if (version >= V1_5) await changed(mask);
    await lab().tell("PORT_MOD", { ...port2, config: [], mask });
    if (version >= V1_5) await changed([]);
    else expect(lab().daemon.takeEvents()).toEqual([]);
  });

  it("PORT_MOD changes only the flags of its mask", async () => {
    await lab().tell("PORT_MOD", { ...port2, config: ["NO_FWD"], mask: ["NO_FWD"] });
    await lab().tell("PORT_MOD", { ...port2, config: ["NO_FWD", "NO_RECV"], mask: ["NO_RECV"] });
    expect(await config(lab(), 2)).toEqual(["NO_RECV", "NO_FWD"]);
    await lab().tell("PORT_MOD", { ...port2, config: ["NO_RECV"], mask: ["NO_RECV", "NO_FWD"] });
    expect(await config(lab(), 2)).toEqual(["NO_RECV"]);
    await lab().tell("PORT_MOD", { ...port2, config: [], mask: ["NO_RECV"] });
  });

  it("PORT_MOD with NO_FWD keeps frames from a port", async () => {
    await lab().tell("PORT_MOD", { ...port2, config: ["NO_FWD"], mask: ["NO_FWD"] });
    await lab().ovs.settled();
    const frame = ARP_FRAME.replace("0a000002", "0a0000ee");
    const out = (port_no: number): Json => ({ action: "OUTPUT", port_no });
    await lab().tell("PACKET_OUT", { actions: [out(2), out(3)], data: frame });
    await lab().ovs.sent(`${BRIDGE}-p3`, frame);
    expect(lab().ovs.hasSent(`${BRIDGE}-p2`, frame)).toBe(false);
    await lab().tell("PORT_MOD", { ...port2, config: [], mask: ["NO_FWD"] });
  });

  it("PORT_MOD takes features to advertise", async () => {
    const advertise = ["100MB_FD", "COPPER", "AUTONEG"];
    await lab().tell("PORT_MOD", { ...port2, config: [], mask: [], advertise });
  });

  it("PORT_MOD with another address is an error", async () => {
    const change = { ...port2, hw_addr: "02:00:00:00:00:99", mask: ["NO_FWD"], config: ["NO_FWD"] };
    const error = await lab().refusal("PORT_MOD", change);
    expect(error.msg).toMatchObject({ type: "PORT_MOD_FAILED", code: "OFPPMFC_BAD_HW_ADDR" });
  });

  it("PORT_MOD of a port that is not there is an error", async () => {
    const error = await lab().refusal("PORT_MOD", { ...port2, port_no: 99, config: [], mask: [] });
    expect(error.msg).toMatchObject({ type: "PORT_MOD_FAILED", code: "OFPPMFC_BAD_PORT" });
  });

  if (version >= V1_4) {
    it("PORT_MOD with the settings of a laser is an error", async () => {
      const optical = { configure: ["TX_TUNE"], freq_lmda: 1, fl_offset: 0, grid_span: 0, tx_pwr: 0 };
      const error = await lab().refusal("PORT_MOD", { ...port2, config: [], mask: [], optical });
      expect(error.msg).toMatchObject({ type: "BAD_PROPERTY", code: "OFPBPC_BAD_TYPE" });
    });
  }
}

/** Is an event the PORT_STATUS of a reason? */
function isStatus(reason: string) {
  return ({ type, msg }: OpenFlowMessage): boolean => type === "PORT_STATUS" && msg.reason === reason;
}

/** Is an event one of a port whose link, or the port itself, is down, or up again? */
function isDown(down: boolean) {
  return ({ type, msg }: OpenFlowMessage): boolean =>
    type === "PORT_STATUS" && (msg.state as readonly string[]).includes("LINK_DOWN") === down;
}

async function config(lab: Lab, port: number): Promise<unknown> {
  const ports = await lab.list("PORT_DESC_REQUEST", {});
  return ports.find(({ port_no }) => port_no === port)?.config;
}
