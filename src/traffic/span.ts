// The time from a first message to a last one.
import { type Moment, nanosecondsBetween } from "./message.js";
import type { Span } from "./summary-report.js";

/** Follows when messages came. */
export class SpanTally {
  #first: Moment | undefined;
  #last: Moment | undefined;

  /** Takes the time of a message, known or not. */
  take(at: Moment): void {
    if (at.sec < 0) return;
    // The connections of a capture that are decrypted come after the others.
    if (this.#first === undefined || isBefore(at, this.#first)) this.#first = at;
    if (this.#last === undefined || isBefore(this.#last, at)) this.#last = at;
  }

  report(): Span {
    const [first, last] = [this.#first, this.#last];
    if (first === undefined || last === undefined) return {};
    return {
      start: momentText(first),
      end: momentText(last),
      duration: (nanosecondsBetween(first, last) ?? 0) / 1e9,
    };
  }
}

/** `1421351043.638265000`. */
export function momentText({ sec, nsec }: Moment): string {
  return `${sec}.${String(nsec).padStart(9, "0")}`;
}

function isBefore(a: Moment, b: Moment): boolean {
  return a.sec < b.sec || (a.sec === b.sec && a.nsec < b.nsec);
}
