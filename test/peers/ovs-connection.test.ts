// How connections between `oftr jsonrpc` and Open vSwitch begin and end.
import { afterEach, beforeEach, expect, it } from "vitest";
import { Daemon, type Json } from "./daemon.js";
import { describeWith } from "./installed.js";
import { DATAPATH } from "./lab.js";
import { OpenVSwitch, OVS_PROGRAMS } from "./ovs.js";
import { freePort } from "./programs.js";

const BRIDGE = "br0";

describeWith(OVS_PROGRAMS, "connections with Open vSwitch", () => {
  let ovs: OpenVSwitch;
  let daemon: Daemon;

  beforeEach(async () => {
    daemon = new Daemon();
    ovs = await OpenVSwitch.start();
  });

  afterEach(async () => {
    await daemon.stop();
    await ovs?.stop();
  });

  async function addBridge(...versions: number[]): Promise<void> {
    await ovs.addBridge(BRIDGE, { versions, datapathId: DATAPATH.replaceAll(":", ""), ports: 1 });
  }

  /** Listens on a free port and gives it. */
  async function listen(versions: number[], more: Json = {}): Promise<number> {
    const port = await freePort();
    const params = { endpoint: `127.0.0.1:${port}`, versions, options: ["FEATURES_REQ"], ...more };
    expect(await daemon.request("OFP.LISTEN", params)).toEqual({ conn_id: 1 });
    return port;
  }

  it.each([
    ["1.3 when both speak 1.0 and 1.3", [1, 4], [1, 4], 4],
    ["1.0 when the switch also speaks 1.4", [1, 5], [1, 4], 1],
    ["1.3 when the switch speaks everything", [1, 2, 3, 4, 5, 6], [4], 4],
    ["1.0 when the controller wants that", [1, 4], [1], 1],
    ["1.5 when both speak everything", [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6], 6],
  ])("agree on %s", async (_, theirs, ours, version) => {
    await addBridge(...theirs);
    await ovs.setController(BRIDGE, await listen(ours));
    expect(await daemon.next("CHANNEL_UP")).toMatchObject({ version, datapath_id: DATAPATH });
  });

  it("fail where no version is common, with an alert that says why", async () => {
    await addBridge(5);
    await ovs.setController(BRIDGE, await listen([1, 4]));
    const { msg } = await daemon.next("CHANNEL_ALERT");
    expect(msg.message).toBe("Incompatible OpenFlow version: 5 [5] Supported versions: [1, 4]");
    expect(daemon.takeEvents()).toEqual([]);
  });

  it("are listed, closed, and come again", async () => {
    await addBridge(4);
    const port = await listen([4]);
    await ovs.setController(BRIDGE, port);
    const up = await daemon.next("CHANNEL_UP");
    expect(up.conn_id).toBe(2);
    const { stats } = (await daemon.request("OFP.LIST_CONNECTIONS", { conn_id: 0 })) as { stats: Json[] };
    expect(stats).toEqual([
      expect.objectContaining({ conn_id: 1, local_endpoint: `127.0.0.1:${port}`, remote_endpoint: "[::]:0" }),
      {
        conn_id: 2,
        datapath_id: DATAPATH,
        auxiliary_id: 0,
        local_endpoint: `127.0.0.1:${port}`,
        remote_endpoint: up.msg.endpoint,
        transport: "TCP",
      },
    ]);
    expect(await daemon.request("OFP.CLOSE", { datapath_id: DATAPATH })).toEqual({ count: 1 });
    expect(await daemon.next("CHANNEL_DOWN")).toMatchObject({ conn_id: 2, datapath_id: DATAPATH });
    expect(await daemon.next("CHANNEL_UP")).toMatchObject({ conn_id: 3, datapath_id: DATAPATH });
  });

  it("end when the switch forgets its controller", async () => {
    await addBridge(1);
    await ovs.setController(BRIDGE, await listen([1]));
    await daemon.next("CHANNEL_UP");
    await ovs.vsctl("del-controller", BRIDGE);
    expect(await daemon.next("CHANNEL_DOWN")).toMatchObject({
      conn_id: 2,
      datapath_id: DATAPATH,
      version: 1,
    });
  });

  it("stay up while the switch asks for signs of life", async () => {
    await addBridge(4);
    await ovs.setController(BRIDGE, await listen([4]));
    await daemon.next("CHANNEL_UP");
    await ovs.appctl("vlog/set", "vconn:file:dbg");
    await ovs.vsctl("set", "controller", BRIDGE, "inactivity_probe=5000");
    await ovs.appctl("time/warp", "6000");
    await ovs.logged("received: OFPT_ECHO_REPLY");
    expect(daemon.takeEvents()).toEqual([]);
  });

  it("are made by the daemon, to a switch that listens", async () => {
    await addBridge(4);
    const port = await freePort();
    await ovs.vsctl("set-controller", BRIDGE, `ptcp:${port}:127.0.0.1`);
    const connect = { endpoint: `127.0.0.1:${port}`, versions: [4] };
    expect(await daemon.request("OFP.CONNECT", { ...connect, options: ["FEATURES_REQ"] })).toEqual({
      conn_id: 1,
    });
    expect(await daemon.next("CHANNEL_UP")).toMatchObject({ conn_id: 1, version: 4, datapath_id: DATAPATH });

    // A second controller, which knows the switch by the connection only, and becomes the master.
    expect(await daemon.request("OFP.CONNECT", connect)).toEqual({ conn_id: 2 });
    const second = await daemon.next("CHANNEL_UP");
    expect(second).toMatchObject({ conn_id: 2, msg: { endpoint: `127.0.0.1:${port}` } });
    expect(second).not.toHaveProperty("datapath_id");
    const master = { role: "ROLE_MASTER", generation_id: 1 };
    await daemon.request("OFP.SEND", { conn_id: 2, type: "ROLE_REQUEST", xid: 5, msg: master });
    expect(await daemon.next("ROLE_REPLY")).toMatchObject({ conn_id: 2, xid: 5, msg: master });
    const role = await daemon.ask(DATAPATH, "ROLE_REQUEST", { role: "ROLE_NOCHANGE", generation_id: 0 });
    expect(role).toMatchObject({ type: "ROLE_REPLY", conn_id: 1, msg: { role: "ROLE_EQUAL" } });
  });

  it("are down when the switch is silent, and up again when it speaks", async () => {
    await addBridge(4);
    await ovs.setController(BRIDGE, await listen([4], { echo_interval: 1, echo_count: 2 }));
    await daemon.next("CHANNEL_UP");
    ovs.signalSwitch("SIGSTOP");
    const reason = "KEEPALIVE_TIMEOUT";
    expect(await daemon.next("CHANNEL_DOWN")).toMatchObject({ conn_id: 2, msg: { reason } });
    expect(await daemon.next("CHANNEL_ALERT")).toMatchObject({ conn_id: 2, msg: { reason } });
    ovs.signalSwitch("SIGCONT");
    expect(await daemon.next("CHANNEL_UP")).toMatchObject({ datapath_id: DATAPATH });
  });

  it("are down at once when the switch is killed, and up when it starts again", async () => {
    await addBridge(4);
    await ovs.setController(BRIDGE, await listen([4]));
    await daemon.next("CHANNEL_UP");
    ovs.signalSwitch("SIGKILL");
    const { msg } = await daemon.next("CHANNEL_DOWN");
    expect(["PEER_CLOSED", "PEER_RESET"]).toContain(msg.reason);
    ovs.startSwitch();
    expect(await daemon.next("CHANNEL_UP")).toMatchObject({ datapath_id: DATAPATH });
  });

  it.each(["oldest", "reject", "probe"])(
    "stay when another switch has their datapath_id, under the policy %s",
    async (policy) => {
      await addBridge(4);
      const port = await listen([4], { duplicate_datapath: policy });
      await ovs.setController(BRIDGE, port);
      await daemon.next("CHANNEL_UP");
      await ovs.addBridge("br1", { versions: [4], datapathId: DATAPATH.replaceAll(":", ""), ports: 1 });
      await ovs.setController("br1", port);
      expect(await daemon.next("CHANNEL_ALERT")).toMatchObject({
        conn_id: 3,
        datapath_id: DATAPATH,
        msg: { reason: "DUPLICATE_DATAPATH" },
      });
      const reply = await daemon.ask(DATAPATH, "DESC_REQUEST", {});
      expect(reply).toMatchObject({ type: "DESC_REPLY", conn_id: 2 });
      expect(daemon.takeEvents(({ type }) => type === "CHANNEL_DOWN" || type === "CHANNEL_UP")).toEqual([]);
    },
  );

  it("are made again and again by the daemon, as soon as the switch listens", async () => {
    await addBridge(4);
    const port = await freePort();
    const reconnect = { min: 0.2, max: 0.2 };
    const params = { endpoint: `127.0.0.1:${port}`, versions: [4], options: ["FEATURES_REQ"], reconnect };
    expect(await daemon.request("OFP.CONNECT", params)).toEqual({ conn_id: 1 });
    expect(await daemon.next("CHANNEL_ALERT")).toMatchObject({
      conn_id: 1,
      msg: { reason: "CONNECT_FAILED" },
    });
    await ovs.vsctl("set-controller", BRIDGE, `ptcp:${port}:127.0.0.1`);
    expect(await daemon.next("CHANNEL_UP")).toMatchObject({ datapath_id: DATAPATH, msg: { connect_id: 1 } });
    ovs.signalSwitch("SIGKILL");
    await daemon.next("CHANNEL_DOWN");
    ovs.startSwitch();
    const up = await daemon.next("CHANNEL_UP");
    expect(up).toMatchObject({ datapath_id: DATAPATH, msg: { connect_id: 1 } });
    expect(await daemon.request("OFP.CLOSE", { conn_id: 1 })).toEqual({ count: 1 });
    expect(await daemon.next("CHANNEL_DOWN")).toMatchObject({
      conn_id: up.conn_id,
      msg: { reason: "CLOSED_BY_CLIENT" },
    });
  });

  it("end with the daemon, which ends when nobody talks to it any more", async () => {
    await addBridge(4);
    await ovs.setController(BRIDGE, await listen([4]));
    await daemon.next("CHANNEL_UP");
    expect(await daemon.end()).toBe(0);
    expect(daemon.stderr).toBe("");
    await ovs.logged("connection closed by peer");
  });
});
