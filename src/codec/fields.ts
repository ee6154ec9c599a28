// Lists of match fields on their way to the wire: each element becomes one OXM TLV, then the prerequisites of the
// fields (OF 1.3.5 §7.2.3.8) are looked after. A field that needs another one has it before it on the wire: one that
// stands later in the list is moved, one that is missing is added if only one value is possible, and refused if not.
// The usual case, nothing to do, allocates nothing.
import { EncodeError } from "../base/index.js";
import { u16, u24, u32 } from "../wire/index.js";
import { asList, asObject, EMPTY, inside } from "./encode-support.js";
import type { FieldNeed } from "./field-kind.js";
import { encodeField, fieldKinds } from "./gen/encode/oxm.js";
import type { MessageWriter } from "./message-writer.js";

/** More fields than a message of 65535 bytes can hold. */
const MAX_FIELDS = 16384;

// The list that was written last: offset of each TLV in the writer, and its kind (-1: a field known by number only).
const offsets = new Int32Array(MAX_FIELDS);
const kinds = new Int16Array(MAX_FIELDS);
let count = 0;

// Where each kind stands in that list; valid where the stamp is the generation of that list. Float64Array: a counter
// of 32 bits would come round within hours.
const stamps = new Float64Array(fieldKinds.length);
const places = new Int16Array(fieldKinds.length);
let generation = 0;
let repeated = false;

const IP_PROTO = fieldKinds.findIndex((kind) => kind.name === "IP_PROTO");
const NX_IP_PROTO = fieldKinds.findIndex((kind) => kind.name === "NX_IP_PROTO");

/**
 * Writes the TLVs of a list of match fields, with their prerequisites unless `w.unchecked`, and sets `w.l4`.
 * @param key  key of the list, for errors
 * Throws EncodeError; bytes may have been written then.
 */
export function encodeFieldList(w: MessageWriter, list: unknown, key: string): void {
  const start = w.p;
  writeFields(w, list, key);
  if (!w.unchecked) completeFields(w, start, key);
}

/**
 * Writes the TLVs of a list as given and sets `w.l4`. What was written can be asked for with `fieldOffset`,
 * `fieldKind` and `fieldName` until the next list. Returns the number of fields.
 */
export function writeFields(w: MessageWriter, list: unknown, key: string): number {
  // YAML reads `match:` with nothing behind it as null or as an empty text.
  const elements = list === null || list === "" ? EMPTY : asList(list, key);
  if (elements.length > MAX_FIELDS) {
    throw new EncodeError(key, `${elements.length} fields, more than ${MAX_FIELDS}`, { code: "TOO_LONG" });
  }
  generation++;
  repeated = false;
  count = 0;
  let i = 0;
  try {
    for (; i < elements.length; i++) {
      offsets[i] = w.p;
      const named = encodeField(w, asObject(elements[i], ""));
      const kind = named >= 0 ? named : kindOfTlv(w.b, offsets[i]!);
      kinds[i] = kind;
      if (kind < 0) continue;
      if (stamps[kind] === generation) {
        repeated = true;
      } else {
        stamps[kind] = generation;
        places[kind] = i;
      }
    }
  } catch (error) {
    throw inside(error, `${key}[${i}]`);
  }
  count = elements.length;
  w.l4 = l4OfList(w);
  return count;
}

/** Fields by header and experimenter; made when the first field comes that is named by its header. */
let byHeader: ReadonlyMap<string, number> | undefined;

/** The kind of the TLV at `p`, -1 when no field has its header and length. */
function kindOfTlv(b: Uint8Array, p: number): number {
  byHeader ??= new Map(fieldKinds.map((kind, i) => [`${kind.header} ${kind.experimenter}`, i]));
  const vendor = u16(b, p) === 0xffff;
  const header = (u32(b, p) & 0xfffffe00) >>> 0;
  const kind = byHeader.get(`${header} ${vendor && b[p + 3]! >= 4 ? u32(b, p + 4) : 0}`);
  if (kind === undefined) return -1;
  const { size } = fieldKinds[kind]!;
  const payload = b[p + 3]! - (vendor ? 4 : 0);
  return payload === ((b[p + 2]! & 1) === 1 ? 2 * size : size) ? kind : -1;
}

