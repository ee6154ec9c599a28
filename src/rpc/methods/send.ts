// OFP.SEND: sends a message to a switch.
import { ChannelError, EncodeError, type PathParts, parsePath, RpcError } from "../../base/index.js";
import type { Channel, Registry } from "../../channel/index.js";
import { encodeMessage, MessageWriter } from "../../codec/encode.js";
import { formatHex } from "../../text/index.js";
import { HEADER_LENGTH } from "../../wire/index.js";
import { withoutCaret } from "../diagnostic.js";
import { missingKey, RequestError, RPC, show } from "../errors.js";
import type { Call, RpcMethod } from "../method.js";
import { isMapping, type Mapping, param, readDatapathId, readUint } from "../params.js";
import { toErrorBody } from "../reply.js";
import { parseRequestLossless } from "../request.js";
import { isTypeName, nearestTypeName } from "../type-names.js";

const PARAMS: PathParts = ["params"];
const MAX_ID = Number.MAX_SAFE_INTEGER;
const NO_BYTES = new Uint8Array(0);

/** Encoding is synchronous, so one writer serves all. */
const writer = new MessageWriter();

export const send: RpcMethod = {
  name: "OFP.SEND",
  run(params, call) {
    try {
      return sendMessage(params, call);
    } catch (error) {
      if (call.request.id !== undefined || !isExpected(error)) throw error;
      alertSender(params, call, error);
      return undefined;
    }
  },
};

function isExpected(error: unknown): boolean {
  return error instanceof RpcError;
}

function sendMessage(params: unknown, call: Call): { data: string } {
  if (params === undefined) throw missingKey([], "params");
  if (!isMapping(params)) throw new RequestError(PARAMS, "not a mapping");
  if (params.type === undefined) throw missingKey(PARAMS, "type");
  const channel = findChannel(params, call.service.registry);
  if (channel.version === 0 && params.version === undefined) {
    throw new RequestError(PARAMS, "invalid combination of version and type: no version is agreed on yet");
  }
  const flags = Array.isArray(params.flags) ? (params.flags as unknown[]) : [];
  const xid = params.xid === undefined ? channel.nextXid() : 0;
  writer.reset();
  try {
    encode(params, call, { version: channel.version, xid });
    channel.send(writer.view(), flags.includes("NO_FLUSH"));
  } catch (error) {
    throw toRequestError(error);
  }
  return { data: formatHex(writer.b, 0, HEADER_LENGTH) };
}

function encode(params: Mapping, call: Call, options: { version: number; xid: number }): void {
  try {
    encodeMessage(params, writer, options);
    if (!writer.inexact) return;
  } catch (error) {
    if (!writer.inexact) throw error;
  }
  // JSON.parse has rounded an integer beyond 2^53, which may also be what is wrong.
  writer.reset();
  const exact = parseRequestLossless(call.request.text) as { params: unknown };
  encodeMessage(exact.params, writer, { ...options, lossless: true });
}

/** conn_id counts more than datapath_id. With the latter, auxiliary_id may name another than the main connection. */
function findChannel(params: Mapping, registry: Registry): Channel {
  const connId = readUint(param(params, "conn_id"), MAX_ID, 0);
  const datapathId = findDatapathId(params, registry);
  if (connId !== 0) {
    const channel = registry.channel(connId);
    if (channel !== undefined && (datapathId === "" || channel.datapathId === datapathId)) return channel;
    throw notLocated(params, `unable to locate conn_id ${connId}`);
  }
  if (datapathId === "") throw notLocated(params, "unable to locate connection; no conn_id or datapath_id");
  const auxiliaryId = readUint(param(params, "auxiliary_id"), 255, 0);
  const channel = registry.datapath(datapathId, auxiliaryId);
  if (channel !== undefined) return channel;
  const which = auxiliaryId === 0 ? "" : ` auxiliary_id ${auxiliaryId}`;
  throw notLocated(params, `unable to locate datapath_id ${datapathId}${which}`);
}

/** Nearly always it is written as we write it ourselves, and a connected one. */
function findDatapathId(params: Mapping, registry: Registry): string {
  const given = params.datapath_id;
  if (typeof given === "string" && registry.datapath(given) !== undefined) return given;
  return readDatapathId(param(params, "datapath_id"));
}

/** Clients know these words; there is always a proposal in them. */
function unknownType(type: string): RequestError {
  const detail = `unknown value ${show(type)} Did you mean "${nearestTypeName(type)}"?`;
  return new RequestError([...PARAMS, "type"], detail, { reason: "UNKNOWN" });
}

/** What is wrong with the message itself comes first: a wrong type, most of all. */
function notLocated(params: Mapping, detail: string): RequestError {
  if (typeof params.type === "string" && !isTypeName(params.type)) return unknownType(params.type);
  return new RequestError(PARAMS, detail, { code: RPC.NOT_LOCATED, reason: "NOT_LOCATED" });
}

function toRequestError(error: unknown): unknown {
  if (error instanceof ChannelError) return new RpcError(RPC.NO_BUFFERS, error.message);
  if (!(error instanceof EncodeError)) return error;
  const path = [...PARAMS, ...parsePath(error.path)];
  if (error.path === "type" && typeof error.found === "string") return unknownType(error.found);
  const target = error.code === "UNKNOWN" ? "key" : "value";
  return new RequestError(path, error.message, { reason: error.code, target });
}

/** Who asked for no answer hears of a failure by an event, unless the flag NO_ALERT says not to. */
function alertSender(params: unknown, call: Call, error: unknown): void {
  const given = isMapping(params) ? params : {};
  if (Array.isArray(given.flags) && given.flags.includes("NO_ALERT")) return;
  const readable = <T>(read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch {
      return otherwise;
    }
  };
  const { message } = toErrorBody(error, call.request.text);
  call.service.notifier.alert({
    xid: readable(() => readUint(param(given, "xid"), 0xffffffff, 0), 0),
    connId: readable(() => readUint(param(given, "conn_id"), MAX_ID, 0), 0),
    datapathId: readable(() => readDatapathId(param(given, "datapath_id")), ""),
    message: error instanceof RequestError ? withoutCaret(message) : message,
    data: NO_BYTES,
  });
}
