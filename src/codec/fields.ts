// Lists of match fields on their way to the wire: each element becomes one OXM TLV, then the prerequisites of the
// fields (OF 1.3.5 §7.2.3.8) are looked after, in field-prerequisites.ts, unless all is in order, which is the usual
// case and allocates nothing.
import { EncodeError } from "../base/index.js";
import { u16, u32 } from "../wire/index.js";
import { asList, asObject, inside } from "./encode-support.js";
import { Arrangement, type FieldPlaces } from "./field-prerequisites.js";
import { fieldValue, isExact, satisfies } from "./field-tlv.js";
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
  const elements = asList(list, key);
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

/** The list that was written last, for those who look at its elements. */
const written: FieldPlaces = {
  get count() {
    return count;
  },
  offset: fieldOffset,
  kind: fieldKind,
  find: (kind) => (stamps[kind] === generation ? places[kind]! : -1),
};

/**
 * Looks after the prerequisites of the list that `writeFields` wrote last, from `start` to the writer's position.
 * Fields that are there twice with the same value are written once. Throws EncodeError.
 */
export function completeFields(w: MessageWriter, start: number, key: string): void {
  if (repeated || !isComplete(w.b)) new Arrangement(w, start, key, written).write();
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
