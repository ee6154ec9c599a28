/** The lists of `oftr help`: names with a sentence each. */
import { ALL_VERSIONS, formatVersionRange } from "../base/index.js";
import type { Catalog, CatalogEntry, CatalogTable } from "../codec/catalog.js";
import { caseRange } from "./help-page.js";
import { table } from "./help-text.js";

/** Names of the lists; each is an option. */
export const LISTS = {
  messages: "list the messages",
  actions: "list the actions",
  instructions: "list the instructions",
  fields: "list the match fields",
  "field-table": "list the match fields with ids and prerequisites",
  structs: "list the objects in messages",
  properties: "list the kinds of properties",
  enums: "list the enumerations",
  flags: "list the sets of flags",
  numbers: "list the numbers with named values",
  scalars: "list the other types of values",
} as const;

export type ListName = keyof typeof LISTS;

/** The text of a list; it ends with a line end. */
export function formatList(catalog: Catalog, name: ListName): string {
  return `${table(rowsOf(catalog, name), "").join("\n")}\n`;
}

function rowsOf(catalog: Catalog, name: ListName): string[][] {
  switch (name) {
    case "messages":
      return catalog.entries.flatMap((e) =>
        e.kind === "message" ? [[e.name, formatVersionRange(e.body.versions), e.doc]] : [],
      );
    case "actions":
      return caseRows(catalog, "Action");
    case "instructions":
      return caseRows(catalog, "Instruction");
    case "fields":
      return fieldTable(catalog).cases.map((c) => [c.name, c.type, c.mask ? "mask" : "", c.doc]);
    case "field-table":
      return fieldTable(catalog).cases.map((c) => [
        c.name,
        c.id,
        c.type,
        c.mask ? "mask" : "",
        c.since > 1 ? formatVersionRange(ALL_VERSIONS.filter((v) => v >= c.since)) : "",
        c.needs.join(", "),
      ]);
    case "structs":
      return named(catalog, (e) => e.kind === "struct");
    case "properties":
      return catalog.entries.flatMap((e) =>
        e.kind === "union" && e.tag === "property"
          ? e.cases.map((c) => [`${e.name}.${c.name}`, caseRange(c), c.doc])
          : [],
      );
    case "enums":
      return named(catalog, (e) => e.kind === "enum" || e.kind === "code");
    case "flags":
      return named(catalog, (e) => e.kind === "flags");
    case "numbers":
      return named(catalog, (e) => e.kind === "number");
    case "scalars":
      return named(catalog, (e) => e.kind === "scalar");
  }
}

function named(catalog: Catalog, isWanted: (entry: CatalogEntry) => boolean): string[][] {
  return catalog.entries.filter(isWanted).map((e) => [e.name, e.doc]);
}

function caseRows(catalog: Catalog, name: string): string[][] {
  return catalog.entries.flatMap((e) =>
    e.kind === "union" && e.name === name ? e.cases.map((c) => [c.name, caseRange(c), c.doc]) : [],
  );
}

function fieldTable(catalog: Catalog): CatalogTable {
  const found = catalog.entries.find((e): e is CatalogTable => e.kind === "table" && e.name === "Field");
  if (found === undefined) throw new Error("the catalog has no match fields");
  return found;
}

/** All words that documents may have: names, keys, values; sorted. */
export function formatLexicon(catalog: Catalog): string {
  const words = new Set<string>();
  const addFields = (fields: readonly { readonly name: string }[]): void => {
    for (const { name } of fields) words.add(name);
  };
  for (const e of catalog.entries) {
    if (e.kind === "message") words.add(e.name);
    if (e.kind === "message" || e.kind === "struct") addFields(e.body.fields);
    if (e.kind === "union") {
      words.add(e.tag);
      addFields(e.cases);
      for (const c of e.cases) addFields(c.body.fields);
    }
    if (e.kind === "table") addFields([{ name: e.tag }, { name: "value" }, { name: "mask" }, ...e.cases]);
    if (e.kind === "number" || e.kind === "enum" || e.kind === "flags") addFields(e.values);
    if (e.kind === "code") for (const values of Object.values(e.values)) addFields(values);
  }
  return `${[...words].sort().join("\n")}\n`;
}
