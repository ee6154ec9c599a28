// Encoders of structs, messages, multiparts and union cases: straight down in the order of the rows, one capacity check per
// run of fixed rows. They return how many keys they read; the caller compares that with how many there are.
import type { BodyUnit } from "../schema/index.js";
import type { Generation } from "./context.js";
import { emitKeyReads } from "./encode-keys.js";
import { emitRows, needsStart } from "./encode-rows.js";
import { type EncodeTarget, useNative } from "./encode-target.js";
import { encoderFunction } from "./encoder-function.js";
import { Lines, type SourceModule } from "./printer.js";
import { oneLine } from "./tables.js";

/** Emits the encoder of one unit for the group of one version. */
export function emitBodyEncoder(
  g: Generation,
  module: SourceModule,
  unit: BodyUnit,
  version: number,
  doc: string,
): void {
  const target = { g, module, unit, version, rows: unit.rows[version] ?? [], out: new Lines() };
  emitBody(target);
  const name = `encode${g.unitName(unit.id, version)}`;
  module.add(`/** ${oneLine(doc)} */\n${encoderFunction(module, name, target.out, "number")}`);
}

function emitBody(t: EncodeTarget): void {
  const { out, rows, unit } = t;
  const native = rows.find((row) => row.kind === "native");
  if (native?.kind === "native") {
    out.add(`return ${useNative(t, native.fn)}(w, m);`);
    return;
  }
  const d = t.g.model.definitions.get(unit.id);
  if (d?.kind === "message" && d.reads !== undefined) out.add(`m = ${useNative(t, d.reads)}(w, m);`);
  if (unit.jsonList) throw new Error(`${unit.id}: a list is emitted elsewhere`);
  out.add("let c = 0;");
  if (needsStart(rows)) {
    // The caller has written the header; lengths and alignment count from before it.
    const header = unit.headerBytes(t.version);
    out.add(`const start = w.p${header > 0 ? ` - ${header}` : ""};`);
  }
  emitKeyReads(t);
  emitRows(t);
  out.add("return c;");
}