/** Where the TLV of list element `i` starts in the writer. */
export function fieldOffset(i: number): number {
  return offsets[i]!;
}

/** What list element `i` is: its index in `fieldKinds`, -1 for a field that is known by number only. */
export function fieldKind(i: number): number {
  return kinds[i]!;
}

/** The name of list element `i`, or its OXM header in hex. */
export function fieldName(w: MessageWriter, i: number): string {
  return nameOf(w.b, offsets[i]!, kinds[i]!);
}

function nameOf(b: Uint8Array, p: number, kind: number): string {
  return kind < 0 ? `0x${u32(b, p).toString(16).toUpperCase().padStart(8, "0")}` : fieldKinds[kind]!.name;
}

function l4OfList(w: MessageWriter): number {
  const kind = stamps[IP_PROTO] === generation ? IP_PROTO : NX_IP_PROTO;
  if (kind < 0 || stamps[kind] !== generation) return 0;
  const p = offsets[places[kind]!]!;
  return isExact(w.b, p) ? fieldValue(w.b, p) : 0;
}

/** Bytes of the TLV at `p`. */
function tlvLength(b: Uint8Array, p: number): number {
  return 4 + b[p + 3]!;
}

/** Bytes of its value; with a mask, half of the payload. The class 0xffff has an experimenter word before it. */
function valueLength(b: Uint8Array, p: number): number {
  const payload = b[p + 3]! - (u16(b, p) === 0xffff ? 4 : 0);
  return (b[p + 2]! & 1) === 1 ? payload >> 1 : payload;
}

/** The `n` bytes at `p` as a number; the fields that others need have at most four. */
function numberAt(b: Uint8Array, p: number, n: number): number {
  if (n === 1) return b[p]!;
  if (n === 2) return u16(b, p);
  return n === 3 ? u24(b, p) : u32(b, p);
}

function valueOffset(b: Uint8Array, p: number): number {
  return u16(b, p) === 0xffff ? p + 8 : p + 4;
}

function fieldValue(b: Uint8Array, p: number): number {
  return numberAt(b, valueOffset(b, p), valueLength(b, p));
}

/** The bits of the value that count. */
function fieldMask(b: Uint8Array, p: number): number {
  if ((b[p + 2]! & 1) === 0) return 0xffffffff;
  const n = valueLength(b, p);
  return numberAt(b, valueOffset(b, p) + n, n);
}

function isExact(b: Uint8Array, p: number): boolean {
  if ((b[p + 2]! & 1) === 0) return true;
  const n = valueLength(b, p);
  return fieldMask(b, p) === (n >= 4 ? 0xffffffff : 2 ** (8 * n) - 1);
}

/** Whether the TLV at `p` is what a field asks for. */
function satisfies(b: Uint8Array, p: number, need: FieldNeed): boolean {
  if (need.values !== undefined) return isExact(b, p) && need.values.includes(fieldValue(b, p));
  if (need.bits === undefined) return true;
  return (fieldValue(b, p) & fieldMask(b, p) & need.bits) >>> 0 === need.bits;
}

/**
 * Looks after the prerequisites of the list that `writeFields` wrote last, from `start` to the writer's position.
 * Fields that are there twice with the same value are written once. Throws EncodeError.
 */
export function completeFields(w: MessageWriter, start: number, key: string): void {
  if (repeated || !isComplete(w.b)) new Arrangement(w, start, key).write();
}

/** Whether each prerequisite stands before the field that needs it. */
function isComplete(b: Uint8Array): boolean {
  for (let i = 0; i < count; i++) {
    const kind = kinds[i]!;
    if (kind < 0) continue;
    const needs = fieldKinds[kind]!.needs;
    for (let n = 0; n < needs.length; n++) {
      const need = needs[n]!;
      if (stamps[need.kind] !== generation) return false;
      const place = places[need.kind]!;
      if (place > i || !satisfies(b, offsets[place]!, need)) return false;
    }
  }
  return true;
}

