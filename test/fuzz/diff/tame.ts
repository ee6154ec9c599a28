/** Messages that programs which judge values are likely to read: without what has no name, and with ports that may exist. */

/** Fields that need no other field in the match (OF 1.3.5 §7.2.3.8, meta-flow.h of Open vSwitch). */
const FREE_FIELDS = /^(ETH_SRC|ETH_DST|METADATA|TUNNEL_ID|NX_(REG\d+|PKT_MARK|CT_MARK|CT_ZONE|CONJ_ID))$/;

/** Ports up to this number fit the 16 bits that some programs have for them, below those that have names. */
const MAX_PORT = 0xfeff;

const TAGS = ["action", "field", "instruction", "property", "type"];

/** A message with the items left out that have no name, and with small numbers for ports. */
export function tamed(message: unknown, version: number): unknown {
  return tame(message, "", version);
}

function tame(value: unknown, key: string, version: number): unknown {
  if (Array.isArray(value)) {
    const named = value.filter((item) => hasName(item));
    const items = key === "match" && version > 2 ? named.filter(isFree).map(withoutMask) : named;
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

/** Only commands for one bucket say which (OF 1.5.1 §7.3.4.3). */
function withTameBucket(object: Record<string, unknown>): Record<string, unknown> {
  const { command, command_bucket_id: bucket } = object;
  if (bucket === undefined) return object;
  return { ...object, command_bucket_id: /_BUCKET$/.test(String(command)) ? 1 : "ALL" };
}

function hasName(item: unknown): boolean {
  const names = isObject(item) ? TAGS.map((tag) => item[tag]) : [item];
  return names.every((name) => typeof name !== "string" || !/^(0x|EXPERIMENTER)/.test(name));
}

function isFree(item: unknown): boolean {
  return isObject(item) && FREE_FIELDS.test(String(item.field));
}

/** A value may have bits outside of its mask, which not all programs let pass. */
function withoutMask(item: unknown): unknown {
  const { mask: _, ...rest } = item as { readonly mask?: unknown };
  return rest;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
