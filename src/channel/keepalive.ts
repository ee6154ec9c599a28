// Is a peer still there? Any byte is a sign of life; silence is asked about, and then counts (OF 1.3.5 §6.4).
import type { Counters } from "./counters.js";
import type { KeepaliveSettings } from "./settings.js";

/** What the silence of a peer calls for. */
export type KeepaliveVerdict = "ask" | "dead" | undefined;

/** Watches the silence of one peer. Knows no sockets and no timers; all times are milliseconds of one clock. */
export class Keepalive {
  readonly #settings: KeepaliveSettings;
  readonly #counters: Counters;
  /** When the latest byte came, and when we asked last. */
  #heard = 0;
  #asked = Number.NEGATIVE_INFINITY;
  /** When the questions went that are not answered, oldest first. */
  readonly #open: number[] = [];

  /** @param counters  where the times of the answers are added up */
  constructor(settings: KeepaliveSettings, counters: Counters) {
    this.#settings = settings;
    this.#counters = counters;
  }

  /** Bytes have come, whatever they are. */
  heard(now: number): void {
    this.#heard = now;
  }

  /** What to do now. "ask" is said once for each interval of silence. */
  check(now: number): KeepaliveVerdict {
    const { interval, count } = this.#settings;
    if (interval === 0) return undefined;
    const idle = now - this.#heard;
    if (idle >= interval * (count + 1)) return "dead";
    return idle >= interval && now - this.#asked >= interval ? "ask" : undefined;
  }

  /** An ECHO_REQUEST of ours is on its way. */
  asked(now: number): void {
    this.#asked = now;
    // A peer that is alive but never answers must not make the list grow.
    if (this.#open.length > this.#settings.count) this.#open.shift();
    this.#open.push(now);
  }

  /** One of our ECHO_REQUESTs was answered; answers come in the order of the questions. */
  answered(now: number): void {
    const asked = this.#open.shift();
    if (asked === undefined) return;
    this.#counters.echoes++;
    this.#counters.echoLast = now - asked;
    this.#counters.echoSum += now - asked;
  }

  /** Silence of which we could not have heard anything does not count. */
  forgive(ms: number): void {
    this.#heard += ms;
    this.#asked += ms;
  }
}
