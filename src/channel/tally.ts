// What there was, in numbers: for metrics.
import type { Channel } from "./channel.js";
import { Counters } from "./counters.js";
import type { ChannelReason } from "./reason.js";

/** Versions on the wire, 0 for what no version was agreed on. */
const VERSIONS = 7;

/** Counts over all connections, also those that have ended. */
export class Tally {
  /** Handshakes that failed, TLS included, by reason. */
  readonly handshakeFailures: Partial<Record<ChannelReason, number>> = {};
  /** Of the connections that have ended, by version. */
  readonly #ended = newCounters();

  /** Counts a handshake that failed. */
  failed(reason: ChannelReason): void {
    this.handshakeFailures[reason] = (this.handshakeFailures[reason] ?? 0) + 1;
  }

  /** Keeps the counts of a connection that has ended. */
  ended({ version, counters }: Channel): void {
    this.#ended[version]?.add(counters);
  }

  /** Counts of all connections there were, by the number of the version; those without one are under 0. @param present  those that are there */
  totals(present: Iterable<Channel>): readonly Counters[] {
    const totals = newCounters();
    for (const [version, ended] of this.#ended.entries()) totals[version]?.add(ended);
    for (const { version, counters } of present) totals[version]?.add(counters);
    return totals;
  }
}

function newCounters(): Counters[] {
  return Array.from({ length: VERSIONS }, () => new Counters());
}
