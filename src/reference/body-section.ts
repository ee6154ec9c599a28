// The sections of messages, objects and cases: facts, keys, an example.
import { formatVersionRange, type Version } from "../base/index.js";
import type { CatalogBody, CatalogField, CatalogMessage } from "../codec/catalog.js";
import { exampleVersion, formatExample } from "./example.js";
import { type Homes, typeLink } from "./homes.js";
import { mdBlock, mdCode, mdTable, mdText } from "./markdown.js";

/** The page that a section stands on. */
export interface Place {
  readonly homes: Homes;
  readonly path: string;
}

/** `1.0 to 1.5`, `1.1 to 1.3`, `1.4`; gaps give several. */
export function versionWords(versions: readonly Version[]): string {
  const range = formatVersionRange(versions);
  return range === "all" ? "1.0 to 1.5" : range.replaceAll("+", " and later").replaceAll("-", " to ");
}

/** A small table without head; rows without a value are left out. */
export function factTable(rows: readonly (readonly [string, string])[]): string[] {
  return mdTable(
    ["", ""],
    rows.filter(([, value]) => value !== ""),
  );
}

/** The keys of a body as a table. @param tag  the key that tells what the object is, before the others */
export function keyTable(
  body: CatalogBody,
  place: Place,
  tag?: { readonly key: string; readonly value: string },
): string[] {
  const isSame = body.fields.every((f) => f.carried === undefined || f.carried.length === 0);
  const first =
    tag === undefined ? [] : [[mdCode(tag.key), tag.value, "error", ...(isSame ? [] : ["all"]), ""]];
  const rows = body.fields.map((f) => [
    mdCode(f.name),
    typeLink(place.homes, place.path, f.type),
    missingText(f, body),
    ...(isSame ? [] : [carriedText(f)]),
    mdText(f.doc),
  ]);
  const inline =
    body.inline === undefined
      ? []
      : [`The keys of a ${typeLink(place.homes, place.path, body.inline)} stand among these.`, ""];
  return [
    ...mdTable(
      ["key", "value", "if missing", ...(isSame ? [] : ["versions"]), "meaning"],
      [...first, ...rows],
    ),
    ...inline,
  ];
}

function missingText(f: CatalogField, body: CatalogBody): string {
  if (f.derived) return "printed only";
  if (f.orPacket) return "error, but with a packet";
  if (f.required !== undefined) {
    if (f.required.length === body.versions.length) return "error";
    return `error in ${formatVersionRange(f.required)}${f.assumed === undefined ? "" : `, else ${mdCode(f.assumed)}`}`;
  }
  return f.assumed === undefined ? "left out" : mdCode(f.assumed);
}

function carriedText(f: CatalogField): string {
  if (f.carried === undefined) return "all";
  if (f.carried.length === 0) return "";
  const range = formatVersionRange(f.carried);
  if (f.ignorable) return `${range}; others drop it`;
  const only = (f.only ?? []).flatMap(({ value }) => (value === "[]" ? [] : [mdCode(value)])).join(" or ");
  return only === "" ? range : `${range}; others take ${only} alone`;
}

/** What a message is told by on the wire. */
export function typeFacts(m: CatalogMessage): [string, string][] {
  if (m.experimenter === undefined) return [[m.part === undefined ? "type" : "multipart type", m.code]];
  return [
    ["experimenter", m.experimenter],
    ["type", m.code],
  ];
}

/** The section of a message below its heading. @param level  of the headings within: `##`, or `###` where pages have several messages */
export function messageSection(m: CatalogMessage, place: Place, level: string): string[] {
  const facts: [string, string][] = [
    ["versions", versionWords(m.body.versions)],
    ...typeFacts(m),
    ["bytes", m.size],
    ["specification", mdText(m.spec)],
  ];
  return [
    mdText(m.doc),
    "",
    ...factTable(facts),
    ...bodyLines(m, place),
    `${level} Example${level === "##" ? "" : ` of ${m.name}`}`,
    "",
    `It encodes with ${versionList(m.body.versions)}.`,
    "",
    ...mdBlock("yaml", formatExample(m.example, exampleVersion(m.body.versions))),
  ];
}

/** `version: 4`, `version: 2 to 6`: as messages have it. */
function versionList(versions: readonly Version[]): string {
  const [first, last] = [versions[0], versions.at(-1)];
  return first === last ? `\`version: ${first}\`` : `each \`version\` from ${first} to ${last}`;
}

function bodyLines(m: CatalogMessage, place: Place): string[] {
  const optional = m.optional ? " `msg` may be missing." : "";
  if (m.body.list !== undefined)
    return [`\`msg\` is a ${typeLink(place.homes, place.path, `[${m.body.list}]`)}.${optional}`, ""];
  if (m.body.inline !== undefined && m.body.fields.length === 0)
    return [`\`msg\` is a whole ${typeLink(place.homes, place.path, m.body.inline)}.${optional}`, ""];
  if (m.body.fields.length === 0) return [`\`msg\` is empty.${optional}`, ""];
  return [`Keys of \`msg\`:${optional}`, "", ...keyTable(m.body, place)];
}
