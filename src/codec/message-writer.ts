// The bytes of a message under construction, and what encoders know of it.
import { Writer } from "../wire/index.js";
import type { TunnelOptions } from "./tunnel-options.js";

/** A Writer for OpenFlow messages. The fields besides the bytes are set per message by encodeMessage. */
export class MessageWriter extends Writer {
  /** Wire version of the message, 1 is OpenFlow 1.0. */
  version = 0;
  /** Matches are written as given: no prerequisites, no masking of values, no ranges below whole bytes. */
  unchecked = false;
  /** IP protocol that the match of this message demands, 0 when it demands none: tells what SET_TP_SRC of 1.0 sets. */
  l4 = 0;
  /** The experimenter id that the tag of the action being encoded names. */
  tagNumber = 0;
  /** Transaction id of the outermost message: what nested ones have unless they say otherwise. */
  outerXid = 0;
  /** How many lists that may hold themselves, and nested messages, are open. */
  depth = 0;
  /** What is known of the options of tunnels on the connection for which the message is. */
  options: TunnelOptions | undefined = undefined;
  /** An integer beyond 2^53 came as a number, so digits may have been lost: the text has to be parsed again without loss. */
  inexact = false;
  /** Numbers that the reader could not keep exact came as texts: one beyond 2^53 is no integer. */
  lossless = false;
}
