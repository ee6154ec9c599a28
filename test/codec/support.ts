/** The codec as its tests see it: frames in, JSON out, and back. */
import { parse as parseLossless } from "lossless-json";
import { DecodeError, EncodeError } from "../../src/base/index.js";
import { decodeMessage, makeEnvelope, type PacketDetail } from "../../src/codec/decode.js";
import { type EncodeOptions, encodeJsonText, encodeMessage, MessageWriter } from "../../src/codec/encode.js";
import { packetPrinter } from "../../src/packet/index.js";
import { parseYaml, Text } from "../../src/text/index.js";

const text = new Text();
const writer = new MessageWriter();
const envelope = makeEnvelope({});

/** The JSON text of a frame, perhaps with what its packets hold. Throws what the decoder throws. */
export function decode(frame: Buffer, detail?: PacketDetail): string {
  text.discard();
  decodeMessage(frame, text, envelope, detail && packetPrinter(detail));
  return text.takeString();
}

/** The JSON text of a frame, undefined when the decoder refuses it. Errors that are no DecodeError pass. */
export function decodeOrRefuse(frame: Buffer, detail?: PacketDetail): string | undefined {
  try {
    return decode(frame, detail);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** The frame of a JSON text, as hex. Throws what the encoder throws. */
export function encodeJson(json: string, options: EncodeOptions = {}): string {
  writer.reset();
  encodeJsonText(json, writer, options);
  return writer.view().toString("hex");
}

/** The frame of a JSON text, undefined when the encoder refuses it. Errors that are no EncodeError pass. */
export function encodeOrRefuse(json: string, options: EncodeOptions = {}): string | undefined {
  try {
    return encodeJson(json, options);
  } catch (error) {
    if (error instanceof EncodeError) return undefined;
    throw error;
  }
}

/** The frame of a value, as hex. Throws what the encoder throws. */
export function encodeValue(value: unknown, options: EncodeOptions = {}): string {
  writer.reset();
  encodeMessage(value, writer, options);
  return writer.view().toString("hex");
}

/** The frame of a YAML document, as hex. Throws what the reader or the encoder throws. */
export function encodeYaml(yaml: string, options: EncodeOptions = {}): string {
  return encodeValue(parseYaml(yaml).value, options);
}

/** JSON with integers beyond 2^53 as bigint, so that none is rounded before it is compared. */
export function parseExact(json: string): unknown {
  if (!/\d{16}/.test(json)) return JSON.parse(json);
  return parseLossless(json, undefined, (digits) => {
    const number = Number(digits);
    return Number.isSafeInteger(number) || !/^-?\d+$/.test(digits) ? number : BigInt(digits);
  });
}

/** JSON text of a value that parseExact made, or of a fixture: bigints as their digits. */
export function printExact(value: unknown): string {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return `[${value.map(printExact).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${printExact(inner)}`);
  return `{${members.join(",")}}`;
}

/** Sets the length in the header to that of the frame. */
export function patched(frame: Uint8Array): Buffer {
  const copy = Buffer.from(frame);
  copy.writeUInt16BE(copy.length, 2);
  return copy;
}

/** Hex digits without the blanks and comments that people put between them; `00*12` is twelve zeros. */
export function hex(text: string): string {
  return text
    .replace(/#.*/g, "")
    .replace(/\b([0-9a-f]{2})\*(\d+)/g, (_, byte: string, n: string) => byte.repeat(Number(n)))
    .replace(/\s/g, "");
}

/** The bytes of such hex digits. */
export function bytes(text: string): Buffer {
  return Buffer.from(hex(text), "hex");
}
