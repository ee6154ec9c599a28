import { decodeMessage, type Envelope } from "../../src/codec/decode.js";
import { Text } from "../../src/text/index.js";

/** The text that an envelope puts after the keys of the header. */
export function tailOf(envelope: Envelope | undefined): string {
  if (envelope === undefined) return "";
  const out = new Text();
  decodeMessage(Buffer.from("0112000800000000", "hex"), out, { ...envelope, sec: -1 });
  return out
    .takeString()
    .replace(/^.*"version":1/, "")
    .replace(/,"msg".*$/, "");
}
