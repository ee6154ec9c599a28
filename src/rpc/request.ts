// The text of a request -> its parts. JSON is read by JSON.parse; what is not JSON is read as YAML, which people type.
import type { PathParts } from "../base/index.js";
import { parseInteger, parseJson, parseJsonLossless, parseYaml } from "../text/index.js";
import { missingKey, RequestError, unknownKey } from "./errors.js";
import { isMapping, type Mapping } from "./params.js";

/** How a request is answered: the id as JSON text, `null` too. Undefined: a notification, it is not answered. */
export type ReplyId = string | undefined;

/** A request whose envelope is sound. */
export interface Request {
  readonly id: ReplyId;
  readonly method: string;
  /** Undefined when there are none. */
  readonly params: unknown;
  /** As it came, to find places in it. */
  readonly text: string;
}

const KEYS: readonly string[] = ["jsonrpc", "id", "method", "params"];

/** Largest id plus one. */
const ID_LIMIT = (1n << 64n) - 2n;

const ID_RULE = "Invalid RPC ID (must be unsigned int < 2^64-2)";

/** Reads a text as JSON, or else as YAML, whose scalars stay texts. Throws TextError. */
export function parseRequestText(text: string): unknown {
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  try {
    return parseJson(body);
  } catch {
    return parseYaml(body).value;
  }
}

/** Reads a text again, keeping all digits of its integers. The text is known to be readable. */
export function parseRequestLossless(text: string): unknown {
  try {
    return parseJsonLossless(text);
  } catch {
    return parseRequestText(text);
  }
}

/**
 * Checks the envelope of a parsed request. `onId` is told the id as soon as it is known, so that what is wrong
 * after it can be answered under it. Throws RequestError.
 */
export function readRequest(value: unknown, text: string, onId: (id: ReplyId) => void): Request {
  const request = mapping(value);
  const id = readId(own(request, "id"), text);
  onId(id);
  const jsonrpc = own(request, "jsonrpc");
  // JSON.parse makes 2 of an unquoted 2.0.
  if (jsonrpc !== undefined && jsonrpc !== "" && jsonrpc !== "2.0" && jsonrpc !== 2) {
    throw new RequestError([], "Unsupported jsonrpc version");
  }
  for (const key of Object.keys(request)) if (!KEYS.includes(key)) throw unknownKey([], key);
  const method = own(request, "method");
  if (method === undefined) throw missingKey([], "method");
  if (typeof method !== "string") throw new RequestError(["method"], "method must be a string");
  return { id, method, params: own(request, "params"), text };
}

function mapping(value: unknown): Mapping {
  if (isMapping(value)) return value;
  throw new RequestError([], value === "" ? "empty request" : "not a mapping", { reason: "" });
}

function own(request: Mapping, key: string): unknown {
  return Object.hasOwn(request, key) ? request[key] : undefined;
}

const ID_PATH: PathParts = ["id"];

function readId(id: unknown, text: string): ReplyId {
  if (typeof id === "number" && Number.isSafeInteger(id) && id >= 0) return String(id);
  if (id === undefined || id === "") return undefined;
  if (id === null || id === "null") return "null";
  if (typeof id === "object") throw new RequestError(ID_PATH, "unexpected scalar");
  // A double may have lost digits.
  const exact = typeof id === "number" ? own(mapping(parseRequestLossless(text)), "id") : id;
  const integer = typeof exact === "string" ? parseInteger(exact) : undefined;
  if (integer === undefined || BigInt(integer) >= ID_LIMIT) throw new RequestError(ID_PATH, ID_RULE);
  return String(integer);
}
