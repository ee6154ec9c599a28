// The sections of values: numbers, enumerations, flags, codes, and forms of text.
import { formatVersionRange } from "../base/index.js";
import type { CatalogCode, CatalogScalar, CatalogValue, CatalogValues } from "../codec/catalog.js";
import { factTable } from "./body-section.js";
import { mdCode, mdTable, mdText } from "./markdown.js";

/** Names of a number, an enum or flags, with its heading. */
export function valuesSection(entry: CatalogValues, level: string): string[] {
  return [
    `${level} ${entry.name}`,
    "",
    mdText(entry.doc),
    "",
    ...factTable([["specification", mdText(entry.spec)]]),
    ...valueTable(entry.values),
    ...alsoLines(entry.also),
  ];
}

/** The tables of a code, each with a heading. */
export function codeSection(entry: CatalogCode, level: string): string[] {
  return [
    `${level} ${entry.name}`,
    "",
    `${mdText(entry.doc)} Its names depend on \`${entry.by}\`.`,
    "",
    ...factTable([["specification", mdText(entry.spec)]]),
    ...Object.entries(entry.values).flatMap(([by, values]) => [`${level}# ${by}`, "", ...valueTable(values)]),
    ...alsoLines(entry.also),
  ];
}

/** A form of text or number. */
export function scalarSection(entry: CatalogScalar, level: string): string[] {
  return [`${level} ${entry.name}`, "", mdText(entry.doc), ""];
}

function valueTable(values: readonly CatalogValue[]): string[] {
  const isSame = values.every(({ versions }) => versions.length === 6);
  const isSilent = values.every(({ doc }) => doc === "");
  return mdTable(
    ["name", "value", ...(isSame ? [] : ["versions"]), ...(isSilent ? [] : ["meaning"])],
    values.map(({ name, value, versions, doc }) => [
      mdCode(name),
      mdText(value),
      ...(isSame ? [] : [formatVersionRange(versions)]),
      ...(isSilent ? [] : [mdText(doc)]),
    ]),
  );
}

function alsoLines(also: Readonly<Record<string, string>>): string[] {
  const rows = Object.entries(also).map(([name, of]) => `${mdCode(name)} is read as ${mdCode(of)}`);
  return rows.length === 0 ? [] : [`${rows.join(", ")}.`, ""];
}
