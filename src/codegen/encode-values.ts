// One JSON value of an encoder: what reads a meaning, and what stores it in a width.
import { bodyUnit, type Constant, type Definition, type TypeRef, type Width } from "../schema/index.js";
import type { Generation } from "./context.js";
import { constantNumber } from "./decode-values.js";
import { knownKeys } from "./known-keys.js";
import { hex, quote } from "./naming.js";
import type { SourceModule } from "./printer.js";
import { encodeTable } from "./tables.js";

const SUPPORT = "codec/encode-support";
const WIRE = "wire/index";

/** A value to be stored: its source, its key for errors, and what the selecting field of a `code` is. */
export interface EncodedValue {
  readonly type: TypeRef;
  readonly width: Width;
  readonly value: string;
  /** Source of the key, usually a literal. */
  readonly key: string;
  readonly version: number;
  readonly by: string | undefined;
}

/** Whether values may be given by name. */
export function hasNames(d: Definition): boolean {
  return d.kind === "number" || d.kind === "enum" || (d.kind === "scalar" && d.also.size > 0);
}

/** The largest number of a width and a scalar's bits. */
export function largest(d: Definition, bytes: number): number {
  const width = 2 ** (8 * bytes) - 1;
  return d.kind === "scalar" && d.bits !== undefined ? Math.min(width, 2 ** d.bits - 1) : width;
}

/** Source of the number, at most 32 bits, that a value stands for. */
export function numberSource(g: Generation, module: SourceModule, v: EncodedValue): string {
  const { type, width, value, key, version } = v;
  const d = g.definition(type.name);
  const bytes = width.kind === "int" ? width.bytes : 4;
  const max = hex(2 ** (8 * bytes) - 1);
  const name = quote(type.name);
  const use = (fn: string): string => module.use(fn, SUPPORT);
  switch (d.kind) {
    case "number": {
      if (d.widths.get(bytes) === "sign_extend") {
        return `${use("narrow16")}(${use("numberOf")}(${encodeTable(g, module, d, version)}, ${value}, 0xffffffff, ${key}, ${name}), ${key}, w)`;
      }
      return `${use("numberOf")}(${encodeTable(g, module, d, version)}, ${value}, ${max}, ${key}, ${name})`;
    }
    case "enum":
      return `${use("numberOf")}(${encodeTable(g, module, d, version)}, ${value}, ${max}, ${key}, ${name})`;
    case "code":
      return `${use("numberOf")}(${use("codeValues")}(${encodeTable(g, module, d, version)}, ${v.by ?? "0"}), ${value}, ${max}, ${key}, ${name})`;
    case "flags":
      return `${use("flagsOf")}(${encodeTable(g, module, d, version)}, ${value}, ${max}, ${key}, ${name})`;
    case "scalar": {
      if (d.form === "sint") return `${use("sint32")}(${value}, ${key}, ${name})`;
      const shift = width.kind === "int" ? width.shift : 0;
      const full = 2 ** (8 * bytes - shift) - 1;
      const narrow = Math.min(largest(d, bytes), full);
      const limit = narrow < full ? `w.unchecked ? ${hex(full)} : ${hex(narrow)}` : hex(full);
      const read =
        d.also.size === 0
          ? `${use("uint")}(${value}, ${limit}, ${key}, ${name})`
          : `${use("numberOf")}(${encodeTable(g, module, d, version)}, ${value}, ${limit}, ${key}, ${name})`;
      const bits = width.kind === "int" ? width.bits : undefined;
      // What was on the wire, as decoding shows it, goes back there.
      if (bits !== undefined) return `${read} & (w.unchecked ? ${hex(full)} : ${hex(bits)})`;
      return shift > 0 ? `${read} << ${shift}` : read;
    }
    default:
      throw new Error(`${d.name} is not a number`);
  }
}

/** Statement that stores a value of fixed size at `p + offset` of `b`. */
export function storeSource(g: Generation, module: SourceModule, v: EncodedValue, at: string): string {
  const { type, width, value, key } = v;
  const d = g.definition(type.name);
  const use = (fn: string): string => module.use(fn, SUPPORT);
  if (d.kind === "struct") {
    const encode = g.call(module, "encode", d.name, v.version);
    const known = quote(knownKeys(g, bodyUnit(d), v.version));
    return `${use("putInner")}(w, ${at}, ${value}, ${key}, ${encode}, ${known});`;
  }
  if (width.kind === "oxm_or")
    return `${module.use("putFieldOrNumber", "codec/native/encode/sub-field")}(w, b, ${at}, ${value}, ${key}, ${width.bytes});`;
  if (d.kind === "scalar" && !type.list) {
    switch (d.form) {
      case "mac":
        return `${use("putMac")}(b, ${at}, ${value}, ${key});`;
      case "ipv4":
        return `${use("putIPv4")}(b, ${at}, ${value}, ${key});`;
      case "ipv6":
        return `${use("putIPv6")}(b, ${at}, ${value}, ${key});`;
      case "datapath":
        return `${use("putDatapathId")}(w, b, ${at}, ${value}, ${key});`;
      case "duration":
        return `${use("putDuration")}(b, ${at}, ${value}, ${key});`;
      case "chars":
        return `${use("putChars")}(b, ${at}, ${width.kind === "chars" ? width.n : 0}, ${value}, ${key}, ${quote(type.name)});`;
      case "hex":
        return `${use("putHex")}(b, ${at}, ${width.kind === "bytes" ? (width.n ?? 0) : 0}, ${value}, ${key});`;
      default:
        break;
    }
    if (width.kind === "int" && width.bytes === 8)
      return `${use("putInt64")}(w, b, ${at}, ${value}, ${key}, ${quote(type.name)});`;
  }
  if (width.kind !== "int") throw new Error(`${type.name} cannot be stored as ${width.kind}`);
  return storeInt(module, width.bytes, at, numberSource(g, module, v));
}

/** Statement that stores a number of up to 32 bits. */
export function storeInt(module: SourceModule, bytes: number, at: string, number: string): string {
  if (bytes === 1) return `b[${at}] = ${number};`;
  return `${module.use(`putU${bytes * 8}`, WIRE)}(b, ${at}, ${number});`;
}

/** Source of a JSON value that a schema constant means; what the reader of the type accepts. */
export function constantSource(g: Generation, type: TypeRef, constant: Constant, version: number): string {
  if (constant.kind === "key") return `m.${constant.key}`;
  if (constant.kind === "empty" || type.list) return "[]";
  const d = g.definition(type.name);
  if (d.kind === "scalar" && d.form === "uint" && d.widths[0]?.kind === "int" && d.widths[0].bytes === 8) {
    const value = BigInt(constant.text);
    return value > BigInt(Number.MAX_SAFE_INTEGER) ? `${value}n` : String(value);
  }
  const number = constantNumber(g, type, constant, version);
  if (number !== undefined && d.kind !== "scalar") return hexOrDecimal(number);
  if (d.kind === "scalar" && (d.form === "uint" || d.form === "sint")) return hexOrDecimal(number ?? 0);
  return quote(constant.text);
}

function hexOrDecimal(n: number): string {
  return n < 0x10000 ? String(n) : hex(n);
}
