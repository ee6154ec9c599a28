// The keys of a body, printed in the order of `json` from wherever this version has their values.
import type { JsonField, Row, TypeRef } from "../schema/index.js";
import { Members } from "./decode-members.js";
import { emitMovesOrder, emitUnmoved, type Moves } from "./decode-moves.js";
import {
  emitOrder,
  emitRest,
  type HoistedProperty,
  type Properties,
  propertyEnd,
} from "./decode-properties.js";
import type { RowPlaces } from "./decode-rows.js";
import {
  contentAt,
  contentEnd,
  type DecodeTarget,
  nativeDecoder,
  readSource,
  type Source,
} from "./decode-target.js";
import { constantText, emitValue } from "./decode-values.js";
import { nativeName, quote } from "./naming.js";

/** Where the values of all keys of a body are. */
export interface KeyPlaces {
  readonly rows: RowPlaces;
  readonly properties: Properties | undefined;
  /** Keys of hoisted properties that stand among those of the body. */
  readonly spread: ReadonlyMap<string, Source>;
  /** Keys that TLVs of a match carry. */
  readonly copies: ReadonlyMap<string, Source>;
  /** TLVs that are keys only. */
  readonly moves: Moves | undefined;
}

/** Where one key comes from. */
type Origin =
  | { readonly kind: "wire"; readonly source: Source }
  | { readonly kind: "property"; readonly property: HoistedProperty; readonly of: Properties }
  | { readonly kind: "rest"; readonly of: Properties }
  | { readonly kind: "set"; readonly row: Extract<Row, { kind: "set" }> };

/** Emits what prints all keys that the version has. */
export function emitKeys(t: DecodeTarget, places: KeyPlaces): void {
  const members = new Members(t.out, startsOptional(t, places));
  for (const field of t.unit.json) {
    if (field.since > t.version) continue;
    if (field.inline) members.always(() => emitInline(t, places.rows, field));
    else if (field.derived) emitDerived(t, places.rows, field.derived);
    else if (field.type) emitKey(t, places, members, field, field.type);
    if (field.packet) emitPacket(t, places, field.name);
  }
  if (places.properties) emitOrder(t, places.properties);
  if (places.moves) emitMovesOrder(t, places.moves);
}

/** Emits what prints a body that is an array: its only row. */
export function emitArray(t: DecodeTarget, rows: RowPlaces, type: TypeRef): void {
  const place = [...rows.sources.values()][0];
  if (place === undefined) throw new Error(`${t.unit.id} is a list without a row`);
  const { width, at, end } = place;
  const { g, module, out, version } = t;
  emitValue(g, module, out, { type, width, at, end, version, by: undefined, bitRange: undefined });
}

function originOf({ rows, properties, spread, copies, moves }: KeyPlaces, key: string): Origin | undefined {
  const source = rows.sources.get(key) ?? spread.get(key) ?? copies.get(key) ?? moves?.sources.get(key);
  if (source) return { kind: "wire", source };
  const property = properties?.hoisted.find((h) => h.to === key);
  if (property && properties) return { kind: "property", property, of: properties };
  if (properties?.place.row.rest === key) return { kind: "rest", of: properties };
  const row = rows.sets.get(key);
  return row && { kind: "set", row };
}

/** True when the first key may be left out, so that commas depend on what was printed. */
function startsOptional(t: DecodeTarget, places: KeyPlaces): boolean {
  for (const field of t.unit.json) {
    if (field.since > t.version) continue;
    if (field.inline) return false;
    const origin = originOf(places, field.name);
    if (origin === undefined) continue;
    if (origin.kind === "property") return true;
    const isThere = origin.kind === "wire" && origin.source.when === undefined;
    if (origin.kind === "wire" && origin.source.optional) return true;
    return field.omit !== undefined && !(field.omit === "absent" && isThere);
  }
  return false;
}

