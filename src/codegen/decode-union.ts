// Decoders of unions: the list, one element (dispatch on its code), and lists of codes alone.
import { caseHeaderBytes, caseUnit, type Union, type UnionCase } from "../schema/index.js";
import type { Generation } from "./context.js";
import { emitBodyDecoder } from "./decode-body.js";
import { elementCheck } from "./decode-lengths.js";
import { emitValue, importReaders } from "./decode-values.js";
import { plus, readInt } from "./layout.js";
import { hex, quote } from "./naming.js";
import type { SourceModule } from "./printer.js";
import { oneLine } from "./tables.js";
import { decoderFunction, TextLines } from "./text-lines.js";
import { type UnionHeader, unionHeader } from "./union-header.js";

const WIRE = "wire/index";
const SUPPORT = "codec/decode-support";

/** Emits all functions of a union. */
export function emitUnionDecoder(g: Generation, union: Union): void {
  const module = g.moduleOf(union.name);
  for (const c of union.cases) {
    const unit = caseUnit(g.model, union, c);
    for (const version of g.groupVersions(unit.id))
      emitBodyDecoder(g, module, unit, version, `${union.name} ${c.name}: ${c.doc}`);
  }
  for (const version of g.groupVersions(union.name)) {
    emitList(g, module, union, version);
    emitElement(g, module, union, version);
    emitIds(g, module, union, version);
  }
}

function signature(
  g: Generation,
  module: SourceModule,
  union: Union,
  version: number,
  ending: string,
): string {
  const text = module.use("type Text", "text/index");
  return `export function decode${g.unitName(union.name, version)}${ending}(b: Buffer, o: number, end: number, w: ${text}): void`;
}

function emitList(g: Generation, module: SourceModule, union: Union, version: number): void {
  const out = new TextLines();
  const header = unionHeader(union);
  const context = isRecursive(g, union) ? module.use("context", "codec/context") : undefined;
  const short = module.use("short", WIRE);
  if (context) out.add(`${context}.depth++;`);
  out.open("for (let q = o; q < end; ) {");
  out.add(`if (end - q < ${header.size}) throw ${short}(${quote(union.name)}, q, end, ${header.size});`);
  out.add(
    `const length = ${importReaders(module, readInt(header.lengthBytes, plus("q", header.lengthAt)))};`,
  );
  out.add(elementCheck(module, union.name, plus("q", header.lengthAt), header.size, union.multiple));
  out.add("if (q !== o) w.o[w.p++] = 0x2c;");
  out.text("{");
  out.add(`decode${g.unitName(union.name, version)}(b, q, q + length, w);`);
  out.text("}");
  out.add(`q += ${union.align === 8 ? `${module.use("align8", WIRE)}(length)` : "length"};`);
  out.close();
  if (context) out.add(`${context}.depth--;`);
  module.add(
    `/** List of ${union.name}: its elements, comma separated. */\n${decoderFunction(signature(g, module, union, version, "List"), out)}`,
  );
}

function emitElement(g: Generation, module: SourceModule, union: Union, version: number): void {
  const out = new TextLines();
  const header = unionHeader(union);
  const cases = union.cases.flatMap((c) => {
    const code = c.type[version];
    return code === undefined ? [] : [{ c, code }];
  });
  const simple = cases.filter(({ code }) => code.length === 1);
  const vendor = cases.filter(({ code }) => code.length > 1);
  const recursive = isRecursive(g, union);
  out.add(`const type = ${importReaders(module, readInt(header.typeBytes, plus("o", header.typeAt)))};`);
  const limit = recursive
    ? `${module.use("context", "codec/context")}.depth > ${module.use("MAX_DEPTH", "codec/context")}`
    : undefined;
  const known = (): void => {
    for (const first of new Set(vendor.map(({ code }) => code[0] ?? 0))) {
      out.open(`if (type === ${hex(first)}) {`);
      emitPath(
        g,
        module,
        union,
        version,
        out,
        vendor.filter(({ code }) => code[0] === first),
        1,
      );
      out.close();
    }
    if (simple.length > 0) {
      out.open("switch (type) {");
      for (const { c, code } of simple) {
        out.open(`case ${code[0]}:`);
        emitCase(g, module, union, c, version, out);
        out.close("");
      }
      out.close();
    }
  };
  if (limit) {
    out.open(`if (!(${limit})) {`);
    known();
    out.close();
  } else known();
  emitUnknown(g, module, union, version, header, out);
  module.add(
    `/** ${oneLine(union.doc)} Members of one object, without its braces. */\n${decoderFunction(signature(g, module, union, version, ""), out)}`,
  );
}

