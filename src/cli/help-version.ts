/** `oftr help 1.3 FLOW_MOD`: names with a version among the words, and what the catalog has in that version. */
import { parseVersion, type Version } from "../base/index.js";
import type { Catalog, CatalogBody, CatalogCase, CatalogEntry, CatalogValue } from "../codec/catalog.js";

/** The operands of a command line: names, and the version that they are asked for in. */
export interface Asked {
  readonly names: readonly string[];
  readonly version: Version | undefined;
}

/** Finds the version among operands: `1.3`, `of1.3`, `OpenFlow 1.3`, also as a word of a name that has blanks. */
export function splitVersion(operands: readonly string[]): Asked {
  let version: Version | undefined;
  const names = operands.flatMap((operand) => {
    const words = operand.split(" ").filter((word) => {
      const found = parseVersion(word.replace(/^(openflow|of)[-_]?/i, ""));
      version ??= found;
      return found === undefined && !/^openflow$/i.test(word);
    });
    return words.length === 0 && operand !== "" ? [] : [words.join(" ")];
  });
  return { names, version };
}

/** The catalog as it is in one version. Entries that are not there keep their versions, for pages to say so. */
export function catalogIn(catalog: Catalog, version: Version): Catalog {
  return { entries: catalog.entries.map((entry) => entryIn(entry, version)) };
}

function entryIn(entry: CatalogEntry, version: Version): CatalogEntry {
  switch (entry.kind) {
    case "message":
    case "struct":
      return { ...entry, body: bodyIn(entry.body, version) };
    case "union":
      return {
        ...entry,
        cases: entry.cases.flatMap((c) =>
          isPartOf(c, version) ? [{ ...c, body: bodyIn(c.body, version) }] : [],
        ),
      };
    case "number":
    case "enum":
    case "flags":
      return { ...entry, values: valuesIn(entry.values, version) };
    case "code":
      return {
        ...entry,
        values: Object.fromEntries(
          Object.entries(entry.values).map(([by, values]) => [by, valuesIn(values, version)]),
        ),
      };
    default:
      return entry;
  }
}

function isPartOf(c: CatalogCase, version: Version): boolean {
  return c.versions.includes(version) || (c.older ?? []).some(({ versions }) => versions.includes(version));
}

/** Keys that the version has a place for. */
function bodyIn(body: CatalogBody, version: Version): CatalogBody {
  if (!body.versions.includes(version)) return body;
  const fields = body.fields
    .filter((f) => f.carried === undefined || f.carried.includes(version))
    .map(({ carried: _, only: __, required, ...f }) =>
      required?.includes(version) ? { ...f, required: [version] } : f,
    );
  return { ...body, versions: [version], fields };
}

function valuesIn(values: readonly CatalogValue[], version: Version): CatalogValue[] {
  return values.filter(({ versions }) => versions.includes(version));
}
