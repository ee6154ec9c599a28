/** Names of numbers: those that messages have, and the words of ovs-ofctl for them. */
import { didYouMean } from "../base/index.js";

/** Reserved ports by name. */
export const PORTS: ReadonlyMap<string, number> = new Map([
  ["UNSET", 0xfffffff7],
  ["IN_PORT", 0xfffffff8],
  ["TABLE", 0xfffffff9],
  ["NORMAL", 0xfffffffa],
  ["FLOOD", 0xfffffffb],
  ["ALL", 0xfffffffc],
  ["CONTROLLER", 0xfffffffd],
  ["LOCAL", 0xfffffffe],
  ["ANY", 0xffffffff],
  ["NONE", 0xffffffff],
]);

const portNames = new Map([...PORTS].reverse().map(([name, port]) => [port, name]));

/** A port as JSON has it: the name of a reserved one, else its number. */
export function portName(port: number): number | string {
  return portNames.get(port) ?? port;
}

/** A port of JSON as a line has it. Reserved ports without a name have the numbers of OpenFlow 1.0. */
export function formatPort(port: unknown): string {
  if (typeof port === "string" && PORTS.has(port)) return port;
  const n = Number(port);
  return String(portNames.get(n) ?? (n > 0xffffff00 ? n - 0xffff0000 : n));
}

/** A port of JSON as a number. */
export function portNumber(port: unknown): number {
  return PORTS.get(String(port)) ?? Number(port);
}

/** Numbers that JSON may have as names. */
const NUMBERS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  table_id: { ALL: 255 },
  group_id: { ALL: 0xfffffffc, ANY: 0xffffffff },
  queue_id: { ALL: 0xffffffff },
  meter_id: { SLOWPATH: 0xfffffffd, CONTROLLER: 0xfffffffe, ALL: 0xffffffff },
  max_len: { MAX: 0xffe5, NO_BUFFER: 0xffff },
  buffer_id: { NO_BUFFER: 0xffffffff },
};

/** A number of JSON, which may be a name, an integer or a text of digits. @param key  its key */
export function numberOf(key: string, value: unknown): bigint {
  return BigInt(NUMBERS[key]?.[String(value)] ?? (value as number | string));
}

/** Words of ovs-ofctl for names of JSON; names that are not here are the same in small letters. */
const WORDS: Readonly<Record<string, string>> = {
  TABLE_MISS: "no_match",
  APPLY_ACTION: "action",
  SYMMETRIC_L3L4_UDP: "symmetric_l3l4+udp",
};

/** A name of JSON as a line has it. */
export function wordOf(name: unknown): string {
  return WORDS[String(name)] ?? String(name).toLowerCase();
}

/** Reasons of packets. */
export const REASONS = names("TABLE_MISS APPLY_ACTION INVALID_TTL ACTION_SET GROUP PACKET_OUT");
/** What is hashed. */
export const HASH_FIELDS = names(
  "ETH_SRC SYMMETRIC_L4 SYMMETRIC_L3L4 SYMMETRIC_L3L4_UDP NW_SRC NW_DST SYMMETRIC_L3",
);
/** Algorithms of multipath. */
export const MULTIPATH_ALGORITHMS = names("MODULO_N HASH_THRESHOLD HRW ITER_HASH");
/** Algorithms of bundle. */
export const BUNDLE_ALGORITHMS = names("ACTIVE_BACKUP HRW");

/** Names of JSON by their words. */
function names(all: string): ReadonlyMap<string, string> {
  return new Map(all.split(" ").map((name) => [wordOf(name), name]));
}

/** ` (did you mean x?)`, or nothing. */
export function closest(word: string, candidates: Iterable<string>): string {
  return didYouMean(word, candidates);
}
