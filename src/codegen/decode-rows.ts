// Where the rows of a body are: constant distances from a base as long as sizes are fixed, a local per variable row after
// that. Lengths are checked once per run of fixed rows.
import { fixedBytes, leastBytes, type Row, type Union } from "../schema/index.js";
import { type EarlierWords, emitExtent, emitFieldExtent } from "./decode-extents.js";
import { throwShort, throwWrong } from "./decode-lengths.js";
import { type DecodeTarget, nativeDecoder, readSource, type Source, WIRE } from "./decode-target.js";
import type { TlvsRow } from "./hoisted.js";
import { elementBytes, plus } from "./layout.js";
import { nativeName } from "./naming.js";

type SetRow = Extract<Row, { kind: "set" }>;
type AlignRow = Extract<Row, { kind: "align" }>;

/** A property list and the source of its first offset; it ends where the body ends. */
export interface TlvsPlace {
  readonly row: TlvsRow;
  readonly at: string;
  readonly union: Union;
}

/** What a body has on the wire, by key. */
export interface RowPlaces {
  readonly sources: ReadonlyMap<string, Source>;
  /** Constants of this version that are not on the wire. */
  readonly sets: ReadonlyMap<string, SetRow>;
  /** Sources of wire variables by name. */
  readonly variables: ReadonlyMap<string, string>;
  /** The part whose keys stand among the keys of the body. */
  readonly inline: Source | undefined;
  readonly tlvs: TlvsPlace | undefined;
  /** True when a hand-written function prints the body, so that no key is left to print. */
  readonly native: boolean;
}

/** The places while they are being found. */
interface FoundPlaces extends EarlierWords {
  readonly sources: Map<string, Source>;
  readonly sets: Map<string, SetRow>;
  readonly variables: Map<string, string>;
  readonly lengths: Map<string, string>;
  inline: Source | undefined;
  tlvs: TlvsPlace | undefined;
  native: boolean;
}

/** Emits the checks of lengths and the locals that the rows need; returns where everything is. */
export function layOutRows(t: DecodeTarget): RowPlaces {
  const { model } = t.g;
  const rows = t.unit.rows[t.version] ?? [];
  const sizes = rows.map((row) => fixedBytes(model, t.unit, row, t.version));
  const least = rows.map((row) => leastBytes(model, t.unit, row, t.version));
  const found: FoundPlaces = {
    sources: new Map(),
    sets: new Map(),
    variables: new Map(),
    lengths: new Map(),
    inline: undefined,
    tlvs: undefined,
    native: false,
  };
  let base = "o";
  let offset = t.unit.headerBytes(t.version);
  const allFixed = !sizes.includes(undefined);
  if (allFixed) {
    const size = least.reduce((sum, n) => sum + n, offset);
    t.out.add(`if (end - o !== ${size}) ${throwWrong(t, "wrongSize", "", "o", "end", String(size))}`);
  }
  let checked = allFixed;
  rows.forEach((row, i) => {
    if (!checked) {
      // All bytes that are sure to follow the base, also those behind later rows of varying size.
      const need = least.slice(i).reduce((sum, n) => sum + n, offset);
      if (need > 0) t.out.add(`if (end - ${base} < ${need}) ${throwShort(t, base, need)}`);
      checked = true;
    }
    const at = plus(base, offset);
    const size = sizes[i];
    if (size === undefined) {
      base = placeVariable(t, found, row, at, i);
      offset = 0;
      checked = false;
      // A list that follows takes what is left, be it less than nothing.
      if (row.kind === "align" && i < rows.length - 1) {
        t.out.add(`if (${base} > end) ${throwWrong(t, "wrongEnd", "", base, "end")}`);
      }
    } else {
      placeFixed(t, found, row, at, plus(base, offset + size));
      offset += size;
    }
  });
  const last = plus(base, offset);
  if (!allFixed && base !== "end")
    t.out.add(`if (${last} !== end) ${throwWrong(t, "wrongEnd", "", last, "end")}`);
  return found;
}

function placeFixed(t: DecodeTarget, found: FoundPlaces, row: Row, at: string, end: string): void {
  switch (row.kind) {
    case "set":
      found.sets.set(row.name, row);
      break;
    case "variable":
      found.variables.set(row.name, readSource(t, row.bytes, at));
      break;
    case "length":
      if (row.of !== undefined) found.lengths.set(row.of, lengthSource(t, row, row.of, at));
      break;
    case "inline":
      found.inline = { width: { kind: "struct" }, at, end, when: undefined, residue: undefined };
      break;
    case "field":
      found.sources.set(row.name, { width: row.width, at, end, when: undefined, residue: row.residue });
      if (row.width.kind === "int" && isCondition(t, row.name))
        found.variables.set(row.name, readSource(t, row.width.bytes, at));
      break;
    default:
      break;
  }
}

/** Whether the bits of a key tell if a later row is there. */
function isCondition(t: DecodeTarget, name: string): boolean {
  const rows = t.unit.rows[t.version] ?? [];
  return rows.some((row) => row.kind === "field" && row.when?.kind === "bits" && row.when.variable === name);
}

/** Source of the bytes of the row that a length word counts, in bytes or in elements. */
function lengthSource(
  t: DecodeTarget,
  row: Extract<Row, { kind: "length" }>,
  of: string,
  at: string,
): string {
  const read = readSource(t, row.bytes, at);
  return row.elements ? `${read} * ${elementBytes(t.unit.rows[t.version] ?? [], of)}` : read;
}

/** Emits what finds the end of a row of varying size; returns the source of that end. */
function placeVariable(t: DecodeTarget, found: FoundPlaces, row: Row, at: string, index: number): string {
  switch (row.kind) {
    case "align":
      return emitAlign(t, row, at, `aligned${index}`);
    case "native": {
      const name = t.module.use(`decode${nativeName(row.fn)}`, nativeDecoder(row.fn));
      t.out.add(`${name}(b, ${at}, end, w);`);
      found.native = true;
      return "end";
    }
    case "tlvs":
      found.tlvs = { row, at, union: t.g.union(row.union) };
      return "end";
    case "inline": {
      const end = emitExtent(t, row, at);
      found.inline = { width: { kind: row.width }, at, end, when: undefined, residue: undefined };
      return end;
    }
    case "field": {
      const end = emitFieldExtent(t, row, at, found);
      const when = row.when ? `${at} !== ${end}` : undefined;
      const optional = row.when?.kind === "more";
      found.sources.set(row.name, { width: row.width, at, end, when, optional, residue: row.residue });
      return end;
    }
    default:
      throw new Error(`${row.kind} has no varying size`);
  }
}

/** Padding up to a multiple of bytes, counted from the start of the body. */
function emitAlign(t: DecodeTarget, row: AlignRow, at: string, local: string): string {
  const to =
    row.n === 8
      ? `o + ${t.module.use("align8", WIRE)}(${at} - o)`
      : `o + Math.ceil((${at} - o) / ${row.n}) * ${row.n}`;
  t.out.add(`const ${local} = ${row.ifMore ? `${at} === end ? end : ` : ""}${to};`);
  return local;
}
