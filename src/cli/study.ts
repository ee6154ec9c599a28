/** What `--pair`, `--brief` and `--summary` learn from messages one after the other, before it is decided which are printed. */
import { errorMeanings, loadCatalog } from "../codec/catalog.js";
import type { Envelope } from "../codec/decode.js";
import {
  formatDuration,
  type Meaning,
  type Moment,
  nanosecondsBetween,
  type Paired,
  Pairing,
  pairText,
  type TrafficWay,
} from "../traffic/index.js";

/** Requests without a reply that are named, at most. */
const MOST_UNANSWERED = 20;

/** A message as it was found, and what is known of it. */
export interface Studied {
  readonly at: Moment;
  readonly paired: Paired;
}

/** Sees all messages of a run. */
export class Study {
  readonly pairing = new Pairing();
  readonly meaning: Meaning;
  /** The ways of inputs that do not tell who sends. */
  readonly #mixed = new WeakMap<Envelope, TrafficWay>();
  #inputs = 0;
  #last: Moment = { sec: -1, nsec: 0 };

  private constructor(meaning: Meaning) {
    this.meaning = meaning;
  }

  /** Makes one; what messages mean has to be loaded first. */
  static async load(): Promise<Study> {
    return new Study(errorMeanings(await loadCatalog()));
  }

  /**
   * Takes the next message, b[start, end).
   * @param envelope  one for all messages of an input, or of a direction of a connection; it says when the message came
   * @param way       where it goes; undefined where the input does not tell
   */
  take(bytes: Buffer, start: number, end: number, envelope: Envelope, way: TrafficWay | undefined): Studied {
    const { sec, nsec } = envelope;
    const at = { sec, nsec };
    const paired = this.pairing.take({ bytes, start, end, way: way ?? this.#mixedOf(envelope), ...at });
    this.#last = at;
    return { at, paired };
  }

  /** The requests of connections that were not answered, one a line, for people. */
  unansweredLines(): string[] {
    // Of an input that does not tell who sends, there may be one side only.
    const all = this.pairing.unanswered().filter(({ connId }) => connId > 0);
    const lines = all.slice(0, MOST_UNANSWERED).map((sent) => {
      const age = nanosecondsBetween(sent, this.#last);
      const when = age === undefined ? "" : `, sent ${formatDuration(age)} before the last message`;
      return `connection ${sent.connId}: no reply to message ${sent.number}, ${sent.type}, xid ${sent.xid}${when}`;
    });
    const more = all.length - lines.length;
    if (more > 0) lines.push(`${more} more requests have no reply`);
    const { forgotten } = this.pairing;
    if (forgotten > 0) lines.push(`${forgotten} requests were too long without a reply to be remembered`);
    return lines;
  }

  /** What `_pair` tells. */
  pairText({ paired }: Studied): string {
    return pairText(paired, this.meaning);
  }

  #mixedOf(envelope: Envelope): TrafficWay {
    let way = this.#mixed.get(envelope);
    if (way === undefined) {
      way = { connId: --this.#inputs, src: "", dst: "", mixed: true };
      this.#mixed.set(envelope, way);
    }
    return way;
  }
}
