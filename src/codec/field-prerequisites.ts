// Lists of match fields whose prerequisites are not in order (OF 1.3.5 §7.2.3.8): the list is judged as a whole, then
// written once more. A field has what it needs before it: what stands later in the list is moved, what is missing is
// added where all fields together leave one value for it, and refused where they leave several, or none.
import { EncodeError } from "../base/index.js";
import type { FieldNeed, MaskedBits } from "./field-kind.js";
import { fieldValue, isExact, satisfies, tlvLength } from "./field-tlv.js";
import { fieldKinds } from "./gen/encode/oxm.js";
import type { MessageWriter } from "./message-writer.js";

/** A list of fields in a writer. */
export interface FieldPlaces {
  readonly count: number;
  /** Where the TLV of element `i` starts in the writer. */
  offset(i: number): number;
  /** What element `i` is: its index in `fieldKinds`, -1 for a field that is known by number only. */
  kind(i: number): number;
  /** The first element of a kind, -1 when there is none. */
  find(kind: number): number;
}

/** A field that the list does not have and some of its elements need. */
interface Wanted {
  /** Each need for it, and the element that has it. */
  readonly by: { readonly need: FieldNeed; readonly i: number }[];
  /** The values that all of them allow; undefined while none has said. */
  values: readonly number[] | undefined;
}

/** Writes a list once more, in the order that the prerequisites ask for. */
export class Arrangement {
  readonly #w: MessageWriter;
  readonly #start: number;
  readonly #key: string;
  readonly #places: FieldPlaces;
  /** The TLVs as the list has them. */
  readonly #given: Buffer;
  readonly #offsets: number[] = [];
  readonly #done: boolean[] = [];
  /** Kind -> offset of the TLV that was written for it. */
  readonly #written = new Map<number, number>();
  /** Kind -> what the list lacks of it. */
  readonly #wanted = new Map<number, Wanted>();

  /**
   * @param start  where the list starts in the writer, at whose position it ends
   * @param key    key of the list, for errors
   */
  constructor(w: MessageWriter, start: number, key: string, places: FieldPlaces) {
    this.#w = w;
    this.#start = start;
    this.#key = key;
    this.#places = places;
    this.#given = w.copy(start);
    for (let i = 0; i < places.count; i++) this.#offsets.push(places.offset(i) - start);
  }

