/** The middle of `oftr encode`: texts of messages in, bytes out, errors with their place in the input. */
import { EncodeError, TextError } from "../base/index.js";
import { type EncodeOptions, encodeJsonText, encodeMessage, MessageWriter } from "../codec/encode.js";
import { parseJson, parseYaml, type YamlDocument } from "../text/index.js";
import { EXIT } from "./exit-codes.js";
import type { Failures } from "./failures.js";
import { formatHexRows } from "./hex-output.js";
import type { Start, TextSink } from "./json-texts.js";

/** Bytes of messages that are collected before they are written, within one chunk of input. */
const FLUSH_BYTES = 192 * 1024;

/** Encodes texts one by one and collects the messages. */
export class MessageEncoder {
  readonly #options: EncodeOptions;
  readonly #lossless: EncodeOptions;
  readonly #hex: boolean;
  readonly #write: (bytes: Buffer) => void;
  /** One message at a time goes beyond FLUSH_BYTES. */
  readonly #writer = new MessageWriter(2 * 1024 * 1024);

  /**
   * @param hex    print hexadecimal rows instead of bytes
   * @param write  takes bytes that are overwritten after the call
   */
  constructor(options: EncodeOptions, hex: boolean, write: (bytes: Buffer) => void) {
    this.#options = options;
    this.#lossless = { ...options, lossless: true };
    this.#hex = hex;
    this.#write = write;
  }

  /** Appends the message that is the JSON `text`. Throws TextError when it is no JSON, EncodeError when no message. */
  json(text: string): void {
    encodeJsonText(text, this.#writer, this.#options);
    this.#appended();
  }

  /**
   * Appends the message that JSON.parse has read. False, and nothing is appended, when a number in it was rounded.
   * Throws EncodeError.
   * @param lossless  integers of 16 digits and more are texts, so none was rounded
   */
  value(message: unknown, lossless: boolean): boolean {
    const start = this.#writer.p;
    encodeMessage(message, this.#writer, lossless ? this.#lossless : this.#options);
    if (this.#writer.inexact) {
      this.#writer.p = start;
      return false;
    }
    this.#appended();
    return true;
  }

  /** Appends the message of a YAML document. Throws EncodeError. */
  yaml(document: YamlDocument): void {
    encodeMessage(document.value, this.#writer, this.#options);
    this.#appended();
  }

  /** Writes what is collected. */
  flush(): void {
    const bytes = this.#writer.view();
    if (bytes.length > 0) this.#write(bytes);
    this.#writer.reset();
  }

  #appended(): void {
    if (this.#hex) {
      const rows = formatHexRows(this.#writer.view());
      this.#writer.reset();
      this.#write(Buffer.from(rows, "latin1"));
    } else if (this.#writer.p > FLUSH_BYTES) this.flush();
  }
}

/** Encodes the texts of one input and reports what fails. */
export class EncoderSink implements TextSink {
  readonly #name: string;
  readonly #encoder: MessageEncoder;
  readonly #failures: Failures;

  /** @param name  of the input, for the errors */
  constructor(name: string, encoder: MessageEncoder, failures: Failures) {
    this.#name = name;
    this.#encoder = encoder;
    this.#failures = failures;
  }

  tryText(text: string, start: Start): boolean {
    try {
      this.#encoder.json(text);
    } catch (error) {
      if (error instanceof TextError) return false;
      this.#reportMessage(error, start, readYaml(text));
    }
    return true;
  }

  tryValue(value: unknown, lossless: boolean): "taken" | "rounded" | "refused" {
    try {
      return this.#encoder.value(value, lossless) ? "taken" : "rounded";
    } catch (error) {
      // The text tells more: it is encoded again, and reported with its place.
      if (error instanceof EncodeError) return "refused";
      throw error;
    }
  }

  /** Takes a JSON object. As with the C++ `oftr` it may be written in YAML's way: `{type: HELLO}`. */
  text(text: string, start: Start): void {
    if (this.tryText(text, start)) return;
    if (text.trimStart().startsWith("{") && this.#tryYaml(text, start)) return;
    try {
      parseJson(text);
    } catch (error) {
      this.#reportText(error, start);
    }
  }

  /** Takes a YAML document. */
  yaml(text: string, start: Start): void {
    try {
      this.#encodeYaml(readYaml(text), start);
    } catch (error) {
      this.#reportText(error, start);
    }
  }

  #tryYaml(text: string, start: Start): boolean {
    let document: YamlDocument;
    try {
      document = readYaml(text);
    } catch (error) {
      if (error instanceof TextError) return false;
      throw error;
    }
    this.#encodeYaml(document, start);
    return true;
  }

  #encodeYaml(document: YamlDocument, start: Start): void {
    try {
      this.#encoder.yaml(document);
    } catch (error) {
      this.#reportMessage(error, start, document);
    }
  }

  #reportText(error: unknown, start: Start): void {
    if (!(error instanceof TextError)) throw error;
    this.#report(error, start, error.detail);
  }

  #reportMessage(error: unknown, start: Start, document: YamlDocument): void {
    if (!(error instanceof EncodeError)) throw error;
    const target = error.code === "UNKNOWN" ? "key" : "value";
    this.#report(document.positionOf(error.path, target) ?? { line: 1, column: 1 }, start, error.message);
  }

  /** @param at  within the text that starts at `start` */
  #report(at: Start, start: Start, text: string): void {
    const line = start.line + at.line - 1;
    const column = at.line === 1 ? start.column + at.column - 1 : at.column;
    this.#failures.add(EXIT.FAILED, `${this.#name}:${line}:${column}: ${text}`);
  }
}

/** Reads a document of any length that got this far: the readers of the input limit it. JSON is YAML, too. */
function readYaml(text: string): YamlDocument {
  return parseYaml(text, { maxLength: text.length });
}
