// Latencies as a histogram of fixed size: percentiles of any number of them, not exact to the nanosecond.

/** Buckets that each power of two from 2^4 on is divided into; a percentile is at most 1/32 of it too high or low. */
const PARTS = 16;
/** Rows of so many buckets: up to 2^51 ns, which are 26 days. What is longer counts as that, but for the maximum. */
const ROWS = 48;

/** Percentiles of latencies, in nanoseconds. `max` is exact, the others are within 1/32 of the latency of that rank. */
export interface LatencyFigures {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Counts latencies. */
export class Latencies {
  readonly #buckets = new Float64Array(PARTS * ROWS);
  #count = 0;
  #max = 0;

  /** @param nanoseconds  negative ones, of clocks that were set back, count as 0 */
  add(nanoseconds: number): void {
    const value = Math.max(0, nanoseconds);
    this.#buckets[bucketOf(value)]!++;
    this.#count++;
    if (value > this.#max) this.#max = value;
  }

  /** All are 0 when there are none. */
  figures(): LatencyFigures {
    return {
      count: this.#count,
      p50: this.#percentile(0.5),
      p90: this.#percentile(0.9),
      p99: this.#percentile(0.99),
      max: this.#max,
    };
  }

  /** The value that this share of all do not exceed. */
  #percentile(share: number): number {
    let rest = Math.ceil(this.#count * share);
    if (rest === this.#count) return this.#max;
    for (const [i, n] of this.#buckets.entries()) {
      rest -= n;
      if (rest <= 0) return Math.min(this.#max, middleOf(i));
    }
    return this.#max;
  }
}

/** Values below 2 * PARTS have a bucket each. */
function bucketOf(value: number): number {
  if (value < PARTS) return Math.floor(value);
  const power = Math.floor(Math.log2(value));
  const part = Math.floor((value / 2 ** power - 1) * PARTS);
  return Math.min(PARTS * ROWS - 1, PARTS * (power - 3) + part);
}

/** The whole number in the middle of a bucket. */
function middleOf(bucket: number): number {
  if (bucket < PARTS) return bucket;
  const width = 2 ** (Math.floor(bucket / PARTS) - 1);
  return width * (PARTS + (bucket % PARTS)) + Math.floor((width - 1) / 2);
}
