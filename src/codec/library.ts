// What TypeScript programs import from "oftr": messages as objects to frames and back, matches and packets. The package's entry; nothing in src/ imports it.
import type { Version } from "../base/index.js";
import { parseJsonLossless, Text } from "../text/index.js";
import { decodeMessage as decodeFrameText, makeEnvelope } from "./decode.js";
import { encodeMessage as encodeFrame, MessageWriter } from "./encode.js";
import type { Message } from "./gen/types.js";

export { DecodeError, EncodeError } from "../base/index.js";
export { loadJsonSchema } from "./catalog.js";
export type * from "./gen/types.js";
export {
  type MatchCoversOptions,
  type MatchFromPacketOptions,
  matchCovers,
  matchFromPacket,
  type PacketOptions,
} from "./packet-match.js";

/** What may be said beside a message that is to be encoded. */
export interface EncodeOptions {
  /** Wire version of a message that has none: 1 is OpenFlow 1.0, 6 is OpenFlow 1.5. */
  readonly version?: Version;
  /** Transaction id of a message that has none; 0 when not given. */
  readonly xid?: number;
  /** Write matches as given: no prerequisites are added or missed, values keep bits that their mask leaves out. */
  readonly unchecked?: boolean;
}

const text: Text = new Text();
const writer: MessageWriter = new MessageWriter();
const envelope: ReturnType<typeof makeEnvelope> = makeEnvelope({});

/**
 * The message of one frame as JSON text; integers of 64 bits stand in it with all their digits.
 * @param frame  a whole frame: the length in its header is its length
 * Throws DecodeError when the frame does not obey its own lengths or is of no version 1.0 to 1.5.
 */
export function decodeToText(frame: Uint8Array): string {
  text.discard();
  decodeFrameText(Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength), text, envelope);
  return text.takeString();
}

/** As decodeToText, as an object; integers of 16 digits and more are texts of their digits. Throws DecodeError. */
export function decodeMessage(frame: Uint8Array): Message {
  return parseJsonLossless(decodeToText(frame)) as Message;
}

/**
 * The frame of a message. Integers beyond 2^53 must be bigint or text: as a number they are refused, being rounded already.
 * Throws EncodeError, whose `path` is the place, when the message cannot be expressed in its version.
 */
export function encodeMessage(message: Message, options: EncodeOptions = {}): Uint8Array {
  writer.reset();
  encodeFrame(message, writer, { ...options, lossless: true });
  return Uint8Array.from(writer.view());
}
