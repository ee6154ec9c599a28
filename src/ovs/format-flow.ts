/** Flows of messages as lines: those that change flows as files of ovs-ofctl have them, those of statistics as it prints them. */

import { ones } from "./fields.js";
import { formatActions, formatMetadata, listOf } from "./format-actions.js";
import { type JsonObject, stringifyJson } from "./json.js";
import { formatMatch } from "./match-format.js";
import { matchOfMessage } from "./match-json.js";
import { formatPort, numberOf, wordOf } from "./names.js";
import { hex } from "./numbers.js";

const USUAL_PRIORITY = 0x8000;

/** Flags of flows whose words are not their names in small letters. */
const FLAG_WORDS: Readonly<Record<string, string>> = {
  NO_PKT_COUNTS: "no_packet_counts",
  NO_BYT_COUNTS: "no_byte_counts",
};

function integer(value: unknown): bigint {
  return BigInt((value ?? 0) as number | string);
}

/** What instructions, or actions alone, say after `actions=`. */
export function formatInstructions({ instructions, actions }: JsonObject, version: number): string {
  if (instructions === undefined) return formatActions(actions, version);
  const sorted = [...listOf(instructions)].sort((a, b) => rankOf(a) - rankOf(b));
  const words = sorted.flatMap((one) => formatInstruction(one, version));
  return words.length === 0 ? "drop" : words.join(",");
}

/** Instructions are a set: lines have them in the order in which a switch carries them out. */
const ORDER: readonly unknown[] = [
  "METER",
  "APPLY_ACTIONS",
  "CLEAR_ACTIONS",
  "WRITE_ACTIONS",
  "WRITE_METADATA",
  "GOTO_TABLE",
];

function rankOf({ instruction }: JsonObject): number {
  const rank = ORDER.indexOf(instruction);
  return rank < 0 ? ORDER.length : rank;
}

function formatInstruction(one: JsonObject, version: number): string[] {
  switch (one.instruction) {
    case "APPLY_ACTIONS":
      return listOf(one.actions).length === 0 ? [] : [formatActions(one.actions, version)];
    case "WRITE_ACTIONS":
      return [`write_actions(${formatActions(one.actions, version)})`];
    case "CLEAR_ACTIONS":
      return ["clear_actions"];
    case "WRITE_METADATA":
      return [formatMetadata(one)];
    case "GOTO_TABLE":
      return [`goto_table:${one.table_id}`];
    case "METER":
      return [`meter:${numberOf("meter_id", one.meter_id)}`];
    default:
      return [`json(${stringifyJson(one)})`];
  }
}

/** The priority where it is not the usual one, and the match: `priority=5,tcp`. */
export function formatMatchOf({ match, priority }: JsonObject): string {
  const words = formatMatch(matchOfMessage(match));
  return [
    ...(priority === undefined || priority === USUAL_PRIORITY ? [] : [`priority=${priority}`]),
    ...words,
  ].join(",");
}

function flagWords(flags: unknown): string {
  return (Array.isArray(flags) ? flags : [])
    .map((flag) => `${FLAG_WORDS[String(flag)] ?? wordOf(flag)} `)
    .join("");
}

/** The line of a FLOW_MOD or NXT_FLOW_MOD, which can be read again. */
export function formatFlowMod(msg: JsonObject, version: number): string {
  const command = String(msg.command);
  const isDelete = command.startsWith("DELETE");
  const { cookie, match, ...compared } = cookieOf(msg, version);
  // What is added compares nothing.
  const mask = command === "ADD" ? 0n : compared.mask;
  const table = numberOf("table_id", msg.table_id ?? 0);
  // What a command means that does not say its table.
  const usualTable = isDelete && version > 2 ? 255n : 0n;
  const buffer = numberOf("buffer_id", msg.buffer_id ?? "NO_BUFFER");
  const group = numberOf("group_id", msg.out_group ?? "ANY");
  const head = [
    ...(mask !== 0n ? [`cookie=${hex(cookie)}/${mask === ones(64) ? "-1" : hex(mask)}`] : []),
    ...(mask === 0n && cookie !== 0n && !isDelete ? [`cookie=${hex(cookie)}`] : []),
    ...(table === usualTable ? [] : [`table=${table}`]),
    ...timeouts(msg),
    ...(integer(msg.importance) === 0n ? [] : [`importance=${msg.importance}`]),
    ...(buffer === 0xffffffffn ? [] : [`buffer_id=${hex(buffer)}`]),
    ...(formatPort(msg.out_port ?? "ANY") === "ANY" ? [] : [`out_port=${formatPort(msg.out_port)}`]),
    ...(group === 0xffffffffn ? [] : [`out_group=${group}`]),
  ].map((word) => `${word}, `);
  // A command for flows of any priority has none to say.
  const told = command === "DELETE" ? { match } : { match, priority: msg.priority };
  // Lines without a command add.
  const prefix = command === "ADD" ? "" : `${wordOf(command)} `;
  const line = `${prefix}${head.join("")}${flagWords(msg.flags)}${formatMatchOf(told)}`;
  const trimmed = line.replace(/[, ]+$/, "");
  if (isDelete) return trimmed;
  return `${trimmed}${trimmed === "" ? "" : " "}actions=${formatInstructions(msg, version)}`;
}

