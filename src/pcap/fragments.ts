// IP packets that were parted on their way are put together, as their receivers do.
import { putU32 } from "../wire/index.js";
import type { CaptureLimits, HeldBytes } from "./capture-limits.js";
import { Datagram, type PacketPlace } from "./datagram.js";
import { type Fragment, makeFragment, readFragment } from "./fragment.js";
import type { Packet } from "./packet.js";

/** Bytes of the longest key: two addresses of IPv6 and an id of 4 bytes. */
const LONGEST_KEY = 36;

/**
 * Why a datagram is given up. MISSING: not all of its fragments came in time; DIFFERENT: two of them overlap and differ, as those of
 * attacks on receivers do; LIMIT: more are held than may be.
 */
export type FragmentLoss = "MISSING" | "DIFFERENT" | "LIMIT";

/** What is needed to put fragments together. */
export interface FragmentsOptions {
  readonly limits: CaptureLimits;
  /** A datagram is given up. @param place  where that is seen: its first fragment, or the one that differs */
  readonly onLoss: (loss: FragmentLoss, datagram: Datagram, place: PacketPlace) => void;
}

/** Holds the datagrams that are not whole, and for a while those that are, for their fragments may be captured twice. */
export class Fragments {
  readonly #options: FragmentsOptions;
  readonly #held: HeldBytes = { count: 0 };
  readonly #key = Buffer.alloc(LONGEST_KEY);
  readonly #fragment = makeFragment();
  /** By their key, in the order of their first fragments. */
  readonly #open = new Map<string, Datagram>();
  /** Those that are whole, and those that were given up because their fragments differ: empty ones. */
  readonly #closed = new Map<string, Datagram>();

  constructor(options: FragmentsOptions) {
    this.#options = options;
  }

  /**
   * Takes a fragment. Gives the packet that it makes whole, with the time of this one; DAMAGED when its lengths lie, else HELD.
   * @param ip  where the IP packet starts in the captured one
   */
  take(packet: Packet, ip: number, place: PacketPlace): Packet | "HELD" | "DAMAGED" {
    const fragment = this.#fragment;
    const { b, end, sec, nsec } = packet;
    if (!readFragment(b, ip, end, fragment)) return "DAMAGED";
    const { offset, more, protocol } = fragment;
    if (offset === 0 && !more) {
      // The only one: others that have the same id do not matter (RFC 6946).
      const only = new Datagram(place, sec, protocol, { count: 0 });
      only.add(fragment, packet, ip);
      return only.build(sec, nsec);
    }
    this.#forgetOld(place.total, sec);
    const key = this.#keyOf(b, fragment);
    if (this.#isRepetition(key, b)) return "HELD";
    const datagram = this.#open.get(key) ?? new Datagram(place, sec, protocol, this.#held);
    if (!datagram.agrees(fragment, b)) {
      this.#options.onLoss("DIFFERENT", datagram, place);
      datagram.empty();
      this.#close(key, datagram);
      return "HELD";
    }
    datagram.add(fragment, packet, ip);
    if (datagram.whole) this.#close(key, datagram);
    else this.#open.set(key, datagram);
    const whole = datagram.whole ? datagram.build(sec, nsec) : "HELD";
    this.#enforceLimits();
    return whole;
  }

  /** Takes the end of all files. */
  end(): void {
    for (const [key, datagram] of this.#open) this.#giveUp(key, datagram, "MISSING");
    for (const [key, datagram] of this.#closed) this.#forget(key, datagram);
  }

  /** Whether the fragment is one of a datagram that is done with. */
  #isRepetition(key: string, b: Buffer): boolean {
    const closed = this.#closed.get(key);
    if (closed === undefined) return false;
    if (!closed.whole || closed.agrees(this.#fragment, b)) return true;
    // Another one has the same id.
    this.#forget(key, closed);
    return false;
  }

  #close(key: string, datagram: Datagram): void {
    this.#open.delete(key);
    this.#closed.set(key, datagram);
  }

  #forget(key: string, datagram: Datagram): void {
    this.#closed.delete(key);
    datagram.release();
  }

  #giveUp(key: string, datagram: Datagram, loss: FragmentLoss): void {
    this.#options.onLoss(loss, datagram, datagram.place);
    this.#open.delete(key);
    datagram.release();
  }

  #forgetOld(total: number, sec: number): void {
    const { fragmentPackets, fragmentSeconds } = this.#options.limits;
    const isOld = ({ place, sec: then }: Datagram): boolean =>
      total - place.total > fragmentPackets || Math.abs(sec - then) > fragmentSeconds;
    for (const [key, datagram] of this.#closed) {
      if (!isOld(datagram)) break;
      this.#forget(key, datagram);
    }
    for (const [key, datagram] of this.#open) {
      if (!isOld(datagram)) break;
      this.#giveUp(key, datagram, "MISSING");
    }
  }

  #enforceLimits(): void {
    const { datagrams, fragmentBytes } = this.#options.limits;
    while (this.#open.size + this.#closed.size > datagrams || this.#held.count > fragmentBytes) {
      const [done] = this.#closed;
      if (done !== undefined) this.#forget(...done);
      else {
        const [oldest] = this.#open;
        if (oldest === undefined) return;
        this.#giveUp(...oldest, "LIMIT");
      }
    }
  }

  #keyOf(b: Buffer, { addresses, addressSize: size, id }: Fragment): string {
    const key = this.#key;
    b.copy(key, 0, addresses, addresses + 2 * size);
    putU32(key, 2 * size, id);
    return key.toString("latin1", 0, 2 * size + 4);
  }
}
