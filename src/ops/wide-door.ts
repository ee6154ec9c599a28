// Endpoints for any number of clients, which come and go while the daemon stays.
import { log } from "../base/index.js";
import {
  listenRpc,
  type PeerFacts,
  parseRpcEndpoint,
  type RpcListener,
  type RpcTransport,
} from "../rpc/index.js";
import { sayGoodbye } from "./goodbye.js";
import type { Inside, RpcDoor } from "./rpc-door.js";
import type { SettingValues } from "./settings.js";

/** Milliseconds that a client which has ended its side has to read what is queued for it. */
const LINGER = 30_000;

/** Opens the endpoints of --listen. Rejects with EndpointError; none is open then. */
export async function openWideDoor(values: SettingValues, inside: Inside): Promise<RpcDoor> {
  const door = new WideDoor(inside, values.listen.length === 1);
  try {
    for (const text of values.listen) {
      const defaults = { dialect: values.dialect, "token-file": values["token-file"] };
      await door.open(parseRpcEndpoint(text, "listen", defaults));
    }
  } catch (error) {
    await door.close(0);
    throw error;
  }
  door.opened();
  return door;
}

class WideDoor implements RpcDoor {
  readonly #inside: Inside;
  readonly #single: boolean;
  readonly #listeners: RpcListener[] = [];
  readonly #transports = new Set<RpcTransport>();
  readonly ended: Promise<void>;
  #end: () => void = () => undefined;
  /** Clients that are served. */
  #served = 0;
  /** Everything is open, and nobody new will come. */
  #final = false;

  /** @param single  there is one endpoint only */
  constructor(inside: Inside, single: boolean) {
    this.#inside = inside;
    this.#single = single;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  async open(endpoint: Parameters<typeof listenRpc>[0]): Promise<void> {
    const { clock, limits } = this.#inside;
    const listener = await listenRpc(endpoint, {
      clock,
      limits,
      clients: () => this.#transports.size,
      onClient: (transport, facts) => void this.#serve(transport, facts),
    });
    this.#listeners.push(listener);
    if (listener.lasting) log.info({ endpoint: listener.local }, "serving RPC clients");
  }

  /** Endpoints that are for one client only (stdio, a connection that was inherited) end with it, and with the last the daemon. */
  opened(): void {
    this.#final = !this.#listeners.some(({ lasting }) => lasting);
    this.#endIfEmpty();
  }

  reload(): boolean {
    const faults = this.#listeners.flatMap((listener) => listener.reload());
    for (const err of faults) log.error({ err }, "certificate or token not reloaded: the old one stays");
    return faults.length === 0;
  }

  async close(patience: number): Promise<void> {
    for (const listener of this.#listeners) listener.close();
    await sayGoodbye([...this.#transports], this.#inside.clock, patience);
  }

  async #serve(transport: RpcTransport, facts: PeerFacts): Promise<void> {
    this.#transports.add(transport);
    void transport.closed.then(() => this.#transports.delete(transport));
    this.#served++;
    await this.#inside.gateway.serve(transport, { ...facts, lone: this.#single && facts.kind === "stdio" });
    this.#served--;
    this.#endIfEmpty();
    await sayGoodbye([transport], this.#inside.clock, LINGER);
  }

  #endIfEmpty(): void {
    if (this.#final && this.#served === 0) this.#end();
  }
}
