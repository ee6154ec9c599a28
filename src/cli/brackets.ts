/** Finds where JSON values end, without reading them. */

/** Counts the open brackets of JSON text, outside of strings. Works on bytes of UTF-8 and on UTF-16 units. */
export class BracketScanner {
  #depth = 0;
  #inString = false;
  #escaped = false;

  /** True while a bracket or a string is open. */
  get open(): boolean {
    return this.#depth > 0 || this.#inString;
  }

  /** True inside of a string. */
  get inString(): boolean {
    return this.#inString;
  }

  /** Starts over. */
  reset(): void {
    this.#depth = 0;
    this.#inString = false;
    this.#escaped = false;
  }

  /** Takes the next byte or unit. */
  step(c: number): void {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (c === 0x5c) this.#escaped = true;
      else if (c === 0x22) this.#inString = false;
    } else if (c === 0x22) this.#inString = true;
    else if (c === 0x7b || c === 0x5b) this.#depth++;
    else if (c === 0x7d || c === 0x5d) this.#depth--;
  }
}
