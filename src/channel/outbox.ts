// Bytes on their way into a stream, gathered so that many small messages become few writes.
import type { Writable } from "node:stream";

/** Bytes of a chunk that is being filled. */
const CHUNK_SIZE = 16384;

/**
 * Copies what it is given, so that callers may reuse their buffers at once, and writes it when the current
 * piece of work is done (`schedule`), when a chunk is full, or on `flush`.
 */
export class Outbox {
  readonly #stream: Writable;
  readonly #chunkSize: number;
  #chunk: Buffer | undefined;
  /** Of #chunk, the bytes from #start to #end are not written yet. What is before them belongs to the stream. */
  #start = 0;
  #end = 0;
  #scheduled = false;
  /** Writes that the stream has not confirmed. */
  #unconfirmed = 0;
  #waiting: (() => void)[] = [];

  /** @param chunkSize  bytes that are gathered at most before they are written */
  constructor(stream: Writable, chunkSize: number = CHUNK_SIZE) {
    this.#stream = stream;
    this.#chunkSize = chunkSize;
  }

  /** Bytes that the peer has not taken yet. */
  get queuedBytes(): number {
    return this.gatheredBytes + this.#stream.writableLength;
  }

  /** Bytes that are not even written to the stream yet. */
  get gatheredBytes(): number {
    return this.#end - this.#start;
  }

  /** The peer has not taken what was written: what is written now waits behind it in this process, and `onDrain` will tell when it is gone. */
  get blocked(): boolean {
    // The stream confirms a moment later what the kernel has taken at once.
    return this.#unconfirmed > 0 && this.#stream.writableLength > 0;
  }

  /** Calls `resume` once, when all that was written then is taken. */
  onDrain(resume: () => void): void {
    this.#waiting.push(resume);
  }

  /** Adds a copy of `bytes`. Nothing is written before `schedule`, `flush` or a full chunk. */
  append(bytes: Uint8Array): void {
    const chunk = this.#room(bytes.length);
    chunk.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** The chunk, with so many free bytes at #end. */
  #room(length: number): Buffer {
    const chunk = this.#chunk;
    if (chunk !== undefined && length <= chunk.length - this.#end) return chunk;
    // Bytes that wait are not written for lack of space alone: they move along, as long as they fit.
    if (this.gatheredBytes + length > this.#chunkSize) this.flush();
    const gathered = chunk?.subarray(this.#start, this.#end) ?? new Uint8Array(0);
    const next = Buffer.allocUnsafeSlow(Math.max(this.#chunkSize, length));
    next.set(gathered);
    this.#chunk = next;
    this.#start = 0;
    this.#end = gathered.length;
    return next;
  }

  /** Has the gathered bytes written before the process waits for its next event. */
  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    process.nextTick(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  /** Writes the gathered bytes now, unless the stream has ended. */
  flush(): void {
    if (this.#start === this.#end || this.#chunk === undefined) return;
    const bytes = this.#chunk.subarray(this.#start, this.#end);
    this.#start = this.#end;
    if (this.#end === this.#chunk.length) this.#chunk = undefined;
    if (!this.#stream.writable) return;
    this.#unconfirmed++;
    this.#stream.write(bytes, this.#onWritten);
  }

  /** One function for all writes: streams gather calls of the same. */
  readonly #onWritten = (): void => {
    if (--this.#unconfirmed > 0 || this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  };
}
