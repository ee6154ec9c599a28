// The bytes of one direction become messages. What is not known is where they start, in a stream that is joined in the middle or has
// a gap, nor whether they are OpenFlow.
import { HEADER_LENGTH, peekLength } from "../wire/index.js";
import type { StreamSink } from "./byte-stream.js";
import type { HeldBytes } from "./capture-limits.js";
import { MessageSeeker, type Piece } from "./message-seeker.js";
import { isPossibleHeader, listen, type Speech } from "./openflow-sign.js";
import { isTlsRecord } from "./tls-record.js";

const SMALLEST = 512;
const NOTHING: Buffer = Buffer.alloc(0);

/** What is told of a direction. */
export interface FinderEvents {
  /** A message, b[o, end). */
  onMessage(b: Buffer, o: number, end: number, sec: number, nsec: number): void;
  /** Bytes of the connection are lost. */
  onLoss(text: string): void;
  onEncrypted(): void;
  /** @param start  its first bytes; empty when it was joined in the middle, and no message begins in it */
  onForeign(start: Buffer): void;
}

/** How a finder looks at its stream. */
export interface FinderOptions {
  /** Any connection may be given, not only those that are OpenFlow by their ports: then one has to look like it from the start. */
  readonly guess: boolean;
  /** Shared by both directions. */
  readonly speech: Speech;
  readonly held: HeldBytes;
}

/**
 * `seeking`: the start of a message is looked for; `first`: the first message is due; `reading`: messages follow one another; `deaf`: it
 * is no OpenFlow.
 */
type State = "seeking" | "first" | "reading" | "deaf";

/** Finds the messages of one direction. */
export class MessageFinder implements StreamSink {
  readonly #options: FinderOptions;
  readonly #events: FinderEvents;
  readonly #seeker: MessageSeeker;
  #state: State = "seeking";
  /** Bytes of a message that is not whole: #part[0, #have). */
  #part: Buffer = NOTHING;
  #have = 0;
  /** Bytes that belong to a message that is lost. */
  #skip = 0;
  /** Segments that a search has found to be messages. */
  readonly #again: Piece[] = [];
  /** A message was found. */
  #found = false;
  /** Bytes were lost, and where the next message starts is not known. */
  #lost = false;

  constructor(options: FinderOptions, events: FinderEvents) {
    this.#options = options;
    this.#events = events;
    this.#seeker = new MessageSeeker(options.speech, options.held);
  }

  onStart(): void {
    this.#state = "first";
  }

