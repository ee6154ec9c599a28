// The start of an OpenFlow channel, as a pure state machine: an event goes in, effects come out.
// It knows no sockets and no timers; channel.ts carries the effects out.
//
//   open -> hello -> [features -> [ports]] -> up        failed can follow each of them
//
// With `features` the switch is asked who it is before the channel counts as up: FEATURES_REQUEST, and
// from 1.3 on, where FEATURES_REPLY lists no ports, PORT_DESC. What else arrives meanwhile is put off until then.
import { DecodeError, type Version } from "../base/index.js";
import { HEADER_LENGTH, peekType, peekVersion, peekXid, u16 } from "../wire/index.js";
import { formatIncompatible, makeHello, negotiate, readOffer } from "./hello.js";
import { type Message, makeFrame, readMessage } from "./message.js";
import { echoReply, isOwnEcho, TYPE } from "./steady.js";

/** How a channel starts. */
export interface HandshakeOptions {
  /** Versions offered, ascending, at least one. */
  readonly versions: readonly Version[];
  /** Ask for features and ports before the channel is up. */
  readonly features: boolean;
  /** Refuse messages of another version than the negotiated one. */
  readonly checkVersion: boolean;
}

/** The body of a FEATURES_REPLY, with the ports of all PORT_DESC replies. */
export interface Features {
  readonly datapath_id: string;
  readonly auxiliary_id: number;
  readonly ports: readonly unknown[];
}

/** Where a channel is between its first byte and being up. `version` is the negotiated one. */
export type HandshakeState =
  | { readonly phase: "open" | "hello" | "failed" }
  | { readonly phase: "features" | "up"; readonly version: Version }
  | {
      readonly phase: "ports";
      readonly version: Version;
      readonly features: Features;
      /** PORT_DESC replies so far. */
      readonly parts: number;
    };

/** What happens to a channel that is not up. A frame is whole and has passed `isSaneHeader`. */
export type HandshakeEvent =
  | { readonly type: "open" | "timeout" }
  | { readonly type: "frame"; readonly frame: Buffer };

/** What a step asks for, in order. */
export type HandshakeEffect =
  | { readonly do: "send"; readonly frame: Buffer }
  /** The peer has made progress: it has the whole time limit again. */
  | { readonly do: "wait" }
  /** A message for the controller, to be delivered after the channel is up. */
  | { readonly do: "defer"; readonly frame: Buffer }
  /** The channel is up; `features` when they were asked for. */
  | { readonly do: "up"; readonly version: Version; readonly features?: Features }
  /** It will not come up: tell why, then close. */
  | { readonly do: "fail"; readonly reason: string; readonly data: Uint8Array };

/** Result of a step. */
export interface HandshakeStep {
  readonly state: HandshakeState;
  readonly effects: readonly HandshakeEffect[];
}

/** Transaction ids of the handshake; messages of the controller are numbered from FIRST_FREE_XID. */
const FEATURES_XID = 1;
const PORTS_XID = 2;

/** The first transaction id that a handshake does not use. */
export const FIRST_FREE_XID = 3;

/** PORT_DESC replies that a switch may send. Each holds about a thousand ports. */
const MAX_PORT_PARTS = 256;

/** Where a channel starts. */
export const HANDSHAKE_START: HandshakeState = { phase: "open" };

const FAILED: HandshakeState = { phase: "failed" };
const NO_BYTES = new Uint8Array(0);

/** What an endless wait was for, by phase. */
const AWAITED = { hello: "HELLO", features: "FEATURES_REPLY", ports: "PORT_DESC_REPLY" } as const;

/** One step of the handshake. In the phases `up` and `failed` nothing happens any more. */
export function stepHandshake(
  options: HandshakeOptions,
  state: HandshakeState,
  event: HandshakeEvent,
): HandshakeStep {
  switch (state.phase) {
    case "open":
      if (event.type !== "open") return { state, effects: [] };
      return {
        state: { phase: "hello" },
        effects: [{ do: "send", frame: makeHello(options.versions) }, { do: "wait" }],
      };
    case "hello":
    case "features":
    case "ports":
      if (event.type === "timeout") return fail(`Handshake timeout: no ${AWAITED[state.phase]}`);
      if (event.type !== "frame") return { state, effects: [] };
      try {
        return stepFrame(options, state, event.frame);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        return fail(`DECODE FAILED: ${error.message}`, event.frame);
      }
    default:
      return { state, effects: [] };
  }
}

function stepFrame(options: HandshakeOptions, state: HandshakeState, frame: Buffer): HandshakeStep {
  const type = peekType(frame);
  // A peer that refuses our HELLO may say so in a version that we have not offered.
  if (type === TYPE.ERROR && isHelloFailed(frame)) return fail(refusal("HELLO", frame), frame);
  if (state.phase === "hello") {
    return type === TYPE.HELLO ? stepHello(options, frame) : { state, effects: [] };
  }
  const { version } = state as { version: Version };
  if (options.checkVersion && peekVersion(frame) !== version) {
    return fail(BAD_HEADER, frame.subarray(0, HEADER_LENGTH));
  }
  switch (type) {
    case TYPE.ECHO_REQUEST:
      if (isOwnEcho(frame)) break;
      return { state, effects: [{ do: "send", frame: echoReply(frame) }] };
    case TYPE.ERROR:
      return stepError(state, frame);
    case TYPE.FEATURES_REPLY:
      if (state.phase === "features") return stepFeatures(version, frame);
      break;
    default:
      if (state.phase === "ports" && isMultipartReply(version, type)) return stepPorts(state, frame);
  }
  return { state, effects: [{ do: "defer", frame }] };
}

