// One JSON value of a decoder: which writer prints a meaning of a width.
import type { Constant, Definition, TypeRef, Width } from "../schema/index.js";
import type { Generation } from "./context.js";
import { readInt } from "./layout.js";
import { nativeName, quote } from "./naming.js";
import type { SourceModule } from "./printer.js";
import { decodeTable } from "./tables.js";
import type { TextLines } from "./text-lines.js";

/** Where a value stands and what it means. */
export interface ValuePlace {
  readonly type: TypeRef;
  readonly width: Width;
  readonly at: string;
  readonly end: string;
  readonly version: number;
  /** For a `code`: source of the number that selects its names. */
  readonly by: string | undefined;
  /** For sub-fields: source of the bit offset and the bit count. */
  readonly bitRange: readonly [string, string] | undefined;
}

const TEXT = "text/index";
const SUPPORT = "codec/decode-support";
const WIRE = "wire/index";
const SUB_FIELD = "codec/native/decode/sub-field";

/** Makes the functions known that `readInt` names. */
export function importReaders(module: SourceModule, source: string): string {
  for (const name of ["u16", "u24", "u32", "align8"]) if (source.includes(`${name}(`)) module.use(name, WIRE);
  return source;
}

/** Appends what prints the value at a place. */
export function emitValue(g: Generation, module: SourceModule, out: TextLines, place: ValuePlace): void {
  const { type, width, at, end, version } = place;
  const use = (name: string, from: string): string => module.use(name, from);
  const call = (name: string, ...args: string[]): void => out.add(`${name}(${[...args, "w"].join(", ")});`);
  if (width.kind === "native") {
    const name = `decode${nativeName(width.fn)}`;
    return call(use(name, `codec/native/decode/${width.fn.replaceAll("_", "-")}`), "b", at, end);
  }
  if (type.name === "Message") {
    out.text("{");
    call(use("decodeNested", "codec/nested"), "b", at, end);
    return out.text("}");
  }
  const d = g.definition(type.name);
  switch (width.kind) {
    case "list":
      out.text("[");
      if (width.item > 0) emitScalarList(g, module, out, place, d, width.item as 1 | 2 | 4);
      else
        call(g.call(module, "decode", d.name, version, d.kind === "tlv_table" ? "s" : "List"), "b", at, end);
      return out.text("]");
    case "ids":
      out.text("[");
      call(g.call(module, "decode", d.name, version, "Ids"), "b", at, end);
      return out.text("]");
    case "oxm_match":
    case "oxs_stats":
      out.text("[");
      call(g.call(module, "decode", d.name, version, "s"), "b", at, end);
      return out.text("]");
    case "wrap": {
      const list = g.union(d.name).cases.find((c) => c.name === width.case);
      const key = list?.json[0];
      if (list === undefined || key?.type === undefined)
        throw new Error(`${d.name} ${width.case} wraps nothing`);
      out.open(`if (${at} === ${end}) {`);
      out.text("[]");
      out.close("} else {");
      out.text(`[{"${g.union(d.name).tag}":"${list.name}","${key.name}":[`);
      call(g.call(module, "decode", key.type.name, version, "List"), "b", at, end);
      out.text("]}]");
      return out.close();
    }
    case "struct":
      out.text("{");
      call(g.call(module, "decode", d.name, version), "b", at, end);
      return out.text("}");
    case "oxm_or":
      return call(use("writeFieldOrNumber", SUB_FIELD), "b", at, String(width.bytes));
    case "oxm_id":
      if (width.vars.length === 0) return call(use("writeFieldId", SUB_FIELD), "b", at);
      return call(use("writeSubField", SUB_FIELD), "b", at, ...(place.bitRange ?? ["0", "0"]));
    default:
      emitScalar(g, module, out, place, d);
  }
}

