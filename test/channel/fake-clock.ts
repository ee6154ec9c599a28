// A clock that goes only when told to.
import type { Clock, WallTime } from "../../src/channel/index.js";

interface Timer {
  due: number;
  readonly every: number | undefined;
  readonly run: () => void;
}

/** Starts at 0 ms; its time of day is 1700000000.5 s plus what has passed. */
export class FakeClock implements Clock {
  time = 0;
  readonly #timers = new Set<Timer>();

  readonly now = (): number => this.time;

  wall(into: WallTime): void {
    into.sec = 1700000000 + Math.floor((this.time + 500) / 1000);
    into.nsec = ((this.time + 500) % 1000) * 1e6;
  }

  every(ms: number, run: () => void): () => void {
    return this.#add({ due: this.time + ms, every: ms, run });
  }

  after(ms: number, run: () => void): () => void {
    return this.#add({ due: this.time + ms, every: undefined, run });
  }

  #add(timer: Timer): () => void {
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Time passes while this process is stopped: all timers are late by it. */
  stall(ms: number): void {
    this.time += ms;
    for (const timer of this.#timers) timer.due += ms;
  }

  /** Lets time pass, and the timers run in their order. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const next = [...this.#timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
      if (next === undefined) break;
      this.time = next.due;
      if (next.every === undefined) this.#timers.delete(next);
      else next.due += next.every;
      next.run();
    }
    this.time = end;
  }
}
