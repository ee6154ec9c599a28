// A stream of bytes becomes OpenFlow frames.
import { DecodeError } from "../base/index.js";
import { HEADER_LENGTH, peekLength } from "./header.js";

/**
 * Takes the frame in b[o, end). Frames are told as places and not as views of their own because making a view costs as much as decoding a
 * small message; who wants one takes `b.subarray(o, end)`.
 */
export type OnFrame = (b: Buffer, o: number, end: number) => void;

/**
 * Splits a byte stream into OpenFlow frames by the length field of the header (OF 1.3.5 §7.1.1).
 * Frames are where they are in the chunk when they do not straddle chunks, copied otherwise; either way they stay
 * valid as long as nobody overwrites the chunk, and a kept view keeps its chunk in memory.
 * Holds at most one frame. What `onFrame` throws leaves `push`; the rest of the chunk is lost then.
 */
export class FrameSplitter {
  readonly maxFrame: number;
  readonly #onFrame: OnFrame;
  readonly #head = Buffer.alloc(HEADER_LENGTH);
  /** The frame that straddles chunks: `#head` until its length is known, then a buffer of that length. */
  #held: Buffer = this.#head;
  #have = 0;
  #closed = false;

  /** @param maxFrame  largest accepted frame in bytes, 8..65535 */
  constructor(onFrame: OnFrame, maxFrame = 65535) {
    this.#onFrame = onFrame;
    this.maxFrame = maxFrame;
  }

  /** Bytes held of a frame that is not complete. */
  get pending(): number {
    return this.#have;
  }

  /**
   * Takes the next bytes of the stream and calls `onFrame` for each frame that they complete.
   * Must not be called from `onFrame`. Throws DecodeError BAD_LENGTH when a header says fewer than 8 bytes or
   * more than `maxFrame`: the stream has lost its frames then, and the splitter ignores what follows.
   */
  push(chunk: Buffer): void {
    let o = 0;
    while (o < chunk.length && !this.#closed) {
      if (this.#have > 0) {
        o = this.#fill(chunk, o);
        continue;
      }
      const free = chunk.length - o;
      const length = free < HEADER_LENGTH ? 0 : this.#checkedLength(chunk, o);
      if (length === 0 || length > free) {
        this.#hold(chunk, o, length);
        return;
      }
      const end = o + length;
      this.#onFrame(chunk, o, end);
      o = end;
    }
  }

  /** Delivers no more frames, not even those in the chunk being split, and drops what is held. */
  close(): void {
    this.#closed = true;
    this.#held = this.#head;
    this.#have = 0;
  }

  /** Keeps the rest of a chunk. @param length  of the frame, or 0 while unknown */
  #hold(chunk: Buffer, o: number, length: number): void {
    this.#held = length === 0 ? this.#head : Buffer.allocUnsafe(length);
    this.#have = chunk.copy(this.#held, 0, o);
  }

  /** Adds bytes to the held frame, delivers it when complete, and returns where the chunk goes on. */
  #fill(chunk: Buffer, o: number): number {
    const copied = chunk.copy(this.#held, this.#have, o, o + this.#held.length - this.#have);
    this.#have += copied;
    if (this.#have < this.#held.length) return o + copied;
    if (this.#held === this.#head) {
      const length = this.#checkedLength(this.#head, 0);
      const frame = Buffer.allocUnsafe(length);
      this.#head.copy(frame);
      this.#held = frame;
      if (length > HEADER_LENGTH) return o + copied;
    }
    const frame = this.#held;
    this.#held = this.#head;
    this.#have = 0;
    this.#onFrame(frame, 0, frame.length);
    return o + copied;
  }

  #checkedLength(b: Buffer, o: number): number {
    const length = peekLength(b, o);
    if (length >= HEADER_LENGTH && length <= this.maxFrame) return length;
    this.close();
    const limit = length < HEADER_LENGTH ? `less than ${HEADER_LENGTH}` : `more than ${this.maxFrame}`;
    throw new DecodeError("BAD_LENGTH", "header", 2, `length ${length} is ${limit}`);
  }
}
