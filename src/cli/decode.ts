/** `oftr decode`: binary OpenFlow messages become JSON or YAML. */
import { DecodeError } from "../base/index.js";
import { type Envelope, makeEnvelope, messageTypeName } from "../codec/decode.js";
import { Text } from "../text/index.js";
import { FrameSplitter } from "../wire/index.js";
import { COMMON_OPTIONS, defineCommand } from "./command.js";
import { EXIT } from "./exit-codes.js";
import type { Failures } from "./failures.js";
import { HexError, HexReader } from "./hex-input.js";
import { type MessagePrinter, makePrinter } from "./message-printer.js";
import { writeOutput } from "./output.js";
import { type Consumer, type Translation, translate } from "./streams.js";

/** Bytes of text that are collected before they are written, within one chunk of input. */
const FLUSH_BYTES = 192 * 1024;

/** Bytes of the header and the multipart header, which together name the type of a message (OF 1.3.5 §7.3.5). */
const TYPED_BYTES = 16;

/** Runs `oftr decode` with the words after it; gives the exit code. */
export const run = defineCommand(
  {
    name: "decode",
    description: "Translates binary OpenFlow messages to YAML documents or JSON.",
    operands: "[FILE...]",
    options: {
      json: { kind: "flag", letter: "j", help: "print JSON, one object a line" },
      "json-array": { kind: "flag", help: "print one JSON array" },
      hex: { kind: "flag", letter: "x", help: "read hexadecimal text or a hex dump instead of bytes" },
      "keep-going": { kind: "flag", letter: "k", help: "go on after a message that cannot be decoded" },
      output: { kind: "text", letter: "o", value: "FILE", help: "write to FILE instead of stdout" },
      ...COMMON_OPTIONS,
    },
  },
  (options, operands) => {
    const style = options["json-array"] ? "array" : options.json ? "lines" : "yaml";
    return translate(
      { operands, output: options.output, keepGoing: options["keep-going"], readFailed: EXIT.OPEN },
      (output) => startDecoding(makePrinter(style), options.hex, (text) => writeOutput(output, text)),
    );
  },
);

function startDecoding(printer: MessagePrinter, hex: boolean, write: (text: Buffer) => void): Translation {
  // One slab for all texts: each is written before the slab is rewound.
  const out = new Text();
  const flush = (): void => {
    if (out.length > 0) write(out.take());
    out.rewind();
  };
  printer.begin(out);
  return {
    open(name, failures) {
      const onFrame = (b: Buffer, o: number, end: number, envelope: Envelope): void => {
        printer.print(b, o, end, out, envelope);
        if (out.p > FLUSH_BYTES) flush();
      };
      return new FrameConsumer(name, hex, onFrame, failures);
    },
    flush,
    finish: () => printer.end(out),
  };
}

/** The messages of one input. */
class FrameConsumer implements Consumer {
  readonly #name: string;
  readonly #failures: Failures;
  readonly #splitter: FrameSplitter;
  readonly #hex: HexReader | undefined;
  /** Where the next message starts: bytes from the start of the input. */
  #offset = 0;

  constructor(
    name: string,
    hex: boolean,
    onFrame: (b: Buffer, o: number, end: number, envelope: Envelope) => void,
    failures: Failures,
  ) {
    const envelope = makeEnvelope({});
    this.#name = name;
    this.#failures = failures;
    this.#splitter = new FrameSplitter((b, o, end) => {
      try {
        onFrame(b, o, end, envelope);
      } catch (error) {
        this.#reportFrame(error, b.subarray(o, end));
      }
      this.#offset += end - o;
    });
    this.#hex = hex ? new HexReader((bytes) => this.#splitter.push(bytes)) : undefined;
  }

  push(chunk: Buffer): boolean {
    return this.#guarded(() => (this.#hex ?? this.#splitter).push(chunk));
  }

  end(): void {
    if (this.#hex !== undefined && !this.#guarded(() => this.#hex?.end())) return;
    const pending = this.#splitter.pending;
    if (pending === 0) return;
    const bytes = `${pending} ${pending === 1 ? "byte" : "bytes"}`;
    this.#report(EXIT.SHORT_READ, `the input ends ${bytes} into a message`, this.#offset);
  }

  /** Runs a step after which the input cannot be trusted when it fails; false then. */
  #guarded(step: () => void): boolean {
    try {
      step();
      return true;
    } catch (error) {
      if (error instanceof DecodeError) {
        this.#report(EXIT.FAILED, withoutOffset(error), this.#offset + error.offset);
      } else if (error instanceof HexError) {
        this.#failures.add(EXIT.FAILED, `${this.#name}:${error.line}: ${error.detail}`);
      } else throw error;
      return false;
    }
  }

  #reportFrame(error: unknown, frame: Buffer): void {
    if (!(error instanceof DecodeError)) throw error;
    // A shorter frame may end inside the header that tells the type of a multipart message.
    const type = frame.length < TYPED_BYTES ? undefined : messageTypeName(frame);
    const where = `${type ?? "message"} at byte ${this.#offset}`;
    this.#report(EXIT.FAILED, `${withoutOffset(error)} (${where})`, this.#offset + error.offset);
  }

  #report(code: typeof EXIT.FAILED | typeof EXIT.SHORT_READ, text: string, offset: number): void {
    this.#failures.add(code, `${this.#name}: byte ${offset}: ${text}`);
  }
}

/** The message without the offset from the start of the frame, which is told as one from the start of the input. */
function withoutOffset(error: DecodeError): string {
  const suffix = ` (byte ${error.offset})`;
  return error.message.endsWith(suffix) ? error.message.slice(0, -suffix.length) : error.message;
}
