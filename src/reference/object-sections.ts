// The sections of objects: structs, and unions with one section for each case.
import { formatVersionRange } from "../base/index.js";
import type { CatalogCase, CatalogStruct, CatalogUnion } from "../codec/catalog.js";
import { factTable, keyTable, type Place, versionWords } from "./body-section.js";
import { formatExample } from "./example.js";
import { caseFates, formatFate } from "./fates.js";
import { linkTarget, PAGES } from "./homes.js";
import { anchorOf, mdBlock, mdCode, mdTable, mdText } from "./markdown.js";

/** A struct with its heading. */
export function structSection(struct: CatalogStruct, place: Place, level: string): string[] {
  return [
    `${level} ${struct.name}`,
    "",
    mdText(struct.doc),
    "",
    ...factTable([
      ["versions", versionWords(struct.body.versions)],
      ["bytes", struct.size],
      ["specification", mdText(struct.spec)],
    ]),
    ...keyTable(struct.body, place),
    ...mdBlock("yaml", formatExample(struct.example)),
  ];
}

/** The cases of a union as a table of links, then a section for each. @param level  of the headings of cases */
export function unionCases(union: CatalogUnion, place: Place, level: string): string[] {
  const rows = union.cases.map((c) => [
    `[${c.name}](#${anchorOf(caseHeading(union, c))})`,
    formatVersionRange(c.versions),
    mdText(c.doc),
  ]);
  return [
    ...mdTable([mdCode(union.tag), "versions", "meaning"], rows),
    ...union.cases.flatMap((c) => [`${level} ${caseHeading(union, c)}`, "", ...caseLines(union, c, place)]),
  ];
}

/** Cases of actions and instructions have a page of their own; elsewhere many cases have one name. */
export function caseHeading(union: CatalogUnion, c: CatalogCase): string {
  return union.name === "Action" || union.name === "Instruction" ? c.name : `${union.name}.${c.name}`;
}

function caseLines(union: CatalogUnion, c: CatalogCase, place: Place): string[] {
  const fates = caseFates(union, c);
  const forms = fates.flatMap((fate, i) => (fate.kind === "as" ? [`${formatFate(fate)} in 1.${i}`] : []));
  const isByField = c.older?.some(({ field }) => field !== undefined) ?? false;
  const byField = linkTarget(place.path, { path: PAGES.versions, heading: `${c.name} by field` });
  const or = c.spelling === undefined ? "" : `, or ${mdCode(c.name)} and \`experimenter\` as a key`;
  return [
    mdText(c.doc),
    "",
    ...factTable([
      ["versions", versionWords(c.versions)],
      ["written", isByField ? `earlier for some fields: [which](${byField})` : mdText(forms.join(", "))],
      ["type", c.code],
      ["bytes", c.size],
      ["specification", mdText(c.spec)],
    ]),
    ...keyTable(c.body, place, { key: union.tag, value: `${mdCode(c.spelling ?? c.name)}${or}` }),
    ...mdBlock("yaml", formatExample(c.example)),
  ];
}

/** A union with its heading, for pages that have other things, too. */
export function unionSection(union: CatalogUnion, place: Place, level: string): string[] {
  return [
    `${level} ${union.name}`,
    "",
    mdText(union.doc),
    "",
    `One of these, told apart by ${mdCode(union.tag)}. What versions lack: [versions](${linkTarget(place.path, { path: PAGES.versions, heading: union.name })}).`,
    "",
    ...unionCases(union, place, `${level}#`),
  ];
}
