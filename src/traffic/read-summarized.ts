// What a summary needs to know of a message, besides its header.
import { decodeFrame, makeEnvelope, type PacketPrinter } from "../codec/decode.js";
import { Text } from "../text/index.js";
import { isFields } from "./compact.js";
import type { Identity } from "./connection-tally.js";
import { readMessageBriefly } from "./frame-brief.js";
import { isPacketIn, type PacketInFacts, readPacketIn } from "./packet-in.js";
import { type ErrorFacts, readErrorFacts } from "./read-error.js";

/** What was read of a message. */
export interface Summarized {
  readonly error: ErrorFacts | undefined;
  readonly packetIn: PacketInFacts | undefined;
  readonly identity: Identity | undefined;
}

const NOTHING: Summarized = { error: undefined, packetIn: undefined, identity: undefined };

const text = new Text();
const envelope = makeEnvelope({});

/** Decodes b[o, end), a message of that type. Throws DecodeError. @param packets  tells the fields of packets */
export function readSummarized(
  b: Buffer,
  o: number,
  end: number,
  type: string,
  packets: PacketPrinter | undefined,
): Summarized {
  if (type !== "FEATURES_REPLY" && !isPacketIn(type)) {
    text.discard();
    decodeFrame(b, o, end, text, envelope, packets);
    return type === "ERROR" ? { ...NOTHING, error: readErrorFacts(b.subarray(o, end)) } : NOTHING;
  }
  const { msg } = readMessageBriefly(b, o, end, packets);
  if (!isFields(msg)) return NOTHING;
  if (isPacketIn(type)) return { ...NOTHING, packetIn: readPacketIn(msg) };
  const { datapath_id, auxiliary_id } = msg;
  return {
    ...NOTHING,
    identity: { datapathId: String(datapath_id), auxiliaryId: Number(auxiliary_id ?? 0) },
  };
}
