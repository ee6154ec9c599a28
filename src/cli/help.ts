/** `oftr help`: what messages, fields, actions and values look like, out of the catalog that is made from the schemas. */
import { suggest } from "../base/index.js";
import { type Catalog, loadCatalog, loadJsonSchema } from "../codec/catalog.js";
import { fieldVersions } from "../reference/index.js";
import { loadOpenRpc, loadRpcCatalog, loadRpcSchema, type RpcCatalog } from "../rpc/catalog.js";
import { COMMON_OPTIONS, defineCommand } from "./command.js";
import { COMMANDS } from "./commands.js";
import { EXIT } from "./exit-codes.js";
import { schemaOf } from "./help-json-schema.js";
import { formatLexicon, formatList, LISTS, type ListName } from "./help-lists.js";
import { findMentions, type Mention, type Topic, TopicIndex, topicName } from "./help-names.js";
import { formatPacketField, formatPacketPage, isPacketTopic } from "./help-packet.js";
import { formatPage, type PageContext } from "./help-page.js";
import { findRpcEntries, formatRpcList, formatRpcPage } from "./help-rpc.js";
import { helpWidth, table, wrap } from "./help-text.js";
import { catalogIn, splitVersion } from "./help-version.js";
import { print, say } from "./print.js";
import { formatCommandUsage } from "./usage.js";

const listOptions = Object.fromEntries(
  Object.entries(LISTS).map(([name, help]) => [name, { kind: "flag", help }]),
) as { readonly [K in ListName]: { readonly kind: "flag"; readonly help: string } };

/** Runs `oftr help` with the words after it; gives the exit code. */
export const run = defineCommand(
  {
    name: "help",
    description:
      "Shows what a message, field, action or type of value looks like, with an example. Names may be written loosely: " +
      "FLOW_MOD, FlowMod, flow mod; PORT_STATS is the request and the reply. A version among them shows what that version has.",
    operands: "[NAME...]",
    completes: ["help names"],
    options: {
      ...listOptions,
      rpc: { kind: "flag", help: "list the methods and events of the JSON-RPC interface" },
      "json-schema": { kind: "flag", help: "print the JSON Schema (draft 2020-12) of messages, or of NAME" },
      openrpc: { kind: "flag", help: "print the OpenRPC document of the JSON-RPC interface" },
      brief: { kind: "flag", help: "omit explanations and examples" },
      builtins: { kind: "flag", help: "as --scalars", hidden: true },
      mixed: { kind: "flag", help: "as --numbers", hidden: true },
      "schema-names": { kind: "flag", help: "list all names", hidden: true },
      "schema-lexicon": { kind: "flag", help: "list all words that documents may have", hidden: true },
      "schema-all": { kind: "flag", help: "show all pages", hidden: true },
      color: { kind: "flag", help: "has no effect", hidden: true },
      ...COMMON_OPTIONS,
    },
  },
  async (options, operands) => {
    if (options["json-schema"]) return printSchema(operands);
    if (options.openrpc) return printJson(await loadOpenRpc());
    const { names, version } = splitVersion(operands);
    const [all, rpc] = [await loadCatalog(), await loadRpcCatalog()];
    const catalog = version === undefined ? all : catalogIn(all, version);
    const context: HelpContext = { catalog, rpc, brief: options.brief, fieldVersions };
    const lists = (Object.keys(LISTS) as ListName[]).filter((name) => options[name]);
    if (options.builtins) lists.push("scalars");
    if (options.mixed) lists.push("numbers");
    const index = new TopicIndex(catalog);
    const parts = lists.map((name) => formatList(catalog, name));
    if (options.rpc) parts.push(formatRpcList(rpc));
    if (options["schema-names"]) parts.push(`${index.names.join("\n")}\n`);
    if (options["schema-lexicon"]) parts.push(formatLexicon(catalog));
    if (options["schema-all"]) {
      parts.push(...catalog.entries.map((entry) => formatPage({ kind: "entry", entry }, context)));
    }
    const unknown: string[] = [];
    for (const name of joinedNames(names, index)) {
      const found = lookUp(name, index, context);
      const command = COMMANDS.find((one) => one.name === name);
      if (found !== undefined) {
        parts.push(...found);
        if (command !== undefined) parts.push(`Also a command: oftr ${name} --help\n`);
      } else if (command !== undefined) parts.push(formatCommandUsage((await command.load()).run.spec));
      else unknown.push(unknownName(name, index, rpc));
    }
    if (parts.length === 0 && unknown.length === 0) parts.push(overview(catalog));
    print(parts.join("\n"));
    say(unknown.join(""));
    return unknown.length > 0 ? EXIT.USAGE : EXIT.OK;
  },
);

/** What pages are made from. */
interface HelpContext extends PageContext {
  readonly rpc: RpcCatalog;
}

/** `flow mod` as two words is one name, where there is one. */
function joinedNames(names: readonly string[], index: TopicIndex): readonly string[] {
  const joined = names.join("_");
  return names.length > 1 && index.find(joined) !== undefined ? [joined] : names;
}

function printJson(value: object | undefined): number {
  print(`${JSON.stringify(value, null, 2)}\n`);
  return EXIT.OK;
}