  /** Throws EncodeError. */
  write(): void {
    for (let i = 0; i < this.#places.count; i++) {
      const kind = this.#places.kind(i);
      if (kind >= 0) this.#judge(kind, i);
    }
    for (const [kind, wanted] of this.#wanted) this.#settle(kind, wanted);
    this.#w.p = this.#start;
    for (let i = 0; i < this.#places.count; i++) this.#field(i);
  }

  // ---- what the list lacks

  /** Notes what `kind` needs for the sake of element `i`; refuses what contradicts the list. */
  #judge(kind: number, i: number): void {
    for (const need of fieldKinds[kind]!.needs) {
      const { meets, other } = this.#providers(need);
      if (meets >= 0) continue;
      if (other >= 0) throw this.#conflict(i, need, this.#said(other));
      this.#want(need, i);
      this.#judge(need.kind, i);
    }
  }

  /** The element that is what a need asks for, and one that speaks of the same and is not; -1 when there is none. */
  #providers(need: FieldNeed): { meets: number; other: number } {
    let other = -1;
    const own = this.#places.find(need.kind);
    if (own >= 0) {
      if (satisfies(this.#given, this.#offsets[own]!, need)) return { meets: own, other };
      other = own;
    }
    for (const { kind, plus } of need.or ?? []) {
      const i = this.#places.find(kind);
      // A number below `plus` says nothing of the needed field: a packet type that is no Ethernet type.
      if (i < 0 || fieldValue(this.#given, this.#offsets[i]!) < plus) continue;
      if (satisfies(this.#given, this.#offsets[i]!, need, plus)) return { meets: i, other };
      other = i;
    }
    return { meets: -1, other };
  }

  #want(need: FieldNeed, i: number): void {
    const wanted = this.#wanted.get(need.kind) ?? { by: [], values: undefined };
    this.#wanted.set(need.kind, wanted);
    const { values } = need;
    if (values !== undefined) {
      const left = wanted.values === undefined ? values : wanted.values.filter((v) => values.includes(v));
      if (left.length === 0) {
        const rival =
          wanted.by.find((one) => one.need.values?.some((v) => values.includes(v)) === false) ??
          wanted.by[0]!;
        throw this.#conflict(i, need, this.#needText(rival.need, rival.i, rival.need.values));
      }
      wanted.values = left;
    }
    wanted.by.push({ need, i });
  }

  /** Refuses to add a field for which there is more than one value. */
  #settle(kind: number, { by, values }: Wanted): void {
    if (values?.length === 1 && fieldKinds[kind]!.size <= 4) return;
    const { need, i } = by[0]!;
    throw this.#error(
      i,
      `Missing prerequisites: ${this.#needText(need, i, values)}, which the match does not have`,
    );
  }

  // ---- the list once more

  /** Writes list element `i`, after what it needs, unless that has been done. */
  #field(i: number): void {
    if (this.#done[i]) return;
    this.#done[i] = true;
    const kind = this.#places.kind(i);
    const tlv = this.#tlv(i);
    if (kind >= 0) {
      const earlier = this.#written.get(kind);
      if (earlier !== undefined) {
        this.#same(i, earlier, tlv);
        return;
      }
      for (const need of fieldKinds[kind]!.needs) this.#meet(need);
      this.#written.set(kind, this.#w.p);
    }
    this.#w.bytes(tlv);
  }

  #tlv(i: number): Buffer {
    const p = this.#offsets[i]!;
    return this.#given.subarray(p, p + tlvLength(this.#given, p));
  }

  #same(i: number, earlier: number, tlv: Buffer): void {
    if (tlv.equals(this.#w.b.subarray(earlier, earlier + tlv.length))) return;
    const kind = this.#places.kind(i);
    const name = fieldKinds[kind]!.name;
    throw this.#error(
      i,
      `Conflicting prerequisites: ${name} is also in ${this.#key}[${this.#places.find(kind)}], and not with the same value`,
    );
  }

  /** Sees to it that what a field needs is written. */
  #meet(need: FieldNeed): void {
    const { meets } = this.#providers(need);
    if (meets >= 0) this.#field(meets);
    else if (!this.#written.has(need.kind)) this.#add(need.kind);
  }

  /** Writes a field that the list does not have. */
  #add(index: number): void {
    const kind = fieldKinds[index]!;
    for (const further of kind.needs) this.#meet(further);
    const w = this.#w;
    this.#written.set(index, w.p);
    const own = kind.experimenter === 0 ? 0 : 4;
    w.u32((kind.header | (own + kind.size)) >>> 0);
    if (own !== 0) w.u32(kind.experimenter);
    const value = this.#wanted.get(index)!.values![0]!;
    if (kind.size === 1) w.u8(value);
    else if (kind.size === 2) w.u16(value);
    else if (kind.size === 3) w.u24(value);
    else w.u32(value);
  }

  // ---- errors

  #conflict(i: number, need: FieldNeed, instead: string): EncodeError {
    return this.#error(
      i,
      `Conflicting prerequisites: ${this.#needText(need, i, need.values)}, but ${instead}`,
    );
  }

  /** What element `i`, which others need, says. */
  #said(i: number): string {
    const kind = this.#places.kind(i);
    const p = this.#offsets[i]!;
    const masked = isExact(this.#given, p) ? "" : " under a mask";
    return `${this.#key}[${i}] has ${fieldKinds[kind]!.name} ${formatValue(kind, fieldValue(this.#given, p))}${masked}`;
  }

  #needText(need: FieldNeed, i: number, values: readonly number[] | undefined): string {
    const head = `${fieldKinds[this.#places.kind(i)]!.name} needs ${fieldKinds[need.kind]!.name}`;
    if (need.under !== undefined)
      return `${head} with ${need.under.map((one) => formatBits(need.kind, one)).join(" or ")}`;
    if (values === undefined) return head;
    return `${head} ${values.map((value) => formatValue(need.kind, value)).join(" or ")}`;
  }

  /** The first words are those by which clients know these errors. */
  #error(i: number, detail: string): EncodeError {
    return new EncodeError("", `Invalid match: ${detail}`).prefix(`${this.#key}[${i}]`);
  }
}

/** `+trk-inv` of fields that have signs; else `bit 0x1000 set`, `0x20 under the mask 0x30`. */
function formatBits(kind: number, { value, mask }: MaskedBits): string {
  const signs = Object.entries(fieldKinds[kind]!.symbols?.signs ?? {}).filter(
    ([, bit]) => (bit & mask) !== 0,
  );
  if (signs.length > 0)
    return signs
      .sort(([, a], [, b]) => Number((b & value) !== 0) - Number((a & value) !== 0))
      .map(([name, bit]) => `${(bit & value) === 0 ? "-" : "+"}${name}`)
      .join("");
  const said = formatValue(kind, value);
  return value === mask ? `bit ${said} set` : `${said} under the mask ${formatValue(kind, mask)}`;
}

/** Numbers of one byte are decimal (IP protocols, ICMP types), longer ones hex (Ethernet types, VLAN ids). */
function formatValue(kind: number, value: number): string {
  const { size } = fieldKinds[kind]!;
  return size === 1 ? String(value) : `0x${value.toString(16).padStart(2 * size, "0")}`;
}
