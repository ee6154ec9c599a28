/** The frames that fuzzing starts from, and the codec that it runs them through. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { DecodeError, EncodeError } from "../../src/base/index.js";
import { decodeMessage, makeEnvelope } from "../../src/codec/decode.js";
import { encodeJsonText, encodeMessage, MessageWriter } from "../../src/codec/encode.js";
import { parseYaml, Text } from "../../src/text/index.js";

const text = new Text();
const writer = new MessageWriter();
const envelope = makeEnvelope({});

/** The text of a frame; undefined when the decoder refuses it. Any other error passes. */
export function decoded(frame: Buffer): string | undefined {
  text.discard();
  try {
    decodeMessage(frame, text, envelope);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
  return text.takeString();
}

/** The frame of a JSON text; undefined when the encoder refuses it. Any other error passes. */
export function encoded(json: string, unchecked = true): Buffer | undefined {
  return caught(() => encodeJsonText(json, writer, { unchecked }));
}

function caught(encode: () => void): Buffer | undefined {
  writer.reset();
  try {
    encode();
  } catch (error) {
    if (error instanceof EncodeError) return undefined;
    throw error;
  }
  return writer.copy();
}

/** Sets the length in the header to that of the frame. */
export function patched(frame: Uint8Array): Buffer {
  const copy = Buffer.from(frame);
  copy.writeUInt16BE(copy.length, 2);
  return copy;
}

/** Frames by version and type: the hand-written ones, and the messages of messages.yaml in each version that can express them. */
export const seeds: readonly Buffer[] = [...handWritten(), ...translated()];

function handWritten(): Buffer[] {
  const folder = join(import.meta.dirname, "../conformance");
  return readdirSync(folder)
    .filter((file) => /^messages-.*\.yaml$/.test(file))
    .flatMap((file) => parse(readFileSync(join(folder, file), "utf8")) as { hex: string }[])
    .map(({ hex }) => Buffer.from(hex.replace(/#.*|\s/g, ""), "hex"));
}

function translated(): Buffer[] {
  const yaml = readFileSync(join(import.meta.dirname, "messages.yaml"), "utf8");
  const messages = parseYaml(yaml).value as Record<string, unknown>[];
  return messages.flatMap((message) => {
    const refusals: string[] = [];
    const frames = [1, 2, 3, 4, 5, 6].flatMap((version) => {
      writer.reset();
      try {
        encodeMessage(message, writer, { version });
        return [writer.copy()];
      } catch (error) {
        refusals.push(String(error));
        return [];
      }
    });
    if (frames.length === 0)
      throw new Error(`no version can express ${String(message.type)}: ${refusals.join("; ")}`);
    return frames;
  });
}
