// Which side of a connection sends messages of a kind.
import { mayAnswer, onlyAnswers } from "../codec/decode.js";
import { peekType } from "../wire/index.js";
import type { TrafficWay } from "./message.js";

/** A side of a connection. */
export type SideName = "switch" | "controller";

/** HELLO, ERROR, ECHO_REQUEST, ECHO_REPLY, EXPERIMENTER: types up to this one come from both sides, in all versions. */
const LAST_SYMMETRIC = 4;

/** PACKET_IN, FLOW_REMOVED, PORT_STATUS, ROLE_STATUS, TABLE_STATUS, REQUESTFORWARD: what switches tell by themselves. */
const EVENTS: ReadonlySet<number> = new Set([10, 11, 12, 30, 31, 32]);

/** Where controllers listen (IANA, and before that). */
const CONTROLLER_PORTS = /:(6653|6633)$/;

/** Whether a message is one that a switch sends by itself, and that nobody answers. */
export function isEvent(frame: Uint8Array): boolean {
  return EVENTS.has(peekType(frame));
}

/** Who sends a message of this type; undefined where both do. */
export function senderByType(frame: Uint8Array): SideName | undefined {
  if (peekType(frame) <= LAST_SYMMETRIC) return undefined;
  if (isEvent(frame) || onlyAnswers(frame)) return "switch";
  return mayAnswer(frame) ? undefined : "controller";
}

/** Who sends on a way, as far as its ports tell. */
export function senderByPort({ src, dst }: TrafficWay): SideName | undefined {
  if (CONTROLLER_PORTS.test(src)) return "controller";
  return CONTROLLER_PORTS.test(dst) ? "switch" : undefined;
}

/** The other side. */
export function opposite(side: SideName): SideName {
  return side === "switch" ? "controller" : "switch";
}
