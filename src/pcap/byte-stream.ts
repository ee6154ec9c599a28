// One direction of a TCP connection: segments become bytes in order (RFC 9293 §3.4). A capture may have them out of order, twice,
// in overlapping parts, or not at all; sequence numbers wrap.
import type { CaptureLimits, HeldBytes } from "./capture-limits.js";
import { HeldPieces } from "./held-pieces.js";
import type { Segment } from "./segment.js";

/** Takes the bytes of a stream in order. Views are valid during the call. */
export interface StreamSink {
  /** The stream starts with what comes next; without this call it goes on from before the capture. */
  onStart(): void;
  /** The next bytes are b[o, end), in a segment of its own. */
  onBytes(b: Buffer, o: number, end: number, sec: number, nsec: number): void;
  /** The next `count` bytes are not in the capture. */
  onGap(count: number): void;
  /** `count` bytes from before the first ones came after them, and are not among those that were given. */
  onEarlier(count: number): void;
  /** There is no more. */
  onEnd(): void;
}

/** A segment that is so much behind what is due, bytes, is not a repetition: windows are smaller. */
const FARTHEST_BACK = 1 << 25;

/**
 * Once the receiver has acknowledged what is missing, nobody sends it again: it can only have been captured out of order. So many
 * packets of the connection or seconds later it counts as lost.
 */
const ACKNOWLEDGED = { packets: 16, seconds: 0.1 };
/** The same where nothing says that it has been received, and it may come again. */
const UNKNOWN = { packets: 4096, seconds: 10 };

/** Bytes that may come before their SYN: those of some packets. */
const LATEST_SYN = 1 << 16;

/** Puts the segments of one direction in order. */
export class ByteStream {
  readonly #sink: StreamSink;
  readonly #limits: CaptureLimits;
  readonly #early: HeldPieces;
  /** Sequence number of the byte that is due; -1 before the first segment. */
  #next = -1;
  /** Sequence number of the SYN; -1 when it was not captured. */
  #initial = -1;
  /** Of a stream that was joined in the middle: sequence number of its first byte, -1 where it began with a SYN, and its time. */
  #first = -1;
  #firstTime = 0;
  /** Bytes from before it that were captured before it, and come later. */
  #earlier = 0;
  /** Bytes from the one that is due on that were sent and not captured. They may still come, when they are sent or captured again. */
  #cut = 0;
  /** Packets of the connection since a byte was missing first, and when that was. */
  #waited = 0;
  #waitsSince = 0;
  #ended = false;

  constructor(sink: StreamSink, limits: CaptureLimits, held: HeldBytes) {
    this.#sink = sink;
    this.#limits = limits;
    this.#early = new HeldPieces(held);
  }

  /** Whether a segment has come. */
  get begun(): boolean {
    return this.#next >= 0;
  }

  /** Whether a segment is missing. */
  get waits(): boolean {
    return this.#early.count > 0;
  }

