// TLVs that are keys of the body and stand nowhere else: one scan finds them; the others are printed as a list. `_order` tells
// what stood where when encoding the keys would not write the same TLVs again.

import { keyedTlv, keySource } from "./decode-copies.js";
import type { FieldRow } from "./decode-extents.js";
import { throwShort, tlvCheck } from "./decode-lengths.js";
import { contentAt, contentEnd, type DecodeTarget, type Source, WIRE } from "./decode-target.js";
import { camel, quote } from "./naming.js";

/** One TLV that is a key: the key, and the local that holds the start of its payload, 0 when it is not there. */
interface MovedTlv {
  readonly key: string;
  readonly local: string;
}

/** The row whose TLVs move to keys. */
export interface Moves {
  readonly row: FieldRow;
  /** Sources of its first TLV, and of what is behind the last one. */
  readonly at: string;
  readonly end: string;
  readonly moved: readonly MovedTlv[];
  /** Where the values of the keys are. */
  readonly sources: ReadonlyMap<string, Source>;
}

/** Emits the loop that finds the TLVs which a row moves to keys; undefined where no row does so. */
export function emitMoves(t: DecodeTarget, sources: ReadonlyMap<string, Source>): Moves | undefined {
  const { out } = t;
  const row = (t.unit.rows[t.version] ?? []).find(
    (r): r is FieldRow => r.kind === "field" && r.move.size > 0,
  );
  const place = row && sources.get(row.name);
  if (row === undefined || place === undefined) return undefined;
  const [at, end] = [contentAt(place), contentEnd(place)];
  const found = new Map<string, Source>();
  const moved: MovedTlv[] = [];
  for (const to of row.move.values()) out.add(`let ${camel(to)}At = 0;`);
  out.add("let reached = 0;");
  out.add("let odd = false;");
  out.open(`for (let q = ${at}; q < ${end}; q += 4 + b[q + 3]!) {`);
  out.add(`if (${end} - q < 4) ${throwShort(t, "q", 4)}`);
  out.add(tlvCheck(t, row.name, end));
  out.open(`switch (${t.module.use("u32", WIRE)}(b, q)) {`);
  for (const [name, to] of row.move) {
    const local = `${camel(to)}At`;
    const { header, bytes } = keyedTlv(t, row, name);
    out.open(`case ${header}:`);
    out.open(`if (${local} === 0) {`);
    out.add(`if (reached > ${moved.length}) odd = true;`);
    out.add(`reached = ${moved.length + 1};`);
    out.add(`${local} = q + 4;`);
    out.close("} else reached = 99;");
    out.add("break;");
    out.close("");
    found.set(to, keySource(local, bytes));
    moved.push({ key: to, local });
  }
  out.open("default:");
  out.add("reached = 99;");
  out.close("");
  out.close();
  out.close();
  out.add(`if (${moved.map(({ local }) => `${local} === 0`).join(" || ")}) odd = true;`);
  return { row, at, end, moved, sources: found };
}

/** Emits the list of the TLVs that are no keys. */
export function emitUnmoved(t: DecodeTarget, { row, at, end, moved }: Moves): void {
  const { out } = t;
  const table = t.unit.json.find((f) => f.name === row.name)?.type?.name ?? "";
  out.text("[");
  out.add("let more = false;");
  out.open(`for (let q = ${at}; q < ${end}; q += 4 + b[q + 3]!) {`);
  out.add(`if (${moved.map(({ local }) => `q + 4 === ${local}`).join(" || ")}) continue;`);
  out.add("if (more) w.o[w.p++] = 0x2c;");
  out.add("more = true;");
  out.text("{");
  out.add(`${t.g.call(t.module, "decode", table, t.version)}(b, q, w);`);
  out.text("}");
  out.close();
  out.text("]");
}

/** Emits `_order`: for each TLV the key that has its value, or the key of the list. */
export function emitMovesOrder(t: DecodeTarget, { row, at, end, moved }: Moves): void {
  const { out } = t;
  out.open("if (odd) {");
  out.text(',"_order":[');
  out.open(`for (let q = ${at}; q < ${end}; q += 4 + b[q + 3]!) {`);
  out.add(`if (q !== ${at}) w.o[w.p++] = 0x2c;`);
  for (const { key, local } of moved) {
    out.open(`if (q + 4 === ${local}) {`);
    out.text(quote(key));
    out.add("continue;");
    out.close();
  }
  out.text(quote(row.name));
  out.close();
  out.text("]");
  out.close();
}
