// Packets that were not read, counted by the reason.
import type { CaptureTroubleCode } from "./captured-message.js";

/** What is told of packets that were not read for one reason. */
interface Count {
  readonly code: CaptureTroubleCode;
  /** What they are, behind `are`: `of link type 105, which is not read`. */
  readonly what: string;
  /** Number of the first one; 0 when it is of an earlier file. */
  readonly first: number;
  count: number;
}

/** Counts the packets of one file. */
export class PacketTally {
  readonly #counts = new Map<string, Count>();

  /** @param what  what is said behind `packets are`  @param packet  number of the packet in the file, 0 for one of an earlier file */
  add(code: CaptureTroubleCode, what: string, packet: number): void {
    const known = this.#counts.get(what);
    if (known === undefined) this.#counts.set(what, { code, what, first: packet, count: 1 });
    else known.count++;
  }

  /** Tells all that was counted. */
  tell(onTrouble: (code: CaptureTroubleCode, text: string) => void): void {
    for (const { code, what, first, count } of this.#counts.values()) {
      const one = first === 0 ? "a packet of an earlier file" : `packet ${first}`;
      onTrouble(
        code,
        count === 1 ? `${one} is ${what}` : `${count} packets are ${what}; the first is ${one}`,
      );
    }
  }
}
