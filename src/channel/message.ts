// Messages that the channel itself sends and reads, as JSON values. Not for the hot path.
import { decodeMessage, makeEnvelope } from "../codec/decode.js";
import { encodeMessage, MessageWriter } from "../codec/encode.js";
import { parseJsonLossless, Text } from "../text/index.js";

/** Space for a short message; decodeMessage asks for more when it needs more. */
const TEXT_SIZE = 4096;

/** A decoded message. `msg` is what its type says. */
export interface Message {
  readonly type: string;
  readonly xid: number;
  readonly version: number;
  readonly flags?: readonly string[];
  readonly msg?: unknown;
}

const NO_KEYS = makeEnvelope({});

/**
 * Decodes one whole frame to a value; integers of 16 digits or more become digit text, so that nothing is rounded.
 * Throws DecodeError.
 */
export function readMessage(frame: Buffer): Message {
  const text = new Text(TEXT_SIZE);
  decodeMessage(frame, text, NO_KEYS);
  return parseJsonLossless(text.takeString()) as Message;
}

/** Encodes one message. Throws EncodeError. */
export function makeFrame(message: object, version: number): Buffer {
  const writer = new MessageWriter();
  encodeMessage(message, writer, { version });
  return writer.copy();
}