/** Writes a list once more, in the order that the prerequisites ask for. */
class Arrangement {
  readonly #w: MessageWriter;
  readonly #start: number;
  readonly #key: string;
  /** The TLVs as the list has them. */
  readonly #given: Buffer;
  readonly #done: boolean[] = [];
  /** Kind -> offset of the TLV that was written for it. */
  readonly #written = new Map<number, number>();

  constructor(w: MessageWriter, start: number, key: string) {
    this.#w = w;
    this.#start = start;
    this.#key = key;
    this.#given = w.copy(start);
  }

  write(): void {
    this.#w.p = this.#start;
    for (let i = 0; i < count; i++) this.#field(i);
  }

  /** Writes list element `i`, after what it needs, unless that has been done. */
  #field(i: number): void {
    if (this.#done[i]) return;
    this.#done[i] = true;
    const kind = kinds[i]!;
    const tlv = this.#tlv(i);
    if (kind >= 0) {
      const earlier = this.#written.get(kind);
      if (earlier !== undefined) {
        this.#same(i, earlier, tlv);
        return;
      }
      for (const need of fieldKinds[kind]!.needs) this.#meet(need, i);
      this.#written.set(kind, this.#w.p);
    }
    this.#w.bytes(tlv);
  }

  #tlv(i: number): Buffer {
    const p = offsets[i]! - this.#start;
    return this.#given.subarray(p, p + tlvLength(this.#given, p));
  }

  #same(i: number, earlier: number, tlv: Buffer): void {
    if (tlv.equals(this.#w.b.subarray(earlier, earlier + tlv.length))) return;
    const kind = kinds[i]!;
    throw this.#error(
      i,
      `${fieldKinds[kind]!.name} is also in ${this.#key}[${places[kind]}], and not with the same value`,
    );
  }

  /** Sees to it that what list element `i` needs is written. */
  #meet(need: FieldNeed, i: number): void {
    if (!this.#written.has(need.kind)) {
      if (stamps[need.kind] === generation) this.#field(places[need.kind]!);
      else this.#add(need, i);
    }
    const p = this.#written.get(need.kind)!;
    const b = this.#w.b;
    if (!satisfies(b, p, need)) {
      const has = `${formatValue(need.kind, fieldValue(b, p))}${isExact(b, p) ? "" : " under a mask"}`;
      throw this.#error(i, `${this.#needText(need, i)}, but the match has ${has}`);
    }
  }

  /** Writes a field that the list does not have, if there is but one value for it. */
  #add(need: FieldNeed, i: number): void {
    const kind = fieldKinds[need.kind]!;
    if (need.values?.length !== 1 || kind.size > 4) {
      throw this.#error(i, `${this.#needText(need, i)}, which the match does not have`);
    }
    for (const further of kind.needs) this.#meet(further, i);
    const w = this.#w;
    this.#written.set(need.kind, w.p);
    const own = kind.experimenter === 0 ? 0 : 4;
    w.u32((kind.header | (own + kind.size)) >>> 0);
    if (own !== 0) w.u32(kind.experimenter);
    const value = need.values[0]!;
    if (kind.size === 1) w.u8(value);
    else if (kind.size === 2) w.u16(value);
    else if (kind.size === 3) w.u24(value);
    else w.u32(value);
  }

  #needText(need: FieldNeed, i: number): string {
    const name = fieldKinds[need.kind]!.name;
    const head = `${fieldKinds[kinds[i]!]!.name} needs ${name}`;
    if (need.bits !== undefined) return `${head} with bit ${formatValue(need.kind, need.bits)} set`;
    if (need.values === undefined) return head;
    return `${head} ${need.values.map((value) => formatValue(need.kind, value)).join(" or ")}`;
  }

  #error(i: number, detail: string): EncodeError {
    return new EncodeError("field", detail).prefix(`${this.#key}[${i}]`);
  }
}

/** Numbers of one byte are decimal (IP protocols, ICMP types), longer ones hex (Ethernet types, VLAN ids). */
function formatValue(kind: number, value: number): string {
  const { size } = fieldKinds[kind]!;
  return size === 1 ? String(value) : `0x${value.toString(16).padStart(2 * size, "0")}`;
}
