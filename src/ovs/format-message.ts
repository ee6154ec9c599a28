/** Messages as lines: what has flows, matches and actions in Open vSwitch's notation, all others as JSON. */
import { formatActions, listOf } from "./format-actions.js";
import {
  formatFlowMod,
  formatFlowStats,
  formatFlowUpdate,
  formatInstructions,
  formatMatchOf,
} from "./format-flow.js";
import { type JsonObject, stringifyJson } from "./json.js";
import { formatPort, numberOf, wordOf } from "./names.js";

/** A message as decode prints it. */
export interface OvsMessage {
  readonly type: string;
  readonly xid?: number | undefined;
  readonly version?: number | undefined;
  readonly msg?: unknown;
}

type Form = (msg: JsonObject, version: number) => string | undefined;

/** Messages that are lines which can be read again, with these commands. */
const FLOW_MODS: ReadonlySet<string> = new Set(["FLOW_MOD", "NXT_FLOW_MOD"]);
const COMMANDS: ReadonlySet<unknown> = new Set(["ADD", "MODIFY", "MODIFY_STRICT", "DELETE", "DELETE_STRICT"]);

/** Lists, an element a line. */
const LISTS: Readonly<Record<string, (one: JsonObject, version: number) => string>> = {
  FLOW_DESC_REPLY: formatFlowStats,
  NXST_FLOW_REPLY: formatFlowStats,
  FLOW_MONITOR_REPLY: formatFlowUpdate,
  NXST_FLOW_MONITOR_REPLY: formatFlowUpdate,
  ONF_FLOW_MONITOR_REPLY: formatFlowUpdate,
  GROUP_DESC_REPLY: (one, version) => formatGroup(one, version) ?? stringifyJson(one),
};

const FORMS: Readonly<Record<string, Form>> = {
  FLOW_REMOVED: formatFlowStats,
  NXT_FLOW_REMOVED: removedOfNicira,
  PACKET_OUT: formatPacketOut,
  GROUP_MOD: formatGroupMod,
};

/**
 * The lines of a message. FLOW_MOD is a line that `parseOvsFlow` reads; statistics and updates of flows are one line each, as
 * `ovs-ofctl dump-flows` prints them; others begin with their type.
 * @param message  as decodeMessage gives it: integers of 16 digits and more are texts
 */
export function formatOvsMessage(message: OvsMessage): string[] {
  const { type, xid = 0, msg } = message;
  const texts = formatOvsTexts(message);
  if (texts !== undefined && !Object.hasOwn(FORMS, type)) return texts;
  const [text = stringifyJson(msg ?? {})] = texts ?? [];
  return [`${type} (xid=0x${xid.toString(16)}): ${text}`];
}

/**
 * What the lines of a message say, without type and xid; one for each element of a list. Undefined for messages that the
 * notation does not have.
 * @param message  as for formatOvsMessage
 */
export function formatOvsTexts({ type, version = 0, msg }: OvsMessage): string[] | undefined {
  if (FLOW_MODS.has(type) && COMMANDS.has((msg as JsonObject).command))
    return [formatFlowMod(msg as JsonObject, version)];
  const list = Object.hasOwn(LISTS, type) ? LISTS[type] : undefined;
  if (list !== undefined) return listOf(msg).map((one) => list(one, version));
  const form = Object.hasOwn(FORMS, type) ? FORMS[type] : undefined;
  const text = form?.(msg as JsonObject, version);
  return text === undefined ? undefined : [text];
}

/** The text of a part of any message, by its key: of match, actions, and instructions; undefined for other keys. */
export function formatOvsPart(key: string, value: unknown, version: number): string | undefined {
  switch (key) {
    case "match":
      return formatMatchOf({ match: value });
    case "actions":
      return formatActions(value, version);
    case "instructions":
      return formatInstructions({ instructions: value }, version);
    default:
      return undefined;
  }
}

/** Nicira counts tables from 1 there; 0 says nothing. */
function removedOfNicira(msg: JsonObject, version: number): string {
  const { table_id, ...rest } = msg;
  return formatFlowStats(Number(table_id) > 0 ? { ...rest, table_id: Number(table_id) - 1 } : rest, version);
}

function formatPacketOut(msg: JsonObject, version: number): string {
  const { buffer_id, in_port, match, actions, data } = msg;
  const buffer = numberOf("buffer_id", buffer_id ?? "NO_BUFFER");
  const fields = listOf(match).filter(({ field }) => field !== "IN_PORT");
  const words = [
    `in_port=${formatPort(in_port ?? "CONTROLLER")}`,
    ...(fields.length === 0 ? [] : [formatMatchOf({ match: fields })]),
    `actions=${formatActions(actions, version)}`,
    ...(buffer === 0xffffffffn ? [] : [`buffer=0x${buffer.toString(16)}`]),
    ...(data === undefined || data === "" ? [] : [`data=${String(data).toLowerCase()}`]),
  ];
  return words.join(" ");
}

const GROUP_COMMANDS: Readonly<Record<string, string>> = { ADD: "ADD", MODIFY: "MOD", DELETE: "DEL" };

function formatGroupMod(msg: JsonObject, version: number): string | undefined {
  const { command, command_bucket_id = "ALL" } = msg;
  const group = formatGroup(msg, version);
  const word = GROUP_COMMANDS[String(command)];
  // The commands for single buckets have no form that Open vSwitch prints and reads alike.
  if (group === undefined || word === undefined || command_bucket_id !== "ALL") return undefined;
  return `${word} ${group}`;
}

/** A group with its buckets; undefined where it has properties, which have no words. */
function formatGroup(
  { type, group_id, buckets, properties }: JsonObject,
  version: number,
): string | undefined {
  const list = listOf(buckets);
  const hasMore = listOf(properties).length > 0 || list.some((one) => listOf(one.properties).length > 0);
  if (hasMore) return undefined;
  const words = list.map((one) => formatBucket(one, type === "SELECT" ? 1 : 0, version));
  const head = `group_id=${numberOf("group_id", group_id)},type=${wordOf(type)}`;
  return [head, ...words].join(",");
}

function formatBucket(bucket: JsonObject, usualWeight: number, version: number): string {
  const { bucket_id, weight = 0, watch_port = "ANY", watch_group = "ANY", actions } = bucket;
  const words = [
    ...(bucket_id === undefined ? [] : [`bucket_id:${wordOf(bucket_id)}`]),
    ...(weight === usualWeight ? [] : [`weight:${weight}`]),
    ...(watch_port === "ANY" ? [] : [`watch_port:${formatPort(watch_port)}`]),
    ...(watch_group === "ANY" ? [] : [`watch_group:${numberOf("group_id", watch_group)}`]),
    `actions=${formatActions(actions, version)}`,
  ];
  return `bucket=${words.join(",")}`;
}
