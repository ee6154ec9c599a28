// One OpenFlow connection: binds a byte stream to what comes (intake.ts), what goes out (outbox.ts), the handshake and the keepalive. Long,
// for it is the one state machine of all of them.
import type { Duplex } from "node:stream";
import { ChannelError, countLimitHit, type Version } from "../base/index.js";
import { type Envelope, makeEnvelope, TunnelOptions } from "../codec/decode.js";
import { HEADER_LENGTH, peekLength, peekType } from "../wire/index.js";
import type { ChannelFacts, ChannelOwner, ChannelPhase } from "./channel-owner.js";
import type { Clock } from "./clock.js";
import { Counters } from "./counters.js";
import { EarlyMessages } from "./early-messages.js";
import {
  type Features,
  FIRST_FREE_XID,
  HANDSHAKE_START,
  type HandshakeEffect,
  type HandshakeEvent,
  stepHandshake,
} from "./handshake.js";
import { Intake, type IntakeListener } from "./intake.js";
import { Keepalive } from "./keepalive.js";
import { Outbox } from "./outbox.js";
import { ReadGate } from "./read-gate.js";
import type { CloseCause } from "./reason.js";
import {
  BAD_HEADER,
  describeBadHeader,
  describeForeign,
  echoReply,
  isForeign,
  isKeepaliveReply,
  isOwnEcho,
  isSaneHeader,
  makeKeepalive,
  TYPE,
} from "./steady.js";
import { describeLoss } from "./system-error.js";

/** Unsent bytes above which nothing more is read from the switch, for reading makes answers to its echoes. */
const MAX_UNSENT_WHILE_READING = 1 << 20;

/** Bytes that NO_FLUSH may hold back. */
const MAX_HELD_BYTES = 16383;

/** Milliseconds in which a peer shall close its side after we have closed ours. */
const LINGER = 1000;

const NO_BYTES = new Uint8Array(0);

/** Said of a peer that does not greet but begins with TLS. */
const TLS_PEER = "the peer speaks TLS; give tls_id, or have the peer use tcp: or ptcp:";

const PEER_CLOSED: CloseCause = { reason: "PEER_CLOSED", message: "the peer closed the connection" };
const CLOSED_BY_CLIENT: CloseCause = { reason: "CLOSED_BY_CLIENT", message: "closed by OFP.CLOSE" };
const SILENT: CloseCause = {
  reason: "KEEPALIVE_TIMEOUT",
  message: "No response to echo request on idle channel",
};

/** An OpenFlow connection, from the moment the bytes can flow. */
export class Channel {
  readonly facts: ChannelFacts;
  /** What it has carried so far. */
  readonly counters = new Counters();
  /** What its messages have told of the options of tunnels. */
  readonly options = new TunnelOptions();
  /** Prints the keys around `msg`; its time is when the latest bytes came. */
  envelope: Envelope;
  /** The negotiated version; 0 before. */
  version: Version | 0 = 0;
  /** "00:00:00:00:00:00:00:01"; "" while unknown. */
  datapathId = "";
  /** Not 0 for an auxiliary connection. */
  auxiliaryId = 0;
  phase: ChannelPhase = "handshake";

  readonly #stream: Duplex;
  readonly #owner: ChannelOwner;
  readonly #clock: Clock;
  readonly #outbox: Outbox;
  readonly #intake: Intake;
  readonly #gate: ReadGate;
  readonly #keepalive: Keepalive;
  #handshake = HANDSHAKE_START;
  /** The handshake is over, but its owner has not decided yet. */
  #admission: { readonly features: Features } | undefined;
  readonly #early = new EarlyMessages();
  /** When the handshake must have gone on. */
  #deadline = Number.POSITIVE_INFINITY;
  #xid = FIRST_FREE_XID - 1;
  /** What the stream said before it closed. */
  #error: Error | undefined;
  /** Called once, at the next sign of life. */
  #onLife: (() => void) | undefined;

