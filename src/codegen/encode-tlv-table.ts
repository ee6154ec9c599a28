// Encoders of TLV tables: a Map from name to a row of facts, and one dense switch over the few forms that values have.
import { bodyUnit, type Scalar, type TlvTable, tlvKeys, tlvOptions } from "../schema/index.js";
import type { Generation } from "./context.js";
import { storeSource } from "./encode-values.js";
import { knownKeys } from "./known-keys.js";
import { tlvPayload } from "./layout.js";
import { hex, quote } from "./naming.js";
import { Lines, type SourceModule } from "./printer.js";

const SUPPORT = "codec/encode-support";

/** Emits `fieldKinds`, `encodeField`, `encodeFieldList` helpers of a table. */
export function emitTlvTableEncoder(g: Generation, table: TlvTable): void {
  const module = g.moduleOf(table.name);
  const version = g.groupVersions(table.name)[0] ?? 1;
  const local = `${table.name.charAt(0).toLowerCase()}${table.name.slice(1)}`;
  const forms = new Map<string, { index: number; store: string }>();
  const rows: string[] = [];
  const index = new Map(table.cases.map((c, i) => [c.name, i]));
  for (const c of table.cases) {
    const payload = tlvPayload(g, c);
    const d = g.definition(c.type.name);
    const size = payload === undefined || c.anyBytes ? -1 : payload.size;
    let form = -1;
    if (payload !== undefined && size >= 0) {
      const key = JSON.stringify([c.type.name, payload.width]);
      const type = { ...c.type, list: d.kind === "flags" };
      const known = forms.get(key);
      const value = { type, width: payload.width, value: "value", key: "key", version, by: undefined };
      const made = known ?? { index: forms.size, store: storeSource(g, module, value, "p") };
      forms.set(key, made);
      form = made.index;
    }
    const header = (c.oxmClass * 0x10000 + c.field * 512) >>> 0;
    const needs = c.needs.map((need) => {
      const parts = [`kind: ${index.get(need.field) ?? -1}`];
      if (need.values) parts.push(`values: [${need.values.map(hex).join(", ")}]`);
      if (need.under)
        parts.push(
          `under: [${need.under.map(({ value, mask }) => `{ value: ${hex(value)}, mask: ${hex(mask)} }`).join(", ")}]`,
        );
      const or = table.cases.flatMap(({ says }, i) =>
        says?.field === need.field ? [`{ kind: ${i}, plus: ${hex(says.plus)} }`] : [],
      );
      if (or.length > 0) parts.push(`or: [${or.join(", ")}]`);
      return `{ ${parts.join(", ")} }`;
    });
    const ip = d.kind === "scalar" && (d.form === "ipv4" || d.form === "ipv6") ? ", ip: true" : "";
    const symbols =
      d.kind === "scalar" && d.signs.size + d.words.size > 0
        ? `, symbols: ${symbolsOf(module, d, size)}`
        : "";
    const option = c.option === undefined ? "" : `, option: ${c.option.number}`;
    rows.push(
      `  { name: ${quote(c.name)}, header: ${hex(header)}, experimenter: ${hex(c.experimenter ?? 0)}, since: ${c.since}, size: ${size}, form: ${form}${ip}${symbols}${option}, needs: [${needs.join(", ")}] },`,
    );
  }
  const kindType = module.use("type FieldKind", "codec/field-kind");
  module.add(
    `/** What is known of each field, in the order of the table. */\nexport const ${local}Kinds: readonly ${kindType}[] = [\n${rows.join("\n")}\n];`,
  );
  const aliases = [...table.aliases].map(([alias, of]) => `  [${quote(alias)}, ${index.get(of) ?? -1}],`);
  module.add(
    `/** Names, and other spellings that are read. */\nexport const ${local}Index: ReadonlyMap<string, number> = new Map<string, number>([\n  ...${local}Kinds.map((kind, i): [string, number] => [kind.name, i]),\n${aliases.join("\n")}\n]);`,
  );

  const prefixes = [...table.prefixes].map(
    ([other, ours]) => `  [${quote(other)}, [${ours.map((own) => quote(own)).join(", ")}]],`,
  );
  const prefixType = module.use("type Prefixes", "codec/field-names");
  module.add(
    `/** Beginnings of other programs' names. */\nexport const ${local}Prefixes: ${prefixType} = [\n${prefixes.join("\n")}\n];`,
  );

  const put = new Lines();
  put.open("switch (form) {");
  for (const { index: i, store } of forms.values()) {
    put.open(`case ${i}:`);
    put.add(store);
    put.add("return;");
    put.close("");
  }
  put.close();
  const body = put.toString();
  const writer = module.use("type MessageWriter", "codec/message-writer");
  const w = /\bw\b/.test(body) ? "w" : "_w";
  module.add(
    `/** Stores a value in the form that its field has. */\nfunction put${table.name}Value(${w}: ${writer}, form: number, b: Buffer, p: number, value: unknown, key: string): void {\n${body}\n}`,
  );
  const tableType = module.use("type TlvTable", "codec/tlv-encode");
  const facts = [
    `tag: ${quote(table.tag)}`,
    `kinds: ${local}Kinds`,
    `index: ${local}Index`,
    `prefixes: ${local}Prefixes`,
    `put: put${table.name}Value`,
    `option: ${optionForm(g, module, table, version)}`,
  ];
  module.add(`const ${local}Table: ${tableType} = {\n${facts.map((fact) => `  ${fact},`).join("\n")}\n};`);
  const encode = module.use("encodeTlv", "codec/tlv-encode");
  const object = module.use("type JsonObject", SUPPORT);
  const keys = tlvKeys(table);
  module.add(
    [
      `/** Writes one TLV: {${keys.join(", ")}}. Returns its index in ${local}Kinds, -1 for one that is named in hex. */`,
      `export function encode${table.name}(w: ${writer}, m: ${object}): number {`,
      `  return ${encode}(w, m, ${local}Table, true);`,
      "}",
    ].join("\n"),
  );
  module.add(
    [
      `/** As encode${table.name}, where these keys stand among others. */`,
      `export function encode${table.name}Inline(w: ${writer}, m: ${object}): number {`,
      `  return ${encode}(w, m, ${local}Table, false);`,
      "}",
    ].join("\n"),
  );
  module.add(
    [
      `/** A list of ${table.name}, without prerequisites. */`,
      `export function encode${table.name}List(w: ${writer}, value: unknown, key: string): void {`,
      `  ${module.use("encodeEach", SUPPORT)}(w, value, key, encode${table.name});`,
      "}",
    ].join("\n"),
  );
  module.add(
    [
      `const ${local}ByName = new Map([...${local}Index].map(([name, i]) => [name, ${local}Kinds[i]!]));`,
      "",
      `/** A list of OXM headers of ${table.name}. */`,
      `export function encode${table.name}Ids(w: ${writer}, value: unknown, key: string): void {`,
      `  ${module.use("putOxmIds", SUPPORT)}(w, value, key, ${local}ByName);`,
      "}",
    ].join("\n"),
  );
  module.add(
    [
      `/** One OXM header of ${table.name}. */`,
      `export function encode${table.name}Id(w: ${writer}, value: unknown, key: string): void {`,
      `  ${module.use("putOxmId", SUPPORT)}(w, value, key, ${local}ByName);`,
      "}",
    ].join("\n"),
  );
}

