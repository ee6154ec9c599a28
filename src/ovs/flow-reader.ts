/** Flows in messages: `{type: FLOW_MOD, flow: "ip,nw_dst=10.0.0.0/8,actions=2"}`. */
import { EncodeError } from "../base/index.js";
import { FlowError } from "./flow-error.js";
import { parseOvsFlow } from "./flow-parse.js";
import type { JsonObject } from "./json.js";

/** The types that a message with a flow may say. The second one asks for Nicira's message in OpenFlow 1.0. */
const TYPES: readonly unknown[] = [undefined, "FLOW_MOD", "NXT_FLOW_MOD"];

/** Reads the flow of a message, for EncodeOptions of the codec. Throws EncodeError. */
export function readFlow(
  flow: unknown,
  version: number,
  type: unknown,
): { readonly type: string; readonly msg: JsonObject } {
  if (typeof flow !== "string")
    throw new EncodeError("flow", 'is no text: "ip,nw_dst=10.0.0.0/8,actions=2"', { found: flow });
  if (!TYPES.includes(type) || (type === "NXT_FLOW_MOD" && version !== 1))
    throw new EncodeError("flow", `belongs to FLOW_MOD, not to ${String(type)}`, { found: flow });
  try {
    const { type: found, msg } = parseOvsFlow(flow, { version, nicira: type === "NXT_FLOW_MOD" });
    return { type: found, msg };
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    const code = error.code === "SYNTAX" ? "INVALID" : error.code;
    throw new EncodeError("flow", error.message, { code, found: flow });
  }
}
