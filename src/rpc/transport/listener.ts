// What listeners of all kinds have in common.
import { countLimitHit, type Limits, log } from "../../base/index.js";
import type { Clock } from "../../channel/index.js";
import type { ClientFacts } from "../client.js";
import type { EndpointError } from "./endpoint-error.js";
import type { RpcTransport } from "./transport.js";

/** What a listener knows of a client. Whether it is the only one, only the daemon knows. */
export interface PeerFacts extends Omit<ClientFacts, "lone"> {
  /** The endpoint over which it came, without options. */
  readonly endpoint: string;
}

/** What a listener needs. */
export interface ListenOptions {
  readonly clock: Clock;
  readonly limits: () => Limits;
  /** How many clients there are, over all listeners. More than the limit are refused. */
  readonly clients: () => number;
  /** Gets each client. The transport is not started, and is the callee's to close. */
  readonly onClient: (transport: RpcTransport, facts: PeerFacts) => void;
}

/** Somewhere clients can come. */
export interface RpcListener {
  /** The endpoint, without options; the real port where 0 was asked for. */
  readonly local: string;
  /** More clients may come; otherwise there was one, and that was all. */
  readonly lasting: boolean;
  /** Reads certificates, keys and tokens anew, for clients to come; gives what went wrong. What failed stays as it was. */
  reload(): readonly EndpointError[];
  /** Lets no more clients in, and removes what was made for them. Those that are there stay. */
  close(): void;
}

/** True when one more client may come; otherwise it is logged and counted. */
export function admits({ limits, clients }: ListenOptions, endpoint: string): boolean {
  const limit = limits().clients;
  if (clients() < limit) return true;
  countLimitHit("clients");
  log.warn({ endpoint, limit }, "RPC client refused: there are too many");
  return false;
}
