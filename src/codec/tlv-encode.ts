// One TLV from JSON: {field, value, mask}.
import { putU32 } from "../wire/index.js";
import {
  cannot,
  countKeys,
  hexOf,
  type JsonObject,
  maskBytes,
  missing,
  notA,
  putRawTlv,
  unknownKey,
} from "./encode-support.js";
import type { FieldKind } from "./field-kind.js";
import type { MessageWriter } from "./message-writer.js";

type PutValue = (w: MessageWriter, form: number, b: Buffer, p: number, value: unknown, key: string) => void;

/** Largest payload that the length byte of a TLV can announce. */
const MAX_PAYLOAD = 255;

/**
 * Writes the TLV that `m` describes and returns its index in `kinds`, -1 when it is named by its header in hex. The value is ANDed with
 * its mask unless the writer is unchecked. Throws EncodeError with the key of the part that is wrong.
 * @param alone  `m` has no keys but these three; false where they stand among others, as in SET_FIELD, whose encoder counts them
 */
export function encodeTlv(
  w: MessageWriter,
  m: JsonObject,
  tag: string,
  kinds: readonly FieldKind[],
  index: ReadonlyMap<string, number>,
  put: PutValue,
  alone: boolean,
): number {
  const name = m[tag];
  const value = m.value;
  const mask = m.mask;
  if (name === undefined) throw missing(tag);
  if (value === undefined) throw missing("value");
  const kind = typeof name === "string" ? index.get(name) : undefined;
  if (alone && countKeys(m) !== (mask === undefined ? 2 : 3)) throw unknownKey(m, `${tag} value mask`);
  if (kind === undefined) {
    const text = typeof name === "number" ? String(name) : name;
    if (typeof text !== "string" || !/^\d/.test(text)) throw notA("Field", name, tag, index.keys());
    putRawTlv(w, text, value, mask);
    return -1;
  }
  const row = kinds[kind]!;
  if (row.size < 0) putAnyBytes(w, row, value, mask);
  else putSized(w, row, value, mask, put);
  return kind;
}

function putSized(w: MessageWriter, row: FieldKind, value: unknown, mask: unknown, put: PutValue): void {
  const own = row.experimenter === 0 ? 0 : 4;
  const size = row.size;
  const payload = own + (mask === undefined ? size : size * 2);
  const b = w.room(4 + payload);
  const p = w.p;
  w.p = p + 4 + payload;
  putU32(b, p, row.header | (mask === undefined ? 0 : 0x100) | payload);
  if (own !== 0) putU32(b, p + 4, row.experimenter);
  const at = p + 4 + own;
  put(w, row.form, b, at, value, "value");
  if (mask === undefined) return;
  // A mask may have any bits of the whole bytes.
  const checked = w.unchecked;
  w.unchecked = true;
  put(w, row.form, b, at + size, mask, "mask");
  w.unchecked = checked;
  if (!checked) maskBytes(b, at, at + size, size);
}

function putAnyBytes(w: MessageWriter, row: FieldKind, value: unknown, mask: unknown): void {
  const bytes = hexOf(value, "value");
  const under = mask === undefined ? undefined : hexOf(mask, "mask");
  if (under !== undefined && under.length !== bytes.length) {
    throw notA(`mask of ${bytes.length} bytes`, mask, "mask");
  }
  const own = row.experimenter === 0 ? 0 : 4;
  const payload = own + bytes.length * (under === undefined ? 1 : 2);
  if (payload > MAX_PAYLOAD) throw cannot("value", `a value of ${bytes.length} bytes`, w);
  w.u32((row.header | (under === undefined ? 0 : 0x100) | payload) >>> 0);
  if (own !== 0) w.u32(row.experimenter);
  const at = w.p;
  w.bytes(bytes);
  if (under === undefined) return;
  w.bytes(under);
  if (!w.unchecked) maskBytes(w.b, at, at + bytes.length, bytes.length);
}