  /** Whether the stream starts, or may have started, with a SYN of this sequence number. */
  startsAt(sequence: number): boolean {
    if (this.#initial >= 0) return this.#initial === sequence;
    // The SYN may have been captured behind the first bytes.
    return !this.begun || (this.#next - sequence) >>> 0 < LATEST_SYN;
  }

  /** Whether a segment is so far from what is due that it belongs to another connection. */
  isFar(sequence: number): boolean {
    return this.begun && Math.abs((sequence - this.#next) | 0) > FARTHEST_BACK;
  }

  /** Says that the stream starts behind a SYN. */
  start(sequence: number): void {
    this.#initial = sequence;
    this.#next = (sequence + 1) >>> 0;
    this.#sink.onStart();
  }

  /** Takes a segment, whose bytes are in `b`. @param sequence  of its first byte */
  take(segment: Segment, sequence: number, b: Buffer, sec: number, nsec: number): void {
    const { payload, payloadEnd, cut } = segment;
    const length = payloadEnd - payload + cut;
    if (length === 0 || this.#ended) return;
    if (this.#next < 0) {
      this.#next = sequence;
      this.#first = sequence;
      this.#firstTime = sec + nsec / 1e9;
    }
    const ahead = (sequence - this.#next) >>> 0;
    if (ahead === 0 && !this.waits) {
      this.#deliver(b, payload, payloadEnd, cut, sec, nsec);
      return;
    }
    const behind = 2 ** 32 - ahead;
    if (behind < FARTHEST_BACK) {
      this.#noteEarlier(sequence, length, sec + nsec / 1e9);
      // Repeated, all of it or its first part. What was not captured the first time is not missed twice.
      const fresh = payload + behind;
      if (fresh < payloadEnd) this.#hold(this.#next, b, fresh, payloadEnd, cut, sec, nsec);
      else if (behind < length) this.#hold(this.#next, b, payloadEnd, payloadEnd, length - behind, sec, nsec);
    } else this.#hold(sequence, b, payload, payloadEnd, cut, sec, nsec);
    this.#drain(sec, nsec);
    if (this.#early.count > this.#limits.earlySegments || this.#early.bytes > this.#limits.earlyBytes)
      this.#giveUp();
  }

  /**
   * Takes notice of a packet of the connection.
   * @param acknowledged  the byte that the receiver of this stream expects; undefined when the packet does not say
   */
  notice(acknowledged: number | undefined, sec: number, nsec: number): void {
    const first = this.#early.first;
    if (first === undefined) return;
    const now = sec + nsec / 1e9;
    if (this.#waited++ === 0) this.#waitsSince = now;
    const received = acknowledged !== undefined && ((acknowledged - first.sequence) | 0) >= 0;
    const { packets, seconds } = received ? ACKNOWLEDGED : UNKNOWN;
    if (this.#waited > packets || Math.abs(now - this.#waitsSince) > seconds) this.#giveUp();
  }

  /** Delivers all that is held, and ends the stream. */
  end(): void {
    if (this.#ended) return;
    while (this.waits) this.#giveUp();
    this.#passCut((this.#next + this.#cut) >>> 0);
    this.#ended = true;
    if (this.#earlier > 0) this.#sink.onEarlier(this.#earlier);
    this.#sink.onEnd();
  }

  /** Counts bytes that are no repetition, for they were captured before the first ones. */
  #noteEarlier(sequence: number, length: number, time: number): void {
    const before = (this.#first - sequence) >>> 0;
    if (this.#first >= 0 && before < FARTHEST_BACK && time < this.#firstTime)
      this.#earlier += Math.min(before, length);
  }

  #hold(sequence: number, b: Buffer, o: number, end: number, cut: number, sec: number, nsec: number): void {
    this.#early.add(this.#next, sequence, b, o, end, { cut, sec, nsec });
  }

  #deliver(b: Buffer, o: number, end: number, cut: number, sec: number, nsec: number): void {
    this.#next = (this.#next + end - o) >>> 0;
    this.#cut = Math.max(cut, this.#cut - (end - o));
    if (end > o) this.#sink.onBytes(b, o, end, sec, nsec);
  }

  /** Goes on behind bytes that were not captured, up to a segment that is among them or next to them. */
  #passCut(sequence: number): void {
    const count = (sequence - this.#next) >>> 0;
    if (count === 0 || count > this.#cut) return;
    this.#next = sequence;
    this.#cut -= count;
    this.#sink.onGap(count);
  }

  /** Delivers what follows without a gap. @param sec  when it became complete; undefined: when each segment came */
  #drain(sec?: number, nsec?: number): void {
    for (let first = this.#early.first; first !== undefined; first = this.#early.first) {
      const { bytes, cut } = first;
      this.#passCut(first.sequence);
      const behind = (this.#next - first.sequence) >>> 0;
      if (behind >= FARTHEST_BACK) return;
      this.#early.shift();
      this.#waited = 0;
      // Behind is more than 0 where bytes were cut from a packet, and came with a later one.
      if (behind <= bytes.length)
        this.#deliver(bytes, behind, bytes.length, cut, sec ?? first.sec, nsec ?? first.nsec);
    }
  }

  /** Goes on behind what is missing. */
  #giveUp(): void {
    const first = this.#early.first;
    if (first === undefined) return;
    const missing = (first.sequence - this.#next) >>> 0;
    this.#next = first.sequence;
    this.#cut = 0;
    this.#sink.onGap(missing);
    this.#drain();
  }
}
