// Plays one side of a recorded connection to a living peer, and compares what the peer says with the recording.
import type { Duplex } from "node:stream";
import { DecodeError } from "../base/index.js";
import type { Clock } from "../channel/index.js";
import { FrameSplitter, peekType, peekXid, putU32 } from "../wire/index.js";
import { type Ignored, messageDifferences, type ValueDifference } from "./replay-difference.js";
import { type Step, typeOf } from "./replay-script.js";

/** How a recording is played. */
export interface ReplaySettings {
  /** How many times as fast as it was recorded we send; Infinity: at once. */
  readonly speed: number;
  /** Milliseconds that a message of the peer may be late, seen from when it came in the recording. */
  readonly wait: number;
  /** Values that may differ. */
  readonly ignored: Ignored;
}

/**
 * In what the peer differs. DIFFERENT: it says something else (`values`); MISSING: it does not say it in time; UNEXPECTED: it says what is
 * not in the recording; ORDER: it says it after what it preceded; BROKEN: the connection ended, or what comes is no OpenFlow.
 */
export interface ReplayDifference {
  readonly kind: "DIFFERENT" | "MISSING" | "UNEXPECTED" | "ORDER" | "BROKEN";
  /** Number of the message in the recording; for UNEXPECTED and BROKEN of the last one before it, 0 where there is none. */
  readonly message: number;
  /** Its type; "" for BROKEN. */
  readonly type: string;
  /** For ORDER, the message that came first. */
  readonly after?: { readonly message: number; readonly type: string };
  readonly values?: readonly ValueDifference[];
  /** For UNEXPECTED, the message. */
  readonly bytes?: Buffer;
  /** For BROKEN, what happened. */
  readonly detail?: string;
}

/** What came of it. */
export interface ReplayResult {
  /** Messages that we have sent, and those of them that we have not: they answer what did not come, or the connection was gone. */
  readonly played: number;
  readonly unplayed: number;
  /** Messages of the peer that were in the recording, whether the same or different. */
  readonly compared: number;
  readonly differences: number;
}

const ERROR = 1;
const ECHO_REQUEST = 2;
const ECHO_REPLY = 3;

/** Where the message that an ERROR is about has its transaction id: behind the header, type and code, in its own header. */
const REFUSED_XID = 16;

/** Milliseconds in which the peer may say more than is recorded, after the last message. */
const QUIET = 300;

/** Milliseconds in which the peer shall close its side after we have closed ours. */
const LINGER = 500;

/**
 * What changes a switch, or marks a point in time: in which order these come matters. Others may come in any order: replies, statistics.
 */
const ORDERED = /^(\w+_MOD|PACKET_OUT|BARRIER_REQUEST|BUNDLE_\w+|SET_CONFIG|ROLE_REQUEST|SET_ASYNC)$/;

/** A playback, from an open connection to its result. */
export class Replay {
  readonly #steps: readonly Step[];
  readonly #settings: ReplaySettings;
  readonly #clock: Clock;
  readonly #onDifference: (difference: ReplayDifference) => void;
  readonly #splitter: FrameSplitter;
  #stream: Duplex | undefined;
  /** The first step that is not done. */
  #cursor = 0;
  /** When the one before it was done. */
  #reached = 0;
  /** Messages of the peer that stand for those of the script. */
  readonly #came = new Map<Step, Buffer>();
  /** Steps that have no counterpart: given up, or not sent. */
  readonly #without = new Set<Step>();
  /** Of those that have to come in order, the one that stands last in the script. */
  #latest: Step | undefined;
  #played = 0;
  #differences = 0;
  #stopTimer: () => void = () => undefined;
  #finish: (result: ReplayResult) => void = () => undefined;
  #over = false;

  constructor(
    steps: readonly Step[],
    settings: ReplaySettings,
    clock: Clock,
    onDifference: (difference: ReplayDifference) => void,
  ) {
    this.#steps = steps;
    this.#settings = settings;
    this.#clock = clock;
    this.#onDifference = onDifference;
    this.#splitter = new FrameSplitter((b, o, end) => this.#onFrame(Buffer.from(b.subarray(o, end))));
  }

