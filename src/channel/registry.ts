// All listeners and connections of the daemon, by number and by datapath.
import type { Server, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { log, type Version } from "../base/index.js";
import {
  type AlertReason,
  Channel,
  type ChannelFacts,
  type ChannelOwner,
  type ChannelPhase,
  type Transport,
} from "./channel.js";
import type { Clock } from "./clock.js";
import { type Endpoint, formatEndpoint } from "./endpoint.js";
import type { Features } from "./handshake.js";
import type { Identity } from "./identity.js";
import { connectTcp, listenerEndpoint, listenTcp, socketEndpoints } from "./listen.js";
import type { TlsFailure } from "./tls-failure.js";

/** How connections are made, for a listener or for one outgoing connection. */
export interface ConnectionOptions {
  /** Versions offered, ascending, at least one. */
  readonly versions: readonly Version[];
  /** Ask each switch for its features and ports before it counts as up. */
  readonly features: boolean;
  /** Auxiliary connections may join main connections made under these options. Needs `features`. */
  readonly auxiliary: boolean;
  /** Refuse messages of another version than the negotiated one. */
  readonly checkVersion: boolean;
  /** Who we are over TLS. Default: no TLS. */
  readonly identity?: Identity | undefined;
}

/** A connection, whether or not its bytes can flow yet. */
export interface Connection {
  readonly facts: ChannelFacts;
  /** "" while unknown. */
  readonly datapathId: string;
  /** Not 0 for an auxiliary connection. */
  readonly auxiliaryId: number;
  /** Closes it in good order. */
  close(): void;
}

/** Hears what happens on the connections of a registry. */
export interface ChannelListener {
  onUp(channel: Channel, features: Features | undefined): void;
  /** `frame` is valid during the call only. */
  onFrame(channel: Channel, frame: Buffer): void;
  /** @param message  for people  @param reason  for programs */
  onAlert(connection: Connection, message: string, data: Uint8Array, reason?: AlertReason): void;
  /** Only for channels of which `onUp` told. Nothing follows for this channel. */
  onDown(channel: Channel): void;
}

/** Listens for connections. */
export interface Listener {
  readonly connId: number;
  readonly local: Endpoint;
  readonly transport: Transport;
  readonly server: Server;
}

type AdoptFacts = ConnectionOptions & { local: Endpoint; remote: Endpoint; connId?: number };

const NO_BYTES = new Uint8Array(0);

/** Milliseconds between two checks of the channels' time limits. */
const TICK = 1000;

/** Listeners and connections, from their making to their end. */
export class Registry implements ChannelOwner {
  /** Sees each message in both directions; set it before connections are made. */
  onTraffic: ChannelOwner["onTraffic"];
  readonly #clock: Clock;
  readonly #audience: ChannelListener;
  readonly #listeners = new Map<number, Listener>();
  readonly #channels = new Map<number, Channel>();
  /** Connections whose TLS handshake goes on. */
  readonly #securing = new Map<number, Connection>();
  /** By datapath id, then by auxiliary id; 0 is the main connection. */
  readonly #datapaths = new Map<string, Map<number, Channel>>();
  readonly #connecting = new Set<Socket>();
  readonly #stopTicking: () => void;
  #lastId = 0;
  #paused = false;
  #closed = false;

  constructor(audience: ChannelListener, clock: Clock) {
    this.#audience = audience;
    this.#clock = clock;
    this.#stopTicking = clock.every(TICK, () => {
      for (const channel of this.#channels.values()) channel.tick();
    });
  }

  /** Opens a listener and gives its connection number. Rejects with SystemError. */
  async listen(endpoint: Endpoint, options: ConnectionOptions): Promise<number> {
    const server = await listenTcp(endpoint, (socket) => {
      this.#begin(socket, { ...socketEndpoints(socket), ...options }, "server");
    });
    const connId = ++this.#lastId;
    const listener = { connId, local: listenerEndpoint(server), transport: transportOf(options), server };
    this.#listeners.set(connId, listener);
    // Accepting can fail later, when there are no more descriptors. The listener goes on.
    server.on("error", (err) => log.error({ err, conn_id: connId }, "accept failed"));
    if (this.#closed) this.#stopListening(listener);
    return connId;
  }

  /**
   * Makes a connection and gives its number; over TLS the handshake is still to come then. Rejects with SystemError;
   * the number is used up then.
   */
  async connect(endpoint: Endpoint, options: ConnectionOptions): Promise<number> {
    const connId = ++this.#lastId;
    const { socket, connected } = connectTcp(endpoint);
    this.#connecting.add(socket);
    try {
      await connected;
    } finally {
      this.#connecting.delete(socket);
    }
    this.#begin(socket, { ...socketEndpoints(socket), ...options, connId }, "client");
    return connId;
  }

  /** Makes a channel of a new connection, after its TLS handshake if there is one. */
  #begin(socket: Socket, options: AdoptFacts, role: "server" | "client"): void {
    const { identity } = options;
    if (identity === undefined) {
      this.adopt(socket, options);
      return;
    }
    const connId = options.connId ?? ++this.#lastId;
    const facts = channelFacts(options, connId);
    this.#securing.set(connId, { facts, datapathId: "", auxiliaryId: 0, close: () => socket.destroy() });
    let channel: Channel | undefined;
    const outcome = {
      onSecure: (stream: Duplex) => {
        this.#securing.delete(connId);
        channel = this.adopt(stream, { ...options, connId });
      },
      onFailure: (failure: TlsFailure | undefined) => {
        const connection = channel ?? this.#securing.get(connId);
        this.#securing.delete(connId);
        if (connection !== undefined && failure !== undefined) this.#onTlsFailure(connection, failure);
      },
    };
    if (role === "server") identity.accept(socket, this.#clock, outcome);
    else identity.connect(socket, this.#clock, outcome);
  }

  #onTlsFailure(connection: Connection, { reason, detail }: TlsFailure): void {
    const message = `TLS with ${formatEndpoint(connection.facts.remote)} failed: ${detail}`;
    if (!this.#closed) this.#audience.onAlert(connection, message, NO_BYTES, reason);
  }

  /** Makes a channel of an open byte stream. Without `connId` it gets the next number. */
  adopt(stream: Duplex, options: AdoptFacts): Channel {
    const connId = options.connId ?? ++this.#lastId;
    const channel = new Channel(stream, channelFacts(options, connId), this, this.#clock);
    this.#channels.set(connId, channel);
    channel.start();
    if (this.#paused) channel.pause();
    return channel;
  }

  /** The listeners, oldest first. */
  listeners(): Iterable<Listener> {
    return this.#listeners.values();
  }

  /** The connections, oldest first; also those that are not up. */
  channels(): Iterable<Channel> {
    return this.#channels.values();
  }

  /** All connections by number, also those in their TLS handshake. */
  connections(): Connection[] {
    const all = [...this.#channels.values(), ...this.#securing.values()];
    return all.sort((a, b) => a.facts.connId - b.facts.connId);
  }

  /** The connection of this number, also in its TLS handshake. */
  connection(connId: number): Connection | undefined {
    return this.#channels.get(connId) ?? this.#securing.get(connId);
  }

  /** The connection of this number, if messages can be sent there. */
  channel(connId: number): Channel | undefined {
    return this.#channels.get(connId);
  }

  /** The main connection of a datapath, or its auxiliary connection of this id. */
  datapath(datapathId: string, auxiliaryId = 0): Channel | undefined {
    return this.#datapaths.get(datapathId)?.get(auxiliaryId);
  }

  /** The listener of this number. */
  listener(connId: number): Listener | undefined {
    return this.#listeners.get(connId);
  }

  /** Accepts no more connections there; those made already stay. */
  closeListener(listener: Listener): void {
    if (this.#listeners.delete(listener.connId)) this.#stopListening(listener);
  }

  #stopListening(listener: Listener): void {
    listener.server.close();
  }

  /** Reads no more from any switch until `resume`: the controller cannot follow. */
  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    for (const channel of this.#channels.values()) channel.pause();
  }

  /** Undoes `pause`. */
  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    for (const channel of this.#channels.values()) channel.resume();
  }

  /** Closes everything. Nobody is told. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopTicking();
    for (const listener of this.#listeners.values()) this.#stopListening(listener);
    this.#listeners.clear();
    for (const socket of this.#connecting) socket.destroy();
    for (const connection of this.#securing.values()) connection.close();
    for (const channel of [...this.#channels.values()]) channel.close(false);
  }

  onIdentity(channel: Channel): boolean {
    const { datapathId, auxiliaryId } = channel;
    const refusal = auxiliaryId === 0 ? undefined : this.#whyNotAuxiliary(datapathId);
    if (refusal !== undefined) {
      this.onAlert(channel, refusal, NO_BYTES);
      return false;
    }
    // The switch has lost the old connection, and knows it, before we do: the newest one counts.
    this.datapath(datapathId, auxiliaryId)?.reset();
    const connections = this.#datapaths.get(datapathId) ?? new Map<number, Channel>();
    this.#datapaths.set(datapathId, connections.set(auxiliaryId, channel));
    return true;
  }

  #whyNotAuxiliary(datapathId: string): string | undefined {
    const main = this.datapath(datapathId);
    if (main === undefined) return `Auxiliary connection refused: no main connection of ${datapathId}`;
    if (!main.facts.auxiliary) return "Auxiliary connection refused: option AUXILIARY is not set";
    return undefined;
  }

  onUp(channel: Channel, features: Features | undefined): void {
    if (channel.droppedEarly > 0) {
      const facts = { conn_id: channel.facts.connId, dropped: channel.droppedEarly };
      log.warn(facts, "messages before the end of the handshake were too many");
    }
    if (!this.#closed) this.#audience.onUp(channel, features);
  }

  onFrame(channel: Channel, frame: Buffer): void {
    if (!this.#closed) this.#audience.onFrame(channel, frame);
  }

  onAlert(channel: Channel, message: string, data: Uint8Array, reason?: AlertReason): void {
    if (!this.#closed) this.#audience.onAlert(channel, message, data, reason);
  }

  onClosed(channel: Channel, before: ChannelPhase): void {
    this.#channels.delete(channel.facts.connId);
    this.#forget(channel);
    if (before === "up" && !this.#closed) this.#audience.onDown(channel);
  }

  #forget(channel: Channel): void {
    const connections = this.#datapaths.get(channel.datapathId);
    if (connections?.get(channel.auxiliaryId) !== channel) return;
    connections.delete(channel.auxiliaryId);
    if (channel.auxiliaryId !== 0) return;
    this.#datapaths.delete(channel.datapathId);
    // Auxiliary connections live and die with the main one (OF 1.3.5 §6.3.5).
    for (const auxiliary of connections.values()) auxiliary.close();
  }
}

function channelFacts(options: AdoptFacts, connId: number): ChannelFacts {
  const { versions, features, checkVersion, auxiliary, local, remote } = options;
  const handshake = { versions, features, checkVersion };
  return { connId, local, remote, transport: transportOf(options), auxiliary, handshake };
}

function transportOf({ identity }: ConnectionOptions): Transport {
  return identity === undefined ? "TCP" : "TLS";
}
