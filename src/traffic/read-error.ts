// What an ERROR message says.
import { DecodeError } from "../base/index.js";
import { decodeMessage, makeEnvelope } from "../codec/decode.js";
import { Text } from "../text/index.js";

/** What an ERROR says, but for the meaning. */
export interface ErrorFacts {
  /** Class of the error: BAD_ACTION; UNREADABLE for one that cannot be decoded. */
  readonly type: string;
  /** OFPBAC_BAD_OUT_PORT, or hex where there is no name. */
  readonly code: string;
  /** The start of the message that it is about; undefined where it holds less than a header. */
  readonly about: Buffer | undefined;
}

const text = new Text();
const envelope = makeEnvelope({});

/** Reads an ERROR; never throws. @param frame  a whole frame */
export function readErrorFacts(frame: Buffer): ErrorFacts {
  try {
    decodeMessage(frame, text, envelope);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { type: "UNREADABLE", code: "UNREADABLE", about: undefined };
  }
  const { msg } = JSON.parse(text.takeString()) as {
    readonly msg: {
      readonly type: string;
      readonly code: string;
      readonly data: string;
      readonly _error?: string;
    };
  };
  const about = Buffer.from(msg.data, "hex");
  return { type: msg.type, code: msg._error ?? msg.code, about: about.length < 8 ? undefined : about };
}
