// What is answered: results and errors, in the words of a dialect.
import { formatPath, OftrError, RpcError, TextError } from "../base/index.js";
import { SystemError } from "../channel/index.js";
import { describeAt, describeTextError } from "./diagnostic.js";
import type { Dialect } from "./dialect/dialect.js";
import { RequestError, RPC } from "./errors.js";
import { rawObject } from "./raw-json.js";
import type { RequestText } from "./request.js";

/** The error object of a reply. */
export interface ErrorBody {
  readonly code: number;
  readonly message: string;
  /** May be a RawJson. */
  readonly data?: unknown;
}

/** Most characters of an error message. */
const MAX_ERROR_MESSAGE = (1 << 20) - 500;

/** The JSON text of an error, its message cut where it would be too long; without `data` when there are none. */
export function errorText({ code, message, data }: ErrorBody): string {
  const cut =
    message.length <= MAX_ERROR_MESSAGE ? message : `${message.slice(0, MAX_ERROR_MESSAGE)}...(truncated)`;
  return rawObject({ code, message: cut, data }).text;
}

/**
 * Makes an error object of what was thrown while a request was read or carried out.
 * @param source  the request, to show the place
 */
export function toErrorBody(error: unknown, source: RequestText, dialect: Dialect): ErrorBody {
  if (error instanceof RequestError) return ofRequestError(error, source, dialect);
  if (error instanceof TextError) {
    const { message, data } = describeTextError(source.text, error);
    const { line, column, detail } = error;
    const plain = `line ${line}, column ${column}: ${detail}`;
    return { code: dialect.codes.unreadable, message: dialect.shows === "place" ? message : plain, data };
  }
  if (error instanceof SystemError || isRpcError(error)) {
    const { code, message } = error;
    return { code, message, ...(error instanceof RpcError ? { data: error.data } : {}) };
  }
  return { code: RPC.INTERNAL, message: "internal error" };
}

function ofRequestError(error: RequestError, source: RequestText, dialect: Dialect): ErrorBody {
  const { path, target, message, reason, sentence } = error;
  const described = describeAt(source, path, target, message, reason);
  if (dialect.shows === "path") {
    const place = formatPath(path);
    const code = dialect.codes.params(path, error.code);
    return { code, message: place === "" ? sentence : `${place}: ${sentence}`, data: described.data };
  }
  // Clients compare the answer to what is no request byte by byte, and there is no place in it to speak of.
  return reason === ""
    ? { code: error.code, message: described.message }
    : { code: error.code, ...described };
}

function isRpcError(error: unknown): error is OftrError<number> {
  return error instanceof OftrError && typeof error.code === "number";
}
