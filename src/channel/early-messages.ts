// Messages of a switch that came before its channel was up, and are delivered then.

/** Keeps frames, up to a number of bytes. */
export class EarlyMessages {
  #frames: Buffer[] = [];
  #bytes = 0;

  /** Keeps a copy. False: it would be more than `limit` bytes in all, and is not kept. */
  add(frame: Buffer, limit: number): boolean {
    if (this.#bytes + frame.length > limit) return false;
    this.#frames.push(Buffer.from(frame));
    this.#bytes += frame.length;
    return true;
  }

  /** Gives all, in their order, and forgets them. */
  take(): Buffer[] {
    const frames = this.#frames;
    this.#frames = [];
    this.#bytes = 0;
    return frames;
  }
}
