/** The middle of `oftr encode`: texts of messages in, bytes out, errors with their place in the input. */
import { EncodeError, TextError } from "../base/index.js";
import { type EncodeOptions, encodeJsonText, encodeMessage, MessageWriter } from "../codec/encode.js";
import { parseJson, parseYaml, type YamlDocument, YamlForms } from "../text/index.js";
import { EXIT } from "./exit-codes.js";
import type { ExitCode, Failures } from "./failures.js";
import type { Start, TextSink } from "./json-texts.js";
import type { Counter, Write } from "./streams.js";

/** Bytes of messages that are collected before they are written, within one chunk of input. */
const FLUSH_BYTES = 192 * 1024;

/** YAML documents of an input before it is worth while to remember their forms. */
const FORMLESS_DOCUMENTS = 100;

const TOP: Start = { line: 1, column: 1 };

/** What becomes of messages that are not just written as bytes. */
export interface FrameForm {
  /** Takes a message; its bytes are overwritten after the call. Throws FrameError. */
  take(frame: Buffer): void;
  /** There is no message, for it could not be encoded, or not be taken. */
  failed(): void;
  /** Writes what is ready. */
  flush(): void;
  /** Takes the end. */
  finish(): void;
}

/** A message that was encoded, and cannot be brought into the form that is wanted. */
export class FrameError extends Error {}

/** Encodes texts one by one and collects the messages. */
export class MessageEncoder {
  readonly #options: EncodeOptions;
  readonly #lossless: EncodeOptions;
  readonly #form: FrameForm | undefined;
  readonly #write: Write;
  /** One message at a time goes beyond FLUSH_BYTES. */
  readonly #writer = new MessageWriter(2 * 1024 * 1024);

  /**
   * @param write  takes the bytes of messages
   * @param form   takes the messages instead
   */
  constructor(options: EncodeOptions, write: Write, form?: FrameForm) {
    this.#options = options;
    this.#lossless = { ...options, lossless: true };
    this.#write = write;
    this.#form = form;
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
    this.message(document.value);
  }

  /** Appends a message that was read without loss. Throws EncodeError. */
  message(message: unknown): void {
    encodeMessage(message, this.#writer, this.#options);
    this.#appended();
  }

  /** There is no message where one should have been. */
  failed(): void {
    this.#form?.failed();
  }

  /** Writes what is collected. */
  flush(): void {
    this.#form?.flush();
    const bytes = this.#writer.view();
    if (bytes.length > 0) this.#write(bytes);
    this.#writer.reset();
  }

  /** Takes the end of all messages. */
  finish(): void {
    this.#form?.finish();
  }

  #appended(): void {
    if (this.#form !== undefined) {
      const frame = this.#writer.view();
      this.#writer.reset();
      this.#form.take(frame);
    } else if (this.#writer.p > FLUSH_BYTES) this.flush();
  }
}

/** Encodes the texts of one input and reports what fails. */
export class EncoderSink implements TextSink {
  readonly #name: string;
  readonly #encoder: MessageEncoder;
  readonly #failures: Failures;
  readonly #counter: Counter;
  #documents = 0;
  #forms: YamlForms | undefined;

  /** @param name  of the input, for the errors */
  constructor(name: string, encoder: MessageEncoder, failures: Failures, counter: Counter) {
    this.#name = name;
    this.#encoder = encoder;
    this.#failures = failures;
    this.#counter = counter;
  }

  tryText(text: string, start: Start): boolean {
    try {
      this.#encoder.json(text);
    } catch (error) {
      if (error instanceof TextError) return false;
      this.#reportMessage(error, start, readYaml(text), text);
    }
    this.#counter.messages++;
    return true;
  }

