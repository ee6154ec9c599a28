// A message in one line: the few facts that matter.
import {
  compact,
  compactActions,
  compactKeys,
  compactMatch,
  type Fields,
  hex,
  isFields,
  isList,
  type Value,
} from "./compact.js";
import { packetBrief, packetFields } from "./packet-facts.js";

/** A message as decoding prints it, parsed. */
export interface BriefMessage {
  readonly type: string;
  readonly flags?: readonly string[];
  readonly msg: Value;
}

/** What an ERROR's type and code mean, as a sentence. */
export type Meaning = (type: string, code: string) => string;

/** Characters of the facts, at most; what is longer ends in `...`. */
const MOST = 240;

/** The facts of a message, without its type: `ADD table=0 priority=100 in_port=1 -> output:2`. "" when there are none. */
export function briefFacts({ type, flags, msg }: BriefMessage, meaning: Meaning): string {
  const text = isList(msg) ? listFacts(msg, flags) : isFields(msg) ? objectFacts(type, msg, meaning) : "";
  return text.length > MOST ? `${text.slice(0, MOST - 3)}...` : text;
}

function listFacts(list: readonly Value[], flags: readonly string[] = []): string {
  const count = `${list.length} ${list.length === 1 ? "entry" : "entries"}`;
  return flags.includes("MORE") ? `${count}, more follow` : count;
}

function objectFacts(type: string, msg: Fields, meaning: Meaning): string {
  const special = FACTS[type];
  if (special !== undefined) return special(msg, meaning);
  if (type.includes("PACKET_IN")) return packetInFacts(msg);
  return compactKeys(msg);
}

const FACTS: Readonly<Record<string, (msg: Fields, meaning: Meaning) => string>> = {
  ERROR: ({ type = "", code = "", _error }, meaning) => {
    const name = String(_error ?? code);
    const sentence = meaning(String(type), String(code));
    return `${type}/${name}${sentence === "" ? "" : `: ${sentence}`}`;
  },
  FEATURES_REPLY: ({ datapath_id = "", n_tables = "", n_buffers = "", auxiliary_id }) =>
    `datapath_id=${datapath_id} tables=${n_tables} buffers=${n_buffers}${
      auxiliary_id === undefined || auxiliary_id === 0 ? "" : ` auxiliary_id=${auxiliary_id}`
    }`,
  PACKET_OUT: (msg) => {
    const packet = packetBrief(packetFields(msg._pkt));
    const data = packet === "" ? `buffer=${msg.buffer_id}` : packet;
    return `port ${msg.in_port} -> ${compactActions(msg.actions)} ${data}`;
  },
  FLOW_MOD: (msg) => {
    const keys = compactKeys(pick(msg, FLOW_KEYS), FLOW_DEFAULTS);
    const deletes = String(msg.command).startsWith("DELETE");
    const actions = deletes ? "" : ` -> ${compactActions(msg.instructions)}`;
    return `${msg.command} ${keys} ${compactMatch(msg.match)}${actions}`;
  },
  FLOW_REMOVED: (msg) =>
    `${msg.reason} ${compactKeys(pick(msg, REMOVED_KEYS), FLOW_DEFAULTS)} ${compactMatch(msg.match)}`,
  PORT_STATUS: ({ reason = "", ...port }) => {
    const { port_no = "", name = "", state = [], config = [] } = port;
    const words = [state, config].map(compact).filter((text) => text !== "");
    return `${reason} port ${port_no} ${name}${words.length === 0 ? "" : ` (${words.join(",")})`}`;
  },
  GROUP_MOD: (msg) => {
    const buckets = isList(msg.buckets) ? msg.buckets : [];
    const shown = buckets.map((one) => `[${isFields(one) ? compactActions(one.actions) : compact(one)}]`);
    return `${msg.command} ${msg.type ?? ""} group=${msg.group_id} ${shown.join(" ")}`.trim();
  },
  BUNDLE_ADD_MESSAGE: ({ bundle_id = "", message }, meaning) => {
    if (!isFields(message) || typeof message.type !== "string") return `bundle=${bundle_id}`;
    const { type, msg = {} } = message;
    return `bundle=${bundle_id} ${type} ${briefFacts({ type, msg }, meaning)}`;
  },
};

const FLOW_KEYS = [
  "table_id",
  "priority",
  "cookie",
  "idle_timeout",
  "hard_timeout",
  "importance",
  "flags",
  "buffer_id",
  "out_port",
  "out_group",
];
const REMOVED_KEYS = ["table_id", "priority", "cookie", "duration", "packet_count", "byte_count"];
const NO_COOKIE = 0xffff_ffff_ffff_ffffn;
const FLOW_DEFAULTS: Fields = {
  idle_timeout: 0,
  hard_timeout: 0,
  importance: 0,
  buffer_id: "NO_BUFFER",
  out_port: "ANY",
  out_group: "ANY",
};

function packetInFacts(msg: Fields): string {
  const packet = packetBrief(packetFields(msg._pkt));
  const { in_port = portOf(msg.match), reason = "", table_id, cookie, total_len } = msg;
  const keys = compactKeys(defined({ table: table_id, cookie: cookieText(cookie), len: total_len }));
  return [`port ${in_port}`, reason, keys, packet].filter((part) => part !== "").join(" ");
}

/** The port that the match names, for messages that have no key for it. */
function portOf(match: Value | undefined): Value {
  for (const one of isList(match) ? match : [])
    if (isFields(one) && (one.field === "IN_PORT" || one.field === "NX_IN_PORT")) return one.value ?? "?";
  return "?";
}

/** Some keys in shorter words; those that are missing are left out. */
function pick(msg: Fields, keys: readonly string[]): Fields {
  const short = (key: string): readonly [string, Value | undefined] => {
    if (key === "table_id") return ["table", msg.table_id];
    return [key, key === "cookie" ? cookieText(msg.cookie) : msg[key]];
  };
  return defined(Object.fromEntries(keys.map(short)));
}

/** A cookie in hex; undefined for those that say nothing: 0, and all ones, which is none. */
function cookieText(cookie: Value | undefined): string | undefined {
  const value = BigInt(typeof cookie === "number" || typeof cookie === "string" ? cookie : 0);
  return value === 0n || value === NO_COOKIE ? undefined : hex(value, 1);
}

function defined(fields: Readonly<Record<string, Value | undefined>>): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}
