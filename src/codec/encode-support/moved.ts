// TLVs that have keys of their own in JSON, and the list of the others.
import { EncodeError } from "../../base/index.js";
import type { MessageWriter } from "../message-writer.js";
import { notA } from "./errors.js";
import { asList, encodeAt, encodeEach, type JsonObject } from "./objects.js";

/** One TLV whose value is a key of the body, for putMoved. */
export interface MovedTlv {
  /** Its name in the table of TLVs. */
  readonly field: string;
  readonly key: string;
  /** What decode shows when the TLV is not there. */
  readonly absent: unknown;
}

type Encode = (w: MessageWriter, m: JsonObject) => unknown;

/**
 * Writes the TLVs of the keys that `m` has, then those of `list`; or in the order of keys that `_order` gives, in which `listKey` is the
 * next one of the list. A key that `_order` leaves out is not there, unless its value says otherwise. Throws EncodeError.
 * @param encode  writes one TLV
 */
export function putMoved(
  w: MessageWriter,
  m: JsonObject,
  moved: readonly MovedTlv[],
  list: unknown,
  listKey: string,
  encode: Encode,
): void {
  if (m._order === undefined) {
    for (const tlv of moved) putKey(w, m, tlv, encode);
    encodeEach(w, list, listKey, encode);
    return;
  }
  const others = asList(list, listKey);
  const order = orderOf(m._order, [...moved.map((tlv) => tlv.key), listKey]);
  const left = new Set(moved);
  let next = 0;
  for (const key of order) {
    const tlv = moved.find((one) => one.key === key);
    if (tlv === undefined) {
      if (next < others.length) encodeAt(w, others, next++, listKey, encode);
    } else if (left.delete(tlv)) putKey(w, m, tlv, encode);
  }
  for (const tlv of left) {
    const start = w.p;
    putKey(w, m, tlv, encode);
    const written = w.copy(start);
    w.p = start;
    encode(w, { field: tlv.field, value: tlv.absent });
    const isAbsent = w.copy(start).equals(written);
    w.p = start;
    if (!isAbsent) w.bytes(written);
  }
  while (next < others.length) encodeAt(w, others, next++, listKey, encode);
}

/** The keys that `_order` names. */
function orderOf(value: unknown, keys: readonly string[]): readonly unknown[] {
  const order = asList(value, "_order");
  order.forEach((item, i) => {
    if (!keys.includes(item as string)) throw notA("key of this list", item, `_order[${i}]`, keys);
  });
  return order;
}

/** Writes the TLV of a key, if the key is there. */
function putKey(w: MessageWriter, m: JsonObject, { field, key }: MovedTlv, encode: Encode): void {
  const value = m[key];
  if (value === undefined) return;
  try {
    encode(w, { field, value });
  } catch (error) {
    throw error instanceof EncodeError ? error.relocate(key) : error;
  }
}
