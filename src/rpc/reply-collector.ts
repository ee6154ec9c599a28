// What comes back on one message that a client has sent by OFP.REQUEST: the reply, all its parts, an ERROR, or nothing in time.
import { ChannelError, DecodeError, RpcError } from "../base/index.js";
import type { Channel } from "../channel/index.js";
import {
  decodeMessage,
  decodeToText,
  hasMore,
  isReply,
  messageTypeName,
  type ReplyRule,
  replyRule,
} from "../codec/decode.js";
import { makeFrame } from "../codec/encode.js";
import { formatHex, Text } from "../text/index.js";
import { peekVersion, peekXid } from "../wire/index.js";
import { limitReached, RequestError, RPC } from "./errors.js";
import type { PartsChoice } from "./gen/types.js";
import type { Call } from "./method.js";
import { type ErrorFacts, isError, readError } from "./openflow-error.js";
import { PartJoiner } from "./part-joiner.js";
import { Pending } from "./pending.js";
import { RawJson } from "./raw-json.js";
import { type ReplyHandler, stampXid } from "./xids.js";

/** What a client asks of a switch. */
export interface Question {
  readonly channel: Channel;
  /** The message; the number on the wire is written into it. */
  readonly frame: Buffer;
  /** Number that the client has given it. */
  readonly xid: number | undefined;
  readonly parts: PartsChoice;
  /** Milliseconds until the deadline. */
  readonly timeout: number;
}

/** What came of it. */
export type Answer =
  | { readonly reply: RawJson | { readonly xid: number; readonly parts: number } }
  | { readonly error: ErrorFacts };

/** Decoding is synchronous, so one text serves all. */
const scratch: Text = new Text(1 << 16);

/** Sends a message and gathers what comes back. */
export class ReplyCollector implements ReplyHandler {
  readonly #question: Question;
  readonly #call: Call;
  readonly #pending: Pending<Answer>;
  /** What answers the message; undefined: nothing but the barrier that is sent after it. */
  readonly #rule: ReplyRule | undefined;
  readonly #barrier: Buffer | undefined;
  readonly #barrierRule: ReplyRule | undefined;
  readonly #wire: number;
  /** The message as the client knows it. */
  readonly #asked: Buffer;
  #joiner = new PartJoiner();
  #parts = 0;
  /** Answers that will come. */
  #awaitsReply: boolean;
  #awaitsBarrier: boolean;

