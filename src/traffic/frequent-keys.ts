// The most frequent of many keys, in bounded memory.

/** A key and how often it was seen. */
export interface Frequent {
  readonly key: string;
  /** Never too low. */
  readonly count: number;
  /** How much too high it may be, at most; 0 while there were few keys. */
  readonly over: number;
}

interface Counter {
  count: number;
  over: number;
}

/**
 * Counts keys, by the space-saving algorithm (Metwally, Agrawal, El Abbadi 2005): of `capacity` counters, a new key takes over
 * that with the least count. A key that is more than 1/capacity of all is never missed.
 */
export class FrequentKeys {
  readonly #capacity: number;
  readonly #counters = new Map<string, Counter>();

  constructor(capacity = 256) {
    this.#capacity = capacity;
  }

  add(key: string): void {
    const known = this.#counters.get(key);
    if (known !== undefined) {
      known.count++;
      return;
    }
    let over = 0;
    if (this.#counters.size >= this.#capacity) {
      const [least, { count }] = this.#least();
      this.#counters.delete(least);
      over = count;
    }
    this.#counters.set(key, { count: over + 1, over });
  }

  /** The most frequent keys, most frequent first. */
  top(n: number): Frequent[] {
    return Array.from(this.#counters, ([key, counter]) => ({ key, ...counter }))
      .sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1))
      .slice(0, n);
  }

  #least(): [string, Counter] {
    let found: [string, Counter] | undefined;
    for (const entry of this.#counters)
      if (found === undefined || entry[1].count < found[1].count) found = entry;
    return found as [string, Counter];
  }
}
