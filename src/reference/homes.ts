// Where each entry of the catalog is written about, and links between these places.
import { posix } from "node:path";
import type { Catalog, CatalogBody, CatalogEntry, CatalogMessage } from "../codec/catalog.js";
import { anchorOf } from "./markdown.js";

/** A page below docs/reference, and a heading on it; no heading is the top of the page. */
export interface Home {
  readonly path: string;
  readonly heading?: string;
}

/** Entries by name to their homes. */
export type Homes = ReadonlyMap<string, Home>;

/** Pages of their own kind: messages and what only one of them has stand elsewhere. */
export const PAGES = {
  index: "README.md",
  versions: "versions.md",
  actions: "actions.md",
  instructions: "instructions.md",
  properties: "properties.md",
  fields: "fields.md",
  objects: "objects.md",
  enums: "enums.md",
  flags: "flags.md",
  errors: "errors.md",
  types: "types.md",
  rpc: "rpc.md",
} as const;

/** `multipart/port-stats.md`: request and reply share a page. */
export function messagePath(m: CatalogMessage): string {
  return `${m.part === undefined ? "messages" : "multipart"}/${stemOf(m).toLowerCase().replaceAll("_", "-")}.md`;
}

/** `PORT_STATS` of PORT_STATS_REQUEST. */
export function stemOf(m: CatalogMessage): string {
  return m.name.replace(/_(REQUEST|REPLY)$/, "");
}

/** Names of the entries that a body refers to. */
export function typesOfBody(body: CatalogBody): string[] {
  const types = [...body.fields.map((f) => f.type.replace(/[[\]]/g, "")), body.list, body.inline];
  return [...new Set(types.filter((type) => type !== undefined))];
}

/** The bodies of an entry. */
export function bodiesOf(entry: CatalogEntry): readonly CatalogBody[] {
  if (entry.kind === "union") return entry.cases.map((c) => c.body);
  return entry.kind === "message" || entry.kind === "struct" ? [entry.body] : [];
}

/** Finds a home for each entry: what only one page refers to stands on that page. */
export function findHomes(catalog: Catalog): Homes {
  const byName = new Map(catalog.entries.map((e) => [e.name, e]));
  const holders = new Map<string, Set<string>>();
  for (const entry of catalog.entries) {
    for (const type of bodiesOf(entry).flatMap(typesOfBody))
      holders.set(type, (holders.get(type) ?? new Set()).add(entry.name));
  }
  const homes = new Map<string, Home>();
  const home = (entry: CatalogEntry, above: readonly string[]): Home => {
    const known = homes.get(entry.name);
    if (known !== undefined) return known;
    const found = ownHome(entry) ?? { path: commonPath(entry, above), heading: entry.name };
    homes.set(entry.name, found);
    return found;
  };
  const commonPath = (entry: CatalogEntry, above: readonly string[]): string => {
    const names = [...(holders.get(entry.name) ?? [])].filter((name) => name !== entry.name);
    if (names.some((name) => above.includes(name))) return PAGES.objects;
    const paths = new Set(
      names.flatMap((name) => {
        const holder = byName.get(name);
        return holder === undefined ? [] : [home(holder, [...above, entry.name]).path];
      }),
    );
    return paths.size === 1 ? ([...paths][0] as string) : PAGES.objects;
  };
  for (const entry of catalog.entries) home(entry, []);
  return homes;
}

/** The home of an entry whose kind has a page; undefined for objects, which stand with what they belong to. */
function ownHome(entry: CatalogEntry): Home | undefined {
  const heading = entry.name;
  switch (entry.kind) {
    case "message":
      return { path: messagePath(entry), heading };
    case "table":
      return { path: PAGES.fields, heading };
    case "number":
    case "scalar":
      return { path: PAGES.types, heading };
    case "flags":
      return { path: PAGES.flags, heading };
    case "code":
      return { path: PAGES.errors, heading };
    case "enum":
      return { path: entry.name === "ErrorType" ? PAGES.errors : PAGES.enums, heading };
    case "union":
      if (entry.name === "Action") return { path: PAGES.actions };
      if (entry.name === "Instruction") return { path: PAGES.instructions };
      return entry.tag === "property" ? { path: PAGES.properties, heading } : undefined;
    case "struct":
      return entry.name === "Message" ? { path: PAGES.objects, heading } : undefined;
  }
}

/** A relative address from a page to a home. */
export function linkTarget(from: string, to: Home): string {
  const anchor = to.heading === undefined ? "" : `#${anchorOf(to.heading)}`;
  if (from === to.path && anchor !== "") return anchor;
  return `${posix.relative(posix.dirname(from), to.path)}${anchor}`;
}

/** A type as a link: `[[Action](../actions.md)]`; as code where it has no home. */
export function typeLink(homes: Homes, from: string, type: string): string {
  const name = type.replace(/[[\]]/g, "");
  const home = homes.get(name);
  const text = home === undefined ? name : `[${name}](${linkTarget(from, home)})`;
  return type.startsWith("[") ? `list of ${text}` : text;
}
