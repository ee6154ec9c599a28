// Messages that may still be answered, of all connections together: no more than a limit, the oldest go first.
import { type Aged, AgeList } from "../base/index.js";
import type { ReplyRule } from "../codec/decode.js";
import type { Moment } from "./message.js";

/** A message that was sent, and what is known of its fate. */
export interface Sent extends Moment {
  /** Counts the messages, from 1. */
  readonly number: number;
  readonly type: string;
  readonly xid: number;
  readonly connId: number;
  /** Wire version. */
  readonly version: number;
  /** The type in its header. */
  readonly header: number;
  /** The bytes, each a character: a buffer takes several times as much. Undefined of long messages. */
  readonly frame: string | undefined;
  /** What answers it; undefined for what only an ERROR answers. */
  readonly rule: ReplyRule | undefined;
  /** A part of a request, and further ones follow. */
  readonly more: boolean;
  /** Parts of the reply that have come. */
  parts: number;
  /** The ERROR that answered it: `BAD_ACTION/OFPBAC_BAD_OUT_PORT`. */
  failed: string | undefined;
  /** Of a BARRIER_REQUEST: what was sent before it, and has no reply of its own. */
  readonly covers: Set<Sent> | undefined;
}

/** What one side of a connection has sent. */
export interface Sender {
  /** By transaction id, oldest first: what an answer may be about. */
  readonly byXid: Map<number, Sent[]>;
  /** Since the last barrier: what has no reply of its own; undefined where there was nothing yet. */
  uncovered: Set<Sent> | undefined;
}

/** How much is kept. */
export interface PendingLimits {
  /** Messages that may still be answered. */
  readonly messages: number;
  /** Bytes of copies of them. */
  readonly bytes: number;
}

/** What is kept unless something else is said. */
export const PENDING_LIMITS: PendingLimits = { messages: 16_384, bytes: 4 * 1024 * 1024 };

/** ECHO_REPLY: HELLO, ERROR and echoes, the types up to this one in all versions, are not what barriers are for. */
const LAST_ECHO = 3;

/**
 * Messages of one sender with the same transaction id that an answer is looked for in, at most; the newest. Some controllers number
 * all their messages 0.
 */
const SAME_XID = 256;

interface Place extends Aged<Place> {
  readonly sent: Sent;
  readonly sender: Sender;
  /** The set that it stands in until a barrier is answered. */
  readonly group: Set<Sent> | undefined;
}

/** Keeps messages until they are settled or too many. */
export class PendingMessages {
  readonly #limits: PendingLimits;
  readonly #places = new Map<Sent, Place>();
  readonly #ages = new AgeList<Place>();
  #bytes = 0;
  /** Requests that were given up, their reply not being there, because there were too many. */
  forgotten = 0;

  constructor(limits: PendingLimits) {
    this.#limits = limits;
  }

  /** Messages that are kept. */
  get size(): number {
    return this.#places.size;
  }

  /** All that are kept, oldest first. */
  all(): Sent[] {
    return Array.from(this.#ages.values(), ({ sent }) => sent);
  }

  /** Keeps a message; older ones may have to go. */
  add(sent: Sent, sender: Sender): void {
    const isCoverable = sent.rule === undefined && sent.header > LAST_ECHO;
    const group = isCoverable ? (sender.uncovered ??= new Set()) : undefined;
    group?.add(sent);
    const place: Place = { sent, sender, group, older: undefined, newer: undefined };
    this.#places.set(sent, place);
    this.#ages.add(place);
    this.#bytes += sent.frame?.length ?? 0;
    const twins = sender.byXid.get(sent.xid);
    if (twins === undefined) sender.byXid.set(sent.xid, [sent]);
    else if (twins.push(sent) > SAME_XID) this.#loseTrack(twins);
    while (this.#places.size > this.#limits.messages || this.#bytes > this.#limits.bytes) {
      const { oldest } = this.#ages;
      if (oldest !== undefined) this.#forget(oldest.sent);
    }
  }

  /** Lets a message go: nothing more will answer it. */
  settle(sent: Sent): void {
    const place = this.#places.get(sent);
    if (place === undefined) return;
    this.#places.delete(sent);
    this.#ages.remove(place);
    this.#bytes -= sent.frame?.length ?? 0;
    place.group?.delete(sent);
    const twins = place.sender.byXid.get(sent.xid) ?? [];
    const i = twins.indexOf(sent);
    if (i >= 0) twins.splice(i, 1);
    if (twins.length === 0) place.sender.byXid.delete(sent.xid);
  }

  /** The oldest of too many with the same id: a barrier may still cover it, but no answer will be found to be about it. */
  #loseTrack(twins: Sent[]): void {
    const oldest = twins.shift();
    if (oldest?.rule !== undefined) this.#forget(oldest);
  }

  #forget(sent: Sent): void {
    if (sent.rule !== undefined) this.forgotten++;
    this.settle(sent);
  }
}
