// Whether a connection is read: several have a say in it.
import type { Duplex } from "node:stream";

/** Who can have reading stop: the controller that cannot follow, the switch that does not take our answers. */
export type Holder = "owner" | "peer";

/**
 * Bytes that are read from one switch before others, and clients, have their turn. Left to itself, a socket that always has more is read
 * for two megabytes at a time.
 */
const BYTES_PER_TURN = 128 << 10;

/** Reads a stream while nobody holds it, and lets others have their turn. */
export class ReadGate {
  readonly #stream: Duplex;
  readonly #holders = new Set<Holder>();
  /** Bytes read since others had their turn, which they have now. */
  #turnBytes = 0;
  #yields = false;
  #closed = false;

  constructor(stream: Duplex) {
    this.#stream = stream;
  }

  /** True while this one holds it. */
  isHeldBy(holder: Holder): boolean {
    return this.#holders.has(holder);
  }

  /** Stops reading, until this one lets go. */
  hold(holder: Holder): void {
    this.#holders.add(holder);
    this.#flow();
  }

  /** Undoes `hold`. */
  release(holder: Holder): void {
    this.#holders.delete(holder);
    this.#flow();
  }

  /** Counts what was read. After a full turn, reading goes on when all others that have something to say were heard. */
  count(bytes: number): void {
    this.#turnBytes += bytes;
    if (this.#turnBytes < BYTES_PER_TURN || this.#yields) return;
    this.#yields = true;
    this.#flow();
    setImmediate(() => {
      this.#yields = false;
      this.#turnBytes = 0;
      this.#flow();
    });
  }

  /** Leaves the stream to itself from now on. */
  close(): void {
    this.#closed = true;
  }

  #flow(): void {
    if (this.#closed) return;
    if (this.#holders.size > 0 || this.#yields) this.#stream.pause();
    else this.#stream.resume();
  }
}
