// OFP.SEND: sends a message to a switch.
import { ChannelError, type PathParts, RpcError } from "../../base/index.js";
import { MessageWriter } from "../../codec/encode.js";
import { formatHex } from "../../text/index.js";
import { HEADER_LENGTH } from "../../wire/index.js";
import { withoutCaret } from "../diagnostic.js";
import { missingKey, RequestError, RPC } from "../errors.js";
import { encodeParam, findChannel, MAX_ID, readMessageParam, versionFor } from "../message-params.js";
import type { Call, RpcMethod } from "../method.js";
import { isMapping, param, readDatapathId, readUint } from "../params.js";
import { toErrorBody } from "../reply.js";

const PARAMS: PathParts = ["params"];
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
  const message = readMessageParam(params, PARAMS);
  const channel = findChannel(message, call.service.registry);
  const version = versionFor(message, channel);
  const { flags, xid } = message.value;
  writer.reset();
  encodeParam(message, writer, call.request, { version, xid: xid === undefined ? channel.nextXid() : 0 });
  try {
    channel.send(writer.view(), Array.isArray(flags) && flags.includes("NO_FLUSH"));
  } catch (error) {
    throw error instanceof ChannelError ? new RpcError(RPC.NO_BUFFERS, error.message) : error;
  }
  return { data: formatHex(writer.b, 0, HEADER_LENGTH) };
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
