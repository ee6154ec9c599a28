// Text that is the same each time, stored eight bytes at a time: as doubles, since V8 keeps these in registers, and no other number
// of eight bytes. No eight characters of ASCII are a NaN, whose bits may change.
import type { Text } from "./slab.js";

/** Constant text of ASCII. */
export interface Constant {
  readonly text: string;
  /** The text in words of eight bytes, the last one padded with blanks. Made at the first use: a run uses few of all constants. */
  words: Float64Array | undefined;
}

/** Makes a constant of ASCII text. */
export function constant(text: string): Constant {
  return { text, words: undefined };
}

/** ASCII in words of eight bytes, the last one padded with blanks. @param last  where the last word starts at most, in bytes */
export function wordsOf(bytes: Buffer, last = bytes.length): Float64Array {
  const padded = Buffer.concat([bytes, Buffer.alloc(7, " ")]);
  const v = new DataView(padded.buffer, padded.byteOffset, padded.length);
  const words = new Float64Array(Math.ceil(bytes.length / 8));
  for (let i = 0; i < words.length; i++) words[i] = v.getFloat64(Math.min(8 * i, last), true);
  return words;
}

function makeWords(c: Constant): Float64Array {
  c.words = wordsOf(Buffer.from(c.text, "latin1"));
  return c.words;
}

/** Appends a constant. May store up to seven blanks behind it, which the next text overwrites. */
export function writeConstant(c: Constant, w: Text): void {
  const words = c.words ?? makeWords(c);
  const v = w.v;
  const p = w.p;
  for (let i = 0; i < words.length; i++) v.setFloat64(p + 8 * i, words[i]!, true);
  w.p = p + c.text.length;
}
