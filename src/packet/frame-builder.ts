// A frame under construction. Headers are appended from the outermost to the innermost; what depends on the bytes behind a
// header (lengths, checksums) is filled in at the end, from the innermost to the outermost.
import { Writer } from "../wire/index.js";
import type { Network } from "./protocol.js";

/** Longest frame that can be built, bytes: what fits into an OpenFlow message. */
export const MAX_FRAME = 65_535;

/** Shortest frame of Ethernet, bytes, its check sequence not counted (IEEE 802.3 §3.2.8). */
export const MIN_FRAME = 60;

/** Called when the whole packet is there, without padding: b[o, end) is the header and all behind it. */
export type Finish = (b: Buffer, end: number) => void;

export class FrameBuilder {
  readonly out = new Writer(MAX_FRAME);
  /** Names of the headers so far. */
  readonly built: string[] = [];
  /** What the transport header will need of the IP header below it; set by IP. `end` is where everything behind it ends. */
  network: ((end: number) => Network) | undefined;
  readonly #finishers: Finish[] = [];

  /** Appends `n` zero bytes for a header and returns where it starts. */
  header(name: string, n: number): number {
    this.built.push(name);
    const at = this.out.p;
    this.out.zeros(n);
    return at;
  }

  /** Asks for a call when everything behind is written. */
  atEnd(finish: Finish): void {
    this.#finishers.push(finish);
  }

  /** Appends the payload, completes the headers and pads with zeros up to `length` bytes. */
  finish(payload: Uint8Array, length: number): Uint8Array {
    this.out.bytes(payload);
    const end = this.out.p;
    for (const finish of this.#finishers.reverse()) finish(this.out.b, end);
    this.out.zeros(Math.max(0, length - end));
    return this.out.view();
  }
}
