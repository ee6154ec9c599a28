// OFP.DECODE: bytes of messages as JSON, without a connection.
import { DecodeError, type PathParts } from "../../base/index.js";
import { decodeFrame, makeEnvelope, type PacketPrinter } from "../../codec/decode.js";
import { packetPrinter } from "../../packet/index.js";
import { Text } from "../../text/index.js";
import { HEADER_LENGTH, peekLength } from "../../wire/index.js";
import { RequestError } from "../errors.js";
import type { RpcMethod } from "../method.js";
import { param, readBoolean, readHex, readParams } from "../params.js";
import { RawJson } from "../raw-json.js";

const ENVELOPE = makeEnvelope({});
const PACKETS: PacketPrinter = packetPrinter("fields");

/** Decoding is synchronous, so one text serves all. */
const text: Text = new Text(4096);

export const decode: RpcMethod<"OFP.DECODE"> = {
  name: "OFP.DECODE",
  run(params) {
    const mapping = readParams("OFP.DECODE", params);
    const data = param(mapping, "data");
    const packets = readBoolean(param(mapping, "pkt"), false) ? PACKETS : undefined;
    const messages = decodeAll(readHex(data), packets, data.path);
    return new RawJson(`{"messages":[${messages.join(",")}]}`);
  },
};

function decodeAll(bytes: Buffer, packets: PacketPrinter | undefined, path: PathParts): string[] {
  const messages: string[] = [];
  for (let o = 0; o < bytes.length; ) {
    try {
      const end = o + frameLength(bytes, o);
      decodeFrame(bytes, o, end, text, ENVELOPE, packets);
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
