// The place where JSON text is written as bytes: a large buffer ("slab") and a cursor that all writers share.

/** Bytes of a slab, unless one text needs more. */
export const SLAB_SIZE = 1 << 20;

/**
 * Text under construction. All of it is ASCII: other characters are written as \uXXXX, so that bytes, Latin-1
 * and UTF-8 are the same. Finished texts are handed out as views and belong to their users from then on: a slab
 * is never rewound, a full one is replaced and left to the garbage collector.
 *
 * Writers store at `o[p]` (or through `v`) and move `p`. They do not check for space: whoever starts a text
 * asks for the longest it can become with `room`. Stores beyond the slab are lost or throw RangeError.
 */
export class Text {
  /** The slab. */
  o: Buffer;
  /** The slab again, for storing several characters at once: `setUint32`, and `setFloat64` as in constant.ts. */
  v: DataView;
  /** Where the next byte goes. */
  p: number;
  /** Where the unfinished text starts. */
  start: number;

  constructor(size = SLAB_SIZE) {
    this.o = Buffer.allocUnsafeSlow(size);
    this.v = new DataView(this.o.buffer, this.o.byteOffset, size);
    this.p = 0;
    this.start = 0;
  }

  /** Assures `n` free bytes at `p`. When that takes a new slab, the unfinished text moves along. */
  room(n: number): void {
    if (this.o.length - this.p < n) this.#renew(n);
  }

  /** Bytes of the unfinished text. */
  get length(): number {
    return this.p - this.start;
  }

  /** Finishes the text: its bytes, as a view that nobody writes to again. The next text starts after it. */
  take(): Buffer {
    const text = this.o.subarray(this.start, this.p);
    this.start = this.p;
    return text;
  }

  /** Finishes the text and returns it as a string. */
  takeString(): string {
    const text = this.o.toString("latin1", this.start, this.p);
    this.p = this.start;
    return text;
  }

  /** Throws the unfinished text away, or what was written of it after `p`. */
  discard(p = this.start): void {
    this.p = p;
  }

  /**
   * Starts the slab over, overwriting texts that were taken from it. Only for users who are done with each text
   * before they start the next one (synchronous writes), never for bytes given to a socket.
   */
  rewind(): void {
    this.p = 0;
    this.start = 0;
  }

  #renew(n: number): void {
    const unfinished = this.o.subarray(this.start, this.p);
    // Twice what is there: a text that grows piece by piece is copied a few times only.
    const size = Math.max(SLAB_SIZE, unfinished.length * 2, unfinished.length + n);
    this.o = Buffer.allocUnsafeSlow(size);
    this.v = new DataView(this.o.buffer, this.o.byteOffset, size);
    unfinished.copy(this.o);
    this.p = unfinished.length;
    this.start = 0;
  }
}
