/** Cuts lines into words: `key`, `key=value`, `key:value`, `key(value)` and `key(value)->place`, with commas or blanks between. */
import { FlowError } from "./flow-error.js";

/** A part of a line. */
export interface Piece {
  readonly text: string;
  /** Units before it in the line. */
  readonly at: number;
}

/** One word of a line. */
export interface Word {
  readonly key: string;
  /** Where the key stands. */
  readonly at: number;
  /** What is between key and value; "" where there is no value. */
  readonly mark: "" | "=" | ":" | "(";
  /** Without its brackets; empty where there is none. */
  readonly value: Piece;
  /** What `->` behind the brackets points to. */
  readonly place: Piece | undefined;
}

const BLANKS = " \t\r\n";
const BETWEEN = `,${BLANKS}`;
const KEY_ENDS = `:=(${BETWEEN}`;

/** Takes one word after the other. */
export class Words {
  readonly #piece: Piece;
  #p = 0;

  constructor(piece: Piece) {
    this.#piece = piece;
  }

  /** The next word; undefined at the end. Throws FlowError for brackets that do not match. */
  next(): Word | undefined {
    const { text } = this.#piece;
    while (this.#p < text.length && BETWEEN.includes(text[this.#p]!)) this.#p++;
    if (this.#p === text.length) return undefined;
    const start = this.#p;
    while (this.#p < text.length && !KEY_ENDS.includes(text[this.#p]!)) this.#p++;
    const key = text.slice(start, this.#p);
    const at = this.#piece.at + start;
    const mark = text[this.#p];
    if (mark !== "=" && mark !== ":" && mark !== "(")
      return { key, at, mark: "", value: this.#cut(this.#p, this.#p), place: undefined };
    this.#p++;
    if (mark === "(") return { key, at, mark, ...this.#inBrackets() };
    const from = this.#p;
    this.#p = this.#endOfValue(from);
    return { key, at, mark, value: this.#cut(from, this.#p), place: undefined };
  }

  /** All that has not been taken. */
  rest(): Piece {
    return this.#cut(this.#p, this.#piece.text.length);
  }

  #inBrackets(): Pick<Word, "value" | "place"> {
    const { text } = this.#piece;
    const from = this.#p;
    const end = this.#closing(from);
    this.#p = end + 1;
    const value = this.#cut(from, end);
    if (text.startsWith("->", this.#p)) {
      const start = this.#p + 2;
      this.#p = this.#endOfValue(start);
      return { value, place: this.#cut(start, this.#p) };
    }
    const follows = text[this.#p];
    if (follows !== undefined && !BETWEEN.includes(follows))
      throw new FlowError("SYNTAX", this.#piece.at + this.#p, `found "${follows}" after ")", expected ","`);
    return { value, place: undefined };
  }

  /** Where a value that is not in brackets ends. Brackets within it hide commas. */
  #endOfValue(from: number): number {
    const { text } = this.#piece;
    let p = from;
    while (p < text.length && !BETWEEN.includes(text[p]!)) {
      if (text[p] === "(") p = this.#closing(p + 1);
      p++;
    }
    return p;
  }

  /** The place of the bracket that closes what begins at `from`. */
  #closing(from: number): number {
    const { text, at } = this.#piece;
    let depth = 1;
    for (let p = from; p < text.length; p++) {
      if (text[p] === "(") depth++;
      else if (text[p] === ")" && --depth === 0) return p;
    }
    throw new FlowError("SYNTAX", at + from - 1, `"(" without ")"`);
  }

  #cut(from: number, to: number): Piece {
    return { text: this.#piece.text.slice(from, to), at: this.#piece.at + from };
  }
}

/** All words of a piece. Throws FlowError. */
export function wordsOf(piece: Piece): Word[] {
  const words = new Words(piece);
  const all: Word[] = [];
  for (let word = words.next(); word !== undefined; word = words.next()) all.push(word);
  return all;
}

/** The parts of a piece between characters of `separators`, without empty ones. */
export function partsOf(piece: Piece, separators: string): Piece[] {
  const parts: Piece[] = [];
  let start = 0;
  for (let p = 0; p <= piece.text.length; p++) {
    if (p < piece.text.length && !separators.includes(piece.text[p]!)) continue;
    if (p > start) parts.push({ text: piece.text.slice(start, p), at: piece.at + start });
    start = p + 1;
  }
  return parts;
}

/** A piece in two at the first `separator`; undefined where there is none. */
export function splitAt(piece: Piece, separator: string): readonly [Piece, Piece] | undefined {
  const p = piece.text.indexOf(separator);
  if (p < 0) return undefined;
  const after = p + separator.length;
  return [
    { text: piece.text.slice(0, p), at: piece.at },
    { text: piece.text.slice(after), at: piece.at + after },
  ];
}
