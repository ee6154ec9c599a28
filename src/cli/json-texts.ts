/** Splits streams of JSON into the texts of single objects: for `oftr encode --json` and `--json-array`. */
import { isAscii } from "node:buffer";
import { TextError } from "../base/index.js";
import { JsonForms, quoteLongValues } from "../text/index.js";
import { BracketScanner } from "./brackets.js";

/** Longest text of one object, in bytes: no message needs a tenth of it. */
export const LONGEST_OBJECT = 16 * 1024 * 1024;

/** Bytes of lines that are read by one call of JSON.parse. More would fill the young generation with live objects. */
const BATCH_BYTES = 16 * 1024;

/** Lines of an input before it is worth while to remember their forms. */
const FORMLESS_LINES = 100;

const NEWLINE = 0x0a;
const BRACE = 0x7b;

/** Where a text starts in its input; both count from 1, columns in bytes. */
export interface Start {
  readonly line: number;
  readonly column: number;
}

/** Takes the texts of an input. */
export interface TextSink {
  /** Takes a text as it is, good or not. */
  text(text: string, start: Start): void;
  /** Takes a text if it is JSON. False, and nothing has happened, when it is not. */
  tryText(text: string, start: Start): boolean;
  /**
   * Takes what JSON.parse made of a text. Nothing has happened when the text itself is needed: because a number in it was rounded
   * ("rounded", never when `lossless`), or because it is no message ("refused").
   * @param lossless  integers of 16 digits and more are texts
   */
  tryValue(value: unknown, lossless: boolean): "taken" | "rounded" | "refused";
}

/** A reader of one input. Chunks may end anywhere. */
export interface TextReader {
  /** Takes the next bytes. Throws TextError TOO_LARGE; the reader must then be discarded. */
  push(chunk: Buffer): void;
  /** Takes the end of the input. */
  end(): void;
}

/** One object a line, or one over several lines; nothing else on these lines. Empty lines are skipped. */
export class JsonLineReader implements TextReader {
  readonly #sink: TextSink;
  readonly #held = new HeldBytes();
  readonly #scanner = new BracketScanner();
  /** Lines that have ended. */
  #lines = 0;
  #forms: JsonForms | undefined;
  /** Where the lines of the last batch end in the chunk. */
  readonly #ends: number[] = [];
  /** A number of this input was rounded: from there on, long integers are read as texts. It costs little, but not nothing. */
  #lossless = false;
  /** The lines so far of an object that is not whole, and where the first one is. */
  #open: string[] = [];
  #openBytes = 0;
  #openLine = 0;

  constructor(sink: TextSink) {
    this.#sink = sink;
  }

