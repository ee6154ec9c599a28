// Encoding the specs of Nicira's learn action, see ../learn-specs.ts.
import { EncodeError } from "../../../base/index.js";
import { encodeEach, hexOf, type JsonObject, missing, notA, unknownKey } from "../../encode-support.js";
import type { MessageWriter } from "../../message-writer.js";
import { IMMEDIATE, immediateLength, LOAD, MATCH, N_BITS, OUTPUT } from "../learn-specs.js";
import { parseSubField, type SubField, writeSubFieldHeader } from "./sub-field.js";

/** Writes the specs; the action pads them. Throws EncodeError. */
export function encodeLearn(w: MessageWriter, value: unknown, _residue: unknown, key: string): void {
  encodeEach(w, value, key, encodeSpec);
}

function encodeSpec(w: MessageWriter, m: JsonObject): void {
  const { learn, src, value, dst } = m;
  switch (learn) {
    case "MATCH":
    case "LOAD": {
      only(m, value === undefined ? "learn src dst" : "learn value dst");
      const kind = learn === "MATCH" ? MATCH : LOAD;
      if (value === undefined) encodeCopy(w, kind, range(w, src, "src"), range(w, dst, "dst"));
      else encodeImmediate(w, kind, hexOf(value, "value"), range(w, dst, "dst"));
      return;
    }
    case "OUTPUT": {
      only(m, "learn src");
      const from = range(w, src, "src");
      w.u16(OUTPUT | bitsOf(from, "src"));
      encodeRange(w, from);
      return;
    }
    case "RAW":
      only(m, "learn value");
      if (value === undefined) throw missing("value");
      w.bytes(hexOf(value, "value"));
      return;
    case undefined:
      throw missing("learn");
    default:
      throw notA("NxLearnKind", learn, "learn", ["MATCH", "LOAD", "OUTPUT", "RAW"]);
  }
}

/** Refuses keys beside the `known` ones, blank separated. */
function only(m: JsonObject, known: string): void {
  const names = known.split(" ");
  if (Object.keys(m).some((key) => !names.includes(key))) throw unknownKey(m, known);
}

function encodeCopy(w: MessageWriter, kind: number, src: SubField, dst: SubField): void {
  if (dst.nBits !== src.nBits) throw new EncodeError("dst", `has ${dst.nBits} bits, src has ${src.nBits}`);
  w.u16(kind | bitsOf(src, "src"));
  encodeRange(w, src);
  encodeRange(w, dst);
}

function encodeImmediate(w: MessageWriter, kind: number, bytes: Uint8Array, dst: SubField): void {
  const length = immediateLength(dst.nBits);
  if (bytes.length !== length) {
    throw new EncodeError("value", `has ${bytes.length} bytes; ${dst.nBits} bits need ${length}`);
  }
  w.u16(kind | IMMEDIATE | bitsOf(dst, "dst"));
  w.bytes(bytes);
  encodeRange(w, dst);
}

function encodeRange(w: MessageWriter, range: SubField): void {
  writeSubFieldHeader(w, range);
  w.u16(range.ofs);
}

function range(w: MessageWriter, value: unknown, key: string): SubField {
  if (value === undefined) throw missing(key);
  return parseSubField(value, key, w.unchecked);
}

function bitsOf(range: SubField, key: string): number {
  // A header of no bits would end the specs.
  if (range.nBits === 0) throw new EncodeError(key, "has no bits");
  if (range.nBits > N_BITS) throw new EncodeError(key, `has ${range.nBits} bits, more than ${N_BITS}`);
  return range.nBits;
}
