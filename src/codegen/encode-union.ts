// Encoders of unions: the list, one element (chosen by its tag through a Map to dense numbers), lists of codes alone.
import { caseUnit, fixedElement, type Union, type UnionCase } from "../schema/index.js";
import type { Generation } from "./context.js";
import { isRecursive } from "./decode-union.js";
import { emitBodyEncoder } from "./encode-body.js";
import { constantSource, storeSource } from "./encode-values.js";
import { encoderFunction } from "./encoder-function.js";
import { knownKeys } from "./known-keys.js";
import { hex, quote } from "./naming.js";
import { Lines, type SourceModule } from "./printer.js";
import { oneLine } from "./tables.js";
import { unionHeader } from "./union-header.js";

const SUPPORT = "codec/encode-support";

/** Emits all functions of a union. */
export function emitUnionEncoder(g: Generation, union: Union): void {
  const module = g.moduleOf(union.name);
  for (const c of union.cases) {
    const unit = caseUnit(g.model, union, c);
    for (const version of g.groupVersions(unit.id))
      emitBodyEncoder(g, module, unit, version, `${union.name} ${c.name}: ${c.doc}`);
  }
  for (const version of g.groupVersions(union.name)) {
    emitElement(g, module, union, version);
    emitList(g, module, union, version);
    emitIds(g, module, union, version);
  }
}

function emitList(g: Generation, module: SourceModule, union: Union, version: number): void {
  const name = `encode${g.unitName(union.name, version)}`;
  const nested = isRecursive(g, union);
  const each = module.use(nested ? "encodeEachNested" : "encodeEach", SUPPORT);
  const tag = nested ? `, ${quote(union.tag)}` : "";
  const writer = module.use("type MessageWriter", "codec/message-writer");
  module.add(
    `/** A list of ${union.name}. */\nexport function ${name}List(w: ${writer}, value: unknown, key: string): void {\n  ${each}(w, value, key, ${name}${tag});\n}`,
  );
}

/** A case that a tag leads to: by its own name, or by the newer JSON that it spells. */
interface Choice {
  readonly c: UnionCase;
  readonly code: readonly number[];
}

function emitElement(g: Generation, module: SourceModule, union: Union, version: number): void {
  const out = new Lines();
  const header = unionHeader(union);
  const cases = union.cases.flatMap((c): Choice[] => {
    const code = c.type[version];
    return code === undefined ? [] : [{ c, code }];
  });
  const plain = cases.filter(({ c }) => c.as.length === 0 && c.tagForm === undefined);
  const spelled = new Map<string, Choice[]>();
  for (const choice of cases) {
    const tag = choice.c.as[0];
    if (tag === undefined || typeof tag.value !== "string") continue;
    spelled.set(tag.value, [...(spelled.get(tag.value) ?? []), choice]);
  }
  const tags = [
    ...plain.map(({ c }) => c.name),
    ...[...spelled.keys()].filter((name) => !plain.some(({ c }) => c.name === name)),
  ];
  const unitName = g.unitName(union.name, version);
  const table = `${unitName.charAt(0).toLowerCase()}${unitName.slice(1)}Tags`;
  module.add(
    `const ${table} = new Map<string, number>([${tags.map((tag, i) => `[${quote(tag)}, ${i}]`).join(", ")}]);`,
  );
  const all = `${union.name.charAt(0).toLowerCase()}${union.name.slice(1)}Names`;
  const allNames = [
    ...new Set(
      union.cases.map((c) => (c.as[0] && typeof c.as[0].value === "string" ? c.as[0].value : c.name)),
    ),
  ];
  module.once(all, () => `const ${all}: readonly string[] = [${allNames.map(quote).join(", ")}];`);

  const support = (name: string): string => module.use(name, SUPPORT);
  // Properties of experimenters have long been written without their tag.
  const assumed =
    union.tag === "property"
      ? 'm.property === undefined && m.experimenter !== undefined ? "EXPERIMENTER" : '
      : "";
  out.add(`const tag = ${assumed}m.${union.tag};`);
  out.add(`if (tag === undefined) throw ${support("missingTag")}(m, ${quote(union.tag)});`);
  out.add("const start = w.p;");
  out.add(`w.zeros(${header.size});`);
  out.add("let c = 0;");
  out.add(`let type = ${hex(0)};`);
  out.add('let known = "";');
  out.open("try {");
  out.open(`switch (typeof tag === "string" ? ${table}.get(tag) : undefined) {`);
  tags.forEach((tag, i) => {
    out.open(`case ${i}: {`);
    const here = spelled.get(tag);
    if (here) emitSpelled(g, module, union, tag, here, version, out);
    else {
      const choice = plain.find(({ c }) => c.name === tag);
      const read = union.tag === "property" ? "(m.property === undefined ? 0 : 1)" : "1";
      if (choice) emitChoice(g, module, union, choice, version, read, out);
    }
    out.add("break;");
    out.close();
  });
  out.open("default: {");
  emitOther(g, module, union, cases, version, all, out);
  out.close();
  out.close();
  out.add(`if (c !== ${support("countKeys")}(m)) throw ${support("unknownKey")}(m, known);`);
  out.close("} catch (error) {");
  out.add(`throw ${support("causeOf")}(error, m, known);`);
  out.close();
  if (union.multiple > 1) out.add(`w.align(start, ${union.multiple});`);
  out.add(
    `${support("putHeader")}(w, start, ${header.typeAt}, ${header.typeBytes}, type, ${header.lengthAt}, ${header.lengthBytes}, ${quote(union.name)});`,
  );
  if (union.align > 1) out.add(`w.align(start, ${union.align});`);
  module.add(`/** ${oneLine(union.doc)} */\n${encoderFunction(module, `encode${unitName}`, out, "void")}`);
}

