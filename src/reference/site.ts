// All pages of docs/reference.
import type { Catalog, CatalogEntry, CatalogMessage, CatalogUnion } from "../codec/catalog.js";
import type { RpcCatalog } from "../rpc/catalog.js";
import { messageSection, type Place } from "./body-section.js";
import { tlvSection } from "./field-sections.js";
import { findHomes, type Homes, linkTarget, messagePath, PAGES, stemOf } from "./homes.js";
import { indexPage } from "./index-page.js";
import { mdText } from "./markdown.js";
import { structSection, unionCases, unionSection } from "./object-sections.js";
import { rpcPage } from "./rpc-page.js";
import { codeSection, scalarSection, valuesSection } from "./value-sections.js";
import { versionsPage } from "./versions-page.js";

/** First line of every page but the index. */
const MADE = "<!-- Made by `npm run docs` from schemas/. Do not edit. -->";

/** Pages that list everything of one kind: title and what it is. */
const LISTS: Readonly<Record<string, readonly [string, string]>> = {
  [PAGES.properties]: [
    "Properties",
    "Parts of messages that may be there or not. Most are keys of the message or object that they belong to; what is no such key stands in its list `properties`.",
  ],
  [PAGES.fields]: [
    "Fields and statistics",
    "What a match compares, SET_FIELD writes, and OpenFlow 1.5 counts. `needs`: what must be in the same match; where there is one possibility, it is added.",
  ],
  [PAGES.objects]: ["Objects", "Objects that more than one message has."],
  [PAGES.enums]: [
    "Enumerations",
    'Names that stand for one number each. A number without a name is hex text: `"0x07"`.',
  ],
  [PAGES.flags]: [
    "Flags",
    'Sets of bits, as lists of names. Bits without a name are one more element of 8 hex digits: `"0x00004000"`.',
  ],
  [PAGES.errors]: [
    "Errors",
    "Types and codes of [ERROR](messages/error.md). A number without a name is hex text.",
  ],
  [PAGES.types]: ["Values", "Forms of numbers and texts, and numbers some of which have names."],
};

/** The pages by path below docs/reference. The same catalogs give the same pages. */
export function referencePages(catalog: Catalog, rpc: RpcCatalog): Map<string, string> {
  const homes = findHomes(catalog);
  const pages = new Map<string, string[]>();
  for (const [path, [title, text]] of Object.entries(LISTS)) pages.set(path, [`# ${title}`, "", text, ""]);
  for (const entry of catalog.entries) {
    const path = homes.get(entry.name)?.path;
    if (path === undefined || pages.has(path)) continue;
    if (entry.kind === "message") pages.set(path, messageHead(catalog, entry));
    if (entry.kind === "union") pages.set(path, [`# ${entry.name}s`, "", mdText(entry.doc), ""]);
  }
  // Messages first, then what only they have.
  for (const isFirst of [true, false]) {
    for (const entry of catalog.entries) {
      const path = homes.get(entry.name)?.path;
      if (path === undefined || (entry.kind === "message") !== isFirst) continue;
      pages.get(path)?.push(...section(catalog, entry, { homes, path }));
    }
  }
  pages.set(PAGES.versions, versionsPage(catalog, homes));
  pages.set(PAGES.rpc, rpcPage(rpc, homes));
  const up = (path: string): string => `[Reference](${linkTarget(path, { path: PAGES.index })})`;
  const texts = [...pages].map(
    ([path, lines]) => [path, finish([MADE, "", up(path), "", ...lines])] as const,
  );
  return new Map([[PAGES.index, finish([MADE, "", ...indexPage(catalog, homes)])], ...texts]);
}

function finish(lines: readonly string[]): string {
  return `${lines.join("\n").trimEnd()}\n`;
}

/** A page has one message, or a request and its reply. */
function messageHead(catalog: Catalog, message: CatalogMessage): string[] {
  const all = sharing(catalog, message);
  if (all.length === 1) return [`# ${message.name}`, ""];
  const links = all.map(({ name }) => `[${name}](#${name.toLowerCase()})`);
  return [`# ${stemOf(message)}`, "", `${links.join(", ")}.`, ""];
}

/** The messages of a message's page. */
function sharing(catalog: Catalog, message: CatalogMessage): CatalogMessage[] {
  return catalog.entries.filter(
    (e): e is CatalogMessage => e.kind === "message" && messagePath(e) === messagePath(message),
  );
}

function section(catalog: Catalog, entry: CatalogEntry, place: Place): string[] {
  switch (entry.kind) {
    case "message": {
      if (sharing(catalog, entry).length === 1) return messageSection(entry, place, "##");
      return [`## ${entry.name}`, "", ...messageSection(entry, place, "###")];
    }
    case "struct":
      return structSection(entry, place, "##");
    case "union":
      return hasOwnPage(entry, place.homes)
        ? unionCases(entry, place, "##")
        : unionSection(entry, place, "##");
    case "table":
      return tlvSection(entry, place, "##");
    case "code":
      return codeSection(entry, "##");
    case "scalar":
      return scalarSection(entry, "##");
    default:
      return valuesSection(entry, "##");
  }
}

function hasOwnPage(union: CatalogUnion, homes: Homes): boolean {
  return homes.get(union.name)?.heading === undefined;
}
