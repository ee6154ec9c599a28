// A message in one line: the few facts that matter.
import { formatOvsTexts } from "../ovs/index.js";
import { compact, compactKeys, type Fields, hex, isFields, isList, type Value } from "./compact.js";
import { packetBrief, packetFields } from "./packet-facts.js";

/** A message as decoding prints it, parsed. */
export interface BriefMessage {
  readonly type: string;
  /** Wire version. */
  readonly version: number;
  readonly flags?: readonly string[];
  readonly msg: Value;
}

/** What an ERROR's type and code mean, as a sentence. */
export type Meaning = (type: string, code: string) => string;

/** Characters of the facts, at most; what is longer ends in `...`. */
const MOST = 240;

/** Elements of a list that are shown, at most: more of them than have room. */
const MOST_SHOWN = 20;

/**
 * The facts of a message, without its type, flows in Open vSwitch's notation: `add priority=100,in_port=1 actions=output:2`. "" when
 * there are none.
 */
export function briefFacts(message: BriefMessage, meaning: Meaning): string {
  const { msg } = message;
  const text = isList(msg)
    ? listFacts(message, msg)
    : isFields(msg)
      ? objectFacts(message, msg, meaning)
      : "";
  return text.length > MOST ? `${text.slice(0, MOST - 3)}...` : text;
}

function listFacts({ type, version, flags = [] }: BriefMessage, list: readonly Value[]): string {
  const count = `${list.length} ${list.length === 1 ? "entry" : "entries"}`;
  const told = flags.includes("MORE") ? `${count}, more follow` : count;
  const texts = formatOvsTexts({ type, version, msg: list.slice(0, MOST_SHOWN) }) ?? [];
  return texts.length === 0 ? told : `${told}: ${texts.join("; ")}`;
}

function objectFacts(message: BriefMessage, msg: Fields, meaning: Meaning): string {
  const { type, version } = message;
  const special = Object.hasOwn(FACTS, type) ? FACTS[type] : undefined;
  if (special !== undefined) return special(msg, version, meaning);
  const [text] = formatOvsTexts(message) ?? [];
  // Lines of flows have no word for adding; here it tells what the message does, and they can be read with it, too.
  if (text !== undefined) return ADDS.has(type) && msg.command === "ADD" ? `add ${text}` : text;
  if (type.includes("PACKET_IN")) return packetInFacts(msg, version);
  return compactKeys(msg, version);
}

const ADDS: ReadonlySet<string> = new Set(["FLOW_MOD", "NXT_FLOW_MOD"]);

const FACTS: Readonly<Record<string, (msg: Fields, version: number, meaning: Meaning) => string>> = {
  ERROR: ({ type = "", code = "", _error }, _version, meaning) => {
    const name = String(_error ?? code);
    const sentence = meaning(String(type), String(code));
    return `${type}/${name}${sentence === "" ? "" : `: ${sentence}`}`;
  },
  FEATURES_REPLY: ({ datapath_id = "", n_tables = "", n_buffers = "", auxiliary_id }) =>
    `datapath_id=${datapath_id} tables=${n_tables} buffers=${n_buffers}${
      auxiliary_id === undefined || auxiliary_id === 0 ? "" : ` auxiliary_id=${auxiliary_id}`
    }`,
  PACKET_OUT: ({ data = "", ...rest }, version) => {
    const packet = packetBrief(packetFields(rest._pkt));
    const msg = packet === "" ? { ...rest, data } : rest;
    return [...(formatOvsTexts({ type: "PACKET_OUT", version, msg }) ?? []), packet].join(" ").trimEnd();
  },
  PORT_STATUS: ({ reason = "", ...port }, version) => {
    const { port_no = "", name = "", state = [], config = [] } = port;
    const words = [state, config].map((list) => compact(list, version)).filter((text) => text !== "");
    return `${reason} port ${port_no} ${name}${words.length === 0 ? "" : ` (${words.join(",")})`}`;
  },
  BUNDLE_ADD_MESSAGE: ({ bundle_id = "", message }, version, meaning) =>
    isFields(message) && typeof message.type === "string"
      ? `bundle=${bundle_id} ${innerFacts(message, version, meaning)}`
      : `bundle=${bundle_id}`,
  REQUESTFORWARD: innerFacts,
};

/** Type and facts of a message within another one. */
function innerFacts({ type, msg = {} }: Fields, version: number, meaning: Meaning): string {
  return `${type} ${briefFacts({ type: String(type), version, msg }, meaning)}`.trimEnd();
}

const NO_COOKIE = 0xffff_ffff_ffff_ffffn;

function packetInFacts(msg: Fields, version: number): string {
  const packet = packetBrief(packetFields(msg._pkt));
  const { in_port = portOf(msg.match), reason = "", table_id, cookie, total_len } = msg;
  const keys = compactKeys(defined({ table: table_id, cookie: cookieText(cookie), len: total_len }), version);
  return [`port ${in_port}`, reason, keys, packet].filter((part) => part !== "").join(" ");
}

/** The port that the match names, for messages that have no key for it. */
function portOf(match: Value | undefined): Value {
  for (const one of isList(match) ? match : [])
    if (isFields(one) && (one.field === "IN_PORT" || one.field === "NX_IN_PORT")) return one.value ?? "?";
  return "?";
}

/** A cookie in hex; undefined for those that say nothing: 0, and all ones, which is none. */
function cookieText(cookie: Value | undefined): string | undefined {
  const value = BigInt(typeof cookie === "number" || typeof cookie === "string" ? cookie : 0);
  return value === 0n || value === NO_COOKIE ? undefined : hex(value, 1);
}

function defined(fields: Readonly<Record<string, Value | undefined>>): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}
