// All listeners and connections of the daemon, by number and by datapath.
import type { Server, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
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
import {
  type Admission,
  Channel,
  type ChannelFacts,
  type ChannelOwner,
  type ChannelPhase,
  type Transport,
} from "./channel.js";
import type { Clock } from "./clock.js";
import { Connector, type ConnectorOwner } from "./connector.js";
import { Counters } from "./counters.js";
import { Datapaths } from "./datapaths.js";
import { type Endpoint, formatEndpoint } from "./endpoint.js";
import type { Features } from "./handshake.js";
import { connectTcp, listenerEndpoint, listenTcp, socketEndpoints } from "./listen.js";
import type { ChannelReason, CloseCause } from "./reason.js";
import { Refusals } from "./refusals.js";
import {
  CONNECT_TIMEOUT,
  type ConnectionOptions,
  keepaliveOf,
  type ReconnectSettings,
  timeoutsOf,
} from "./settings.js";
import type { TlsFailure } from "./tls-failure.js";

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

/** What an alert is about: a connection, or a listener or connector, which have no datapath. */
export interface AlertSubject {
  readonly facts: { readonly connId: number };
  /** "" while unknown. */
  readonly datapathId: string;
}

/** Hears what happens on the connections of a registry. */
export interface ChannelListener {
  onUp(channel: Channel, features: Features | undefined): void;
  /** `frame` is valid during the call only. */
  onFrame(channel: Channel, frame: Buffer): void;
  /** @param message  for people  @param reason  for programs */
  onAlert(subject: AlertSubject, message: string, data: Uint8Array, reason: ChannelReason): void;
  /** A message of another version than the one that was agreed on. `frame` is valid during the call only. */
  onForeign(channel: Channel, message: string, frame: Buffer): void;
  /** Only for channels of which `onUp` told. Nothing follows for this channel. @param cause  why it ended */
  onDown(channel: Channel, cause: CloseCause): void;
  /** An auxiliary connection has ended, of which nobody is told. Nothing follows for it. */
  onLeft(channel: Channel): void;
}

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

/** Versions on the wire, 0 for what no version was agreed on. */
const VERSIONS = 7;

/** Listeners and connections, from their making to their end. */
export class Registry implements ChannelOwner {
  /** Sees each message in both directions; may be set at any time. */
  onTraffic: ChannelOwner["onTraffic"];
  /** Handshakes that failed, TLS included, by reason. */
  readonly handshakeFailures: Partial<Record<ChannelReason, number>> = {};
  /** Connections that came up, auxiliary ones not counted, and those of them that have ended. */
  channelsUp = 0;
  channelsDown = 0;
  readonly #clock: Clock;
  readonly #limits: () => Limits;
  readonly #audience: ChannelListener;
  readonly #listeners = new Map<number, Listener>();
  readonly #connectors = new Map<number, ConnectorState & { readonly options: ConnectionOptions }>();
  readonly #channels = new Map<number, Channel>();
  /** Connections whose TLS handshake goes on. */
  readonly #securing = new Map<number, Connection>();
  readonly #datapaths: Datapaths;
  readonly #refusals: Refusals;
  readonly #connecting = new Set<Socket>();
  readonly #stopTicking: () => void;
  /** Of the connections that have ended, by version. */
  readonly #ended = Array.from({ length: VERSIONS }, () => new Counters());
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
      this.#countFailure("CONNECTION_LIMIT");
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
        this.#countFailure(reason);
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
    const close = (): void => {
      // What is closed by its client has not failed.
      if (this.#securing.delete(connId)) this.#endOrigin(facts, false);
      socket.destroy();
    };
    this.#securing.set(connId, { facts, datapathId: "", auxiliaryId: 0, close });
    let channel: Channel | undefined;
    const outcome = {
      onSecure: (stream: TLSSocket) => {
        this.#securing.delete(connId);
        const certificate = options.bindDatapath === undefined ? undefined : certificateNames(stream);
        channel = this.adopt(stream, { ...options, connId, certificate });
      },
      onFailure: (failure: TlsFailure | undefined) => {
        const cause = failure && toCause(facts, failure);
        if (channel === undefined) this.#endSecuring(connId, cause);
        else if (cause !== undefined) channel.fail(cause);
      },
    };
    const { tls } = facts.timeouts;
    if (facts.accepted) identity.accept(socket, this.#clock, outcome, tls);
    else identity.connect(socket, this.#clock, outcome, tls);
  }

  /** @param cause  undefined when a peer came and went without a byte */
  #endSecuring(connId: number, cause: CloseCause | undefined): void {
    const connection = this.#securing.get(connId);
    if (connection === undefined) return;
    this.#securing.delete(connId);
    this.#countFailure(cause?.reason ?? "PEER_CLOSED");
    if (cause !== undefined && !this.#closed)
      this.#audience.onAlert(connection, cause.message, NO_BYTES, cause.reason);
    this.#endOrigin(connection.facts, false);
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
    const totals = Array.from({ length: VERSIONS }, () => new Counters());
    for (const [version, ended] of this.#ended.entries()) totals[version]?.add(ended);
    for (const { version, counters } of this.#channels.values()) totals[version]?.add(counters);
    return totals;
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
    this.channelsUp++;
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
    this.#ended[channel.version]?.add(channel.counters);
    if (before === "handshake" && cause.reason !== "CLOSED_BY_CLIENT" && cause.reason !== "SHUTDOWN") {
      this.#countFailure(cause.reason);
    }
    if (before === "up") {
      this.channelsDown++;
      if (!this.#closed) this.#audience.onDown(channel, cause);
    }
    if (before === "joined" && !this.#closed) this.#audience.onLeft(channel);
    this.#datapaths.release(channel);
    this.#endOrigin(channel.facts, before !== "handshake");
  }

  #countFailure(reason: ChannelReason): void {
    this.handshakeFailures[reason] = (this.handshakeFailures[reason] ?? 0) + 1;
  }
}

function transportOf({ identity }: ConnectionOptions): Transport {
  return identity === undefined ? "TCP" : "TLS";
}

function toCause({ remote }: ChannelFacts, { reason, detail }: TlsFailure): CloseCause {
  return { reason, message: `TLS with ${formatEndpoint(remote)} failed: ${detail}` };
}
