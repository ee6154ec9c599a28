/** The codec as the conformance rows see it: hex in, JSON text out, and back. */
import { parse as parseLossless } from "lossless-json";
import { decodeMessage, makeEnvelope, type PacketDetail } from "../../src/codec/decode.js";
import { type EncodeOptions, encodeJsonText, encodeMessage, MessageWriter } from "../../src/codec/encode.js";
import { packetPrinter } from "../../src/packet/index.js";
import { parseYaml, Text } from "../../src/text/index.js";
import { FrameSplitter } from "../../src/wire/index.js";

const text = new Text();
const writer = new MessageWriter();
const envelope = makeEnvelope({});

/** The JSON text of a frame, perhaps with what its packet holds. Throws what the decoder throws. */
export function decode(frame: Buffer, detail?: PacketDetail): string {
  text.discard();
  decodeMessage(frame, text, envelope, detail && packetPrinter(detail));
  return text.takeString();
}

/** The JSON texts of the messages in a byte stream. Throws what the decoder throws, and when bytes are left over. */
export function decodeStream(bytes: Buffer): string[] {
  const texts: string[] = [];
  const splitter = new FrameSplitter((b, o, end) => texts.push(decode(b.subarray(o, end))));
  splitter.push(bytes);
  if (splitter.pending > 0) throw new Error(`${splitter.pending} bytes are left over`);
  return texts;
}

/** The frame of a JSON text, as hex. Throws what the encoder throws. */
export function encodeJson(json: string, options: EncodeOptions): string {
  writer.reset();
  encodeJsonText(json, writer, options);
  return writer.view().toString("hex");
}

/**
 * The frame of a text, as hex. Throws what the reader or the encoder throws.
 * @param args  options of `encode`: `-j`, `-M`, `--ofversion=N`
 */
export function encodeText(text: string, args: readonly string[]): string {
  const version = args.map((arg) => /^--ofversion=(\d+)$/.exec(arg)?.[1]).find((n) => n !== undefined);
  const options: EncodeOptions = {
    xid: 0,
    unchecked: args.includes("-M"),
    ...(version === undefined ? {} : { version: Number(version) }),
  };
  if (args.includes("-j")) return encodeJson(text, options);
  writer.reset();
  encodeMessage(parseYaml(text).value, writer, options);
  return writer.view().toString("hex");
}

/** JSON with integers beyond 2^53 as bigint, so that none is rounded before it is compared. */
export function parseExact(json: string): unknown {
  if (!/\d{16}/.test(json)) return JSON.parse(json);
  return parseLossless(json, undefined, (digits) => {
    const number = Number(digits);
    return Number.isSafeInteger(number) || !/^-?\d+$/.test(digits) ? number : BigInt(digits);
  });
}
