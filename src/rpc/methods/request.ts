// OFP.REQUEST: sends a message and answers with what the switch answers.
import { type PathParts, RpcError } from "../../base/index.js";
import { MessageWriter } from "../../codec/encode.js";
import { peekXid } from "../../wire/index.js";
import { missingKey, RPC } from "../errors.js";
import { WORDS } from "../gen/params.js";
import {
  defaultsFor,
  encodeParam,
  findChannel,
  type MessageParam,
  readMessageParam,
  readTimeout,
  refuseParts,
} from "../message-params.js";
import type { Call, RpcMethod } from "../method.js";
import { errorSentence, withMeaning } from "../openflow-error.js";
import { param, readName } from "../params.js";
import { rawObject } from "../raw-json.js";
import { ReplyCollector } from "../reply-collector.js";

const PARAMS: PathParts = ["params"];

/** Encoding is synchronous, so one writer serves all. */
const writer = new MessageWriter();

export const request: RpcMethod<"OFP.REQUEST"> = {
  name: "OFP.REQUEST",
  concurrent: true,
  async run(params, call) {
    const collector = ask(params, call);
    collector.send();
    const answer = await collector.answer;
    if ("reply" in answer) return answer.reply;
    const error = await withMeaning(answer.error);
    const data = rawObject({ code: "OPENFLOW_ERROR", error, ...collector.facts, request: collector.asked });
    throw new RpcError(RPC.OPENFLOW_ERROR, errorSentence(error), data);
  },
};

/** Reads the parameters and encodes the message. Throws RequestError, and RpcError LIMIT. */
function ask(params: unknown, call: Call): ReplyCollector {
  if (params === undefined) throw missingKey([], "params");
  const { value } = readMessageParam(params, PARAMS);
  const { timeout, parts, ...rest } = value;
  const message: MessageParam = { value: rest, path: PARAMS };
  refuseParts(message);
  const ms = readTimeout(value);
  const mode = parts === undefined ? "JOINED" : readName(param(value, "parts"), WORDS.PartsChoice);
  const channel = findChannel(message, call.service.registry);
  writer.reset();
  encodeParam(message, writer, call.request, defaultsFor(message, channel));
  const frame = writer.view();
  const xid = rest.xid === undefined ? undefined : peekXid(frame);
  return new ReplyCollector(call, { channel, frame, xid, parts: mode, timeout: ms });
}
