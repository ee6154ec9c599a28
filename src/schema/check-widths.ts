// Which meanings may stand in which machine words.

import { isShapeOnly } from "./check-keys.js";
import { MESSAGE_TYPE } from "./check-references.js";
import { formatType, inlinedType, ownParts, type Rule, typeOfKey } from "./check-report.js";
import type { Definition, Model, TypeRef, Width } from "./model.js";
import { fixedStruct, tellsLength } from "./sizes.js";

/** Each row's width is one that the meaning of its key has. */
export const widthsFit: Rule = (model, report) => {
  for (const part of ownParts(model)) {
    for (const v of part.versions) {
      for (const row of part.unit.rows[v] ?? []) {
        if (row.kind !== "field") continue;
        const type = typeOfKey(part.unit, row.name);
        if (type === undefined) continue;
        const name = row.name.startsWith("$") ? part.unit.label : `${part.unit.label}.${row.name}`;
        const problem = widthProblem(model, type, row.width, v);
        if (problem !== undefined) report.say(row.at, `${name}: ${problem}`);
        const d = model.definitions.get(type.name);
        if (d?.kind === "scalar" && d.signs.size + d.words.size > 0)
          report.say(row.at, `${name}: ${d.name} has signs or words, which only values of TLVs may have`);
        if (row.width.kind === "int" && row.width.shift > 0 && part.kind !== "case")
          report.say(row.at, `${name}: only union cases have shifted words`);
      }
    }
  }
};

/** A struct without layout is the JSON of a native row: it stands in no other. */
export const shapesAreNative: Rule = (model, report) => {
  const shapes = new Set(
    ownParts(model).flatMap((part) => (isShapeOnly(part) && part.unit.json.length > 0 ? [part.unit.id] : [])),
  );
  for (const part of ownParts(model)) {
    for (const v of part.versions) {
      for (const row of part.unit.rows[v] ?? []) {
        if (row.kind !== "field" && row.kind !== "inline") continue;
        const type = row.kind === "field" ? typeOfKey(part.unit, row.name) : inlinedType(part.unit);
        if (type && shapes.has(type.name) && !(row.kind === "field" && row.width.kind === "native"))
          report.say(row.at, `${part.unit.label}: ${type.name} has no wire, only native rows can hold it`);
      }
    }
  }
};

/** What is wrong with a meaning in a width; undefined: nothing. Names that do not exist are not its business. */
export function widthProblem(model: Model, type: TypeRef, width: Width, version: number): string | undefined {
  const d = model.definitions.get(type.name);
  const refused = `${formatType(type)} cannot be ${formatWidth(width)}`;
  if (width.kind === "native") return undefined;
  if (type.name === MESSAGE_TYPE) return width.kind === "message" && !type.list ? undefined : refused;
  if (d === undefined) return undefined;
  switch (width.kind) {
    case "int":
      if (type.list !== (d.kind === "flags")) return refused;
      return intProblem(d, width, version) ?? undefined;
    case "bytes":
    case "chars":
    case "oxm_id": {
      if (type.list || d.kind !== "scalar" || !hasRun(d, width)) return refused;
      if (width.kind !== "oxm_id" || d.form === "field_id") return undefined;
      const wanted = width.packed ? 1 : 2;
      if (width.vars.length !== wanted)
        return `${formatWidth(width)} cites ${wanted === 1 ? "one variable" : "two variables"}`;
      return undefined;
    }
    case "oxm_or":
      return !type.list && d.kind === "scalar" && d.form === "field_or_uint" ? undefined : refused;
    case "list":
      if (!type.list) return refused;
      if (width.item > 0) return itemProblem(d, width.item as 1 | 2 | 4, version) ?? undefined;
      if (d.kind === "union" || d.kind === "tlv_table") return undefined;
      if (d.kind !== "struct") return refused;
      if (d.rows[version] === undefined) return undefined;
      return (fixedStruct(model, d, version) ?? 0) > 0 || tellsLength(model, d, version)
        ? undefined
        : `${d.name} cannot be in a list: its bytes do not tell where it ends`;
    case "ids":
      if (!type.list || (d.kind !== "tlv_table" && d.kind !== "union")) return refused;
      return d.kind === "union" && headerText(d) !== "type:2 length:2"
        ? `${d.name} has no ids: its header is not type and length of 16 bits`
        : undefined;
    case "oxm_match":
    case "oxs_stats":
      return type.list && d.kind === "tlv_table" ? undefined : refused;
    case "struct":
      return !type.list && d.kind === "struct" ? undefined : refused;
    case "wrap": {
      if (!type.list || d.kind !== "union") return refused;
      const c = d.cases.find((one) => one.name === width.case);
      if (c === undefined) return `${d.name} has no case ${width.case}`;
      const inner = c.json[0]?.type;
      const element = inner && model.definitions.get(inner.name);
      return inner?.list && element?.kind === "union"
        ? undefined
        : `the first key of ${d.name} ${width.case} is not a list of a union`;
    }
    case "oxm":
      return "oxm is a width of $inline only";
    case "message":
      return refused;
  }
}

