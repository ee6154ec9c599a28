// One OpenFlow connection: binds a byte stream to the frame splitter, the handshake and the keepalive. Long, for all
// its parts share one state; what could be pure is in handshake.ts, steady.ts and outbox.ts.
import type { Duplex } from "node:stream";
import { ChannelError, DecodeError, type Version } from "../base/index.js";
import { type Envelope, makeEnvelope } from "../codec/decode.js";
import { FrameSplitter, HEADER_LENGTH, peekType, peekVersion } from "../wire/index.js";
import type { Clock } from "./clock.js";
import type { Endpoint } from "./endpoint.js";
import {
  BAD_HEADER,
  type Features,
  FIRST_FREE_XID,
  HANDSHAKE_START,
  type HandshakeEffect,
  type HandshakeEvent,
  type HandshakeOptions,
  stepHandshake,
} from "./handshake.js";
import { Outbox } from "./outbox.js";
import { echoReply, isKeepaliveReply, isOwnEcho, isSaneHeader, makeKeepalive, TYPE } from "./steady.js";
import { isTlsRecord, type TlsReason } from "./tls-failure.js";

/** What carries a connection. */
export type Transport = "TCP" | "TLS";

/** Why something went wrong, for programs. */
export type AlertReason = TlsReason;

/** What is known of a connection when it starts. */
export interface ChannelFacts {
  /** Number of the connection, never used again. */
  readonly connId: number;
  readonly local: Endpoint;
  readonly remote: Endpoint;
  readonly transport: Transport;
  /** Auxiliary connections may join this one (OF 1.3.5 §6.3.5). */
  readonly auxiliary: boolean;
  readonly handshake: HandshakeOptions;
}

/** What a channel is good for. `up` and `joined` (an auxiliary connection) carry messages. */
export type ChannelPhase = "handshake" | "up" | "joined" | "closed";

/** The owner of channels, told what happens to them. It may close channels from each of these calls. */
export interface ChannelOwner {
  /**
   * The switch has said who it is; the channel has its identity already. False refuses it.
   * An auxiliary connection (`channel.auxiliaryId` not 0) counts as up without further notice.
   */
  onIdentity(channel: Channel): boolean;
  /** The channel is up; `features` where they were asked for. Never for auxiliary connections. */
  onUp(channel: Channel, features: Features | undefined): void;
  /** A message of the switch. `frame` is valid during the call only; `channel.envelope` tells when it came. */
  onFrame(channel: Channel, frame: Buffer): void;
  /**
   * Something went wrong.
   * @param message  for people  @param data  the bytes that it is about, if any  @param reason  for programs
   */
  onAlert(channel: Channel, message: string, data: Uint8Array, reason?: AlertReason): void;
  /** Each message in both directions, those of the handshake and echoes too. Costs nothing when it is undefined. */
  onTraffic?: ((channel: Channel, direction: "read" | "write", frame: Uint8Array) => void) | undefined;
  /** The last call for a channel. @param before  its phase until now */
  onClosed(channel: Channel, before: ChannelPhase): void;
}

/** Milliseconds a peer may take for one step of the handshake. */
export const HANDSHAKE_TIMEOUT = 5000;

/** Milliseconds of silence after which a peer is asked whether it is there; after twice these it is given up. */
export const IDLE_TIMEOUT = { features: 10_000, plain: 6000 } as const;

/** Bytes of messages that came before the channel was up. More are dropped and counted. */
export const MAX_EARLY_BYTES = 1 << 20;

/** Bytes that a switch has not taken yet; beyond them messages to it are refused. */
export const MAX_UNSENT_BYTES = 16 << 20;

/** Unsent bytes above which nothing more is read from the switch, for reading makes answers to its echoes. */
const MAX_UNSENT_WHILE_READING = 1 << 20;

/** Bytes that NO_FLUSH may hold back. */
const MAX_HELD_BYTES = 16383;

/** Milliseconds in which a peer shall close its side after we have closed ours. */
const LINGER = 1000;

const NO_BYTES = new Uint8Array(0);

/** Said of a peer that does not greet but begins with TLS. */
const TLS_PEER = "the peer speaks TLS; give tls_id, or have the peer use tcp: or ptcp:";

/** An OpenFlow connection, from the moment the bytes can flow. */
export class Channel {
  readonly facts: ChannelFacts;
  /** Prints the keys around `msg`; its time is when the latest bytes came. */
  envelope: Envelope;
  /** The negotiated version; 0 before. */
  version: Version | 0 = 0;
  /** "00:00:00:00:00:00:00:01"; "" while unknown. */
  datapathId = "";
  /** Not 0 for an auxiliary connection. */
  auxiliaryId = 0;
  phase: ChannelPhase = "handshake";
  /** Messages dropped because they came before the channel was up and were too many. */
  droppedEarly = 0;

