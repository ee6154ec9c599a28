// A connection: its messages, and who is who.
import type { Meaning } from "./brief.js";
import type { TrafficWay } from "./message.js";
import type { Paired } from "./pairing.js";
import { opposite, type SideName } from "./sender.js";
import type { ConnectionReport } from "./summary-report.js";
import { type Counted, Tally } from "./tally.js";

/** HELLO's version says what its sender could speak, and not what is spoken. */
const HELLO = "HELLO";

/** What FEATURES_REPLY says of the switch. */
export interface Identity {
  readonly datapathId: string;
  readonly auxiliaryId: number;
}

/** What a message says of its connection. */
interface Facts {
  readonly version: number;
  readonly identity: Identity | undefined;
}

/** Counts the messages of a connection, or of an input that is no capture. */
export class ConnectionTally {
  readonly #tally = new Tally();
  readonly #way: TrafficWay;
  /** Address and port of the switch. */
  #switch: string | undefined;
  #version = 0;
  /** A message that is not HELLO has come. */
  #agreed = false;
  #identity: Identity | undefined;

  constructor(way: TrafficWay) {
    this.#way = way;
  }

  take(counted: Counted, { way, sender }: Paired, { version, identity }: Facts): void {
    if (counted.type !== HELLO || !this.#agreed) this.#version = version;
    if (counted.type !== HELLO) this.#agreed = true;
    if (sender !== undefined) this.#switch = sender === "switch" ? way.src : way.dst;
    if (identity !== undefined) this.#identity = identity;
    const [from, to] = way.mixed === true ? sideNames(sender) : [way.src, way.dst];
    this.#tally.take(counted, from, to);
  }

  /** Counts a message that could not be decoded. @param length  bytes */
  takeUndecodable(length: number, at: Counted["at"]): void {
    this.#tally.takeUndecodable(length, at);
  }

  /** Whether messages of this type were counted. */
  has(type: string): boolean {
    return this.#tally.has(type);
  }

  report(meaning: Meaning): ConnectionReport {
    const { connId, mixed } = this.#way;
    const { datapathId, auxiliaryId = 0 } = this.#identity ?? {};
    return {
      ...(mixed === true ? { input: -connId } : { conn_id: connId }),
      version: this.#version,
      ...(datapathId === undefined ? {} : { datapath_id: datapathId }),
      ...(auxiliaryId === 0 ? {} : { auxiliary_id: auxiliaryId }),
      ...this.#ends(),
      ...this.#tally.report((from) => this.#sideOf(from), meaning),
    };
  }

  #ends(): Pick<ConnectionReport, "switch" | "controller" | "ends"> {
    const { src, dst, mixed } = this.#way;
    if (mixed === true) return {};
    if (this.#switch === undefined) return { ends: [src, dst] };
    return { switch: this.#switch, controller: this.#switch === src ? dst : src };
  }

  #sideOf(from: string): SideName | null {
    if (this.#way.mixed === true) return sideNamed(from);
    if (this.#switch === undefined) return null;
    return from === this.#switch ? "switch" : "controller";
  }
}

/** A sender, and the other side, where ends have no addresses or too many. */
export function sideNames(sender: SideName | undefined): readonly [from: string, to: string] {
  return sender === undefined ? ["", ""] : [sender, opposite(sender)];
}

/** The side of a name of `sideNames`. */
export function sideNamed(name: string): SideName | null {
  return name === "switch" || name === "controller" ? name : null;
}
