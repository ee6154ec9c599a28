// The forms of the lines of an input: of which a line may be, which are worth keeping, and whether it pays to try.
import { JsonForm } from "./json-form.js";

/** Longest line that is remembered, bytes. */
const LONGEST_LINE = 4096;
/** Lines are sorted by some bytes near their start, where the type of a message is. */
const SORT_FROM = 9;
const SORT_TO = 25;
const SORTS = 64;
/** Forms of one sort. */
const MOST_FORMS = 4;
/** Characters of a chunk that are made one string, of which the strings of values are parts. */
const TEXT_BYTES = 16 * 1024;

// Remembering a line costs as much as reading some lines. So it has a price, which lines that are of a known form earn.
const PRICE = 16;
const MOST_CREDIT = 8 * PRICE;
/** Lines of a sort that are not even tried after many lines of no known form. */
const REST = 256;

/** Lines whose bytes from SORT_FROM on are alike. */
interface Sort {
  /** The one that fitted last is the first. */
  readonly forms: JsonForm[];
  credit: number;
  /** Lines that are not tried. */
  rest: number;
}

/** Reads lines of JSON that are like earlier ones. */
export class JsonForms {
  readonly #sorts: Sort[] = Array.from({ length: SORTS }, () => ({
    forms: [],
    credit: MOST_CREDIT,
    rest: 0,
  }));
  #chunk: Buffer = Buffer.alloc(0);
  /** The characters of the chunk from `#base` on, some of them. */
  #text = "";
  #base = 0;

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
    const sort = this.#sortOf(from, to);
    if (sort.rest > 0) {
      sort.rest--;
      if (sort.rest === 0) sort.credit = MOST_CREDIT;
      return undefined;
    }
    if (to - from > LONGEST_LINE) return undefined;
    const { forms } = sort;
    for (let k = 0; k < forms.length; k++) {
      const form = forms[k]!;
      if (!form.read(this.#chunk, from, to, this.#textOf(from, to), this.#base)) continue;
      forms[k] = forms[0]!;
      forms[0] = form;
      if (sort.credit < MOST_CREDIT) sort.credit++;
      return form.value;
    }
    return this.#remember(sort, from, to);
  }

  #remember(sort: Sort, from: number, to: number): object | undefined {
    if (sort.credit < PRICE) {
      sort.credit--;
      if (sort.credit <= 0) sort.rest = REST;
      return undefined;
    }
    sort.credit -= PRICE;
    const form = JsonForm.of(this.#chunk, from, to);
    if (form === undefined) return undefined;
    if (sort.forms.length === MOST_FORMS) sort.forms.pop();
    sort.forms.unshift(form);
    return form.value;
  }

  #sortOf(from: number, to: number): Sort {
    const end = Math.min(from + SORT_TO, to);
    let sum = 0;
    for (let i = from + SORT_FROM; i < end; i++) sum = (Math.imul(sum, 31) + this.#chunk[i]!) | 0;
    return this.#sorts[(sum ^ (sum >>> 12)) & (SORTS - 1)]!;
  }

  #textOf(from: number, to: number): string {
    if (this.#text === "" || to > this.#base + this.#text.length) {
      this.#base = from;
      this.#text = this.#chunk.toString("latin1", from, Math.min(this.#chunk.length, from + TEXT_BYTES));
    }
    return this.#text;
  }
}
