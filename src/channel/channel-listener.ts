// Who hears what happens on connections.
import type { Channel } from "./channel.js";
import type { ChannelFacts } from "./channel-owner.js";
import type { Features } from "./handshake.js";
import type { ChannelReason, CloseCause } from "./reason.js";

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
