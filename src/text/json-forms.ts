// Reads the lines of an input that are like earlier ones.
import { type FormReader, FormShelf } from "./form-shelf.js";
import { JsonForm } from "./json-form.js";

/** Longest line that is remembered, bytes. */
const LONGEST_LINE = 4096;
/** Lines are sorted by some bytes near their start, where the type of a message is. */
const SORT_FROM = 9;
const SORT_TO = 25;
/** Characters of a chunk that are made one string, of which the strings of values are parts. */
const TEXT_BYTES = 16 * 1024;

/** Reads lines of JSON that are like earlier ones. */
export class JsonForms implements FormReader<JsonForm> {
  readonly #shelf = new FormShelf<JsonForm>();
  #chunk: Buffer = Buffer.alloc(0);
  /** The characters of the chunk from `#base` on, some of them. */
  #text = "";
  #base = 0;
  /** The line. */
  #from = 0;
  #to = 0;

  /** Takes the bytes that the next lines are in. They must not change until the next call. */
  enter(chunk: Buffer): void {
    this.#chunk = chunk;
    this.#text = "";
  }

  /**
   * The object in the line [from, to) of the chunk, or undefined when it should be read in another way. Integers of 16 digits or
   * more are texts of their digits. The object is overwritten by the next call.
   */
  read(from: number, to: number): object | undefined {
    if (to - from > LONGEST_LINE) return undefined;
    this.#from = from;
    this.#to = to;
    return this.#shelf.read(this.#hash(), this);
  }

  fits(form: JsonForm): boolean {
    return form.read(this.#chunk, this.#from, this.#to, this.#textOf(this.#from, this.#to), this.#base);
  }

  make(): JsonForm | undefined {
    return JsonForm.of(this.#chunk, this.#from, this.#to);
  }

  #hash(): number {
    const end = Math.min(this.#from + SORT_TO, this.#to);
    let sum = 0;
    for (let i = this.#from + SORT_FROM; i < end; i++) sum = (Math.imul(sum, 31) + this.#chunk[i]!) | 0;
    return sum;
  }

  #textOf(from: number, to: number): string {
    if (this.#text === "" || to > this.#base + this.#text.length) {
      this.#base = from;
      this.#text = this.#chunk.toString("latin1", from, Math.min(this.#chunk.length, from + TEXT_BYTES));
    }
    return this.#text;
  }
}
