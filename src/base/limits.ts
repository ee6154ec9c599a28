// The limits of the daemon: what a peer may make it hold, and for how long. One table gives names, defaults and
// ranges; who enforces a limit is given a `Limits` and reads it when it matters, so that it can change meanwhile.
import { OftrError } from "./errors.js";
import { didYouMean } from "./suggest.js";

/** What a limit counts. A value may be written with a suffix: `64K`, `16MiB`, `1G` for bytes, `5s`, `500ms` for times. */
export type LimitUnit = "bytes" | "ms" | "count";

/** One row of the table. */
export interface LimitSpec {
  /** As `--limit` and the configuration file spell it. */
  readonly name: string;
  readonly default: number;
  readonly unit: LimitUnit;
  /** Least and largest value that may be set. */
  readonly min: number;
  readonly max: number;
  /** What is limited, and what happens beyond it; whole sentences. */
  readonly doc: string;
}

const KI = 1024;
const MI = 1024 * KI;
const GI = 1024 * MI;

/** A limit, as the program names it. */
export type LimitKey =
  | "frameBytes"
  | "connections"
  | "listenerConnections"
  | "listeners"
  | "identities"
  | "handshakeTime"
  | "handshakeParts"
  | "earlyBytes"
  | "switchQueueBytes"
  | "clients"
  | "clientPacketInBytes"
  | "clientQueueBytes"
  | "taps"
  | "tapBytes"
  | "pendingRequests"
  | "multipartBytes"
  | "multipartParts"
  | "rpcMessageBytes"
  | "rpcBatch"
  | "yamlBytes"
  | "yamlTokens"
  | "yamlDepth"
  | "yamlAliases";

const TABLE: Readonly<Record<LimitKey, LimitSpec>> = {
  frameBytes: {
    name: "frame-bytes",
    default: 65_535,
    unit: "bytes",
    min: 1024,
    max: 65_535,
    doc: "Longest OpenFlow message accepted from a peer. A longer one ends its connection.",
  },
  connections: {
    name: "connections",
    default: 16_384,
    unit: "count",
    min: 1,
    max: 1_000_000,
    doc: "Concurrent OpenFlow connections, including those in the handshake. Further ones are closed.",
  },
  listenerConnections: {
    name: "listener-connections",
    default: 16_384,
    unit: "count",
    min: 1,
    max: 1_000_000,
    doc: "Concurrent OpenFlow connections accepted by one listener. Further ones are closed.",
  },
  listeners: {
    name: "listeners",
    default: 256,
    unit: "count",
    min: 1,
    max: 65_535,
    doc: "Concurrent OpenFlow listeners. Beyond that, OFP.LISTEN is refused.",
  },
  identities: {
    name: "identities",
    default: 1024,
    unit: "count",
    min: 1,
    max: 1_000_000,
    doc: "TLS identities. Beyond that, OFP.ADD_IDENTITY is refused.",
  },
  handshakeTime: {
    name: "handshake-time",
    default: 5000,
    unit: "ms",
    min: 100,
    max: 3_600_000,
    doc: "Time for each step of the handshake (TLS, HELLO, features, ports), unless a listener or connection sets its own.",
  },
  handshakeParts: {
    name: "handshake-parts",
    default: 256,
    unit: "count",
    min: 1,
    max: 65_536,
    doc: "Parts of the PORT_DESC_REPLY in a handshake. Beyond that, the connection fails.",
  },
  earlyBytes: {
    name: "early-bytes",
    default: 1 * MI,
    unit: "bytes",
    min: 0,
    max: 1 * GI,
    doc: "Messages that a switch sends before the end of its handshake, kept until then. Further ones are dropped and counted.",
  },
  switchQueueBytes: {
    name: "switch-queue-bytes",
    default: 16 * MI,
    unit: "bytes",
    min: 64 * KI,
    max: 4 * GI,
    doc: "Bytes queued for a switch. Beyond that, OFP.SEND is refused.",
  },
  clients: {
    name: "clients",
    default: 256,
    unit: "count",
    min: 1,
    max: 65_535,
    doc: "Concurrent RPC clients. Further ones are closed.",
  },
  clientPacketInBytes: {
    name: "client-packet-in-bytes",
    default: 16 * MI,
    unit: "bytes",
    min: 64 * KI,
    max: 4 * GI,
    doc: "Bytes queued for a client. Beyond that, it misses PACKET_INs, which are counted and reported to it.",
  },
  clientQueueBytes: {
    name: "client-queue-bytes",
    default: 64 * MI,
    unit: "bytes",
    min: 128 * KI,
    max: 4 * GI,
    doc: "Bytes of any kind queued for a client. Beyond that, a client at a socket is disconnected; for the only client on standard output, reading from the switches stops until it catches up.",
  },
  taps: {
    name: "taps",
    default: 16,
    unit: "count",
    min: 0,
    max: 65_535,
    doc: "Concurrent clients with a tap. Beyond that, OFP.TAP is refused; 0 refuses all.",
  },
  tapBytes: {
    name: "tap-bytes",
    default: 4 * MI,
    unit: "bytes",
    min: 64 * KI,
    max: 1 * GI,
    doc: "Bytes queued for a client. Beyond that, it misses messages of its tap, which are counted and reported to it.",
  },
  pendingRequests: {
    name: "pending-requests",
    default: 4096,
    unit: "count",
    min: 1,
    max: 1_000_000,
    doc: "Requests of one client that wait for a switch. Further ones are refused.",
  },
  multipartBytes: {
    name: "multipart-bytes",
    default: 64 * MI,
    unit: "bytes",
    min: 64 * KI,
    max: 512 * MI,
    doc: "Text of all parts of a reply joined by OFP.REQUEST. Beyond that, the request fails.",
  },
  multipartParts: {
    name: "multipart-parts",
    default: 16_384,
    unit: "count",
    min: 1,
    max: 1_000_000,
    doc: "Parts of a reply joined by OFP.REQUEST. Beyond that, the request fails.",
  },
  rpcMessageBytes: {
    name: "rpc-message-bytes",
    default: 1 * MI,
    unit: "bytes",
    min: 1024,
    // The headers of the binary framing have no larger length.
    max: 16 * MI - 1,
    doc: "Longest text accepted from a client. A longer one ends its connection.",
  },
  rpcBatch: {
    name: "rpc-batch",
    default: 1000,
    unit: "count",
    min: 1,
    max: 1_000_000,
    doc: "Requests in one JSON-RPC 2.0 batch, and messages in one OFP.SEND_BATCH. A larger batch is refused as a whole.",
  },
  yamlBytes: {
    name: "yaml-bytes",
    default: 1 * MI,
    unit: "bytes",
    min: 1024,
    max: 16 * MI,
    doc: "Longest YAML document in a request, in UTF-16 units.",
  },
  yamlTokens: {
    name: "yaml-tokens",
    default: 65_536,
    unit: "count",
    min: 256,
    max: 16_777_216,
    doc: "Tokens of a YAML document outside the plain subset, and values that its aliases expand to.",
  },
  yamlDepth: {
    name: "yaml-depth",
    default: 256,
    unit: "count",
    min: 16,
    // Readers of values recurse; a thread of Node has a stack for this many and more.
    max: 1000,
    doc: "Nesting depth of lists and objects in a YAML document.",
  },
  yamlAliases: {
    name: "yaml-aliases",
    default: 0,
    unit: "count",
    min: 0,
    max: 100_000,
    doc: "Aliases (`*name`) of a YAML document. Each stands for a copy of what its anchor (`&name`) marks.",
  },
};

