// OFP.SEND: sends a message to a switch.
import { ChannelError, type PathParts, RpcError } from "../../base/index.js";
import { MessageWriter } from "../../codec/encode.js";
import { formatHex } from "../../text/index.js";
import { HEADER_LENGTH, peekXid } from "../../wire/index.js";
import { withoutCaret } from "../diagnostic.js";
import { missingKey, RequestError, RPC } from "../errors.js";
import { defaultsFor, encodeParam, findChannel, MAX_ID, readMessageParam } from "../message-params.js";
import type { Call, RpcMethod } from "../method.js";
import { isMapping, param, readDatapathId, readUint } from "../params.js";
import { toErrorBody } from "../reply.js";

const PARAMS: PathParts = ["params"];

/** Encoding is synchronous, so one writer serves all. */
const writer = new MessageWriter();

export const send: RpcMethod<"OFP.SEND"> = {
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
  const { flags, xid } = message.value;
  writer.reset();
  encodeParam(message, writer, call.request, defaultsFor(message, channel));
  const frame = writer.view();
  // The client hears of the number that it knows.
  const data = xid === undefined ? undefined : formatHex(frame, 0, HEADER_LENGTH);
  const { xids } = call.service.notifier;
  xids.claim(channel, call.client, xid === undefined ? undefined : peekXid(frame), frame);
  try {
    channel.send(frame, Array.isArray(flags) && flags.includes("NO_FLUSH"));
  } catch (error) {
    throw error instanceof ChannelError ? new RpcError(RPC.NO_BUFFERS, error.message) : error;
  }
  return { data: data ?? formatHex(frame, 0, HEADER_LENGTH) };
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
  const { message } = toErrorBody(error, call.request.source, call.client.dialect);
  const place = call.client.dialect.shows === "place" && error instanceof RequestError;
  const alert = {
    xid: readable(() => readUint(param(given, "xid"), 0xffffffff, 0), 0),
    connId: readable(() => readUint(param(given, "conn_id"), MAX_ID, 0), 0),
    datapathId: readable(() => readDatapathId(param(given, "datapath_id")), ""),
    message: place ? withoutCaret(message) : message,
    data: "",
    reason: "SEND_FAILED",
  } as const;
  call.service.notifier.alert(alert, call.client);
}