/** Body of a known case: vendor words, members, and the keys that errors may suggest. `read` keys are the tag's. */
function emitChoice(
  g: Generation,
  module: SourceModule,
  union: Union,
  choice: Choice,
  version: number,
  read: string,
  out: Lines,
): void {
  const unit = caseUnit(g.model, union, choice.c);
  out.add(`type = ${hex(choice.code[0] ?? 0)};`);
  choice.code.slice(1).forEach((code, i) => {
    const step = union.path[i];
    if (step) out.add(`w.u${step.bytes * 8}(${hex(code)});`);
  });
  out.add(`known = ${quote(keysOfCase(g, union, choice.c, version))};`);
  out.add(`c = ${read} + ${g.call(module, "encode", unit.id, version)}(w, m);`);
  const newer = union.cases.find(({ name, as }) => as.length === 0 && name === choice.c.as[0]?.value);
  if (newer === undefined) return;
  // Keys of the newer JSON that this spells.
  const more = quote(keysOfCase(g, union, newer, version));
  const unsaid = module.use("unsaidKey", SUPPORT);
  out.add(`if (c !== ${module.use("countKeys", SUPPORT)}(m)) throw ${unsaid}(m, known, ${more}, w);`);
}

/** The keys of a case, blank separated: those that choose it, and its own. */
function keysOfCase(g: Generation, union: Union, c: UnionCase, version: number): string {
  const tags = c.as.length > 0 ? c.as.map((tag) => tag.key).join(" ") : union.tag;
  return `${tags} ${knownKeys(g, caseUnit(g.model, union, c), version)}`.trim();
}

