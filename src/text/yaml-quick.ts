// Reads the YAML that OpenFlow messages are written in, ten times faster than a whole YAML reader: block mappings and
// sequences, scalars and flow collections on one line, comments, and JSON over several lines. Whatever else it meets,
// an error too, it leaves to the whole reader by answering undefined. What it does read, it reads alike.
import { MAX_DEPTH } from "./parse-json.js";

/** `key:` in front of a blank or a line end. Longer keys and keys of other characters are left to the whole reader. */
const BLOCK_KEY = /([A-Za-z_][\w.-]{0,99}) *:(?= |\n|$)/y;
/** A plain scalar in a flow collection, without blanks; a `:` at its end is the mark of a key. */
const FLOW_PLAIN = /[\w/+][\w./+:%()@=*-]*/y;
/** What a plain scalar in a block may start with, so that it is nothing else. */
const PLAIN_START = /[\w/+(]/;
const MARKER_LINE = /---(?: +#.*| *)(?:\n|$)/y;
const END_MARKER = /\.\.\.[ ]*(?:\n|$)/y;

const NEWLINE = 0x0a;
const BLANK = 0x20;
const QUOTE = 0x22;
const HASH = 0x23;
const APOSTROPHE = 0x27;
const COMMA = 0x2c;
const DASH = 0x2d;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;

/** Made once, since it is no error: it says "not quick", and costs no stack trace. */
const NOT_QUICK = new Error("left to the whole YAML reader");

/** Where a scalar stands that is the whole value of a key or of an entry, without its quotes, and what holds it. */
export interface YamlSlot {
  readonly from: number;
  readonly to: number;
  /** It is in apostrophes, and has none inside. */
  readonly quoted: boolean;
  readonly holder: Record<string | number, unknown>;
  readonly key: string | number;
}

/**
 * The value of a document that is plain enough, or undefined. Scalars are strings, see `parseYaml`.
 * @param maxDepth  how deep it may nest
 * @param slots     takes the scalars of blocks, in their order; where lines end in `\r\n` their places are wrong
 */
export function parseYamlQuick(
  text: string,
  maxDepth = MAX_DEPTH,
  slots?: YamlSlot[],
): { value: unknown } | undefined {
  // Lines are ended by carriage returns too; no scalar that is read here goes over a line.
  const lines = text.includes("\r\n") ? text.replaceAll("\r\n", "\n") : text;
  if (/[\t\r\ufeff]/.test(lines)) return undefined;
  try {
    return { value: new QuickReader(lines, maxDepth, slots).document() };
  } catch (error) {
    if (error === NOT_QUICK) return undefined;
    throw error;
  }
}

/**
 * Gives an object a key of its own, which is harmless for `__proto__` too. False, and nothing done, when it has the
 * key already.
 */
export function setKey(object: Record<string, unknown>, key: string, value: unknown): boolean {
  if (Object.hasOwn(object, key)) return false;
  if (key === "__proto__") {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[key] = value;
  }
  return true;
}

class QuickReader {
  readonly #text: string;
  /** The next character. Between block nodes it is the first one of a line's content. */
  #at = 0;
  /** Where the line of `#at` starts. */
  #line = 0;
  #depth = 0;
  readonly #maxDepth: number;
  readonly #slots: YamlSlot[] | undefined;
  /** The scalar that was read last, if it may be a slot: its place, or -1. */
  #scalar = -1;
  #scalarEnd = 0;
  #scalarQuoted = false;
  #matched: RegExpExecArray | null = null;

  constructor(text: string, maxDepth: number, slots: YamlSlot[] | undefined) {
    this.#text = text;
    this.#maxDepth = maxDepth;
    this.#slots = slots;
  }

  document(): unknown {
    this.#nextContent();
    if (this.#column() === 0 && this.#match(MARKER_LINE)) {
      this.#line = this.#at;
      this.#nextContent();
    }
    if (this.#at === this.#text.length) return "";
    const c = this.#code();
    const isFlow = c === OPEN_LIST || c === OPEN_MAP;
    const value = isFlow ? this.#flow(true) : this.#block();
    if (isFlow) this.#endLine();
    if (this.#column() === 0 && this.#match(END_MARKER)) this.#nextContent();
    if (this.#at < this.#text.length) throw NOT_QUICK;
    return value;
  }

  /** A mapping or sequence whose first entry stands here; its other entries stand in the same column. */
  #block(): unknown {
    if (++this.#depth > this.#maxDepth) throw NOT_QUICK;
    const value = this.#isDash() ? this.#sequence(this.#column()) : this.#mapping(this.#column());
    this.#depth--;
    return value;
  }

  #mapping(column: number): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    do {
      if (!this.#match(BLOCK_KEY)) throw NOT_QUICK;
      const key = this.#matched![1]!;
      this.#skipBlanks();
      if (!setKey(value, key, this.#blockValue(column, true))) throw NOT_QUICK;
      this.#note(value, key);
    } while (this.#isEntry(column));
    return value;
  }

  #sequence(column: number): unknown[] {
    const value: unknown[] = [];
    do {
      this.#at++;
      this.#skipBlanks();
      const compact = this.#isDash() || this.#peek(BLOCK_KEY);
      value.push(compact ? this.#block() : this.#blockValue(column, false));
      this.#note(value, value.length - 1);
    } while (this.#isEntry(column) && this.#isDash());
    return value;
  }

  /** Notes where the scalar stands that an entry ended with, if it did. */
  #note(holder: object, key: string | number): void {
    if (this.#scalar < 0) return;
    this.#slots?.push({
      from: this.#scalar,
      to: this.#scalarEnd,
      quoted: this.#scalarQuoted,
      holder: holder as YamlSlot["holder"],
      key,
    });
    this.#scalar = -1;
  }

  #isScalar(from: number, to: number, quoted: boolean): void {
    this.#scalar = from;
    this.#scalarEnd = to;
    this.#scalarQuoted = quoted;
  }

  /** What follows `key:` or `-`, on the same line or below. A sequence below a key may stand in the column of the key. */
  #blockValue(column: number, afterKey: boolean): unknown {
    const c = this.#code();
    if (c !== NEWLINE && c !== HASH && this.#at < this.#text.length) {
      const value = this.#inline(c);
      this.#endLine();
      return value;
    }
    this.#endLine();
    const below = this.#column();
    const isNested = below > column || (afterKey && below === column && this.#isDash());
    return isNested && this.#at < this.#text.length ? this.#block() : null;
  }

  #inline(c: number): unknown {
    if (c === QUOTE || c === APOSTROPHE) {
      const from = this.#at + 1;
      const value = this.#quoted(c);
      if (c === APOSTROPHE && this.#at - 1 - from === value.length) this.#isScalar(from, this.#at - 1, true);
      return value;
    }
    if (c === OPEN_LIST || c === OPEN_MAP) return this.#flow(false);
    if (!PLAIN_START.test(this.#text.charAt(this.#at))) throw NOT_QUICK;
    const newline = this.#text.indexOf("\n", this.#at);
    let scalar = this.#text.slice(this.#at, newline < 0 ? undefined : newline);
    const comment = scalar.indexOf(" #");
    if (comment >= 0) scalar = scalar.slice(0, comment);
    let end = scalar.length;
    while (scalar.charCodeAt(end - 1) === BLANK) end--;
    this.#isScalar(this.#at, this.#at + end, false);
    this.#at += end;
    if (end < scalar.length) scalar = scalar.slice(0, end);
    if (scalar.includes(": ") || scalar.endsWith(":")) throw NOT_QUICK;
    return scalar;
  }

  /** A quoted scalar on one line. */
  #quoted(quote: number): string {
    const text = this.#text;
    const start = this.#at + 1;
    let end = text.indexOf(quote === APOSTROPHE ? "'" : '"', start);
    while (end >= 0 && this.#isEscaped(quote, start, end)) {
      end = text.indexOf(quote === APOSTROPHE ? "'" : '"', end + (quote === APOSTROPHE ? 2 : 1));
    }
    const inside = text.slice(start, end);
    if (end < 0 || inside.includes("\n")) throw NOT_QUICK;
    this.#at = end + 1;
    if (quote === APOSTROPHE) return inside.replaceAll("''", "'");
    if (!inside.includes("\\")) return inside;
    try {
      return String(JSON.parse(`"${inside}"`)); // which knows fewer escapes, and those it knows are the same
    } catch {
      throw NOT_QUICK;
    }
  }

  /** True when the quote at `end` does not end the scalar whose text starts at `start`. */
  #isEscaped(quote: number, start: number, end: number): boolean {
    if (quote === APOSTROPHE) return this.#text.charCodeAt(end + 1) === APOSTROPHE;
    let slashes = 0;
    while (end - slashes > start && this.#text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
    return slashes % 2 === 1;
  }

  /** A flow collection. @param lines  it may go on over several lines */
  #flow(lines: boolean): unknown {
    if (++this.#depth > this.#maxDepth) throw NOT_QUICK;
    const isMap = this.#code() === OPEN_MAP;
    this.#at++;
    const value = isMap ? this.#flowMapping(lines) : this.#flowSequence(lines);
    this.#depth--;
    return value;
  }

  #flowMapping(lines: boolean): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    this.#skipSpace(lines);
    if (this.#closes(CLOSE_MAP)) return value;
    do {
      this.#skipSpace(lines);
      const key = this.#flowKey(lines);
      this.#skipSpace(lines);
      if (this.#code() === COMMA || this.#code() === CLOSE_MAP) throw NOT_QUICK;
      if (!setKey(value, key, this.#flowValue(lines))) throw NOT_QUICK;
    } while (this.#goesOn(CLOSE_MAP, lines));
    return value;
  }

  #flowSequence(lines: boolean): unknown[] {
    const value: unknown[] = [];
    this.#skipSpace(lines);
    if (this.#closes(CLOSE_LIST)) return value;
    do {
      this.#skipSpace(lines);
      value.push(this.#flowValue(lines));
    } while (this.#goesOn(CLOSE_LIST, lines));
    return value;
  }

  /** A key and its colon. */
  #flowKey(lines: boolean): string {
    const c = this.#code();
    if (c === QUOTE) {
      const key = this.#quoted(c);
      this.#skipSpace(false);
      if (this.#code() !== COLON || key.length > 100) throw NOT_QUICK;
      this.#at++;
      return key;
    }
    if (!this.#match(FLOW_PLAIN)) throw NOT_QUICK;
    const word = this.#matched![0];
    const next = this.#code();
    const isKey = word.endsWith(":") && !word.endsWith("::") && word.length <= 100;
    if (!isKey || (next !== BLANK && !(lines && next === NEWLINE))) throw NOT_QUICK;
    return word.slice(0, -1);
  }

  #flowValue(lines: boolean): unknown {
    const c = this.#code();
    if (c === OPEN_LIST || c === OPEN_MAP) return this.#flow(lines);
    if (c === QUOTE || c === APOSTROPHE) return this.#quoted(c);
    if (!this.#match(FLOW_PLAIN) || this.#matched![0].endsWith(":")) throw NOT_QUICK;
    return this.#matched![0];
  }

  /** After an entry of a flow collection: true when a comma says that one more follows, false when it closes. */
  #goesOn(closer: number, lines: boolean): boolean {
    this.#skipSpace(lines);
    if (this.#closes(closer)) return false;
    if (this.#code() !== COMMA) throw NOT_QUICK;
    this.#at++;
    return true;
  }

  #closes(closer: number): boolean {
    if (this.#code() !== closer) return false;
    this.#at++;
    return true;
  }

  /** True when the next entry of the collection in this column is here; false when the collection has ended. */
  #isEntry(column: number): boolean {
    if (this.#at >= this.#text.length) return false;
    const here = this.#column();
    if (here > column) throw NOT_QUICK;
    if (here < column) return false;
    return column > 0 || !this.#peek(END_MARKER);
  }

  /** Leaves a line whose content has been read, and goes to the content of the next line that has any. */
  #endLine(): void {
    const from = this.#at;
    this.#skipBlanks();
    const c = this.#code();
    if (c === HASH && this.#at === from && this.#text.charCodeAt(from - 1) !== BLANK) throw NOT_QUICK;
    if (c !== HASH && c !== NEWLINE && this.#at < this.#text.length) throw NOT_QUICK;
    this.#nextContent();
  }

  /** Goes over blank lines and comments to the next content. Here is the start of a line, or the rest of one to skip. */
  #nextContent(): void {
    for (;;) {
      this.#skipBlanks();
      const c = this.#code();
      if (c !== HASH && c !== NEWLINE) return;
      const newline = this.#text.indexOf("\n", this.#at);
      this.#at = newline < 0 ? this.#text.length : newline + 1;
      this.#line = this.#at;
    }
  }

  /** True at a `-` that starts an entry of a sequence. */
  #isDash(): boolean {
    if (this.#code() !== DASH) return false;
    const next = this.#text.charCodeAt(this.#at + 1);
    return next === BLANK || next === NEWLINE || Number.isNaN(next);
  }

  #skipBlanks(): void {
    while (this.#text.charCodeAt(this.#at) === BLANK) this.#at++;
  }

  #skipSpace(lines: boolean): void {
    for (;;) {
      this.#skipBlanks();
      if (!lines || this.#code() !== NEWLINE) return;
      this.#at++;
      this.#line = this.#at;
    }
  }

  #column(): number {
    return this.#at - this.#line;
  }

  #code(): number {
    return this.#text.charCodeAt(this.#at);
  }

  #peek(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#text);
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    this.#matched = pattern.exec(this.#text);
    if (this.#matched === null) return false;
    this.#at = pattern.lastIndex;
    return true;
  }
}
