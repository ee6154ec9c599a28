/** Arbitrary values of scalar types, numbers, enumerations and flags, in the form in which decoding prints them. */
import fc from "fast-check";
import type {
  CodeDefinition,
  Definition,
  FlagsDefinition,
  Model,
  NumberDefinition,
  Scalar,
  Width,
} from "../../src/schema/index.js";
import { formatDatapathId, formatIPv4, formatIPv6, formatMac } from "../../src/text/index.js";

export type Value = fc.Arbitrary<unknown>;

/** Unsigned integers of so many bits; edges more often than others. Beyond 32 bits some are bigint. */
export function uintOf(bits: number): fc.Arbitrary<number | bigint> {
  if (bits > 32) {
    const max = (1n << BigInt(bits)) - 1n;
    const edges = fc.constantFrom(
      0n,
      1n,
      (1n << 32n) - 1n,
      1n << 32n,
      (1n << 53n) - 1n,
      1n << 53n,
      (1n << 53n) + 1n,
      max,
    );
    return fc.oneof(edges, fc.bigInt(0n, max)).map(plain);
  }
  const max = 2 ** bits - 1;
  return fc.oneof(
    fc.constantFrom(0, 1, Math.floor(max / 2) + 1, max - 1, max).filter((n) => n >= 0),
    fc.integer({ min: 0, max }),
  );
}

/** A number where it is exact, else the bigint. */
export function plain(n: bigint): number | bigint {
  return n <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(n) : n;
}

export function hexOf(minBytes: number, maxBytes: number): fc.Arbitrary<string> {
  return bytesOf(minBytes, maxBytes).map((b) => b.toString("hex").toUpperCase());
}

/** `"0x0063"`: a value without a name, as many digits as the word has. */
export function hexText(value: number, digits: number): string {
  return `0x${value.toString(16).toUpperCase().padStart(digits, "0")}`;
}

/** Values of a type that is no list and not made of other types, `bytes` wide on the wire. */
export function valuesOf(
  model: Model,
  definition: Definition,
  version: number,
  width: Width | undefined,
): Value {
  switch (definition.kind) {
    case "scalar":
      return scalarOf(model, definition, width);
    case "number":
      return numberOf(definition, bytesOfInt(width));
    case "enum": {
      const bytes = bytesOfInt(width);
      const byNumber = new Map<number, string>();
      for (const [name, values] of definition.values) {
        const value = values[version];
        if (value !== undefined && value < 256 ** bytes) byNumber.set(value, name);
      }
      const named = fc.constantFrom(...byNumber.values());
      const other = fc.integer({ min: 0, max: 256 ** bytes - 1 });
      return fc.oneof(
        { weight: 4, arbitrary: named },
        other.map((n) => byNumber.get(n) ?? hexText(n, 2 * bytes)),
      );
    }
    case "code":
      return fc.integer({ min: FIRST_CODE, max: FIRST_CODE + 0xfff }).map((n) => hexText(n, 4));
    default:
      throw new Error(`${definition.name} has no values`);
  }
}

/** Codes that have no name. Which names there are depends on another key: codeName makes one of some. */
const FIRST_CODE = 0x7000;

/** A name in the place of a code that valuesOf made, if there is one for the key that decides; half of the codes stay as they are. */
export function codeName(definition: CodeDefinition, by: string, code: string, version: number): string {
  const byNumber = new Map<number, string>();
  for (const [name, values] of definition.values.get(by) ?? []) {
    const value = values[version];
    if (value !== undefined) byNumber.set(value, name);
  }
  const names = [...byNumber.values()];
  const n = Number(code) - FIRST_CODE;
  return n % 2 === 0 ? code : (names[(n >>> 1) % names.length] ?? code);
}

/** Names of bits and a rest, as decoding prints them. */
export function flagsOf(definition: FlagsDefinition, version: number, width: Width): Value {
  const rows = [...definition.bits].flatMap(([name, bits]) => {
    const one = bits[version];
    return one === undefined ? [] : [{ name, ...one }];
  });
  const known = rows.reduce((all, { mask }) => all | mask, 0) >>> 0;
  const list = (bits: number): string[] => {
    const names = rows.filter(({ mask, value }) => (bits & mask) >>> 0 === value).map(({ name }) => name);
    const lost = rows.filter(
      ({ mask }) => !rows.some((r) => r.mask === mask && r.value === (bits & mask) >>> 0),
    );
    const fields = lost.reduce((all, { mask, value }) => (mask === value ? all : all | mask), 0);
    const rest = ((bits & ~known) | (bits & fields)) >>> 0;
    return rest === 0 ? names : [...names, hexText(rest, 8)];
  };
  return uintOf(8 * bytesOfInt(width)).map((bits) => list(Number(bits)));
}

