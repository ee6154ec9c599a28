// Latencies as a histogram of fixed size: percentiles of any number of them, not exact to the nanosecond.

/** Buckets that each power of two is divided into; a percentile is at most 1/32 too high or low. */
const PARTS = 16;
/** Powers of two up to 2^47 ns, which are 39 hours. */
const POWERS = 48;

/** Percentiles of latencies, in nanoseconds. `max` is exact, the others within 1/32. */
export interface LatencyFigures {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Counts latencies. */
export class Latencies {
  readonly #buckets = new Float64Array(PARTS * POWERS);
  #count = 0;
  #max = 0;

  /** @param nanoseconds  negative ones, of clocks that were set back, count as 0 */
  add(nanoseconds: number): void {
    const value = Math.max(0, nanoseconds);
    this.#buckets[bucketOf(value)]!++;
    this.#count++;
    if (value > this.#max) this.#max = value;
  }

  /** Undefined when there are none. */
  figures(): LatencyFigures | undefined {
    if (this.#count === 0) return undefined;
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
    for (const [i, n] of this.#buckets.entries()) {
      rest -= n;
      if (rest <= 0) return Math.min(this.#max, middleOf(i));
    }
    return this.#max;
  }
}

/** Values below PARTS have a bucket each. */
function bucketOf(value: number): number {
  if (value < PARTS) return Math.floor(value);
  const power = Math.floor(Math.log2(value));
  const part = Math.floor((value / 2 ** power - 1) * PARTS);
  return Math.min(PARTS * POWERS - 1, PARTS * (power - 3) + part);
}

function middleOf(bucket: number): number {
  if (bucket < PARTS) return bucket;
  const power = Math.floor(bucket / PARTS) + 3;
  const low = 2 ** power * (1 + (bucket % PARTS) / PARTS);
  return Math.round(low + 2 ** power / PARTS / 2);
}
