// What printers of JSON text need: a cursor that goes over the bytes of a valid JSON text.
import { TextError } from "../base/index.js";
import { diagnoseJson } from "./json-syntax.js";
import { MAX_DEPTH } from "./parse-json.js";
import { positionAt } from "./text-position.js";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A place in JSON text, always before or after a whole token. */
export class JsonCursor {
  readonly b: Uint8Array;
  /** Offset of the next byte. */
  i = 0;
  #depth = 0;

  constructor(json: Uint8Array | string) {
    this.b = typeof json === "string" ? Buffer.from(json, "utf8") : json;
  }

  /** Goes over blanks; the first byte of the next token, or NaN at the end. */
  peek(): number {
    for (; this.i < this.b.length; this.i++) {
      const c = this.b[this.i]!;
      if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return c;
    }
    return Number.NaN;
  }

  /** Goes over the byte that must come next. */
  expect(c: number): void {
    if (this.peek() !== c) throw this.error();
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
    if (++this.#depth > MAX_DEPTH) {
      const { line, column } = positionAt(this.#text(), this.i);
      throw new TextError("TOO_DEEP", line, column, `nested deeper than ${MAX_DEPTH} levels`);
    }
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
    for (; this.i < this.b.length; this.i++) {
      const c = this.b[this.i]!;
      const isBare =
        (c >= 0x30 && c <= 0x39) ||
        (c >= 0x61 && c <= 0x7a) ||
        c === 0x2d ||
        c === 0x2b ||
        c === 0x2e ||
        c === 0x45;
      if (!isBare) break;
    }
    if (this.i === from) throw this.error();
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
    throw this.error();
  }

  /** Throws unless nothing but blanks is left. */
  end(): void {
    if (!Number.isNaN(this.peek())) throw this.error();
  }

  /** The error for a text that is no JSON after all. */
  error(): TextError {
    return diagnoseJson(this.#text());
  }

  #text(): string {
    return Buffer.from(this.b.buffer, this.b.byteOffset, this.b.length).toString("utf8");
  }
}
