/** The pages of `oftr help` about the daemon's JSON-RPC interface. */
import { RPC_KINDS, rpcExample, rpcLines } from "../reference/index.js";
import type { RpcCatalog, RpcEntry } from "../rpc/catalog.js";
import { comments, helpWidth, table, wrap } from "./help-text.js";

/** The entries that a name means; OFP. may be left out. */
export function findRpcEntries(catalog: RpcCatalog, name: string): RpcEntry[] {
  const bare = (text: string): string =>
    text
      .toUpperCase()
      .replace(/^(MESSAGE|RPC)\//, "")
      .replace(/[^A-Z0-9]/g, "");
  const key = bare(name);
  const found = catalog.filter((one) => bare(one.name) === key);
  return found.length > 0
    ? found
    : catalog.filter((one) => one.kind === "method" && bare(one.name) === `OFP${key}`);
}

/** The page of an entry; it ends with a line end. */
export function formatRpcPage(entry: RpcEntry, brief: boolean): string {
  const title = `${entry.name}: ${RPC_KINDS[entry.kind]} of the JSON-RPC interface`;
  const texts = rpcExample(entry);
  const example = texts.length === 0 ? [] : ["", "Example:", ...texts.map((text) => `  ${text}`)];
  const shape = comments(rpcLines(entry));
  const lines = brief
    ? [title, ...shape]
    : [title, ...wrap(entry.doc, helpWidth()), ...(shape.length > 0 ? [""] : []), ...shape, ...example];
  return `${lines.join("\n")}\n`;
}

/** The list of all entries; it ends with a line end. */
export function formatRpcList(catalog: RpcCatalog): string {
  return `${table(
    catalog.filter(({ kind }) => kind !== "value").map(({ name, doc }) => [name, firstSentence(doc)]),
    "",
  ).join("\n")}\n`;
}

function firstSentence(text: string): string {
  return /^.*?\.(?= |$)/.exec(text)?.[0] ?? text;
}
