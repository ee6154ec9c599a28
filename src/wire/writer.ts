// Bytes of messages under construction: one buffer that grows, written front to back, lengths patched afterwards.
import { EncodeError } from "../base/index.js";

const FIRST_CAPACITY = 4096;
const DEFAULT_LIMIT = 1 << 20;

/** Stores an unsigned 16-bit number, big-endian; higher bits of `v` are lost. */
export function putU16(b: Uint8Array, p: number, v: number): void {
  b[p] = v >>> 8;
  b[p + 1] = v;
}

/** Stores an unsigned 24-bit number, big-endian; higher bits of `v` are lost. */
export function putU24(b: Uint8Array, p: number, v: number): void {
  b[p] = v >>> 16;
  b[p + 1] = v >>> 8;
  b[p + 2] = v;
}

/** Stores an unsigned 32-bit number (or a negative one in two's complement), big-endian. */
export function putU32(b: Uint8Array, p: number, v: number): void {
  b[p] = v >>> 24;
  b[p + 1] = v >>> 16;
  b[p + 2] = v >>> 8;
  b[p + 3] = v;
}

/** Stores an unsigned 64-bit number, big-endian. A number must be an integer in 0..2^53-1, a bigint in 0..2^64-1. */
export function putU64(b: Uint8Array, p: number, v: number | bigint): void {
  if (typeof v === "number") {
    putU32(b, p, v < 0x100000000 ? 0 : Math.floor(v / 0x100000000));
    putU32(b, p + 4, v);
  } else {
    putU32(b, p, Number((v >> 32n) & 0xffffffffn));
    putU32(b, p + 4, Number(v & 0xffffffffn));
  }
}

/**
 * Writes one message, or several that are nested. Kept and reset for the next message: what `view` returns is
 * overwritten then.
 */
export class Writer {
  /** The bytes; valid up to `p`. Replaced when it grows: fetch it from `room` before each run of stores. */
  b: Buffer;
  /** Where the next byte goes. */
  p = 0;
  /** Bytes beyond which nothing is written. Above 65535, so that a long message can be named in the error. */
  readonly limit: number;

  constructor(limit = DEFAULT_LIMIT) {
    this.limit = limit;
    this.b = Buffer.allocUnsafeSlow(Math.min(FIRST_CAPACITY, limit));
  }

  /**
   * The buffer, with at least `n` free bytes at `p`. The free bytes hold rubbish: store each of them.
   * Throws EncodeError TOO_LONG when the message would exceed the limit.
   */
  room(n: number): Buffer {
    if (this.b.length - this.p < n) this.#grow(n);
    return this.b;
  }

  u8(v: number): void {
    this.room(1)[this.p] = v;
    this.p += 1;
  }

  u16(v: number): void {
    putU16(this.room(2), this.p, v);
    this.p += 2;
  }

  u24(v: number): void {
    putU24(this.room(3), this.p, v);
    this.p += 3;
  }

  u32(v: number): void {
    putU32(this.room(4), this.p, v);
    this.p += 4;
  }

  u64(v: number | bigint): void {
    putU64(this.room(8), this.p, v);
    this.p += 8;
  }

  /** Appends `n` zero bytes. */
  zeros(n: number): void {
    const b = this.room(n);
    const end = this.p + n;
    // Buffer.fill costs more than a few stores.
    if (n > 32) b.fill(0, this.p, end);
    else for (let i = this.p; i < end; i++) b[i] = 0;
    this.p = end;
  }

  /** Appends a copy of `bytes`. */
  bytes(bytes: Uint8Array): void {
    this.room(bytes.length).set(bytes, this.p);
    this.p += bytes.length;
  }

  /** Appends zeros until the bytes since `start` are a multiple of `n`. */
  align(start: number, n = 8): void {
    const over = (this.p - start) % n;
    if (over !== 0) this.zeros(n - over);
  }

  /** As patch16, for a field of 8 bits and values up to 255. */
  patch8(at: number, value: number, key: string): void {
    if (value > 0xff) throw new EncodeError(key, `${value} bytes, more than 255`, { code: "TOO_LONG" });
    this.b[at] = value;
  }

  /**
   * Stores a length that became known after the bytes it counts.
   * @param at   offset of the 16-bit length field
   * @param key  what is measured, for the error
   * Throws EncodeError TOO_LONG when `value` is over 65535.
   */
  patch16(at: number, value: number, key: string): void {
    if (value > 0xffff) throw new EncodeError(key, `${value} bytes, more than 65535`, { code: "TOO_LONG" });
    putU16(this.b, at, value);
  }

  /** The bytes from `start` to here, as a view that the next message overwrites. */
  view(start = 0): Buffer {
    return this.b.subarray(start, this.p);
  }

  /** The bytes from `start` to here, as a copy to keep. */
  copy(start = 0): Buffer {
    return Buffer.from(this.b.subarray(start, this.p));
  }

  /** Forgets all bytes. */
  reset(): void {
    this.p = 0;
  }

  #grow(n: number): void {
    const need = this.p + n;
    if (need > this.limit) {
      throw new EncodeError("", `message is longer than ${this.limit} bytes`, { code: "TOO_LONG" });
    }
    const grown = Buffer.allocUnsafeSlow(Math.min(this.limit, Math.max(need, this.b.length * 2)));
    this.b.copy(grown, 0, 0, this.p);
    this.b = grown;
  }
}
