// Times of pcapng: a count of 64 bits, in parts of a second that each interface may choose.
import type { Packet } from "./packet.js";

/** What is needed to read the times of an interface. */
export interface Clock {
  /** Counts of one second. */
  readonly perSecond: bigint;
  /** Seconds to be added. */
  readonly offset: bigint;
  /** `perSecond` where the quick way can be taken, which is a power of ten up to a nanosecond; else 0. */
  readonly quick: number;
}

const BILLION = 1_000_000_000n;
/** Times beyond are not told: in seconds since 1970, as many as a JSON number has digits for. */
const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);

/** The clock of an interface. @param resolution  if_tsresol: the power of ten of one second, or of two when it has the bit 0x80 */
export function makeClock(resolution: number, offset: bigint): Clock {
  const power = resolution & 0x7f;
  const perSecond = (resolution & 0x80) === 0 ? 10n ** BigInt(power) : 2n ** BigInt(power);
  const quick = (resolution & 0x80) === 0 && power <= 9 && offset === 0n ? Number(perSecond) : 0;
  return { perSecond, offset, quick };
}

/** Sets the time of `packet` to that of a count. A time before 1970 or absurdly long after it counts as unknown. */
export function setTime(packet: Packet, clock: Clock, high: number, low: number): void {
  const { quick } = clock;
  if (quick === 0) {
    setAnyTime(packet, clock, (BigInt(high) << 32n) | BigInt(low));
    return;
  }
  // Long division by digits of 16 bits: no number on the way exceeds 2^53.
  let seconds = 0;
  let rest = 0;
  for (let n = 0; n < 4; n++) {
    const word = n < 2 ? high : low;
    const digit = (n & 1) === 0 ? word >>> 16 : word & 0xffff;
    const part = rest * 65_536 + digit;
    seconds = seconds * 65_536 + Math.floor(part / quick);
    rest = part % quick;
  }
  packet.sec = seconds <= Number.MAX_SAFE_INTEGER ? seconds : -1;
  packet.nsec = rest * (1_000_000_000 / quick);
}

function setAnyTime(packet: Packet, { perSecond, offset }: Clock, count: bigint): void {
  const seconds = count / perSecond + offset;
  packet.sec = seconds < 0n || seconds > LARGEST ? -1 : Number(seconds);
  packet.nsec = Number(((count % perSecond) * BILLION) / perSecond);
}
