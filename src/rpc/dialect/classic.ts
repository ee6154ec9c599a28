// The dialect of the C++ oftr. Its clients pin it: `id` comes first, there is no member "jsonrpc", ids are integers of 64 bits in any
// base, and the message of an error shows the place as compilers do.
import type { PathParts } from "../../base/index.js";
import { parseInteger } from "../../text/index.js";
import { missingKey, RequestError, RPC, unknownKey } from "../errors.js";
import { isMapping, type Mapping } from "../params.js";
import { errorText } from "../reply.js";
import { own, parseRequestLossless, REQUEST_KEYS, type ReplyId, type RequestText } from "../request.js";
import type { Dialect } from "./dialect.js";

/** Largest id plus one. */
const ID_LIMIT = (1n << 64n) - 2n;

const ID_RULE = "Invalid RPC ID (must be unsigned int < 2^64-2)";
const ID_PATH: PathParts = ["id"];

export const classic: Dialect = {
  name: "classic",
  batches: false,
  packets: true,
  answersWrongNotifications: true,
  shows: "place",
  codes: { unreadable: RPC.INVALID_REQUEST, params: (_path, code) => code },

  readRequest(value, source, onId) {
    const request = mapping(value);
    const id = readId(own(request, "id"), source);
    onId(id);
    const jsonrpc = own(request, "jsonrpc");
    // JSON.parse makes 2 of an unquoted 2.0.
    if (jsonrpc !== undefined && jsonrpc !== "" && jsonrpc !== "2.0" && jsonrpc !== 2) {
      throw new RequestError([], "Unsupported jsonrpc version");
    }
    for (const key of Object.keys(request)) if (!REQUEST_KEYS.includes(key)) throw unknownKey([], key);
    const method = own(request, "method");
    if (method === undefined) throw missingKey([], "method");
    if (typeof method !== "string") throw new RequestError(["method"], "method must be a string");
    return { id, method, params: own(request, "params"), source };
  },

  formatResult: (id, json) => `{"id":${id},"result":${json}}`,

  formatError: (id, body) => `{"id":${id ?? "null"},"error":${errorText(body)}}`,
};

function mapping(value: unknown): Mapping {
  if (isMapping(value)) return value;
  throw new RequestError([], value === "" ? "empty request" : "not a mapping", { reason: "" });
}

function readId(id: unknown, source: RequestText): ReplyId {
  if (typeof id === "number" && Number.isSafeInteger(id) && id >= 0) return String(id);
  if (id === undefined || id === "") return undefined;
  if (id === null || id === "null") return "null";
  if (typeof id === "object") throw new RequestError(ID_PATH, "unexpected scalar");
  // A double may have lost digits.
  const exact = typeof id === "number" ? own(parseRequestLossless(source), "id") : id;
  const integer = typeof exact === "string" ? parseInteger(exact) : undefined;
  if (integer === undefined || BigInt(integer) >= ID_LIMIT) throw new RequestError(ID_PATH, ID_RULE);
  return String(integer);
}
