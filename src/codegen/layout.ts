// Source text about layouts: how a generated function reads a number, and how it finds the end of a struct or the payload of a TLV.
import {
  lengthWord,
  type Row,
  type Struct,
  type TlvTable,
  tlvBytes,
  tlvWidth,
  type Width,
} from "../schema/index.js";
import type { Generation } from "./context.js";

/** How generated code counts the bytes of a struct: by its own length word, or by that of the field that ends it. */
export interface StructLength {
  /** Source of the length of the struct at `at`. */
  source(at: string): string;
  /** Distance of the word that tells. */
  readonly offset: number;
}

/** The length of a struct whose bytes tell it; undefined for others. */
export function structLength(g: Generation, struct: Struct, version: number): StructLength | undefined {
  const word = lengthWord(g.model, struct, version);
  if (word === undefined) return undefined;
  const { offset, bytes, before, padded } = word;
  return {
    offset,
    source: (at) => {
      const length = readInt(bytes, plus(at, offset));
      const all = before === 0 ? length : `${before} + ${length}`;
      return padded ? `align8(${all})` : all;
    },
  };
}

/** Source that reads an unsigned number. */
export function readInt(bytes: 1 | 2 | 3 | 4 | 8, at: string, shift = 0): string {
  const read = bytes === 1 ? `b[${at}]!` : `u${bytes * 8}(b, ${at})`;
  return shift === 0 ? read : `(${read} >>> ${shift})`;
}

/** Bytes of one element of the list of plain numbers that a row has. Throws Error where it has none. */
export function elementBytes(rows: readonly Row[], name: string): number {
  const row = rows.find((one) => one.kind === "field" && one.name === name);
  if (row?.kind !== "field" || row.width.kind !== "list" || row.width.item === 0)
    throw new Error(`${name} is no list of plain numbers`);
  return row.width.item;
}

/** `base + n`, shorter where n is 0. */
export function plus(base: string, n: number): string {
  return n === 0 ? base : `${base} + ${n}`;
}

/** The bytes of a TLV's value as its table says, for a known width. */
export function tlvPayload(
  g: Generation,
  c: TlvTable["cases"][number],
): { size: number; width: Width } | undefined {
  const width = tlvWidth(g.model, c);
  const size = tlvBytes(g.model, c);
  return width === undefined || size === undefined ? undefined : { size, width };
}
