// One TLV from JSON: {field, value, mask}.
import { EncodeError } from "../base/index.js";
import { putU32 } from "../wire/index.js";
import {
  cannot,
  causeOf,
  countKeys,
  hexOf,
  type JsonObject,
  maskBytes,
  missing,
  notA,
  putRawTlv,
  show,
  unknownKey,
} from "./encode-support.js";
import type { FieldKind } from "./field-kind.js";
import { kindNamed, type Prefixes } from "./field-names.js";
import { readSymbols } from "./field-symbols.js";
import type { MessageWriter } from "./message-writer.js";
import { type OptionForm, optionName } from "./option-name.js";

type PutValue = (w: MessageWriter, form: number, b: Buffer, p: number, value: unknown, key: string) => void;

/** What encoding knows of a table of TLVs. */
export interface TlvTable {
  /** The key that names the field. */
  readonly tag: string;
  readonly kinds: readonly FieldKind[];
  /** Places in `kinds` by name. */
  readonly index: ReadonlyMap<string, number>;
  readonly prefixes: Prefixes;
  readonly put: PutValue;
  /** Undefined where no field is an option of a tunnel. */
  readonly option: OptionForm | undefined;
}

/** Largest payload that the length byte of a TLV can announce. */
const MAX_PAYLOAD = 255;

/**
 * Writes the TLV that `m` describes and returns its index in `kinds`, -1 when it is named by its header in hex. The value is ANDed with
 * its mask unless the writer is unchecked. Throws EncodeError with the key of the part that is wrong.
 * @param alone  `m` has no keys but those of a field; false where they stand among others, as in SET_FIELD, whose encoder counts them
 */
export function encodeTlv(w: MessageWriter, m: JsonObject, table: TlvTable, alone: boolean): number {
  const { tag, kinds, index, prefixes, put, option: form } = table;
  const value = m.value;
  const mask = m.mask;
  const option = m.option;
  const said = m[tag];
  const name = option === undefined || form === undefined ? said : optionName(w, said, option, form, table);
  if (name === undefined) throw alone ? causeOf(missing(tag), m, known(table)) : missing(tag);
  if (value === undefined) throw alone ? causeOf(missing("value"), m, known(table)) : missing("value");
  const kind = typeof name === "string" ? kindNamed(index, prefixes, name) : undefined;
  if (
    alone &&
    countKeys(m) !== (mask === undefined ? 2 : 3) + (option === undefined || form === undefined ? 0 : 1)
  )
    throw unknownKey(m, known(table));
  if (kind === undefined) {
    const text = typeof name === "number" ? String(name) : name;
    if (typeof text !== "string" || !/^\d/.test(text)) throw notA("Field", name, tag, index.keys());
    putRawTlv(w, text, value, mask);
    return -1;
  }
  const row = kinds[kind]!;
  if (row.size < 0) putAnyBytes(w, row, value, mask);
  else if (row.symbols !== undefined) {
    const read = readSymbols(row.symbols, value, mask);
    putSized(w, row, read.value, read.mask, put);
  } else if (row.ip === true && (hasSlash(value) || hasSlash(mask))) putPrefixed(w, row, value, mask, put);
  else putSized(w, row, value, mask, put);
  return kind;
}

/** The keys of a field that stands alone, blank separated. */
function known({ tag, option }: TlvTable): string {
  return `${tag} value mask${option === undefined ? "" : " option"}`;
}

/** Refuses the TLV at `p`, out of `m`, when it has a mask; what was on the wire, as decoding shows it, goes back there. */
export function refuseMask(w: MessageWriter, p: number, m: JsonObject): void {
  if ((w.b[p + 2]! & 1) === 0 || w.unchecked) return;
  throw cannot(m.mask === undefined ? "value" : "mask", `${show(m.field)} with a mask`, w);
}

function putSized(
  w: MessageWriter,
  row: FieldKind,
  value: unknown,
  mask: unknown,
  put: PutValue,
  maskKey = "mask",
): void {
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
  if (row.ip === true && isNumber(mask)) throw bareLength(row, mask);
  // A mask may have any bits of the whole bytes.
  const checked = w.unchecked;
  w.unchecked = true;
  put(w, row.form, b, at + size, mask, maskKey);
  w.unchecked = checked;
  if (!checked) maskBytes(b, at, at + size, size);
}

function hasSlash(value: unknown): value is string {
  return typeof value === "string" && value.includes("/");
}

/** An IP address with a prefix: `value: 10.0.0.0/8`, `value: 10.0.0.0/255.0.0.0`, or `mask: /8`. */
function putPrefixed(w: MessageWriter, row: FieldKind, value: unknown, mask: unknown, put: PutValue): void {
  if (!hasSlash(value)) {
    putSized(w, row, value, prefixMask(row, mask as string, "mask"), put);
    return;
  }
  const slash = value.indexOf("/");
  if (mask !== undefined) {
    throw new EncodeError("mask", `the value has a mask of its own: ${show(value)}`, { found: mask });
  }
  const own = value.slice(slash + 1);
  const isLength = /^\d*$/.test(own);
  putSized(w, row, value.slice(0, slash), isLength ? prefixMask(row, `/${own}`, "value") : own, put, "value");
}

/** The address that selects the first bits: `/24` is 255.255.255.0; undefined for all bits, which need no mask. */
function prefixMask(row: FieldKind, text: string, key: string): string | undefined {
  const type = typeOf(row);
  if (!/^\/\d{1,3}$/.test(text)) throw notA(`prefix length of an ${type}, like /24`, text, key);
  const length = Number(text.slice(1));
  const bits = 8 * row.size;
  if (length > bits) throw notA(`prefix length of an ${type}: it has ${bits} bits`, text, key);
  if (length === bits) return undefined;
  const bytes = Buffer.alloc(row.size);
  for (let i = 0; i < length; i++) bytes[i >> 3]! |= 0x80 >> (i & 7);
  return row.size === 4 ? bytes.join(".") : (bytes.toString("hex").match(/.{4}/g) ?? []).join(":");
}

function typeOf(row: FieldKind): string {
  return row.size === 4 ? "IPv4Address" : "IPv6Address";
}

function isNumber(value: unknown): boolean {
  return typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value));
}

/** A number may be the length of a prefix or the mask as an integer, so it is neither. */
function bareLength(row: FieldKind, mask: unknown): EncodeError {
  const type = typeOf(row);
  return new EncodeError("mask", `${show(mask)} is not an ${type}; the length of a prefix is /${mask}`, {
    found: mask,
    expected: type,
  });
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
