// What the value of a key means: the number it stands for, whether it differs from a constant, what is assumed when it is missing.
import type { Constant } from "../schema/index.js";
import {
  type EncodeTarget,
  type FieldRow,
  frameOf,
  localOf,
  type TypedField,
  typedField,
  useSupport,
} from "./encode-target.js";
import { constantSource, hasNames, numberSource } from "./encode-values.js";
import { hoistedCases } from "./hoisted.js";
import { quote } from "./naming.js";

/** Source of the number that a value means, in whatever width. */
export function wideNumber(t: EncodeTarget, f: TypedField, value: string): string {
  const width = { kind: "int", bytes: 4, shift: 0 } as const;
  const { g, module, version } = t;
  return numberSource(g, module, { type: f.type, width, value, key: quote(f.name), version, by: undefined });
}

/** Source that is true when a value means another number than a constant. */
export function isNot(t: EncodeTarget, f: TypedField, value: string, constant: Constant): string {
  const d = t.g.definition(f.type.name);
  const text = constantSource(t.g, f.type, constant, t.version);
  if (hasNames(d)) return `${wideNumber(t, f, value)} !== ${text}`;
  if (d.kind === "scalar" && d.form !== "uint" && d.form !== "sint") return `${value} !== ${text}`;
  return `!${useSupport(t, "isInteger")}(${value}, ${text})`;
}

/** Source that is true when a value is none of the constants; "" when every value differs. */
export function isNoneOf(
  t: EncodeTarget,
  f: TypedField,
  value: string,
  constants: readonly Constant[],
): string {
  const d = t.g.definition(f.type.name);
  if (f.type.list && d.kind !== "flags")
    return `${useSupport(t, "asList")}(${value}, ${quote(f.name)}).length > 0`;
  if (constants.length === 0) return "";
  // The only constant of flags is `[]`: none is set.
  if (d.kind === "flags") return `![0].includes(${wideNumber(t, f, value)})`;
  const texts = constants.map((constant) => constantSource(t.g, f.type, constant, t.version));
  const list = [...new Set(texts)].join(", ");
  if (hasNames(d)) return `![${list}].includes(${wideNumber(t, f, value)})`;
  if (d.kind === "scalar" && (d.form === "uint" || d.form === "sint")) {
    const wide = texts.map((text) => `${text.replace(/n$/, "")}n`).join(", ");
    return `!${useSupport(t, "isOneOf")}(w, ${value}, [${wide}])`;
  }
  return `![${list}].includes(${value} as string)`;
}

/** Source of the value of a key, with what is assumed when it is missing. */
export function givenOrDefault(t: EncodeTarget, f: TypedField): string {
  const local = localOf(f.name);
  if (f.default?.kind === "key") return `${local} === undefined ? ${otherKey(t, f.default.key)} : ${local}`;
  const fallback = fallbackOf(f);
  if (fallback === undefined) return local;
  const isText = fallback.kind === "empty" && !f.type.list;
  const assumed = isText ? '""' : constantSource(t.g, f.type, fallback, t.version);
  return `${local} === undefined ? ${assumed} : ${local}`;
}

/** Emits the error that a key is missing, where nothing can be assumed for it. */
export function emitGuard(t: EncodeTarget, f: TypedField): void {
  if (f.default?.kind === "key" || fallbackOf(f) !== undefined) return;
  const missing = `throw ${useSupport(t, "missing")}(${quote(f.name)});`;
  const built = f.packet ? ` && ${frameOf(f.name)} === undefined` : "";
  t.out.add(`if (${localOf(f.name)} === undefined${built}) ${missing}`);
}

function fallbackOf(f: TypedField): Constant | undefined {
  return f.default ?? (f.omit === undefined ? undefined : (f.absent ?? { kind: "empty" }));
}

/** Source of what the default `=name` means: the number that the other key stands for. */
function otherKey(t: EncodeTarget, name: string): string {
  const row = t.rows.some((r) => r.kind === "field" && r.name === name && r.width.kind === "int");
  if (row) return numberOfKey(t, name);
  return keysOnWire(t).has(name) ? localOf(name) : `m.${name}`;
}

/** Source of the number that a key with a row stands for. */
export function numberOfKey(t: EncodeTarget, name: string): string {
  const { type } = typedField(t, name);
  const row = t.rows.find((r): r is FieldRow => r.kind === "field" && r.name === name);
  if (row === undefined) throw new Error(`${t.unit.id}.${name} is no number`);
  const { g, module, version } = t;
  const value = localOf(name);
  return numberSource(g, module, { type, width: row.width, value, key: quote(name), version, by: undefined });
}

/** Keys that some row, property or copied TLV of this version carries. */
export function keysOnWire(t: EncodeTarget): ReadonlySet<string> {
  const keys = new Set(keysOfRows(t));
  for (const row of t.rows) {
    if (row.kind === "field") for (const to of row.move.values()) keys.add(to);
    if (row.kind !== "tlvs") continue;
    for (const h of hoistedCases(t.g, row, t.version)) {
      if (h.to !== ".") keys.add(h.to);
      else for (const f of h.unit.json) keys.add(f.name);
    }
  }
  return keys;
}

/** Keys whose value the encoder itself reads; those of properties and moved TLVs are read by what writes these. */
export function keysOfRows(t: EncodeTarget): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const row of t.rows) {
    if (row.kind === "tlvs") keys.add(row.rest);
    if (row.kind !== "field") continue;
    keys.add(row.name);
    for (const to of row.copy.values()) keys.add(to);
  }
  return keys;
}
