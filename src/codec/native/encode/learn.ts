// Encoding the specs of Nicira's learn action, see ../learn-specs.ts.
import { EncodeError } from "../../../base/index.js";
import { parseHex } from "../../../text/index.js";
import type { MessageWriter } from "../../message-writer.js";
import { IMMEDIATE, immediateLength, LOAD, MATCH, N_BITS, OUTPUT } from "../learn-specs.js";
import { parseSubField, type SubField, writeSubFieldHeader } from "./sub-field.js";

const KEYS: ReadonlySet<string> = new Set(["learn", "src", "value", "dst"]);

/** Writes the specs; the action pads them. Throws EncodeError. */
export function encodeLearn(w: MessageWriter, value: unknown, _residue: unknown, key: string): void {
  if (!Array.isArray(value)) throw new EncodeError(key, "not a list of specs", { found: value });
  let i = 0;
  try {
    for (; i < value.length; i++) encodeSpec(w, value[i]);
  } catch (error) {
    throw error instanceof EncodeError ? error.prefix(`${key}[${i}]`) : error;
  }
}

function encodeSpec(w: MessageWriter, spec: unknown): void {
  if (typeof spec !== "object" || spec === null || Array.isArray(spec)) {
    throw new EncodeError("", "not a spec: {learn, src, value, dst}", { found: spec });
  }
  const m = spec as Record<string, unknown>;
  for (const key in m) {
    if (!KEYS.has(key)) throw new EncodeError(key, "is not a known key", { code: "UNKNOWN" });
  }
  if (m.learn === "RAW") w.bytes(hexOf(m.value));
  else encodeFlowSpec(w, m, kindOf(m.learn));
}

function kindOf(learn: unknown): number {
  if (learn === "MATCH") return MATCH;
  if (learn === "LOAD") return LOAD;
  if (learn === "OUTPUT") return OUTPUT;
  if (learn === undefined) throw missing("learn");
  throw new EncodeError("learn", `${JSON.stringify(learn)} is not MATCH, LOAD, OUTPUT or RAW`, {
    found: learn,
  });
}

function encodeFlowSpec(w: MessageWriter, m: Record<string, unknown>, kind: number): void {
  const dst = kind === OUTPUT ? undefined : rangeOf(w, m.dst, "dst");
  if (kind === OUTPUT && m.dst !== undefined)
    throw new EncodeError("dst", "is not known of OUTPUT", { code: "UNKNOWN" });
  if (kind !== OUTPUT && m.value !== undefined) {
    if (m.src !== undefined)
      throw new EncodeError("value", "is given beside src; only one can be", { code: "UNKNOWN" });
    encodeImmediate(w, kind, m.value, dst!);
    return;
  }
  if (m.value !== undefined) throw new EncodeError("value", "is not known of OUTPUT", { code: "UNKNOWN" });
  const src = rangeOf(w, m.src, "src");
  if (dst !== undefined && dst.nBits !== src.nBits) {
    throw new EncodeError("dst", `has ${dst.nBits} bits, src has ${src.nBits}`, { found: m.dst });
  }
  w.u16(kind | bitsOf(src, "src"));
  encodeRange(w, src);
  if (dst !== undefined) encodeRange(w, dst);
}

function encodeImmediate(w: MessageWriter, kind: number, value: unknown, dst: SubField): void {
  const bytes = hexOf(value);
  const length = immediateLength(dst.nBits);
  if (bytes.length !== length) {
    throw new EncodeError("value", `has ${bytes.length} bytes; ${dst.nBits} bits need ${length}`, {
      found: value,
    });
  }
  w.u16(kind | IMMEDIATE | bitsOf(dst, "dst"));
  w.bytes(bytes);
  encodeRange(w, dst);
}

function encodeRange(w: MessageWriter, range: SubField): void {
  writeSubFieldHeader(w, range);
  w.u16(range.ofs);
}

function rangeOf(w: MessageWriter, value: unknown, key: string): SubField {
  if (value === undefined) throw missing(key);
  const range = parseSubField(value, key, w.unchecked);
  if (range.ofs > 0xffff) throw new EncodeError(key, "begins beyond bit 65535", { found: value });
  return range;
}

function bitsOf(range: SubField, key: string): number {
  if (range.nBits > N_BITS) throw new EncodeError(key, `has ${range.nBits} bits, more than ${N_BITS}`);
  return range.nBits;
}

function hexOf(value: unknown): Uint8Array {
  if (value === undefined) throw missing("value");
  const bytes = typeof value === "string" ? parseHex(value) : undefined;
  if (bytes === undefined) throw new EncodeError("value", "not hex", { found: value, expected: "HexData" });
  return bytes;
}

function missing(key: string): EncodeError {
  return new EncodeError(key, "is required", { code: "MISSING" });
}
