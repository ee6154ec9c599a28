// What comes back on the messages that a client has sent by OFP.SEND_BATCH: ERRORs, until the barrier behind the last one is answered.
import { ChannelError } from "../base/index.js";
import type { Channel } from "../channel/index.js";
import { isReply, type ReplyRule, replyRule } from "../codec/decode.js";
import { makeFrame } from "../codec/encode.js";
import { peekVersion } from "../wire/index.js";
import type { Call } from "./method.js";
import { type ErrorFacts, isError, readError } from "./openflow-error.js";
import { Pending } from "./pending.js";

/** Why nothing is known of a message. NOT_SENT: the switch does not take what it is sent. */
export type Unknown = "TIMEOUT" | "CHANNEL_DOWN" | "NOT_SENT";

/** A message and what became of it. */
export interface BatchEntry {
  readonly channel: Channel;
  /** The message; the number on the wire is written into it. */
  readonly frame: Buffer;
  /** Number that the client has given it; then the one that it is known by. */
  xid: number | undefined;
  error?: ErrorFacts;
  unknown?: Unknown;
}

/** Sends messages, each channel's in their order, and a barrier after the last one of each channel. */
export class BatchCollector {
  readonly #call: Call;
  readonly #entries: readonly BatchEntry[];
  readonly #pending: Pending<undefined>;
  /** Channels whose barrier is not answered yet. */
  readonly #open = new Set<Channel>();

  /** @param timeout  milliseconds until the deadline. Throws RpcError LIMIT when the client waits for too many answers. */
  constructor(call: Call, entries: readonly BatchEntry[], timeout: number) {
    this.#call = call;
    this.#entries = entries;
    this.#pending = new Pending(call, timeout, () => this.#onTimeout());
  }

  /** Resolves when all is known that will be: the entries say it then. */
  get done(): Promise<undefined> {
    return this.#pending.outcome;
  }

  /** Sends all of them. */
  send(): void {
    for (const entry of this.#entries) this.#open.add(entry.channel);
    for (const entry of this.#entries) this.#sendOne(entry);
    for (const channel of [...this.#open]) this.#sendBarrier(channel);
    this.#settle();
  }

  #sendOne(entry: BatchEntry): void {
    const { channel, frame } = entry;
    const wire = this.#pending.claim(channel, entry.xid, frame, {
      onReply: (reply) => this.#onReply(entry, reply),
      onDown: () => this.#close(channel, "CHANNEL_DOWN"),
    });
    entry.xid ??= wire;
    if (!trySend(channel, frame)) entry.unknown = "NOT_SENT";
  }

  #sendBarrier(channel: Channel): void {
    const last = this.#entries.findLast((entry) => entry.channel === channel) as BatchEntry;
    const barrier = makeFrame({ type: "BARRIER_REQUEST" }, { version: peekVersion(last.frame) });
    const rule = replyRule(barrier) as ReplyRule;
    this.#pending.claim(channel, undefined, barrier, {
      onReply: (reply) => {
        if (isReply(reply, rule)) this.#close(channel, undefined);
        else this.#pass(channel, reply);
        return isReply(reply, rule);
      },
      onDown: () => undefined,
    });
    // If it is not sent, ERRORs may come until the deadline all the same.
    trySend(channel, barrier);
  }

  #onReply(entry: BatchEntry, reply: Buffer): boolean {
    if (isError(reply) && entry.error === undefined && this.#open.has(entry.channel)) {
      entry.error = readError(reply);
    } else this.#pass(entry.channel, reply);
    return false;
  }

  /** What is no ERROR is an event of the client. */
  #pass(channel: Channel, reply: Buffer): void {
    this.#call.service.notifier.tell(this.#call.client, channel, reply);
  }

  /** Nothing more will be known of what went to a channel. @param unknown  why not; undefined: what has no ERROR has none */
  #close(channel: Channel, unknown: Unknown | undefined): void {
    if (!this.#open.delete(channel)) return;
    for (const entry of this.#entries) {
      if (unknown !== undefined && entry.channel === channel && entry.error === undefined)
        entry.unknown ??= unknown;
    }
    this.#settle();
  }

  #settle(): void {
    if (this.#open.size > 0 || this.#pending.ended) return;
    this.#pending.settle(undefined);
    this.#pending.abandon();
  }

  #onTimeout(): void {
    for (const channel of [...this.#open]) this.#close(channel, "TIMEOUT");
  }
}

/** False when the switch does not take what it is sent. */
function trySend(channel: Channel, frame: Buffer): boolean {
  try {
    channel.send(frame);
    return true;
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error;
    return false;
  }
}
