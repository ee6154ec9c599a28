// How many bytes rows take: all of them, where that is always the same, and the least.
import {
  type Model,
  type Row,
  type Struct,
  type TlvCase,
  type TypeRef,
  type Union,
  type UnionCase,
  WIRE_VERSIONS,
  type Width,
} from "./model.js";
import { LIST_ROW } from "./parse-body.js";
import type { BodyUnit } from "./units.js";
import { bodyUnit, caseUnit } from "./units.js";

/** The bytes of a row that has always the same size; undefined when its size varies. Structs must not contain themselves. */
export function fixedBytes(model: Model, unit: BodyUnit, row: Row, version: number): number | undefined {
  switch (row.kind) {
    case "pad":
      return row.n;
    case "length":
    case "variable":
      return row.bytes;
    case "set":
      return 0;
    case "field":
      return row.when ? undefined : fixedWidth(model, row.width, structOfRow(model, unit, row), version);
    case "inline":
      return fixedWidth(model, { kind: row.width }, structOfRow(model, unit, row), version);
    default:
      return undefined;
  }
}

function fixedWidth(
  model: Model,
  width: Width,
  struct: Struct | undefined,
  version: number,
): number | undefined {
  switch (width.kind) {
    case "int":
      return width.bytes;
    case "bytes":
    case "chars":
    case "native":
      return width.n;
    case "oxm_or":
      return 4 + width.bytes;
    case "struct":
      return struct && fixedStruct(model, struct, version);
    default:
      return undefined;
  }
}

/** The least bytes of a row. */
export function leastBytes(model: Model, unit: BodyUnit, row: Row, version: number): number {
  const fixed = fixedBytes(model, unit, row, version);
  if (fixed !== undefined) return fixed;
  if ((row.kind !== "field" && row.kind !== "inline") || (row.kind === "field" && row.when)) return 0;
  switch (row.kind === "field" ? row.width.kind : row.width) {
    case "oxm_match":
    case "oxs_stats":
    case "message":
      return 8;
    case "oxm":
    case "oxm_id":
      return 4;
    case "native":
      return (row.kind === "field" && row.width.kind === "native" && row.width.least) || 0;
    case "struct": {
      const struct = structOfRow(model, unit, row);
      return struct === undefined ? 0 : leastOf(model, bodyUnit(struct), version);
    }
    default:
      return 0;
  }
}

/** The least bytes of all rows of a unit in a version, without header. */
export function leastOf(model: Model, unit: BodyUnit, version: number): number {
  return (unit.rows[version] ?? []).reduce((sum, row) => sum + leastBytes(model, unit, row, version), 0);
}

/** Bytes of a struct all of whose rows are fixed. */
export function fixedStruct(model: Model, struct: Struct, version: number): number | undefined {
  return fixedUnit(model, bodyUnit(struct), version);
}

/** Bytes of an element of a union with its header, in the case all of whose rows are fixed. */
export function fixedElement(model: Model, union: Union, c: UnionCase, version: number): number | undefined {
  const unit = caseUnit(model, union, c);
  const body = fixedUnit(model, unit, version);
  return body === undefined ? undefined : unit.headerBytes(version) + body;
}

function fixedUnit(model: Model, unit: BodyUnit, version: number): number | undefined {
  return fixedRows(model, unit, unit.rows[version] ?? [], version);
}

/** Bytes of some rows of a unit, all of which have always the same size; undefined where one has not. */
export function fixedRows(
  model: Model,
  unit: BodyUnit,
  rows: readonly Row[],
  version: number,
): number | undefined {
  let sum = 0;
  for (const row of rows) {
    const size = fixedBytes(model, unit, row, version);
    if (size === undefined) return undefined;
    sum += size;
  }
  return sum;
}

/** True for a struct of two words of 16 bits in all versions that have it: it may be given as one number, or as two in parentheses. */
export function isPair(model: Model, struct: Struct): boolean {
  const layouts = WIRE_VERSIONS.flatMap((v) => struct.rows[v] ?? []);
  const versions = WIRE_VERSIONS.filter((v) => struct.rows[v] !== undefined);
  const halves = layouts.every(
    (row) => row.kind === "field" && row.width.kind === "int" && row.width.bytes === 2,
  );
  return halves && versions.length > 0 && versions.every((v) => fixedStruct(model, struct, v) === 4);
}

/** The word that tells where a struct ends. Distances are bytes from the start of the struct. */
export interface LengthWord {
  readonly offset: number;
  readonly bytes: 1 | 2 | 4;
  /** Bytes of the struct that the word leaves out: those before the field that it counts. */
  readonly before: number;
  /** Zeros up to a multiple of 8 follow that the word does not count. */
  readonly padded: boolean;
}

