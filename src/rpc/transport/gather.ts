// Bytes of a text that came in pieces.

/** What is reserved at first, in bytes. */
const FIRST_ROOM = 4096;

const NOTHING: Buffer = Buffer.alloc(0);

/**
 * Copies pieces together. A text of n bytes costs some n bytes of copying however small its pieces are, and holds at
 * most twice its bytes: a peer that sends single bytes gains nothing.
 */
export class Gather {
  #bytes = NOTHING;
  #length = 0;

  /** Bytes that are held. */
  get length(): number {
    return this.#length;
  }

  /** Adds a copy of a piece. */
  append(piece: Uint8Array): void {
    const length = this.#length + piece.length;
    if (length > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(FIRST_ROOM, length, 2 * this.#bytes.length));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(piece, this.#length);
    this.#length = length;
  }

  /** Gives what is held, `last` behind it, and holds nothing then. What is given may be `last` itself. */
  take(last: Buffer): Buffer {
    if (this.#length === 0) return last;
    this.append(last);
    const whole = this.#bytes.subarray(0, this.#length);
    this.#bytes = NOTHING;
    this.#length = 0;
    return whole;
  }
}
