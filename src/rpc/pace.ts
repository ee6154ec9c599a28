// Keeps events at the pace of those who read them, in bounded memory.
//
//   ready --BUSY_BYTES unsent--> behind --SLOW_BYTES unsent, or no byte taken for a while--> slow
//     ^                            |                                                          |
//     +---------- all taken -------+----------------------------------------------------------+
//
// While every client is behind, switches are not read: TCP holds them back, and nothing is lost. A client that is
// slow no longer counts: switches are read without regard to it, and it misses PACKET_INs, which a network makes
// most of and can repeat. At FULL_BYTES it stops everything after all, for then it is not PACKET_INs that it fails to take.
import { log } from "../base/index.js";
import type { Clock } from "../channel/index.js";
import { FULL_BYTES, type RpcTransport } from "./transport/transport.js";

/** Unsent bytes above which a client is slow. */
export const SLOW_BYTES = 16 << 20;

/** Milliseconds without a byte taken after which a client is slow. */
export const STALL_TIME = 1000;

/** What can be stopped when nobody takes what it makes. */
export interface Source {
  pause(): void;
  resume(): void;
}

interface Client {
  readonly transport: RpcTransport;
  state: "ready" | "behind" | "slow";
  /** Unsent bytes when they were last looked at. */
  unsent: number;
  /** PACKET_INs that it has missed. */
  dropped: number;
}

/** The clients that hear events, and how they keep up. */
export class Pace {
  readonly #clock: Clock;
  readonly #clients = new Map<RpcTransport, Client>();
  #source: Source | undefined;
  #stopWatch: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Names what is paused while the clients cannot follow. */
  watch(source: Source): void {
    this.#source = source;
  }

  /** Adds a client. */
  add(transport: RpcTransport): void {
    this.#clients.set(transport, { transport, state: "ready", unsent: 0, dropped: 0 });
  }

  /** Forgets a client. */
  remove(transport: RpcTransport): void {
    this.#clients.delete(transport);
    this.#balance();
  }

  /** PACKET_INs that this client has missed because it was slow. */
  dropped(transport: RpcTransport): number {
    return this.#clients.get(transport)?.dropped ?? 0;
  }

  /** False when a PACKET_IN need not be made, for all clients would miss it; it counts as missed then. */
  wantsPacketIn(): boolean {
    for (const { state } of this.#clients.values()) if (state !== "slow") return true;
    for (const client of this.#clients.values()) client.dropped++;
    return false;
  }

  /** Sends an event to each client; a PACKET_IN not to those that are slow. */
  send(text: Uint8Array, packetIn: boolean): void {
    for (const client of this.#clients.values()) {
      if (packetIn && client.state === "slow") client.dropped++;
      else if (!client.transport.send(text)) this.#onBusy(client);
    }
  }

  #onBusy(client: Client): void {
    const { transport } = client;
    const { queuedBytes } = transport;
    if (client.state === "ready") {
      client.state = "behind";
      client.unsent = queuedBytes;
      transport.onDrain(() => this.#onCaughtUp(client));
      this.#balance();
    }
    if (client.state === "behind" && queuedBytes > SLOW_BYTES) this.#slowDown(client);
    else if (queuedBytes > FULL_BYTES) this.#balance();
  }

  #onCaughtUp(client: Client): void {
    if (client.state === "slow") log.warn({ dropped: client.dropped }, "client keeps up again");
    client.state = "ready";
    this.#balance();
  }

  #slowDown(client: Client): void {
    client.state = "slow";
    log.warn({ queued_bytes: client.transport.queuedBytes }, "client is slow and misses PACKET_INs");
    this.#balance();
  }

  #balance(): void {
    const behind = this.#isEveryoneBehind();
    if (behind || this.#isAnyoneFull()) this.#source?.pause();
    else this.#source?.resume();
    if (behind) this.#stopWatch ??= this.#clock.every(STALL_TIME, () => this.#findStalled());
    else {
      this.#stopWatch?.();
      this.#stopWatch = undefined;
    }
  }

  #isEveryoneBehind(): boolean {
    let behind = false;
    for (const { state } of this.#clients.values()) {
      if (state === "ready") return false;
      if (state === "behind") behind = true;
    }
    return behind;
  }

  #isAnyoneFull(): boolean {
    for (const { transport } of this.#clients.values()) if (transport.queuedBytes > FULL_BYTES) return true;
    return false;
  }

  #findStalled(): void {
    for (const client of this.#clients.values()) {
      if (client.state !== "behind") continue;
      const { queuedBytes } = client.transport;
      if (queuedBytes >= client.unsent) this.#slowDown(client);
      else client.unsent = queuedBytes;
    }
  }
}
