// Two ends of a connection, without a network.
import { Duplex } from "node:stream";

class End extends Duplex {
  other: End | undefined;
  /** While true, what is written stays unread and queues up here. */
  stuck = false;
  #release: (() => void) | undefined;

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    if (this.stuck) {
      this.#release = () => this._write(chunk, _encoding, done);
      return;
    }
    this.other?.push(Buffer.from(chunk));
    done();
  }

  /** The peer reads again. */
  release(): void {
    this.stuck = false;
    const release = this.#release;
    this.#release = undefined;
    release?.();
  }

  override _final(done: () => void): void {
    this.other?.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { other } = this;
    if (other !== undefined && !other.readableEnded) other.push(null);
    done(error);
  }
}

export type { End };

/** Both ends; each ends its writing side when the other does. */
export function duplexPair(): [End, End] {
  const a = new End({ allowHalfOpen: false });
  const b = new End({ allowHalfOpen: false });
  a.other = b;
  b.other = a;
  return [a, b];
}
