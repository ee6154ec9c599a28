// An IP packet that comes in fragments.
import { putU16, u16 } from "../wire/index.js";
import type { HeldBytes } from "./capture-limits.js";
import type { Fragment } from "./fragment.js";
import { HeldPieces, OVERHEAD } from "./held-pieces.js";
import { makePacket, type Packet } from "./packet.js";

const IPV6_HEADER = 40;

/** Which packet is meant. */
export interface PacketPlace {
  /** Number of its file, from 1. */
  readonly file: number;
  /** Its number in its file, from 1. */
  readonly packet: number;
  /** Its number in all files, from 1. */
  readonly total: number;
}

/** What a datagram has in front of its bytes: that of its first fragment. */
interface Head {
  /** From the start of the captured packet to the end of its IP headers. */
  readonly bytes: Buffer;
  /** Where the IP packet starts in it. */
  readonly ip: number;
  /** See Fragment. */
  readonly naming: number;
  readonly protocol: number;
  readonly linkType: number;
}

/** Collects the fragments of one datagram; made when the first of them is captured. */
export class Datagram {
  /** The fragment that came first. */
  readonly place: PacketPlace;
  /** When that was, seconds since 1970, -1 where the file does not say. */
  readonly sec: number;
  /** See Fragment. */
  readonly protocol: number;
  readonly #held: HeldBytes;
  readonly #pieces: HeldPieces;
  #head: Head | undefined;
  /** How many bytes it has; -1 until the last fragment has come. */
  #length = -1;
  /** Bytes up to where the farthest fragment ends. */
  #reach = 0;
  /** Bytes before the first that was not captured, of fragments that have come. */
  #captured = Number.POSITIVE_INFINITY;

  constructor(place: PacketPlace, sec: number, protocol: number, held: HeldBytes) {
    this.place = place;
    this.sec = sec;
    this.protocol = protocol;
    this.#held = held;
    this.#pieces = new HeldPieces(held);
    held.count += OVERHEAD;
  }

  /** Whether all fragments have come. */
  get whole(): boolean {
    return this.#length >= 0 && this.#pieces.bytes === this.#length;
  }

  /** Whether its start, which says whose it is, has come. */
  get begun(): boolean {
    return this.#head !== undefined;
  }

  /** Whether a fragment says the same as those that have come, where both speak of the same. */
  agrees({ offset, length, more, data, dataEnd }: Fragment, b: Buffer): boolean {
    const end = offset + length;
    if (this.#length >= 0 && (more ? end > this.#length : end !== this.#length)) return false;
    if (!more && end < this.#reach) return false;
    const known = Math.min(dataEnd, data + Math.max(0, this.#captured - offset));
    return !this.#pieces.contradicts(0, offset, b, data, known);
  }

  /** Takes a fragment that agrees. @param ip  where the IP packet starts in the captured one */
  add(fragment: Fragment, { b, o, linkType }: Packet, ip: number): void {
    const { offset, length, more, data, dataEnd, headers, naming, protocol } = fragment;
    if (offset === 0 && this.#head === undefined) {
      const bytes = Buffer.from(b.subarray(o, headers));
      this.#held.count += bytes.length;
      this.#head = { bytes, ip: ip - o, naming: naming - o, protocol, linkType };
    }
    const end = offset + length;
    if (!more) this.#length = end;
    this.#reach = Math.max(this.#reach, end);
    const captured = dataEnd - data;
    const rest = { cut: 0, sec: 0, nsec: 0 };
    if (captured === length) {
      this.#pieces.add(0, offset, b, data, dataEnd, rest);
      return;
    }
    // What was not captured holds its place with zeros, which nobody reads.
    this.#captured = Math.min(this.#captured, offset + captured);
    const padded = Buffer.alloc(length);
    b.copy(padded, 0, data, dataEnd);
    this.#pieces.add(0, offset, padded, 0, length, rest);
  }

  /** The packet as it was before it was parted, as far as it is known from its start on. Only for one that has begun. */
  build(sec: number, nsec: number): Packet {
    const { bytes, ip, naming, protocol, linkType } = this.#head as Head;
    let known = 0;
    const parts = [bytes];
    for (const { sequence, bytes } of this.#pieces) {
      if (sequence !== known || known >= this.#captured) break;
      const part = bytes.subarray(0, this.#captured - known);
      parts.push(part);
      known += part.length;
    }
    const b = Buffer.concat(parts);
    writeHeader(b, ip, bytes.length, Math.max(this.#length, this.#reach));
    if (naming > 0) b[naming] = protocol;
    return Object.assign(makePacket(), { b, end: b.length, linkType, sec, nsec });
  }

  /** Forgets what has come; it will never be whole. */
  empty(): void {
    this.#pieces.clear();
    this.#length = -1;
  }

  /** Holds no more memory. */
  release(): void {
    this.empty();
    this.#held.count -= OVERHEAD + (this.#head?.bytes.length ?? 0);
  }
}

/** Makes the IP header at `ip` that of a packet that was not parted. @param content  what is behind the headers, which end at `stop` */
function writeHeader(b: Buffer, ip: number, stop: number, content: number): void {
  const isIPv4 = b[ip]! >> 4 === 4;
  const length = stop - ip - (isIPv4 ? 0 : IPV6_HEADER) + content;
  // 0 says that it is as long as what was captured. The first header may have options that no other one has.
  putU16(b, ip + (isIPv4 ? 2 : 4), length > 0xffff ? 0 : length);
  if (isIPv4) putU16(b, ip + 6, u16(b, ip + 6) & 0xc000);
}
