// Decoders of structs, messages, multiparts and union cases: lengths are checked once per fixed run, then the keys are
// printed in the order of `json` from offsets that the rows give.
import type { BodyUnit } from "../schema/index.js";
import type { Generation } from "./context.js";
import { emitCopies } from "./decode-copies.js";
import { emitArray, emitKeys } from "./decode-keys.js";
import { emitMoves } from "./decode-moves.js";
import { emitScan, propertiesOf, spreadSources } from "./decode-properties.js";
import { layOutRows } from "./decode-rows.js";
import type { DecodeTarget } from "./decode-target.js";
import type { SourceModule } from "./printer.js";
import { oneLine } from "./tables.js";
import { decoderFunction, TextLines } from "./text-lines.js";

/** Emits the decoder of one unit for the group of one version. */
export function emitBodyDecoder(
  g: Generation,
  module: SourceModule,
  unit: BodyUnit,
  version: number,
  doc: string,
): void {
  const target = { g, module, unit, version, out: new TextLines() };
  emitBody(target);
  const text = module.use("type Text", "text/index");
  const name = `decode${g.unitName(unit.id, version)}`;
  const signature = `export function ${name}(b: Buffer, o: number, end: number, w: ${text}): void`;
  module.add(`/** ${oneLine(doc)} */\n${decoderFunction(signature, target.out)}`);
}

function emitBody(t: DecodeTarget): void {
  const rows = layOutRows(t);
  if (rows.native) return;
  const properties = rows.tlvs && propertiesOf(t, rows.tlvs);
  if (properties) emitScan(t, properties);
  const copies = emitCopies(t, rows.sources);
  const moves = emitMoves(t, rows.sources);
  if (t.unit.jsonList) return emitArray(t, rows, t.unit.jsonList);
  const spread = properties ? spreadSources(t, properties) : new Map<string, never>();
  emitKeys(t, { rows, properties, spread, copies, moves });
}