/** Dispatches on the words that follow the header in vendor cases. */
function emitPath(
  g: Generation,
  module: SourceModule,
  union: Union,
  version: number,
  out: TextLines,
  cases: readonly { c: UnionCase; code: readonly number[] }[],
  depth: number,
): void {
  const step = union.path[depth - 1];
  if (step === undefined) return;
  const at = caseHeaderBytes(union, new Array<number>(depth).fill(0));
  out.open(`if (end - o >= ${at + step.bytes}) {`);
  out.open(`switch (${importReaders(module, readInt(step.bytes, plus("o", at)))}) {`);
  for (const code of new Set(cases.map((one) => one.code[depth] ?? 0))) {
    const here = cases.filter((one) => one.code[depth] === code);
    out.open(`case ${hex(code)}:`);
    const deeper = here.filter((one) => one.code.length > depth + 1);
    if (deeper.length > 0) emitPath(g, module, union, version, out, deeper, depth + 1);
    const exact = here.find((one) => one.code.length === depth + 1);
    if (exact) emitCase(g, module, union, exact.c, version, out);
    else out.add("break;");
    out.close("");
  }
  out.close();
  out.close();
}

/** Prints the tag and the members of a known case and returns; falls out of the switch when the wire is not as JSON would say it. */
function emitCase(
  g: Generation,
  module: SourceModule,
  union: Union,
  c: UnionCase,
  version: number,
  out: TextLines,
): void {
  const unit = caseUnit(g.model, union, c);
  const members = unit.json.some((f) => f.since <= version);
  const call = `${g.call(module, "decode", unit.id, version)}(b, o, end, w);`;
  const inexact = inexactTest(g, module, union, c, version);
  if (inexact) out.add(`if (${inexact}) break;`);
  const spellings = c.as;
  const choice = spellings.find((s) => typeof s.value !== "string");
  const constants = (field: string | undefined): string =>
    spellings.length === 0
      ? `${quote(union.tag)}:${quote(c.name)}`
      : spellings
          .map((s) => `${quote(s.key)}:${quote(typeof s.value === "string" ? s.value : (field ?? ""))}`)
          .join(",");
  const printAs = (field: string | undefined): void => {
    if (c.tagForm) emitTagForm(module, union, c, out);
    else out.text(constants(field));
    if (members) out.text(",");
    out.add(call);
    out.add("return;");
  };
  if (choice === undefined || typeof choice.value === "string") {
    printAs(undefined);
    return;
  }
  out.open(`switch (${module.use("context", "codec/context")}.l4) {`);
  for (const [protocol, field] of choice.value) {
    out.open(`case ${protocol}:`);
    printAs(field);
    out.close("");
  }
  out.close();
  out.add("break;");
}

