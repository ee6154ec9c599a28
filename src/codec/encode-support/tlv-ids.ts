// TLVs known by number only, and lists of the ids of TLVs: names, or hex digits.
import { EncodeError } from "../../base/index.js";
import { parseInteger } from "../../text/index.js";
import type { MessageWriter } from "../message-writer.js";
import { notA } from "./errors.js";
import type { ValueTable } from "./names.js";
import { asList } from "./objects.js";
import { hexOf, isScalar } from "./texts.js";

/** Writes a TLV that is named by its header in hex, `0x80001402` or `0xFFFF5608.0x4F4E4600`, with hex data. */
export function putRawTlv(w: MessageWriter, name: string, value: unknown, mask: unknown): void {
  const words = name.split(".");
  const header = parseInteger(words[0] ?? "");
  const experimenter = words[1] === undefined ? undefined : parseInteger(words[1]);
  if (typeof header !== "number" || header > 0xffffffff || words.length > 2)
    throw notA("Field", name, "field");
  if (words[1] !== undefined && (typeof experimenter !== "number" || experimenter > 0xffffffff))
    throw notA("Field", name, "field");
  const bytes = hexOf(value, "value");
  const maskBytes = mask === undefined ? undefined : hexOf(mask, "mask");
  const length = bytes.length + (maskBytes?.length ?? 0);
  const announced = (header & 0xff) - (experimenter === undefined ? 0 : 4);
  if (length !== announced) {
    throw new EncodeError("value", `${length} bytes, but the header ${words[0]} announces ${announced}`, {
      found: value,
    });
  }
  w.u32(header);
  if (typeof experimenter === "number") w.u32(experimenter);
  w.bytes(bytes);
  if (maskBytes) w.bytes(maskBytes);
}

/** The code in a tag like `0x0099`; undefined when the tag is a name. */
export function rawCode(tag: unknown, max: number): number | undefined {
  const n = typeof tag === "number" ? tag : typeof tag === "string" ? parseInteger(tag) : undefined;
  return typeof n === "number" && Number.isInteger(n) && n >= 0 && n <= max ? n : undefined;
}

/** The number after the prefix of a tag like `EXPERIMENTER.0x00002320`. */
export function tagNumber(tag: string, prefix: string): number | undefined {
  return tag.startsWith(prefix) ? rawCode(tag.slice(prefix.length), 0xffffffff) : undefined;
}

/** What the header of a field says where no value follows: the bytes of the value, the most there can be where their number is open. */
export function idBytes(size: number): number {
  return size < 0 ? 124 : size;
}

/** What is known of a TLV by its name. */
export type TlvNames = ReadonlyMap<
  string,
  { readonly header: number; readonly experimenter: number; readonly size: number }
>;

/** Writes a list of OXM headers. Throws EncodeError. */
export function putOxmIds(w: MessageWriter, value: unknown, key: string, names: TlvNames): void {
  asList(value, key).forEach((item, i) => {
    putOxmId(w, item, `${key}[${i}]`, names);
  });
}

/** A field of an open number of bytes, and how many. */
const COUNTED = /^([A-Z]\w*)\((\d{1,3})\)$/;

/** The name of a field and its bytes, of a text that may be `NAME(4)`; undefined for one whose bytes are not open, or too many. */
export function fieldBytes(
  text: string,
  sizeOf: (name: string) => number | undefined,
): { readonly name: string; readonly bytes: number } | undefined {
  const [, counted, digits] = COUNTED.exec(text) ?? [];
  const size = sizeOf(counted ?? text);
  if (size === undefined) return undefined;
  if (counted === undefined) return { name: text, bytes: idBytes(size) };
  const bytes = Number(digits);
  return size < 0 && bytes > 0 && bytes <= idBytes(size) ? { name: counted, bytes } : undefined;
}

/** Writes an OXM header: `NAME`, `NAME/`, `~NAME`, `NAME(4)` or hex; that may have the same marks where its bits say so. Throws EncodeError. */
export function putOxmId(w: MessageWriter, item: unknown, key: string, names: TlvNames): void {
  if (!isScalar(item)) throw notA("Field", item, key);
  const name = String(item);
  const bare = name.replace(/^~|\/$/g, "");
  const field = fieldBytes(bare, (one) => names.get(one)?.size);
  const known = field && names.get(field.name);
  if (field !== undefined && known !== undefined) {
    const masked = name.endsWith("/");
    const size = field.bytes * (masked ? 2 : 1) + (known.experimenter === 0 ? 0 : 4);
    w.u32((known.header | (masked ? 0x100 : 0) | (name.startsWith("~") ? 0 : size)) >>> 0);
    if (known.experimenter !== 0) w.u32(known.experimenter);
    return;
  }
  const words = bare.split(".").map((word) => rawCode(word, 0xffffffff));
  const claimsMask = name.endsWith("/") && ((words[0] ?? 0) & 0x100) === 0;
  if (words.some((word) => word === undefined) || words.length > 2 || claimsMask)
    throw notA("Field", item, key, names.keys());
  for (const word of words) w.u32(word ?? 0);
}

/** Writes a list of bare headers (type, length 4): names, or hex with what follows the header after a dot. */
export function putIds(w: MessageWriter, value: unknown, key: string, names: ValueTable, type: string): void {
  const list = asList(value, key);
  list.forEach((item, i) => {
    const at = `${key}[${i}]`;
    if (!isScalar(item)) throw notA(type, item, at);
    const name = String(item);
    const dot = name.indexOf(".");
    const head = dot < 0 ? name : name.slice(0, dot);
    const code = names.get(head) ?? (head === "EXPERIMENTER" ? 0xffff : rawCode(head, 0xffff));
    if (code === undefined) throw notA(type, item, at, names.keys());
    // An experimenter's id goes on behind the header; the name without one means the id 0, the number a bare header.
    const text =
      dot >= 0 ? name.slice(dot + 1).replace(/^0x/i, "") : head === "EXPERIMENTER" ? "00000000" : undefined;
    const rest = text === undefined ? undefined : hexOf(text, at);
    w.u16(code);
    w.u16(4 + (rest?.length ?? 0));
    if (rest) w.bytes(rest);
  });
}