/** Prints the JSON Schema of messages, or of what the names mean. */
async function printSchema(operands: readonly string[]): Promise<number> {
  const whole = await loadJsonSchema();
  if (operands.length === 0) return printJson(whole);
  const [index, rpc] = [new TopicIndex(await loadCatalog()), await loadRpcCatalog()];
  const all = await loadRpcSchema();
  const names = joinedNames(operands, index);
  const found = names.map((name) => {
    const own = rpcSchemaNames(all, rpc, name);
    return own.length > 0 ? own : (index.find(name)?.topics ?? []).flatMap(schemaNames(whole));
  });
  const unknown = names.filter((_, i) => found[i]?.length === 0);
  say(unknown.map((name) => unknownName(name, index, rpc)).join(""));
  if (unknown.length > 0) return EXIT.USAGE;
  const isRpc = names.some((name) => rpcSchemaNames(all, rpc, name).length > 0);
  return printJson(schemaOf(isRpc ? all : whole, found.flat()));
}

/** Definitions of the RPC interface: of a request, or with `.params` and `.result` behind the name of the method. */
function rpcSchemaNames(all: object, rpc: RpcCatalog, name: string): string[] {
  const defs = "$defs" in all ? (all.$defs as object) : {};
  const [, stem = name, part = ""] = /^(.*?)(\.params|\.result)?$/i.exec(name) ?? [];
  return findRpcEntries(rpc, stem)
    .map((entry) => `${entry.name}${part.toLowerCase()}`)
    .filter((one) => Object.hasOwn(defs, one));
}

/** The definition of a topic: its own, or that of the union or table that it is part of. */
function schemaNames(whole: object): (topic: Topic) => string[] {
  const defs = "$defs" in whole ? (whole.$defs as object) : {};
  return (topic) => {
    const part = topic.kind === "case" ? topic.union.name : topic.kind === "tlv" ? topic.table.name : "";
    return Object.hasOwn(defs, topicName(topic)) || part === "" ? [topicName(topic)] : [part];
  };
}

/** The pages that a name leads to; undefined when there are none. */
function lookUp(name: string, index: TopicIndex, context: HelpContext): string[] | undefined {
  if (isPacketTopic(name)) return [formatPacketPage(context.brief)];
  const rpc = findRpcEntries(context.rpc, name);
  if (rpc.length > 0) return rpc.map((entry) => formatRpcPage(entry, context.brief));
  const found = index.find(name);
  if (found !== undefined) {
    const others = found.others.length === 0 ? [] : [`Also called so: ${found.others.join(", ")}\n`];
    return [...found.topics.map((topic) => formatPage(topic, context)), ...others];
  }
  const mentions = findMentions(context.catalog, name);
  if (mentions.length > 0) return mentionPages(name, mentions, context);
  const field = formatPacketField(name);
  return field === undefined ? undefined : [field];
}

/** Where a word stands; for a value also the page, unless that is a long one. */
function mentionPages(name: string, mentions: readonly Mention[], context: PageContext): string[] {
  const rows = (kind: Mention["kind"]): string[] =>
    table(mentions.filter((m) => m.kind === kind).map(({ place, detail }) => [place, detail]));
  const values = rows("value");
  const keys = rows("key");
  const parts = [
    ...(values.length === 0 ? [] : [`${[`${name} is a value of`, ...values].join("\n")}\n`]),
    ...(keys.length === 0 ? [] : [`${[`${name} is a key of`, ...keys].join("\n")}\n`]),
  ];
  const entries = [...new Set(mentions.filter((m) => m.kind === "value").map(({ entry }) => entry))];
  const [only] = entries;
  if (only === undefined || entries.length > 1 || only.kind === "code") return parts;
  return [...parts, formatPage({ kind: "entry", entry: only }, context)];
}

function unknownName(name: string, index: TopicIndex, rpc: RpcCatalog): string {
  const close =
    index.suggest(name) ??
    suggest(
      name,
      rpc.map((entry) => entry.name),
    );
  const hint = close === undefined ? "Try: 'oftr help'" : `Did you mean '${close}'?`;
  return `help: Nothing is called '${name}'.  ${hint}\n`;
}

function overview(catalog: Catalog): string {
  const count = (kind: string): number => catalog.entries.filter((entry) => entry.kind === kind).length;
  const about = `oftr knows ${count("message")} messages of OpenFlow 1.0 to 1.5. Each has one form in JSON and YAML for all versions.`;
  const commands = [
    ["NAME", "show a message, field, action, object or type, with an example"],
    ...Object.entries(LISTS).map(([name, help]) => [`--${name}`, help]),
    ["--rpc", "list the methods and events of the JSON-RPC interface"],
    ["packet", "list the fields of packets, and their form in messages"],
    ["--json-schema", "print the JSON Schema of messages; with a NAME, of that and of what it refers to"],
    ["--openrpc", "print the OpenRPC document of the JSON-RPC interface"],
    ["COMMAND", "show the options of a command, as oftr COMMAND --help does"],
  ];
  const names =
    "Names may be written loosely: FLOW_MOD, FlowMod and flow_mod are the same, PORT_STATS is the request and the " +
    "reply. Names of values work, too: oftr help FLOOD, oftr help OFPBRC_BAD_TYPE. A version among the names " +
    "shows only what that version has: oftr help 1.0 FLOW_MOD.";
  const rows = table(commands.map(([what, help = ""]) => [`oftr help ${what}`, help]));
  return `${[...wrap(about, helpWidth()), "", ...rows, "", ...wrap(names, helpWidth())].join("\n")}\n`;
}
