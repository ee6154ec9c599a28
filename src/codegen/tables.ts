// Tables of names that generated code looks up at run time, one per version group, in the module of their definition.
import type {
  CodeDefinition,
  EnumDefinition,
  FlagsDefinition,
  NumberDefinition,
  Scalar,
} from "../schema/index.js";
import type { Generation } from "./context.js";
import { hex, quote } from "./naming.js";
import type { SourceModule } from "./printer.js";

export type Named = NumberDefinition | EnumDefinition | CodeDefinition | FlagsDefinition;

const SUPPORT = "codec/decode-support";

/** Imports the decode table of a definition in a version into `into`, making it if need be; returns its name. */
export function decodeTable(g: Generation, into: SourceModule, d: Named, version: number): string {
  const home = g.moduleOf(d.name);
  const name = tableName(g, d, version);
  const group = g.groups.get(d.name)?.[version] ?? version;
  home.once(
    name,
    () => `/** ${oneLine(d.doc)} */\nexport const ${name} = ${decodeTableSource(g, home, d, group)};`,
  );
  return into.use(name, home.path);
}

/** `portNumberNames`, `errorTypeNames_1_0`. */
export function tableName(g: Generation, d: Named | Scalar, version: number): string {
  const unit = g.unitName(d.name, version);
  return `${unit.charAt(0).toLowerCase()}${unit.slice(1)}Names`.replace(/(_\d_\d)Names$/, "Names$1");
}

export function oneLine(text: string): string {
  return text.replaceAll("*/", "* /").replace(/\s+/g, " ");
}

function decodeTableSource(g: Generation, home: SourceModule, d: Named, version: number): string {
  switch (d.kind) {
    case "number":
      home.use("numberTable", SUPPORT);
      return `numberTable([${[...d.names].map(([name, n]) => `[${hex(n)}, ${quote(name)}]`).join(", ")}])`;
    case "enum":
      home.use("nameTable", SUPPORT);
      return `nameTable(() => [${pairs(d.values, version)}])`;
    case "flags":
      home.use("flagTable", SUPPORT);
      return `flagTable([\n${[...d.bits]
        .flatMap(([name, by]) => (by[version] ? [{ name, ...by[version] }] : []))
        .sort((a, b) => a.mask - b.mask || a.value - b.value)
        .map((f) => `  [${quote(f.name)}, ${hex(f.value)}, ${hex(f.mask)}],`)
        .join("\n")}\n])`;
    case "code": {
      home.use("codeTable", SUPPORT);
      home.use("nameTable", SUPPORT);
      return `codeTable(() => [\n${[...d.values]
        .flatMap(([by, table]) => {
          const value = selector(g, d.by).values.get(by)?.[version];
          return value === undefined
            ? []
            : [`  [${value}, nameTable(() => [${pairs(table, version)}])], // ${by}`];
        })
        .join("\n")}\n])`;
    }
  }
}

/** The enum whose value selects the names of a code. */
export function selector(g: Generation, name: string): EnumDefinition {
  const d = g.definition(name);
  if (d.kind !== "enum") throw new Error(`${name} is not an enum`);
  return d;
}

function pairs(values: EnumDefinition["values"], version: number): string {
  return [...values]
    .flatMap(([name, by]) => (by[version] === undefined ? [] : [`[${by[version]}, ${quote(name)}]`]))
    .join(", ");
}

const ENCODE_SUPPORT = "codec/encode-support";

/** Imports the encode table of a definition in a version into `into`, making it if need be; returns its name. */
export function encodeTable(g: Generation, into: SourceModule, d: Named | Scalar, version: number): string {
  const home = g.moduleOf(d.name);
  const name = tableName(g, d, version).replace("Names", "Values");
  const group = g.groups.get(d.name)?.[version] ?? version;
  home.once(
    name,
    () => `/** ${oneLine(d.doc)} */\nexport const ${name} = ${encodeTableSource(g, home, d, group)};`,
  );
  return into.use(name, home.path);
}

function encodeTableSource(g: Generation, home: SourceModule, d: Named | Scalar, version: number): string {
  switch (d.kind) {
    case "scalar":
      return `new Map<string, number>([${[...d.also].map(([name, n]) => `[${quote(name)}, ${hex(n)}]`).join(", ")}])`;
    case "number": {
      const names = [...d.names].map(([name, n]) => `[${quote(name)}, ${hex(n)}]`);
      const also = [...d.also].map(([name, of]) => `[${quote(name)}, ${hex(d.names.get(of) ?? 0)}]`);
      return `new Map<string, number>([${[...names, ...also].join(", ")}])`;
    }
    case "enum":
      return `new Map<string, number>([${values(d.values, d.also, version)}])`;
    case "flags": {
      home.use("flagValues", ENCODE_SUPPORT);
      const rows = [...d.bits].flatMap(([name, by]) => (by[version] ? [{ name, ...by[version] }] : []));
      const also = [...d.also].flatMap(([name, of]) => {
        const by = d.bits.get(of)?.[version];
        return by ? [{ name, ...by }] : [];
      });
      return `flagValues([${[...rows, ...also].map((f) => `[${quote(f.name)}, ${hex(f.value)}, ${hex(f.mask)}]`).join(", ")}])`;
    }
    case "code": {
      const tables = [...d.values].flatMap(([by, table]) => {
        const value = selector(g, d.by).values.get(by)?.[version];
        return value === undefined
          ? []
          : [`  [${value}, new Map([${values(table, d.also, version)}])], // ${by}`];
      });
      return `new Map<number, Map<string, number>>([\n${tables.join("\n")}\n])`;
    }
  }
}

function values(table: EnumDefinition["values"], also: ReadonlyMap<string, string>, version: number): string {
  const pairs: string[] = [];
  for (const [name, by] of table)
    if (by[version] !== undefined) pairs.push(`[${quote(name)}, ${by[version]}]`);
  for (const [name, of] of also) {
    const value = table.get(of)?.[version];
    if (value !== undefined) pairs.push(`[${quote(name)}, ${value}]`);
  }
  return pairs.join(", ");
}