/** The value of each limit, in the unit that the table says. */
export type Limits = Readonly<Record<LimitKey, number>>;

/** The table, in the order of the documentation. */
export const LIMITS: Readonly<Record<LimitKey, LimitSpec>> = TABLE;

/** What holds where nothing else is said. */
export const DEFAULT_LIMITS: Limits = mapLimits((key) => LIMITS[key].default);

/** How often each limit was met since the process began. */
export const limitHits: Readonly<Record<LimitKey, number>> = mapLimits(() => 0);

/** Counts that a limit was met: to be called by who refuses, drops or closes because of it. */
export function countLimitHit(key: LimitKey): void {
  (limitHits as Record<LimitKey, number>)[key]++;
}

/** A limit that does not exist, or a value that it cannot have. */
export class LimitError extends OftrError<"UNKNOWN" | "INVALID"> {
  override readonly name = "LimitError";
}

/**
 * Reads limits by name, `["frame-bytes", "32K"]`; the last one of a name counts. Throws LimitError.
 * @param base  what the others are
 */
export function readLimits(
  given: Iterable<readonly [name: string, value: string]>,
  base: Limits = DEFAULT_LIMITS,
): Limits {
  const limits: Record<LimitKey, number> = { ...base };
  for (const [name, value] of given) limits[keyOf(name)] = readValue(name, value);
  return limits;
}

function keyOf(name: string): LimitKey {
  for (const key of Object.keys(LIMITS) as LimitKey[]) if (LIMITS[key].name === name) return key;
  const names = Object.values(LIMITS).map((limit) => limit.name);
  throw new LimitError("UNKNOWN", `there is no limit '${name}'${didYouMean(name, names)}`);
}

const SUFFIXES: Readonly<Record<LimitUnit, Readonly<Record<string, number>>>> = {
  bytes: { "": 1, k: KI, m: MI, g: GI },
  ms: { "": 1, ms: 1, s: 1000, min: 60_000 },
  count: { "": 1 },
};

const EXPECTED: Readonly<Record<LimitUnit, string>> = {
  bytes: "bytes, such as 65536 or 16M",
  ms: "a time, such as 5000 or 5s",
  count: "a number",
};

/** What stands behind a number. */
const UNIT_WORDS: Readonly<Record<LimitUnit, string>> = { bytes: " bytes", ms: " ms", count: "" };

function readValue(name: string, text: string): number {
  const { unit, min, max } = LIMITS[keyOf(name)];
  const [, digits, suffix = ""] = /^(\d{1,15})\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const word = suffix.toLowerCase();
  const factor = SUFFIXES[unit][unit === "bytes" ? word.replace(/(?<=[kmg])(i?b)?$|^b$/, "") : word];
  const value = digits === undefined || factor === undefined ? Number.NaN : Number(digits) * factor;
  if (value >= min && value <= max) return value;
  const wanted = Number.isNaN(value) ? EXPECTED[unit] : `${min} to ${max}${UNIT_WORDS[unit]}`;
  throw new LimitError("INVALID", `limit ${name}: '${text}' is not ${wanted}`);
}

function mapLimits(value: (key: LimitKey) => number): Record<LimitKey, number> {
  const keys = Object.keys(LIMITS) as LimitKey[];
  return Object.fromEntries(keys.map((key) => [key, value(key)])) as Record<LimitKey, number>;
}
