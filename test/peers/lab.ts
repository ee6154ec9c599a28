/** One bridge of a private Open vSwitch, connected to one daemon. */
import { Daemon, type Json, type OpenFlowMessage } from "./daemon.js";
import { OpenVSwitch } from "./ovs.js";
import { freePort } from "./programs.js";

/** Name of the bridge; its ports are `br0-p1`, `br0-p2` and `br0-p3`. */
export const BRIDGE = "br0";

/** The bridge's datapath id, as JSON has it. */
export const DATAPATH = "00:00:00:00:00:00:00:2a";

/** A request for all flows of all tables. */
export const ALL_FLOWS = {
  table_id: "ALL",
  out_port: "ANY",
  out_group: "ANY",
  cookie: 0,
  cookie_mask: 0,
  match: [],
};

/** A switch answered with an ERROR. */
export class SwitchError extends Error {
  readonly error: OpenFlowMessage;

  constructor(error: OpenFlowMessage) {
    super(JSON.stringify(error.msg));
    this.error = error;
  }
}

export class Lab {
  readonly ovs: OpenVSwitch;
  readonly daemon: Daemon;
  /** TCP port on which the daemon listens. */
  readonly port: number;
  /** TCP port on which the bridge waits for further controllers. */
  readonly passive: number;
  /** Wire version of the connection. */
  readonly version: number;
  /** The event with which the bridge came up. */
  readonly up: OpenFlowMessage;

  private constructor(
    ovs: OpenVSwitch,
    daemon: Daemon,
    ports: { readonly port: number; readonly passive: number },
    up: OpenFlowMessage,
  ) {
    this.ovs = ovs;
    this.daemon = daemon;
    this.port = ports.port;
    this.passive = ports.passive;
    this.version = up.version ?? 0;
    this.up = up;
  }

  /** Starts the switch and the daemon, and waits until they are connected. */
  static async start(version: number): Promise<Lab> {
    const daemon = new Daemon();
    let ovs: OpenVSwitch | undefined;
    try {
      ovs = await OpenVSwitch.start();
      await ovs.addBridge(BRIDGE, {
        versions: [version],
        datapathId: DATAPATH.replaceAll(":", ""),
        ports: 3,
      });
      const port = await freePort();
      const params = { endpoint: `127.0.0.1:${port}`, versions: [version], options: ["FEATURES_REQ"] };
      await daemon.request("OFP.LISTEN", params);
      const passive = await freePort();
      await ovs.setController(BRIDGE, port, passive);
      return new Lab(ovs, daemon, { port, passive }, await daemon.next("CHANNEL_UP"));
    } catch (error) {
      await daemon.stop();
      await ovs?.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.daemon.stop();
    await this.ovs.stop();
  }

  /** Removes all flows, groups and meters, and forgets all events. */
  async reset(): Promise<void> {
    // DELETE in all tables came with 1.2; ovs-ofctl knows how to do without.
    if (this.version === 2) await this.ovs.ofctl(BRIDGE, this.version, "replace-flows", "/dev/null");
    else await this.daemon.send(DATAPATH, "FLOW_MOD", { command: "DELETE", table_id: "ALL" });
    const all = { command: "DELETE", flags: [], meter_id: "ALL", bands: [] };
    if (this.version > 3) await this.daemon.send(DATAPATH, "METER_MOD", all);
    const groups = { command: "DELETE", type: "ALL", group_id: "ALL", buckets: [] };
    if (this.version > 1) await this.daemon.send(DATAPATH, "GROUP_MOD", groups);
    await this.ask("BARRIER_REQUEST", {});
    this.daemon.takeEvents();
  }

  /** Asks the switch and gives its answer, also if that is an ERROR. */
  ask(type: string, msg: unknown): Promise<OpenFlowMessage> {
    return this.daemon.ask(DATAPATH, type, msg);
  }

  /** Asks the switch by OFP.REQUEST, whose result is the whole answer; throws RequestError where that is an ERROR. */
  request(type: string, msg: unknown, more: Json = {}): Promise<Json> {
    return this.daemon.request("OFP.REQUEST", { datapath_id: DATAPATH, type, msg, ...more });
  }

  /** Has the switch do something that has no answer; throws SwitchError where it refuses. */
  async tell(type: string, msg: unknown, more: Json = {}): Promise<void> {
    const xid = await this.daemon.send(DATAPATH, type, msg, more);
    await this.ask("BARRIER_REQUEST", {});
    const error = this.daemon.takeEvents((event) => event.xid === xid)[0];
    if (error !== undefined) throw new SwitchError(error);
  }

  /** Adds a flow to table 0, unless the flow says another one. */
  addFlow(flow: Json): Promise<void> {
    return this.tell("FLOW_MOD", { command: "ADD", table_id: 0, ...flow });
  }

  /** The ERROR with which the switch refuses a message. Throws where it does not. */
  async refusal(type: string, msg: unknown): Promise<OpenFlowMessage> {
    try {
      await this.tell(type, msg);
    } catch (error) {
      if (error instanceof SwitchError) return error.error;
      throw error;
    }
    throw new Error(`the switch takes ${type} ${JSON.stringify(msg)}`);
  }

  /** Has the daemon connect a second time, as another controller, while `act` runs. It gets the new connection's id. */
  async withOther(act: (connection: number) => Promise<void>): Promise<void> {
    const params = { endpoint: `127.0.0.1:${this.passive}`, versions: [this.version] };
    const { conn_id } = await this.daemon.request("OFP.CONNECT", params);
    const isOther = (event: OpenFlowMessage): boolean => event.conn_id === conn_id;
    await this.daemon.event(
      "the second connection",
      (event) => isOther(event) && event.type === "CHANNEL_UP",
    );
    try {
      await act(conn_id as number);
    } finally {
      await this.daemon.request("OFP.CLOSE", { conn_id });
      await this.daemon.event("its end", (event) => isOther(event) && event.type === "CHANNEL_DOWN");
    }
  }

  /** The flows as ovs-ofctl sees them. */
  flows(): Promise<string[]> {
    return this.ovs.flows(BRIDGE, this.version);
  }

  /** What the switch says about its flows, through the daemon. */
  flowDesc(): Promise<Json[]> {
    return this.list("FLOW_DESC_REQUEST", ALL_FLOWS);
  }

  /** Asks for statistics of which there is a list, and gives the entries of all parts. */
  async list(type: string, msg: unknown): Promise<Json[]> {
    const parts = await this.daemon.askParts(DATAPATH, type, msg);
    for (const part of parts) if (part.type === "ERROR") throw new SwitchError(part);
    return parts.flatMap((part) => part.msg as unknown as Json[]);
  }
}