  tryValue(value: unknown, lossless: boolean): "taken" | "rounded" | "refused" {
    try {
      if (!this.#encoder.value(value, lossless)) return "rounded";
    } catch (error) {
      // The text tells more: it is encoded again, and reported with its place.
      if (error instanceof EncodeError || error instanceof FrameError) return "refused";
      throw error;
    }
    this.#counter.messages++;
    return "taken";
  }

  /** Takes a JSON object. As with the C++ `oftr` it may be written in YAML's way: `{type: HELLO}`. */
  text(text: string, start: Start): void {
    if (this.tryText(text, start)) return;
    if (text.trimStart().startsWith("{") && this.#tryYaml(text, start)) return;
    try {
      parseJson(text);
    } catch (error) {
      this.#reportText(error, start, text);
    }
  }

  /**
   * Takes a message that `read` makes. What it throws has no place but that of the text, unless it is a TextError.
   * @param start  of the text
   */
  message(read: () => unknown, start: Start): void {
    try {
      this.#encoder.message(read());
    } catch (error) {
      if (error instanceof TextError) {
        this.#report(EXIT.FAILED, error, start, error.detail);
        return;
      }
      if (!(error instanceof EncodeError || error instanceof FrameError)) throw error;
      this.#report(error instanceof FrameError ? EXIT.CONTRARY : EXIT.FAILED, TOP, start, error.message);
    }
    this.#counter.messages++;
  }

  /** Takes a YAML document. */
  yaml(text: string, start: Start): void {
    if (++this.#documents > FORMLESS_DOCUMENTS && this.#tryForm(text)) return;
    try {
      this.#encodeYaml(readYaml(text), start, text);
    } catch (error) {
      this.#reportText(error, start, text);
    }
  }

  /** Takes a document if it is like an earlier one and can be encoded. */
  #tryForm(text: string): boolean {
    this.#forms ??= new YamlForms();
    const value = this.#forms.read(text);
    return value !== undefined && this.tryValue(value, true) === "taken";
  }

  #tryYaml(text: string, start: Start): boolean {
    let document: YamlDocument;
    try {
      document = readYaml(text);
    } catch (error) {
      if (error instanceof TextError) return false;
      throw error;
    }
    this.#encodeYaml(document, start, text);
    return true;
  }

  #encodeYaml(document: YamlDocument, start: Start, text: string): void {
    try {
      this.#encoder.yaml(document);
    } catch (error) {
      this.#reportMessage(error, start, document, text);
    }
    this.#counter.messages++;
  }

  #reportText(error: unknown, start: Start, text: string): void {
    if (!(error instanceof TextError)) throw error;
    this.#report(EXIT.FAILED, error, start, error.detail + adviceFor(text));
  }

  #reportMessage(error: unknown, start: Start, document: YamlDocument, text: string): void {
    if (error instanceof FrameError) {
      this.#report(EXIT.CONTRARY, document.positionOf("") ?? TOP, start, error.message);
      return;
    }
    if (!(error instanceof EncodeError)) throw error;
    const target = error.code === "UNKNOWN" ? "key" : "value";
    const advice = error.path === "" ? adviceFor(text) : "";
    this.#report(EXIT.FAILED, document.positionOf(error.path, target) ?? TOP, start, error.message + advice);
  }

  /** @param at  within the text that starts at `start` */
  #report(code: ExitCode, at: Start, start: Start, text: string): void {
    this.#encoder.failed();
    const line = start.line + at.line - 1;
    const column = at.line === 1 ? start.column + at.column - 1 : at.column;
    this.#failures.add(code, `${this.#name}:${line}:${column}: ${text}`);
  }
}

/** What to do about JSON that is read in another way than it is written: the option that is missing, in brackets. */
function adviceFor(text: string): string {
  if (/^\s*\[/.test(text)) return " (a JSON array needs --json-array)";
  return /^\s*\{[\s\S]*\}\s*\n\{/.test(text) ? " (several JSON objects need --json)" : "";
}

/** Reads a document of any length that got this far: the readers of the input limit it. JSON is YAML, too. */
function readYaml(text: string): YamlDocument {
  return parseYaml(text, { maxLength: text.length });
}
