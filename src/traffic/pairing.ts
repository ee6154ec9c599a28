// Which message answers which: by transaction id, direction, and what the schema says of replies.
import {
  frameTypeName,
  hasMore,
  isReply,
  mayAnswer,
  onlyAnswers,
  type ReplyRule,
  replyRule,
} from "../codec/decode.js";
import { peekType, peekVersion, peekXid } from "../wire/index.js";
import { type Moment, nanosecondsBetween, type TrafficMessage, type TrafficWay } from "./message.js";
import { PENDING_LIMITS, type PendingLimits, PendingMessages, type Sender, type Sent } from "./pending.js";
import { type ErrorFacts, readErrorFacts } from "./read-error.js";
import { isEvent, opposite, type SideName, senderByPort, senderByType } from "./sender.js";

/** A message that a barrier's reply says is done. */
export interface Covered {
  readonly sent: Sent;
  /** Nanoseconds until the reply of the barrier; undefined where times are not known. */
  readonly latency: number | undefined;
}

/** What is known of a message that answers another. */
export interface Answer {
  readonly request: Sent;
  /** Nanoseconds from the request, or its last part, to this message; undefined where times are not known. */
  readonly latency: number | undefined;
  /** Which part of the reply this is, from 1. */
  readonly part: number;
  /** No part follows. */
  readonly last: boolean;
  /** Of an ERROR: what it says. */
  readonly error: ErrorFacts | undefined;
  /** Of a BARRIER_REPLY: what was sent before the barrier, oldest first. */
  readonly covers: readonly Covered[];
}

/** A message, and what it answers. */
export interface Paired {
  /** Counts all messages, from 1. */
  readonly number: number;
  /** As decoding prints it. */
  readonly type: string;
  readonly answer: Answer | undefined;
  readonly way: TrafficWay;
  /** Which side has sent it; undefined where nothing tells. */
  readonly sender: SideName | undefined;
}

/** Bytes of a request that are kept, at most, to be shown beside an ERROR. */
const FRAME_BYTES = 1024;

/** An ERROR answers anything; its number is the same in all versions. */
const ERROR = 1;

/**
 * Nanoseconds within which several requests of one kind and transaction id are taken for a row of requests, answered in their
 * order. Beyond that the reply belongs to the last one: Open vSwitch numbers all its ECHO_REQUESTs 0, and a capture may
 * lack a reply.
 */
const ROW = 1_000_000_000;

/** Connections that are paired at a time. */
const CONNECTIONS = 16_384;

interface Side extends Sender {
  readonly way: TrafficWay;
  name: SideName | undefined;
}

/** Pairs the messages of all connections that it is shown. Memory is bounded by the limits. */
export class Pairing {
  readonly #pending: PendingMessages;
  readonly #sides = new WeakMap<TrafficWay, Side>();
  /** The sides of connections, those first that were seen first. */
  readonly #connections = new Map<number, Side[]>();
  #count = 0;

  constructor(limits: PendingLimits = PENDING_LIMITS) {
    this.#pending = new PendingMessages(limits);
  }

  /** Requests of which nobody knows whether they were answered, for there were too many. */
  get forgotten(): number {
    return this.#pending.forgotten;
  }

  /** Messages that are kept because they may be answered. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Requests that must be answered and have not been, oldest first. */
  unanswered(): Sent[] {
    return this.#pending.all().filter(({ rule, more }) => rule?.sure === true && !more);
  }

  /** Takes the next message. */
  take(message: TrafficMessage): Paired {
    const { bytes, start, end, way } = message;
    const frame = bytes.subarray(start, end);
    const number = ++this.#count;
    const type = frameTypeName(bytes, start, end);
    const side = this.#sideOf(way);
    if (type === undefined) {
      return { number, type: "_RAW_MESSAGE", answer: undefined, way, sender: side.name };
    }
    const sender = this.#learnSender(frame, side);
    const answer = mayAnswer(frame) ? this.#findAnswer(frame, message, side) : undefined;
    if (answer === undefined && !onlyAnswers(frame) && !isEvent(frame)) {
      this.#remember(frame, number, type, message, side);
    }
    return { number, type, answer, way, sender };
  }