  readonly #stream: Duplex;
  readonly #owner: ChannelOwner;
  readonly #clock: Clock;
  readonly #outbox: Outbox;
  readonly #splitter: FrameSplitter;
  #handshake = HANDSHAKE_START;
  /** Messages put off until the channel is up. */
  #early: Buffer[] = [];
  #earlyBytes = 0;
  /** When the handshake must have gone on, when the latest bytes came, when the last keepalive went. */
  #deadline = 0;
  #heard = 0;
  #asked = 0;
  #xid = FIRST_FREE_XID - 1;
  /** Bytes of a header that has come in part, and whether the first one has been seen. */
  #head: Uint8Array = NO_BYTES;
  #greeted = false;
  /** Bytes of the present chunk (and of what came before it) that the splitter has delivered. */
  #split = 0;
  /** The controller cannot follow; the switch does not take our answers. */
  #pausedByOwner = false;
  #pausedByPeer = false;

  constructor(stream: Duplex, facts: ChannelFacts, owner: ChannelOwner, clock: Clock) {
    this.facts = facts;
    this.envelope = makeEnvelope({ conn_id: facts.connId });
    this.#stream = stream;
    this.#owner = owner;
    this.#clock = clock;
    this.#outbox = new Outbox(stream);
    this.#splitter = new FrameSplitter((b, o, end) => this.#onFrame(b.subarray(o, end)));
  }

  /** Greets the peer and begins to read. */
  start(): void {
    this.#heard = this.#clock.now();
    this.#clock.wall(this.envelope);
    this.#stream.on("data", (chunk: Buffer) => this.#onChunk(chunk));
    this.#stream.on("drain", () => this.#onDrain());
    // The reason is told by "close", which follows; without a listener an error would end the process.
    this.#stream.on("error", () => undefined);
    this.#stream.on("close", () => this.#finish());
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
   * Throws ChannelError LIMIT when the switch does not take what it was sent.
   */
  send(frame: Uint8Array, hold = false): void {
    const unsent = this.#outbox.queuedBytes;
    if (unsent > MAX_UNSENT_BYTES) {
      const detail = `conn_id ${this.facts.connId} does not read: ${unsent} bytes are waiting`;
      throw new ChannelError("LIMIT", detail, this.facts.connId);
    }
    this.#owner.onTraffic?.(this, "write", frame);
    this.#outbox.append(frame);
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
    if (this.#pausedByOwner) this.#heard = now;
    const limit = this.facts.handshake.features ? IDLE_TIMEOUT.features : IDLE_TIMEOUT.plain;
    const idle = now - this.#heard;
    if (idle >= 2 * limit) {
      this.#owner.onAlert(this, "No response to echo request on idle channel", NO_BYTES);
      this.reset();
    } else if (idle >= limit && now - this.#asked >= limit) {
      this.#asked = now;
      this.#answer(makeKeepalive(this.version));
    }
  }

  /** Stops reading while the controller cannot follow. */
  pause(): void {
    this.#pausedByOwner = true;
    this.#flow();
  }

  /** Undoes `pause`. */
  resume(): void {
    this.#pausedByOwner = false;
    this.#flow();
  }

  /**
   * Closes in good order: what was sent, held back or not, is delivered first. Nothing is received any more.
   * @param linger  give the peer a second to close its side too
   */
  close(linger = true): void {
    if (this.phase === "closed") return;
    this.#outbox.flush();
    const stream = this.#stream;
    this.#finish();
    stream.end();
    if (!linger) stream.once("finish", () => stream.destroy());
    // Unread bytes in the kernel would turn the close into a reset, which may destroy what we have just sent.
    stream.resume();
    const stop = this.#clock.after(LINGER, () => stream.destroy());
    stream.on("close", stop);
  }

  /** Closes at once; what was not sent is lost. */
  reset(): void {
    const stream = this.#stream as Duplex & { resetAndDestroy?: () => void; encrypted?: true };
    this.#finish();
    // TLS sockets have the method, but it throws.
    if (stream.resetAndDestroy === undefined || stream.encrypted) stream.destroy();
    else stream.resetAndDestroy();
  }

  #finish(): void {
    if (this.phase === "closed") return;
    const before = this.phase;
    this.phase = "closed";
    this.#splitter.close();
    this.#early = [];
    this.#owner.onClosed(this, before);
  }

  #onChunk(chunk: Buffer): void {
    if (this.phase === "closed") return;
    this.#heard = this.#clock.now();
    this.#clock.wall(this.envelope);
    const held = this.#splitter.pending;
    this.#split = 0;
    if (!this.#greeted && !this.#checkGreeting(chunk)) return;
    try {
      this.#splitter.push(chunk);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      // Fewer bytes in a message than its header has: no telling where the next one starts.
      const at = this.#split - held;
      this.#badHeader(at < 0 ? this.#joinHead(chunk) : chunk.subarray(at, at + HEADER_LENGTH));
    }
    const { pending } = this.#splitter;
    const partial = pending > 0 && pending < HEADER_LENGTH;
    this.#head = partial ? Buffer.concat([this.#head, chunk]).subarray(-pending) : NO_BYTES;
  }

  #joinHead(chunk: Buffer): Buffer {
    return Buffer.concat([this.#head, chunk.subarray(0, HEADER_LENGTH)]).subarray(0, HEADER_LENGTH);
  }

  /** Tells what is no OpenFlow at all by its first 8 bytes, for its length may never arrive. False: it was refused. */
  #checkGreeting(chunk: Buffer): boolean {
    const header = this.#joinHead(chunk);
    if (isTlsRecord(header)) {
      this.#owner.onAlert(this, `${BAD_HEADER}: ${TLS_PEER}`, header, "TLS_UNEXPECTED");
      this.close();
      return false;
    }
    if (header.length < HEADER_LENGTH) return true;
    this.#greeted = true;
    if (isSaneHeader(header)) return true;
    this.#badHeader(header);
    return false;
  }

  #onFrame(frame: Buffer): void {
    this.#split += frame.length;
    this.#owner.onTraffic?.(this, "read", frame);
    if (!isSaneHeader(frame) || this.#isForeign(frame)) {
      this.#badHeader(frame.subarray(0, HEADER_LENGTH));
      return;
    }
    if (this.phase === "handshake") {
      this.#step({ type: "frame", frame });
      return;
    }
    const type = peekType(frame);
    if (type === TYPE.ECHO_REQUEST && !isOwnEcho(frame)) this.#answer(echoReply(frame));
    else if (type !== TYPE.ECHO_REPLY || !isKeepaliveReply(frame)) this.#owner.onFrame(this, frame);
  }