  onBytes(b: Buffer, o: number, end: number, sec: number, nsec: number): void {
    this.#take(b, o, end, sec, nsec);
    // What a search has found is read here and not in the search, for it may end in another search.
    for (let piece = this.#again.shift(); piece !== undefined; piece = this.#again.shift())
      this.#take(piece.b, piece.at, piece.end, piece.sec, piece.nsec);
  }

  onGap(count: number): void {
    if (this.#state === "deaf") return;
    if (!this.#isForeign) this.#events.onLoss(`${count === 1 ? "1 byte is" : `${count} bytes are`} missing`);
    const left = this.#skip > 0 ? this.#skip : this.#missingOfPart();
    this.#dropPart();
    if (this.#state === "reading" && left >= count) {
      // The gap is inside a message: where the next one starts is known.
      this.#skip = left - count;
      return;
    }
    this.#skip = 0;
    this.#lost = true;
    this.#startSeeking();
  }

  onEarlier(count: number): void {
    if (!this.#found) return;
    const bytes = count === 1 ? "1 byte is" : `${count} bytes are`;
    this.#events.onLoss(
      `${bytes} passed over, which belong before the first ones: files must be given in the order of their times`,
    );
  }

  onEnd(): void {
    if (this.#have > 0) {
      const bytes = this.#have === 1 ? "1 byte" : `${this.#have} bytes`;
      this.#events.onLoss(`it ends ${bytes} into a message`);
    }
    const { bytes } = this.#seeker;
    if (!this.#found && this.#state === "seeking" && bytes > 0) this.#events.onForeign(NOTHING);
    else if (this.#lost && bytes > 0 && !this.#isForeign)
      this.#events.onLoss(`no message begins in the last ${bytes} bytes behind what is missing`);
    this.#becomeDeaf();
  }

  /** Whether nothing says yet that a connection which may be any is OpenFlow. */
  get #isForeign(): boolean {
    return this.#options.guess && !this.#found && this.#options.speech.version === 0;
  }

  #take(b: Buffer, o: number, end: number, sec: number, nsec: number): void {
    const n = Math.min(this.#skip, end - o);
    this.#skip -= n;
    const at = o + n;
    if (at === end || this.#state === "deaf") return;
    if (!this.#found && this.#have === 0 && isTlsRecord(b, at, end)) {
      this.#becomeDeaf();
      this.#events.onEncrypted();
    } else if (this.#state === "seeking") this.#seek(b, at, end, sec, nsec);
    else this.#split(b, at, end, sec, nsec);
  }

  #seek(b: Buffer, o: number, end: number, sec: number, nsec: number): void {
    const anywhere = !this.#options.guess || this.#options.speech.version !== 0;
    const found = this.#seeker.add(b, o, end, sec, nsec, anywhere);
    if (found === undefined) {
      // Streams of others are not collected.
      if (!anywhere && !this.#seeker.hopeful) this.#seeker.clear();
      return;
    }
    if (this.#lost && found.skipped > 0)
      this.#events.onLoss(`${found.skipped} bytes were passed over to find the next message`);
    this.#lost = false;
    this.#state = "reading";
    this.#again.unshift(...found.pieces);
  }

  #split(b: Buffer, o: number, end: number, sec: number, nsec: number): void {
    let at = this.#have > 0 ? this.#fill(b, o, end, sec, nsec) : o;
    while (end - at >= HEADER_LENGTH) {
      if (!isPossibleHeader(b, at)) {
        this.#stumble(b.subarray(at, at + HEADER_LENGTH));
        return;
      }
      const next = at + peekLength(b, at);
      if (next > end) break;
      this.#deliver(b, at, next, sec, nsec);
      at = next;
    }
    if (at < end) this.#keep(b, at, end);
  }

  /** Adds to the message that is not whole; gives where the bytes go on. */
  #fill(b: Buffer, o: number, end: number, sec: number, nsec: number): number {
    let at = o;
    if (this.#have < HEADER_LENGTH) {
      at = Math.min(end, o + HEADER_LENGTH - this.#have);
      this.#keep(b, o, at);
      if (this.#have < HEADER_LENGTH) return at;
      if (!isPossibleHeader(this.#part, 0)) {
        this.#stumble(this.#part.subarray(0, HEADER_LENGTH));
        return end;
      }
    }
    const length = peekLength(this.#part, 0);
    const stop = Math.min(end, at + length - this.#have);
    this.#keep(b, at, stop);
    if (this.#have === length) {
      const part = this.#part;
      this.#dropPart();
      this.#deliver(part, 0, length, sec, nsec);
    }
    return stop;
  }

  /** Deals with 8 bytes that no message can start with, where one is due. What else is in the segment is lost. */
  #stumble(start: Buffer): void {
    const bytes = Buffer.from(start);
    if (this.#state === "first") {
      this.#becomeDeaf();
      this.#events.onForeign(bytes);
      return;
    }
    this.#events.onLoss(`a message is due, and none can start with ${bytes.toString("hex")}`);
    this.#dropPart();
    this.#lost = true;
    this.#startSeeking();
  }

  #deliver(b: Buffer, o: number, end: number, sec: number, nsec: number): void {
    this.#state = "reading";
    this.#found = true;
    listen(b, o, this.#options.speech);
    this.#events.onMessage(b, o, end, sec, nsec);
  }

  /** Keeps bytes of a message that is not whole. */
  #keep(b: Buffer, o: number, end: number): void {
    const need = this.#have + end - o;
    if (need > this.#part.length) {
      // It grows with the bytes that come, not with the length that a header claims.
      const larger = Buffer.allocUnsafeSlow(Math.max(need, this.#part.length * 2, SMALLEST));
      this.#part.copy(larger, 0, 0, this.#have);
      this.#options.held.count += larger.length - this.#part.length;
      this.#part = larger;
    }
    this.#have += b.copy(this.#part, this.#have, o, end);
  }

  /** Bytes that the message lacks which is not whole; 0 when that is not known. */
  #missingOfPart(): number {
    return this.#have < HEADER_LENGTH ? 0 : peekLength(this.#part, 0) - this.#have;
  }

  #dropPart(): void {
    this.#options.held.count -= this.#part.length;
    this.#part = NOTHING;
    this.#have = 0;
  }

  #startSeeking(): void {
    this.#state = "seeking";
    this.#seeker.clear();
  }

  #becomeDeaf(): void {
    this.#state = "deaf";
    this.#seeker.clear();
    this.#dropPart();
  }
}
