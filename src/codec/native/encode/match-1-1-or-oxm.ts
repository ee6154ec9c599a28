// Encoding a match of a 1.1 flow description. Layout: ../decode/match-1-1-or-oxm.ts.
import { EncodeError } from "../../../base/index.js";
import { u16 } from "../../../wire/index.js";
import { hexOf } from "../../encode-support.js";
import type { MessageWriter } from "../../message-writer.js";
import { endOfFields, l4OfFields, MATCH_TYPE_OXM } from "../match-oxm.js";
import { matchingResidue } from "./fixed-match.js";
import { encodeMatch_1_1 } from "./match-1-1.js";

/**
 * Writes the standard match, or OXM fields where `residue` has them and `value` still says the same.
 * @param residue  hex of the bytes that `value` was printed from
 * @param key      key of the list, for errors
 * Throws EncodeError for a field that 1.1 does not have.
 */
export function encodeMatch_1_1OrOxm(w: MessageWriter, value: unknown, residue: unknown, key: string): void {
  const bytes = residue === undefined ? undefined : hexOf(residue, `_${key}`);
  if (bytes === undefined || bytes.length < 4 || u16(bytes, 0) !== MATCH_TYPE_OXM) {
    encodeMatch_1_1(w, value, residue, key);
    return;
  }
  const end = endOfFields(bytes, 0, bytes.length);
  if (end === 0) {
    throw new EncodeError(`_${key}`, `${bytes.length} bytes, its length says ${u16(bytes, 2)}`, {
      found: residue,
    });
  }
  const kept = matchingResidue(w, value, residue, key, bytes.length, bytes.length, copyFields);
  if (kept === undefined) {
    encodeMatch_1_1(w, value, undefined, key);
    return;
  }
  w.l4 = l4OfFields(kept, 4, end);
  w.bytes(kept);
}

/** The fields of an OXM match are TLVs already. */
function copyFields(b: Uint8Array, o: number, out: DataView, p: number): number {
  const end = o + u16(b, o + 2);
  for (let at = o + 4; at < end; at++) out.setUint8(p + at - o - 4, b[at]!);
  return p + end - o - 4;
}
