// The requests whose replies took longest.
import type { Answer } from "./pairing.js";

/** An answer whose latency is known. */
export type TimedAnswer = Answer & { readonly latency: number };

/** Keeps the slowest of many answers. */
export class Slowest {
  readonly #most: number;
  /** Slowest first. */
  readonly #answers: TimedAnswer[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** Slowest first; of those that took as long, the earlier first. */
  get answers(): readonly TimedAnswer[] {
    return this.#answers;
  }

  take(answer: TimedAnswer): void {
    const fastest = this.#answers.at(-1);
    const full = this.#answers.length >= this.#most;
    if (full && fastest !== undefined && fastest.latency >= answer.latency) return;
    if (full) this.#answers.pop();
    const place = this.#answers.findIndex(({ latency }) => latency < answer.latency);
    this.#answers.splice(place < 0 ? this.#answers.length : place, 0, answer);
  }
}
