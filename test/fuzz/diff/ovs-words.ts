/** The values that Open vSwitch prints of a message, beside those that ours says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Difference } from "../../conformance/differences.js";

interface Row {
  readonly types: readonly string[];
  /** Wire versions; all when absent. */
  readonly versions?: readonly number[];
  /** Values that are not printed, or not always; all others are. */
  readonly silent?: readonly (string | number)[];
  /** Only what is in actions; only what is not when absent. */
  readonly part?: "actions";
  /** Keys by the word before their value. */
  readonly words: Readonly<Record<string, readonly string[]>>;
}

const rows = parse(readFileSync(join(import.meta.dirname, "ovs-words.yaml"), "utf8")) as readonly Row[];

/** What ours says in another way than Open vSwitch, by ovs-words.yaml. */
export function wordDifferences(text: string, type: string, version: number, msg: unknown): Difference[] {
  const chosen = rows.filter(
    ({ types, versions }) => types.includes(type) && (versions?.includes(version) ?? true),
  );
  return chosen.flatMap(({ words, silent, part }) => {
    // Actions have words of other rows, too.
    const own = part === "actions" ? text : text.replace(/ actions=.*/g, "");
    const values = part === "actions" ? actionsIn(msg) : msg;
    const isTold = (value: string): boolean => !silent?.map(form).includes(value);
    return Object.entries(words).flatMap(([word, keys]) => {
      const theirs = valuesAfter(own, word).filter(isTold);
      const said = valuesOf(values, keys).filter((value) => part === undefined || typeof value === "number");
      const ours = said.map(form).filter(isTold);
      const isSame =
        theirs.length === ours.length
          ? theirs.every((value, i) => isLike(value, ours[i] ?? ""))
          : silent === undefined;
      return isSame ? [] : [{ path: `word ${word}`, want: theirs.join(" "), got: ours.join(" ") }];
    });
  });
}

/** All lists of actions, wherever they stand. Whatever the order of instructions, Open vSwitch prints WRITE_ACTIONS last. */
function actionsIn(value: unknown): readonly unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) {
    const [written, others] = [value.filter(isWriting), value.filter((one) => !isWriting(one))];
    return [...others, ...written].flatMap(actionsIn);
  }
  return Object.entries(value).flatMap(([key, inner]) => (key === "actions" ? [inner] : actionsIn(inner)));
}

function isWriting(value: unknown): boolean {
  return (value as { instruction?: unknown } | null)?.instruction === "WRITE_ACTIONS";
}

/**
 * Whether two values are the same. A reserved port may be told by its 16 bits of OpenFlow 1.0; of a name beside a number nobody
 * knows.
 */
function isLike(theirs: string, ours: string): boolean {
  const [a, b] = [theirs, ours].map((text) => (/^\d+$/.test(text) ? Number(text) : undefined));
  if (a === undefined || b === undefined) return a !== b || theirs === ours;
  return theirs === ours || (a >= 0xff00 && a === b - 0xffff0000);
}

/** What stands behind a word, each time that it comes. */
function valuesAfter(text: string, word: string): string[] {
  const pattern = new RegExp(
    `(?<![\\w])${word}("[^"]*"|[\\w.:-]+?)(?=[:.]?(?:[\\s,;)/]|actions|$)|s\\s)`,
    "g",
  );
  return Array.from(text.matchAll(pattern), ([, value = ""]) => form(value.replaceAll('"', "")));
}

/** The values of some keys, wherever they stand but in actions, in the order of the text. */
function valuesOf(value: unknown, keys: readonly string[]): (string | number | bigint)[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === "actions") return [];
    return typeof inner === "object" || !keys.includes(key) ? valuesOf(inner, keys) : [inner as string];
  });
}

/** A number in one form, whether it is told in decimal or hexadecimal digits; other texts in small letters. */
function form(value: string | number | bigint): string {
  const text = String(value);
  return /^(\d+|0x[0-9a-f]+)$/i.test(text) ? BigInt(text).toString() : text.toLowerCase();
}