  /** True for another version than the negotiated one; the handshake has its own rule. */
  #isForeign(frame: Buffer): boolean {
    return (
      this.phase !== "handshake" && this.facts.handshake.checkVersion && peekVersion(frame) !== this.version
    );
  }

  #badHeader(header: Uint8Array): void {
    this.#owner.onAlert(this, BAD_HEADER, header);
    this.close();
  }

  #step(event: HandshakeEvent): void {
    const step = stepHandshake(this.facts.handshake, this.#handshake, event);
    this.#handshake = step.state;
    for (const effect of step.effects) this.#carryOut(effect);
  }

  #carryOut(effect: HandshakeEffect): void {
    switch (effect.do) {
      case "send":
        this.#answer(effect.frame);
        break;
      case "wait":
        this.#deadline = this.#clock.now() + HANDSHAKE_TIMEOUT;
        break;
      case "defer":
        this.#defer(effect.frame);
        break;
      case "up":
        this.#up(effect.version, effect.features);
        break;
      case "fail":
        this.#owner.onAlert(this, effect.reason, effect.data);
        this.close();
        break;
    }
  }

  #defer(frame: Buffer): void {
    if (this.#earlyBytes + frame.length > MAX_EARLY_BYTES) {
      this.droppedEarly++;
      return;
    }
    this.#early.push(Buffer.from(frame));
    this.#earlyBytes += frame.length;
  }

  #up(version: Version, features: Features | undefined): void {
    this.version = version;
    if (features !== undefined) {
      this.datapathId = features.datapath_id;
      this.auxiliaryId = features.auxiliary_id;
      const { sec, nsec } = this.envelope;
      this.envelope = makeEnvelope({
        conn_id: this.facts.connId,
        datapath_id: this.datapathId,
        ...(this.auxiliaryId === 0 ? {} : { auxiliary_id: this.auxiliaryId }),
      });
      this.envelope.sec = sec;
      this.envelope.nsec = nsec;
      if (!this.#owner.onIdentity(this)) {
        this.close();
        return;
      }
    }
    this.phase = this.auxiliaryId === 0 ? "up" : "joined";
    if (this.phase === "up") this.#owner.onUp(this, features);
    const early = this.#early;
    this.#early = [];
    for (const frame of early) if (!this.#isClosed()) this.#onFrame(frame);
  }

  #isClosed(): boolean {
    return this.phase === "closed";
  }

  /** Sends what this channel says on its own account, at once. */
  #answer(frame: Buffer): void {
    this.#owner.onTraffic?.(this, "write", frame);
    this.#outbox.append(frame);
    this.#outbox.schedule();
    if (!this.#pausedByPeer && this.#outbox.queuedBytes > MAX_UNSENT_WHILE_READING) {
      this.#pausedByPeer = true;
      this.#flow();
    }
  }

  #onDrain(): void {
    if (!this.#pausedByPeer) return;
    this.#pausedByPeer = false;
    this.#flow();
  }

  #flow(): void {
    if (this.phase === "closed") return;
    if (this.#pausedByOwner || this.#pausedByPeer) this.#stream.pause();
    else this.#stream.resume();
  }
}
