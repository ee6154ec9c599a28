// Messages of a recording as values, to be compared and changed.
import { DecodeError } from "../base/index.js";
import { decodeMessage, makeEnvelope } from "../codec/decode.js";
import { encodeMessage, MessageWriter } from "../codec/encode.js";
import { parseJsonLossless, Text } from "../text/index.js";

/** An object of JSON. */
export type JsonObject = Record<string, unknown>;

const ENVELOPE = makeEnvelope({});
const text = new Text();
const writer = new MessageWriter();

/** A message as `oftr decode` prints it; integers of 16 digits and more are texts. Undefined for one that cannot be decoded. */
export function readMessage(bytes: Buffer): JsonObject | undefined {
  text.rewind();
  try {
    decodeMessage(bytes, text, ENVELOPE);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
  return parseJsonLossless(text.takeString()) as JsonObject;
}

/** The bytes of a message that `readMessage` has read, changed or not; matches are written as they are. */
export function writeMessage(message: JsonObject): Buffer {
  writer.reset();
  // What was recorded need not be right: its peer is to judge that.
  encodeMessage(message, writer, { unchecked: true, lossless: true });
  return writer.copy();
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null;
}
