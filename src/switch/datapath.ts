// The simulated switch without its connection: ports, one flow table, and an answer to each message.
import type { DecodedMessage } from "../codec/decode.js";
import { packetTerms } from "../codec/match.js";
import { formatHex } from "../text/index.js";
import {
  aggregate,
  describeFlow,
  describePort,
  formatDuration,
  inParts,
  type Outgoing,
  type Port,
  portCounters,
  refuse,
} from "./describe.js";
import {
  actionsOf,
  type Flow,
  type FlowFilter,
  type FlowMod,
  FlowModRefused,
  FlowTable,
  type Removal,
  type Step,
} from "./flow-table.js";

/** What a simulated switch is like. */
export interface DatapathOptions {
  /** Wire version it speaks: 1 is OpenFlow 1.0, 4 is 1.3. */
  readonly version: 1 | 4;
  /** "00:00:00:00:00:00:00:01" */
  readonly datapathId: string;
  /** Ports, numbered from 1. */
  readonly ports: number;
  /** Ports that one PORT_DESC reply holds. Default 500. */
  readonly portsPerPart?: number;
  /** Milliseconds that never go back. */
  readonly now: () => number;
}

const MAX_FLOWS = 10_000;
const FLOWS_PER_PART = 100;
const PORTS_PER_PART = 500;

const NO_COOKIE = "18446744073709551615";

/** The state of a switch. */
export class Datapath {
  readonly options: DatapathOptions;
  readonly flows: FlowTable;
  /** Packets that the controller had sent out. */
  packetsOut = 0;
  readonly #ports: readonly Port[];
  readonly #started: number;
  #config: unknown = { flags: ["FRAG_NORMAL"], miss_send_len: 128 };

