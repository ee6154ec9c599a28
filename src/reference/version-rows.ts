// The rows of the page of versions: every message, case and match field; keys and names of values where versions differ.
import { ALL_VERSIONS } from "../base/index.js";
import type {
  Catalog,
  CatalogCase,
  CatalogEntry,
  CatalogTable,
  CatalogUnion,
  CatalogValue,
} from "../codec/catalog.js";
import { caseFates, type Fates, isSame, keyFates, matchFates, plainFates, setFieldFates } from "./fates.js";

/** A part of a message and what becomes of it in OpenFlow 1.0 to 1.5. */
export interface VersionRow {
  /** As the page shows it: `FLOW_MOD`, `importance`, `ETH_SRC`. */
  readonly name: string;
  /** The entry that it belongs to, `FLOW_MOD`, and which part of it, `importance`. */
  readonly entry: string;
  readonly part?: string;
  readonly fates: Fates;
}

/** Rows of one kind. */
export interface VersionSection {
  readonly title: string;
  readonly kind: "message" | "key" | "case" | "set_field" | "match" | "value";
  /** A sentence above the table; may be empty. */
  readonly note: string;
  readonly rows: readonly VersionRow[];
}

/** All sections; those without rows are left out. */
export function versionRows(catalog: Catalog): VersionSection[] {
  const sections = [
    messageSection(catalog),
    ...catalog.entries.flatMap((e) => (e.kind === "union" ? unionSections(catalog, e) : [])),
    fieldSection(catalog),
    keySection(catalog),
    valueSection(catalog),
  ];
  return sections.filter(({ rows }) => rows.length > 0);
}

function messageSection(catalog: Catalog): VersionSection {
  const rows = catalog.entries.flatMap((e): VersionRow[] =>
    e.kind === "message" ? [{ name: e.name, entry: e.name, fates: plainFates(e.body.versions) }] : [],
  );
  return { title: "Messages", kind: "message", note: "", rows };
}

/** A union that differs between versions, and which fields SET_FIELD can set in old ones. */
function unionSections(catalog: Catalog, union: CatalogUnion): VersionSection[] {
  const rows = union.cases.map(
    (c): VersionRow => ({ name: c.name, entry: union.name, part: c.name, fates: caseFates(union, c) }),
  );
  const byField = union.cases.filter((c) => c.older?.some((o) => o.field !== undefined));
  return [
    { title: union.name, kind: "case", note: "", rows },
    ...byField.map((c) => caseByField(catalog, union, c)),
  ];
}

function caseByField(catalog: Catalog, union: CatalogUnion, c: CatalogCase): VersionSection {
  const note = "From 1.2 on it sets any field. Before, these; all others are errors.";
  const rows = fieldsOf(catalog).flatMap((field): VersionRow[] => {
    const fates = setFieldFates(c, field);
    const isOld = fates.some(({ kind }) => kind === "as");
    return isOld ? [{ name: field.name, entry: union.name, part: `${c.name} ${field.name}`, fates }] : [];
  });
  return { title: `${c.name} by field`, kind: "set_field", note, rows };
}

function fieldsOf(catalog: Catalog): CatalogTable["cases"] {
  return (
    catalog.entries.find((e): e is CatalogTable => e.kind === "table" && e.name === "Field")?.cases ?? []
  );
}

function fieldSection(catalog: Catalog): VersionSection {
  const note =
    "In matches. `mask`: it may have any mask; `prefix mask`: the mask is a run of leading bits; `mask 0x1000`: any VLAN tag. A mask where there is none here is an error " +
    "in 1.0 and 1.1. From 1.2 on it is written, and a switch may refuse it.";
  const rows = fieldsOf(catalog).map(
    (field): VersionRow => ({ name: field.name, entry: "Field", part: field.name, fates: matchFates(field) }),
  );
  return { title: "Match fields", kind: "match", note, rows };
}

function keySection(catalog: Catalog): VersionSection {
  const rows = catalog.entries.flatMap((e): VersionRow[] => {
    if (e.kind === "union")
      return e.cases.flatMap((c) =>
        c.body.fields.map((f) => row(e.name, `${c.name}.${f.name}`, keyFates(f, c.body))),
      );
    if (e.kind !== "message" && e.kind !== "struct") return [];
    return e.body.fields.map((f) => row(e.name, f.name, keyFates(f, e.body)));
  });
  const note = "Those of which not all versions of their object have a place. All others are written.";
  return { title: "Keys", kind: "key", note, rows: rows.filter(({ fates }) => differs(fates)) };
}

function row(entry: string, part: string, fates: Fates): VersionRow {
  return { name: `${entry}.${part}`, entry, part, fates };
}

/** Versions of the object differ, and at least one has the part. */
function differs(fates: Fates): boolean {
  const present = fates.filter(({ kind }) => kind !== "none");
  return !isSame(present) && present.some(({ kind }) => kind === "yes");
}

function valueSection(catalog: Catalog): VersionSection {
  const rows = catalog.entries.flatMap((e) =>
    valuesOf(e)
      .filter(({ versions }) => versions.length < ALL_VERSIONS.length)
      .map((value) => row(e.name, value.name, plainFates(value.versions))),
  );
  const note = "Flags and other names of values that not all versions have. All others are written.";
  return { title: "Names of values", kind: "value", note, rows };
}

/** The names that an entry gives to values. */
function valuesOf(entry: CatalogEntry): readonly CatalogValue[] {
  if (entry.kind === "code") return Object.values(entry.values).flat();
  return entry.kind === "enum" || entry.kind === "flags" || entry.kind === "number" ? entry.values : [];
}