  #sideOf(way: TrafficWay): Side {
    let side = this.#sides.get(way);
    if (side === undefined) {
      side = { way, name: senderByPort(way), byXid: new Map(), uncovered: undefined };
      this.#sides.set(way, side);
    }
    const known = this.#connections.get(way.connId);
    if (known?.includes(side) !== true) {
      this.#connections.set(way.connId, [...(known ?? []), side]);
      const [oldest] = this.#connections.keys();
      if (this.#connections.size > CONNECTIONS && oldest !== undefined) this.#connections.delete(oldest);
    }
    return side;
  }

  /** Who may have sent what a message of this side answers. */
  #peerOf(side: Side): Side | undefined {
    if (side.way.mixed === true) return side;
    return this.#connections.get(side.way.connId)?.find((other) => other !== side);
  }

  #learnSender(frame: Buffer, side: Side): SideName | undefined {
    const name = senderByType(frame);
    if (side.way.mixed === true || name === undefined) return name ?? side.name;
    side.name = name;
    const peer = this.#peerOf(side);
    if (peer !== undefined) peer.name = opposite(name);
    return name;
  }

  #findAnswer(frame: Buffer, at: Moment, side: Side): Answer | undefined {
    const sent = this.#peerOf(side)?.byXid.get(peekXid(frame));
    if (sent === undefined) return undefined;
    return peekType(frame) === ERROR ? this.#takeError(frame, at, sent) : this.#takeReply(frame, at, sent);
  }

  #takeReply(frame: Buffer, at: Moment, sent: readonly Sent[]): Answer | undefined {
    const fitting = sent.filter(({ rule }) => rule !== undefined && isReply(frame, rule));
    const [first, last] = [fitting[0], fitting.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    const request = (nanosecondsBetween(first, last) ?? 0) > ROW ? last : first;
    const part = ++request.parts;
    const isLast = !hasMore(frame, request.rule as ReplyRule);
    const covers = isLast ? this.#settleCovered(request, at) : [];
    if (isLast) this.#pending.settle(request);
    return {
      request,
      latency: nanosecondsBetween(request, at),
      part,
      last: isLast,
      error: undefined,
      covers,
    };
  }

  #settleCovered({ covers }: Sent, at: Moment): Covered[] {
    return Array.from(covers ?? [], (sent) => {
      this.#pending.settle(sent);
      return { sent, latency: nanosecondsBetween(sent, at) };
    });
  }

  #takeError(frame: Buffer, at: Moment, sent: readonly Sent[]): Answer | undefined {
    const error = readErrorFacts(frame);
    // An ERROR holds the start of the message that it is about. Some switches send less.
    const about = error.about === undefined ? undefined : peekType(error.about);
    const fitting = sent.filter(
      ({ header, failed }) => failed === undefined && (about === undefined || header === about),
    );
    const request = fitting.find(({ frame }) => isStartOf(error.about, frame)) ?? fitting[0];
    if (request === undefined) return undefined;
    request.failed = `${error.type}/${error.code}`;
    if (request.rule !== undefined) this.#pending.settle(request);
    return {
      request,
      latency: nanosecondsBetween(request, at),
      part: 1,
      last: true,
      error,
      covers: [],
    };
  }

  #remember(
    frame: Buffer,
    number: number,
    type: string,
    { sec, nsec, way }: TrafficMessage,
    side: Side,
  ): void {
    const rule = replyRule(frame);
    const xid = peekXid(frame);
    const more = rule !== undefined && hasMore(frame, rule);
    const begun = rule?.part === undefined ? undefined : side.byXid.get(xid)?.find((one) => one.more);
    // The parts of a request are one: what is answered is the last of them.
    if (begun !== undefined && begun.rule?.part === rule?.part) this.#pending.settle(begun);
    const isBarrier = type === "BARRIER_REQUEST";
    const covers = isBarrier ? side.uncovered : undefined;
    if (isBarrier) side.uncovered = undefined;
    this.#pending.add(
      {
        number,
        type,
        xid,
        connId: way.connId,
        version: peekVersion(frame),
        header: peekType(frame),
        frame: frame.length > FRAME_BYTES ? undefined : frame.toString("latin1"),
        rule,
        more,
        parts: 0,
        failed: undefined,
        covers,
        sec,
        nsec,
      },
      side,
    );
  }
}

function isStartOf(start: Buffer | undefined, frame: string | undefined): boolean {
  return start !== undefined && frame?.startsWith(start.toString("latin1")) === true;
}
