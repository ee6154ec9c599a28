// What the encoders of the fixed matches of 1.0 and 1.1 share: from a list of fields to OXM TLVs in the writer, and
// from there, field by field, into the places of the fixed match.
import { EncodeError } from "../../../base/index.js";
import { i32, putU32, u16 } from "../../../wire/index.js";
import { cannot, hexOf, type JsonObject } from "../../encode-support.js";
import { completeFields, fieldKind, fieldName, fieldOffset, writeFields } from "../../fields.js";
import type { MessageWriter } from "../../message-writer.js";
import { clash } from "./clash.js";
import { checkNames, PortNames } from "./match-names.js";

/** Writes the fields of a fixed match as OXM TLVs to `out` from `p` on; returns where they end. */
export type ToOxm = (b: Uint8Array, o: number, out: DataView, p: number) => number;

/** A fixed match under construction. */
export interface Draft {
  readonly bytes: Buffer;
  /** Its wildcards. */
  any: number;
  /** The version, for errors. */
  readonly version: string;
}

/** The bit that makes a field any, and the offset of the field. */
interface Spot {
  readonly any: number;
  readonly at: number;
}

/** What a version cannot say of a field: `key` is where that stands in the field. */
export interface Unfit {
  readonly key: "field" | "value" | "mask";
  /** What follows the name of the field: `port 70000`. */
  readonly detail: string;
}

/** The version does not have the field. */
export const NO_FIELD: Unfit = { key: "field", detail: "" };

/** The field has no mask in the version. */
export const NO_MASK: Unfit = unfitMask("with a mask");

export function unfitMask(detail: string): Unfit {
  return { key: "mask", detail };
}

export function unfitValue(detail: string): Unfit {
  return { key: "value", detail };
}

/** What the two versions with a fixed match differ in. */
export interface FixedMatch {
  readonly draft: Draft;
  /** A match without fields, but for the wildcards. */
  readonly empty: Buffer;
  /** The wildcards of a match without fields. */
  readonly allAny: number;
  /** Most bytes that the fields need as TLVs. */
  readonly tlvBytes: number;
  readonly toOxm: ToOxm;
  /** The IP protocol that the match at `o` demands, 0 when it demands none. */
  l4(b: Uint8Array, o: number): number;
  /** Offset of the wildcards word. */
  readonly wildcards: number;
  readonly ethType: Spot;
  readonly protocol: Spot;
  /** What the version cannot say of the TLV at `p`, if anything. */
  wrong(b: Uint8Array, p: number): Unfit | undefined;
  /** Puts the TLV at `p` into its place. */
  place(b: Uint8Array, p: number, key: string): void;
}

const names = new PortNames();

/**
 * Writes a list of fields as a fixed match.
 * @param residue  hex of the bytes that `value` was printed from; used while `value` still says the same
 * @param key      key of the list, for errors
 * Throws EncodeError for a field that the version does not have.
 */
export function encodeFixedMatch(
  w: MessageWriter,
  layout: FixedMatch,
  value: unknown,
  residue: unknown,
  key: string,
): void {
  const { draft, ethType, protocol } = layout;
  const { bytes } = draft;
  const kept = matchingResidue(w, value, residue, key, bytes.length, layout.tlvBytes, layout.toOxm);
  if (kept !== undefined) {
    w.l4 = layout.l4(kept, 0);
    w.bytes(kept);
    return;
  }
  const start = w.p;
  writeExpressible(w, value, key, layout.wrong);
  layout.empty.copy(bytes);
  draft.any = layout.allAny;
  names.reset();
  for (let p = start; p < w.p; p += 4 + w.b[p + 3]!) {
    names.add(w.b[p + 2]! >> 1);
    layout.place(w.b, p, key);
  }
  putU32(bytes, layout.wildcards, draft.any);
  const typed = (draft.any & ethType.any) === 0 ? u16(bytes, ethType.at) : -1;
  const proto = (draft.any & protocol.any) === 0 ? bytes[protocol.at]! : -1;
  checkNames(names, typed, proto, key);
  w.p = start;
  w.bytes(bytes);
}

/** Takes the place of a field. Throws EncodeError when another one has it. */
export function claim(draft: Draft, bit: number, key: string): void {
  if ((draft.any & bit) === 0) throw shared(draft, key);
  draft.any &= ~bit;
}

/** The error for two fields with one place. */
export function shared(draft: Draft, key: string): EncodeError {
  return clash(key, `two fields that share one place in OpenFlow ${draft.version}`);
}

/** OXM class of the basic fields; the fixed matches have no others. */
const OPENFLOW_BASIC = 0x8000;

/**
 * Writes the fields of `list` as TLVs, with their prerequisites, after `wrong` has agreed to each of them.
 * Throws EncodeError.
 */
function writeExpressible(w: MessageWriter, list: unknown, key: string, wrong: FixedMatch["wrong"]): void {
  const start = w.p;
  const n = writeFields(w, list, key);
  for (let i = 0; i < n; i++) {
    const p = fieldOffset(i);
    const basic = u16(w.b, p) === OPENFLOW_BASIC && fieldKind(i) >= 0;
    const unfit = basic ? wrong(w.b, p) : NO_FIELD;
    if (unfit === undefined) continue;
    // A mask may stand behind the value: `10.0.0.0/8`.
    const at = unfit.key === "mask" && (list as JsonObject[])[i]?.mask === undefined ? "value" : unfit.key;
    throw cannot(at, `${fieldName(w, i)} ${unfit.detail}`.trimEnd(), w).prefix(`${key}[${i}]`);
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
  const tlvs = new Uint8Array(max);
  const end = toOxm(bytes, 0, new DataView(tlvs.buffer), 0);
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

/** The bytes from `o` to `end` are the same as those from `p` on. */
function sameBytes(a: Uint8Array, o: number, end: number, b: Uint8Array, p: number): boolean {
  let i = o;
  let j = p;
  for (; i + 4 <= end; i += 4, j += 4) if (i32(a, i) !== i32(b, j)) return false;
  for (; i < end; i++, j++) if (a[i] !== b[j]) return false;
  return true;
}
