// Messages as values: for those who look at what a message says. Events and prints stay text.
import { parseJsonLossless, Text } from "../text/index.js";
import type { PacketPrinter } from "./context.js";
import { decodeFrame } from "./decode.js";
import { makeEnvelope } from "./envelope.js";

/** A message as decoding prints it. `msg` is what its type says. */
export interface DecodedMessage {
  readonly type: string;
  readonly xid: number;
  readonly version: number;
  readonly flags?: readonly string[];
  readonly msg?: unknown;
}

/** Decoding is synchronous, and each text is made a string at once: one serves all. */
const text = new Text();
const NO_KEYS = makeEnvelope({});

/**
 * The JSON text of the frame in b[o, end), without a time or a connection; its integers have all their digits.
 * @param packets  prints what the data of PACKET_IN and PACKET_OUT holds
 * Throws DecodeError, as decodeFrame does.
 */
export function decodeToText(b: Buffer, o = 0, end = b.length, packets?: PacketPrinter): string {
  text.discard();
  decodeFrame(b, o, end, text, NO_KEYS, packets);
  return text.takeString();
}

/** As decodeToText, as a value; integers of 16 digits or more become texts of their digits, so that nothing is rounded. */
export function readMessage(b: Buffer, o = 0, end = b.length, packets?: PacketPrinter): DecodedMessage {
  return parseJsonLossless(decodeToText(b, o, end, packets)) as DecodedMessage;
}