function timeouts({ idle_timeout, hard_timeout }: JsonObject): string[] {
  return [
    ...(integer(idle_timeout) === 0n ? [] : [`idle_timeout=${idle_timeout}`]),
    ...(integer(hard_timeout) === 0n ? [] : [`hard_timeout=${hard_timeout}`]),
  ];
}

const COOKIE = "0x00013C08";
const MASKED_COOKIE = "0x00013D10";

/** The cookie of a flow, or that which a command compares. NXT_FLOW_MOD has the latter in its match. */
function cookieOf(
  msg: JsonObject,
  version: number,
): { cookie: bigint; mask: bigint; match: readonly JsonObject[] } {
  const all = listOf(msg.match);
  const compared = all.find(({ field }) => field === COOKIE || field === MASKED_COOKIE);
  // 1.0 has no mask; JSON shows it as all ones, which mean nothing there.
  if (compared === undefined)
    return { cookie: integer(msg.cookie), mask: version === 1 ? 0n : integer(msg.cookie_mask), match: all };
  const digits = String(compared.value);
  const mask = compared.field === COOKIE ? ones(64) : BigInt(`0x${digits.slice(16)}`);
  return { cookie: BigInt(`0x${digits.slice(0, 16)}`), mask, match: all.filter((one) => one !== compared) };
}

const NOT_COUNTED = ones(64);

/** A flow with its counters: FLOW_DESC_REPLY, NXST_FLOW_REPLY and FLOW_REMOVED. */
export function formatFlowStats(flow: JsonObject, version: number): string {
  const { duration, packet_count, byte_count, idle_age, hard_age, reason } = flow;
  const counter = (name: string, value: unknown): string =>
    `${name}=${integer(value) === NOT_COUNTED ? "?" : value}, `;
  // Ages are told plus one; 0 is none.
  const age = (name: string, value: unknown): string =>
    integer(value) === 0n ? "" : `${name}=${integer(value) - 1n}, `;
  const stat = listOf(flow.stat);
  const head = [
    `cookie=${hexCookie(flow.cookie)}, `,
    duration === undefined ? "" : `duration=${formatDuration(String(duration))}s, `,
    flow.table_id === undefined ? "" : `table=${numberOf("table_id", flow.table_id)}, `,
    packet_count === undefined ? "" : counter("n_packets", packet_count),
    byte_count === undefined ? "" : counter("n_bytes", byte_count),
    ...timeouts(flow).map((word) => `${word}, `),
    flagWords(flow.flags),
    integer(flow.importance) === 0n ? "" : `importance=${flow.importance}, `,
    age("idle_age", idle_age),
    age("hard_age", hard_age),
    stat.length === 0 ? "" : `stat=${stringifyJson(stat)}, `,
    reason === undefined ? "" : `reason=${REASONS[String(reason)] ?? wordOf(reason)}, `,
  ].join("");
  const match = formatMatchOf(flow);
  if (flow.instructions === undefined && flow.actions === undefined)
    return `${head}${match}`.replace(/[, ]+$/, "");
  return `${head}${match}${match === "" ? "" : " "}actions=${formatInstructions(flow, version)}`;
}

const REASONS: Readonly<Record<string, string>> = { IDLE_TIMEOUT: "idle", HARD_TIMEOUT: "hard" };

function hexCookie(cookie: unknown): string {
  return `0x${integer(cookie).toString(16)}`;
}

/** Seconds, with three or nine digits behind the point. */
function formatDuration(text: string): string {
  const [, seconds = text, fraction = ""] = /^(\d+)\.(\d+)$/.exec(text) ?? [];
  const nanoseconds = fraction.padEnd(9, "0");
  if (Number(nanoseconds) === 0) return seconds;
  return `${seconds}.${nanoseconds.endsWith("000000") ? nanoseconds.slice(0, 3) : nanoseconds}`;
}

/** A change that a flow monitor tells. */
export function formatFlowUpdate(update: JsonObject, version: number): string {
  const { event, reason, table_id, cookie, xid, match } = update;
  if (event === "ABBREV") return `event=ABBREV xid=${hex(integer(xid))}`;
  if (match === undefined) return `event=${event}`;
  const removed = event === "DELETED" || event === "REMOVED";
  const words = [
    `event=${event}`,
    ...(removed ? [`reason=${REASONS[String(reason)] ?? wordOf(reason)}`] : []),
    `table=${numberOf("table_id", table_id)}`,
    ...timeouts(update),
    `cookie=${hex(integer(cookie))}`,
    formatMatchOf(update),
    ...(hasActions(update) ? [`actions=${formatInstructions(update, version)}`] : []),
  ];
  return words.filter((word) => word !== "").join(" ");
}

function hasActions({ instructions, actions }: JsonObject): boolean {
  return listOf(instructions).length > 0 || listOf(actions).length > 0;
}
