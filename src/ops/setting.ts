// What a setting is: a value of the daemon that has a name, and comes as text from the command line, from the
// environment or from a file. The readers here make typed values of the texts.
import { didYouMeanOneOf, OftrError } from "../base/index.js";

/** A text that a setting cannot be. The message does not name the setting: who knows where the text stood does. */
export class ValueError extends OftrError<"VALUE"> {
  override readonly name = "ValueError";

  constructor(detail: string) {
    super("VALUE", detail);
  }
}

/** A setting whose value is a `T`. */
export interface Setting<T> {
  /** `flag`: stands alone or is 0 or 1; `one`: has a value; `many`: may be given more than once. */
  readonly form: "flag" | "one" | "many";
  /** Placeholder of the value in help texts; "" for flags. */
  readonly value: string;
  /** What the value is, or begins with: all that it can be. */
  readonly words?: readonly string[];
  /** What it does: one line, for help and reference. */
  readonly doc: string;
  /** What it is where it is not given, for people; "" when that is nothing. */
  readonly absent: string;
  /** What `--name` without a value stands for. */
  readonly bare?: string;
  /** Not shown by `--help`. */
  readonly hidden?: true;
  /** Has no place in a file. */
  readonly outsideOnly?: true;
  /** A change of its value takes effect at SIGHUP. */
  readonly live?: true;
  /** Names of several kinds: each source adds to the weaker ones, and does not replace them. */
  readonly adds?: true;
  /** Makes the value of the texts that were given, none or more. Throws ElementError or ValueError. */
  read(texts: readonly string[]): T;
}

/** What setting constructors take besides their reader. */
export type SettingFacts = Omit<Setting<unknown>, "form" | "read" | "value" | "absent"> & {
  readonly value?: string;
  readonly absent?: string;
};

/** A ValueError of one of the texts of a setting that may be given more than once. */
export class ElementError extends ValueError {
  /** Which of them, from 0. */
  readonly index: number;

  constructor(index: number, detail: string) {
    super(detail);
    this.index = index;
  }
}

/** A setting that is on or off; off unless given. */
export function flag(facts: SettingFacts): Setting<boolean> {
  return one({ absent: "off", ...facts, value: "" }, "flag", false, readFlag);
}

/** Any text that is not empty; undefined where it is not given. */
export function text(facts: SettingFacts): Setting<string | undefined>;
/** A text that `read` understands; undefined where it is not given. */
export function text<T>(facts: SettingFacts, read: (text: string) => T): Setting<T | undefined>;
export function text<T>(facts: SettingFacts, read?: (text: string) => T): Setting<T | string | undefined> {
  return one<T | string | undefined>(facts, "one", undefined, (given) =>
    given === "" ? undefined : (read ?? String)(given),
  );
}

/** A whole number up to 2^32-1, decimal or `0x` hexadecimal; undefined where it is not given. */
export function number(facts: SettingFacts): Setting<number | undefined> {
  return one<number | undefined>(facts, "one", undefined, readNumber);
}

/** One of some words; undefined where it is not given. */
export function choice<const W extends string>(
  facts: SettingFacts,
  words: readonly W[],
): Setting<W | undefined> {
  const read = (given: string): W => readWord(given, words);
  return one<W | undefined>({ value: words.join("|"), words, ...facts }, "one", undefined, read);
}

/** A list, one element for each time it is given. */
export function many<T>(facts: SettingFacts, read: (text: string) => T): Setting<readonly T[]> {
  const readAll = (texts: readonly string[]): T[] =>
    texts.map((given, i) => {
      try {
        return read(given);
      } catch (error) {
        throw error instanceof OftrError ? new ElementError(i, error.message) : error;
      }
    });
  return { value: "", absent: "", ...facts, form: "many", read: readAll };
}

/** Reads one of `words`. Throws ValueError. */
export function readWord<const W extends string>(given: string, words: readonly W[]): W {
  const word = words.find((candidate) => candidate === given);
  if (word !== undefined) return word;
  throw new ValueError(`Cannot find option named '${given}'!${didYouMeanOneOf(given, words)}`);
}

function one<T>(
  facts: SettingFacts,
  form: "flag" | "one",
  fallback: T,
  read: (text: string) => T,
): Setting<T> {
  const readLast = (texts: readonly string[]): T => {
    const last = texts.at(-1);
    return last === undefined ? fallback : read(last);
  };
  return { value: "TEXT", absent: "", ...facts, form, read: readLast };
}

function readFlag(given: string): boolean {
  if (/^(1|true)$/i.test(given)) return true;
  if (/^(0|false)$/i.test(given)) return false;
  throw new ValueError(`'${given}' is invalid value for boolean argument! Try 0 or 1`);
}

function readNumber(given: string): number {
  const value = /^(\d+|0[xX][0-9a-fA-F]+)$/.test(given) ? Number(given) : Number.NaN;
  if (value <= 0xffffffff) return value;
  throw new ValueError(`'${given}' value invalid for uint argument!`);
}
