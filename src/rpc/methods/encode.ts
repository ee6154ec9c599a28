// OFP.ENCODE: the bytes of a message, without sending it.
import type { PathParts } from "../../base/index.js";
import { frameTypeName } from "../../codec/decode.js";
import { type EncodeOptions, MessageWriter } from "../../codec/encode.js";
import { readFlow } from "../../ovs/index.js";
import { formatHex } from "../../text/index.js";
import { peekVersion, peekXid } from "../../wire/index.js";
import { missingKey } from "../errors.js";
import {
  defaultsFor,
  encodeParam,
  findChannel,
  type MessageParam,
  readMessageParam,
  seekChannel,
} from "../message-params.js";
import type { Call, RpcMethod } from "../method.js";

const PARAMS: PathParts = ["params"];

/** Encoding is synchronous, so one writer serves all. */
const writer = new MessageWriter();

export const encode: RpcMethod<"OFP.ENCODE"> = {
  name: "OFP.ENCODE",
  run(params, call) {
    if (params === undefined) throw missingKey([], "params");
    const message = readMessageParam(params, PARAMS);
    writer.reset();
    encodeParam(message, writer, call.request, defaultsOf(message, call));
    const { b, p } = writer;
    // What we have written is whole, and has a type.
    const type = frameTypeName(b, 0, p)!;
    return { type, version: peekVersion(b), xid: peekXid(b), data: formatHex(b, 0, p) };
  },
};

/** What a message has from the channel that it names: its version, and the options of tunnels; nothing when it names no channel. */
function defaultsOf(message: MessageParam, { service: { registry } }: Call): EncodeOptions {
  const { version, conn_id, datapath_id } = message.value;
  if (conn_id === undefined && datapath_id === undefined) return { readFlow };
  // An event that is encoded again names a channel that may be no more, and has all that is needed.
  const channel = version === undefined ? findChannel(message, registry) : seekChannel(message, registry);
  return channel === undefined ? { readFlow } : defaultsFor(message, channel);
}
