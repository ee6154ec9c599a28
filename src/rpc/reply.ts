// Texts of replies: `{"id":7,"result":{...}}`. The id comes first and there is no member `jsonrpc`: clients written
// for the C++ oftr expect just these bytes.
import { OftrError, RpcError, TextError } from "../base/index.js";
import { SystemError } from "../channel/index.js";
import { describeAt, describeTextError } from "./diagnostic.js";
import { RequestError, RPC } from "./errors.js";
import { RawJson } from "./raw-json.js";
import type { ReplyId } from "./request.js";

/** The error object of a reply. */
export interface ErrorBody {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** Most characters of an error message. */
const MAX_ERROR_MESSAGE = (1 << 20) - 500;

/** The reply to a request that was carried out. */
export function formatResult(id: Exclude<ReplyId, undefined>, result: unknown): string {
  return `{"id":${id},"result":${result instanceof RawJson ? result.text : JSON.stringify(result)}}`;
}

/** The reply to a request that was not. Without an id it is told to nobody in particular: id null. */
export function formatError(id: ReplyId, { code, message, data }: ErrorBody): string {
  const cut =
    message.length <= MAX_ERROR_MESSAGE ? message : `${message.slice(0, MAX_ERROR_MESSAGE)}...(truncated)`;
  const body = JSON.stringify({ code, message: cut, ...(data === undefined ? {} : { data }) });
  return `{"id":${id ?? "null"},"error":${body}}`;
}

/**
 * Makes an error object of what was thrown while a request was read or carried out.
 * @param text  the request, to show the place
 */
export function toErrorBody(error: unknown, text: string): ErrorBody {
  if (error instanceof RequestError) {
    const { path, target, code, message, reason } = error;
    const described = describeAt(text, path, target, message, reason);
    // Clients compare the answer to what is no request byte by byte, and there is no place in it to speak of.
    return reason === "" ? { code, message: described.message } : { code, ...described };
  }
  if (error instanceof TextError) return { code: RPC.INVALID_REQUEST, ...describeTextError(text, error) };
  if (error instanceof SystemError || isRpcError(error)) {
    const { code, message } = error;
    return { code, message, ...(error instanceof RpcError ? { data: error.data } : {}) };
  }
  return { code: RPC.INTERNAL, message: "internal error" };
}

function isRpcError(error: unknown): error is OftrError<number> {
  return error instanceof OftrError && typeof error.code === "number";
}
