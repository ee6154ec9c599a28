/**
 * How threads share the work on one file. Each takes the next slice of whole messages, decodes it, and writes its text
 * when all slices before it have been written. Nothing is sent between the threads but what stands in this queue:
 * the bytes are read by the thread that decodes them, and the text is written by the thread that has made it.
 */
import { readSync } from "node:fs";
import { TunnelOptions } from "../codec/decode.js";
import { HEADER_LENGTH, peekLength } from "../wire/index.js";

/** Bytes that are read for a slice: hundreds of messages, and some milliseconds of work. */
export const SLICE_BYTES = 512 * 1024;

// Places of 32 bits.
const LOCK = 0;
/** Number of slices that have been taken. */
const TAKEN = 1;
/** Number of the slice that may write. */
const TURN = 2;
/** 1 when no slice shall be taken any more. */
const ENDED = 3;
/** 1 when nothing shall be written any more. */
const STOPPED = 4;
/** 1 when a message has been written. */
const BEGUN = 5;
/** Bytes of the text about the options of tunnels. */
const OPTIONS_LENGTH = 6;
const PLACES = 8;

// Places of 64 bits, behind those.
/** Where the next slice starts in the file. */
const OFFSET = 0;
const MESSAGES = 1;
const LONG_PLACES = 2;

/** Bytes for the text about the options of tunnels, behind all that: more than TunnelOptions ever saves. */
const OPTIONS_BYTES = 1 << 20;
const OPTIONS_START = PLACES * 4 + LONG_PLACES * 8;

/** Bytes of whole messages; the last slice of a file may end inside one, or with one that is damaged. */
export interface Slice {
  /** Counts from 0 in the order of the file. */
  readonly number: number;
  /** Bytes from the start of the file. */
  readonly offset: number;
  readonly bytes: Buffer;
  /** What the slices before have told of the options of tunnels: `TunnelOptions.save`. */
  readonly options: string;
  /** No slice follows. */
  readonly last: boolean;
  /** Why the bytes of this slice could not be read. */
  readonly error: unknown;
}

/** Memory that threads share, with what each of them does to it. */
export class SliceQueue {
  /** What other threads need to make a SliceQueue of the same work. */
  readonly memory: SharedArrayBuffer;
  readonly #state: Int32Array;
  readonly #counts: BigInt64Array;
  readonly #optionsText: Buffer;

  /** @param memory  of another thread's queue; without it this is a new one */
  constructor(memory?: SharedArrayBuffer) {
    this.memory = memory ?? new SharedArrayBuffer(OPTIONS_START + OPTIONS_BYTES);
    this.#state = new Int32Array(this.memory, 0, PLACES);
    this.#counts = new BigInt64Array(this.memory, PLACES * 4, LONG_PLACES);
    this.#optionsText = Buffer.from(this.memory, OPTIONS_START, OPTIONS_BYTES);
    if (memory === undefined) this.#saveOptions(new TunnelOptions());
  }

  /** Bytes that have been taken. */
  get offset(): number {
    return Number(Atomics.load(this.#counts, OFFSET));
  }

  /** Messages that have been written. */
  get messages(): number {
    return Number(Atomics.load(this.#counts, MESSAGES));
  }

  /** True once `stop` has been called. */
  get stopped(): boolean {
    return Atomics.load(this.#state, STOPPED) === 1;
  }

  /** True once a message has been written; set by whoever writes the first one, in its turn. */
  get begun(): boolean {
    return Atomics.load(this.#state, BEGUN) === 1;
  }

  set begun(value: boolean) {
    Atomics.store(this.#state, BEGUN, value ? 1 : 0);
  }

  /**
   * Takes the next slice of the file `fd`; undefined when there is none.
   * @param buffer  SLICE_BYTES where the bytes go; overwritten by the next call
   */
  take(fd: number, buffer: Buffer): Slice | undefined {
    this.#lock();
    try {
      if (this.stopped || Atomics.load(this.#state, ENDED) === 1) return undefined;
      const offset = this.offset;
      const { length, error } = readAll(fd, buffer, offset);
      const whole = length < buffer.length ? 0 : wholeMessages(buffer);
      // Nothing follows the end of the file, nor a damaged header: nobody knows where the next message starts.
      const last = whole === 0;
      const bytes = buffer.subarray(0, last ? length : whole);
      if (last) Atomics.store(this.#state, ENDED, 1);
      Atomics.store(this.#counts, OFFSET, BigInt(offset + bytes.length));
      const number = Atomics.add(this.#state, TAKEN, 1);
      const options = this.#passOptions(bytes);
      return { number, offset, bytes, options, last, error };
    } finally {
      this.#unlock();
    }
  }

  /** Reads what the messages of a slice tell of the options of tunnels; returns what those before it have told. */
  #passOptions(messages: Buffer): string {
    const before = this.#optionsText.toString("latin1", 0, this.#state[OPTIONS_LENGTH]);
    const options = new TunnelOptions();
    options.restore(before);
    for (let o = 0; o + HEADER_LENGTH <= messages.length; ) {
      const end = o + Math.max(HEADER_LENGTH, peekLength(messages, o));
      options.observe(messages, o, Math.min(end, messages.length));
      o = end;
    }
    this.#saveOptions(options);
    return before;
  }

  #saveOptions(options: TunnelOptions): void {
    this.#state[OPTIONS_LENGTH] = this.#optionsText.write(options.save(), "latin1");
  }

  /** True when slice `number` may write now. */
  isTurn(number: number): boolean {
    return Atomics.load(this.#state, TURN) === number;
  }

  /** Waits until slice `number` may write. False when nothing shall be written any more. */
  awaitTurn(number: number): boolean {
    for (;;) {
      const turn = Atomics.load(this.#state, TURN);
      if (this.stopped) return false;
      if (turn === number) return true;
      Atomics.wait(this.#state, TURN, turn);
    }
  }

  /** Ends the turn of slice `number`, which had `messages` of them. */
  passTurn(number: number, messages: number): void {
    Atomics.add(this.#counts, MESSAGES, BigInt(messages));
    Atomics.store(this.#state, TURN, number + 1);
    Atomics.notify(this.#state, TURN);
  }

  /** Ends the work of all threads: what has not been written will not be. */
  stop(): void {
    Atomics.store(this.#state, STOPPED, 1);
    // Whoever waits for a turn, or is about to, finds it changed.
    Atomics.store(this.#state, TURN, -1);
    Atomics.notify(this.#state, TURN);
  }

  #lock(): void {
    while (Atomics.compareExchange(this.#state, LOCK, 0, 1) !== 0) Atomics.wait(this.#state, LOCK, 1);
  }

  #unlock(): void {
    Atomics.store(this.#state, LOCK, 0);
    Atomics.notify(this.#state, LOCK, 1);
  }
}

/** Reads until the buffer is full, the file ends, or reading fails. */
function readAll(fd: number, buffer: Buffer, offset: number): { length: number; error: unknown } {
  let length = 0;
  try {
    while (length < buffer.length) {
      const n = readSync(fd, buffer, length, buffer.length - length, offset + length);
      if (n === 0) break;
      length += n;
    }
  } catch (error) {
    return { length, error };
  }
  return { length, error: undefined };
}

/** Bytes of the messages at the start of `b`, which is longer than any message, up to one that is not whole or damaged. */
function wholeMessages(b: Buffer): number {
  let o = 0;
  while (o + HEADER_LENGTH <= b.length) {
    const length = peekLength(b, o);
    if (length < HEADER_LENGTH || o + length > b.length) break;
    o += length;
  }
  return o;
}
