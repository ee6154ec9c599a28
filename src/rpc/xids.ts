// Whose transaction ids are whose. Several clients send to one switch, each numbering its messages as it likes; answers carry nothing but
// the number. So each number on the way to a switch is noted with its owner; one that another message has already is replaced by a free
// one, and put back in the answer. A switch answers all that came before a barrier before it answers the barrier: then they are forgotten.
import type { Channel } from "../channel/index.js";
import { innerMessage, isLastPart, mayAnswer, messageTypeName, onlyAnswers } from "../codec/decode.js";
import { peekType, peekXid, u32 } from "../wire/index.js";
import type { Client } from "./client.js";

/** Who gets an answer in place of the events. */
export interface ReplyHandler {
  /** An answer, or a part of one. `frame` is valid during the call only. True: it was the last, the number is free. */
  onReply(frame: Buffer, channel: Channel): boolean;
  /** The channel has ended: there will be no answer. */
  onDown(): void;
}

/** Whose a transaction id is. */
export interface Claim {
  readonly client: Client;
  /** The client's own number; undefined: that on the wire. */
  readonly xid: number | undefined;
  readonly handler: ReplyHandler | undefined;
}

/** Numbers that are remembered for each channel, those with a handler apart. The oldest is forgotten first. */
const MAX_REMEMBERED = 4096;

const ERROR = 1;
const EXPERIMENTER = 4;

/** The transaction ids of all channels. */
export class XidTable {
  readonly #channels = new WeakMap<Channel, Map<number, Claim>>();

  /**
   * Numbers a message that goes to a switch, and remembers whose it is.
   * @param xid      number that the client has given it; undefined gives it a free one
   * @param frame    the message; the number is written into it
   * @param handler  who gets the answer; the client gets it as an event when there is none
   * Returns the number on the wire.
   */
  claim(
    channel: Channel,
    client: Client,
    xid: number | undefined,
    frame: Buffer,
    handler?: ReplyHandler,
  ): number {
    // Answers of a client that plays the switch have the number of the question.
    if (xid !== undefined && (xid === 0 || onlyAnswers(frame)) && handler === undefined) return xid;
    const claims = this.#claims(channel);
    const wire =
      xid === undefined || this.#isTaken(claims, xid, client, handler) ? free(channel, claims) : xid;
    if (peekXid(frame) !== wire) stampXid(frame, wire);
    // A number that comes again counts as new.
    claims.delete(wire);
    claims.set(
      wire,
      handler === undefined && (xid === undefined || wire === xid)
        ? client.claim
        : { client, xid: xid ?? wire, handler },
    );
    if (claims.size > MAX_REMEMBERED) forgetOldest(claims);
    return wire;
  }

  /** Whose answer a message of a switch is; undefined when it is no answer, or nobody's. */
  ownerOf(channel: Channel, frame: Buffer): Claim | undefined {
    if (!mayAnswer(frame)) return undefined;
    return this.#channels.get(channel)?.get(peekXid(frame));
  }

  /** To be called when an answer has been dealt with: forgets what will not come any more. */
  settle(channel: Channel, frame: Buffer): void {
    const claims = this.#channels.get(channel);
    if (claims === undefined) return;
    const xid = peekXid(frame);
    const type = peekType(frame);
    if (messageTypeName(frame) === "BARRIER_REPLY") {
      for (const [other, { handler }] of claims) {
        if (handler === undefined || other === xid) claims.delete(other);
        if (other === xid) return;
      }
    } else if (type !== ERROR && type !== EXPERIMENTER && isLastPart(frame)) claims.delete(xid);
  }

  /** Nobody waits for the answer any more: if one comes after all, it becomes an event of the client that has asked. */
  abandon(channel: Channel, wire: number): void {
    const claims = this.#channels.get(channel);
    const claim = claims?.get(wire);
    if (claim !== undefined) claims?.set(wire, { ...claim, handler: undefined });
  }

  /** Gives a number back: there will be no answer, or nobody waits for it any more. */
  release(channel: Channel, wire: number): void {
    this.#channels.get(channel)?.delete(wire);
  }

  /** Tells the handlers of a channel that has ended. */
  down(channel: Channel): void {
    const claims = this.#channels.get(channel);
    this.#channels.delete(channel);
    for (const { handler } of claims?.values() ?? []) handler?.onDown();
  }

  #claims(channel: Channel): Map<number, Claim> {
    let claims = this.#channels.get(channel);
    if (claims === undefined) {
      claims = new Map();
      this.#channels.set(channel, claims);
    }
    return claims;
  }

  #isTaken(
    claims: Map<number, Claim>,
    xid: number,
    client: Client,
    handler: ReplyHandler | undefined,
  ): boolean {
    // Switches number with 0 what nobody has asked for.
    if (xid === 0) return true;
    const claim = claims.get(xid);
    return (
      claim !== undefined && (claim.client !== client || claim.handler !== undefined || handler !== undefined)
    );
  }
}

function free(channel: Channel, claims: Map<number, Claim>): number {
  let xid = channel.nextXid();
  while (claims.has(xid)) xid = channel.nextXid();
  return xid;
}

function forgetOldest(claims: Map<number, Claim>): void {
  for (const [xid, { handler }] of claims) {
    if (handler !== undefined) continue;
    claims.delete(xid);
    return;
  }
}

/** Writes a transaction id into a message, and into the one that it adds to a bundle: both have the same (OF 1.4 §7.3.9.6). */
export function stampXid(frame: Buffer, xid: number): void {
  frame.writeUInt32BE(xid, 4);
  const inner = innerMessage(frame);
  if (inner !== undefined) frame.writeUInt32BE(xid, inner + 4);
}

/**
 * Writes the client's own transaction id into an answer, and into the message that an ERROR repeats. Returns what puts the answer back
 * as it was.
 */
export function unstampXid(frame: Buffer, xid: number): () => void {
  const wire = peekXid(frame);
  const offending = 12;
  const repeats =
    peekType(frame) === ERROR && frame.length >= offending + 8 && u32(frame, offending + 4) === wire;
  const write = (value: number): void => {
    frame.writeUInt32BE(value, 4);
    if (repeats) stampXid(frame.subarray(offending), value);
  };
  write(xid);
  return () => write(wire);
}
