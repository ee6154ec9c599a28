// Connections whose TLS handshake goes on: channels are made of those that succeed.
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Channel } from "./channel.js";
import type { Connection } from "./channel-listener.js";
import type { ChannelFacts } from "./channel-owner.js";
import type { Clock } from "./clock.js";
import { formatEndpoint } from "./endpoint.js";
import type { Identity, SecureListener } from "./identity.js";
import type { CloseCause } from "./reason.js";
import type { TlsFailure } from "./tls-failure.js";

/** Hears what becomes of a handshake. */
export interface SecuringOutcome {
  /** Makes the channel of what the handshake has secured. */
  onSecure(stream: TLSSocket): Channel;
  /** It has failed, and the connection is gone. @param cause  undefined when a peer came and went without a byte */
  onFailure(connection: Connection, cause: CloseCause | undefined): void;
  /** Its client has closed it, which is no failure. */
  onClosed(): void;
}

/** The handshakes that go on, by number of the connection. */
export class Securing {
  readonly #clock: Clock;
  readonly #connections = new Map<number, Connection>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many there are. */
  get size(): number {
    return this.#connections.size;
  }

  /** All of them, oldest first. */
  values(): Iterable<Connection> {
    return this.#connections.values();
  }

  /** The connection of this number, if its handshake goes on. */
  get(connId: number): Connection | undefined {
    return this.#connections.get(connId);
  }

  /** Begins the handshake on an open connection. */
  begin(socket: Socket, facts: ChannelFacts, identity: Identity, outcome: SecuringOutcome): void {
    const { connId, accepted, timeouts } = facts;
    const close = (): void => {
      if (this.#connections.delete(connId)) outcome.onClosed();
      socket.destroy();
    };
    const connection: Connection = { facts, datapathId: "", auxiliaryId: 0, close };
    this.#connections.set(connId, connection);
    let channel: Channel | undefined;
    const listener: SecureListener = {
      onSecure: (stream) => {
        this.#connections.delete(connId);
        channel = outcome.onSecure(stream);
      },
      onFailure: (failure) => {
        const cause = failure && toCause(facts, failure);
        if (channel === undefined) {
          if (this.#connections.delete(connId)) outcome.onFailure(connection, cause);
        } else if (cause !== undefined) channel.fail(cause);
      },
    };
    if (accepted) identity.accept(socket, this.#clock, listener, timeouts.tls);
    else identity.connect(socket, this.#clock, listener, timeouts.tls);
  }
}

function toCause({ remote }: ChannelFacts, { reason, detail }: TlsFailure): CloseCause {
  return { reason, message: `TLS with ${formatEndpoint(remote)} failed: ${detail}` };
}
