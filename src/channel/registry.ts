// All listeners and connections of the daemon, by number and by datapath.
import type { Server, Socket } from "node:net";
import type { Duplex } from "node:stream";
import {
  ChannelError,
  countLimitHit,
  DEFAULT_LIMITS,
  LIMITS,
  type LimitKey,
  type Limits,
  log,
} from "../base/index.js";
import { type CertificateNames, certificateNames, whyNotBound } from "./certificate-binding.js";
import { Channel } from "./channel.js";
import type { ChannelListener, Connection } from "./channel-listener.js";
import type { Admission, ChannelFacts, ChannelOwner, ChannelPhase, Transport } from "./channel-owner.js";
import type { Clock } from "./clock.js";
import { Connector, type ConnectorOwner } from "./connector.js";
import type { Counters } from "./counters.js";
import { Datapaths } from "./datapaths.js";
import { type Endpoint, formatEndpoint } from "./endpoint.js";
import type { Features } from "./handshake.js";
import { connectTcp, listenerEndpoint, listenTcp, socketEndpoints } from "./listen.js";
import type { ChannelReason, CloseCause } from "./reason.js";
import { Refusals } from "./refusals.js";
import { Securing } from "./securing.js";
import {
  CONNECT_TIMEOUT,
  type ConnectionOptions,
  keepaliveOf,
  type ReconnectSettings,
  timeoutsOf,
} from "./settings.js";
import { Tally } from "./tally.js";

/** Listens for connections. */
export interface Listener {
  readonly connId: number;
  readonly local: Endpoint;
  readonly transport: Transport;
  readonly server: Server;
  /** Connections that it has accepted and that are still there. */
  connections: number;
}

/** A connector, as others see it. */
export interface ConnectorState {
  readonly connector: Connector;
  readonly transport: Transport;
}

/** What `connect` may be told besides the options of the connection. */
export interface ConnectSettings {
  /** Milliseconds until TCP must be there. Default CONNECT_TIMEOUT. */
  readonly timeout?: number | undefined;
}

type AdoptFacts = ConnectionOptions & {
  local: Endpoint;
  remote: Endpoint;
  connId?: number;
  accepted?: boolean;
  originId?: number;
  certificate?: CertificateNames | undefined;
};

const NO_BYTES = new Uint8Array(0);

/** Milliseconds between two checks of the channels' time limits. */
const TICK = 1000;

const SHUTDOWN: CloseCause = { reason: "SHUTDOWN", message: "the daemon ends" };

/** Listeners and connections, from their making to their end. */
export class Registry implements ChannelOwner {
  /** Sees each message in both directions; may be set at any time. */
  onTraffic: ChannelOwner["onTraffic"];
  /** What there was, in numbers. */
  readonly tally = new Tally();
  readonly #clock: Clock;
  readonly #limits: () => Limits;
  readonly #audience: ChannelListener;
  readonly #listeners = new Map<number, Listener>();
  readonly #connectors = new Map<number, ConnectorState & { readonly options: ConnectionOptions }>();
  readonly #channels = new Map<number, Channel>();
  readonly #securing: Securing;
  readonly #datapaths: Datapaths;
  readonly #refusals: Refusals;
  readonly #connecting = new Set<Socket>();
  readonly #stopTicking: () => void;
  #ticked: number;
  #lastId = 0;
  #paused = false;
  #closed = false;