/** A tag whose further constants choose the case: SET_FIELD by its field in versions that have an action per field. */
function emitSpelled(
  g: Generation,
  module: SourceModule,
  union: Union,
  tag: string,
  choices: readonly Choice[],
  version: number,
  out: Lines,
): void {
  const only = choices[0];
  if (only !== undefined && choices.length === 1 && only.c.as.length === 1) {
    emitChoice(g, module, union, only, version, "1", out);
    return;
  }
  const second = only?.c.as[1]?.key ?? "";
  const keys = choices.flatMap(({ c }) => keysOfCase(g, union, c, version).split(" "));
  out.add(`known = ${quote([...new Set(keys)].join(" "))};`);
  out.open(`switch (m.${second}) {`);
  for (const choice of choices) {
    const values = choice.c.as[1]?.value ?? "";
    for (const value of typeof values === "string" ? [values] : values.values())
      out.add(`case ${quote(value)}:`);
    out.open("{");
    if (typeof values !== "string") {
      const protocols = [...values].map(([protocol, value]) => `${value}: ${protocol}`).join(", ");
      const same = module.use("checkProtocol", SUPPORT);
      out.add(`${same}(w, { ${protocols} }, m.${second}, ${quote(second)});`);
    }
    emitChoice(g, module, union, choice, version, String(choice.c.as.length), out);
    out.add("break;");
    out.close();
  }
  out.open("default:");
  out.add(`if (m.${second} === undefined) throw ${module.use("missing", SUPPORT)}(${quote(second)});`);
  out.add(
    `throw ${module.use("cannot", SUPPORT)}(${quote(second)}, \`${tag} of \${${module.use("show", SUPPORT)}(m.${second})}\`, w);`,
  );
  out.close("");
  out.close();
}