function emitKey(
  t: DecodeTarget,
  places: KeyPlaces,
  members: Members,
  field: JsonField,
  type: TypeRef,
): void {
  const { out } = t;
  const key = `${quote(field.name)}:`;
  const origin = originOf(places, field.name);
  switch (origin?.kind) {
    case "wire":
      emitWireKey(t, places, members, field, type, origin.source);
      break;
    case "property": {
      const { property } = origin;
      members.optional(`${property.local} !== 0`, () => {
        out.text(`${key}{`);
        const end = propertyEnd(t, property, origin.of.header);
        out.add(
          `${t.g.call(t.module, "decode", property.unit.id, t.version)}(b, ${property.local}, ${end}, w);`,
        );
        out.text("}");
      });
      break;
    }
    case "rest": {
      const print = (): void => {
        out.text(key);
        emitRest(t, origin.of);
      };
      if (field.omit === undefined) members.always(print);
      else members.optional("others !== 0", print);
      break;
    }
    case "set": {
      const text = constantText(t.g, type, origin.row.value, t.version);
      const print = (): void => out.text(key + text);
      if (typeof field.omit === "object")
        members.optional(`${text} !== ${numberOfKey(t, places, field.omit.sameAs)}`, print);
      else members.always(print);
      break;
    }
    default:
      break;
  }
}

/** Prints a key whose value is in the frame; where it may be missing, nothing or the constant that stands for its absence. */
function emitWireKey(
  t: DecodeTarget,
  places: KeyPlaces,
  members: Members,
  field: JsonField,
  type: TypeRef,
  source: Source,
): void {
  const { out } = t;
  const { omit } = field;
  const { when } = source;
  const there = when === undefined ? "" : `${when} && `;
  const print = (): void => {
    out.text(`${quote(field.name)}:`);
    if (places.moves?.row.name === field.name) emitUnmoved(t, places.moves);
    else emitValueOf(t, places, field, type, source);
  };
  if ((omit === "absent" || source.optional) && when !== undefined) {
    members.optional(when, print);
  } else if (omit === "empty") {
    const isInt = source.width.kind === "int";
    const given = isInt ? `${numberAt(t, field, source)} !== 0` : `${source.at} !== ${source.end}`;
    members.optional(there + given, print);
  } else if (typeof omit === "object") {
    const other = numberOfKey(t, places, omit.sameAs);
    members.optional(`${there}${numberAt(t, field, source)} !== ${other}`, print);
  } else if (when !== undefined) {
    members.always(() => {
      out.text(`${quote(field.name)}:`);
      out.open(`if (${when}) {`);
      emitValueOf(t, places, field, type, source);
      out.close("} else {");
      out.text(absentText(t, field, type));
      out.close();
    });
  } else {
    members.always(print);
  }
  if (source.residue) emitResidue(t, source, source.residue);
}

/** What a key shows when the frame does not have its value. */
function absentText(t: DecodeTarget, field: JsonField, type: TypeRef): string {
  const absent = field.absent ?? (field.default?.kind === "key" ? undefined : field.default);
  return absent ? constantText(t.g, type, absent, t.version) : "null";
}

function emitValueOf(
  t: DecodeTarget,
  { rows, spread }: KeyPlaces,
  field: JsonField,
  type: TypeRef,
  source: Source,
): void {
  if (source.width.kind === "list" && tellsL4(t, type)) {
    const l4 = t.module.use("l4OfFields", "codec/native/match-oxm");
    const context = t.module.use("context", "codec/context");
    t.out.add(`${context}.l4 = ${l4}(b, ${contentAt(source)}, ${contentEnd(source)});`);
  }
  const by = field.by === undefined ? undefined : (rows.sources.get(field.by) ?? spread.get(field.by));
  emitValue(t.g, t.module, t.out, {
    type,
    width: source.width,
    at: contentAt(source),
    end: contentEnd(source),
    version: t.version,
    by: by?.width.kind === "int" ? readSource(t, by.width.bytes, by.at) : undefined,
    bitRange: bitRange(rows, source),
  });
}

/**
 * Whether a list is the match of something that acts: what follows may be spelled by the protocol that it demands. Matches of other
 * widths are read by hand, and tell it there.
 */
