// What a method of the RPC interface is.
import type { Limits } from "../base/index.js";
import type { Clock, Identities, Registry } from "../channel/index.js";
import type { Client } from "./client.js";
import type { RpcMethods } from "./gen/types.js";
import type { Notifier } from "./notify.js";
import type { RawJson } from "./raw-json.js";
import type { Request } from "./request.js";
import type { RequestCounts } from "./request-counts.js";
import type { Taps } from "./taps.js";

/** What methods work on. */
export interface Service {
  readonly registry: Registry;
  /** Who we can be over TLS. */
  readonly identities: Identities;
  readonly notifier: Notifier;
  /** Who sees the traffic. */
  readonly taps: Taps;
  /** How many requests there were. */
  readonly requests: RequestCounts;
  readonly clock: Clock;
  /** What peers may make the daemon hold, as of now. */
  readonly limits: () => Limits;
  /** Version of the program. */
  readonly softwareDescription: string;
}

/** One request being carried out. */
export interface Call {
  readonly service: Service;
  /** Who asks. */
  readonly client: Client;
  readonly request: Request;
  /** Runs `run` when the reply is on its way: for what the client must hear of after it. */
  afterReply(run: () => void): void;
}

/** What a method gives, as the schema of the interface has it, or the same as JSON text. */
type Result<N extends keyof RpcMethods> = RpcMethods[N]["result"] | RawJson;

/** A method. */
export interface RpcMethod<N extends keyof RpcMethods = keyof RpcMethods> {
  readonly name: N;
  /** Requests that follow need not wait for this one: it takes as long as the network does. */
  readonly concurrent?: true;
  /**
   * Carries it out; the result must fit JSON.stringify, or be a RawJson. Undefined where nobody asks for it.
   * Throws RequestError for what is wrong in the request, RpcError or SystemError for what failed.
   */
  run(params: unknown, call: Call): Result<N> | Promise<Result<N>> | undefined;
}
