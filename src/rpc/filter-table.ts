// What OFP.SET_FILTER sets: which PACKET_INs clients hear of, and which are answered here.
import type { Channel, Clock } from "../channel/index.js";
import type { PacketFilter } from "../packet/index.js";
import type { FilterAction } from "./gen/types.js";
import { replyTo } from "./generic-reply.js";
import { readPacketIn } from "./packet-in.js";
import { makeLimiter, type Rate } from "./rate.js";

/** An entry of the table. */
export interface FilterEntry {
  /** Which packets it is for. */
  readonly filter: Pick<PacketFilter, "matches">;
  readonly action: FilterAction;
  /** Which of its packets become events. */
  readonly escalate: Rate;
}

/** `passes`: the PACKET_IN becomes an event; `replied`: it has been answered. */
export interface Verdict {
  readonly passes: boolean;
  readonly replied: boolean;
}

const PASSES: Verdict = { passes: true, replied: false };

/** The entries, one table for all connections. It stays until it is replaced, whoever has set it. */
export class FilterTable {
  readonly #clock: Clock;
  #entries: readonly (FilterEntry & { readonly allows: (now: number) => boolean })[] = [];
  /** False when the table is empty: then nobody needs to ask. */
  active = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Replaces the whole table; rates count from now on. */
  replace(entries: readonly FilterEntry[]): void {
    this.#entries = entries.map((entry) => ({ ...entry, allows: makeLimiter(entry.escalate) }));
    this.active = entries.length > 0;
  }

  /**
   * Applies the table to a PACKET_IN: the first entry that its frame matches and whose action can be carried out decides. It passes when
   * there is none, and when it cannot be decoded.
   */
  apply(channel: Channel, message: Buffer): Verdict {
    const packet = readPacketIn(message);
    if (packet === undefined) return PASSES;
    for (const { filter, action, allows } of this.#entries) {
      if (!filter.matches(packet.bytes, packet.start, packet.end)) continue;
      const replied = action === "GENERIC_REPLY";
      if (replied && !replyTo(packet, channel)) continue;
      return { passes: allows(this.#clock.now()), replied };
    }
    return PASSES;
  }
}
