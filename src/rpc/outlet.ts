// What goes out to one client, in bounded memory. Replies, and events that must not be lost, go straight to its transport. PACKET_INs,
// which a network makes most of and can repeat, wait here until the kernel takes what is sent: so nothing waits behind them in this process,
// but for those of one write. When those that wait are too many, the client misses the next ones. Nothing here holds up a switch, but for a
// client that is the only one there can be.
import { countLimitHit, type Limits } from "../base/index.js";
import type { RpcTransport } from "./transport/transport.js";

/** What an outlet needs to know. */
export type OutletLimits = Pick<Limits, "clientPacketInBytes" | "clientQueueBytes">;

interface Waiting {
  readonly text: Uint8Array;
  readonly connId: number;
}

/** The way out to one client. */
export class Outlet {
  readonly #transport: RpcTransport;
  /** Asked when they matter: they can change. */
  readonly #limits: () => OutletLimits;
  readonly #onFull: (full: boolean) => void;
  #waiting: Waiting[] = [];
  /** Of #waiting, the first ones that are gone already. */
  #taken = 0;
  #waitingBytes = 0;
  #awaitsDrain = false;
  #full = false;
  /** PACKET_INs that the client has missed. */
  dropped = 0;

  /** @param onFull  told when the client has so much before it that nothing more can be kept for it, and when that is over */
  constructor(transport: RpcTransport, limits: () => OutletLimits, onFull: (full: boolean) => void) {
    this.#transport = transport;
    this.#limits = limits;
    this.#onFull = onFull;
  }

  /** Bytes that the client has not taken yet. */
  get queuedBytes(): number {
    return this.#transport.queuedBytes + this.#waitingBytes;
  }

  /** Sends what must not be lost; the bytes are copied. */
  keep(text: Uint8Array): void {
    this.#transport.send(text);
    if (this.#full || this.#transport.queuedBytes <= this.#limits().clientQueueBytes) return;
    this.#full = true;
    countLimitHit("clientQueueBytes");
    this.#await();
    this.#onFull(true);
  }

  /** False when a PACKET_IN need not even be made, for the client would miss it: it counts as missed then. */
  takesPacketIn(): boolean {
    if (this.#waitingBytes < this.#limits().clientPacketInBytes) return true;
    this.#drop();
    return false;
  }

  /** Sends a PACKET_IN of a connection, now or later; the bytes are copied. The client misses it when too many wait. */
  offer(text: Uint8Array, connId: number): void {
    if (this.#waitingBytes === 0 && !this.#transport.blocked) {
      this.#transport.send(text);
      return;
    }
    if (this.#waitingBytes + text.length > this.#limits().clientPacketInBytes) {
      this.#drop();
      return;
    }
    this.#waiting.push({ text: Buffer.from(text), connId });
    this.#waitingBytes += text.length;
    this.#await();
  }

  /** Forgets the PACKET_INs of a connection that has ended: nothing follows its end. They count as missed. */
  forget(connId: number): void {
    if (this.#waitingBytes === 0) return;
    const kept: Waiting[] = [];
    for (let i = this.#taken; i < this.#waiting.length; i++) {
      const one = this.#waiting[i] as Waiting;
      if (one.connId !== connId) kept.push(one);
      else {
        this.#waitingBytes -= one.text.length;
        this.dropped++;
      }
    }
    this.#waiting = kept;
    this.#taken = 0;
  }

  #drop(): void {
    this.dropped++;
    countLimitHit("clientPacketInBytes");
  }

  #await(): void {
    if (this.#awaitsDrain) return;
    this.#awaitsDrain = true;
    this.#transport.onDrain(() => {
      this.#awaitsDrain = false;
      this.#onDrain();
    });
  }

  #onDrain(): void {
    if (this.#full) {
      this.#full = false;
      this.#onFull(false);
    }
    while (this.#waitingBytes > 0 && !this.#transport.blocked) {
      const { text } = this.#waiting[this.#taken++] as Waiting;
      this.#waitingBytes -= text.length;
      this.#transport.send(text);
    }
    if (this.#waitingBytes > 0) {
      if (this.#taken > 1024 && this.#taken * 2 > this.#waiting.length) {
        this.#waiting.splice(0, this.#taken);
        this.#taken = 0;
      }
      this.#await();
    } else if (this.#taken > 0) {
      this.#waiting = [];
      this.#taken = 0;
    }
  }
}
