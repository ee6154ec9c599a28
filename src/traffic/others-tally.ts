// Connections beyond those that are told one by one.
import type { Meaning } from "./brief.js";
import { sideNamed, sideNames } from "./connection-tally.js";
import type { Paired } from "./pairing.js";
import type { OthersReport } from "./summary-report.js";
import { type Counted, Tally } from "./tally.js";

/** Connections that are remembered as counted: the reader of captures follows no more at a time. */
const REMEMBERED = 16_384;

/** Counts the messages of many connections together. */
export class OthersTally {
  readonly #tally = new Tally();
  /** Those that spoke last are last. */
  readonly #ids = new Set<number>();
  #connections = 0;

  take(counted: Counted, { way, sender }: Paired): void {
    this.#meet(way.connId);
    const [from, to] = sideNames(sender);
    this.#tally.take(counted, from, to);
  }

  takeUndecodable(length: number, at: Counted["at"], connId: number): void {
    this.#meet(connId);
    this.#tally.takeUndecodable(length, at);
  }

  /** Whether messages of this type were counted. */
  has(type: string): boolean {
    return this.#tally.has(type);
  }

  report(meaning: Meaning): OthersReport {
    return { connections: this.#connections, ...this.#tally.report(sideNamed, meaning) };
  }

  #meet(connId: number): void {
    if (!this.#ids.delete(connId)) this.#connections++;
    this.#ids.add(connId);
    if (this.#ids.size <= REMEMBERED) return;
    const [oldest] = this.#ids;
    if (oldest !== undefined) this.#ids.delete(oldest);
  }
}
