// What a channel is told when it starts, and what it tells its owner.
import type { Limits } from "../base/index.js";
import type { CertificateNames } from "./certificate-binding.js";
import type { Channel } from "./channel.js";
import type { Endpoint } from "./endpoint.js";
import type { Features, HandshakeOptions } from "./handshake.js";
import type { ChannelReason, CloseCause } from "./reason.js";
import type { ConnectionOptions, KeepaliveSettings, Timeouts } from "./settings.js";

/** What carries a connection. */
export type Transport = "TCP" | "TLS";

/** What is known of a connection when it starts. */
export interface ChannelFacts {
  /** Number of the connection, never used again. */
  readonly connId: number;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly transport: Transport;
  /** Who asked for it, and how it shall be made. */
  readonly options: ConnectionOptions;
  readonly handshake: HandshakeOptions;
  readonly timeouts: Timeouts;
  readonly keepalive: KeepaliveSettings;
  /** The peer has connected to us; it may be a probe of our port, which says nothing. */
  readonly accepted: boolean;
  /** Number of the listener that has accepted it, or of the connector that makes it again. */
  readonly originId?: number | undefined;
  /** Names in the peer's certificate, where they are compared. */
  readonly certificate?: CertificateNames | undefined;
}

/** What a channel is good for. `up` and `joined` (an auxiliary connection) carry messages. */
export type ChannelPhase = "handshake" | "up" | "joined" | "closed";

/** What is said to a switch that has told who it is. "wait": `admit` or `fail` will follow. */
export type Admission = "admit" | "wait" | CloseCause;

/** The owner of channels, told what happens to them. It may close channels from each of these calls. */
export interface ChannelOwner {
  /** What all channels may use; read whenever it matters. */
  readonly limits: Limits;
  /**
   * The switch has said who it is; the channel has its identity already. A cause refuses it.
   * An auxiliary connection (`channel.auxiliaryId` not 0) counts as up without further notice.
   */
  onIdentity(channel: Channel): Admission;
  /** The channel is up; `features` where they were asked for. Never for auxiliary connections. */
  onUp(channel: Channel, features: Features | undefined): void;
  /** A message of the switch. `frame` is valid during the call only; `channel.envelope` tells when it came. */
  onFrame(channel: Channel, frame: Buffer): void;
  /**
   * Something went wrong. Never comes after `onClosed`.
   * @param message  for people  @param data  the bytes that it is about, if any  @param reason  for programs
   */
  onAlert(channel: Channel, message: string, data: Uint8Array, reason: ChannelReason): void;
  /** A message has another version than the one that was agreed on: it goes nowhere else. @param message  for people */
  onForeign(channel: Channel, message: string, frame: Buffer): void;
  /** Each message in both directions, those of the handshake and echoes too. Costs nothing when it is undefined. */
  onTraffic?: ((channel: Channel, direction: "read" | "write", frame: Uint8Array) => void) | undefined;
  /** The last call for a channel. @param before  its phase until now  @param cause  why it ended */
  onClosed(channel: Channel, before: ChannelPhase, cause: CloseCause): void;
}
