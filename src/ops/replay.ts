// Plays one side of a recorded connection to a living peer, and compares what the peer says with the recording.
import type { Duplex } from "node:stream";
import { DecodeError } from "../base/index.js";
import type { Clock } from "../channel/index.js";
import { FrameSplitter, peekType, peekXid } from "../wire/index.js";
import type { Side } from "./chosen-values.js";
import type { Ignored } from "./ignored.js";
import type { ValueDifference } from "./json-differences.js";
import { adaptTo, livingMessage } from "./living-values.js";
import { messageDifferences, messageGist } from "./replay-difference.js";
import { type Step, typeOf } from "./replay-script.js";

/** How a recording is played. */
export interface ReplaySettings {
  /** Whom we play. */
  readonly as: Side;
  /** How many times as fast as it was recorded we send; Infinity: at once. */
  readonly speed: number;
  /** Milliseconds that a message of the peer may be late, seen from when it came in the recording. */
  readonly wait: number;
  /** Values that may differ. */
  readonly ignored: Ignored;
}

/**
 * In what the peer differs. DIFFERENT: it says something else (`values`); MISSING: it does not say it in time; UNEXPECTED: it says what is
 * not in the recording; ORDER: it says it after what it preceded; BROKEN: the connection ended, or what comes is no OpenFlow. UNSENT is
 * what follows from another difference, and does not count: we cannot say what answers, or repeats, what the peer has not said.
 */
export interface ReplayDifference {
  readonly kind: "DIFFERENT" | "MISSING" | "UNEXPECTED" | "ORDER" | "BROKEN" | "UNSENT";
  /** Number of the message in the recording; for UNEXPECTED and BROKEN of the last one that was said before, 0 where there is none. */
  readonly message: number;
  /** Its type; "" for BROKEN. */
  readonly type: string;
  /** For ORDER, the message that came first. */
  readonly after?: { readonly message: number; readonly type: string };
  /** For UNSENT, the message that we have not got. */
  readonly lacks?: { readonly message: number; readonly type: string };
  readonly values?: readonly ValueDifference[];
  /** For UNEXPECTED, the message. */
  readonly bytes?: Buffer;
  /** For BROKEN, what happened. */
  readonly detail?: string;
}

/** What came of it. */
export interface ReplayResult {
  /** Messages that we have sent, and those that we have not: what they need did not come, or the connection was gone. */
  readonly played: number;
  readonly unplayed: number;
  /** Messages of the peer that were in the recording, whether the same or different. */
  readonly compared: number;
  readonly differences: number;
}

const ECHO_REQUEST = 2;
const ECHO_REPLY = 3;

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
  readonly #peer: Side;
  readonly #settings: ReplaySettings;
  readonly #clock: Clock;
  readonly #onDifference: (difference: ReplayDifference) => void;
  readonly #splitter: FrameSplitter;
  #stream: Duplex | undefined;
  /** Those of the peer by their gist. */
  readonly #theirs = new Map<string, Step[]>();
  /** The first step that is not done. */
  #cursor = 0;
  /** When the one before it was done. */
  #reached = 0;
  /** The last message that either side has said. */
  #last: Step | undefined;
  /** Messages of the peer that stand for those of the script. */
  readonly #came = new Map<Step, Buffer>();
  /** Messages of ours that are not as they were recorded. */
  readonly #changed = new Map<Step, Buffer>();
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
    this.#peer = settings.as === "switch" ? "controller" : "switch";
    this.#settings = settings;
    this.#clock = clock;
    this.#onDifference = onDifference;
    for (const step of steps) {
      if (step.ours) continue;
      const gist = this.#gist(step.bytes);
      const same = this.#theirs.get(gist);
      if (same === undefined) this.#theirs.set(gist, [step]);
      else same.push(step);
    }
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
    }
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
    this.#last = step;
    const values = this.#compare(step, frame);
    if (values.length > 0) this.#tell({ kind: "DIFFERENT", message: step.number, type: step.type, values });
    if (ORDERED.test(step.type)) this.#checkOrder(step);
    // What comes together is judged as if it came one by one.
    this.#goOn();
  }

  #gist(bytes: Buffer): string {
    return messageGist(bytes, this.#peer, this.#settings.ignored);
  }

  /** The first of the messages that are to come and that this one is. Later ones count, too: it may be independent of what we say. */
  #findSame(frame: Buffer): Step | undefined {
    const same = this.#theirs.get(this.#gist(frame)) ?? [];
    while (same[0] !== undefined && this.#isDone(same[0])) same.shift();
    return same.find((step) => !this.#isDone(step) && this.#compare(step, frame).length === 0);
  }

  /** Of the messages that are to come before we say more, the first one of its type: rather one that has its transaction id. */
  #findLike(frame: Buffer): Step | undefined {
    const type = typeOf(frame);
    let like: Step | undefined;
    for (let i = this.#cursor; i < this.#steps.length; i++) {
      const step = this.#steps[i] as Step;
      if (step.ours) return like;
      if (step.type !== type || this.#isDone(step)) continue;
      if (this.#hasXid(step, frame)) return step;
      like ??= step;
    }
    return like;
  }

  #isDone(step: Step): boolean {
    return this.#came.has(step) || this.#without.has(step);
  }

  #compare(step: Step, frame: Buffer): ValueDifference[] {
    const adapt = adaptTo(step, this.#peer, (one) => this.#living(one));
    const values = messageDifferences(step.bytes, frame, this.#settings.ignored, adapt);
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

  /** What was really said for a step; undefined where the peer has said nothing for it. */
  #living(step: Step): Buffer | undefined {
    return step.ours ? (this.#changed.get(step) ?? step.bytes) : this.#came.get(step);
  }

  #send(step: Step): void {
    const bytes = livingMessage(step, this.#peer, (one) => this.#living(one));
    if (!Buffer.isBuffer(bytes)) {
      this.#without.add(step);
      const lacks = { message: bytes.number, type: bytes.type };
      this.#tell({ kind: "UNSENT", message: step.number, type: step.type, lacks });
      return;
    }
    if (!bytes.equals(step.bytes)) this.#changed.set(step, bytes);
    this.#stream?.write(bytes);
    this.#last = step;
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

  #numberBefore(): number {
    return this.#last?.number ?? 0;
  }

  #tell(difference: ReplayDifference): void {
    if (difference.kind !== "UNSENT") this.#differences++;
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
