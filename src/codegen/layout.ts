// Where the rows of a layout are: constant distances from a base as long as sizes are fixed, a local per variable row after that.
import {
  type Body,
  type Definition,
  LIST_ROW,
  type Row,
  type Struct,
  type TlvTable,
  type Width,
} from "../schema/index.js";
import type { Generation } from "./context.js";

/** The bytes of a row that has always the same size; undefined when its size varies. */
export function fixedSize(
  g: Generation,
  row: Row,
  type: Definition | undefined,
  version: number,
): number | undefined {
  switch (row.kind) {
    case "pad":
      return row.n;
    case "length":
    case "variable":
      return row.bytes;
    case "set":
      return 0;
    case "field":
      return row.when ? undefined : fixedWidth(g, row.width, type, version);
    case "inline":
      return row.width === "struct" && type?.kind === "struct" ? structSize(g, type, version) : undefined;
    default:
      return undefined;
  }
}

function fixedWidth(
  g: Generation,
  width: Width,
  type: Definition | undefined,
  version: number,
): number | undefined {
  switch (width.kind) {
    case "int":
      return width.bytes;
    case "bytes":
    case "chars":
    case "native":
      return width.n;
    case "struct":
      return type?.kind === "struct" ? structSize(g, type, version) : undefined;
    default:
      return undefined;
  }
}

/** The least bytes that a row of varying size takes. */
export function leastSize(g: Generation, row: Row, type: Definition | undefined, version: number): number {
  const fixed = fixedSize(g, row, type, version);
  if (fixed !== undefined) return fixed;
  if (row.kind === "inline")
    return row.width === "oxm" ? 4 : row.width === "message" ? 8 : structLeast(g, type, version);
  if (row.kind !== "field" || row.when) return 0;
  switch (row.width.kind) {
    case "oxm_match":
    case "oxs_stats":
    case "message":
      return 8;
    case "oxm":
    case "oxm_id":
      return 4;
    case "struct":
      return structLeast(g, type, version);
    default:
      return 0;
  }
}

/** The definition that a row's JSON field has as its type. */
export function typeOfRow(
  g: Generation,
  row: Row,
  fieldTypes: ReadonlyMap<string, string>,
): Definition | undefined {
  const name =
    row.kind === "field"
      ? fieldTypes.get(row.name)
      : row.kind === "inline"
        ? fieldTypes.get("$inline")
        : undefined;
  return name === undefined || name === "Message" ? undefined : g.definition(name);
}

/** Names of the types of the JSON fields, by key. */
export function fieldTypes(body: Pick<Body, "json" | "jsonList">): ReadonlyMap<string, string> {
  const types = new Map(body.json.flatMap((f) => (f.type ? [[f.name, f.type.name] as const] : [])));
  if (body.jsonList) types.set(LIST_ROW, body.jsonList.name);
  return types;
}

/** Bytes of a struct all of whose rows are fixed, in a version. */
export function structSize(g: Generation, struct: Struct, version: number): number | undefined {
  const types = fieldTypes(struct);
  let sum = 0;
  for (const row of struct.rows[version] ?? []) {
    const size = fixedSize(g, row, typeOfRow(g, row, types), version);
    if (size === undefined) return undefined;
    sum += size;
  }
  return sum;
}

function structLeast(g: Generation, type: Definition | undefined, version: number): number {
  return type?.kind === "struct" ? structLeastSize(g, type, version) : 0;
}

/** The least bytes of a struct in a version. */
export function structLeastSize(g: Generation, struct: Struct, version: number): number {
  const types = fieldTypes(struct);
  return (struct.rows[version] ?? []).reduce(
    (sum, row) => sum + leastSize(g, row, typeOfRow(g, row, types), version),
    0,
  );
}

/** How the bytes of a struct are counted: by its own length word, or by the length of the match that ends it. */
export interface StructLength {
  /** Source of the length of the struct at `at`. */
  source(at: string): string;
  /** Distance of the word that tells. */
  readonly offset: number;
  /** Whether that word is the struct's own length. */
  readonly own: boolean;
}

export function structLength(g: Generation, struct: Struct, version: number): StructLength | undefined {
  const types = fieldTypes(struct);
  const rows = struct.rows[version] ?? [];
  let offset = 0;
  for (const [i, row] of rows.entries()) {
    const here = offset;
    if (row.kind === "length" && row.of === undefined) {
      return { source: (at) => readInt(row.bytes, plus(at, here)), offset: here, own: true };
    }
    const size = fixedSize(g, row, typeOfRow(g, row, types), version);
    if (size === undefined) {
      const match = row.kind === "field" && row.width.kind === "oxm_match" && i === rows.length - 1;
      if (!match) return undefined;
      return {
        source: (at) => `align8(${here} + u16(b, ${plus(at, here + 2)}))`,
        offset: here + 2,
        own: false,
      };
    }
    offset += size;
  }
  return undefined;
}

/** Source that reads an unsigned number. */
export function readInt(bytes: 1 | 2 | 3 | 4 | 8, at: string, shift = 0): string {
  const read = bytes === 1 ? `b[${at}]!` : `u${bytes * 8}(b, ${at})`;
  return shift === 0 ? read : `(${read} >>> ${shift})`;
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
  const type = g.definition(c.type.name);
  const width =
    c.width ??
    (type.kind === "scalar"
      ? type.widths[0]
      : type.kind === "number"
        ? ({ kind: "int", bytes: [...type.widths.keys()][0] as 4, shift: 0 } as const)
        : undefined);
  if (width === undefined) return undefined;
  if (width.kind === "int") return { size: width.bytes, width };
  if ((width.kind === "bytes" || width.kind === "chars") && width.n !== undefined)
    return { size: width.n, width };
  return undefined;
}
