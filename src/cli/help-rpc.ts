/** The pages of `oftr help` about the daemon's JSON-RPC interface. */
import { RPC_TOPICS, type RpcTopic } from "../reference/index.js";
import { comments, table, WIDTH, wrap } from "./help-text.js";

/** The topics that a name means; OFP. may be left out. */
export function findRpcTopics(name: string): RpcTopic[] {
  const bare = (text: string): string =>
    text
      .toUpperCase()
      .replace(/^(MESSAGE|RPC)\//, "")
      .replace(/[^A-Z0-9]/g, "");
  const key = bare(name);
  const topic = RPC_TOPICS.filter((one) => bare(one.name) === key);
  return topic.length > 0
    ? topic
    : RPC_TOPICS.filter((one) => one.kind === "method" && bare(one.name) === `OFP${key}`);
}

/** The page of a topic; it ends with a line end. */
export function formatRpcPage(topic: RpcTopic, brief: boolean): string {
  const title = `${topic.name}: ${topic.kind === "method" ? "a method" : topic.kind === "event" ? "an event" : "a reply"} of the JSON-RPC interface`;
  const example =
    topic.example.length === 0 ? [] : ["", "Example:", ...topic.example.map((text) => `  ${text}`)];
  const lines = brief
    ? [title, ...comments(topic.shape)]
    : [title, ...wrap(topic.doc, WIDTH), "", ...comments(topic.shape), ...example];
  return `${lines.join("\n")}\n`;
}

/** The list of all topics; it ends with a line end. */
export function formatRpcList(): string {
  return `${table(
    RPC_TOPICS.map(({ name, doc }) => [name, doc]),
    "",
  ).join("\n")}\n`;
}