function stepHello(options: HandshakeOptions, frame: Buffer): HandshakeStep {
  const offer = readOffer(frame);
  const version = negotiate(options.versions, offer);
  if (version === 0) {
    const reason = formatIncompatible(options.versions, offer);
    const error = makeHelloFailed(options.versions.at(-1) as Version, peekXid(frame), reason);
    const failed = fail(reason, frame.subarray(0, HEADER_LENGTH));
    return { state: FAILED, effects: [{ do: "send", frame: error }, ...failed.effects] };
  }
  if (!options.features) return { state: { phase: "up", version }, effects: [{ do: "up", version }] };
  const request = makeFrame({ type: "FEATURES_REQUEST", xid: FEATURES_XID }, version);
  return {
    state: { phase: "features", version },
    effects: [{ do: "send", frame: request }, { do: "wait" }],
  };
}

function stepFeatures(version: Version, frame: Buffer): HandshakeStep {
  const body = readMessage(frame).msg as Features;
  if (body.datapath_id === "") return fail("FEATURES_REPLY has datapath_id 0", frame);
  const features = { ...body, ports: body.ports ?? [] };
  // Ports belong to the main connection. 1.1 and 1.2 know no PORT_DESC: it is asked only when there is no list.
  if (version === 1 || features.auxiliary_id !== 0 || features.ports.length > 0) return up(version, features);
  const request = makeFrame({ type: "PORT_DESC_REQUEST", xid: PORTS_XID, msg: {} }, version);
  return {
    state: { phase: "ports", version, features, parts: 0 },
    effects: [{ do: "send", frame: request }, { do: "wait" }],
  };
}

function stepPorts(state: Extract<HandshakeState, { phase: "ports" }>, frame: Buffer): HandshakeStep {
  const message = readMessage(frame);
  if (message.type !== "PORT_DESC_REPLY") return { state, effects: [{ do: "defer", frame }] };
  const ports = state.features.ports.concat(message.msg as unknown[]);
  const features = { ...state.features, ports };
  if (message.flags?.includes("MORE") !== true) return up(state.version, features);
  const parts = state.parts + 1;
  if (parts >= MAX_PORT_PARTS) return fail(`PORT_DESC_REPLY has more than ${MAX_PORT_PARTS} parts`);
  return { state: { ...state, features, parts }, effects: [{ do: "wait" }] };
}

/** An ERROR to one of our requests ends the handshake at once; another one is none of its business. */
function stepError(state: HandshakeState, frame: Buffer): HandshakeStep {
  const xid = peekXid(frame);
  if (state.phase === "features" && xid === FEATURES_XID)
    return fail(refusal("FEATURES_REQUEST", frame), frame);
  if (state.phase === "ports" && xid === PORTS_XID) {
    // Right for a switch of 1.1 or 1.2, which does not know the request: it has no ports to tell of.
    if (state.version < 4) return up(state.version, state.features);
    return fail(refusal("PORT_DESC_REQUEST", frame), frame);
  }
  return { state, effects: [{ do: "defer", frame }] };
}

function up(version: Version, features: Features): HandshakeStep {
  return { state: { phase: "up", version }, effects: [{ do: "up", version, features }] };
}

function fail(reason: string, data: Uint8Array = NO_BYTES): HandshakeStep {
  return { state: FAILED, effects: [{ do: "fail", reason, data }] };
}

/** Reason for a message whose header cannot be trusted. */
export const BAD_HEADER = "Invalid OpenFlow message header";

/** Type 0 of the ERROR message, in all versions (OF 1.3.5 §7.4.4.1). */
function isHelloFailed(frame: Buffer): boolean {
  return frame.length >= HEADER_LENGTH + 4 && u16(frame, HEADER_LENGTH) === 0;
}

function makeHelloFailed(version: Version, xid: number, reason: string): Buffer {
  const data = Buffer.from(reason, "latin1").toString("hex");
  return makeFrame(
    { type: "ERROR", xid, msg: { type: "HELLO_FAILED", code: "OFPHFC_INCOMPATIBLE", data } },
    version,
  );
}

function refusal(request: string, frame: Buffer): string {
  let error: Message["msg"];
  try {
    error = readMessage(frame).msg;
  } catch {
    return `${request} was answered with an ERROR that cannot be decoded`;
  }
  const { type, code, _text } = error as { type: string; code: string; _text?: string };
  return `${request} was answered with ERROR ${type} ${code}${_text === undefined ? "" : `: ${_text}`}`;
}

/** MULTIPART_REPLY, which was STATS_REPLY before 1.3: 17 in 1.0, 19 later. */
function isMultipartReply(version: Version, type: number): boolean {
  return type === (version === 1 ? 17 : 19);
}
