// What a peer sends, as frames. Tells what is no OpenFlow at all by its first bytes: the length that these claim may never arrive.
import { DecodeError } from "../base/index.js";
import { FrameSplitter, HEADER_LENGTH } from "../wire/index.js";
import { isSaneHeader } from "./steady.js";
import { isTlsRecord } from "./tls-failure.js";

/** What is told of the bytes of a peer. */
export interface IntakeListener {
  /** A frame, valid during the call. Its header may still be wrong. */
  onFrame(frame: Buffer): void;
  /** No telling where the next message starts: nothing more can be read. @param header  up to 8 bytes of what is no header */
  onBadHeader(header: Uint8Array): void;
  /** The peer begins with TLS. */
  onTls(header: Uint8Array): void;
}

const NO_BYTES = new Uint8Array(0);

/** Splits the bytes of one connection. */
export class Intake {
  readonly #listener: IntakeListener;
  readonly #splitter: FrameSplitter;
  /** Bytes of a header that has come in part, and whether the first one has been seen. */
  #head: Uint8Array = NO_BYTES;
  #greeted = false;
  /** Bytes of the present chunk (and of what came before it) that the splitter has delivered. */
  #split = 0;

  /** @param maxFrame  largest accepted frame in bytes */
  constructor(listener: IntakeListener, maxFrame: number) {
    this.#listener = listener;
    this.#splitter = new FrameSplitter((b, o, end) => this.#onFrame(b.subarray(o, end)), maxFrame);
  }

  /** Takes what has come. */
  push(chunk: Buffer): void {
    const held = this.#splitter.pending;
    this.#split = 0;
    if (!this.#greeted && !this.#checkGreeting(chunk)) return;
    try {
      this.#splitter.push(chunk);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      const at = this.#split - held;
      this.#listener.onBadHeader(at < 0 ? this.#joinHead(chunk) : chunk.subarray(at, at + HEADER_LENGTH));
    }
    const { pending } = this.#splitter;
    const partial = pending > 0 && pending < HEADER_LENGTH;
    this.#head = partial ? Buffer.concat([this.#head, chunk]).subarray(-pending) : NO_BYTES;
  }

  /** Delivers nothing more, not even what is in hand. */
  close(): void {
    this.#splitter.close();
  }

  #onFrame(frame: Buffer): void {
    this.#split += frame.length;
    this.#listener.onFrame(frame);
  }

  /** False when the first bytes were refused. */
  #checkGreeting(chunk: Buffer): boolean {
    const header = this.#joinHead(chunk);
    if (isTlsRecord(header)) {
      this.#listener.onTls(header);
      return false;
    }
    if (header.length < HEADER_LENGTH) return true;
    this.#greeted = true;
    if (isSaneHeader(header)) return true;
    this.#listener.onBadHeader(header);
    return false;
  }

  #joinHead(chunk: Buffer): Buffer {
    return Buffer.concat([this.#head, chunk.subarray(0, HEADER_LENGTH)]).subarray(0, HEADER_LENGTH);
  }
}
