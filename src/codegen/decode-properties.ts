// Property lists of decoders. One scan finds the properties that are keys of the struct; all others are printed as a list.
// `_order` tells the types as they stood on the wire when encoding the keys would not write the same list again.
import { fixedBytes, leastOf, type Union } from "../schema/index.js";
import { throwLength, throwShort, throwWrong } from "./decode-lengths.js";
import type { TlvsPlace } from "./decode-rows.js";
import { type DecodeTarget, readSource, type Source, WIRE } from "./decode-target.js";
import { constantNumber } from "./decode-values.js";
import { type HoistedCase, hoistedCases } from "./hoisted.js";
import { plus } from "./layout.js";
import { camel } from "./naming.js";
import { type UnionHeader, unionHeader } from "./union-header.js";

/** A hoisted case and the local that holds the start of its property, 0 when there is none. */
export interface HoistedProperty extends HoistedCase {
  readonly local: string;
}

/** The property list of a body. */
export interface Properties {
  readonly place: TlvsPlace;
  readonly header: UnionHeader;
  readonly hoisted: readonly HoistedProperty[];
}

/** What is known of a property list before a line of it is emitted. */
export function propertiesOf(t: DecodeTarget, place: TlvsPlace): Properties {
  const hoisted = hoistedCases(t.g, place.row, t.version).map((h) => ({ ...h, local: `${camel(h.name)}At` }));
  return { place, header: unionHeader(place.union), hoisted };
}

/** Emits the loop that finds the hoisted properties, counts the others, and notes whether the order is odd. */
export function emitScan(t: DecodeTarget, properties: Properties): void {
  const { out } = t;
  const { place, header, hoisted } = properties;
  for (const h of hoisted) out.add(`let ${h.local} = 0;`);
  out.add("let others = 0;");
  if (hoisted.length > 0) {
    out.add("let reached = 0;");
    out.add("let odd = false;");
  }
  out.open(`for (let q = ${place.at}; q < end; ) {`);
  out.add(`if (end - q < ${header.size}) ${throwShort(t, "q", header.size)}`);
  out.add(`const length = ${lengthSource(t, header, "q")};`);
  const wrong = throwLength(t, place.row.rest, {
    at: `q + ${header.lengthAt}`,
    length: "length",
    least: header.size,
    left: "end - q",
  });
  out.add(`if (length < ${header.size} || length > end - q) ${wrong}`);
  if (hoisted.length > 0) emitTypeSwitch(t, properties);
  else out.add("others++;");
  out.add(`q += ${stepSource(t, place.union)};`);
  out.close();
  const oddities = hoisted.flatMap((h) => oddTests(t, h, header));
  if (oddities.length > 0) out.add(`if (${oddities.join(" || ")}) odd = true;`);
}

function emitTypeSwitch(t: DecodeTarget, { header, hoisted }: Properties): void {
  const { out } = t;
  out.open(`switch (${readSource(t, header.typeBytes, plus("q", header.typeAt))}) {`);
  hoisted.forEach((h, i) => {
    out.open(`case ${h.code}:`);
    out.open(`if (${h.local} !== 0) {`);
    out.add("others++;");
    out.add("reached = 99;");
    out.add("break;");
    out.close();
    emitLengthCheck(t, h);
    out.add(`if (reached > ${i}) odd = true;`);
    out.add(`reached = ${i + 1};`);
    out.add(`${h.local} = q;`);
    out.add("break;");
    out.close("");
  });
  out.open("default:");
  out.add("others++;");
  out.add("reached = 99;");
  out.close("");
  out.close();
}

/** Emits what refuses the length of a hoisted property: one that all rows have always, or less than they take. */
function emitLengthCheck(t: DecodeTarget, { name, unit }: HoistedProperty): void {
  const { model } = t.g;
  const rows = unit.rows[t.version] ?? [];
  const fixed = rows.every((row) => fixedBytes(model, unit, row, t.version) !== undefined);
  const least = unit.headerBytes(t.version) + leastOf(model, unit, t.version);
  const wrong = fixed
    ? throwWrong(t, "wrongSize", name, "q", "q + length", String(least))
    : throwLength(t, name, { at: "q", length: "length", least, left: "end - q" });
  t.out.add(`if (length ${fixed ? "!==" : "<"} ${least}) ${wrong}`);
}

