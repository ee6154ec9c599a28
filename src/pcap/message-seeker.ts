// Looks for the start of a message in a stream that is joined in the middle, or goes on behind a gap.
//
// Senders mostly start a message with a segment, so the starts of segments are tried first, and any byte after that. A start is
// believed when the lengths lead from message to message: over three of them, or over whole ones to the end of a segment.
import { HEADER_LENGTH, peekLength } from "../wire/index.js";
import type { HeldBytes } from "./capture-limits.js";
import { isLikelyHeader, type Speech } from "./openflow-sign.js";

const NOTHING: Buffer = Buffer.alloc(0);
/** Bytes that are searched at a time: two of the longest messages. */
const CAPACITY = 128 * 1024;
const SMALLEST = 4096;
/** Places that may be starts and are kept in mind: those within segments, and all; those beyond are passed over. */
const MOST_CANDIDATES = { within: 128, all: 256 };
/** Messages one behind the other that are believed. */
const ENOUGH = 3;

/** A place where a message may start. */
interface Candidate {
  at: number;
  /** A segment starts there. */
  readonly boundary: boolean;
  /** Whole messages that lead on from there, and where the one behind them starts. */
  messages: number;
  next: number;
  /** Where that one ends, if it is not whole yet. */
  until: number;
  believed: boolean;
}

/** What came in one segment: it is at [at, end). */
interface Place {
  at: number;
  end: number;
  readonly sec: number;
  readonly nsec: number;
}

/** A segment, or the end of one: b[at, end). */
export interface Piece extends Readonly<Place> {
  readonly b: Buffer;
}

/** What was found: the bytes from a message's start on. */
export interface Found {
  /** Bytes before the start. */
  readonly skipped: number;
  readonly pieces: readonly Piece[];
}

/** Collects bytes until it is clear where a message starts. */
export class MessageSeeker {
  readonly #speech: Speech;
  readonly #held: HeldBytes;
  #b: Buffer = NOTHING;
  #end = 0;
  #pieces: Place[] = [];
  #candidates: Candidate[] = [];
  /** Up to where candidates have been looked for. */
  #scanned = 0;
  #dropped = 0;

  constructor(speech: Speech, held: HeldBytes) {
    this.#speech = speech;
    this.#held = held;
  }

  /** Bytes that have come. */
  get bytes(): number {
    return this.#dropped + this.#end;
  }

  /**
   * Adds the segment b[o, end), 64 KiB long at most; gives what it makes clear, and forgets it.
   * @param anywhere  messages may start within segments, too
   */
  add(b: Buffer, o: number, end: number, sec: number, nsec: number, anywhere: boolean): Found | undefined {
    if (this.#end + end - o > CAPACITY) this.#drop(CAPACITY / 2);
    const at = this.#end;
    this.#append(b, o, end);
    this.#pieces.push({ at, end: this.#end, sec, nsec });
    this.#scan(at, anywhere);
    const best = this.#choose();
    if (best === undefined) return undefined;
    const pieces = this.#pieces
      .filter((piece) => piece.end > best.at)
      .map((piece) => ({ ...piece, b: this.#b, at: Math.max(piece.at, best.at) }));
    const found = { skipped: this.#dropped + best.at, pieces };
    this.clear();
    return found;
  }

  /** Whether what has come may be, or may become, the start of messages. */
  get hopeful(): boolean {
    return this.#candidates.length > 0 || this.#end < HEADER_LENGTH;
  }

  /** Forgets everything. */
  clear(): void {
    this.#held.count -= this.#b.length;
    this.#b = NOTHING;
    this.#end = 0;
    this.#pieces = [];
    this.#candidates = [];
    this.#scanned = 0;
    this.#dropped = 0;
  }

  #append(b: Buffer, o: number, end: number): void {
    const need = this.#end + end - o;
    if (need > this.#b.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(need, Math.min(CAPACITY, this.#b.length * 2), SMALLEST));
      this.#b.copy(larger, 0, 0, this.#end);
      this.#held.count += larger.length - this.#b.length;
      this.#b = larger;
    }
    this.#end += b.copy(this.#b, this.#end, o, end);
  }

  /** Forgets the first `count` bytes. */
  #drop(count: number): void {
    const n = Math.min(count, this.#end);
    this.#b.copy(this.#b, 0, n, this.#end);
    this.#end -= n;
    this.#dropped += n;
    this.#scanned = Math.max(0, this.#scanned - n);
    this.#pieces = this.#pieces.filter((piece) => piece.end > n);
    for (const piece of this.#pieces) {
      piece.at = Math.max(0, piece.at - n);
      piece.end -= n;
    }
    this.#candidates = this.#candidates.filter((candidate) => candidate.at >= n);
    for (const candidate of this.#candidates) {
      candidate.at -= n;
      candidate.next -= n;
      candidate.until -= n;
    }
  }

  /** Looks for candidates in what is new, a segment that starts at `start`. */
  #scan(start: number, anywhere: boolean): void {
    this.#candidates = this.#candidates.filter((candidate) => this.#follow(candidate));
    this.#consider(start, true);
    const last = this.#end - HEADER_LENGTH;
    if (anywhere) for (let at = this.#scanned; at <= last; at++) if (at !== start) this.#consider(at, false);
    this.#scanned = Math.max(this.#scanned, last + 1);
  }

  #consider(at: number, boundary: boolean): void {
    if (this.#candidates.length >= (boundary ? MOST_CANDIDATES.all : MOST_CANDIDATES.within)) return;
    if (this.#end - at < HEADER_LENGTH || !isLikelyHeader(this.#b, at, this.#speech)) return;
    const candidate = { at, boundary, messages: 0, next: at, until: at, believed: false };
    if (this.#follow(candidate)) this.#candidates.push(candidate);
  }

  /** Goes on from message to message. False when the lengths lead astray. */
  #follow(candidate: Candidate): boolean {
    if (candidate.until > this.#end) return true;
    while (!candidate.believed && this.#end - candidate.next >= HEADER_LENGTH) {
      if (!isLikelyHeader(this.#b, candidate.next, this.#speech)) return false;
      const next = candidate.next + peekLength(this.#b, candidate.next);
      if (next > this.#end) {
        candidate.until = next;
        break;
      }
      candidate.next = next;
      candidate.messages++;
      if (candidate.messages === ENOUGH || next === this.#end) candidate.believed = true;
    }
    return true;
  }

  /** The first start of a segment that is believed; any other place only when no start of a segment may still be. */
  #choose(): Candidate | undefined {
    const boundary = this.#candidates.find((candidate) => candidate.boundary && candidate.believed);
    if (boundary !== undefined) return boundary;
    if (this.#candidates.some((candidate) => candidate.boundary)) return undefined;
    return this.#candidates.find((candidate) => candidate.believed);
  }
}
