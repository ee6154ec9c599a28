// How requests, replies and events are written. Two ways: that of the C++ oftr, which its clients know, and JSON-RPC 2.0.
import type { PathParts } from "../../base/index.js";
import type { ErrorBody } from "../reply.js";
import type { ReplyId, Request, RequestText } from "../request.js";

/** `classic`: as the C++ oftr. `strict`: JSON-RPC 2.0. */
export type DialectName = "classic" | "strict";

/** A dialect. */
export interface Dialect {
  readonly name: DialectName;
  /** A list is a batch of requests, answered by a list. */
  readonly batches: boolean;
  /** Events carry the fields of packets unless the client says otherwise. */
  readonly packets: boolean;
  /** A request that is wrong itself is answered although it asks for no answer. */
  readonly answersWrongNotifications: boolean;
  /**
   * Checks the envelope of a request. `onId` is told the id as soon as it is known, so that what is wrong after it can be answered under
   * it. Throws RequestError.
   */
  readRequest(value: unknown, source: RequestText, onId: (id: ReplyId) => void): Request;
  /** The reply to a request that was carried out. @param json  the result */
  formatResult(id: string, json: string): string;
  /** The reply to a request that was not. Without an id it is told to nobody in particular: id null. */
  formatError(id: ReplyId, body: ErrorBody): string;
  /** The code of an error of this kind. */
  readonly codes: { readonly unreadable: number; params(path: PathParts, code: number): number };
  /** What the message of an error says besides the sentence. */
  readonly shows: "place" | "path";
}
