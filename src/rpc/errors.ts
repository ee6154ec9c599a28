// What can be wrong with a request, with the codes that clients know.
import {
  ChannelError,
  countLimitHit,
  cutText,
  LIMITS,
  type LimitKey,
  type PathParts,
  RpcError,
} from "../base/index.js";
import { CODES } from "./gen/params.js";

/** Codes of error replies, as the schema of the interface has them; other positive ones are numbers of system errors. */
export const RPC = CODES;

/** Facts about a RequestError besides its place. */
export interface RequestErrorFacts {
  /** Code of the reply. Default INVALID_REQUEST. */
  code?: number;
  /** Stable word for programs: MISSING, UNKNOWN, INVALID, NOT_LOCATED … "" where there is no request at all. */
  reason?: string;
  /** Whether the value at the path is meant, or the key that leads to it. Default "value". */
  target?: "value" | "key";
  /** The sentence without the place that it may name, for those who are told the place beside it. Default: the whole of it. */
  sentence?: string;
}

/** Something in the text of a request is wrong. It is reported even when the request has no id. */
export class RequestError extends RpcError {
  /** Steps from the request to the value that is wrong; none is the request itself. */
  readonly path: PathParts;
  readonly reason: string;
  readonly target: "value" | "key";
  readonly sentence: string;

  constructor(path: PathParts, detail: string, facts: RequestErrorFacts = {}) {
    super(facts.code ?? RPC.INVALID_REQUEST, detail);
    this.path = path;
    this.reason = facts.reason ?? "INVALID";
    this.target = facts.target ?? "value";
    this.sentence = facts.sentence ?? detail;
  }
}

/** Does what a limit may forbid. Rejects with RpcError then, and otherwise as `run` does. */
export async function withinLimits<Value>(run: () => Promise<Value>): Promise<Value> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof ChannelError ? new RpcError(RPC.LIMIT, error.message) : error;
  }
}

/** A named limit was reached, which is counted. @param detail  what there is too much of */
export function limitReached(key: LimitKey, detail: string, facts: object = {}): RpcError {
  const limit = LIMITS[key].name;
  countLimitHit(key);
  return new RpcError(RPC.LIMIT, `${detail} (limit ${limit})`, { code: "LIMIT", limit, ...facts });
}

/** A required key is missing. @param path  of the object that lacks it */
export function missingKey(path: PathParts, key: string): RequestError {
  return new RequestError(path, `missing required key '${key}'`, { reason: "MISSING" });
}

/** A key that nobody reads. @param path  of the object that has it */
export function unknownKey(path: PathParts, key: string): RequestError {
  return new RequestError([...path, key], `unknown key '${cutText(key)}'`, {
    reason: "UNKNOWN",
    target: "key",
  });
}

/** A refused text in quotes, as errors repeat it. */
export function show(text: string): string {
  return JSON.stringify(cutText(text));
}
