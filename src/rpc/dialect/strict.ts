// JSON-RPC 2.0 (https://www.jsonrpc.org/specification), with the numbers of its section 5.1. YAML is read as well; there the member
// "jsonrpc" may be missing, for people write it.
import type { PathParts } from "../../base/index.js";
import { missingKey, RequestError, RPC, unknownKey } from "../errors.js";
import { isMapping, type Mapping } from "../params.js";
import { errorText } from "../reply.js";
import {
  own,
  parseRequestLossless,
  REQUEST_KEYS,
  type ReplyId,
  type RequestText,
  readYamlAgain,
} from "../request.js";
import type { Dialect } from "./dialect.js";

const ID_PATH: PathParts = ["id"];
const MAX_ID_LENGTH = 1024;

export const strict: Dialect = {
  name: "strict",
  batches: true,
  packets: false,
  answersWrongNotifications: false,
  shows: "path",
  codes: {
    unreadable: RPC.PARSE_ERROR,
    params: (path, code) =>
      code === RPC.INVALID_REQUEST && path[0] === "params" ? RPC.INVALID_PARAMS : code,
  },

  readRequest(value, source, onId) {
    if (!isMapping(value)) {
      const found = Array.isArray(value) ? "a list" : value === null ? "null" : `a ${typeof value}`;
      throw new RequestError([], `a request is an object, not ${found}`);
    }
    const id = readId(value, source);
    onId(id);
    const jsonrpc = own(value, "jsonrpc");
    if (jsonrpc !== "2.0" && !(source.yaml && jsonrpc === undefined)) {
      if (jsonrpc === undefined) throw missingKey([], "jsonrpc");
      throw new RequestError(["jsonrpc"], 'must be "2.0"');
    }
    for (const key of Object.keys(value)) if (!REQUEST_KEYS.includes(key)) throw unknownKey([], key);
    const method = own(value, "method");
    if (method === undefined) throw missingKey([], "method");
    if (typeof method !== "string") throw new RequestError(["method"], "method must be a string");
    const params = own(value, "params");
    if (params !== undefined && (typeof params !== "object" || params === null)) {
      if (!(source.yaml && params === ""))
        throw new RequestError(["params"], "params must be an object or a list");
    }
    return { id, method, params, source };
  },

  formatResult: (id, json) => `{"jsonrpc":"2.0","result":${json},"id":${id}}`,

  formatError: (id, body) => `{"jsonrpc":"2.0","error":${errorText(body)},"id":${id ?? "null"}}`,
};

/** The id as JSON text: it goes back as it came. */
function readId(request: Mapping, source: RequestText): ReplyId {
  if (!Object.hasOwn(request, "id")) return undefined;
  const { id } = request;
  if (id === null) return "null";
  if (typeof id === "string") {
    if (id.length > MAX_ID_LENGTH) throw new RequestError(ID_PATH, `longer than ${MAX_ID_LENGTH} characters`);
    return source.yaml ? ofYaml(id, source) : JSON.stringify(id);
  }
  if (typeof id !== "number") throw new RequestError(ID_PATH, "an id is a text, a number or null");
  if (!Number.isFinite(id)) throw new RequestError(ID_PATH, "a number beyond all bounds");
  if (Math.abs(id) <= Number.MAX_SAFE_INTEGER) return JSON.stringify(id);
  const exact = own(parseRequestLossless(source), "id");
  return typeof exact === "string" && /^-?\d+$/.test(exact) ? exact : JSON.stringify(id);
}

/** Scalars of YAML come as texts. Written without quotes, an integer is a number. */
function ofYaml(id: string, source: RequestText): string {
  if (id === "null" || id === "~" || id === "") return "null";
  if (!/^(0|-?[1-9]\d{0,30})$/.test(id)) return JSON.stringify(id);
  const at = readYamlAgain(source.text).positionOf([...source.base, "id"], "value");
  const line = at === undefined ? "" : (source.text.split("\n")[at.line - 1] ?? "");
  const quoted = at !== undefined && /["']/.test(line[at.column - 1] ?? "");
  return quoted ? JSON.stringify(id) : id;
}
