// One RPC client, as the rest of the daemon sees it: where replies and events to it go, and what it wants to hear.
import { countLimitHit, type Limits, log } from "../base/index.js";
import type { Channel, Clock } from "../channel/index.js";
import { DIALECTS, type Dialect, type DialectName } from "./dialect/index.js";
import { channelAlert, formatEvent } from "./events.js";
import { Outlet } from "./outlet.js";
import { Subscription } from "./subscription.js";
import { traceRpc } from "./trace.js";
import type { RpcTransport } from "./transport/transport.js";
import type { Claim } from "./xids.js";

/** How a client is connected. */
export type ClientKind = "stdio" | "unix" | "websocket" | "descriptor" | "local";

/** What is known of a client when it comes. */
export interface ClientFacts {
  readonly kind: ClientKind;
  readonly dialect: DialectName;
  /** It may name files of this machine, for it has come from it. */
  readonly files: boolean;
  /** There is no other client and there never will be: it may hold up the switches, before it loses what must not be lost. */
  readonly lone: boolean;
  /** Its address, where it has one: `127.0.0.1:50000`. */
  readonly remote?: string;
}

/** Facts of the client that has started us, over stdin and stdout. */
export const STDIO: ClientFacts = { kind: "stdio", dialect: "classic", files: true, lone: true };

/** Milliseconds between two reports of what a client has missed. */
export const REPORT_INTERVAL = 1000;

/** Why no requests are read: too many wait to be carried out, or too many replies to be read. */
export type HoldReason = "requests" | "replies";

/** What a client needs of the daemon. */
export interface ClientSurroundings {
  readonly clock: Clock;
  /** As of now. */
  readonly limits: () => Limits;
  /** Nothing more can be kept for a lone client, or it can again. */
  readonly onFull: (full: boolean) => void;
}

let lastId = 0;

/** A client. */
export class Client {
  /** Number of the client, never used again. */
  readonly id = ++lastId;
  readonly facts: ClientFacts;
  readonly dialect: Dialect;
  /** As of now. */
  readonly limits: () => Limits;
  /** What it wants to hear. */
  subscription = new Subscription();
  /** Its events have the fields of packets. */
  packets: boolean;
  /** For transaction ids that the client has chosen itself. */
  readonly claim: Claim = { client: this, xid: undefined, handler: undefined };
  /** The client has gone: nothing can be sent to it. */
  gone = false;
  /** What ends each of its requests that wait for answers of switches. */
  readonly pending = new Set<() => void>();
  /** Events that it was sent, PACKET_INs too. */
  events = 0;
  /** Messages of its taps that it has missed. */
  missedByTap = 0;
  readonly #transport: RpcTransport;
  readonly #clock: Clock;
  readonly #outlet: Outlet;
  readonly #reported = { dropped: 0, limited: 0, byTap: 0 };
  #limitedBefore = 0;
  /** Why none of its requests is read now. */
  readonly #holds = new Set<HoldReason>();
  /** Requests whose outcome is known and whose reply is not sent yet. */
  #repliesDue = 0;
  /** A CHANNEL_DOWN that has to come after these replies, and what has to come after that. */
  #afterReplies: (() => void)[] = [];
  #stopReport: (() => void) | undefined;

