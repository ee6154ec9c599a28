// Segments of one direction that came before others which belong in front of them.
import type { HeldBytes } from "./capture-limits.js";

/** Memory that a segment takes besides its bytes, about. */
const OVERHEAD = 256;

/** A part of a segment that is held. */
export interface EarlySegment {
  /** Sequence number of its first byte. */
  readonly sequence: number;
  readonly bytes: Buffer;
  /** Bytes behind it that were sent and not captured. */
  readonly cut: number;
  readonly sec: number;
  readonly nsec: number;
}

/** Holds segments by their order. They do not overlap: what came first counts, as for most receivers. */
export class EarlySegments {
  readonly #held: HeldBytes;
  readonly #list: EarlySegment[] = [];
  #bytes = 0;

  constructor(held: HeldBytes) {
    this.#held = held;
  }

  get count(): number {
    return this.#list.length;
  }

  /** Bytes of all segments. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The first one. */
  get first(): EarlySegment | undefined {
    return this.#list[0];
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
    rest: Omit<EarlySegment, "sequence" | "bytes">,
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
      at = Math.max(at, start + (next as EarlySegment).bytes.length);
      i++;
    }
  }

  /** Takes the first one out. */
  shift(): void {
    const first = this.#list.shift();
    if (first !== undefined) this.#count(-first.bytes.length, -1);
  }

  /** Index of the first segment that ends behind `at`. */
  #find(base: number, at: number): number {
    let low = 0;
    let high = this.#list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const { sequence, bytes } = this.#list[middle] as EarlySegment;
      if (((sequence - base) >>> 0) + bytes.length > at) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #count(bytes: number, segments: number): void {
    this.#bytes += bytes;
    this.#held.count += bytes + segments * OVERHEAD;
  }
}
