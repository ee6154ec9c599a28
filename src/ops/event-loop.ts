// How long work waits in this process because other work goes on: there is one thread for all.
import { performance } from "node:perf_hooks";
import { Histogram } from "./prometheus.js";

/** Milliseconds between two looks. */
const INTERVAL = 20;

/** Seconds. */
const BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Measures by how many seconds a timer comes late, until it is stopped. Its timer does not keep the process alive. */
export class EventLoopDelay {
  readonly histogram = new Histogram(BOUNDS);
  readonly #timer: NodeJS.Timeout;
  #due = performance.now() + INTERVAL;

  constructor() {
    this.#timer = setInterval(() => this.#look(), INTERVAL).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    // A timer may come up to a millisecond early, for the loop counts whole ones.
    this.histogram.add(Math.max(0, now - this.#due) / 1000);
    this.#due = now + INTERVAL;
  }
}
