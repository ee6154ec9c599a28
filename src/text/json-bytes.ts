// What printers of JSON text need to go over its bytes.
import { TextError } from "../base/index.js";
import { diagnoseJson } from "./json-syntax.js";
import { MAX_DEPTH } from "./parse-json.js";
import { positionAt } from "./text-position.js";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** 1 for the bytes of numbers and words. */
export const IS_BARE: Uint8Array = new Uint8Array(256);
for (const c of Buffer.from("0123456789abcdefghijklmnopqrstuvwxyz-+.E")) IS_BARE[c] = 1;

/** JSON text: the bytes of `o` from `start` to `p`. A Text under construction is one. */
export interface JsonText {
  readonly o: Buffer;
  /** The same as `o`, for reading words. */
  readonly v: DataView;
  readonly start: number;
  readonly p: number;
}

/** The text in whole bytes or characters. */
export function jsonTextOf(json: Uint8Array | string): JsonText {
  const o =
    typeof json === "string"
      ? Buffer.from(json, "utf8")
      : Buffer.from(json.buffer, json.byteOffset, json.length);
  return { o, v: new DataView(o.buffer, o.byteOffset, o.length), start: 0, p: o.length };
}

/** Goes over the blanks in b[i, end). */
export function skipJsonBlanks(b: Uint8Array, i: number, end: number): number {
  let at = i;
  while (at < end && b[at]! <= 0x20 && isBlank(b[at]!)) at++;
  return at;
}

function isBlank(c: number): boolean {
  return c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09;
}

/** The error for a text that is no JSON after all. */
export function jsonError({ o, start, p }: JsonText): TextError {
  return diagnoseJson(o.toString("utf8", start, p));
}

/** The error for a list or object at `i` that is nested too deep. */
export function tooDeep({ o, start, p }: JsonText, i: number): TextError {
  const { line, column } = positionAt(o.toString("utf8", start, p), i - start);
  return new TextError("TOO_DEEP", line, column, `nested deeper than ${MAX_DEPTH} levels`);
}

/** A place in JSON text, always before or after a whole token. */
export class JsonCursor {
  readonly text: JsonText;
  readonly b: Uint8Array;
  /** Offset of the next byte. */
  i = 0;
  #depth = 0;

  constructor(json: Uint8Array | string) {
    this.text = jsonTextOf(json);
    this.b = this.text.o;
  }

  /** Goes over blanks; the first byte of the next token, or NaN at the end. */
  peek(): number {
    this.i = skipJsonBlanks(this.b, this.i, this.b.length);
    return this.b[this.i] ?? Number.NaN;
  }

  /** Goes over the byte that must come next. */
  expect(c: number): void {
    if (this.peek() !== c) throw jsonError(this.text);
    this.i++;
  }

  /** Goes over the next byte if it is this one, and says whether it was. */
  accept(c: number): boolean {
    if (this.peek() !== c) return false;
    this.i++;
    return true;
  }

  /** Goes into a list or object: over its first byte. Throws TextError TOO_DEEP below MAX_DEPTH levels. */
  enter(): void {
    if (++this.#depth > MAX_DEPTH) throw tooDeep(this.text, this.i);
    this.i++;
  }

  /** After an entry of a list or object: true when a comma says that one more follows, false when `closer` ends it. */
  goesOn(closer: number): boolean {
    if (this.accept(0x2c)) return true;
    this.expect(closer);
    this.#depth--;
    return false;
  }

  /** Goes over a number or a word; its first byte is at `i` before. */
  skipBare(): void {
    const from = this.i;
    while (IS_BARE[this.b[this.i]!] === 1) this.i++;
    if (this.i === from) throw jsonError(this.text);
  }

  /** Goes over a string with its quotes; its first quote is at `i` before. */
  skipString(): void {
    const b = this.b;
    for (let i = this.i + 1; i < b.length; i++) {
      const c = b[i]!;
      if (c === BACKSLASH) {
        i++;
      } else if (c === QUOTE) {
        this.i = i + 1;
        return;
      }
    }
    throw jsonError(this.text);
  }

  /** Throws unless nothing but blanks is left. */
  end(): void {
    if (!Number.isNaN(this.peek())) throw jsonError(this.text);
  }
}
