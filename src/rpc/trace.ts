// Writes what goes over the wires into the log, for those who ask for it (`--trace=rpc,msg`).
import { log } from "../base/index.js";
import type { ChannelOwner } from "../channel/index.js";
import { formatHex } from "../text/index.js";
import { mayHoldKeys, NOT_SHOWN } from "./secrets.js";

/** What is traced. `rpc`: requests and replies, and events too; `msg`: OpenFlow messages in both directions. */
export type TraceTopic = "rpc" | "msg";

const topics = new Set<TraceTopic>();

/** Chooses what is traced; to be called before the gateway is made. Lines have the severity "trace". */
export function setTrace(chosen: Iterable<TraceTopic>): void {
  topics.clear();
  for (const topic of chosen) topics.add(topic);
}

/** A text that an RPC client sends or gets. */
export function traceRpc(direction: "read" | "write", text: string | Uint8Array): void {
  if (!topics.has("rpc")) return;
  const shown = typeof text === "string" ? text : Buffer.from(text).toString("utf8");
  log.trace({ text: mayHoldKeys(shown) ? NOT_SHOWN : shown }, `${direction} rpc`);
}

/** What is to see the messages of all channels, when they are traced. */
export function messageTracer(): ChannelOwner["onTraffic"] {
  if (!topics.has("msg")) return undefined;
  return (channel, direction, frame) => {
    log.trace({ conn_id: channel.facts.connId, frame: formatHex(frame) }, `${direction} message`);
  };
}
