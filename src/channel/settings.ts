// How connections are made and kept, for a listener or for one outgoing connection.
import type { Limits, Version } from "../base/index.js";
import type { CertificateField } from "./certificate-binding.js";
import type { Identity } from "./identity.js";

/** What a peer is waited for: `probe` is the answer of an older connection of the same datapath. */
export type WaitStep = "tls" | "hello" | "features" | "ports" | "probe";

/** Milliseconds that a peer may take for each step. */
export type Timeouts = Readonly<Record<WaitStep, number>>;

/** When a silent peer is asked for a sign of life, and when it is given up. */
export interface KeepaliveSettings {
  /** Milliseconds of silence before an ECHO_REQUEST, and between two; 0 never asks. */
  readonly interval: number;
  /** Unanswered ECHO_REQUESTs, each with its interval, after which the peer is given up. At least 1. */
  readonly count: number;
}

/** What becomes of a second connection of a datapath. See `Datapaths`. */
export const DUPLICATE_POLICIES = ["newest", "oldest", "reject", "probe"] as const;
export type DuplicatePolicy = (typeof DUPLICATE_POLICIES)[number];

/** How connections are made, for a listener or for one outgoing connection. */
export interface ConnectionOptions {
  /** Versions offered, ascending, at least one. */
  readonly versions: readonly Version[];
  /** Ask each switch for its features and ports before it counts as up. */
  readonly features: boolean;
  /** Auxiliary connections may join main connections made under these options. Needs `features`. */
  readonly auxiliary: boolean;
  /** Deliver no messages of another version than the negotiated one. */
  readonly checkVersion: boolean;
  /** Who we are over TLS. Default: no TLS. */
  readonly identity?: Identity | undefined;
  /** Default: the limit of the handshake's time for each step, and PROBE_TIMEOUT. */
  readonly timeouts?: Partial<Timeouts>;
  /** Default: IDLE_TIMEOUT, once. */
  readonly keepalive?: Partial<KeepaliveSettings>;
  /** Default "newest". */
  readonly duplicates?: DuplicatePolicy | undefined;
  /** Where the peer's certificate must have the switch's datapath_id. Needs `features` and an identity that verifies. */
  readonly bindDatapath?: CertificateField | undefined;
}

/** How an outgoing connection is made again when it has failed or ended; milliseconds. */
export interface ReconnectSettings {
  /** Before the first new attempt. */
  readonly min: number;
  /** No wait is longer; each is twice the one before, less a random part. */
  readonly max: number;
}

/** Milliseconds of silence after which a peer is asked whether it is there, with and without a features handshake. */
export const IDLE_TIMEOUT = { features: 10_000, plain: 6000 } as const;

/** Milliseconds in which an older connection must show life to be kept by `probe`. */
export const PROBE_TIMEOUT = 3000;

/** Milliseconds that making a TCP connection may take. */
export const CONNECT_TIMEOUT = 10_000;

/** The time for each step, with defaults for what is not given. */
export function timeoutsOf({ timeouts }: ConnectionOptions, { handshakeTime }: Limits): Timeouts {
  const step = { tls: handshakeTime, hello: handshakeTime, features: handshakeTime, ports: handshakeTime };
  return { ...step, probe: PROBE_TIMEOUT, ...timeouts };
}

/** The keepalive, with defaults for what is not given. */
export function keepaliveOf({ keepalive, features }: ConnectionOptions): KeepaliveSettings {
  return { interval: features ? IDLE_TIMEOUT.features : IDLE_TIMEOUT.plain, count: 1, ...keepalive };
}