/** Sources that are true when an encoder would not write a property as it stands, or not leave it out. */
function oddTests(t: DecodeTarget, h: HoistedProperty, header: UnionHeader): string[] {
  if (h.always) return [`${h.local} === 0`];
  if (h.to !== ".") return [];
  const nothing = saysNothing(t, h, header);
  return nothing === undefined ? [] : [`(${h.local} !== 0 && ${nothing})`];
}

/** Source that is true when a property says only what its absence says; undefined when it never does. */
function saysNothing(t: DecodeTarget, h: HoistedProperty, header: UnionHeader): string | undefined {
  const tests: string[] = [];
  for (const [key, source] of caseSources(t, h, header)) {
    const field = t.unit.json.find((f) => f.name === key) ?? h.unit.json.find((f) => f.name === key);
    // A key that is left out with its property tells by being there that the property is.
    if (field?.omit === "absent") return undefined;
    if (source.width.kind !== "int" || field?.type === undefined) {
      tests.push(`${source.at} === ${source.end}`);
      continue;
    }
    const absent = field.absent ?? field.default;
    const value = absent && constantNumber(t.g, field.type, absent, t.version);
    if (value === undefined) return undefined;
    tests.push(`${readSource(t, source.width.bytes, source.at)} === ${value}`);
  }
  return tests.length === 0 ? "true" : tests.join(" && ");
}

/** Where the keys are that hoisted properties spread among those of the struct. */
export function spreadSources(t: DecodeTarget, properties: Properties): ReadonlyMap<string, Source> {
  const spread = properties.hoisted.filter((h) => h.to === ".");
  return new Map(spread.flatMap((h) => [...caseSources(t, h, properties.header)]));
}

/** Where the keys of a hoisted case are, seen from the local that holds its start. */
function caseSources(t: DecodeTarget, h: HoistedProperty, header: UnionHeader): ReadonlyMap<string, Source> {
  const sources = new Map<string, Source>();
  const { local, unit } = h;
  const when = `${local} !== 0`;
  let offset = unit.headerBytes(t.version);
  for (const row of unit.rows[t.version] ?? []) {
    const size = fixedBytes(t.g.model, unit, row, t.version);
    if (row.kind === "field") {
      const end = size === undefined ? propertyEnd(t, h, header) : plus(local, offset + size);
      sources.set(row.name, { width: row.width, at: plus(local, offset), end, when, residue: undefined });
    }
    offset += size ?? 0;
  }
  return sources;
}

/** Source of the offset behind a hoisted property. */
export function propertyEnd(t: DecodeTarget, h: HoistedProperty, header: UnionHeader): string {
  return `${h.local} + ${lengthSource(t, header, h.local)}`;
}

/** Emits the list of the properties that are no keys of the struct. */
export function emitRest(t: DecodeTarget, { place, header, hoisted }: Properties): void {
  const { out } = t;
  out.text("[");
  out.open("if (others !== 0) {");
  out.add("let more = false;");
  out.open(`for (let q = ${place.at}; q < end; ) {`);
  out.add(`const length = ${lengthSource(t, header, "q")};`);
  const other = hoisted.map((h) => `q !== ${h.local}`).join(" && ");
  if (other !== "") out.open(`if (${other}) {`);
  out.add("if (more) w.o[w.p++] = 0x2c;");
  out.add("more = true;");
  out.text("{");
  out.add(`${t.g.call(t.module, "decode", place.union.name, t.version)}(b, q, q + length, w);`);
  out.text("}");
  if (other !== "") out.close();
  out.add(`q += ${stepSource(t, place.union)};`);
  out.close();
  out.close();
  out.text("]");
}

/** Emits `_order` for lists that encoding the keys alone would write in another order. */
export function emitOrder(t: DecodeTarget, { place, header, hoisted }: Properties): void {
  if (hoisted.length === 0) return;
  t.out.open("if (odd) {");
  t.out.text(',"_order":[');
  const args = `${header.typeAt}, ${header.typeBytes}, ${header.lengthAt}, ${place.union.align}`;
  t.out.add(`${t.module.use("writeOrder", "codec/decode-support")}(b, ${place.at}, end, ${args}, w);`);
  t.out.text("]");
  t.out.close();
}

function lengthSource(t: DecodeTarget, header: UnionHeader, at: string): string {
  return readSource(t, header.lengthBytes, plus(at, header.lengthAt));
}

/** Source of the distance from one property to the next. */
function stepSource(t: DecodeTarget, union: Union): string {
  return union.align === 8 ? `${t.module.use("align8", WIRE)}(length)` : "length";
}
