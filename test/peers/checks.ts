/** What a switch must do over every version of OpenFlow: one test per check. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Json, OpenFlowMessage } from "./daemon.js";
import { apply, match, output } from "./flow-case.js";
import { BRIDGE, DATAPATH, type Lab } from "./lab.js";
import { poll } from "./programs.js";

/** An ARP request, 60 bytes. */
export const ARP_FRAME = `ffffffffffff0200000000a1080600010800060400010200000000a10a0000010000000000000a000002${"00".repeat(18)}`;

/** All flows of all tables. */
export const ALL_FLOWS = {
  table_id: "ALL",
  out_port: "ANY",
  out_group: "ANY",
  cookie: 0,
  cookie_mask: 0,
  match: [],
};

/** A number that no port can have: between the last one and the reserved ones. */
const NO_PORT = 0xffff_ff01;

const NUMBERED = [1, 2, 3] as const;

/** Registers the checks. `lab` is called in tests only. */
export function checkSwitch(lab: () => Lab): void {
  beforeEach(() => lab().reset());

  describe("handshake", () => checkHandshake(lab));
  describe("statistics", () => checkStatistics(lab));
  describe("packets", () => checkPackets(lab));
  describe("flows", () => checkFlowMods(lab));
  describe("ports", () => checkPorts(lab));
}

function checkHandshake(lab: () => Lab): void {
  it("ends with the switch's features and ports", async () => {
    const { up, version, ovs } = lab();
    expect(up).toMatchObject({ version, conn_id: 2, datapath_id: DATAPATH });
    const features = up.msg.features as Json & { readonly ports: readonly Json[] };
    expect(features).toMatchObject({ datapath_id: DATAPATH, n_buffers: 0, n_tables: 254, auxiliary_id: 0 });
    const addresses = await Promise.all(
      NUMBERED.map((n) => ovs.vsctl("get", "interface", `${BRIDGE}-p${n}`, "mac_in_use")),
    );
    expect(features.ports.map(({ port_no, name, hw_addr }) => ({ port_no, name, hw_addr }))).toEqual([
      expect.objectContaining({ port_no: "LOCAL", name: BRIDGE }),
      ...NUMBERED.map((n, i) => ({
        port_no: n,
        name: `${BRIDGE}-p${n}`,
        hw_addr: JSON.parse(addresses[i] as string) as string,
      })),
    ]);
  });

  it("is seen by the switch", async () => {
    const { ovs, port } = lab();
    await ovs.logged(`${BRIDGE}<->tcp:127.0.0.1:${port}: connected`);
  });

  it("can be asked for again", async () => {
    const { up } = lab();
    const { ports: _, ...features } = up.msg.features as Json;
    const reply = await lab().ask("FEATURES_REQUEST", {});
    expect(reply).toMatchObject({ type: "FEATURES_REPLY", msg: features });
  });

  it("is followed by echoes", async () => {
    const reply = await lab().ask("ECHO_REQUEST", { data: "000102FDFEFF" });
    expect(reply).toMatchObject({ type: "ECHO_REPLY", msg: { data: "000102FDFEFF" } });
  });

  it("is followed by a configuration that can be changed", async () => {
    await lab().tell("SET_CONFIG", { flags: ["FRAG_DROP"], miss_send_len: 256 });
    const reply = await lab().ask("GET_CONFIG_REQUEST", {});
    expect(reply).toMatchObject({
      type: "GET_CONFIG_REPLY",
      msg: { flags: ["FRAG_DROP"], miss_send_len: 256 },
    });
    await lab().tell("SET_CONFIG", { flags: ["FRAG_NORMAL"], miss_send_len: 128 });
  });
}

