/** Messages that programs which judge values are likely to read: without what has no name, and with ports that may exist. */
import { createHash } from "node:crypto";

/** Fields that need no other field in the match (OF 1.3.5 §7.2.3.8, meta-flow.h of Open vSwitch). */
const FREE_FIELDS = /^(ETH_SRC|ETH_DST|METADATA|TUNNEL_ID|NX_(REG\d+|PKT_MARK|CT_MARK|CT_ZONE|CONJ_ID))$/;

/** Those that stand in the place of the others, numbers of 32 bits. */
const STAND_INS = [
  ...Array.from({ length: 16 }, (_, n) => `NX_REG${n}`),
  ...["NX_PKT_MARK", "NX_CT_MARK", "NX_CONJ_ID"],
];

/** Actions that any flow and group may have, with any argument. */
const FREE_ACTIONS = /^(OUTPUT|GROUP|SET_QUEUE)$/;

/** Ports up to this number fit the 16 bits that some programs have for them, below those that have names. */
const MAX_PORT = 0xfeff;

const TAGS = ["action", "field", "instruction", "property", "type"];

/** A message with the items left out that have no name, and with small numbers for ports. */
export function tamed(message: unknown, version: number): unknown {
  return tame(message, "", version);
}

function tame(value: unknown, key: string, version: number): unknown {
  if (Array.isArray(value)) {
    const named = value.filter((item) => hasName(item) && !isBoundAction(item));
    const items = key === "match" && version > 2 && named.every(isObject) ? freeFields(named) : named;
    return items.map((item) => tame(item, "", version));
  }
  if (!isObject(value)) return tameValue(value, key);
  const members = Object.entries(value).map(([name, inner]) => [name, tame(inner, name, version)]);
  return withTameBucket(Object.fromEntries(members) as Record<string, unknown>);
}

/** Ports, tables, groups and buckets that may exist. */
function tameValue(value: unknown, key: string): unknown {
  if (/^(table_id|group_id|bucket_id)$/.test(key)) return typeof value === "number" ? value % 250 : 1;
  return typeof value === "number" && /port/.test(key) && value > MAX_PORT ? 1 + (value % 1000) : value;
}

/** Groups of the only type whose buckets may be any; only commands for one bucket say which (OF 1.5.1 §7.3.4.3). */
function withTameBucket(object: Record<string, unknown>): Record<string, unknown> {
  const { command, command_bucket_id: bucket, buckets } = object;
  return {
    ...object,
    ...(buckets === undefined ? {} : { type: "SELECT" }),
    ...(bucket === undefined ? {} : { command_bucket_id: /_BUCKET$/.test(String(command)) ? 1 : "ALL" }),
  };
}

function hasName(item: unknown): boolean {
  const names = isObject(item) ? TAGS.map((tag) => item[tag]) : [item];
  return names.every((name) => typeof name !== "string" || !/^(0x|EXPERIMENTER)/.test(name));
}

function isBoundAction(item: unknown): boolean {
  return isObject(item) && typeof item.action === "string" && !FREE_ACTIONS.test(item.action);
}

/** The fields of a match without masks, for a value may have bits outside of its mask; those that are not free have stand-ins. */
function freeFields(match: readonly Record<string, unknown>[]): readonly unknown[] {
  const fields = new Map<string, unknown>();
  for (const [n, { field: own, value }] of match.entries()) {
    const field = String(own);
    const number = hash(`${n} ${field} ${String(value)}`);
    const name = STAND_INS[number % STAND_INS.length] as string;
    const free = FREE_FIELDS.test(field) ? { field, value } : { field: name, value: number };
    fields.set(free.field, free);
  }
  return [...fields.values()];
}

/** Some number of 32 bits, the same for the same text. */
function hash(text: string): number {
  return createHash("md5").update(text).digest().readUInt32BE(0);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