function tellsL4(t: DecodeTarget, type: TypeRef): boolean {
  if (t.g.model.definitions.get(type.name)?.kind !== "tlv_table") return false;
  const unions = [...t.g.model.definitions.values()].filter((d) => d.kind === "union");
  const spelled = unions.some(({ cases }) =>
    cases.some((c) => c.type[t.version] !== undefined && c.as.some(({ value }) => typeof value !== "string")),
  );
  return spelled && t.unit.json.some((f) => f.type?.list && unions.some(({ name }) => name === f.type?.name));
}

/** Sources of the first bit and the number of bits of a sub-field; undefined for other widths. */
function bitRange({ variables }: RowPlaces, { width }: Source): readonly [string, string] | undefined {
  if (width.kind !== "oxm_id") return undefined;
  const [first = "0", second = "0"] = width.vars.map((name) =>
    /^\d/.test(name) ? name : (variables.get(name) ?? "0"),
  );
  return width.packed ? [`${first} >>> 6`, `(${first} & 63) + 1`] : [first, second];
}

/** Prints the bytes of a value too, under a key of their own, when the value does not tell all of them. */
function emitResidue(t: DecodeTarget, source: Source, key: string): void {
  if (source.width.kind !== "native") return;
  const { fn } = source.width;
  const { out } = t;
  const test = t.module.use(`residue${nativeName(fn)}`, nativeDecoder(fn));
  out.open(`if (${test}(b, ${source.at}, ${source.end})) {`);
  out.text(`,${quote(key)}:`);
  out.add(`${t.module.use("writeHex", "text/index")}(b, ${source.at}, ${source.end}, w);`);
  out.close();
}

/** Calls what prints the keys of a part among those of the body. */
function emitInline(t: DecodeTarget, { inline }: RowPlaces, field: JsonField): void {
  if (inline === undefined || field.type === undefined) return;
  const { kind } = inline.width;
  const decoder =
    kind === "message"
      ? t.module.use("decodeNested", "codec/nested")
      : t.g.call(t.module, "decode", field.type.name, t.version);
  // A match field knows its own length.
  t.out.add(`${decoder}(b, ${inline.at}, ${kind === "oxm" ? "" : `${inline.end}, `}w);`);
}

/** Calls the hand-written function that prints a key made from other bytes, with its comma. */
function emitDerived(t: DecodeTarget, { sources }: RowPlaces, derived: { fn: string; arg: string }): void {
  const data = sources.get(derived.arg);
  if (data === undefined) return;
  const name = t.module.use(`write${nativeName(derived.fn)}`, nativeDecoder(derived.fn));
  t.out.add(`${name}(b, ${data.at}, ${data.end}, w);`);
}

/** Calls what prints the keys of packets behind the frame, if that is asked for. */
function emitPacket(t: DecodeTarget, { rows, spread }: KeyPlaces, key: string): void {
  const data = rows.sources.get(key) ?? spread.get(key);
  if (data === undefined) return;
  const name = t.module.use("writePacket", "codec/decode-packet");
  const there = data.when === undefined ? "" : `if (${data.when}) `;
  t.out.add(`${there}${name}(b, ${data.at}, ${data.end}, w);`);
}

/** Source of the number that a key stands for, also where this version has a constant or nothing. */
function numberOfKey(t: DecodeTarget, { rows, copies }: KeyPlaces, key: string): string {
  const field = t.unit.json.find((f) => f.name === key);
  const source = rows.sources.get(key);
  if (field && source) return numberAt(t, field, source);
  const copied = copies.get(key);
  if (field && copied) return `(${copied.at} === 0 ? 0 : ${numberAt(t, field, copied)})`;
  const set = rows.sets.get(key);
  return set?.value.kind === "text" ? set.value.text : "0";
}

/** Source of the number at a place. */
function numberAt(t: DecodeTarget, field: JsonField, source: Source): string {
  const d = field.type ? t.g.definition(field.type.name) : undefined;
  if (source.width.kind !== "int") throw new Error(`${field.name} is not a number`);
  const read = readSource(t, source.width.bytes, source.at);
  const extend = d?.kind === "number" && d.widths.get(source.width.bytes) === "sign_extend";
  return extend ? `${t.module.use("extend16", "codec/decode-support")}(${read})` : read;
}
