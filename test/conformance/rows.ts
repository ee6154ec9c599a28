/** Golden rows: JSON lines of a folder of vectors. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Bytes of a message, or of what looks like one. */
export interface HexRow {
  readonly id: string;
  readonly source?: string;
  readonly hex: string;
  /** Name of the message where the row has one. */
  readonly type?: string;
}

/** A message and its JSON text. */
export interface MessageRow extends HexRow {
  readonly json: string;
  /** The program that made the row gets the same bytes back from its own JSON. */
  readonly reencode_ok: boolean;
}

/** A message with a packet, and its JSON text with the fields of the packet. */
export interface PacketRow extends HexRow {
  readonly json: string;
}

/** One YAML document (or line of JSON, with `-j` in `args`) and the bytes or the error that it gives. */
export interface EncodeRow {
  readonly id: string;
  readonly source?: string;
  readonly yaml: string;
  /** Options of `encode`. */
  readonly args: readonly string[];
  readonly hex?: string;
  readonly error?: string;
}

/** Reads `NAME.jsonl` of a folder. A missing file is an error: a gate that finds nothing to check must not pass. */
export function readRows<Row>(folder: string, name: string): Row[] {
  const file = join(folder, `${name}.jsonl`);
  if (!existsSync(file)) throw new Error(`no ${file}`);
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row);
}

/** Wire version of a row of bytes, 1 is OpenFlow 1.0. */
export function versionOfHex(hex: string): number {
  return Number.parseInt(hex.slice(0, 2), 16);
}

/** Version and type that a text to encode names; 0 and `?` where it names none. */
export function kindOfText(row: EncodeRow): { version: number; type: string } {
  const version = /"?\bversion"?:\s*['"]?(0x[0-9a-fA-F]+|\d+)/.exec(row.yaml)?.[1];
  const option = row.args.join(" ").match(/--ofversion=(\d+)/)?.[1];
  const type = /"?\btype"?:\s*['"]?([A-Za-z_.0-9]+)/.exec(row.yaml)?.[1];
  return { version: Number(version ?? option ?? 0), type: type ?? "?" };
}
