// Text that is the same each time, stored four bytes at a time.
import type { Text } from "./slab.js";

/** Constant text of ASCII. */
export interface Constant {
  readonly text: string;
  /** The text as big-endian words, the last one padded with blanks. Made at the first use: a run uses few of all constants. */
  words: Int32Array | undefined;
}

/** Makes a constant of ASCII text. */
export function constant(text: string): Constant {
  return { text, words: undefined };
}

function makeWords(c: Constant): Int32Array {
  const bytes = Buffer.from(c.text.padEnd(Math.ceil(c.text.length / 4) * 4), "latin1");
  const words = new Int32Array(bytes.length / 4);
  for (let i = 0; i < words.length; i++) words[i] = bytes.readInt32BE(4 * i);
  c.words = words;
  return words;
}

/** Appends a constant. May store up to three blanks behind it, which the next text overwrites. */
export function writeConstant(c: Constant, w: Text): void {
  const words = c.words ?? makeWords(c);
  const v = w.v;
  const p = w.p;
  for (let i = 0; i < words.length; i++) v.setInt32(p + 4 * i, words[i]!);
  w.p = p + c.text.length;
}
