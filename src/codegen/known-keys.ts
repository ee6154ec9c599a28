// The keys that encoders know, for errors that name one they do not know.
import { type BodyUnit, bodyUnit, PACKET_KEYS, type Row, tlvKeys } from "../schema/index.js";
import type { Generation } from "./context.js";

/** All keys that the encoder of a unit may read in a version, blank separated; for error messages. */
export function knownKeys(g: Generation, unit: BodyUnit, version: number): string {
  const keys = unit.json.flatMap((f) => {
    if (f.packet) return [f.name, ...PACKET_KEYS.map((key) => key.name)];
    if (!f.inline || f.type === undefined) return [f.name];
    if (f.type.name === "Message") return ["type", "xid", "version", "flags", "msg"];
    const d = g.definition(f.type.name);
    if (d.kind === "tlv_table") return tlvKeys(d);
    return d.kind === "struct" ? knownKeys(g, bodyUnit(d), version).split(" ") : [];
  });
  // Keys of JSON are told as such in versions that cannot say them; what only keeps bytes is unknown there.
  const rows = unit.rows[version] ?? [];
  const residues = rows.flatMap((row) => (row.kind === "field" && row.residue ? [row.residue] : []));
  const order = rows.some(hasOrder) ? ["_order"] : [];
  return [...new Set([...keys, ...residues, ...order])].join(" ");
}

/** Whether what a row holds may stand in an order that only `_order` can tell. */
export function hasOrder(row: Row): boolean {
  return (row.kind === "tlvs" && row.hoist.size > 0) || (row.kind === "field" && row.move.size > 0);
}
