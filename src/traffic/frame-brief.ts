// Frames in one line.
import { DecodeError } from "../base/index.js";
import { type PacketPrinter, readMessage } from "../codec/decode.js";
import { packetPrinter } from "../packet/index.js";
import { type BriefMessage, briefFacts, type Meaning } from "./brief.js";

const fields: PacketPrinter = packetPrinter("fields");

/** A message, parsed. Throws DecodeError. @param packets  tells what is in its packet; the fields as `_pkt` are used */
export function readMessageBriefly(
  b: Buffer,
  o: number,
  end: number,
  packets: PacketPrinter = fields,
): BriefMessage {
  return readMessage(b, o, end, packets) as BriefMessage;
}

/** Type and facts of a frame: `FLOW_MOD ADD table=0 ...`; undefined when it cannot be decoded. */
export function frameBrief(frame: Buffer, meaning: Meaning): string | undefined {
  try {
    const message = readMessageBriefly(frame, 0, frame.length);
    return `${message.type} ${briefFacts(message, meaning)}`.trimEnd();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return undefined;
  }
}