  /** Numbers the message. Throws RpcError LIMIT when the client waits for too many answers. */
  constructor(call: Call, question: Question) {
    const { channel, frame, xid, timeout } = question;
    this.#call = call;
    this.#question = question;
    this.#rule = replyRule(frame);
    this.#awaitsReply = this.#rule?.sure === true;
    this.#awaitsBarrier = !this.#awaitsReply;
    this.#pending = new Pending<Answer>(call, timeout, () => this.#onTimeout());
    this.#wire = this.#pending.claim(channel, xid, frame, this);
    this.#asked = Buffer.from(frame);
    if (xid !== undefined) stampXid(this.#asked, xid);
    if (!this.#awaitsBarrier) return;
    this.#barrier = makeFrame({ type: "BARRIER_REQUEST", xid: this.#wire }, { version: peekVersion(frame) });
    this.#barrierRule = replyRule(this.#barrier);
  }

  /** Sends the message, and the barrier that says when there will be no ERROR any more. */
  send(): void {
    const { channel, frame } = this.#question;
    try {
      channel.send(frame);
      if (this.#barrier !== undefined) channel.send(this.#barrier);
    } catch (error) {
      if (!(error instanceof ChannelError)) throw error;
      this.#pending.fail(new RpcError(RPC.NO_BUFFERS, error.message), true);
    }
  }

  /** Rejects with RpcError: TIMEOUT, CHANNEL_DOWN, LIMIT, NO_BUFFERS, or a reply that cannot be decoded or joined. */
  get answer(): Promise<Answer> {
    return this.#pending.outcome;
  }

  onReply(frame: Buffer): boolean {
    if (isError(frame)) this.#onError(frame);
    else if (this.#rule !== undefined && isReply(frame, this.#rule)) this.#onPart(frame, this.#rule);
    else if (this.#barrierRule !== undefined && isReply(frame, this.#barrierRule)) this.#onBarrier(frame);
    else this.#pass(frame);
    return !this.#awaitsBarrier && !this.#awaitsReply;
  }

  onDown(): void {
    const what = `the channel ended before it had answered ${this.#name}`;
    if (!this.#pending.ended) this.#fail(RPC.CHANNEL_DOWN, "CHANNEL_DOWN", what);
  }

  #onError(frame: Buffer): void {
    this.#awaitsReply = false;
    if (this.#pending.ended) this.#pass(frame);
    else this.#pending.settle({ error: readError(frame) });
  }

  #onPart(frame: Buffer, rule: ReplyRule): void {
    const more = hasMore(frame, rule);
    this.#awaitsReply = more;
    if (!this.#pending.ended) this.#take(frame, more);
  }

  #onBarrier(frame: Buffer): void {
    this.#awaitsBarrier = false;
    if (!this.#pending.ended) this.#take(frame, false);
  }

  #take(frame: Buffer, more: boolean): void {
    this.#parts++;
    if (this.#question.parts === "EVENTS") this.#tellPart(frame, more);
    else this.#join(frame, more);
  }

  #tellPart(frame: Buffer, more: boolean): void {
    this.#pass(frame);
    if (!more) this.#pending.settle({ reply: { xid: peekXid(frame), parts: this.#parts } });
  }

  #join(frame: Buffer, more: boolean): void {
    const text = this.#textOf(frame);
    if (text === undefined) return;
    const joiner = this.#joiner;
    joiner.add(text);
    const { multipartBytes, multipartParts } = this.#call.service.limits();
    const type = messageTypeName(frame);
    if (joiner.length > multipartBytes) {
      const what = `${type} is longer than ${multipartBytes} bytes of text`;
      this.#refuse(limitReached("multipartBytes", what, this.facts));
    } else if (more && this.#parts >= multipartParts) {
      const what = `${type} has more than ${multipartParts} parts`;
      this.#refuse(limitReached("multipartParts", what, this.facts));
    } else if (!more) this.#finish(text, type);
  }

  /** The reply is too long. What is left of it concerns nobody, and what came of it is forgotten. */
  #refuse(error: RpcError): void {
    this.#joiner = new PartJoiner();
    this.#pending.fail(error, false);
  }

  #finish(last: string, type: string | undefined): void {
    const whole = this.#joiner.finish(last);
    if (whole !== undefined) {
      this.#pending.settle({ reply: new RawJson(whole) });
      return;
    }
    const what = `${type} came in ${this.#parts} parts, whose contents are no lists: ask for EVENTS`;
    this.#pending.fail(new RequestError(["params"], what, { reason: "PARTS" }), false);
  }

  /** Undefined when it cannot be decoded, which ends the request. */
  #textOf(frame: Buffer): string | undefined {
    try {
      scratch.discard();
      decodeMessage(frame, scratch, this.#question.channel.envelope);
      return scratch.takeString();
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      const facts = { code: "DECODE_FAILED", ...this.facts, data: formatHex(frame) };
      this.#pending.fail(new RpcError(RPC.INTERNAL, `DECODE FAILED: ${error.message}`, facts), true);
      return undefined;
    }
  }

  /** Answers that are none of this request's become events of its client. */
  #pass(frame: Buffer): void {
    this.#call.service.notifier.tell(this.#call.client, this.#question.channel, frame);
  }

  #onTimeout(): void {
    const parts = this.#parts;
    const came = parts === 0 ? "" : `; ${parts} part${parts === 1 ? "" : "s"} came`;
    const what = `no ${parts === 0 ? "" : "complete "}answer to ${this.#name} within ${this.#question.timeout / 1000} s${came}`;
    this.#fail(RPC.TIMEOUT, "TIMEOUT", what);
  }

  #fail(code: number, word: string, what: string): void {
    const facts = { code: word, ...this.facts, parts: this.#parts };
    this.#pending.fail(new RpcError(code, what, facts), true);
  }

  get #name(): string {
    return messageTypeName(this.#asked) ?? `the message of type ${this.#asked[1]}`;
  }

  /** Where the message went, and its number. */
  get facts(): { xid: number; conn_id: number; datapath_id?: string } {
    const { facts, datapathId } = this.#question.channel;
    const datapath = datapathId === "" ? {} : { datapath_id: datapathId };
    return { xid: peekXid(this.#asked), conn_id: facts.connId, ...datapath };
  }

  /** The message as the client knows it, decoded again. */
  get asked(): RawJson {
    return new RawJson(decodeToText(this.#asked));
  }
}
