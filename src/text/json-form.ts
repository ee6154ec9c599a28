// JSON texts that differ in strings and numbers only, as the lines of a file mostly do. One is read by JSON.parse and
// remembered; the next ones are compared with it byte by byte, and only values that differ are read. That is twice as
// fast as JSON.parse, and needs no new objects: they would cost as much again.
import { isAscii } from "node:buffer";

/** Texts of values up to this many bytes are remembered, so that a value that comes again is not read again. */
const SEEN_BYTES = 32;
/** Levels of objects and lists in a text. */
const MAX_LEVELS = 32;
/** Integers of this many digits become texts: a number does not hold all of them. */
const LONG_DIGITS = 16;

const QUOTE = 0x22;
const ZERO = 0x30;

/** 1 for bytes that stand for themselves in a JSON string. */
const PLAIN = new Uint8Array(256).fill(1, 0x20, 0x7f);
PLAIN[QUOTE] = 0;
PLAIN[0x5c] = 0;

type Holder = Record<string | number, unknown>;

/** A string or a number whose text may be another one in the next text. */
interface Slot {
  /** Where its text is: a string without its quotes. */
  readonly from: number;
  readonly to: number;
  readonly isString: boolean;
  /** The object or list that it is in. */
  readonly holder: Holder;
  readonly key: string | number;
}

/** What is the same in some JSON texts, and the value of the one that was read last. */
export class JsonForm {
  /** Overwritten by the next `read`. Integers of 16 digits or more are texts of their digits. */
  readonly value: object;
  /** The text around the slots, without gaps, and how much of it stands before each slot. */
  readonly #fixed: Uint8Array;
  readonly #before: Int32Array;
  readonly #isString: Uint8Array;
  readonly #holders: readonly Holder[];
  readonly #keys: readonly (string | number)[];
  /** The text of each slot, SEEN_BYTES apart; its length is -1 when it is not remembered. */
  readonly #seen: Uint8Array;
  readonly #seenLength: Int32Array;

  private constructor(text: string, value: object, slots: readonly Slot[]) {
    this.value = value;
    const ends = [0, ...slots.map(({ to }) => to)];
    const pieces = ends.map((end, k) => text.slice(end, slots[k]?.from));
    this.#fixed = Buffer.from(pieces.join(""), "latin1");
    this.#before = Int32Array.from(slots, (_, k) => pieces[k]!.length);
    this.#isString = Uint8Array.from(slots, ({ isString }) => (isString ? 1 : 0));
    this.#holders = slots.map(({ holder }) => holder);
    this.#keys = slots.map(({ key }) => key);
    this.#seen = new Uint8Array(slots.length * SEEN_BYTES);
    this.#seenLength = new Int32Array(slots.length).fill(-1);
  }

