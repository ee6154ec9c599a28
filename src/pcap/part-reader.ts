// A stream of chunks is cut into parts, each of which says how long the next one is.

/**
 * Takes the part in b[o, end), a view that is valid during the call, and gives the length of the next one, in bytes. May call
 * `skip` and `close` of its reader.
 */
export type Step = (b: Buffer, o: number, end: number) => number;

/** Cuts a stream into parts. Holds one part at most, and that only while it straddles chunks. */
export class PartReader {
  readonly #step: Step;
  #want: number;
  #held: Buffer = Buffer.alloc(0);
  #have = 0;
  #skip = 0;
  #offset = 0;
  #closed = false;

  /** @param first  length of the first part, bytes */
  constructor(first: number, step: Step) {
    this.#want = first;
    this.#step = step;
  }

  /** Bytes from the start of the stream to the part that comes next. In a step: to the end of its part. */
  get offset(): number {
    return this.#offset;
  }

  /** True when bytes of a part that is not whole are held, or bytes are still to be skipped. */
  get torn(): boolean {
    return this.#have > 0 || this.#skip > 0;
  }

  /** True when all that follows is ignored. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Drops `n` bytes that follow the part; to be called in a step. */
  skip(n: number): void {
    this.#skip = n;
  }

  /** Ignores what follows. */
  close(): void {
    this.#closed = true;
    this.#held = Buffer.alloc(0);
    this.#have = 0;
  }

  /** Takes the next bytes of the stream. */
  push(chunk: Buffer): void {
    let o = 0;
    while (!this.#closed) {
      if (this.#skip > 0) {
        const n = Math.min(this.#skip, chunk.length - o);
        this.#skip -= n;
        this.#offset += n;
        o += n;
        if (this.#skip > 0) return;
      }
      const missing = this.#want - this.#have;
      if (chunk.length - o < missing) {
        this.#hold(chunk, o);
        return;
      }
      this.#offset += this.#want;
      if (this.#have === 0) {
        const start = o;
        o += missing;
        this.#want = this.#step(chunk, start, o);
      } else {
        chunk.copy(this.#held, this.#have, o, o + missing);
        o += missing;
        this.#have = 0;
        this.#want = this.#step(this.#held, 0, this.#want);
      }
    }
  }

  #hold(chunk: Buffer, o: number): void {
    if (this.#held.length < this.#want) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.#want, 4096));
      this.#held.copy(larger, 0, 0, this.#have);
      this.#held = larger;
    }
    this.#have += chunk.copy(this.#held, this.#have, o);
  }
}