  constructor(options: DatapathOptions) {
    this.options = options;
    this.flows = new FlowTable(MAX_FLOWS, options.version);
    this.#started = options.now();
    this.#ports = Array.from({ length: options.ports }, (_, i) => ({
      port_no: i + 1,
      hw_addr: portAddress(i + 1),
      name: `port${i + 1}`,
      rx_packets: 0,
      rx_bytes: 0,
      tx_packets: 0,
      tx_bytes: 0,
    }));
  }

  /**
   * Carries out a message and gives what the switch says to it.
   * @param frame  the bytes of the message, which an ERROR repeats in part
   */
  answer(message: DecodedMessage, frame: Uint8Array): Outgoing[] {
    const replies = this.#handle(message, frame);
    return replies.map((reply) => ({ xid: message.xid, ...reply }));
  }

  /** A packet comes in at a port. Gives the PACKET_IN, unless a flow knows what to do with it. */
  receive(inPort: number, packet: Uint8Array): Outgoing[] {
    const port = this.#ports[inPort - 1];
    if (port !== undefined) {
      port.rx_packets++;
      port.rx_bytes += packet.length;
    }
    const terms = packetTerms(packet, inPort, this.options.version);
    const flow = this.flows.lookup(terms, packet.length, this.options.now());
    if (flow === undefined) return [this.#packetIn("TABLE_MISS", inPort, packet)];
    const outputs = this.#output(actionsOf(flow), inPort, packet);
    return outputs.includes("CONTROLLER") ? [this.#packetIn("APPLY_ACTION", inPort, packet, flow)] : [];
  }

  /** Removes the flows whose time is over; gives the FLOW_REMOVED messages of those that want one. */
  expire(): Outgoing[] {
    return this.#removed(this.flows.expire(this.options.now()));
  }

  #handle(message: DecodedMessage, frame: Uint8Array): Outgoing[] {
    const { type, msg } = message;
    switch (type) {
      case "HELLO":
      case "ECHO_REPLY":
      case "ERROR":
        return [];
      case "ECHO_REQUEST":
        return [{ type: "ECHO_REPLY", msg }];
      case "FEATURES_REQUEST":
        return [{ type: "FEATURES_REPLY", msg: this.#features() }];
      case "GET_CONFIG_REQUEST":
        return [{ type: "GET_CONFIG_REPLY", msg: this.#config }];
      case "SET_CONFIG":
        this.#config = msg;
        return [];
      case "BARRIER_REQUEST":
        return [{ type: "BARRIER_REPLY" }];
      case "FLOW_MOD":
        return this.#flowMod(msg as FlowMod, frame);
      case "PACKET_OUT":
        return this.#packetOut(msg as { in_port: number; actions: Step[]; data: string });
      case "ROLE_REQUEST":
        return [{ type: "ROLE_REPLY", msg }];
      case "DESC_REQUEST":
        return [{ type: "DESC_REPLY", msg: this.#description() }];
      case "PORT_DESC_REQUEST":
        return this.#portDescriptions();
      case "FLOW_DESC_REQUEST":
        return this.#flowDescriptions(msg as FlowFilter);
      case "AGGREGATE_STATS_REQUEST":
        return [{ type: "AGGREGATE_STATS_REPLY", msg: aggregate(this.flows.select(msg as FlowFilter)) }];
      case "TABLE_STATS_REQUEST":
        return [{ type: "TABLE_STATS_REPLY", msg: [this.#tableStats()] }];
      case "PORT_STATS_REQUEST":
        return this.#portStats((msg as { port_no: number | string }).port_no, frame);
      default:
        // Multipart messages alone always have `flags`.
        return [
          refuse(
            frame,
            "BAD_REQUEST",
            message.flags === undefined ? "OFPBRC_BAD_TYPE" : "OFPBRC_BAD_MULTIPART",
          ),
        ];
    }
  }

  #features(): object {
    const { version, datapathId } = this.options;
    const features = {
      datapath_id: datapathId,
      n_buffers: 0,
      n_tables: 1,
      auxiliary_id: 0,
      capabilities: ["FLOW_STATS", "TABLE_STATS", "PORT_STATS"],
    };
    // Since 1.3 the ports are told by PORT_DESC.
    return version === 1
      ? { ...features, actions: ["OUTPUT"], ports: this.#ports.map(describePort) }
      : features;
  }

  #description(): object {
    return {
      mfr_desc: "oftr",
      hw_desc: "simulated switch",
      sw_desc: "oftr",
      serial_num: "1",
      dp_desc: this.options.datapathId,
    };
  }

  #portDescriptions(): Outgoing[] {
    return inParts(
      "PORT_DESC_REPLY",
      this.#ports.map(describePort),
      this.options.portsPerPart ?? PORTS_PER_PART,
    );
  }

  #flowDescriptions(filter: FlowFilter): Outgoing[] {
    const now = this.options.now();
    const entries = this.flows.select(filter).map((flow) => describeFlow(flow, now));
    return inParts("FLOW_DESC_REPLY", entries, FLOWS_PER_PART);
  }

  #tableStats(): object {
    // 1.3 has neither name nor limits here.
    const older =
      this.options.version === 1 ? { name: "main", max_entries: MAX_FLOWS } : { name: "", max_entries: 0 };
    return {
      table_id: 0,
      ...older,
      wildcards: 0,
      active_count: this.flows.size,
      lookup_count: this.flows.lookups,
      matched_count: this.flows.matched,
    };
  }

  #portStats(wanted: number | string, frame: Uint8Array): Outgoing[] {
    const ports = this.#ports.filter((port) => wanted === "ANY" || wanted === port.port_no);
    if (ports.length === 0 && wanted !== "ANY") return [refuse(frame, "BAD_REQUEST", "OFPBRC_BAD_PORT")];
    const duration = this.options.version === 1 ? "0" : formatDuration(this.options.now() - this.#started);
    return [{ type: "PORT_STATS_REPLY", msg: ports.map((port) => portCounters(port, duration)) }];
  }

  #flowMod(mod: FlowMod, frame: Uint8Array): Outgoing[] {
    try {
      return this.#removed(this.flows.apply(mod, this.options.now(), this.options.version === 1));
    } catch (error) {
      if (error instanceof FlowModRefused) return [refuse(frame, "FLOW_MOD_FAILED", error.reason)];
      throw error;
    }
  }

  #packetOut({ in_port, actions, data }: { in_port: number; actions: Step[]; data: string }): Outgoing[] {
    this.packetsOut++;
    this.#output(actions, in_port, Buffer.from(data, "hex"));
    return [];
  }

  /** Counts a packet at the ports it leaves by; gives the ports as the actions name them. */
  #output(actions: readonly Step[], inPort: number, packet: Uint8Array): unknown[] {
    const outputs = actions.filter(({ action }) => action === "OUTPUT").map(({ port_no }) => port_no);
    for (const output of outputs) {
      for (const port of this.#ports) {
        const everywhere = (output === "FLOOD" || output === "ALL") && port.port_no !== inPort;
        if (!everywhere && port.port_no !== output) continue;
        port.tx_packets++;
        port.tx_bytes += packet.length;
      }
    }
    return outputs;
  }

  #packetIn(reason: string, inPort: number, packet: Uint8Array, flow?: Flow): Outgoing {
    // 1.0 has neither; since 1.3 a flow is told by its cookie, and a miss by all ones (OF 1.3.5 §7.4.1).
    const since13 =
      this.options.version === 1
        ? { cookie: 0, match: [] }
        : { cookie: flow?.mod.cookie ?? NO_COOKIE, match: [{ field: "IN_PORT", value: inPort }] };
    const msg = {
      buffer_id: "NO_BUFFER",
      total_len: packet.length,
      in_port: inPort,
      metadata: 0,
      reason,
      table_id: 0,
      ...since13,
      data: formatHex(packet),
    };
    return { type: "PACKET_IN", msg };
  }

  #removed(removals: readonly Removal[]): Outgoing[] {
    const now = this.options.now();
    return removals
      .filter(({ flow }) => flow.mod.flags.includes("SEND_FLOW_REM"))
      .map(({ flow, reason }) => {
        const { cookie, priority, idle_timeout, hard_timeout, match } = flow.mod;
        const counters = { packet_count: flow.packets, byte_count: flow.bytes };
        const timeouts = { idle_timeout, hard_timeout: this.options.version === 1 ? 0 : hard_timeout };
        const duration = formatDuration(now - flow.added);
        return {
          type: "FLOW_REMOVED",
          msg: { cookie, priority, reason, table_id: 0, duration, ...timeouts, ...counters, match },
        };
      });
  }
}

/** A locally administered address: 02:00:00:00:00:01 for port 1. */
function portAddress(port: number): string {
  const digits = port.toString(16).padStart(10, "0");
  return `02:${digits.replace(/..(?=.)/g, "$&:")}`;
}