  /** Plays over a connection, which is closed at the end. To be called once. */
  play(stream: Duplex): Promise<ReplayResult> {
    this.#stream = stream;
    this.#reached = this.#clock.now();
    stream.on("data", (chunk: Buffer) => this.#onChunk(chunk));
    stream.on("error", () => undefined);
    for (const end of ["end", "close"]) stream.on(end, () => this.#onEnd());
    return new Promise((resolve) => {
      this.#finish = resolve;
      this.#goOn();
    });
  }

  #onChunk(chunk: Buffer): void {
    if (this.#over) return;
    try {
      this.#splitter.push(chunk);
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#tellBroken(`what the peer sends is no OpenFlow: ${error.message}`);
      this.#end();
      return;
    }
    this.#goOn();
  }

  #onFrame(frame: Buffer): void {
    switch (peekType(frame)) {
      case ECHO_REQUEST: {
        const reply = Buffer.from(frame);
        reply[1] = ECHO_REPLY;
        this.#stream?.write(reply);
        return;
      }
      case ECHO_REPLY:
        return;
    }
    const step = this.#findSame(frame) ?? this.#findLike(frame);
    if (step === undefined) {
      this.#tell({ kind: "UNEXPECTED", message: this.#numberBefore(), type: typeOf(frame), bytes: frame });
      return;
    }
    this.#came.set(step, frame);
    const values = this.#compare(step, frame);
    if (values.length > 0) this.#tell({ kind: "DIFFERENT", message: step.number, type: step.type, values });
    if (ORDERED.test(step.type)) this.#checkOrder(step);
  }

  /** The first of the messages that are to come and that this one is. Later ones count, too: it may be independent of what we say. */
  #findSame(frame: Buffer): Step | undefined {
    const type = typeOf(frame);
    for (const step of this.#awaited(type, false)) if (this.#compare(step, frame).length === 0) return step;
    return undefined;
  }

  /** Of the messages that are to come before we say more, the first one of its type: rather one that has its transaction id. */
  #findLike(frame: Buffer): Step | undefined {
    const like = [...this.#awaited(typeOf(frame), true)];
    return like.find((step) => this.#hasXid(step, frame)) ?? like[0];
  }

  /** The messages of a type that the peer has still to send. @param now  before we say more */
  *#awaited(type: string, now: boolean): Generator<Step> {
    for (let i = this.#cursor; i < this.#steps.length; i++) {
      const step = this.#steps[i] as Step;
      if (step.ours && now) return;
      if (!step.ours && step.type === type && !this.#isDone(step)) yield step;
    }
  }

  #isDone(step: Step): boolean {
    return this.#came.has(step) || this.#without.has(step);
  }

  #compare(step: Step, frame: Buffer): ValueDifference[] {
    const values = messageDifferences(step.bytes, frame, this.#settings.ignored);
    if (this.#hasXid(step, frame) || this.#settings.ignored("xid")) return values;
    return [{ path: "xid", recorded: String(peekXid(step.bytes)), now: String(peekXid(frame)) }, ...values];
  }

  /** What answers us has our transaction id, which is that of the recording; otherwise the peer is free to choose. */
  #hasXid({ answers, bytes }: Step, frame: Buffer): boolean {
    return answers === undefined || peekXid(frame) === peekXid(bytes);
  }

  #checkOrder(step: Step): void {
    const latest = this.#latest;
    if (latest === undefined || latest.number < step.number) {
      this.#latest = step;
      return;
    }
    const after = { message: latest.number, type: latest.type };
    this.#tell({ kind: "ORDER", message: step.number, type: step.type, after });
  }

  /** Does what can be done now, and comes back when more can be. */
  #goOn(): void {
    this.#stopTimer();
    while (!this.#over) {
      const step = this.#steps[this.#cursor];
      if (step === undefined) {
        this.#later(QUIET, () => this.#end());
        return;
      }
      const due =
        this.#reached + (step.ours ? step.delay / this.#settings.speed : step.delay + this.#settings.wait);
      const left = due - this.#clock.now();
      if (!this.#isDone(step)) {
        if (left > 0) {
          this.#later(left, () => this.#goOn());
          return;
        }
        if (step.ours) this.#send(step);
        else this.#giveUp(step);
      }
      this.#cursor++;
      this.#reached = this.#clock.now();
    }
  }

  #later(ms: number, run: () => void): void {
    this.#stopTimer = this.#clock.after(ms, run);
  }

  #giveUp(step: Step): void {
    this.#without.add(step);
    this.#tell({ kind: "MISSING", message: step.number, type: step.type });
  }

  #send(step: Step): void {
    const bytes = Buffer.from(step.bytes);
    if (step.answers !== undefined) {
      const asked = this.#came.get(step.answers);
      if (asked === undefined) {
        this.#without.add(step);
        return;
      }
      putU32(bytes, 4, peekXid(asked));
      const repeats = peekType(bytes) === ERROR && bytes.length >= REFUSED_XID + 4;
      if (repeats && bytes.readUInt32BE(REFUSED_XID) === peekXid(step.bytes))
        putU32(bytes, REFUSED_XID, peekXid(asked));
    }
    this.#stream?.write(bytes);
    this.#played++;
  }

  /** That is no difference where the peer has said all, for the recording ends, too. */
  #onEnd(): void {
    if (this.#over) return;
    const isOwed = this.#steps.slice(this.#cursor).some((step) => !step.ours && !this.#isDone(step));
    if (isOwed) this.#tellBroken("the peer closed the connection");
    this.#end();
  }

  #tellBroken(detail: string): void {
    this.#tell({ kind: "BROKEN", message: this.#numberBefore(), type: "", detail });
  }

  /** Number of the last message that was done. */
  #numberBefore(): number {
    return this.#steps[this.#cursor - 1]?.number ?? 0;
  }

  #tell(difference: ReplayDifference): void {
    this.#differences++;
    this.#onDifference(difference);
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#stopTimer();
    this.#splitter.close();
    const stream = this.#stream;
    stream?.end();
    this.#clock.after(LINGER, () => stream?.destroy());
    const ours = this.#steps.filter((step) => step.ours).length;
    this.#finish({
      played: this.#played,
      unplayed: ours - this.#played,
      compared: this.#came.size,
      differences: this.#differences,
    });
  }
}
