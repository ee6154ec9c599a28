// What a client wants to hear: OFP.SUBSCRIBE. Without one it hears all.
import type { Channel } from "../channel/index.js";
import { frameTypeName } from "../codec/decode.js";
import type { TypePattern } from "./choice-params.js";
import { makeLimiter, type Rate } from "./rate.js";

/** What a client may choose; what is undefined is not limited. */
export interface SubscriptionChoice {
  /** Patterns of message types, of which one has to match. */
  readonly types?: readonly TypePattern[] | undefined;
  readonly datapathIds?: ReadonlySet<string> | undefined;
  readonly connIds?: ReadonlySet<number> | undefined;
  /** PACKET_INs of each connection. */
  readonly packetInRate?: { readonly text: string; readonly rate: Rate } | undefined;
  /** Replies to the requests of other clients, too. */
  readonly allReplies: boolean;
}

/** Which events a client gets. */
export class Subscription {
  readonly choice: SubscriptionChoice;
  readonly #known = new Map<string, boolean>();
  readonly #limiters = new WeakMap<Channel, (now: number) => boolean>();
  /** PACKET_INs that were left out because of the rate. */
  limited = 0;

  constructor(choice: SubscriptionChoice = { allReplies: false }) {
    this.choice = choice;
  }

  /** True for a message of a switch that is wanted, its rate apart. */
  wants(channel: Channel, frame: Buffer): boolean {
    const { types } = this.choice;
    if (!this.wantsChannel(channel.facts.connId, channel.datapathId)) return false;
    return types === undefined || this.#wantsType(frameTypeName(frame, 0, frame.length) ?? "CHANNEL_ALERT");
  }

  /** True for a CHANNEL_* event that is wanted. @param connId  0 when it is about no connection */
  wantsEvent(type: string, connId: number, datapathId: string): boolean {
    return (connId === 0 || this.wantsChannel(connId, datapathId)) && this.#wantsType(type);
  }

  /** True for connections that are wanted. @param datapathId  "" while unknown */
  wantsChannel(connId: number, datapathId: string): boolean {
    const { datapathIds, connIds } = this.choice;
    if (datapathIds === undefined && connIds === undefined) return true;
    return datapathIds?.has(datapathId) === true || connIds?.has(connId) === true;
  }

  /** False for a PACKET_IN beyond the rate; it is counted then. To be asked once for each. */
  allowsPacketIn(channel: Channel, now: number): boolean {
    const rate = this.choice.packetInRate?.rate;
    if (rate === undefined) return true;
    let allows = this.#limiters.get(channel);
    if (allows === undefined) {
      allows = makeLimiter(rate);
      this.#limiters.set(channel, allows);
    }
    if (allows(now)) return true;
    this.limited++;
    return false;
  }

  #wantsType(type: string): boolean {
    const { types } = this.choice;
    if (types === undefined) return true;
    let wanted = this.#known.get(type);
    if (wanted === undefined) {
      wanted = types.some(({ matches }) => matches(type));
      this.#known.set(type, wanted);
    }
    return wanted;
  }
}