/** Finds the length word of a struct; undefined when its bytes do not tell where it ends. */
export function lengthWord(model: Model, struct: Struct, version: number): LengthWord | undefined {
  const unit = bodyUnit(struct);
  const rows = unit.rows[version] ?? [];
  const counted = new Map<string, { readonly offset: number; readonly bytes: 1 | 2 | 4 }>();
  let offset = 0;
  for (const [i, row] of rows.entries()) {
    if (row.kind === "length") {
      if (row.of === undefined) return { offset, bytes: row.bytes, before: 0, padded: false };
      if (!row.elements) counted.set(row.of, { offset, bytes: row.bytes });
    }
    const size = fixedBytes(model, unit, row, version);
    if (size === undefined) {
      if (row.kind !== "field") return undefined;
      const after = rows.slice(i + 1);
      if (row.width.kind === "oxm_match") {
        return after.length === 0
          ? { offset: offset + 2, bytes: 2, before: offset, padded: true }
          : undefined;
      }
      const word = counted.get(row.name);
      const padded = after[0]?.kind === "align" && after[0].n === 8;
      return word !== undefined && after.length === (padded ? 1 : 0)
        ? { ...word, before: offset, padded }
        : undefined;
    }
    offset += size;
  }
  return undefined;
}

/** True when the bytes of a struct tell where it ends: by its own length, or by that of the field that ends it. */
export function tellsLength(model: Model, struct: Struct, version: number): boolean {
  return lengthWord(model, struct, version) !== undefined;
}

/** True for a row that takes all that is left of its struct. */
export function takesRest(model: Model, unit: BodyUnit, row: Row, version: number): boolean {
  if (row.kind === "native" || row.kind === "tlvs") return true;
  if (row.kind !== "field" && row.kind !== "inline") return false;
  if (fixedBytes(model, unit, row, version) !== undefined) return false;
  if (row.kind === "field" && (row.when || hasLength(unit, row.name, version))) return false;
  switch (row.kind === "field" ? row.width.kind : row.width) {
    case "bytes":
    case "list":
    case "ids":
    case "wrap":
      return true;
    case "native":
      return !(row.kind === "field" && row.width.kind === "native" && row.width.least !== undefined);
    case "struct": {
      const struct = structOfRow(model, unit, row);
      return struct !== undefined && !tellsLength(model, struct, version);
    }
    default:
      return false;
  }
}

function hasLength(unit: BodyUnit, name: string, version: number): boolean {
  return (unit.rows[version] ?? []).some((row) => row.kind === "length" && row.of === name);
}

/** The struct that a row holds; undefined for rows that hold something else. */
export function structOfRow(model: Model, unit: BodyUnit, row: Row): Struct | undefined {
  const type = row.kind === "field" ? typeOf(unit, row.name) : unit.json.find((f) => f.inline)?.type;
  const d = type === undefined ? undefined : model.definitions.get(type.name);
  return d?.kind === "struct" ? d : undefined;
}

function typeOf(unit: BodyUnit, name: string): TypeRef | undefined {
  return name === LIST_ROW ? unit.jsonList : unit.json.find((f) => f.name === name)?.type;
}

/** The width of a TLV's value: that of the line, else the first of its type. */
export function tlvWidth(model: Model, c: TlvCase): Width | undefined {
  const d = model.definitions.get(c.type.name);
  if (c.width) return c.width;
  if (d?.kind === "scalar") return d.widths[0];
  if (d?.kind === "struct") return { kind: "struct" };
  const first = d?.kind === "number" ? [...d.widths.keys()][0] : undefined;
  return first === undefined ? undefined : { kind: "int", bytes: first as 1 | 2 | 4, shift: 0 };
}

/** The bytes of a TLV's value without mask; undefined when they vary. */
export function tlvBytes(model: Model, c: TlvCase): number | undefined {
  const width = tlvWidth(model, c);
  if (width?.kind === "int") return width.bytes;
  if (width?.kind === "struct") {
    // A word of 32 bits in all versions: it may be given as one number, too.
    const d = model.definitions.get(c.type.name);
    const word = (v: number): boolean => d?.kind === "struct" && fixedStruct(model, d, v) === 4;
    return WIRE_VERSIONS.every(word) ? 4 : undefined;
  }
  return width?.kind === "bytes" || width?.kind === "chars" ? width.n : undefined;
}
