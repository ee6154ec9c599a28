/** What stands in an AgeList. One that stands in none has neither neighbour. */
export interface Aged<Self> {
  older: Self | undefined;
  newer: Self | undefined;
}

/**
 * Elements in the order in which they were added. Adding, removing and finding the oldest take the same time however many there
 * are. (A Map has an order, too, but looks for its first key among all that were deleted since it last grew.)
 */
export class AgeList<T extends Aged<T>> {
  #oldest: T | undefined;
  #newest: T | undefined;

  get oldest(): T | undefined {
    return this.#oldest;
  }

  get newest(): T | undefined {
    return this.#newest;
  }

  /** Adds an element that stands in no list. */
  add(element: T): void {
    element.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = element;
    else this.#newest.newer = element;
    this.#newest = element;
  }

  /** Removes an element of this list. */
  remove(element: T): void {
    const { older, newer } = element;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    element.older = undefined;
    element.newer = undefined;
  }

  /** Forgets all elements. */
  clear(): void {
    this.#oldest = undefined;
    this.#newest = undefined;
  }

  /** Oldest first. (The declarations that TypeScript makes of a generator named by a symbol are invalid.) */
  *values(): Generator<T> {
    for (let one = this.#oldest; one !== undefined; one = one.newer) yield one;
  }
}