/** What encoding knows of the options of tunnels among the fields. */
function optionForm(g: Generation, module: SourceModule, table: TlvTable, version: number): string {
  const options = tlvOptions(table);
  const d = options && g.definition(options.type.name);
  if (options === undefined || d?.kind !== "struct") return "undefined";
  const put = g.call(module, "encode", d.name, version, "");
  return `{ stem: ${quote(options.stem)}, put: ${put}, keys: ${quote(knownKeys(g, bodyUnit(d), version))} }`;
}

/** Declares what stands for the numbers of a type, and returns its name. */
function symbolsOf(module: SourceModule, d: Scalar, size: number): string {
  const name = `${d.name.charAt(0).toLowerCase()}${d.name.slice(1)}Symbols`;
  const type = module.use("type FieldSymbols", "codec/field-symbols");
  const signs = [...d.signs].map(([sign, bits]) => `${quote(sign)}: ${hex(bits)}`).join(", ");
  const words = [...d.words]
    .map(([word, { value, mask }]) => `${quote(word)}: [${value}, ${mask}]`)
    .join(", ");
  const all = hex(2 ** (d.bits ?? 8 * size) - 1);
  module.once(
    name,
    () =>
      `const ${name}: ${type} = { type: ${quote(d.name)}, signs: { ${signs} }, words: { ${words} }, all: ${all} };`,
  );
  return name;
}