  /** @param limits  asked whenever they matter, so that they may change */
  constructor(audience: ChannelListener, clock: Clock, limits: () => Limits = () => DEFAULT_LIMITS) {
    this.#audience = audience;
    this.#clock = clock;
    this.#limits = limits;
    this.#datapaths = new Datapaths(clock);
    this.#securing = new Securing(clock);
    this.#refusals = new Refusals(clock, (connId, message) =>
      this.#alertOf(connId, message, "CONNECTION_LIMIT"),
    );
    this.#ticked = clock.now();
    this.#stopTicking = clock.every(TICK, () => this.#tick());
  }

  /** The limits, as of now. */
  get limits(): Limits {
    return this.#limits();
  }

  #tick(): void {
    const now = this.#clock.now();
    // When this process was stopped, what the switches said meanwhile is still to be read.
    const stopped = now - this.#ticked - TICK;
    this.#ticked = now;
    for (const channel of this.#channels.values()) {
      if (stopped > TICK) channel.forgive(stopped);
      channel.tick();
    }
  }

  /** Opens a listener and gives its connection number. Rejects with SystemError, or ChannelError LIMIT. */
  async listen(endpoint: Endpoint, options: ConnectionOptions): Promise<number> {
    this.#checkLimit("listeners", this.#listeners.size);
    let listener: Listener | undefined;
    const server = await listenTcp(endpoint, (socket) => {
      if (listener !== undefined) this.#accept(listener, socket, options);
    });
    const connId = ++this.#lastId;
    const local = listenerEndpoint(server);
    listener = { connId, local, transport: transportOf(options), server, connections: 0 };
    this.#listeners.set(connId, listener);
    log.info({ conn_id: connId, endpoint: formatEndpoint(local) }, "listening for switches");
    // Accepting can fail later, when there are no more descriptors. The listener goes on.
    server.on("error", (err) => log.error({ err, conn_id: connId }, "accept failed"));
    if (this.#closed) this.#stopListening(listener);
    return connId;
  }

  #accept(listener: Listener, socket: Socket, options: ConnectionOptions): void {
    const { connId } = listener;
    const full =
      this.#count >= this.limits.connections
        ? "connections"
        : listener.connections >= this.limits.listenerConnections
          ? "listenerConnections"
          : undefined;
    if (full !== undefined) {
      const from = formatEndpoint(socketEndpoints(socket).remote);
      socket.on("error", () => undefined);
      socket.destroy();
      countLimitHit(full);
      this.tally.failed("CONNECTION_LIMIT");
      this.#refusals.add(connId, from, `there are ${this.limits[full]} already (limit ${LIMITS[full].name})`);
      return;
    }
    listener.connections++;
    socket.once("close", () => listener.connections--);
    this.#begin(socket, { ...socketEndpoints(socket), ...options, originId: connId, accepted: true });
  }

  /** All connections, also those in their TLS handshake. */
  get #count(): number {
    return this.#channels.size + this.#securing.size;
  }

  #checkLimit(key: LimitKey, present: number): void {
    if (present < this.limits[key]) return;
    countLimitHit(key);
    throw new ChannelError("LIMIT", `there are ${present} already (limit ${LIMITS[key].name})`);
  }

  /**
   * Makes a connection and gives its number; over TLS the handshake is still to come then. Rejects with SystemError;
   * the number is used up then. Rejects with ChannelError LIMIT.
   */
  async connect(
    endpoint: Endpoint,
    options: ConnectionOptions,
    { timeout }: ConnectSettings = {},
  ): Promise<number> {
    this.#checkLimit("connections", this.#count);
    const connId = ++this.#lastId;
    const socket = await this.#dial(endpoint, timeout);
    this.#begin(socket, { ...socketEndpoints(socket), ...options, connId });
    return connId;
  }

  /**
   * Makes a connection, and makes it again each time that it fails or ends. Gives the number of the connector: each of
   * its connections has another. Throws ChannelError LIMIT.
   */
  keepConnected(
    endpoint: Endpoint,
    options: ConnectionOptions,
    { timeout, reconnect }: ConnectSettings & { reconnect: ReconnectSettings },
  ): number {
    this.#checkLimit("connections", this.#count + this.#connectors.size);
    const connId = ++this.#lastId;
    const owner: ConnectorOwner = {
      dial: (where) => this.#dial(where, timeout),
      onSocket: (_, socket) => {
        const number = ++this.#lastId;
        const facts = { ...socketEndpoints(socket), ...options, connId: number, originId: connId };
        this.#begin(socket, facts);
        return number;
      },
      onAttemptFailed: (_, { message, reason }) => {
        this.tally.failed(reason);
        this.#alertOf(connId, message, reason);
      },
    };
    const connector = new Connector(connId, endpoint, reconnect, owner, this.#clock);
    this.#connectors.set(connId, { connector, transport: transportOf(options), options });
    connector.start();
    return connId;
  }

  async #dial(endpoint: Endpoint, timeout: number = CONNECT_TIMEOUT): Promise<Socket> {
    const { socket, connected } = connectTcp(endpoint, this.#clock, timeout);
    this.#connecting.add(socket);
    try {
      await connected;
    } finally {
      this.#connecting.delete(socket);
    }
    return socket;
  }

  /** Makes a channel of a new connection, after its TLS handshake if there is one. */
  #begin(socket: Socket, options: AdoptFacts): void {
    const { identity } = options;
    if (identity === undefined) {
      this.adopt(socket, options);
      return;
    }
    const connId = options.connId ?? ++this.#lastId;
    const facts = this.#factsOf(options, connId);
    this.#securing.begin(socket, facts, identity, {
      onSecure: (stream) => {
        const certificate = options.bindDatapath === undefined ? undefined : certificateNames(stream);
        return this.adopt(stream, { ...options, connId, certificate });
      },
      onFailure: (connection, cause) => {
        this.tally.failed(cause?.reason ?? "PEER_CLOSED");
        if (cause !== undefined && !this.#closed)
          this.#audience.onAlert(connection, cause.message, NO_BYTES, cause.reason);
        this.#endOrigin(facts, false);
      },
      onClosed: () => this.#endOrigin(facts, false),
    });
  }

  #endOrigin({ originId }: ChannelFacts, wasUp: boolean): void {
    if (originId !== undefined) this.#connectors.get(originId)?.connector.ended(wasUp);
  }

  /** Makes a channel of an open byte stream. Without `connId` it gets the next number. */
  adopt(stream: Duplex, options: AdoptFacts): Channel {
    const connId = options.connId ?? ++this.#lastId;
    const channel = new Channel(stream, this.#factsOf(options, connId), this, this.#clock);
    this.#channels.set(connId, channel);
    channel.start();
    if (this.#paused) channel.pause();
    return channel;
  }

  #factsOf(options: AdoptFacts, connId: number): ChannelFacts {
    const { versions, features, checkVersion, local, remote, originId, certificate } = options;
    return {
      connId,
      local,
      remote,
      transport: transportOf(options),
      options,
      handshake: { versions, features, checkVersion, maxParts: this.limits.handshakeParts },
      timeouts: timeoutsOf(options, this.limits),
      keepalive: keepaliveOf(options),
      accepted: options.accepted === true,
      originId,
      certificate,
    };
  }

  /** The listeners, oldest first. */
  listeners(): Iterable<Listener> {
    return this.#listeners.values();
  }

  /** What makes connections again, oldest first. */
  connectors(): Iterable<ConnectorState> {
    return this.#connectors.values();
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
    return this.#datapaths.find(datapathId, auxiliaryId);
  }

  /** The listener of this number. */
  listener(connId: number): Listener | undefined {
    return this.#listeners.get(connId);
  }

  /** What makes connections again under this number, or has made this connection. */
  connectorOf(connId: number): Connector | undefined {
    const originId = this.connection(connId)?.facts.originId;
    return this.#connectors.get(originId ?? connId)?.connector;
  }

  /** Counts of all connections there were, by the number of the version; those without one are under 0. */
  totals(): readonly Counters[] {
    return this.tally.totals(this.#channels.values());
  }

  /** Accepts no more connections there; those made already stay. */
  closeListener(listener: Listener): void {
    if (this.#listeners.delete(listener.connId)) this.#stopListening(listener);
  }

  /** Makes no more connections there; the present one stays. */
  closeConnector(connector: Connector): void {
    this.#connectors.delete(connector.connId);
    connector.stop();
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

  /** Closes everything. @param tell  the audience hears of the end of each channel; otherwise of nothing any more */
  close(tell = false): void {
    if (this.#closed) return;
    this.#closed = !tell;
    this.#stopTicking();
    for (const listener of this.#listeners.values()) this.#stopListening(listener);
    this.#listeners.clear();
    for (const { connector } of this.#connectors.values()) connector.stop();
    this.#connectors.clear();
    for (const socket of this.#connecting) socket.destroy();
    for (const connection of this.#securing.values()) connection.close();
    for (const channel of [...this.#channels.values()]) channel.close(SHUTDOWN, false);
    this.#closed = true;
  }

  onIdentity(channel: Channel): Admission {
    const { bindDatapath } = channel.facts.options;
    if (bindDatapath !== undefined) {
      const names = channel.facts.certificate ?? { CN: [], DNS: [], URI: [] };
      const refusal = whyNotBound(bindDatapath, names, channel.datapathId);
      if (refusal !== undefined)
        return { reason: "DATAPATH_NOT_IN_CERTIFICATE", message: `Connection refused: ${refusal}` };
    }
    return this.#datapaths.claim(channel);
  }

  onUp(channel: Channel, features: Features | undefined): void {
    if (!this.#closed) this.#audience.onUp(channel, features);
  }

  onFrame(channel: Channel, frame: Buffer): void {
    if (!this.#closed) this.#audience.onFrame(channel, frame);
  }

  onAlert(channel: Channel, message: string, data: Uint8Array, reason: ChannelReason): void {
    if (!this.#closed) this.#audience.onAlert(channel, message, data, reason);
  }

  onForeign(channel: Channel, message: string, frame: Buffer): void {
    if (!this.#closed) this.#audience.onForeign(channel, message, frame);
  }

  /** An alert about a listener or a connector. */
  #alertOf(connId: number, message: string, reason: ChannelReason): void {
    if (!this.#closed)
      this.#audience.onAlert({ facts: { connId }, datapathId: "" }, message, NO_BYTES, reason);
  }

  onClosed(channel: Channel, before: ChannelPhase, cause: CloseCause): void {
    this.#channels.delete(channel.facts.connId);
    this.tally.ended(channel);
    if (before === "handshake" && cause.reason !== "CLOSED_BY_CLIENT" && cause.reason !== "SHUTDOWN") {
      this.tally.failed(cause.reason);
    }
    if (before === "up" && !this.#closed) this.#audience.onDown(channel, cause);
    if (before === "joined" && !this.#closed) this.#audience.onLeft(channel);
    this.#datapaths.release(channel);
    this.#endOrigin(channel.facts, before !== "handshake");
  }
}

function transportOf({ identity }: ConnectionOptions): Transport {
  return identity === undefined ? "TCP" : "TLS";
}
