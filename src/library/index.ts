// What TypeScript programs import from "oftr": messages as objects to frames and back, matches, packets, and flows in lines. The package's entry; nothing in src/ imports it.
import type { Version } from "../base/index.js";
import type { FlowMod, Message, NxtFlowMod } from "../codec/catalog.js";
import { readMessage, decodeToText as textOf } from "../codec/decode.js";
import { makeFrame } from "../codec/encode.js";
import { formatOvsMessage, parseOvsFlow as parseFlow } from "../ovs/index.js";

export { DecodeError, EncodeError } from "../base/index.js";
export type * from "../codec/catalog.js";
export { loadJsonSchema } from "../codec/catalog.js";
export {
  type MatchCoversOptions,
  type MatchFromPacketOptions,
  matchCovers,
  matchFromPacket,
  type PacketOptions,
} from "../codec/match.js";
export { FlowError, type FlowErrorCode } from "../ovs/index.js";

/** What may be said beside a message that is to be encoded. */
export interface EncodeOptions {
  /** Wire version of a message that has none: 1 is OpenFlow 1.0, 6 is OpenFlow 1.5. */
  readonly version?: Version;
  /** Transaction id of a message that has none; 0 when not given. */
  readonly xid?: number;
  /** Write matches as given: no prerequisites are added or missed, values keep bits that their mask leaves out. */
  readonly unchecked?: boolean;
}

/**
 * The message of one frame as JSON text; integers of 64 bits stand in it with all their digits.
 * @param frame  a whole frame: the length in its header is its length
 * Throws DecodeError when the frame does not obey its own lengths or is of no version 1.0 to 1.5.
 */
export function decodeToText(frame: Uint8Array): string {
  return textOf(asBuffer(frame));
}

/** As decodeToText, as an object; integers of 16 digits and more are texts of their digits. Throws DecodeError. */
export function decodeMessage(frame: Uint8Array): Message {
  return readMessage(asBuffer(frame)) as Message;
}

/**
 * The frame of a message. Integers beyond 2^53 must be bigint or text: as a number they are refused, being rounded already.
 * Throws EncodeError, whose `path` is the place, when the message cannot be expressed in its version.
 */
export function encodeMessage(message: Message, options: EncodeOptions = {}): Uint8Array {
  return Uint8Array.from(makeFrame(message, { ...options, lossless: true }));
}

/** What a flow in one line is read for. */
export interface OvsFlowOptions {
  /** Wire version: 1 is OpenFlow 1.0, 6 is OpenFlow 1.5. */
  readonly version: Version;
  /** Use NXT_FLOW_MOD in OpenFlow 1.0 for all flows, not just for those that FLOW_MOD cannot say. */
  readonly nicira?: boolean;
}

/**
 * The FLOW_MOD of a flow as ovs-ofctl has it, `priority=5,ip,nw_dst=10.0.0.0/8,actions=output:2`; in OpenFlow 1.0 it may be an
 * NXT_FLOW_MOD. Throws FlowError, which has the
 * column of what is wrong. What the version cannot say may be told by `encodeMessage` only.
 */
export function parseOvsFlow(line: string, options: OvsFlowOptions): FlowMod | NxtFlowMod {
  return parseFlow(line, options) as unknown as FlowMod | NxtFlowMod;
}

/**
 * A message in lines as ovs-ofctl prints them: a FLOW_MOD as `parseOvsFlow` reads it, a line for each flow of a reply. Others are one line of JSON
 * after their type.
 */
export function formatOvsFlow(message: Message): string[] {
  return formatOvsMessage(message as Parameters<typeof formatOvsMessage>[0]);
}

function asBuffer({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
