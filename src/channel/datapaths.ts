// Which connection speaks for a datapath, and what becomes of another one.
//
//   newest  the new connection takes the place of the old one: a switch that comes again has lost the old one,
//           and knows it, before we do
//   oldest  the new one is refused as long as the old one is there
//   reject  as oldest; and no later connection, whatever its policy, takes the place of one made under this policy
//   probe   the old one is asked for a sign of life; where none comes in time, the new one takes its place
//
// The policy is that of the new connection. Among auxiliary connections of the same id the newest always counts.
import { isIPv4 } from "node:net";
import type { Channel } from "./channel.js";
import type { Admission } from "./channel-owner.js";
import type { Clock } from "./clock.js";
import { type Endpoint, formatEndpoint } from "./endpoint.js";
import type { CloseCause } from "./reason.js";

const MAIN = 0;

const MAIN_CLOSED: CloseCause = { reason: "PEER_CLOSED", message: "the main connection ended" };

/** The connections of all datapaths. */
export class Datapaths {
  readonly #clock: Clock;
  /** By datapath id, then by auxiliary id; 0 is the main connection. */
  readonly #byId = new Map<string, Map<number, Channel>>();
  /** What waits for a sign of life of a channel: to be called with whether there was one. */
  readonly #probes = new Map<Channel, Set<(alive: boolean) => void>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The main connection of a datapath, or its auxiliary connection of this id. */
  find(datapathId: string, auxiliaryId: number = MAIN): Channel | undefined {
    return this.#byId.get(datapathId)?.get(auxiliaryId);
  }

  /** Decides about a channel that has its identity. After "wait" its `admit` or `fail` is called. */
  claim(channel: Channel): Admission {
    const { datapathId, auxiliaryId } = channel;
    if (auxiliaryId !== MAIN) {
      const refusal = whyNotAuxiliary(channel, this.find(datapathId));
      if (refusal !== undefined) return { reason: "AUXILIARY_REFUSED", message: refusal };
    }
    const old = this.find(datapathId, auxiliaryId);
    if (old === undefined || auxiliaryId !== MAIN) return this.#replace(old, channel);
    const policy = old.facts.options.duplicates === "reject" ? "reject" : channel.facts.options.duplicates;
    switch (policy) {
      case "oldest":
      case "reject":
        return refusal(old);
      case "probe":
        this.#probe(old, channel);
        return "wait";
      default:
        return this.#replace(old, channel);
    }
  }

  #replace(old: Channel | undefined, channel: Channel): Admission {
    const { datapathId, auxiliaryId, facts } = channel;
    const before = this.#byId.get(datapathId);
    // The place is taken before the old one ends: whoever hears of that end must not find it free.
    if (auxiliaryId === MAIN) this.#byId.set(datapathId, new Map([[MAIN, channel]]));
    else before?.set(auxiliaryId, channel);
    const message = `conn_id ${facts.connId} of ${formatEndpoint(facts.remote)} took its place`;
    old?.reset({ reason: "REPLACED", message });
    if (auxiliaryId === MAIN && before !== undefined) closeAuxiliaries(before);
    return "admit";
  }

  #probe(old: Channel, channel: Channel): void {
    const waiting = this.#probes.get(old) ?? new Set();
    this.#probes.set(old, waiting);
    const decide = (alive: boolean): void => {
      stop();
      waiting.delete(decide);
      if (channel.phase !== "handshake") return;
      const present = this.find(channel.datapathId);
      // Another one that waited may have been faster.
      if (alive || (present !== undefined && present !== old)) channel.fail(refusal(present ?? old));
      else {
        this.#replace(present, channel);
        channel.admit();
      }
    };
    const stop = this.#clock.after(channel.facts.timeouts.probe, () => decide(false));
    waiting.add(decide);
    old.probe(() => this.#settle(old, true));
  }

  #settle(old: Channel, alive: boolean): void {
    const waiting = this.#probes.get(old) ?? [];
    this.#probes.delete(old);
    for (const decide of waiting) decide(alive);
  }

  /** Forgets a channel that has closed. With a main connection its auxiliary ones end (OF 1.3.5 §6.3.6). */
  release(channel: Channel): void {
    const connections = this.#byId.get(channel.datapathId);
    if (connections?.get(channel.auxiliaryId) === channel) {
      connections.delete(channel.auxiliaryId);
      if (channel.auxiliaryId === MAIN) {
        this.#byId.delete(channel.datapathId);
        closeAuxiliaries(connections);
      }
    }
    this.#settle(channel, false);
  }
}

function closeAuxiliaries(connections: Map<number, Channel>): void {
  for (const [auxiliaryId, channel] of connections) if (auxiliaryId !== MAIN) channel.close(MAIN_CLOSED);
}

function refusal({ facts, datapathId }: Channel): CloseCause {
  const message = `Connection refused: conn_id ${facts.connId} of ${formatEndpoint(facts.remote)} is that of ${datapathId}`;
  return { reason: "DUPLICATE_DATAPATH", message };
}

/** OF 1.3.5 §6.3.6: after the main connection, from the same address, in the same version. */
function whyNotAuxiliary(channel: Channel, main: Channel | undefined): string | undefined {
  const refused = "Auxiliary connection refused";
  if (main === undefined) return `${refused}: no main connection of ${channel.datapathId}`;
  if (!main.facts.options.auxiliary) return `${refused}: option AUXILIARY is not set`;
  if (main.version !== channel.version)
    return `${refused}: its version ${channel.version} is not that of the main connection, ${main.version}`;
  const from = addressOf(channel.facts.remote);
  const mainFrom = addressOf(main.facts.remote);
  if (from !== mainFrom) return `${refused}: it comes from ${from}, the main connection from ${mainFrom}`;
  return undefined;
}

/** As people write it: a listener for IPv6 and IPv4 sees IPv4 peers in another form. */
function addressOf({ host }: Endpoint): string {
  const mapped = host.replace(/^::ffff:/i, "");
  return isIPv4(mapped) ? mapped : host;
}
