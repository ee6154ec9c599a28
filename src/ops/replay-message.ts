// Messages of a recording as values, to be compared and changed.
import { DecodeError } from "../base/index.js";
import { readMessage as read } from "../codec/decode.js";
import { makeFrame } from "../codec/encode.js";

/** An object of JSON. */
export type JsonObject = Record<string, unknown>;

/** A message as `oftr decode` prints it; integers of 16 digits and more are texts. Undefined for one that cannot be decoded. */
export function readMessage(bytes: Buffer): JsonObject | undefined {
  try {
    return { ...read(bytes) };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** The bytes of a message that `readMessage` has read, changed or not; matches are written as they are. */
export function writeMessage(message: JsonObject): Buffer {
  // What was recorded need not be right: its peer is to judge that.
  return makeFrame(message, { unchecked: true, lossless: true });
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null;
}