/** Tags that are no name of this version: hex codes, tags with an experimenter, names of other versions, mistakes. */
function emitOther(
  g: Generation,
  module: SourceModule,
  union: Union,
  cases: readonly Choice[],
  version: number,
  all: string,
  out: Lines,
): void {
  const support = (name: string): string => module.use(name, SUPPORT);
  const header = unionHeader(union);
  for (const { c, code } of cases) {
    if (c.tagForm === undefined) continue;
    const prefix = c.tagForm.replace(/\{.*/, "");
    const bare = prefix.replace(/\.$/, "");
    const unit = caseUnit(g.model, union, c);
    out.add(
      `const experimenter = typeof tag === "string" ? ${support("tagNumber")}(tag, ${quote(prefix)}) : undefined;`,
    );
    out.open(`if (experimenter !== undefined || tag === ${quote(bare)}) {`);
    out.add(`known = ${quote(`${union.tag} experimenter ${knownKeys(g, unit, version)}`)};`);
    out.add(
      `if (experimenter === undefined && m.experimenter === undefined) throw ${support("missing")}("experimenter");`,
    );
    out.add(
      `w.tagNumber = experimenter ?? ${support("uint")}(m.experimenter, 0xffffffff, "experimenter", "UInt32");`,
    );
    out.add(`type = ${hex(code[0] ?? 0)};`);
    out.add(
      `c = (experimenter === undefined ? 2 : 1) + ${g.call(module, "encode", unit.id, version)}(w, m);`,
    );
    out.add("break;");
    out.close();
  }
  out.add(`const code = ${support("rawCode")}(tag, ${hex(2 ** (8 * header.typeBytes) - 1)});`);
  out.open("if (code === undefined) {");
  out.add(`throw ${support("notA")}(${quote(union.name)}, tag, ${quote(union.tag)}, ${all});`);
  out.close();
  const coded = cases.flatMap(({ c, code }) =>
    code.length === 1 && c.tagForm === undefined && c.as.length === 0
      ? [`[${code[0]}, ${quote(c.name)}]`]
      : [],
  );
  if (coded.length > 0) {
    const byCode = `${g.unitName(union.name, version).replace(/^./, (letter) => letter.toLowerCase())}ByCode`;
    module.add(`const ${byCode} = new Map<number, string>([${coded.join(", ")}]);`);
    out.add(`const name = ${byCode}.get(code);`);
    const raw = 2 + (union.common?.json.length ?? 0);
    out.open(`if (name !== undefined && (m.data === undefined || ${support("countKeys")}(m) > ${raw})) {`);
    out.add("w.p = start;");
    out.add(`encode${g.unitName(union.name, version)}(w, { ...m, ${union.tag}: name });`);
    out.add("return;");
    out.close();
  }
  out.add("type = code;");
  const commonKeys =
    union.common?.rows[version]?.flatMap((row) => (row.kind === "field" ? [row.name] : [])) ?? [];
  out.add(`known = ${quote([union.tag, ...commonKeys, "data"].join(" "))};`);
  emitCommon(g, module, union, version, out);
  out.add(`if (m.data === undefined) throw ${support("missing")}("data");`);
  out.add(`w.bytes(${support("hexOf")}(m.data, "data"));`);
  emitSizeCheck(g, module, union, cases, version, out);
  out.add(`c = 2${commonKeys.map((key) => ` + (m.${key} === undefined ? 0 : 1)`).join("")};`);
}

/** Refuses bytes that are no element of the case that has the code, where all its elements have one size. */
function emitSizeCheck(
  g: Generation,
  module: SourceModule,
  union: Union,
  cases: readonly Choice[],
  version: number,
  out: Lines,
): void {
  const entries = [...new Set(cases.map(({ code }) => code[0] ?? 0))].flatMap((code) => {
    const of = cases.filter((one) => one.code[0] === code);
    // What is told by its bytes until something else says what it is may have any size.
    if (of.some(({ c }) => c.as.some(({ value }) => typeof value !== "string"))) return [];
    const sizes = of.map(({ c }) => fixedElement(g.model, union, c, version));
    const size = sizes[0];
    return size === undefined || sizes.some((one) => one !== size) ? [] : [`[${code}, ${size}]`];
  });
  if (entries.length === 0) return;
  const table = `${g.unitName(union.name, version).replace(/^./, (letter) => letter.toLowerCase())}Sizes`;
  module.add(`const ${table} = new Map<number, number>([${entries.join(", ")}]);`);
  out.add(`${module.use("checkSize", SUPPORT)}(w.p - start, ${union.multiple}, ${table}.get(code), tag);`);
}

/** Fields that all cases share, for a case that has no name. */
function emitCommon(g: Generation, module: SourceModule, union: Union, version: number, out: Lines): void {
  const common = union.common;
  if (common === undefined) return;
  for (const row of common.rows[version] ?? []) {
    const field = common.json.find((f) => row.kind === "field" && f.name === row.name);
    const type = field?.type;
    if (row.kind !== "field" || row.width.kind !== "int" || type === undefined)
      throw new Error(`${union.name}: common rows are numbers`);
    const assumed = field?.default && constantSource(g, type, field.default, version);
    if (assumed === undefined)
      out.add(
        `if (m.${row.name} === undefined) throw ${module.use("missing", SUPPORT)}(${quote(row.name)});`,
      );
    out.open("{");
    out.add(`const b = w.room(${row.width.bytes});`);
    out.add("const p = w.p;");
    out.add(`w.p = p + ${row.width.bytes};`);
    const value = {
      type,
      width: row.width,
      value: assumed === undefined ? `m.${row.name}` : `m.${row.name} ?? ${assumed}`,
      key: quote(row.name),
      version,
      by: undefined,
    };
    out.add(storeSource(g, module, value, "p"));
    out.close();
  }
}

function emitIds(g: Generation, module: SourceModule, union: Union, version: number): void {
  const header = unionHeader(union);
  if (header.size !== 4 || header.typeBytes !== 2) return;
  const names = union.cases.flatMap((c) => {
    const code = c.type[version];
    return code?.length === 1 && code[0] !== 0xffff ? [`[${quote(c.name)}, ${code[0]}]`] : [];
  });
  const unitName = g.unitName(union.name, version);
  const table = `${unitName.charAt(0).toLowerCase()}${unitName.slice(1)}Codes`;
  module.add(`const ${table} = new Map<string, number>([${names.join(", ")}]);`);
  const writer = module.use("type MessageWriter", "codec/message-writer");
  const put = module.use("putIds", SUPPORT);
  module.add(
    `/** A list of codes of ${union.name}. */\nexport function encode${unitName}Ids(w: ${writer}, value: unknown, key: string): void {\n  ${put}(w, value, key, ${table}, ${quote(union.name)});\n}`,
  );
}