function checkStatistics(lab: () => Lab): void {
  it("DESC names the switch", async () => {
    await lab().ovs.vsctl("set", "bridge", BRIDGE, 'other-config:dp-desc="A bridge: “br0”"');
    const reply = await lab().ask("DESC_REQUEST", {});
    expect(reply).toMatchObject({
      type: "DESC_REPLY",
      msg: {
        mfr_desc: "Nicira, Inc.",
        hw_desc: "Open vSwitch",
        sw_desc: expect.stringMatching(/^\d+\.\d+\.\d+/),
        serial_num: "None",
        dp_desc: "A bridge: “br0”",
      },
    });
  });

  it("TABLE_STATS counts the flows of each table", async () => {
    await lab().addFlow({ match: match({ IN_PORT: 1 }) });
    await lab().addFlow({ match: match({ IN_PORT: 2 }) });
    const reply = await lab().ask("TABLE_STATS_REQUEST", {});
    const tables = reply.msg as unknown as Json[];
    expect(reply.type).toBe("TABLE_STATS_REPLY");
    expect(tables).toHaveLength(254);
    expect(tables[0]).toMatchObject({ table_id: 0, active_count: 2 });
    expect(tables[253]).toMatchObject({ table_id: 253, active_count: 0 });
  });

  it("FLOW_DESC and AGGREGATE_STATS count packets and bytes", async () => {
    await lab().addFlow({
      priority: 7,
      cookie: 5,
      match: match({ IN_PORT: 1 }),
      instructions: apply(output(2)),
    });
    for (let n = 0; n < 3; n++) await lab().ovs.inject(`${BRIDGE}-p1`, ARP_FRAME);
    const counts = { packet_count: 3, byte_count: 180 };
    await poll(
      "packets of the flow",
      () => lab().flowDesc(),
      (flows) => flows[0]?.packet_count === 3,
    );
    expect(await lab().flowDesc()).toMatchObject([{ table_id: 0, priority: 7, cookie: 5, ...counts }]);
    const reply = await lab().ask("AGGREGATE_STATS_REQUEST", ALL_FLOWS);
    expect(reply).toMatchObject({ type: "AGGREGATE_STATS_REPLY", msg: { ...counts, flow_count: 1 } });
  });

  it("FLOW_DESC shows what a match selects", async () => {
    await lab().addFlow({ match: match({ IN_PORT: 1 }) });
    await lab().addFlow({ match: match({ IN_PORT: 2 }) });
    const reply = await lab().ask("FLOW_DESC_REQUEST", { ...ALL_FLOWS, match: match({ IN_PORT: 2 }) });
    expect(reply.msg).toMatchObject([{ match: [{ field: "IN_PORT", value: 2 }] }]);
  });

  it("FLOW_DESC of many flows comes in parts", async () => {
    const { ovs, daemon, version } = lab();
    const addresses = Array.from({ length: 2000 }, (_, n) => `10.0.${n >> 8}.${n & 255}`);
    const flows = addresses.map((address) => `ip,nw_dst=${address},actions=output:2`);
    await ovs.addFlows(BRIDGE, version, flows);
    const parts = await daemon.askParts(DATAPATH, "FLOW_DESC_REQUEST", ALL_FLOWS);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.map(({ flags }) => flags)).toEqual([...parts.slice(1).map(() => ["MORE"]), []]);
    const descs = parts.flatMap(({ msg }) => msg as unknown as { readonly match: readonly Json[] }[]);
    const seen = descs.map((flow) => flow.match.find(({ field }) => field === "IPV4_DST")?.value);
    expect(seen.sort()).toEqual(addresses.sort());
  });

  it("PORT_STATS counts packets and bytes, and says what is not counted", async () => {
    const before = await portStats(lab(), 1);
    await lab().ovs.inject(`${BRIDGE}-p1`, ARP_FRAME);
    const after = await poll(
      "packets of the port",
      () => portStats(lab(), 1),
      ({ rx_packets }) => rx_packets !== before.rx_packets,
    );
    expect(Number(after.rx_packets) - Number(before.rx_packets)).toBe(1);
    expect(Number(after.rx_bytes) - Number(before.rx_bytes)).toBe(60);
    // Dummy ports have no such counter: all bits are one.
    expect(after.rx_crc_err).toBe(0xffff_ffff_ffff_ffffn);
  });

  it("PORT_STATS of any port has all of them", async () => {
    const reply = await lab().ask("PORT_STATS_REQUEST", { port_no: "ANY" });
    const ports = (reply.msg as unknown as Json[]).map(({ port_no }) => port_no);
    expect(ports).toEqual(["LOCAL", 1, 2, 3]);
  });

  it("PORT_DESC shows the ports of the handshake", async () => {
    const features = lab().up.msg.features as { readonly ports: readonly Json[] };
    const reply = await lab().ask("PORT_DESC_REQUEST", {});
    expect(reply).toMatchObject({ type: "PORT_DESC_REPLY", flags: [], msg: features.ports });
  });

  it("QUEUE_STATS of a port has its only queue", async () => {
    const reply = await lab().ask("QUEUE_STATS_REQUEST", { port_no: 2, queue_id: "ALL" });
    expect(reply).toMatchObject({ type: "QUEUE_STATS_REPLY", msg: [{ port_no: 2, queue_id: 0 }] });
  });

  it("QUEUE_GET_CONFIG of a port has its only queue", async () => {
    const reply = await lab().ask("QUEUE_GET_CONFIG_REQUEST", { port_no: 2 });
    const queues = [{ queue_id: 0, min_rate: 65535, max_rate: 65535 }];
    expect(reply).toMatchObject({ type: "QUEUE_GET_CONFIG_REPLY", msg: { port_no: 2, queues } });
  });
}

