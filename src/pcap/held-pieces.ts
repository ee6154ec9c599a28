// Pieces of a row of bytes whose first ones, or some between, have not come: TCP segments of one direction, fragments of IP.
import type { HeldBytes } from "./capture-limits.js";

/** Memory that a piece takes besides its bytes, about. */
export const OVERHEAD = 256;

/** A part of a segment or fragment that is held. */
export interface HeldPiece {
  /** Number of its first byte, modulo 2^32. */
  readonly sequence: number;
  readonly bytes: Buffer;
  /** Bytes behind it that were sent and not captured. */
  readonly cut: number;
  readonly sec: number;
  readonly nsec: number;
}

/** Holds pieces by their order. They do not overlap: what came first counts, as for most receivers. */
export class HeldPieces implements Iterable<HeldPiece> {
  readonly #held: HeldBytes;
  readonly #list: HeldPiece[] = [];
  #bytes = 0;

  constructor(held: HeldBytes) {
    this.#held = held;
  }

  get count(): number {
    return this.#list.length;
  }

  /** Bytes of all pieces. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The first one. */
  get first(): HeldPiece | undefined {
    return this.#list[0];
  }

  [Symbol.iterator](): Iterator<HeldPiece> {
    return this.#list.values();
  }

  /** Whether bytes of b[o, end) are held otherwise. @param base  as that of `add` */
  contradicts(base: number, sequence: number, b: Buffer, o: number, end: number): boolean {
    const list = this.#list;
    const at = (sequence - base) >>> 0;
    const stop = at + end - o;
    for (let i = this.#find(base, at); i < list.length; i++) {
      const { sequence: held, bytes } = list[i] as HeldPiece;
      const start = (held - base) >>> 0;
      const from = Math.max(at, start);
      const to = Math.min(stop, start + bytes.length);
      if (from >= to) return false;
      if (b.compare(bytes, from - start, to - start, o + from - at, o + to - at) !== 0) return true;
    }
    return false;
  }

  /**
   * Adds copies of those parts of b[o, end) that are not held.
   * @param base  a sequence number that is before or at all that are held; the order is that of the distances from it
   */
  add(
    base: number,
    sequence: number,
    b: Buffer,
    o: number,
    end: number,
    rest: Omit<HeldPiece, "sequence" | "bytes">,
  ): void {
    const list = this.#list;
    let at = (sequence - base) >>> 0;
    const stop = at + end - o;
    let i = this.#find(base, at);
    while (at < stop || (at === stop && rest.cut > 0 && o === end)) {
      const next = list[i];
      const start = next === undefined ? Number.POSITIVE_INFINITY : (next.sequence - base) >>> 0;
      if (at < start) {
        const until = Math.min(stop, start);
        const bytes = Buffer.from(b.subarray(end - (stop - at), end - (stop - until)));
        const cut = until === stop ? rest.cut : 0;
        list.splice(i++, 0, { ...rest, sequence: (base + at) >>> 0, bytes, cut });
        this.#count(bytes.length, 1);
        at = until;
        if (at === stop) return;
      }
      at = Math.max(at, start + (next as HeldPiece).bytes.length);
      i++;
    }
  }

  /** Takes the first one out. */
  shift(): void {
    const first = this.#list.shift();
    if (first !== undefined) this.#count(-first.bytes.length, -1);
  }

  /** Forgets all. */
  clear(): void {
    this.#count(-this.#bytes, -this.#list.length);
    this.#list.length = 0;
  }

  /** Index of the first piece that ends behind `at`. */
  #find(base: number, at: number): number {
    let low = 0;
    let high = this.#list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const { sequence, bytes } = this.#list[middle] as HeldPiece;
      if (((sequence - base) >>> 0) + bytes.length > at) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #count(bytes: number, pieces: number): void {
    this.#bytes += bytes;
    this.#held.count += bytes + pieces * OVERHEAD;
  }
}
