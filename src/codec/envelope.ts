// The keys around `msg` that come from the connection and not from the frame.

import { type Constant, constant } from "./decode-support.js";
import type { TunnelOptions } from "./tunnel-options.js";

/** What is printed with each message of one connection or file. */
export interface Envelope {
  /** Ready-made text that follows "version": `,"conn_id":3,"datapath_id":"00:00:00:00:00:00:00:01"`, or nothing. */
  readonly tail: Constant;
  /** When the frame came: seconds since 1970; below 0 leaves `time` out. Set per message. */
  sec: number;
  /** Nanoseconds, 0..999999999. */
  nsec: number;
  /** What messages before this one have told of the options of tunnels; shared by all messages of a connection. */
  readonly options: TunnelOptions | undefined;
  /** The message has been answered: prints the flag REPLIED. Set per message; never for multipart messages. */
  replied: boolean;
}

/** The keys of an envelope's tail, in the order in which they are printed. */
export interface EnvelopeKeys {
  readonly conn_id?: number;
  readonly src?: string;
  readonly dst?: string;
  readonly datapath_id?: string;
  readonly auxiliary_id?: number;
  readonly _file?: string;
}

const ORDER = ["conn_id", "src", "dst", "datapath_id", "auxiliary_id", "_file"] as const;

/** Makes an envelope without a time. Keys that are not given, and an auxiliary_id of 0, are not printed. @param options  of the connection */
export function makeEnvelope(keys: EnvelopeKeys, options?: TunnelOptions): Envelope {
  const parts = ORDER.flatMap((key) => {
    const value = keys[key];
    if (value === undefined || (key === "auxiliary_id" && value === 0)) return [];
    return [`,"${key}":${typeof value === "number" ? value : asciiString(value)}`];
  });
  return { tail: constant(parts.join("")), sec: -1, nsec: 0, options, replied: false };
}

function asciiString(value: string): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
