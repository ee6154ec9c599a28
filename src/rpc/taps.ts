// The taps of all clients, between the connections and the clients. While there is none, connections call nobody.
import type { ChannelOwner, Registry } from "../channel/index.js";
import type { Client } from "./client.js";
import type { Tap } from "./tap.js";

/** The clients that see the traffic. */
export class Taps {
  readonly #registry: Pick<Registry, "onTraffic">;
  /** Sees all messages whether there are taps or not. */
  #tracer: ChannelOwner["onTraffic"];
  readonly #taps = new Map<Client, Tap>();

  constructor(registry: Pick<Registry, "onTraffic">, tracer: ChannelOwner["onTraffic"]) {
    this.#registry = registry;
    this.#tracer = tracer;
    this.#hook();
  }

  /** Replaces who sees all messages whether there are taps or not. */
  trace(tracer: ChannelOwner["onTraffic"]): void {
    this.#tracer = tracer;
    this.#hook();
  }

  /** How many there are. */
  get count(): number {
    return this.#taps.size;
  }

  /** Whether a client has one. */
  has(client: Client): boolean {
    return this.#taps.has(client);
  }

  /** Gives a client a tap, in the place of the one that it had. */
  set(client: Client, tap: Tap): void {
    this.#taps.set(client, tap);
    this.#hook();
  }

  /** Takes the tap of a client away, if it has one. */
  remove(client: Client): void {
    this.#taps.delete(client);
    this.#hook();
  }

  #hook(): void {
    const taps = [...this.#taps.values()];
    if (taps.length === 0) {
      this.#registry.onTraffic = this.#tracer;
      return;
    }
    this.#registry.onTraffic = (channel, direction, frame) => {
      this.#tracer?.(channel, direction, frame);
      const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.length);
      const way = direction === "read" ? "FROM_SWITCH" : "TO_SWITCH";
      for (const tap of taps) tap.show(channel, way, bytes);
    };
  }
}
