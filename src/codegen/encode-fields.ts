// Fields of varying size of encoders: what writes the value of each width.
import { bodyUnit, fixedBytes, isPair } from "../schema/index.js";
import { emitGuard, givenOrDefault, isNot, wideNumber } from "./encode-given.js";
import { subFieldLocal } from "./encode-sub-fields.js";
import {
  type EncodeTarget,
  type FieldRow,
  frameOf,
  localOf,
  type TypedField,
  typedField,
  useNative,
  useSupport,
} from "./encode-target.js";
import { constantSource, numberSource, storeSource } from "./encode-values.js";
import { knownKeys } from "./known-keys.js";
import { camel, pascal, quote } from "./naming.js";

/** A length word that is already written, with zeros: the source of its place, and its bytes. */
export interface LengthPlace {
  readonly at: string;
  readonly bytes: number;
  /** How many bytes the word counts as one: 1, or those of an element. */
  readonly unit: number;
}

/**
 * Emits what writes a field of varying size, and the patch of the length word that counts it.
 * @param index  number of the row, which keeps its locals apart from those of others
 */
export function emitField(
  t: EncodeTarget,
  row: FieldRow,
  index: number,
  length: LengthPlace | undefined,
): void {
  const f = typedField(t, row.name);
  if (row.when) return emitConditional(t, row, f);
  if (row.width.kind === "oxm_id" && row.width.vars.length > 0)
    return t.out.add(`w.bytes(${subFieldLocal(row.name)}.header);`);
  emitGuard(t, f);
  if (length === undefined) return emitValue(t, row, f, index);
  const from = `${camel(row.name)}From`;
  t.out.add(`const ${from} = w.p;`);
  emitValue(t, row, f, index);
  if (row.width.kind === "oxm_match") {
    // Both words leave the padding out.
    t.out.add(`w.patch16(${length.at}, w.b.readUInt16BE(${from} + 2), ${quote(row.name)});`);
    return;
  }
  const counted = length.unit === 1 ? `w.p - ${from}` : `(w.p - ${from}) / ${length.unit}`;
  t.out.add(`w.patch${length.bytes * 8}(${length.at}, ${counted}, ${quote(row.name)});`);
}

/** What writes a value of varying size. */
function emitValue(t: EncodeTarget, row: FieldRow, f: TypedField, index: number): void {
  const key = quote(f.name);
  const { width } = row;
  const value = givenOrDefault(t, f);
  const call = (ending: string): string => t.g.call(t.module, "encode", f.type.name, t.version, ending);
  switch (width.kind) {
    case "native": {
      const residue = row.residue ? `m.${row.residue}` : "undefined";
      return t.out.add(`${useNative(t, width.fn)}(w, ${value}, ${residue}, ${key});`);
    }
    case "bytes": {
      const d = t.g.definition(f.type.name);
      if (d.kind === "scalar" && d.form === "text")
        return t.out.add(`${useSupport(t, "writeTextBytes")}(w, ${value}, ${key}, ${quote(d.name)});`);
      if (f.packet) t.out.add(`if (${frameOf(f.name)} !== undefined) w.bytes(${frameOf(f.name)});`);
      const otherwise = f.packet ? "else " : "";
      return t.out.add(`${otherwise}${useSupport(t, "writeHexBytes")}(w, ${value}, ${key});`);
    }
    case "message":
      return t.out.add(`${t.module.use("encodeNested", "codec/nested-encode")}(w, ${value}, ${key});`);
    case "struct": {
      const known = quote(knownKeysOf(t, f.type.name));
      const d = t.g.definition(f.type.name);
      const encode = d.kind === "struct" && isPair(t.g.model, d) ? "encodeWord" : "encodeInner";
      return t.out.add(`${useSupport(t, encode)}(w, ${value}, ${key}, ${call("")}, ${known});`);
    }
    case "list":
      if (width.item > 0) return emitNumbers(t, f, value, width.item as 1 | 2 | 4);
      return t.out.add(`${call("List")}(w, ${value}, ${key});`);
    case "ids":
      return t.out.add(`${call("Ids")}(w, ${value}, ${key});`);
    case "oxm_id":
      return t.out.add(`${t.module.use("encodeFieldId", "codec/gen/encode/oxm")}(w, ${value}, ${key});`);
    case "wrap":
      return emitWrapped(t, f, value, width.case);
    case "oxm_match":
    case "oxs_stats":
      return emitMatch(t, row, f, value, `${camel(row.name)}At${index}`);
    default:
      throw new Error(`${t.unit.id}.${f.name}: ${width.kind} has a fixed size`);
  }
}

/** A field that is on the wire when its key is there. */
function emitConditional(t: EncodeTarget, row: FieldRow, { type, name }: TypedField): void {
  const { g, module, out, version } = t;
  if (row.width.kind === "oxm_id") {
    const local = subFieldLocal(name);
    return out.add(`if (${local} !== undefined) w.bytes(${local}.header);`);
  }
  const size = fixedBytes(g.model, t.unit, { ...row, when: undefined }, version) ?? 0;
  const value = localOf(name);
  out.open(`if (${value} !== undefined) {`);
  out.add(`const b = w.room(${size});`);
  out.add("const p = w.p;");
  out.add(`w.p = p + ${size};`);
  const stored = { type, width: row.width, value, key: quote(name), version, by: undefined };
  out.add(storeSource(g, module, stored, "p"));
  out.close();
}

function knownKeysOf(t: EncodeTarget, name: string): string {
  const d = t.g.definition(name);
  return d.kind === "struct" ? knownKeys(t.g, bodyUnit(d), t.version) : "";
}

