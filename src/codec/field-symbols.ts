// Words that people write for the value and mask of a field: `+trk+est-new`, `syn|ack`, `first`.
import { EncodeError } from "../base/index.js";
import { notA, show } from "./encode-support.js";

/** What a field may be written as besides numbers. */
export interface FieldSymbols {
  /** Name of the type, for errors. */
  readonly type: string;
  /** Bits by name. */
  readonly signs: Readonly<Record<string, number>>;
  /** Value and mask by word. */
  readonly words: Readonly<Record<string, readonly [value: number, mask: number]>>;
  /** All bits that the field has: a mask of all of them is none. */
  readonly all: number;
}

const SIGNED = /[+-][^+-]*/g;

/**
 * Reads the value and the mask of a field: `+a-b` is a set and b not, under a mask of both; `a|b` is a number, that of
 * these bits; a word stands for its value and mask. Anything else is returned as it is. Throws EncodeError.
 */
export function readSymbols(
  symbols: FieldSymbols,
  value: unknown,
  mask: unknown,
): { readonly value: unknown; readonly mask: unknown } {
  const own = typeof value === "string" ? ownMask(symbols, value) : undefined;
  if (own === undefined)
    return { value: bitsOf(symbols, value, "value"), mask: bitsOf(symbols, mask, "mask") };
  if (mask !== undefined)
    throw new EncodeError("mask", `the value has a mask of its own: ${show(value)}`, { found: mask });
  return { value: own.value, mask: own.mask === symbols.all ? undefined : own.mask };
}

/** A value that says its mask, too; undefined for others. */
function ownMask(symbols: FieldSymbols, text: string): { value: number; mask: number } | undefined {
  if (Object.hasOwn(symbols.words, text)) {
    const [value = 0, mask = 0] = symbols.words[text] ?? [];
    return { value, mask };
  }
  if (!/^[+-]/.test(text) || Object.keys(symbols.signs).length === 0) return undefined;
  let value = 0;
  let mask = 0;
  for (const [part] of text.matchAll(SIGNED)) {
    const bit = bitOf(symbols, part.slice(1), text, "value");
    if ((mask & bit) !== 0)
      throw new EncodeError("value", `${show(text)} has ${part.slice(1)} twice`, { found: text });
    mask |= bit;
    if (part.startsWith("+")) value |= bit;
  }
  return { value: value >>> 0, mask: mask >>> 0 };
}

/** The number of `a|b`; digits and what is no text stay what they are. */
function bitsOf(symbols: FieldSymbols, value: unknown, key: string): unknown {
  if (typeof value !== "string" || /^\d/.test(value) || value === "") return value;
  if (Object.keys(symbols.signs).length === 0) throw notA(symbols.type, value, key, namesOf(symbols));
  let bits = 0;
  for (const name of value.split("|")) bits |= bitOf(symbols, name, value, key);
  return bits >>> 0;
}

function bitOf(symbols: FieldSymbols, name: string, text: string, key: string): number {
  const bit = Object.hasOwn(symbols.signs, name) ? symbols.signs[name] : undefined;
  if (bit !== undefined) return bit;
  if (name === text) throw notA(symbols.type, text, key, namesOf(symbols));
  const problem = notA(symbols.type, name, key, namesOf(symbols));
  throw new EncodeError(key, `${show(text)}: ${problem.detail}`, { found: text, expected: symbols.type });
}

function namesOf({ signs, words }: FieldSymbols): string[] {
  return [...Object.keys(words), ...Object.keys(signs)];
}
