// TLVs of a match that are keys of the message too, or keys only: a loop finds their payloads before the keys are printed.
import type { FieldRow } from "./decode-extents.js";
import { tlvCheck } from "./decode-lengths.js";
import { contentAt, contentEnd, type DecodeTarget, type Source, WIRE } from "./decode-target.js";
import { camel } from "./naming.js";

/** Emits the loops that find the TLVs which rows copy to keys; returns where those keys are, 0 for nowhere. */
export function emitCopies(
  t: DecodeTarget,
  sources: ReadonlyMap<string, Source>,
): ReadonlyMap<string, Source> {
  const found = new Map<string, Source>();
  for (const row of t.unit.rows[t.version] ?? []) {
    const source = row.kind === "field" ? sources.get(row.name) : undefined;
    if (row.kind === "field" && row.copy.size > 0 && source) emitCopiesOf(t, row, source, found);
  }
  return found;
}

function emitCopiesOf(t: DecodeTarget, row: FieldRow, source: Source, found: Map<string, Source>): void {
  const { out } = t;
  const wanted = [...row.copy];
  const end = contentEnd(source);
  for (const [, to] of wanted) out.add(`let ${camel(to)}At = 0;`);
  out.open(`for (let q = ${contentAt(source)}; ${end} - q >= 4; q += 4 + b[q + 3]!) {`);
  out.add(tlvCheck(t, row.name, end));
  out.open(`switch (${t.module.use("u32", WIRE)}(b, q)) {`);
  for (const [name, to] of wanted) {
    const local = `${camel(to)}At`;
    const { header, bytes } = keyedTlv(t, row, name);
    out.open(`case ${header}:`);
    out.add(`if (${local} === 0) ${local} = q + 4;`);
    out.add("break;");
    out.close("");
    found.set(to, keySource(local, bytes));
  }
  out.close();
  out.close();
}

/** Where the value of a key is whose TLV's payload starts at a local, 0 for nowhere. */
export function keySource(local: string, bytes: 4 | 8): Source {
  const width = { kind: "int", bytes, shift: 0 } as const;
  return { width, at: local, end: "", when: `${local} !== 0`, residue: undefined };
}

/** The 4-byte header in hex of a TLV without mask that a row copies or moves to a key, and the bytes of its number. */
export function keyedTlv(t: DecodeTarget, row: FieldRow, name: string): { header: string; bytes: 4 | 8 } {
  const table = t.g.definition(t.unit.json.find((f) => f.name === row.name)?.type?.name ?? "");
  if (table.kind !== "tlv_table") throw new Error(`${t.unit.id}.${row.name} has no TLVs`);
  const c = table.cases.find((one) => one.name === name);
  if (c === undefined) throw new Error(`${table.name} has no ${name} to copy`);
  const d = t.g.definition(c.type.name);
  const width = d.kind === "scalar" ? d.widths[0] : undefined;
  const bytes = d.kind === "number" || (width?.kind === "int" && width.bytes === 4) ? 4 : 8;
  // 16 bits of class, 7 of field, 1 that says there is a mask, 8 of length; 32 bits are too many for shifts.
  const header = c.oxmClass * 0x10000 + c.field * 512 + bytes;
  return { header: `0x${header.toString(16).padStart(8, "0")}`, bytes };
}