/** A list of plain numbers; what reads one of them stands once in the module. */
function emitNumbers(t: EncodeTarget, { type, name }: TypedField, value: string, bytes: 1 | 2 | 4): void {
  const { g, module, version } = t;
  const width = { kind: "int", bytes, shift: 0 } as const;
  const item = numberSource(g, module, { type, width, value: "item", key: "at", version, by: undefined });
  const reader = `read${pascal(type.name)}${bytes * 8}`;
  const body = item.replace(/w\.unchecked \? \w+ : /, "");
  const writer = /\bw\b/.test(body) ? `, w: ${module.use("type MessageWriter", "codec/message-writer")}` : "";
  module.once(
    reader,
    () => `function ${reader}(item: unknown, at: string${writer}): number {\n  return ${body};\n}`,
  );
  t.out.add(`${useSupport(t, "encodeNumbers")}(w, ${value}, ${quote(name)}, ${bytes}, ${reader});`);
}

/** A list that JSON shows inside the only element of another list, and the wire does not. */
function emitWrapped(t: EncodeTarget, { type, name }: TypedField, value: string, caseName: string): void {
  const union = t.g.union(type.name);
  const inner = union.cases.find((c) => c.name === caseName)?.json[0];
  if (inner?.type === undefined) throw new Error(`${type.name} ${caseName} wraps nothing`);
  const texts = [name, union.name, union.tag, caseName, inner.name].map(quote);
  const list = t.g.call(t.module, "encode", inner.type.name, t.version, "List");
  const path = quote(`${name}[0].${inner.name}`);
  t.out.add(`${list}(w, ${useSupport(t, "unwrap")}(w, ${value}, ${texts.join(", ")}), ${path});`);
}

/** A match or stats row: a head of type and length, the TLVs with those that keys give, padding to 8 bytes. */
function emitMatch(t: EncodeTarget, row: FieldRow, f: TypedField, value: string, at: string): void {
  const { out } = t;
  const key = quote(f.name);
  const isMatch = row.width.kind === "oxm_match";
  const copies = [...row.copy];
  for (const [i, [name, to]] of copies.entries()) {
    const source = copySource(t, to);
    if (i === 0) out.add(`let ${at}List: unknown = ${value};`);
    const places = `m, ${quote(to)}, ${at}List, ${key}, ${quote(name)}`;
    out.add(`${at}List = ${useSupport(t, "withCopy")}(${places}, ${source});`);
  }
  const list = copies.length > 0 ? `${at}List` : value;
  out.add(`const ${at} = w.p;`);
  out.add(`w.u32(${isMatch ? "0x10000" : "0"});`);
  if (row.move.size > 0) emitMoved(t, row, f, value);
  else {
    const encode = `${listEncoder(t, f, isMatch)}(w, ${list}, ${key});`;
    const told = copies.length === 0 ? undefined : useSupport(t, "inCopied");
    out.add(told ? `try { ${encode} } catch (error) { throw ${told}(error, ${list}, ${key}); }` : encode);
  }
  out.add(`w.patch16(${at} + 2, w.p - ${at}, ${key});`);
  out.add(`w.align(${at});`);
}

/** What writes a list of TLVs: those of a match with their prerequisites. */
function listEncoder(t: EncodeTarget, f: TypedField, isMatch: boolean): string {
  return isMatch
    ? t.module.use("encodeFieldList", "codec/fields")
    : t.g.call(t.module, "encode", f.type.name, t.version, "List");
}

/** TLVs that keys have, and a list of the others; a table says which keys. */
function emitMoved(t: EncodeTarget, row: FieldRow, f: TypedField, value: string): void {
  const unitName = t.g.unitName(t.unit.id, t.version);
  const table = `${unitName.charAt(0).toLowerCase()}${unitName.slice(1)}Moved`;
  const entries = [...row.move].map(([name, to]) => {
    const { type, absent } = typedField(t, to);
    if (absent === undefined) throw new Error(`${t.unit.id}.${to} does not say what absence means`);
    const text = constantSource(t.g, type, absent, t.version);
    return `  { field: ${quote(name)}, key: ${quote(to)}, absent: ${text} },`;
  });
  const entryType = useSupport(t, "type MovedTlv");
  t.module.once(table, () => `const ${table}: readonly ${entryType}[] = [\n${entries.join("\n")}\n];`);
  const encode = t.g.call(t.module, "encode", f.type.name, t.version);
  t.out.add(`${useSupport(t, "putMoved")}(w, m, ${table}, ${value}, ${quote(f.name)}, ${encode});`);
}

/** Source of the value of a key that a TLV copies, undefined when there is nothing to copy. */
function copySource(t: EncodeTarget, to: string): string {
  const f = typedField(t, to);
  const local = localOf(to);
  if (typeof f.omit === "object") {
    const other = typedField(t, f.omit.sameAs);
    const numbers = [wideNumber(t, f, local), wideNumber(t, other, localOf(other.name))];
    const said = f.absent === undefined ? local : `${isNot(t, f, local, f.absent)} ? ${local} : undefined`;
    return `${local} === undefined || ${numbers.join(" === ")} ? undefined : ${said}`;
  }
  emitGuard(t, f);
  const value = givenOrDefault(t, f);
  const absent = f.absent ?? (f.default?.kind === "text" ? f.default : undefined);
  if (absent === undefined) return value;
  const given = `${camel(to)}Given`;
  t.out.add(`const ${given} = ${value};`);
  return `${isNot(t, f, given, absent)} ? ${given} : undefined`;
}