function emitScalar(
  g: Generation,
  module: SourceModule,
  out: TextLines,
  place: ValuePlace,
  d: Definition,
): void {
  const { width, at, end, version } = place;
  const call = (name: string, from: string, ...args: string[]): void => {
    out.add(`${module.use(name, from)}(${[...args, "w"].join(", ")});`);
  };
  const int = width.kind === "int" ? importReaders(module, readInt(width.bytes, at, width.shift)) : "";
  const bytes = width.kind === "int" ? width.bytes : 0;
  switch (d.kind) {
    case "number": {
      const extended =
        d.widths.get(bytes) === "sign_extend" ? `${module.use("extend16", SUPPORT)}(${int})` : int;
      return call("writeNumber", SUPPORT, decodeTable(g, module, d, version), extended);
    }
    case "enum":
      return call("writeName", SUPPORT, decodeTable(g, module, d, version), int, String(bytes * 2));
    case "code":
      return call(
        "writeName",
        SUPPORT,
        `${module.use("codeNames", SUPPORT)}(${decodeTable(g, module, d, version)}, ${place.by ?? "0"})`,
        int,
        String(bytes * 2),
      );
    case "flags":
      return call("writeFlags", SUPPORT, decodeTable(g, module, d, version), int);
    case "scalar":
      break;
    default:
      throw new Error(`${d.name} cannot be ${width.kind}`);
  }
  switch (d.form) {
    case "uint":
      return bytes === 8 ? call("writeU64", TEXT, "b", at) : call("writeDec", TEXT, int);
    case "sint":
      return call("writeSigned32", TEXT, `${int} | 0`);
    case "mac":
      return call("writeMac", TEXT, "b", at);
    case "ipv4":
      return call("writeIPv4", TEXT, "b", at);
    case "ipv6":
      return call("writeIPv6", TEXT, "b", at);
    case "datapath":
      return call("writeDatapathId", TEXT, "b", at);
    case "duration":
      return call("writeDuration", TEXT, "b", at);
    case "hex":
      return call("writeHex", TEXT, "b", at, end);
    case "chars":
      return call("writeChars", TEXT, "b", at, String(width.kind === "chars" ? width.n : 0));
    case "text":
      return call("writeText", TEXT, "b", at, end);
    default:
      throw new Error(`${d.form} has no plain writer`);
  }
}

function emitScalarList(
  g: Generation,
  module: SourceModule,
  out: TextLines,
  place: ValuePlace,
  d: Definition,
  item: 1 | 2 | 4,
): void {
  const { at, end } = place;
  if (item > 1) {
    const bad = module.use("notMultiple", WIRE);
    out.add(
      `if ((${end} - (${at})) % ${item} !== 0) throw ${bad}(${quote(d.name)}, ${at}, ${end}, ${item});`,
    );
  }
  out.open(`for (let i = ${at}; i < ${end}; i += ${item}) {`);
  out.add(`if (i !== ${at}) w.o[w.p++] = 0x2c;`);
  emitScalar(g, module, out, { ...place, width: { kind: "int", bytes: item, shift: 0 }, at: "i" }, d);
  out.close();
}

/** The JSON text of a constant of the schema, as a decoder prints it. */
export function constantText(g: Generation, type: TypeRef, constant: Constant, version: number): string {
  if (constant.kind === "empty" || type.list) return "[]";
  if (constant.kind === "key") throw new Error("a constant was expected, not another key");
  const d = g.definition(type.name);
  switch (d.kind) {
    case "scalar":
      if (d.form === "uint" || d.form === "sint") return BigInt(constant.text).toString();
      return quote(constant.text);
    case "number": {
      const value = numberValue(d, constant.text);
      const name = [...d.names].find(([, n]) => n === value)?.[0];
      return name === undefined ? String(value) : quote(name);
    }
    case "enum": {
      const name = d.also.get(constant.text) ?? constant.text;
      if (d.values.has(name)) return quote(name);
      const value = Number(constant.text);
      const found = [...d.values].find(([, by]) => by[version] === value)?.[0];
      return quote(found ?? `0x${value.toString(16).toUpperCase().padStart(2, "0")}`);
    }
    default:
      return quote(constant.text);
  }
}

/** The number that a constant stands for on the wire; undefined when it is no number. */
export function constantNumber(
  g: Generation,
  type: TypeRef,
  constant: Constant,
  version: number,
): number | undefined {
  if (constant.kind === "empty") return 0;
  if (constant.kind === "key") return undefined;
  const d = g.definition(type.name);
  if (d.kind === "number") return numberValue(d, constant.text);
  const named =
    d.kind === "enum" ? d.values.get(d.also.get(constant.text) ?? constant.text)?.[version] : undefined;
  const value = named ?? Number(constant.text);
  return Number.isNaN(value) ? undefined : value;
}

/** The value of a number's name or digits. */
export function numberValue(d: Extract<Definition, { kind: "number" }>, text: string): number {
  return d.names.get(d.also.get(text) ?? text) ?? Number(text);
}
