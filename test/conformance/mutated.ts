/** Messages with one change somewhere: another value, a key less, a key more. */

/** Values that a place may get. */
const VALUES: readonly unknown[] = [
  0,
  1,
  7,
  255,
  256,
  65535,
  65536,
  4294967295,
  4294967296,
  2 ** 53,
  -1,
  1.5,
  1e21,
  true,
  false,
  null,
  "",
  "0",
  "10",
  "0x10",
  "0X1f",
  "0b101",
  "0o17",
  "017",
  "08",
  "256",
  "65536",
  "4294967296",
  "18446744073709551615",
  "18446744073709551616",
  "-1",
  "1.5",
  "ALL",
  "ANY",
  "NONE",
  "LOCAL",
  "ADD",
  "MORE",
  "OUTPUT",
  "EXPERIMENTER",
  "EXPERIMENTER.0x00000001",
  "ETH_DST",
  "TUN_ID",
  "NX_REG0[0:8]",
  "0x0007",
  "0x80000004",
  "0x80000004.1",
  "00:00:00:00:00:01",
  "0-1-2-3-4-5",
  "0123456789ab",
  "192.0.2.1",
  "192.0.2.256",
  "::",
  "fe80::1",
  "::1.2.3.4",
  ":::",
  "AB cd",
  "ABC",
  "5.25",
  "5.x0A",
  "00:00:00:00:00:00:00:01",
  [],
  [0],
  ["1"],
  ["MORE"],
  [null],
  [{}],
  {},
  { data: "" },
  { field: "IN_PORT", value: 1 },
];

const KEYS = [
  "value",
  "mask",
  "data",
  "type",
  "flags",
  "property",
  "experimenter",
  "_order",
  "_match",
  "reserved",
];

/** What stands around `msg` and does not concern the encoder, which ignores it. */
const IGNORED = new Set(["time", "src", "dst", "conn_id", "datapath_id", "auxiliary_id", "_file"]);

/**
 * A copy of a message with one change.
 * @param choices  numbers that choose it
 */
export function mutated(message: unknown, choices: Iterator<number>): unknown {
  const choose = <T>(list: readonly T[]): T => list[choices.next().value % list.length] as T;
  const copy: unknown = structuredClone(message);
  const holders: (Record<string, unknown> | unknown[])[] = [];
  collect(copy, holders);
  const holder = choose(holders);
  const keys = Object.keys(holder).filter((key) => !IGNORED.has(key));
  const kind = choices.next().value % 8;
  if (kind === 0 || keys.length === 0) {
    if (Array.isArray(holder)) holder.push(structuredClone(choose(VALUES)));
    else holder[choose(KEYS)] = structuredClone(choose(VALUES));
    return copy;
  }
  const key = choose(keys);
  if (kind === 1) {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  } else (holder as Record<string, unknown>)[key] = structuredClone(choose(VALUES));
  return copy;
}

function collect(value: unknown, holders: (Record<string, unknown> | unknown[])[]): void {
  if (typeof value !== "object" || value === null) return;
  holders.push(value as Record<string, unknown>);
  for (const inner of Object.values(value)) collect(inner, holders);
}
