// What the encoders of the fixed matches of 1.0 and 1.1 share: from a list of fields to OXM TLVs in the writer, and
// from there, field by field, into the places of the fixed match.
import { EncodeError } from "../../../base/index.js";
import { i32, u16 } from "../../../wire/index.js";
import { cannot, hexOf } from "../../encode-support.js";
import { completeFields, fieldKind, fieldName, fieldOffset, writeFields } from "../../fields.js";
import type { MessageWriter } from "../../message-writer.js";

/** Writes the fields of a fixed match as OXM TLVs to `out` from `p` on; returns where they end. */
export type ToOxm = (b: Uint8Array, o: number, out: Uint8Array, p: number) => number;

/** OXM class of the basic fields; the fixed matches have no others. */
const OPENFLOW_BASIC = 0x8000;

/**
 * Writes the fields of `list` as TLVs, with their prerequisites, after `wrong` has agreed to each of them.
 * @param wrong  what is wrong with the TLV at `p` in this version, undefined when nothing is
 * Throws EncodeError.
 */
export function writeExpressible(
  w: MessageWriter,
  list: unknown,
  key: string,
  wrong: (b: Uint8Array, p: number) => string | undefined,
): void {
  const start = w.p;
  const n = writeFields(w, list, key);
  for (let i = 0; i < n; i++) {
    const p = fieldOffset(i);
    const basic = u16(w.b, p) === OPENFLOW_BASIC && fieldKind(i) >= 0;
    const detail = basic ? wrong(w.b, p) : "";
    if (detail === undefined) continue;
    throw cannot("field", `${fieldName(w, i)}${detail === "" ? "" : ` ${detail}`}`, w).prefix(`${key}[${i}]`);
  }
  if (!w.unchecked) completeFields(w, start, key);
}

/**
 * The bytes that were kept beside a printed list, if the list still says what they say.
 * @param length  bytes of the match
 * @param max     most bytes that its fields need as TLVs
 * Throws EncodeError when `residue` is not hex of that length.
 */
export function matchingResidue(
  w: MessageWriter,
  list: unknown,
  residue: unknown,
  key: string,
  length: number,
  max: number,
  toOxm: ToOxm,
): Uint8Array | undefined {
  if (residue === undefined) return undefined;
  const bytes = hexOf(residue, `_${key}`);
  if (bytes.length !== length) {
    throw new EncodeError(`_${key}`, `${bytes.length} bytes, ${length} were expected`, { found: residue });
  }
  const tlvs = Buffer.alloc(max);
  const end = toOxm(bytes, 0, tlvs, 0);
  const start = w.p;
  const { unchecked } = w;
  // Printed values may be out of range: they were on the wire, so they are taken as they are.
  w.unchecked = true;
  try {
    writeFields(w, list, key);
    return w.p - start === end && sameBytes(tlvs, 0, end, w.b, start) ? bytes : undefined;
  } finally {
    w.unchecked = unchecked;
    w.p = start;
  }
}

/** Whether the TLV at `p` has no mask, or one that selects all bits. */
export function isExactTlv(b: Uint8Array, p: number): boolean {
  if ((b[p + 2]! & 1) === 0) return true;
  const n = b[p + 3]! >> 1;
  for (let i = 0; i < n; i++) if (b[p + 4 + n + i] !== 0xff) return false;
  return true;
}

/** The error for two fields that share a place, or that would be read back under another name. */
export function clash(key: string, detail: string): EncodeError {
  return new EncodeError(key, detail, { code: "UNSUPPORTED" });
}

/** The bytes from `o` to `end` are the same as those from `p` on. */
function sameBytes(a: Uint8Array, o: number, end: number, b: Uint8Array, p: number): boolean {
  let i = o;
  let j = p;
  for (; i + 4 <= end; i += 4, j += 4) if (i32(a, i) !== i32(b, j)) return false;
  for (; i < end; i++, j++) if (a[i] !== b[j]) return false;
  return true;
}