/** `EXPERIMENTER.{experimenter:hex8}`: the constant part and the first row's word in hex. */
function emitTagForm(module: SourceModule, union: Union, c: UnionCase, out: TextLines): void {
  const at = unionHeader(union).size;
  const prefix = (c.tagForm ?? "").replace(/\{.*/, "");
  out.add(
    `if (end - o < ${at + 4}) throw ${module.use("short", WIRE)}(${quote(`${union.name} ${c.name}`)}, o, end, ${at + 4});`,
  );
  out.text(`${quote(union.tag)}:"${prefix}`);
  out.add(`${module.use("writeHexWord", SUPPORT)}(${importReaders(module, readInt(4, plus("o", at)))}, w);`);
  out.text('"');
}

/** Source that is true when a shifted field has bits that JSON cannot show. */
function inexactTest(
  g: Generation,
  module: SourceModule,
  union: Union,
  c: UnionCase,
  version: number,
): string | undefined {
  const unit = caseUnit(g.model, union, c);
  let offset = unit.headerBytes(version);
  const tests: string[] = [];
  for (const row of unit.rows[version] ?? []) {
    if (row.kind === "field" && row.width.kind === "int") {
      if (row.width.shift > 0) {
        const read = importReaders(module, readInt(row.width.bytes, plus("o", offset)));
        tests.push(`(${read} & ${2 ** row.width.shift - 1}) !== 0`);
      }
      offset += row.width.bytes;
    } else if (row.kind === "pad") offset += row.n;
    else break;
  }
  return tests.length === 0 ? undefined : tests.join(" || ");
}

function emitUnknown(
  g: Generation,
  module: SourceModule,
  union: Union,
  version: number,
  header: UnionHeader,
  out: TextLines,
): void {
  if (union.unknown === "error") {
    const error = module.use("DecodeError", "base/index");
    out.add(`throw new ${error}("BAD_TYPE", ${quote(union.name)}, o, \`type \${type} is unknown\`);`);
    return;
  }
  out.text(`${quote(union.tag)}:`);
  out.add(`${module.use("writeHexNumber", SUPPORT)}(type, ${header.typeBytes * 2}, w);`);
  let at = header.size;
  const common = union.common;
  if (common) {
    for (const row of common.rows[version] ?? []) {
      if (row.kind !== "field" || row.width.kind !== "int")
        throw new Error(`${union.name}: common rows are numbers`);
      const type = common.json.find((f) => f.name === row.name)?.type;
      if (type === undefined) continue;
      out.text(`,${quote(row.name)}:`);
      const place = {
        type,
        width: row.width,
        at: plus("o", at),
        end: "",
        version,
        by: undefined,
        bitRange: undefined,
      };
      emitValue(g, module, out, place);
      at += row.width.bytes;
    }
    out.add(`if (end - o < ${at}) throw ${module.use("short", WIRE)}(${quote(union.name)}, o, end, ${at});`);
  }
  out.text(',"data":');
  out.add(`${module.use("writeHex", "text/index")}(b, ${plus("o", at)}, end, w);`);
}

/** A list of headers only, as TABLE_FEATURES has: names, hex where there is none. */
function emitIds(g: Generation, module: SourceModule, union: Union, version: number): void {
  const header = unionHeader(union);
  if (header.size !== 4 || header.typeBytes !== 2) return;
  const names = union.cases.flatMap((c) => {
    const code = c.type[version];
    return code?.length === 1 && code[0] !== 0xffff ? [`[${code[0]}, ${quote(c.name)}]`] : [];
  });
  const table = `${g.unitName(union.name, version)}Codes`;
  module.add(
    `const ${table.charAt(0).toLowerCase()}${table.slice(1)} = ${module.use("nameTable", SUPPORT)}(() => [${names.join(", ")}]);`,
  );
  const out = new TextLines();
  out.add(
    `${module.use("writeIds", SUPPORT)}(b, o, end, ${table.charAt(0).toLowerCase()}${table.slice(1)}, ${quote(union.name)}, w);`,
  );
  module.add(
    `/** List of codes of ${union.name}. */\n${decoderFunction(signature(g, module, union, version, "Ids"), out)}`,
  );
}

/** True when an element can hold a list that holds such an element again. */
export function isRecursive(g: Generation, union: Union): boolean {
  const seen = new Set<string>();
  const reaches = (name: string): boolean => {
    if (name === "Message") return false;
    if (seen.has(name)) return false;
    seen.add(name);
    const d = g.model.definitions.get(name);
    if (d?.kind === "union") {
      return d.cases.some((c) =>
        caseUnit(g.model, d, c).json.some(
          (f) => f.type && (f.type.name === union.name || reaches(f.type.name)),
        ),
      );
    }
    if (d?.kind === "struct")
      return d.json.some((f) => f.type && (f.type.name === union.name || reaches(f.type.name)));
    return false;
  };
  return reaches(union.name);
}
