/** The values that Open vSwitch prints of a message, beside those that ours says. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { Difference } from "../../conformance/differences.js";

interface Row {
  readonly types: readonly string[];
  /** Wire versions; all when absent. */
  readonly versions?: readonly number[];
  /** Keys by the word before their value. */
  readonly words: Readonly<Record<string, readonly string[]>>;
}

const rows = parse(readFileSync(join(import.meta.dirname, "ovs-words.yaml"), "utf8")) as readonly Row[];

/** What ours says in another way than Open vSwitch, by ovs-words.yaml. */
export function wordDifferences(text: string, type: string, version: number, msg: unknown): Difference[] {
  const chosen = rows.filter(
    ({ types, versions }) => types.includes(type) && (versions?.includes(version) ?? true),
  );
  // Actions have such words, too.
  const own = text.replace(/ actions=.*/g, "");
  return chosen.flatMap(({ words }) =>
    Object.entries(words).flatMap(([word, keys]) => {
      const theirs = valuesAfter(own, word);
      const ours = valuesOf(msg, keys).map(form);
      const isSame =
        theirs.length !== ours.length || theirs.every((value, i) => isLike(value, ours[i] ?? ""));
      return isSame ? [] : [{ path: `word ${word}`, want: theirs.join(" "), got: ours.join(" ") }];
    }),
  );
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

/** The values of some keys, wherever they stand, in the order of the text. */
function valuesOf(value: unknown, keys: readonly string[]): (string | number | bigint)[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === "object" || !keys.includes(key) ? valuesOf(inner, keys) : [inner as string],
  );
}

/** A number in one form, whether it is told in decimal or hexadecimal digits; other texts in small letters. */
function form(value: string | number | bigint): string {
  const text = String(value);
  return /^(\d+|0x[0-9a-f]+)$/i.test(text) ? BigInt(text).toString() : text.toLowerCase();
}