function numberOf(definition: NumberDefinition, bytes: number): Value {
  const byNumber = new Map([...definition.names].map(([name, value]) => [value, name]));
  const extended = definition.widths.get(bytes) === "sign_extend";
  const widened = (n: number): number => (extended && n > 0xff00 ? n + 0xffff0000 : n);
  const fits = [...byNumber].filter(([value]) => extended || value < 256 ** bytes).map(([, name]) => name);
  const other = uintOf(8 * bytes).map((n) => {
    const value = widened(Number(n));
    return byNumber.get(value) ?? value;
  });
  return fc.oneof(fc.constantFrom(...fits), other);
}

function scalarOf(model: Model, { form, bits, widths }: Scalar, given: Width | undefined): Value {
  const width = given ?? widths[0];
  switch (form) {
    case "uint":
      return uintOf(Math.min(bits ?? 64, 8 * bytesOfInt(width)));
    case "sint":
      return fc.oneof(fc.constantFrom(-1, 0, -(2 ** 31), 2 ** 31 - 1), fc.integer());
    case "mac":
      return bytesOf(6, 6).map((b) => formatMac(b, 0));
    case "ipv4":
      return bytesOf(4, 4).map((b) => formatIPv4(b, 0));
    case "ipv6":
      return bytesOf(16, 16).map((b) => formatIPv6(b, 0));
    case "datapath":
      return bytesOf(8, 8).map((b) => formatDatapathId(b, 0));
    case "duration":
      return fc
        .tuple(uintOf(32), fc.oneof(fc.constantFrom(0, 999_999_999), fc.nat(999_999_999)))
        .map(([s, n]) => (s === 0 && n === 0 ? "0" : `${s}.${String(n).padStart(9, "0")}`));
    case "hex": {
      const n = width?.kind === "bytes" ? width.n : undefined;
      return n === undefined ? hexOf(0, 24) : hexOf(n, n);
    }
    case "chars":
      return textOf(width?.kind === "chars" ? width.n : 16);
    case "text":
      return fc.oneof(fc.string({ unit: "binary", maxLength: 24 }), fc.constantFrom("", "a\0", "\udcff"));
    case "version_bitmap":
      return fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1 }).map((list) => list.sort());
    case "sub_field":
      return subFieldOf(model, width?.kind === "oxm_id" && width.vars[1] === "1" ? 1 : 8);
    case "field_id":
      return fc.constantFrom("NX_IN_PORT", "NX_TUN_METADATA63", "ETH_DST/", "~METADATA", "0x12345678");
    case "field_or_uint":
      return fc.oneof(uintOf(width?.kind === "oxm_or" ? 8 * width.bytes : 16), subFieldOf(model, 8));
  }
}

/** So many bits of some field: two sides of one action must have the same number. */
function subFieldOf(model: Model, bits: number): Value {
  const table = model.definitions.get("Field");
  const fields =
    table?.kind !== "tlv_table"
      ? []
      : table.cases.filter((one) => /^UInt(16|32)$/.test(one.type.name) && one.experimenter === undefined);
  return fc
    .tuple(fc.constantFrom(...fields), fc.nat(8))
    .map(([{ name }, at]) => `${name}[${at}:${at + bits}]`);
}

function textOf(bytes: number): fc.Arbitrary<string> {
  return fc.oneof(
    fc.string({ maxLength: bytes }).filter((s) => Buffer.byteLength(s) <= bytes && !s.includes("\0")),
    fc.constantFrom("", "é", "x".repeat(bytes)),
  );
}

function bytesOf(minLength: number, maxLength: number): fc.Arbitrary<Buffer> {
  const random = fc.uint8Array({ minLength, maxLength }).map((b) => Buffer.from(b));
  return fc.oneof(fc.constantFrom(Buffer.alloc(minLength), Buffer.alloc(minLength, 0xff)), random);
}

function bytesOfInt(width: Width | undefined): number {
  return width?.kind === "int" ? width.bytes : 4;
}