async function portStats(lab: Lab, port: number): Promise<Json> {
  const reply = await lab.ask("PORT_STATS_REQUEST", { port_no: port });
  expect(reply.msg).toMatchObject([{ port_no: port }]);
  return (reply.msg as unknown as Json[])[0] as Json;
}

function checkPackets(lab: () => Lab): void {
  it("PACKET_IN brings a frame that a flow sends to the controller", async () => {
    await lab().addFlow({
      cookie: 77,
      match: match({ IN_PORT: 3 }),
      instructions: apply({ action: "OUTPUT", port_no: "CONTROLLER", max_len: "NO_BUFFER" }),
    });
    await lab().ovs.inject(`${BRIDGE}-p3`, ARP_FRAME);
    const event = await lab().daemon.next("PACKET_IN");
    expect(event).toMatchObject({
      version: lab().version,
      conn_id: 2,
      datapath_id: DATAPATH,
      msg: {
        buffer_id: "NO_BUFFER",
        total_len: 60,
        in_port: 3,
        reason: "APPLY_ACTION",
        table_id: 0,
        data: ARP_FRAME.toUpperCase(),
      },
    });
  });

  it("PACKET_OUT sends a frame out of a port", async () => {
    const frame = `0200000000b20200000000a188b5${"5a".repeat(46)}`;
    await lab().tell("PACKET_OUT", { actions: [output(2)], data: frame });
    await lab().ovs.sent(`${BRIDGE}-p2`, frame);
  });

  it("PACKET_OUT floods a frame but for the port it came from", async () => {
    const frame = `ffffffffffff0200000000a188b5${"a5".repeat(46)}`;
    await lab().tell("PACKET_OUT", { in_port: 1, actions: [output("FLOOD")], data: frame });
    await lab().ovs.sent(`${BRIDGE}-p2`, frame);
    await lab().ovs.sent(`${BRIDGE}-p3`, frame);
    expect(lab().ovs.hasSent(`${BRIDGE}-p1`, frame)).toBe(false);
  });

  it("PACKET_OUT hands a frame to the flow table, which changes it", async () => {
    await lab().addFlow({
      match: match({ IN_PORT: 1 }),
      instructions: apply({ action: "SET_FIELD", field: "ETH_DST", value: "02:00:00:00:00:c3" }, output(3)),
    });
    const rest = `0200000000a188b5${"c3".repeat(46)}`;
    const message = { in_port: 1, actions: [output("TABLE")], data: `0200000000b2${rest}` };
    await lab().tell("PACKET_OUT", message);
    await lab().ovs.sent(`${BRIDGE}-p3`, `0200000000c3${rest}`);
  });

  it("PACKET_OUT to a port that cannot be is an error", async () => {
    const error = await lab().refusal("PACKET_OUT", { actions: [output(NO_PORT)], data: ARP_FRAME });
    expect(error.msg).toMatchObject({ type: "BAD_ACTION", code: "OFPBAC_BAD_OUT_PORT" });
  });
}

