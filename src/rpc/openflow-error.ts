// ERROR messages of switches, as errors of requests.
import { DecodeError } from "../base/index.js";
import { errorMeanings, loadCatalog } from "../codec/catalog.js";
import { readMessage } from "../codec/decode.js";
import { formatHex } from "../text/index.js";
import { peekType } from "../wire/index.js";
import { isMapping } from "./params.js";

/** Type 1 in all versions. */
const ERROR = 1;

/** What an ERROR says. */
export interface ErrorFacts {
  /** Class of the error: BAD_ACTION. */
  readonly type: string;
  /** OFPBAC_BAD_OUT_PORT, or hex where there is no name. */
  readonly code: string;
  /** The other keys of the message. */
  readonly rest: Rest;
}

/** With the name of an error in the encoding of an experimenter, NXST_NOT_CONFIGURED. */
interface Rest {
  readonly _error?: string;
  readonly [key: string]: unknown;
}

/** The same, as clients are told. */
export interface OpenFlowError {
  readonly type: string;
  readonly code: string;
  /** What the code means, as a sentence; "" where nobody knows. */
  readonly text: string;
  readonly _error?: string;
}

/** Whether a frame is an ERROR. */
export function isError(frame: Uint8Array): boolean {
  return peekType(frame) === ERROR;
}

/** What an ERROR says, but for the meaning; when it cannot be decoded, what is wrong with it. */
export function readError(frame: Buffer): ErrorFacts {
  try {
    const { msg } = readMessage(frame);
    const { type, code, ...rest } = isMapping(msg) ? msg : {};
    return { type: String(type), code: String(code), rest };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const data = formatHex(frame);
    const rest = { data, _text: `DECODE FAILED: ${error.message}` };
    return { type: "UNREADABLE", code: "UNREADABLE", rest };
  }
}

/** Adds what the error means. */
export async function withMeaning({ type, code, rest }: ErrorFacts): Promise<OpenFlowError> {
  return { type, code, text: errorMeanings(await loadCatalog())(type, code, rest._error), ...rest };
}

/** The sentence for an error: `BAD_ACTION/OFPBAC_BAD_OUT_PORT: There is no such port to send to.` */
export function errorSentence({ type, code, text, _error }: OpenFlowError): string {
  return `${_error ?? `${type}/${code}`}${text === "" ? "" : `: ${text}`}`;
}
