// How long to wait before one tries again.
import type { ReconnectSettings } from "./settings.js";

/** Waits that double from `min` to `max`, each less a random part of up to a half: many who wait shall not come at once. */
export class Backoff {
  readonly #settings: ReconnectSettings;
  #next: number;

  constructor(settings: ReconnectSettings) {
    this.#settings = settings;
    this.#next = settings.min;
  }

  /** Milliseconds to wait now; never less than `min`. @param random  0 up to, but not including, 1 */
  next(random: number = Math.random()): number {
    const { min, max } = this.#settings;
    const wait = Math.max(min, this.#next * (1 - random / 2));
    this.#next = Math.min(max, this.#next * 2);
    return Math.round(wait);
  }

  /** It has worked: the next wait is `min` again. */
  reset(): void {
    this.#next = this.#settings.min;
  }
}
