// What the simulated switch says of itself: the bodies of its replies.
import { formatHex } from "../text/index.js";
import type { Flow } from "./flow-table.js";

/** A message to be sent; without `xid` it gets 0. */
export type Outgoing = Readonly<Record<string, unknown>> & { readonly type: string };

/** A port and what it has counted. */
export interface Port {
  readonly port_no: number;
  readonly hw_addr: string;
  readonly name: string;
  rx_packets: number;
  rx_bytes: number;
  tx_packets: number;
  tx_bytes: number;
}

/** Bytes of a message that its ERROR repeats (OF 1.3.5 §7.4.4). */
const ERROR_DATA = 64;

/** A port as FEATURES_REPLY and PORT_DESC tell of it. */
export function describePort({ port_no, hw_addr, name }: Port): object {
  return {
    port_no,
    hw_addr,
    name,
    config: [],
    state: [],
    curr: ["10GB_FD"],
    advertised: [],
    supported: [],
    peer: [],
    curr_speed: 0,
    max_speed: 0,
  };
}

/** A port as PORT_STATS tells of it. */
export function portCounters(port: Port, duration: string): object {
  const { port_no, rx_packets, tx_packets, rx_bytes, tx_bytes } = port;
  const faults = {
    rx_dropped: 0,
    tx_dropped: 0,
    rx_errors: 0,
    tx_errors: 0,
    rx_frame_err: 0,
    rx_over_err: 0,
    rx_crc_err: 0,
    collisions: 0,
  };
  return { port_no, duration, rx_packets, tx_packets, rx_bytes, tx_bytes, ...faults };
}

/** A flow as FLOW_DESC tells of it. @param now  milliseconds of the switch's clock */
export function describeFlow({ mod, instructions, packets, bytes, added }: Flow, now: number): object {
  const { priority, cookie, idle_timeout, hard_timeout, flags, match } = mod;
  return {
    table_id: 0,
    duration: formatDuration(now - added),
    priority,
    idle_timeout,
    hard_timeout,
    flags,
    cookie,
    packet_count: packets,
    byte_count: bytes,
    match,
    instructions,
  };
}

/** What flows have counted together. */
export function aggregate(flows: readonly Flow[]): object {
  const sum = (count: (flow: Flow) => number): number =>
    flows.reduce((total, flow) => total + count(flow), 0);
  return {
    packet_count: sum((flow) => flow.packets),
    byte_count: sum((flow) => flow.bytes),
    flow_count: flows.length,
  };
}

/** A list in several replies, all but the last with the flag MORE. */
export function inParts(type: string, list: readonly object[], size: number): Outgoing[] {
  const parts: Outgoing[] = [];
  for (let at = 0; at === 0 || at < list.length; at += size) {
    const flags = at + size < list.length ? ["MORE"] : [];
    parts.push({ type, flags, msg: list.slice(at, at + size) });
  }
  return parts;
}

/** The ERROR that answers a message. @param frame  the message, whose beginning is repeated */
export function refuse(frame: Uint8Array, type: string, code: string): Outgoing {
  return { type: "ERROR", msg: { type, code, data: formatHex(frame.subarray(0, ERROR_DATA)) } };
}

/** "3.250000000": seconds and nanoseconds. */
export function formatDuration(ms: number): string {
  return (Math.floor(ms) / 1000).toFixed(9);
}