  constructor(transport: RpcTransport, facts: ClientFacts, { clock, limits, onFull }: ClientSurroundings) {
    this.facts = facts;
    this.dialect = DIALECTS[facts.dialect];
    this.packets = this.dialect.packets;
    this.limits = limits;
    this.#transport = transport;
    this.#clock = clock;
    this.#outlet = new Outlet(transport, limits, (full) => {
      if (!facts.lone) {
        if (full) this.#disconnect();
        return;
      }
      onFull(full);
      // Each request makes one more reply.
      this.hold("replies", full);
    });
  }

  /** Bytes that it has not taken yet. */
  get queuedBytes(): number {
    return this.#outlet.queuedBytes;
  }

  /** PACKET_INs that it has missed because it did not keep up, and those beyond the rate that it has chosen. */
  get missed(): { readonly dropped: number; readonly limited: number } {
    return { dropped: this.#outlet.dropped, limited: this.#limitedBefore + this.subscription.limited };
  }

  /** Replaces what it wants to hear. */
  subscribe(subscription: Subscription): void {
    this.#limitedBefore += this.subscription.limited;
    this.subscription = subscription;
  }

  /** Sends a reply. */
  reply(text: string): void {
    this.#keep(Buffer.from(text));
  }

  /** Reads no more of its requests while there is a reason not to. */
  hold(reason: HoldReason, held: boolean): void {
    if (held) this.#holds.add(reason);
    else this.#holds.delete(reason);
    this.#transport.hold(this.#holds.size > 0);
  }

  /** Sends an event that is not lost, in the client's dialect. */
  event(text: Uint8Array): void {
    this.events++;
    if (this.#afterReplies.length === 0) this.#keep(text);
    else this.#later(text, (copy) => this.#keep(copy));
  }

  /** Sends an event as `event` does, but not before the replies whose outcome is known: they may say why it comes to that. */
  eventAfterReplies(text: Uint8Array): void {
    if (this.#repliesDue === 0) {
      this.event(text);
      return;
    }
    this.events++;
    this.#later(text, (copy) => this.#keep(copy));
  }

  /** To be called when the outcome of a request is known, which is a moment before its reply is there. Gives what is to be called then. */
  replyDue(): () => void {
    this.#repliesDue++;
    return () => {
      if (--this.#repliesDue === 0) this.#sendLate();
    };
  }

  /** Resolves when the replies whose outcome is known are sent, and what has to come after them. */
  repliesSent(): Promise<void> {
    if (this.#repliesDue === 0) return Promise.resolve();
    return new Promise((resolve) => this.#afterReplies.push(resolve));
  }

  #sendLate(): void {
    const waiting = this.#afterReplies;
    this.#afterReplies = [];
    for (const send of waiting) send();
  }

  #later(text: Uint8Array, send: (copy: Uint8Array) => void): void {
    const copy = Uint8Array.from(text);
    this.#afterReplies.push(() => send(copy));
  }

  /** True when a PACKET_IN is wanted and can be sent; otherwise it is counted. To be asked once for each. */
  takesPacketIn(channel: Channel): boolean {
    if (!this.#outlet.takesPacketIn() || !this.subscription.allowsPacketIn(channel, this.#clock.now())) {
      this.#reportLater();
      return false;
    }
    return true;
  }

  /** Sends the event of a PACKET_IN that `takesPacketIn` has allowed. */
  packetIn(text: Uint8Array, channel: Channel): void {
    this.events++;
    if (this.#afterReplies.length === 0) this.#offer(text, channel);
    else this.#later(text, (copy) => this.#offer(copy, channel));
  }

  #offer(text: Uint8Array, channel: Channel): void {
    if (this.gone) return;
    traceRpc("write", text);
    this.#outlet.offer(text, channel.facts.connId);
    if (this.#outlet.dropped !== this.#reported.dropped) this.#reportLater();
  }

  /** Forgets PACKET_INs that wait: their channel has ended, and nothing may follow its end. */
  forget(channel: Channel): void {
    this.#outlet.forget(channel.facts.connId);
    if (this.#outlet.dropped !== this.#reported.dropped) this.#reportLater();
  }

  /** False when a message of its tap need not even be made: the client has so much before it that it misses it, which is counted. */
  takesTapped(): boolean {
    if (this.queuedBytes < this.limits().tapBytes) return true;
    this.missedByTap++;
    countLimitHit("tapBytes");
    this.#reportLater();
    return false;
  }

  /** Sends a message of its tap that `takesTapped` has allowed. */
  tapped(text: Uint8Array): void {
    this.events++;
    this.#transport.send(text);
  }

  /** To be called when it has gone. */
  leave(): void {
    this.gone = true;
    for (const cancel of this.pending) cancel();
    this.#stopReport?.();
    this.#sendLate();
  }

  #keep(text: Uint8Array): void {
    if (this.gone) return;
    traceRpc("write", text);
    this.#outlet.keep(text);
  }

  #disconnect(): void {
    log.warn({ client: this.id, queued_bytes: this.queuedBytes }, "client does not read: disconnected");
    this.#transport.destroy();
  }

  #reportLater(): void {
    this.#stopReport ??= this.#clock.after(REPORT_INTERVAL, () => this.report());
  }

  /** Tells it what it has missed since it was last told. */
  report(): void {
    this.#stopReport?.();
    this.#stopReport = undefined;
    const { dropped, limited } = this.missed;
    const byTap = this.missedByTap;
    const slow = "the client does not read as fast as they come";
    this.#tellMissed("PACKET_INS_DROPPED", "PACKET_IN", dropped, this.#reported.dropped, slow);
    this.#tellMissed("PACKET_IN_RATE", "PACKET_IN", limited, this.#reported.limited, "beyond packet_in_rate");
    this.#tellMissed("TAP_DROPPED", "message", byTap, this.#reported.byTap, slow);
    Object.assign(this.#reported, { dropped, limited, byTap });
  }

  /** @param before  how many of the total it was told of */
  #tellMissed(reason: string, what: string, total: number, before: number, why: string): void {
    const count = total - before;
    if (count === 0) return;
    const message = `${count} ${what}${count === 1 ? "" : "s"} left out: ${why}`;
    if (reason !== "PACKET_IN_RATE")
      log.warn({ client: this.id, count, total, reason }, `client misses ${what}s`);
    const time = { sec: 0, nsec: 0 };
    this.#clock.wall(time);
    const alert = { xid: 0, connId: 0, datapathId: "", message, data: "", reason, facts: { count, total } };
    this.event(formatEvent(this.dialect.name, JSON.stringify(channelAlert(alert, time))));
  }
}
