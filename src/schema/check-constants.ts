// Rules about constants in schemas: what `default`, `absent` and `$set` say is a value of its type.
import { fieldOf, formatType, ownParts, type Rule } from "./check-report.js";
import type { Constant, Definition, JsonField, Model, Scalar, TypeRef } from "./model.js";

/** Defaults, absent values and `$set` are readable as their types, in all versions where they count. */
export const constantsFit: Rule = (model, report) => {
  for (const part of ownParts(model)) {
    for (const v of part.versions) {
      const check = (f: JsonField, key: string, constant: Constant | undefined, at = f.at): void => {
        if (constant === undefined || f.type === undefined) return;
        const name = `${part.unit.label}.${f.name}`;
        if (constant.kind === "key" && key !== "default")
          report.say(at, `${name}: only default can be the value of another key`);
        else if (!readable(model, f.type, constant, v))
          report.sayFor(
            v,
            at,
            `${name}: ${key} is ${said(constant)}, not a ${formatType(f.type)} of {versions}`,
          );
      };
      for (const f of part.unit.json) {
        check(f, "default", f.default);
        check(f, "absent", f.absent);
      }
      for (const row of part.unit.rows[v] ?? []) {
        const f = row.kind === "set" ? fieldOf(part.unit, row.name) : undefined;
        if (row.kind === "set" && f) check(f, "$set", row.value, row.at);
      }
    }
  }
};

/** `omit: empty` is for what can be empty or 0, `omit: {same_as}` for numbers that are compared. */
export const omitsFit: Rule = (model, report) => {
  for (const part of ownParts(model)) {
    for (const f of part.unit.json) {
      const d = f.type && model.definitions.get(f.type.name);
      if (f.type === undefined || d === undefined || f.omit === undefined) continue;
      const name = `${part.unit.label}.${f.name}`;
      if (f.omit === "empty" && !f.type.list && !canBeEmpty(d))
        report.say(f.at, `${name}: omit: empty is for lists, hex data and numbers below 2^32`);
      if (
        typeof f.omit === "object" &&
        (f.type.list || (d.kind !== "number" && !(d.kind === "scalar" && d.form === "uint")))
      )
        report.say(f.at, `${name}: omit: {same_as} is for numbers`);
    }
  }
};

/** Hex data without bytes, and the number 0 of a word that one comparison reads. */
function canBeEmpty(d: Definition): boolean {
  if (d.kind !== "scalar") return false;
  return d.form === "hex" || (d.form === "uint" && !d.widths.some((w) => w.kind === "int" && w.bytes === 8));
}

function said(constant: Constant): string {
  return constant.kind === "text"
    ? `"${constant.text}"`
    : constant.kind === "empty"
      ? "[]"
      : `=${constant.key}`;
}

function readable(model: Model, type: TypeRef, constant: Constant, version: number): boolean {
  if (constant.kind === "key") return true;
  if (type.list || constant.kind === "empty") return type.list && constant.kind === "empty";
  const d = model.definitions.get(type.name);
  const { text } = constant;
  switch (d?.kind) {
    case undefined:
      return true;
    case "scalar":
      return scalarReads(d, text);
    case "number":
      return d.names.has(text) || d.also.has(text) || fitsBits(text, 32);
    case "enum":
      return d.values.get(d.also.get(text) ?? text)?.[version] !== undefined || fitsBits(text, 32);
    default:
      return false;
  }
}

const FORMS: Partial<Record<Scalar["form"], RegExp>> = {
  mac: /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/,
  ipv4: /^(\d{1,3}\.){3}\d{1,3}$/,
  ipv6: /^[0-9a-f:]*:[0-9a-f:]*$/,
  hex: /^([0-9A-F]{2})*$/,
  duration: /^\d{1,10}(\.\d{9})?$/,
};

function scalarReads(d: Scalar, text: string): boolean {
  switch (d.form) {
    case "uint":
      return fitsBits(
        text,
        d.bits ?? Math.max(0, ...d.widths.map((w) => (w.kind === "int" ? 8 * w.bytes : 0))),
      );
    case "sint":
      return fitsBits(text.replace(/^-/, ""), 31);
    case "text":
    case "field_id":
      return true;
    case "field_or_uint":
      return fitsBits(text, 16);
    case "chars":
      return d.widths.some((w) => w.kind === "chars" && Buffer.byteLength(text) <= w.n);
    default:
      return FORMS[d.form]?.test(text) ?? false;
  }
}

function fitsBits(text: string, bits: number): boolean {
  return /^(\d+|0x[0-9a-fA-F]+)$/.test(text) && BigInt(text) < 1n << BigInt(bits);
}
