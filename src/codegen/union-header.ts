// The header that all elements of a union start with.
import type { Union } from "../schema/index.js";

/** Where the header of a union's elements has its words, in bytes. */
export interface UnionHeader {
  readonly size: number;
  readonly typeAt: number;
  readonly typeBytes: 1 | 2 | 3 | 4;
  readonly lengthAt: number;
  readonly lengthBytes: 1 | 2 | 3 | 4;
}

/** Adds up the words of a union's header. Throws Error for a header without type or length. */
export function unionHeader(union: Union): UnionHeader {
  let size = 0;
  const words = new Map<string, { at: number; bytes: 1 | 2 | 3 | 4 }>();
  for (const word of union.header) {
    words.set(word.word, { at: size, bytes: word.bytes });
    size += word.bytes;
  }
  const type = words.get("type");
  const length = words.get("length");
  if (type === undefined || length === undefined) throw new Error(`${union.name} needs type and length`);
  return { size, typeAt: type.at, typeBytes: type.bytes, lengthAt: length.at, lengthBytes: length.bytes };
}