  /** The form of the JSON object in b[from, to); undefined when it is none, or has escapes, or more than ASCII. */
  static of(b: Buffer, from: number, to: number): JsonForm | undefined {
    if (!isAscii(b.subarray(from, to))) return undefined;
    const text = b.toString("latin1", from, to);
    if (text.includes("\\")) return undefined;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return undefined;
    }
    const slots = typeof value === "object" && value !== null ? findSlots(text, value) : undefined;
    return slots === undefined ? undefined : new JsonForm(text, value as object, slots);
  }

  /**
   * Reads b[from, to), which is a whole line, into `value`. False when it is not of this form; `value` is then of no use.
   * @param text  the characters of b from `base` on, at least up to `to`
   */
  read(b: Uint8Array, from: number, to: number, text: string, base: number): boolean {
    const fixed = this.#fixed;
    const seen = this.#seen;
    let p = from;
    let f = 0;
    for (let k = 0; k < this.#before.length; k++) {
      for (const end = f + this.#before[k]!; f < end; ) if (b[p++] !== fixed[f++]) return false;
      const start = p;
      const first = k * SEEN_BYTES;
      const last = first + this.#seenLength[k]!;
      let s = first;
      while (s < last && b[p] === seen[s]) {
        s++;
        p++;
      }
      if (this.#isString[k] === 1) {
        if (s === last && b[p] === QUOTE) continue;
        while (PLAIN[b[p]!] === 1) p++;
        if (b[p] !== QUOTE) return false;
        this.#holders[k]![this.#keys[k]!] = text.substring(start - base, p - base);
      } else {
        if (s === last && !isDigit(b[p]!)) continue;
        while (isDigit(b[p]!)) p++;
        if (p === start || (b[start] === ZERO && p - start > 1)) return false;
        this.#holders[k]![this.#keys[k]!] =
          p - start < LONG_DIGITS ? numberIn(b, start, p) : text.substring(start - base, p - base);
      }
      if (p - start > SEEN_BYTES) {
        this.#seenLength[k] = -1;
        continue;
      }
      this.#seenLength[k] = p - start;
      for (let i = start, to = first; i < p; i++) seen[to++] = b[i]!;
    }
    while (f < fixed.length) if (b[p++] !== fixed[f++]) return false;
    return p === to;
  }
}

function isDigit(c: number): boolean {
  return c >= ZERO && c <= 0x39;
}

function numberIn(b: Uint8Array, from: number, to: number): number {
  let n = 0;
  for (let i = from; i < to; i++) n = n * 10 + (b[i]! - ZERO);
  return n;
}

/** The slots of a text without escapes, of which JSON.parse made `value`; undefined when a key comes twice. */
function findSlots(text: string, value: object): Slot[] | undefined {
  const slots: Slot[] = [];
  const end = findIn(text, skipBlanks(text, 0), { "": value }, "", slots, 0);
  return end === undefined ? undefined : slots;
}

/** Finds those of the value at `i`, which is holder[key]; where it ends. */
function findIn(
  text: string,
  i: number,
  holder: Holder,
  key: string | number,
  slots: Slot[],
  level: number,
): number | undefined {
  const c = text.charAt(i);
  if (c === "{" || c === "[") {
    if (level === MAX_LEVELS) return undefined;
    return findInside(text, i, holder[key] as Holder, c === "{", slots, level + 1);
  }
  if (c === '"') {
    const to = text.indexOf('"', i + 1);
    slots.push({ from: i + 1, to, isString: true, holder, key });
    return to + 1;
  }
  let to = i;
  while (!/[,\]}\s]/.test(text.charAt(to)) && to < text.length) to++;
  // Other numbers, true, false and null are as fixed as what is around them.
  const digits = text.slice(i, to);
  if (/^\d+$/.test(digits)) {
    slots.push({ from: i, to, isString: false, holder, key });
    if (digits.length >= LONG_DIGITS) holder[key] = digits;
  }
  return to;
}

/** Finds those of the elements of the object or list at `i`; where it ends. */
function findInside(
  text: string,
  i: number,
  value: Holder,
  isObject: boolean,
  slots: Slot[],
  level: number,
): number | undefined {
  const closer = isObject ? "}" : "]";
  let count = 0;
  let at = skipBlanks(text, i + 1);
  while (text.charAt(at) !== closer) {
    let key: string | number = count++;
    if (isObject) {
      const end = text.indexOf('"', at + 1);
      key = text.slice(at + 1, end);
      at = skipBlanks(text, skipBlanks(text, end + 1) + 1); // over the colon
    }
    const end = findIn(text, at, value, key, slots, level);
    if (end === undefined) return undefined;
    at = skipBlanks(text, end);
    if (text.charAt(at) === ",") at = skipBlanks(text, at + 1);
  }
  return Object.keys(value).length === count ? at + 1 : undefined;
}

function skipBlanks(text: string, i: number): number {
  let at = i;
  while (/[ \t\r\n]/.test(text.charAt(at))) at++;
  return at;
}
