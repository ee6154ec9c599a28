// The start of an OpenFlow channel, as a pure state machine: an event goes in, effects come out.
// It knows no sockets and no timers; channel.ts carries the effects out.
//
//   open -> hello -> [features -> [ports]] -> up        failed can follow each of them
//
// With `features` the switch is asked who it is before the channel counts as up: FEATURES_REQUEST, and
// from 1.3 on, where FEATURES_REPLY lists no ports, PORT_DESC. What else arrives meanwhile is put off until then.
import { DecodeError, type Version } from "../base/index.js";
import { type DecodedMessage, readMessage } from "../codec/decode.js";
import { makeFrame } from "../codec/encode.js";
import { HEADER_LENGTH, peekType, peekVersion, peekXid, u16 } from "../wire/index.js";
import { formatIncompatible, makeHello, negotiate, readOffer } from "./hello.js";
import type { ChannelReason } from "./reason.js";
import type { WaitStep } from "./settings.js";
import { describeForeign, echoReply, isForeign, isOwnEcho, TYPE } from "./steady.js";

/** How a channel starts. */
export interface HandshakeOptions {
  /** Versions offered, ascending, at least one. */
  readonly versions: readonly Version[];
  /** Ask for features and ports before the channel is up. */
  readonly features: boolean;
  /** Deliver no messages of another version than the negotiated one. */
  readonly checkVersion: boolean;
  /** PORT_DESC replies that a switch may send. */
  readonly maxParts: number;
}

/** What a peer is waited for, and how its silence is called. */
export const HANDSHAKE_STEPS = {
  hello: { reason: "HELLO_TIMEOUT", awaited: "HELLO" },
  features: { reason: "FEATURES_TIMEOUT", awaited: "FEATURES_REPLY" },
  ports: { reason: "PORT_DESC_TIMEOUT", awaited: "PORT_DESC_REPLY" },
} as const satisfies Partial<Record<WaitStep, { reason: ChannelReason; awaited: string }>>;

/** A step of the handshake. */
export type HandshakeWait = keyof typeof HANDSHAKE_STEPS;

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
  /** The peer has made progress: it has the whole time of this step. */
  | { readonly do: "wait"; readonly step: HandshakeWait }
  /** A message for the controller, to be delivered after the channel is up. */
  | { readonly do: "defer"; readonly frame: Buffer }
  /** The channel is up; `features` when they were asked for. */
  | { readonly do: "up"; readonly version: Version; readonly features?: Features }
  /** Tell of a message of another version than the one that was agreed on, and go on. */
  | { readonly do: "foreign"; readonly message: string; readonly frame: Buffer }
  /** Tell that something is wrong, and go on. */
  | ({ readonly do: "alert" } & Trouble)
  /** It will not come up: tell why, then close. */
  | ({ readonly do: "fail" } & Trouble);

/** What is wrong, for programs and for people, and the bytes that it is about. */
export interface Trouble {
  readonly reason: ChannelReason;
  readonly message: string;
  readonly data: Uint8Array;
}

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

/** Where a channel starts. */
export const HANDSHAKE_START: HandshakeState = { phase: "open" };

const FAILED: HandshakeState = { phase: "failed" };
const NO_BYTES = new Uint8Array(0);

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
        effects: [
          { do: "send", frame: makeHello(options.versions) },
          { do: "wait", step: "hello" },
        ],
      };
    case "hello":
    case "features":
    case "ports":
      if (event.type === "timeout") {
        const { reason, awaited } = HANDSHAKE_STEPS[state.phase];
        return fail(reason, `Handshake timeout: no ${awaited}`);
      }
      if (event.type !== "frame") return { state, effects: [] };
      try {
        return stepFrame(options, state, event.frame);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        return fail("DECODE_FAILED", `DECODE FAILED: ${error.message}`, event.frame);
      }
    default:
      return { state, effects: [] };
  }
}

function stepFrame(options: HandshakeOptions, state: HandshakeState, frame: Buffer): HandshakeStep {
  const type = peekType(frame);
  // A peer that refuses our HELLO may say so in a version that we have not offered.
  if (type === TYPE.ERROR && isHelloRefused(state, frame)) {
    return fail("HELLO_REFUSED", refusal("HELLO", frame), frame);
  }
  if (state.phase === "hello" && type === TYPE.HELLO) return stepHello(options, frame);
  // Nothing else may come before the HELLO (OF 1.3.5 §6.3.1); but what comes all the same is not lost.
  if (state.phase === "hello") return { state, effects: [{ do: "defer", frame }] };
  const { version } = state as { version: Version };
  if (options.checkVersion && isForeign(frame, version)) {
    const message = describeForeign(frame, version);
    return { state, effects: [{ do: "foreign", message, frame }] };
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
      if (state.phase === "ports" && isMultipartReply(frame)) return stepPorts(options, state, frame);
  }
  return { state, effects: [{ do: "defer", frame }] };
}

function stepHello(options: HandshakeOptions, frame: Buffer): HandshakeStep {
  const offer = readOffer(frame);
  const version = negotiate(options.versions, offer);
  if (version === 0) {
    const reason = formatIncompatible(options.versions, offer);
    const error = makeHelloFailed(options.versions.at(-1) as Version, peekXid(frame), reason);
    const failed = fail("HELLO_INCOMPATIBLE", reason, frame.subarray(0, HEADER_LENGTH));
    return { state: FAILED, effects: [{ do: "send", frame: error }, ...failed.effects] };
  }
  if (!options.features) return { state: { phase: "up", version }, effects: [{ do: "up", version }] };
  const request = makeFrame({ type: "FEATURES_REQUEST", xid: FEATURES_XID }, { version });
  return {
    state: { phase: "features", version },
    effects: [
      { do: "send", frame: request },
      { do: "wait", step: "features" },
    ],
  };
}

