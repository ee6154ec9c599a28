// What filters look at in a PACKET_IN, found by the decoder that makes events.
import { DecodeError } from "../base/index.js";
import { decodeMessage, makeEnvelope, messageTypeName, type PacketPrinter } from "../codec/decode.js";
import { Text } from "../text/index.js";
import { isMapping } from "./params.js";

/** The frame bytes[start, end) that a switch has sent, valid as long as the message is. */
export interface PacketIn {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
  /** The port that it came from, as events name it; undefined when the switch has not said. Valid until the next message is read. */
  inPort(): string | number | undefined;
}

/**
 * A network makes more of these than of anything else, and can repeat them. Open vSwitch sends Nicira's in the place of PACKET_IN when it
 * is asked to.
 */
const PACKET_INS: ReadonlySet<string | undefined> = new Set(["PACKET_IN", "NXT_PACKET_IN", "NXT_PACKET_IN2"]);

/** True for a PACKET_IN, also in Nicira's forms. */
export function isPacketIn(frame: Buffer): boolean {
  return PACKET_INS.has(messageTypeName(frame));
}

const NO_BYTES = new Uint8Array(0);
const ENVELOPE = makeEnvelope({});

/** The decoder is synchronous: one text and one place serve all messages. */
const text = new Text();
const found = { bytes: NO_BYTES as Uint8Array, start: 0, end: 0, inPort: readInPort };

const FINDER: PacketPrinter = {
  detail: "fields",
  writeFields(b, o, end) {
    found.bytes = b;
    found.start = o;
    found.end = end;
  },
  writeOthers: () => undefined,
};

/** Finds the frame of a PACKET_IN; undefined when the message cannot be decoded. */
export function readPacketIn(message: Buffer): PacketIn | undefined {
  text.rewind();
  found.bytes = NO_BYTES;
  found.start = found.end = 0;
  try {
    decodeMessage(message, text, ENVELOPE, FINDER);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
  return found;
}

function readInPort(): string | number | undefined {
  const { msg } = JSON.parse(text.o.toString("utf8", text.start, text.p)) as { msg?: unknown };
  const port = isMapping(msg) ? (msg.in_port ?? portOf(msg.match)) : undefined;
  // 0 is no port in any version: what is printed when the match does not name one.
  return typeof port === "string" || (typeof port === "number" && port !== 0) ? port : undefined;
}

/** Names of the field that has the port, in messages that have no key for it. */
const IN_PORTS: ReadonlySet<unknown> = new Set(["IN_PORT", "NX_IN_PORT"]);

function portOf(match: unknown): unknown {
  const found: unknown = Array.isArray(match) ? match.find((one) => IN_PORTS.has(one.field)) : undefined;
  return isMapping(found) ? found.value : undefined;
}
