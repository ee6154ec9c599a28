// Property lists of encoders: a table of the properties that keys of the struct make, and one function for each of them.
import type { BodyUnit, Constant, JsonField, Union } from "../schema/index.js";
import { isNot } from "./encode-given.js";
import { type EncodeTarget, localOf, useSupport } from "./encode-target.js";
import { constantSource } from "./encode-values.js";
import { encoderFunction } from "./encoder-function.js";
import { type HoistedCase, hoistedCases, type TlvsRow } from "./hoisted.js";
import { knownKeys } from "./known-keys.js";
import { pascal, quote } from "./naming.js";
import { Lines } from "./printer.js";
import { unionHeader } from "./union-header.js";

/** Emits what writes a property list: the hoisted properties, and those that the key of the rest lists. */
export function emitProperties(t: EncodeTarget, row: TlvsRow): void {
  const union = t.g.union(row.union);
  const unitName = t.g.unitName(t.unit.id, t.version);
  const table = `${unitName.charAt(0).toLowerCase()}${unitName.slice(1)}Properties`;
  const entries = hoistedCases(t.g, row, t.version).map((h) => {
    const put = putFunction(t, union, h);
    return `  { code: ${h.code}, always: ${h.always}, has: ${hasSource(t, h)}, put: ${put} },`;
  });
  const type = useSupport(t, "type HoistedCase");
  t.module.once(table, () => `const ${table}: readonly ${type}[] = [\n${entries.join("\n")}\n];`);
  const rest = t.g.call(t.module, "encode", union.name, t.version);
  const order = row.hoist.size > 0 ? "m._order" : "undefined";
  const args = ["w", "m", table, localOf(row.rest), quote(row.rest), order, rest];
  t.out.add(`${useSupport(t, "putTlvs")}(${args.join(", ")});`);
}

/** Source of the test whether a hoisted case has anything to say. */
function hasSource(t: EncodeTarget, h: HoistedCase): string {
  if (h.to !== ".") return `(m) => m.${h.to} !== undefined`;
  const tests = withOwnDefaults(t, h.unit).json.map((f) => {
    const absent = f.absent ?? (f.default?.kind === "key" ? undefined : f.default);
    const given = `m.${f.name} !== undefined`;
    if (f.packet)
      return `${hasText(given, f.name)} || ${t.module.use("countPacketKeys", "codec/encode-packet")}(m) > 0`;
    if (absent === undefined || f.type === undefined || f.omit === "absent") return given;
    if (f.type.list || absent.kind === "empty")
      return `(Array.isArray(m.${f.name}) ? m.${f.name}.length > 0 : ${given})`;
    if (absent.kind === "text" && absent.text === "") return hasText(given, f.name);
    return `(${given} && ${isNot(t, { ...f, type: f.type }, `m.${f.name}`, absent)})`;
  });
  return `(m) => ${tests.length === 0 ? "false" : tests.join(" || ")}`;
}

function hasText(given: string, key: string): string {
  return `(${given} && m.${key} !== "")`;
}

/** Adds the function that writes one hoisted property from the keys of the struct; returns its name. */
function putFunction(t: EncodeTarget, union: Union, h: HoistedCase): string {
  const name = `put${t.g.unitName(t.unit.id, t.version)}${pascal(h.name)}`;
  const out = new Lines();
  const header = unionHeader(union);
  const encode = t.g.call(t.module, "encode", h.unit.id, t.version);
  out.add("const start = w.p;");
  out.add(`w.zeros(${header.size});`);
  if (h.to === ".") {
    out.add(`${encode}(w, ${spreadSource(t, h)});`);
  } else {
    const known = quote(knownKeys(t.g, h.unit, t.version));
    out.add(`${useSupport(t, "encodeInner")}(w, m.${h.to}, ${quote(h.to)}, ${encode}, ${known});`);
  }
  const words = [header.typeAt, header.typeBytes, h.code, header.lengthAt, header.lengthBytes];
  const args = ["w", "start", ...words, quote(h.name)];
  out.add(`${useSupport(t, "putHeader")}(${args.join(", ")});`);
  if (union.align > 1) out.add(`w.align(start, ${union.align});`);
  t.module.once(name, () => encoderFunction(t.module, name, out, "void").replace("export ", ""));
  return name;
}

/** A hoisted case in which the keys mean what the struct around the list says of them. */
function withOwnDefaults(t: EncodeTarget, unit: BodyUnit): BodyUnit {
  return { ...unit, json: unit.json.map((f) => t.unit.json.find((own) => own.name === f.name) ?? f) };
}

/** Source of the object that a property's encoder reads: the struct itself, with what its missing keys mean. */
function spreadSource(t: EncodeTarget, h: HoistedCase): string {
  const filled = withOwnDefaults(t, h.unit).json.flatMap((f, i) => {
    const assumed = assumedOf(f);
    if (assumed === undefined || assumed.kind === "key" || f.type === undefined) return [];
    const inCase = h.unit.json[i]?.default;
    if (inCase && JSON.stringify(inCase) === JSON.stringify(assumed)) return [];
    return [`${f.name}: m.${f.name} ?? ${constantSource(t.g, f.type, assumed, t.version)}`];
  });
  return filled.length === 0 ? "m" : `{ ...m, ${filled.join(", ")} }`;
}

/** What a missing key means; undefined when the encoder of the property must say so itself. */
function assumedOf(f: JsonField): Constant | undefined {
  return f.default ?? f.absent ?? (f.omit !== undefined && f.type?.list ? { kind: "empty" } : undefined);
}
