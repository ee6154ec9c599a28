/** `oftr encode`: JSON or YAML becomes binary OpenFlow messages. */
import { TextError } from "../base/index.js";
import type { EncodeOptions } from "../codec/encode.js";
import { readFlow } from "../ovs/index.js";
import { UsageError } from "./arguments.js";
import { COMMON_OPTIONS, defineCommand } from "./command.js";
import { EXIT } from "./exit-codes.js";
import type { Failures } from "./failures.js";
import { hexForm } from "./hex-output.js";
import { JsonLineReader, JsonObjectReader, type TextReader } from "./json-texts.js";
import { EncoderSink, MessageEncoder } from "./message-encoder.js";
import { type Consumer, translate } from "./streams.js";
import { YamlReader } from "./yaml-texts.js";

/** Runs `oftr encode` with the words after it; gives the exit code. */
export const run = defineCommand(
  {
    name: "encode",
    description: "Translates messages written in YAML or JSON to binary OpenFlow.",
    operands: "[FILE...]",
    options: {
      json: { kind: "flag", letter: "j", help: "read JSON objects, each starting on a new line" },
      "json-array": { kind: "flag", help: "read a JSON array, or a sequence of objects" },
      hex: { kind: "flag", letter: "x", help: "write hexadecimal text instead of bytes" },
      "ovs-flow": {
        kind: "flag",
        help: "read flows in the notation of ovs-ofctl, one per line; needs --ofversion",
      },
      "keep-going": { kind: "flag", letter: "k", help: "continue after a message that cannot be encoded" },
      "unchecked-match": {
        kind: "flag",
        letter: "M",
        help: "take match fields as they are, without adding or requiring prerequisites",
      },
      roundtrip: {
        kind: "flag",
        letter: "R",
        help: "decode what was encoded and print it, as YAML or as -j or --json-array say",
      },
      silent: { kind: "flag", letter: "s", help: "write no messages" },
      "silent-error": {
        kind: "flag",
        help: "do not report invalid messages, except by the exit code",
      },
      ofversion: {
        kind: "number",
        value: "N",
        max: 255,
        help: "version of messages that have none: 1 is OpenFlow 1.0, 6 is 1.5",
      },
      output: { kind: "text", letter: "o", value: "FILE", help: "write to FILE instead of stdout" },
      ...COMMON_OPTIONS,
    },
  },
  async (options, operands) => {
    const version = options.ofversion;
    if (options["ovs-flow"] && version === undefined)
      throw new UsageError("encode: --ovs-flow needs --ofversion: 1 is OpenFlow 1.0, 6 is 1.5");
    const encoding: EncodeOptions = {
      xid: 0,
      readFlow,
      unchecked: options["unchecked-match"],
      ...(version === undefined ? {} : { version }),
    };
    const lines = options["ovs-flow"] ? await import("./flow-lines.js") : undefined;
    const reader = options["json-array"] ? JsonObjectReader : options.json ? JsonLineReader : YamlReader;
    const style = options["json-array"] ? "array" : options.json ? "lines" : "yaml";
    // Decoders are not loaded where nothing is decoded.
    const roundtrip = options.roundtrip
      ? await (await import("./roundtrip.js")).loadRoundtrip(style)
      : undefined;
    return translate(
      {
        operands,
        output: options.output,
        silent: options.silent,
        silentError: options["silent-error"],
        keepGoing: options["keep-going"],
        readFailed: EXIT.MISMATCH,
      },
      (write) => {
        const form = roundtrip?.(write) ?? (options.hex ? hexForm(write) : undefined);
        const encoder = new MessageEncoder(encoding, write, form);
        return {
          open(input, failures, counter) {
            const sink = new EncoderSink(input.name, encoder, failures, counter);
            const texts = lines === undefined ? new reader(sink) : new lines.FlowLineReader(sink, version!);
            return new TextConsumer(input.name, texts, failures);
          },
          flush: () => encoder.flush(),
          finish: () => encoder.finish(),
        };
      },
    );
  },
);

/** The texts of one input. */
class TextConsumer implements Consumer {
  readonly #name: string;
  readonly #reader: TextReader;
  readonly #failures: Failures;

  constructor(name: string, reader: TextReader, failures: Failures) {
    this.#name = name;
    this.#reader = reader;
    this.#failures = failures;
  }

  push(chunk: Buffer): boolean {
    try {
      this.#reader.push(chunk);
      return true;
    } catch (error) {
      if (!(error instanceof TextError)) throw error;
      this.#failures.add(EXIT.FAILED, `${this.#name}:${error.message}`);
      return false;
    }
  }

  end(): void {
    this.#reader.end();
  }
}