  constructor(stream: Duplex, facts: ChannelFacts, owner: ChannelOwner, clock: Clock) {
    this.facts = facts;
    this.envelope = makeEnvelope({ conn_id: facts.connId }, this.options);
    this.#stream = stream;
    this.#owner = owner;
    this.#clock = clock;
    this.#outbox = new Outbox(stream);
    this.#keepalive = new Keepalive(facts.keepalive, this.counters);
    this.#gate = new ReadGate(stream);
    const listener: IntakeListener = {
      onFrame: (frame) => this.#onFrame(frame),
      onBadHeader: (header) => this.#badHeader(header),
      onTls: (header) =>
        this.fail({ reason: "TLS_UNEXPECTED", message: `${BAD_HEADER}: ${TLS_PEER}` }, header),
    };
    this.#intake = new Intake(listener, owner.limits.frameBytes);
  }

  /** Greets the peer and begins to read. */
  start(): void {
    this.#keepalive.heard(this.#clock.now());
    this.#clock.wall(this.envelope);
    this.#stream.on("data", (chunk: Buffer) => this.#onChunk(chunk));
    this.#stream.on("drain", () => this.#gate.release("peer"));
    // A peer that closes its side hears no more; what it has not taken yet must not keep the channel.
    this.#stream.on("end", () => this.close(PEER_CLOSED));
    this.#stream.on("error", (error) => {
      this.#error ??= error;
    });
    this.#stream.on("close", () => this.#finish(this.#error ? describeLoss(this.#error) : PEER_CLOSED));
    this.#step({ type: "open" });
  }

  /** Bytes that the switch has not taken yet. */
  get unsentBytes(): number {
    return this.#outbox.queuedBytes;
  }

  /** The next transaction id of this channel's own, never 0. */
  nextXid(): number {
    this.#xid = this.#xid >= 0x7fffffff ? FIRST_FREE_XID : this.#xid + 1;
    return this.#xid;
  }

  /**
   * Queues a copy of one frame.
   * @param hold  keep it back until something else is sent, or until 16383 bytes are held back
   * Throws ChannelError LIMIT when the switch does not take what it was sent, CLOSED when the channel is.
   */
  send(frame: Uint8Array, hold = false): void {
    const { connId } = this.facts;
    if (this.phase === "closed") throw new ChannelError("CLOSED", `conn_id ${connId} is closed`, connId);
    const unsent = this.#outbox.queuedBytes;
    if (unsent > this.#owner.limits.switchQueueBytes) {
      countLimitHit("switchQueueBytes");
      const detail = `conn_id ${connId} does not read: ${unsent} bytes are waiting`;
      throw new ChannelError("LIMIT", detail, connId);
    }
    this.#put(frame);
    if (!hold || this.#outbox.gatheredBytes > MAX_HELD_BYTES) this.#outbox.schedule();
  }

  /** Checks the time limits; to be called about once a second. */
  tick(): void {
    const now = this.#clock.now();
    if (this.phase === "handshake") {
      if (now >= this.#deadline) this.#step({ type: "timeout" });
      return;
    }
    if (this.phase === "closed") return;
    // While we do not read, silence says nothing.
    if (this.#gate.isHeldBy("owner")) this.#keepalive.heard(now);
    const verdict = this.#keepalive.check(now);
    if (verdict === "dead") {
      this.#owner.onAlert(this, SILENT.message, NO_BYTES, SILENT.reason);
      this.reset(SILENT);
    } else if (verdict === "ask") this.#ask();
  }

  /** Silence of which this process could not have heard anything does not count. @param ms  how long it was stopped */
  forgive(ms: number): void {
    this.#deadline += ms;
    this.#keepalive.forgive(ms);
  }

  /** Asks the peer for a sign of life; `onLife` is called at the next one. */
  probe(onLife: () => void): void {
    this.#onLife = onLife;
    this.#ask();
  }

  /** Stops reading while the controller cannot follow. */
  pause(): void {
    this.#gate.hold("owner");
  }

  /** Undoes `pause`. */
  resume(): void {
    this.#gate.release("owner");
  }

  /** Ends the wait that `onIdentity` has begun: the channel is up. */
  admit(): void {
    const admission = this.#admission;
    if (this.phase !== "handshake" || admission === undefined) return;
    this.#admission = undefined;
    this.#rise(admission.features);
  }

  /** Tells what went wrong, and closes. */
  fail(cause: CloseCause, data: Uint8Array = NO_BYTES): void {
    if (this.phase === "closed") return;
    this.#owner.onAlert(this, cause.message, data, cause.reason);
    this.close(cause);
  }

  /**
   * Closes in good order: what was sent, held back or not, is delivered first. Nothing is received any more.
   * @param linger  give the peer a second to close its side too
   */
  close(cause: CloseCause = CLOSED_BY_CLIENT, linger = true): void {
    if (this.phase === "closed") return;
    this.#outbox.flush();
    const stream = this.#stream;
    this.#finish(cause);
    stream.end();
    if (!linger) stream.once("finish", () => stream.destroy());
    // Unread bytes in the kernel would turn the close into a reset, which may destroy what we have just sent.
    stream.resume();
    const stop = this.#clock.after(LINGER, () => stream.destroy());
    stream.on("close", stop);
  }

  /** Closes at once; what was not sent is lost. */
  reset(cause: CloseCause): void {
    const stream = this.#stream as Duplex & { resetAndDestroy?: () => void; encrypted?: true };
    this.#finish(cause);
    // TLS sockets have the method, but it throws.
    if (stream.resetAndDestroy === undefined || stream.encrypted) stream.destroy();
    else stream.resetAndDestroy();
  }

  #finish(cause: CloseCause): void {
    if (this.phase === "closed") return;
    const before = this.phase;
    // A handshake that the peer has broken off is a failure; a peer that has said nothing was a probe of our port.
    const broken = cause.reason === "PEER_CLOSED" || cause.reason === "PEER_RESET";
    if (before === "handshake" && broken && !(this.facts.accepted && this.counters.bytesIn === 0)) {
      this.#owner.onAlert(this, `Handshake failed: ${cause.message}`, NO_BYTES, cause.reason);
      // Whoever was told may have closed it.
      if (this.#isClosed()) return;
    }
    this.phase = "closed";
    this.#intake.close();
    this.#gate.close();
    this.#early.take();
    this.#onLife = undefined;
    this.#owner.onClosed(this, before, cause);
  }

  #onChunk(chunk: Buffer): void {
    if (this.phase === "closed") return;
    this.#keepalive.heard(this.#clock.now());
    this.#clock.wall(this.envelope);
    this.counters.bytesIn += chunk.length;
    this.#gate.count(chunk.length);
    if (this.#onLife !== undefined) this.#live();
    this.#intake.push(chunk);
  }

  #live(): void {
    const onLife = this.#onLife;
    this.#onLife = undefined;
    onLife?.();
  }

  #onFrame(frame: Buffer): void {
    const type = peekType(frame);
    // Beyond the table it has no effect.
    this.counters.messagesIn[type]! += 1;
    this.#owner.onTraffic?.(this, "read", frame);
    if (!isSaneHeader(frame)) {
      this.#badHeader(frame.subarray(0, HEADER_LENGTH));
      return;
    }
    this.options.observe(frame);
    if (this.phase === "handshake") this.#onHandshakeFrame(frame, type);
    else this.#deliver(frame, type);
  }

  #onHandshakeFrame(frame: Buffer, type: number): void {
    if (this.#admission === undefined) this.#step({ type: "frame", frame });
    else if (type === TYPE.ECHO_REQUEST && !isOwnEcho(frame)) this.#answer(echoReply(frame));
    else this.#defer(frame);
  }

  #deliver(frame: Buffer, type: number): void {
    if (type === TYPE.ECHO_REQUEST && !isOwnEcho(frame)) {
      this.#answer(echoReply(frame));
    } else if (type === TYPE.ECHO_REPLY && isKeepaliveReply(frame)) {
      this.#keepalive.answered(this.#clock.now());
    } else if (this.facts.handshake.checkVersion && isForeign(frame, this.version)) {
      this.#tellForeign(describeForeign(frame, this.version), frame);
    } else {
      this.#owner.onFrame(this, frame);
    }
  }

  #tellForeign(message: string, frame: Buffer): void {
    this.counters.wrongVersion++;
    this.#owner.onForeign(this, message, frame);
  }

  #badHeader(header: Uint8Array): void {
    const limit = this.#owner.limits.frameBytes;
    const message = describeBadHeader(header, limit);
    const tooLong = isSaneHeader(header) && peekLength(header) > limit;
    if (tooLong) countLimitHit("frameBytes");
    this.fail({ reason: tooLong ? "FRAME_LIMIT" : "BAD_HEADER", message }, header);
  }

  #step(event: HandshakeEvent): void {
    const step = stepHandshake(this.facts.handshake, this.#handshake, event);
    this.#handshake = step.state;
    for (const effect of step.effects) if (!this.#isClosed()) this.#carryOut(effect);
  }

  #carryOut(effect: HandshakeEffect): void {
    switch (effect.do) {
      case "send":
        this.#answer(effect.frame);
        break;
      case "wait":
        this.#deadline = this.#clock.now() + this.facts.timeouts[effect.step];
        break;
      case "defer":
        this.#defer(effect.frame);
        break;
      case "up":
        this.#identify(effect.version, effect.features);
        break;
      case "foreign":
        this.#tellForeign(effect.message, effect.frame);
        break;
      case "alert":
        this.#owner.onAlert(this, effect.message, effect.data, effect.reason);
        break;
      case "fail":
        if (effect.reason === "PORT_DESC_LIMIT") countLimitHit("handshakeParts");
        this.fail(effect, effect.data);
        break;
    }
  }

  #defer(frame: Buffer): void {
    if (this.#early.add(frame, this.#owner.limits.earlyBytes)) return;
    this.counters.droppedEarly++;
    countLimitHit("earlyBytes");
  }

  #identify(version: Version, features: Features | undefined): void {
    this.version = version;
    this.#deadline = Number.POSITIVE_INFINITY;
    if (features === undefined) {
      this.#rise(undefined);
      return;
    }
    this.datapathId = features.datapath_id;
    this.auxiliaryId = features.auxiliary_id;
    const { sec, nsec } = this.envelope;
    const keys = {
      conn_id: this.facts.connId,
      datapath_id: this.datapathId,
      ...(this.auxiliaryId === 0 ? {} : { auxiliary_id: this.auxiliaryId }),
    };
    this.envelope = makeEnvelope(keys, this.options);
    this.envelope.sec = sec;
    this.envelope.nsec = nsec;
    const admission = this.#owner.onIdentity(this);
    if (admission === "admit") this.#rise(features);
    else if (admission === "wait") this.#admission = { features };
    else this.fail(admission);
  }

  #rise(features: Features | undefined): void {
    if (this.#isClosed()) return;
    this.phase = this.auxiliaryId === 0 ? "up" : "joined";
    if (this.phase === "up") this.#owner.onUp(this, features);
    const { droppedEarly } = this.counters;
    if (droppedEarly > 0 && !this.#isClosed()) {
      const message = `${droppedEarly} messages were lost: before the channel was up they were more than ${this.#owner.limits.earlyBytes} bytes (limit early-bytes)`;
      this.#owner.onAlert(this, message, NO_BYTES, "EARLY_LIMIT");
    }
    for (const frame of this.#early.take()) if (!this.#isClosed()) this.#deliver(frame, peekType(frame));
  }

  #isClosed(): boolean {
    return this.phase === "closed";
  }

  #ask(): void {
    this.#keepalive.asked(this.#clock.now());
    this.#answer(makeKeepalive(this.version));
  }

  /** Sends what this channel says on its own account, at once. */
  #answer(frame: Buffer): void {
    this.#put(frame);
    this.#outbox.schedule();
    if (this.#outbox.queuedBytes > MAX_UNSENT_WHILE_READING) this.#gate.hold("peer");
  }

  #put(frame: Uint8Array): void {
    this.counters.messagesOut[peekType(frame)]! += 1;
    this.counters.bytesOut += frame.length;
    this.#owner.onTraffic?.(this, "write", frame);
    this.options.observe(frame);
    this.#outbox.append(frame);
  }
}
