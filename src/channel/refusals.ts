// Connections that a listener had to refuse, as clients hear of them: a flood of them makes no flood of alerts.
import type { Clock } from "./clock.js";

/** Milliseconds for which refusals are counted before they are told together. */
export const REFUSAL_INTERVAL = 1000;

interface Counted {
  count: number;
  latest: string;
  why: string;
}

/** Tells of the first refusal of a listener at once, and of further ones together, once a second. */
export class Refusals {
  readonly #clock: Clock;
  readonly #tell: (connId: number, message: string) => void;
  /** By number of the listener: what has come since its clients were told last, a second ago or less. */
  readonly #counted = new Map<number, Counted>();

  /** @param tell  gets the number of the listener and a sentence */
  constructor(clock: Clock, tell: (connId: number, message: string) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Tells of a refusal, now or later. @param from  address of the peer  @param why  the limit that was reached */
  add(connId: number, from: string, why: string): void {
    const counted = this.#counted.get(connId);
    if (counted !== undefined) {
      counted.count++;
      counted.latest = from;
      counted.why = why;
      return;
    }
    this.#tell(connId, `A connection of ${from} was closed: ${why}`);
    this.#countOn(connId);
  }

  #countOn(connId: number): void {
    this.#counted.set(connId, { count: 0, latest: "", why: "" });
    this.#clock.after(REFUSAL_INTERVAL, () => this.#tellCounted(connId));
  }

  #tellCounted(connId: number): void {
    const { count, latest, why } = this.#counted.get(connId) as Counted;
    this.#counted.delete(connId);
    if (count === 0) return;
    const subject = count === 1 ? "1 more connection was" : `${count} more connections were`;
    this.#tell(connId, `${subject} closed in the last second, the latest of ${latest}: ${why}`);
    this.#countOn(connId);
  }
}
