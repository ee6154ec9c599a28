// The page of the JSON-RPC interface.
import { type Homes, linkTarget, PAGES } from "./homes.js";
import { mdBlock, mdText } from "./markdown.js";
import { RPC_TOPICS, type RpcTopic } from "./rpc-topics.js";

/** The lines of rpc.md. */
export function rpcPage(homes: Homes): string[] {
  const message = linkTarget(PAGES.rpc, homes.get("Message") ?? { path: PAGES.objects });
  return [
    "# JSON-RPC",
    "",
    "What `oftr jsonrpc` takes and sends. The keys of a message around its `msg` are those of a " +
      `[Message](${message}). Types of values: [values](${PAGES.types}).`,
    "",
    ...RPC_TOPICS.flatMap(topicSection),
  ];
}

function topicSection(topic: RpcTopic): string[] {
  const kind = topic.kind === "method" ? "A method." : topic.kind === "event" ? "An event." : "A reply.";
  return [
    `## ${topic.name}`,
    "",
    `${kind} ${mdText(topic.doc)}`,
    "",
    ...mdBlock(
      "yaml",
      topic.shape.map(({ code, comment }) => (comment === "" ? code : `${code}  # ${comment}`)),
    ),
    ...(topic.example.length === 0 ? [] : mdBlock("json", topic.example)),
  ];
}