function checkFlowMods(lab: () => Lab): void {
  const FLOW = { priority: 5, match: match({ IN_PORT: 1 }), instructions: apply(output(2)) };

  it("MODIFY changes actions", async () => {
    await lab().addFlow(FLOW);
    await lab().tell("FLOW_MOD", { ...FLOW, table_id: 0, command: "MODIFY", instructions: apply(output(3)) });
    expect(await lab().flows()).toEqual(["priority=5,in_port=1 actions=output:3"]);
  });

  it("MODIFY_STRICT looks at the priority", async () => {
    await lab().addFlow(FLOW);
    await lab().addFlow({ ...FLOW, priority: 6 });
    await lab().tell("FLOW_MOD", {
      ...FLOW,
      table_id: 0,
      command: "MODIFY_STRICT",
      instructions: apply(output(3)),
    });
    expect(await lab().flows()).toEqual([
      "priority=5,in_port=1 actions=output:3",
      "priority=6,in_port=1 actions=output:2",
    ]);
  });

  it("DELETE_STRICT looks at the priority, DELETE does not", async () => {
    await lab().addFlow(FLOW);
    await lab().addFlow({ ...FLOW, priority: 6 });
    await lab().tell("FLOW_MOD", { ...FLOW, table_id: 0, command: "DELETE_STRICT" });
    expect(await lab().flows()).toEqual(["priority=6,in_port=1 actions=output:2"]);
    await lab().tell("FLOW_MOD", { table_id: "ALL", command: "DELETE", match: [] });
    expect(await lab().flows()).toEqual([]);
  });

  it("FLOW_REMOVED tells of a flow that was deleted", async () => {
    const flow = { ...FLOW, cookie: 99, idle_timeout: 60, flags: ["SEND_FLOW_REM"] };
    await lab().addFlow(flow);
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

  it("a flow to a port that cannot be is an error, which quotes the message", async () => {
    const error = await lab().refusal("FLOW_MOD", {
      command: "ADD",
      table_id: 0,
      instructions: apply(output(NO_PORT)),
    });
    expect(error.msg).toMatchObject({ type: "BAD_ACTION", code: "OFPBAC_BAD_OUT_PORT" });
    const header = Buffer.from(String(error.msg.data), "hex");
    expect([header[0], header[1], header.readUInt32BE(4)]).toEqual([lab().version, 14, error.xid]);
  });

  it("a flow that overlaps another one is an error where the overlap is checked", async () => {
    await lab().addFlow(FLOW);
    const more = {
      ...FLOW,
      command: "ADD",
      table_id: 0,
      match: match({ ETH_TYPE: 0x0800 }),
      flags: ["CHECK_OVERLAP"],
    };
    const error = await lab().refusal("FLOW_MOD", more);
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
}

function checkPorts(lab: () => Lab): void {
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

  it("PORT_MOD changes a port", async () => {
    const features = lab().up.msg.features as { readonly ports: readonly Json[] };
    const address = features.ports.find(({ port_no }) => port_no === 2)?.hw_addr;
    const change = { port_no: 2, hw_addr: address, mask: ["NO_FWD"], advertise: [] };
    await lab().tell("PORT_MOD", { ...change, config: ["NO_FWD"] });
    expect(await config(lab(), 2)).toEqual(["NO_FWD"]);
    expect(await lab().ovs.ofctl(BRIDGE, lab().version, "show")).toMatch(
      /br0-p2\): addr:.*\n +config: +NO_FWD\n/,
    );
    await lab().tell("PORT_MOD", { ...change, config: [] });
    expect(await config(lab(), 2)).toEqual([]);
  });

  it("PORT_MOD with another address is an error", async () => {
    const change = {
      port_no: 2,
      hw_addr: "02:00:00:00:00:99",
      mask: ["NO_FWD"],
      config: ["NO_FWD"],
      advertise: [],
    };
    const error = await lab().refusal("PORT_MOD", change);
    expect(error.msg).toMatchObject({ type: "PORT_MOD_FAILED", code: "OFPPMFC_BAD_HW_ADDR" });
  });
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
  const reply = await lab.ask("PORT_DESC_REQUEST", {});
  return (reply.msg as unknown as Json[]).find(({ port_no }) => port_no === port)?.config;
}