function headerText(d: Extract<Definition, { kind: "union" }>): string {
  return d.header.map((w) => `${w.word}:${w.bytes}`).join(" ");
}

function intProblem(
  d: Definition,
  width: Extract<Width, { kind: "int" }>,
  version: number,
): string | undefined {
  const refused = `${d.kind === "flags" ? `[${d.name}]` : d.name} cannot be ${formatWidth(width)}`;
  switch (d.kind) {
    case "scalar": {
      if (!d.widths.some((w) => w.kind === "int" && w.bytes === width.bytes)) return refused;
      if (width.bits !== undefined)
        return d.form === "uint" && width.bytes <= 4 && width.bits < 2 ** (8 * width.bytes)
          ? undefined
          : refused;
      if (width.shift === 0) return undefined;
      return d.form === "uint" &&
        width.bytes < 8 &&
        (d.bits ?? 8 * width.bytes) + width.shift <= 8 * width.bytes
        ? undefined
        : refused;
    }
    case "number":
      return d.widths.has(width.bytes) && isPlain(width) ? undefined : refused;
    case "enum":
    case "code":
    case "flags":
      if (width.bytes === 3 || width.bytes === 8 || !isPlain(width)) return refused;
      return tooLarge(d, width, version);
    default:
      return refused;
  }
}

/** The word is the value, whole and in its place. */
function isPlain(width: Extract<Width, { kind: "int" }>): boolean {
  return width.shift === 0 && width.bits === undefined;
}

/** A name of an open set whose number is too large for a word. */
function tooLarge(d: Definition, width: Width & { kind: "int" }, version: number): string | undefined {
  const limit = 2 ** (8 * width.bytes);
  const numbers =
    d.kind === "enum"
      ? [...d.values].map(([name, by]) => [name, by[version] ?? 0] as const)
      : d.kind === "flags"
        ? [...d.bits].map(([name, by]) => [name, by[version]?.mask ?? 0] as const)
        : d.kind === "code"
          ? [...d.values.values()].flatMap((table) =>
              [...table].map(([name, by]) => [name, by[version] ?? 0] as const),
            )
          : [];
  const first = numbers.find(([, n]) => n >= limit);
  return first && `${first[0]} of ${d.name} does not fit ${formatWidth(width)}`;
}

function itemProblem(d: Definition, bytes: 1 | 2 | 4, version: number): string | undefined {
  if (d.kind === "scalar" || d.kind === "number" || d.kind === "enum") {
    const problem = intProblem(d, { kind: "int", bytes, shift: 0 }, version);
    return problem?.replace(`${d.name} cannot be u${8 * bytes}`, `[${d.name}] cannot be list(u${8 * bytes})`);
  }
  return `[${d.name}] cannot be list(u${8 * bytes})`;
}

function hasRun(d: Extract<Definition, { kind: "scalar" }>, width: Width): boolean {
  if (width.kind === "oxm_id")
    return d.form === "sub_field" || (d.form === "field_id" && width.vars.length === 0 && !width.packed);
  if (width.kind === "chars") return d.widths.some((w) => w.kind === "chars" && w.n === width.n);
  if (width.kind !== "bytes") return false;
  const listed = d.widths.some((w) => w.kind === "bytes" && w.n === width.n);
  return listed || (d.form === "hex" && d.widths.some((w) => w.kind === "bytes" && w.n === undefined));
}

/** A width as schemas spell it. */
export function formatWidth(width: Width): string {
  switch (width.kind) {
    case "int":
      return `u${8 * width.bytes}${width.shift > 0 ? `<<${width.shift}` : ""}${width.bits === undefined ? "" : `&0x${width.bits.toString(16)}`}`;
    case "bytes":
      return width.n === undefined ? "bytes" : `bytes(${width.n})`;
    case "chars":
      return `chars(${width.n})`;
    case "list":
      return width.item > 0 ? `list(u${8 * width.item})` : "list";
    case "native":
      return `native ${width.fn}`;
    case "wrap":
      return `wrap ${width.case}`;
    case "oxm_id":
      return width.packed ? "oxm_id_packed" : "oxm_id";
    case "oxm_or":
      return `oxm_or(u${8 * width.bytes})`;
    default:
      return width.kind;
  }
}
