// What decoders know of the message they are in. Decoding is synchronous, so one object serves all.
import type { Text } from "../text/index.js";
import type { TunnelOptions } from "./tunnel-options.js";

/** Lists of actions in actions, and messages in messages, may nest this deep, counted together; what is nested deeper is hex in JSON. */
export const MAX_DEPTH = 32;

/** Text bytes that one wire byte can become at most: the 32 names of a flags word. */
export const TEXT_PER_BYTE = 128;

/** Text bytes that a message may take beside those of its own bytes. */
export const TEXT_BASE = 4096;

/**
 * How much of a packet is told: the fields that a switch can match; these, and a payload that is of a protocol of its own; or all
 * that is in its headers and payload.
 */
export type PacketDetail = "fields" | "payload" | "full";

/** What prints the packets in messages: `packetPrinter` of src/packet, loaded by those only who want it. */
export interface PacketPrinter {
  readonly detail: PacketDetail;
  /** Writes the key of the fields, in at most 64 bytes per byte of the frame, and 256. */
  readonly writeFields: (b: Uint8Array, o: number, end: number, w: Text) => void;
  /** Writes the other keys of the frame whose fields were written last; makes room itself. */
  readonly writeOthers: (b: Uint8Array, o: number, end: number, w: Text, detail: PacketDetail) => void;
}

/** State of the message that is being decoded; set by decodeMessage, saved around nested messages. */
export const context = {
  /** Wire version of the message, 1 is OpenFlow 1.0. */
  version: 0,
  /** IP protocol that the match of this message demands, 0 when it demands none: tells what SET_TP_SRC of 1.0 sets. */
  l4: 0,
  /** How many lists that may hold themselves, and nested messages, are open. */
  depth: 0,
  /** Where the outermost message ends. */
  end: 0,
  /** What is known of the options of tunnels on this connection. */
  options: undefined as TunnelOptions | undefined,
  /** Prints the keys of packets; undefined where nobody wants them. */
  packets: undefined as PacketPrinter | undefined,
};
