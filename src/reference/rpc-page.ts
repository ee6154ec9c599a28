// The page of the JSON-RPC interface.
import type { RpcCatalog, RpcEntry } from "../rpc/catalog.js";
import { type Homes, linkTarget, PAGES } from "./homes.js";
import { mdBlock, mdText } from "./markdown.js";
import { RPC_KINDS, rpcExample, rpcLines } from "./rpc-shape.js";

/** The lines of rpc.md. */
export function rpcPage(catalog: RpcCatalog, homes: Homes): string[] {
  const message = linkTarget(PAGES.rpc, homes.get("Message") ?? { path: PAGES.objects });
  return [
    "# JSON-RPC",
    "",
    "What `oftr jsonrpc` takes and sends. The keys of a message around its `msg` are those of a " +
      `[Message](${message}). Types of values: [values](${PAGES.types}).`,
    "",
    ...catalog.flatMap(entrySection),
  ];
}

function entrySection(entry: RpcEntry): string[] {
  const kind = RPC_KINDS[entry.kind];
  const [lines, example] = [rpcLines(entry), rpcExample(entry)];
  const block = lines.map(({ code, comment }) => (comment === "" ? code : `${code}  # ${comment}`));
  return [
    `## ${entry.name}`,
    "",
    `${kind[0]?.toUpperCase() ?? ""}${kind.slice(1)}. ${mdText(entry.doc)}`,
    "",
    ...(block.length === 0 ? [] : mdBlock("yaml", block)),
    ...(example.length === 0 ? [] : mdBlock("json", example)),
  ];
}