function stepFeatures(version: Version, frame: Buffer): HandshakeStep {
  const body = readMessage(frame).msg as Features;
  if (body.datapath_id === "") return fail("DATAPATH_ID_ZERO", "FEATURES_REPLY has datapath_id 0", frame);
  const features = { ...body, ports: body.ports ?? [] };
  // Ports belong to the main connection. 1.1 and 1.2 know no PORT_DESC: it is asked only when there is no list.
  if (version === 1 || features.auxiliary_id !== 0 || features.ports.length > 0) return up(version, features);
  const request = makeFrame({ type: "PORT_DESC_REQUEST", xid: PORTS_XID, msg: {} }, { version });
  return {
    state: { phase: "ports", version, features, parts: 0 },
    effects: [
      { do: "send", frame: request },
      { do: "wait", step: "ports" },
    ],
  };
}

function stepPorts(
  { maxParts }: HandshakeOptions,
  state: Extract<HandshakeState, { phase: "ports" }>,
  frame: Buffer,
): HandshakeStep {
  const message = readMessage(frame);
  if (message.type !== "PORT_DESC_REPLY") return { state, effects: [{ do: "defer", frame }] };
  const ports = state.features.ports.concat(message.msg as unknown[]);
  const features = { ...state.features, ports };
  if (message.flags?.includes("MORE") !== true) return up(state.version, features);
  const parts = state.parts + 1;
  if (parts >= maxParts) {
    return fail("PORT_DESC_LIMIT", `PORT_DESC_REPLY has more than ${maxParts} parts (limit handshake-parts)`);
  }
  return { state: { ...state, features, parts }, effects: [{ do: "wait", step: "ports" }] };
}

/** An ERROR to one of our requests ends the handshake at once; another one is none of its business. */
function stepError(state: HandshakeState, frame: Buffer): HandshakeStep {
  const xid = peekXid(frame);
  if (state.phase === "features" && xid === FEATURES_XID)
    return fail("FEATURES_REFUSED", refusal("FEATURES_REQUEST", frame), frame);
  if (state.phase === "ports" && xid === PORTS_XID) {
    const { version, features } = state;
    // Right for a switch of 1.1 or 1.2, which does not know the request: it has no ports to tell of.
    if (version < 4) return up(version, features);
    const message = refusal("PORT_DESC_REQUEST", frame);
    if (!isUnknownRequest(frame)) return fail("PORT_DESC_REFUSED", message, frame);
    // Later versions must know it; but a switch that does not is of more use without a list of its ports than not at all.
    const step = up(version, features);
    const alert = {
      do: "alert",
      reason: "PORT_DESC_REFUSED",
      message: `${message}; the channel is up without ports`,
      data: frame,
    } as const;
    return { ...step, effects: [...step.effects, alert] };
  }
  return { state, effects: [{ do: "defer", frame }] };
}

function up(version: Version, features: Features): HandshakeStep {
  return { state: { phase: "up", version }, effects: [{ do: "up", version, features }] };
}

function fail(reason: ChannelReason, message: string, data: Uint8Array = NO_BYTES): HandshakeStep {
  return { state: FAILED, effects: [{ do: "fail", reason, message, data }] };
}

/** HELLO_FAILED (0), or BAD_REQUEST (1) with BAD_VERSION (0) instead of a HELLO, in all versions (OF 1.3.5 §7.4.4.1). */
function isHelloRefused(state: HandshakeState, frame: Buffer): boolean {
  if (frame.length < HEADER_LENGTH + 4) return false;
  const type = u16(frame, HEADER_LENGTH);
  return type === 0 || (state.phase === "hello" && type === 1 && u16(frame, HEADER_LENGTH + 2) === 0);
}

function makeHelloFailed(version: Version, xid: number, reason: string): Buffer {
  const data = Buffer.from(reason, "latin1").toString("hex");
  return makeFrame(
    { type: "ERROR", xid, msg: { type: "HELLO_FAILED", code: "OFPHFC_INCOMPATIBLE", data } },
    { version },
  );
}

function refusal(request: string, frame: Buffer): string {
  let error: DecodedMessage["msg"];
  try {
    error = readMessage(frame).msg;
  } catch {
    return `${request} was answered with an ERROR that cannot be decoded`;
  }
  const { type, code, _text } = error as { type: string; code: string; _text?: string };
  return `${request} was answered with ERROR ${type} ${code}${_text === undefined ? "" : `: ${_text}`}`;
}

/** BAD_REQUEST (1) with BAD_TYPE (1) or BAD_MULTIPART (2), with the same numbers in all versions (OF 1.3.5 §7.4.4.2). */
function isUnknownRequest(frame: Buffer): boolean {
  if (frame.length < HEADER_LENGTH + 4 || u16(frame, HEADER_LENGTH) !== 1) return false;
  const code = u16(frame, HEADER_LENGTH + 2);
  return code === 1 || code === 2;
}

/** MULTIPART_REPLY, which was STATS_REPLY before 1.3: 17 in 1.0, 19 later. */
function isMultipartReply(frame: Buffer): boolean {
  return peekType(frame) === (peekVersion(frame) === 1 ? 17 : 19);
}