  push(chunk: Buffer): void {
    const encoding = isAscii(chunk) ? "latin1" : "utf8";
    if (this.#lines > FORMLESS_LINES) this.#forms ??= new JsonForms();
    this.#forms?.enter(chunk);
    let o = 0;
    let single = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, o)) {
      if (this.#held.length > 0) this.#takeLine(this.#held.release(chunk.subarray(o, end)));
      else if (this.#open.length > 0) this.#takeLine(chunk.toString(encoding, o, end));
      else if (!this.#takeByForm(chunk, o, end, encoding)) {
        if (o >= single) {
          const taken = this.#takeBatch(chunk, o, encoding);
          const last = this.#ends.at(-1) ?? end;
          if (taken) end = last;
          else single = last + 1; // the lines of a batch that failed are not tried again, nor is the last one if it is empty
        }
        if (o < single) this.#takeLine(chunk.toString(encoding, o, end));
      }
      o = end + 1;
    }
    this.#held.add(chunk.subarray(o));
    if (this.#held.length + this.#openBytes > LONGEST_OBJECT) {
      throw tooLong({ line: this.#open.length > 0 ? this.#openLine : this.#lines + 1, column: 1 });
    }
  }

  end(): void {
    if (this.#held.length > 0) this.#takeLine(this.#held.release(Buffer.alloc(0)));
    if (this.#open.length > 0) this.#giveUp();
  }

  /** Takes the line [o, end) if it is like an earlier one; else false. */
  #takeByForm(chunk: Buffer, o: number, end: number, encoding: "latin1" | "utf8"): boolean {
    const value = this.#forms?.read(o, end);
    if (value === undefined) return false;
    if (this.#sink.tryValue(value, true) === "taken") this.#lines++;
    else this.#takeLine(chunk.toString(encoding, o, end));
    return true;
  }

  /** Takes the lines from `o` on by one call of JSON.parse; `#ends` has their ends. False when they must be taken one by one. */
  #takeBatch(chunk: Buffer, o: number, encoding: "latin1" | "utf8"): boolean {
    const ends = this.#ends;
    ends.length = 0;
    for (let end = chunk.indexOf(NEWLINE, o); end >= 0 && end - o <= BATCH_BYTES; ) {
      ends.push(end);
      end = chunk.indexOf(NEWLINE, end + 1);
    }
    if (ends.length < 2) return false;
    const text = chunk.toString(encoding, o, ends.at(-1));
    const values = parseLines(this.#lossless ? quoteLongValues(text) : text, ends.length);
    if (values === undefined) return false;
    let start = o;
    for (let i = 0; i < values.length; i++) {
      const end = ends[i] as number;
      const result = this.#sink.tryValue(values[i], this.#lossless);
      if (result === "taken") this.#lines++;
      else this.#takeLine(chunk.toString(encoding, start, end));
      start = end + 1;
      if (result === "rounded") {
        // The next batch starts here, and is read without loss.
        this.#lossless = true;
        ends.length = i + 1;
        return true;
      }
    }
    return true;
  }

  #takeLine(line: string): void {
    this.#lines++;
    if (this.#open.length > 0 && line.startsWith("{") && !this.#mayHoldObject()) this.#giveUp();
    if (this.#open.length === 0) {
      const last = line.trimEnd();
      if (last === "") return;
      // Nearly always the line is an object. Only a line that is not is looked at closely.
      if (last.endsWith("}") && this.#sink.tryText(line, { line: this.#lines, column: 1 })) return;
      this.#scanner.reset();
      this.#openLine = this.#lines;
    }
    this.#open.push(line);
    this.#openBytes += line.length;
    for (let i = 0; i < line.length; i++) this.#scanner.step(line.charCodeAt(i));
    if (!this.#scanner.open) this.#close();
  }

  /** Whether an object may be the next part of the text that is open. No string goes on in another line. */
  #mayHoldObject(): boolean {
    if (this.#scanner.inString) return false;
    const last = this.#open.findLast((line) => line.trimEnd() !== "") ?? "";
    return ":,[".includes(last.trimEnd().at(-1) ?? " ");
  }

  /** Nothing can end the text that is open, a torn line most often. The objects behind it are not lost with it. */
  #giveUp(): void {
    const lines = this.#open;
    this.#close();
    for (let i = 1; i < lines.length; i++) {
      const line = lines[i] as string;
      if (line.startsWith("{") && line.trimEnd().endsWith("}"))
        this.#sink.tryText(line, { line: this.#openLine + i, column: 1 });
    }
  }

  #close(): void {
    const text = this.#open.join("\n");
    this.#open = [];
    this.#openBytes = 0;
    this.#sink.text(text, { line: this.#openLine, column: 1 });
  }
}

/** The values of `count` lines, each one an object; undefined when they are anything else. */
function parseLines(lines: string, count: number): unknown[] | undefined {
  const list = `[${lines.replaceAll("}\n{", "},{")}]`;
  try {
    const values: unknown = JSON.parse(list);
    return Array.isArray(values) && values.length === count ? values : undefined;
  } catch {
    return undefined; // read again line by line, which says what is wrong
  }
}

/** The outermost objects, wherever they stand: in an array, one behind the other, between other text. */
export class JsonObjectReader implements TextReader {
  readonly #sink: TextSink;
  readonly #held = new HeldBytes();
  readonly #scanner = new BracketScanner();
  #line = 1;
  /** The bytes of this line that came in earlier chunks. */
  #lineBytes = 0;
  #start: Start = { line: 1, column: 1 };

  constructor(sink: TextSink) {
    this.#sink = sink;
  }

  push(chunk: Buffer): void {
    let lineStart = -this.#lineBytes;
    let from = 0;
    for (let i = 0; i < chunk.length; i++) {
      const c = chunk[i] as number;
      if (c === NEWLINE) {
        this.#line++;
        lineStart = i + 1;
      }
      if (this.#scanner.open) {
        this.#scanner.step(c);
        if (!this.#scanner.open)
          this.#sink.text(this.#held.release(chunk.subarray(from, i + 1)), this.#start);
      } else if (c === BRACE) {
        this.#start = { line: this.#line, column: i - lineStart + 1 };
        this.#scanner.step(c);
        from = i;
      }
    }
    this.#lineBytes = chunk.length - lineStart;
    if (this.#scanner.open) this.#held.add(chunk.subarray(from));
    if (this.#held.length > LONGEST_OBJECT) throw tooLong(this.#start);
  }

  end(): void {
    if (this.#scanner.open) this.#sink.text(this.#held.release(Buffer.alloc(0)), this.#start);
  }
}

/** Copies of the ends of chunks, until the text that they start is whole. */
class HeldBytes {
  #parts: Buffer[] = [];
  length = 0;

  add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#parts.push(Buffer.from(bytes));
    this.length += bytes.length;
  }

  /** All bytes held and `last`, as text; holds nothing afterwards. */
  release(last: Buffer): string {
    if (this.length === 0) return last.toString("utf8");
    const text = Buffer.concat([...this.#parts, last]).toString("utf8");
    this.#parts = [];
    this.length = 0;
    return text;
  }
}

function tooLong(start: Start): TextError {
  const detail = `object is longer than ${LONGEST_OBJECT / 1024 / 1024} MiB`;
  return new TextError("TOO_LARGE", start.line, start.column, detail);
}
