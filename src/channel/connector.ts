// Makes a connection again and again, until it is told to stop.
import type { Socket } from "node:net";
import { Backoff } from "./backoff.js";
import type { Clock } from "./clock.js";
import { type Endpoint, formatEndpoint } from "./endpoint.js";
import type { CloseCause } from "./reason.js";
import type { ReconnectSettings } from "./settings.js";
import { SystemError } from "./system-error.js";

/** errno ETIMEDOUT. */
const TIMED_OUT = 110;

/** What a connector needs of its owner. */
export interface ConnectorOwner {
  /** Makes a TCP connection. Rejects with SystemError. */
  dial(endpoint: Endpoint): Promise<Socket>;
  /** A connection was made: gives its number. `Connector.ended` is to be called at its end. */
  onSocket(connector: Connector, socket: Socket): number;
  /** An attempt has failed. */
  onAttemptFailed(connector: Connector, cause: CloseCause): void;
}

/** One target, one connection to it at a time. */
export class Connector {
  /** Its own number, which its connections do not share. */
  readonly connId: number;
  readonly remote: Endpoint;
  /** Number of the present connection; 0 while there is none. */
  current = 0;
  /** Attempts so far. */
  attempts = 0;
  readonly #owner: ConnectorOwner;
  readonly #clock: Clock;
  readonly #backoff: Backoff;
  #cancelWait: (() => void) | undefined;
  #stopped = false;

  constructor(
    connId: number,
    remote: Endpoint,
    settings: ReconnectSettings,
    owner: ConnectorOwner,
    clock: Clock,
  ) {
    this.connId = connId;
    this.remote = remote;
    this.#owner = owner;
    this.#clock = clock;
    this.#backoff = new Backoff(settings);
  }

  /** Makes the first attempt. */
  start(): void {
    void this.#attempt();
  }

  /** Makes no more attempts; the present connection stays. */
  stop(): void {
    this.#stopped = true;
    this.#cancelWait?.();
  }

  /** The present connection has ended. @param wasUp  it has been of use */
  ended(wasUp: boolean): void {
    this.current = 0;
    if (wasUp) this.#backoff.reset();
    if (!this.#stopped) this.#wait(this.#backoff.next());
  }

  #wait(ms: number): void {
    this.#cancelWait = this.#clock.after(ms, () => void this.#attempt());
  }

  async #attempt(): Promise<void> {
    this.attempts++;
    let socket: Socket;
    try {
      socket = await this.#owner.dial(this.remote);
    } catch (error) {
      if (!this.#stopped) this.#fail(error as Error);
      return;
    }
    if (this.#stopped) socket.destroy();
    else this.current = this.#owner.onSocket(this, socket);
  }

  #fail(error: Error): void {
    const wait = this.#backoff.next();
    const reason =
      error instanceof SystemError && error.code === TIMED_OUT ? "CONNECT_TIMEOUT" : "CONNECT_FAILED";
    const message = `Connecting to ${formatEndpoint(this.remote)} failed: ${error.message}; trying again in ${(wait / 1000).toFixed(1)} s`;
    this.#owner.onAttemptFailed(this, { reason, message });
    if (!this.#stopped) this.#wait(wait);
  }
}
