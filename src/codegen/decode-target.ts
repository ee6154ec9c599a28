// What the parts of one decoder share: whose decoder it is, its lines so far, and the source of its reads.
import type { BodyUnit, Width } from "../schema/index.js";
import type { Generation } from "./context.js";
import { importReaders } from "./decode-values.js";
import { readInt } from "./layout.js";
import type { SourceModule } from "./printer.js";
import type { TextLines } from "./text-lines.js";

export const WIRE = "wire/index";

/** The decoder of one unit for the group of one version, under construction. */
export interface DecodeTarget {
  readonly g: Generation;
  readonly module: SourceModule;
  readonly unit: BodyUnit;
  readonly version: number;
  readonly out: TextLines;
}

/** Where the value of a key stands on the wire. */
export interface Source {
  readonly width: Width;
  /** Source of the offset of its first byte. */
  readonly at: string;
  /** Source of the offset behind its last byte. */
  readonly end: string;
  /** Source of a condition under which the value is there; undefined when it always is. */
  readonly when: string | undefined;
  /** The key is left out where the value is not there, whatever its field says of that. */
  readonly optional?: boolean;
  /** The key that gets the bytes which the value alone does not tell. */
  readonly residue: string | undefined;
}

/** Source that reads an unsigned number; imports what it calls. */
export function readSource(t: DecodeTarget, bytes: 1 | 2 | 3 | 4 | 8, at: string): string {
  return importReaders(t.module, readInt(bytes, at));
}

/** Where the hand-written decoder of a native type is. */
export function nativeDecoder(fn: string): string {
  return `codec/native/decode/${fn.replaceAll("_", "-")}`;
}

/** Where the TLVs or bytes of a value start: those of a match or stats row follow its 4-byte head. */
export function contentAt(source: Source): string {
  return hasHead(source) ? `${source.at} + 4` : source.at;
}

/** Where the TLVs or bytes of a value end: those of a match or stats row end before the padding. */
export function contentEnd(source: Source): string {
  return hasHead(source) ? source.end.replace(/Next$/, "End") : source.end;
}

function hasHead({ width }: Source): boolean {
  return width.kind === "oxm_match" || width.kind === "oxs_stats";
}
