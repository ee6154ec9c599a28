// What an ERROR message says.
import { DecodeError } from "../base/index.js";
import { readMessage } from "../codec/decode.js";

/** The body of an ERROR, as decoding prints it. */
interface ErrorBody {
  readonly type: string;
  readonly code: string;
  readonly data: string;
  readonly _error?: string;
}

/** What an ERROR says, but for the meaning. */
export interface ErrorFacts {
  /** Class of the error: BAD_ACTION; UNREADABLE for one that cannot be decoded. */
  readonly type: string;
  /** OFPBAC_BAD_OUT_PORT, or hex where there is no name. */
  readonly code: string;
  /** The start of the message that it is about; undefined where it holds less than a header. */
  readonly about: Buffer | undefined;
}

/** Reads an ERROR; never throws. @param frame  a whole frame */
export function readErrorFacts(frame: Buffer): ErrorFacts {
  try {
    const { type, code, data, _error } = readMessage(frame).msg as ErrorBody;
    const about = Buffer.from(data, "hex");
    return { type, code: _error ?? code, about: about.length < 8 ? undefined : about };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { type: "UNREADABLE", code: "UNREADABLE", about: undefined };
  }
}
