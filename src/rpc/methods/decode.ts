// OFP.DECODE: bytes of messages as JSON.
import { DecodeError, type PathParts } from "../../base/index.js";
import { decodeFrame, type Envelope, makeEnvelope, type PacketPrinter } from "../../codec/decode.js";
import { packetPrinter } from "../../packet/index.js";
import { Text } from "../../text/index.js";
import { HEADER_LENGTH, peekLength } from "../../wire/index.js";
import { RequestError } from "../errors.js";
import { findChannel, MAX_ID } from "../message-params.js";
import type { Call, RpcMethod } from "../method.js";
import {
  type Mapping,
  param,
  readBoolean,
  readDatapathId,
  readHex,
  readParams,
  readUint,
} from "../params.js";
import { RawJson } from "../raw-json.js";

const NO_KEYS = makeEnvelope({});

/** Decoding is synchronous, so one text serves all. */
const text: Text = new Text(4096);

export const decode: RpcMethod<"OFP.DECODE"> = {
  name: "OFP.DECODE",
  run(params, call) {
    const mapping = readParams("OFP.DECODE", params);
    const data = param(mapping, "data");
    const packets = readBoolean(param(mapping, "pkt"), false) ? packetPrinter("fields") : undefined;
    const bytes = readHex(data);
    const messages = decodeAll(bytes, readEnvelope(mapping, call), packets, data.path);
    return new RawJson(`{"messages":[${messages.join(",")}]}`);
  },
};

/** What the connection knows that the request names, if it names one. Throws RequestError. */
function readEnvelope(mapping: Mapping, { service }: Call): Envelope {
  const connId = readUint(param(mapping, "conn_id"), MAX_ID, 0);
  if (connId === 0 && readDatapathId(param(mapping, "datapath_id")) === "") return NO_KEYS;
  return makeEnvelope({}, findChannel({ value: mapping, path: ["params"] }, service.registry).options);
}

function decodeAll(
  bytes: Buffer,
  envelope: Envelope,
  packets: PacketPrinter | undefined,
  path: PathParts,
): string[] {
  const messages: string[] = [];
  for (let o = 0; o < bytes.length; ) {
    try {
      const end = o + frameLength(bytes, o);
      decodeFrame(bytes, o, end, text, envelope, packets);
      messages.push(text.takeString());
      o = end;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      const which = o === 0 ? "" : `message ${messages.length + 1}, from byte ${o} on: `;
      throw new RequestError(path, which + error.message, { reason: error.code });
    }
  }
  if (messages.length > 0) return messages;
  throw new RequestError(path, "expected one or more messages, found no bytes");
}

/** Bytes of the frame that starts at `o`. Throws DecodeError when they are not all there. */
function frameLength(bytes: Buffer, o: number): number {
  const left = bytes.length - o;
  if (left < HEADER_LENGTH) {
    const detail = `a header has ${HEADER_LENGTH} bytes, but there are ${left}`;
    throw new DecodeError("SHORT", "header", 0, detail);
  }
  const length = peekLength(bytes, o);
  if (length >= HEADER_LENGTH && length <= left) return length;
  throw new DecodeError("BAD_LENGTH", "header", 2, `length ${length}, but there are ${left} bytes`);
}
