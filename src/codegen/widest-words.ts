// How many bits the names of a definition have on the wire: enumerations and flags do not say it, the rows that hold them do.
import { bodyUnit, caseUnit, type Definition, type Model, type Width } from "../schema/index.js";
import { widestBits } from "./shape.js";

/** Bits of the widest word that a number, enumeration or set of flags has anywhere; 32 where no row says it. */
export type WidestWords = (d: Definition) => number;

/** Looks at all rows of a model. */
export function widestWords(model: Model): WidestWords {
  const found = new Map<string, number>();
  const add = (name: string | undefined, width: Width | undefined): void => {
    if (name !== undefined && width !== undefined)
      found.set(name, Math.max(found.get(name) ?? 0, wordBits(width)));
  };
  for (const d of model.definitions.values()) {
    if (d.kind === "tlv_table") for (const c of d.cases) add(c.type.name, c.width);
    for (const unit of unitsOf(model, d)) {
      const types = new Map(unit.json.map((f) => [f.name, f.type?.name]));
      for (const row of unit.rows.flatMap((rows) => rows ?? []))
        if (row.kind === "field") add(types.get(row.name), row.width);
    }
  }
  return (d) => (d.kind === "number" || d.kind === "scalar" ? widestBits(d) : found.get(d.name) || 32);
}

function unitsOf(model: Model, d: Definition): ReturnType<typeof bodyUnit>[] {
  if (d.kind === "union") return d.cases.map((c) => caseUnit(model, d, c));
  return d.kind === "struct" || d.kind === "message" || d.kind === "multipart" ? [bodyUnit(d)] : [];
}

/** What is read and written by hand may be as wide as any. */
function wordBits(width: Width): number {
  if (width.kind === "int") return 8 * width.bytes;
  if (width.kind === "list") return 8 * width.item;
  return width.kind === "native" ? 32 : 0;
}
