// YAML documents that differ in scalars only, as those of a file mostly do. One is read as any other and remembered; the next ones are
// compared with it, and only scalars that differ are read.
import { parseYamlQuick, type YamlSlot } from "./yaml-quick.js";

/** Documents of other characters are read as any other. */
const PLAIN_TEXT = /^[\x20-\x7e\n]*$/;

const NEWLINE = 0x0a;
const APOSTROPHE = 0x27;

/** What may be in a scalar without quotes that is nothing else, whatever stands before it; and what it may start with. */
const MAY_BE_IN = tableOf("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_./+()-");
const MAY_START = tableOf("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_/+(");

/** What is the same in some YAML documents, and the value of the one that was read last. */
export class YamlForm {
  /** Overwritten by the next `read`. */
  readonly value: object;
  /** What stands before each slot, and behind the last one. */
  readonly #pieces: readonly string[];
  readonly #slots: readonly YamlSlot[];
  /** The texts of the slots. */
  readonly #seen: string[];

  private constructor(text: string, value: object, slots: readonly YamlSlot[]) {
    this.value = value;
    const ends = [0, ...slots.map(({ to }) => to)];
    this.#pieces = ends.map((end, k) => text.slice(end, slots[k]?.from));
    this.#slots = slots;
    this.#seen = slots.map(({ from, to }) => text.slice(from, to));
  }

  /** The form of a document; undefined when it is no mapping, or not plain enough. */
  static of(text: string): YamlForm | undefined {
    if (!PLAIN_TEXT.test(text)) return undefined;
    const slots: YamlSlot[] = [];
    const value = parseYamlQuick(text, undefined, slots)?.value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    return new YamlForm(
      text,
      value,
      slots.filter((slot) => endOf(text, slot.from, slot.quoted) === slot.to),
    );
  }

  /** Reads a whole document into `value`. False when it is not of this form; `value` is then of no use. */
  read(text: string): boolean {
    const pieces = this.#pieces;
    const seen = this.#seen;
    const slots = this.#slots;
    let p = 0;
    for (let k = 0; k < slots.length; k++) {
      const piece = pieces[k]!;
      if (!text.startsWith(piece, p)) return false;
      p += piece.length;
      const before = seen[k]!;
      const { quoted, holder, key } = slots[k]!;
      if (
        text.startsWith(before, p) &&
        text.charCodeAt(p + before.length) === (quoted ? APOSTROPHE : NEWLINE)
      ) {
        p += before.length;
        continue;
      }
      const end = endOf(text, p, quoted);
      if (end < 0) return false;
      const scalar = text.slice(p, end);
      holder[key] = scalar;
      seen[k] = scalar;
      p = end;
    }
    const last = pieces[slots.length]!;
    return text.length === p + last.length && text.endsWith(last);
  }
}

/** Where the scalar at `from` ends, at its apostrophe if it is quoted; -1 when it may be something else. */
function endOf(text: string, from: number, quoted: boolean): number {
  let end = from;
  if (quoted) {
    for (let c = text.charCodeAt(end); c !== APOSTROPHE; c = text.charCodeAt(++end))
      if (!(c >= 0x20 && c < 0x7f)) return -1;
    return text.charCodeAt(end + 1) === NEWLINE ? end : -1;
  }
  if (MAY_START[text.charCodeAt(end)] !== 1) return -1;
  while (MAY_BE_IN[text.charCodeAt(end)] === 1) end++;
  return text.charCodeAt(end) === NEWLINE ? end : -1;
}

function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(128);
  for (const c of Buffer.from(characters)) table[c] = 1;
  return table;
}
