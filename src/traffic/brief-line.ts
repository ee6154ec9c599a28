// One line for each message: when, where, which way, what.
import type { PacketPrinter } from "../codec/decode.js";
import { briefFacts, type Meaning } from "./brief.js";
import { readMessageBriefly } from "./frame-brief.js";
import type { Moment } from "./message.js";
import type { Answer, Paired } from "./pairing.js";
import type { SideName } from "./sender.js";

/** The parts of a line; what is empty has no place in it. */
export interface BriefLine {
  /** UTC: `12:34:56.123456789`. */
  readonly time: string;
  /** `28`, where messages are paired. */
  readonly number: string;
  /** `c2` is connection 2; `->` goes to the switch, `<-` comes from it, `--` is not known. */
  readonly way: string;
  readonly type: string;
  readonly xid: string;
  readonly facts: string;
  /** `answers 27 FLOW_MOD after 0.512 ms`. */
  readonly answer: string;
}

const ARROWS: Readonly<Record<SideName, string>> = { controller: "->", switch: "<-" };

/** How lines are made. */
export interface BriefOptions {
  readonly meaning: Meaning;
  /** Tell what messages answer. */
  readonly pairs: boolean;
  /** Tells what is in packets; the fields as `_pkt` are used. */
  readonly packets?: PacketPrinter | undefined;
}

/** Makes the line of a message. Throws DecodeError. */
export function briefLine(
  frame: { readonly bytes: Buffer; readonly start: number; readonly end: number },
  at: Moment,
  paired: Paired,
  { meaning, pairs, packets }: BriefOptions,
): BriefLine {
  const message = readMessageBriefly(frame.bytes, frame.start, frame.end, packets);
  const { way, sender, number, answer } = paired;
  return {
    time: at.sec < 0 ? "" : formatClock(at),
    number: pairs ? String(number) : "",
    way: `${way.mixed === true ? "" : `c${way.connId} `}${sender === undefined ? "--" : ARROWS[sender]}`,
    type: message.type,
    xid: String(frame.bytes.readUInt32BE(frame.start + 4)),
    facts: briefFacts(message, meaning),
    answer: pairs && answer !== undefined ? formatAnswer(answer) : "",
  };
}

/** A time of the day, UTC, with nanoseconds. */
export function formatClock({ sec, nsec }: Moment): string {
  const day = sec % 86_400;
  const parts = [Math.floor(day / 3600), Math.floor(day / 60) % 60, day % 60].map((n) =>
    String(n).padStart(2, "0"),
  );
  return `${parts.join(":")}.${String(nsec).padStart(9, "0")}`;
}

/** Nanoseconds in the unit that suits: `812 ns`, `41.5 us`, `0.512 ms`, `2.30 s`. */
export function formatDuration(nanoseconds: number): string {
  const size = Math.abs(nanoseconds);
  if (size < 1000) return `${nanoseconds} ns`;
  if (size < 100_000) return `${(nanoseconds / 1000).toPrecision(3)} us`;
  if (size < 1_000_000_000) return `${toDigits(nanoseconds / 1e6)} ms`;
  return `${toDigits(nanoseconds / 1e9)} s`;
}

function toDigits(value: number): string {
  return Math.abs(value) < 1
    ? value.toFixed(3)
    : Math.abs(value) < 1000
      ? value.toPrecision(3)
      : value.toFixed(0);
}

function formatAnswer({ request, latency, part, last, covers }: Answer): string {
  const words = [`answers ${request.number} ${request.type}`];
  if (latency !== undefined) words.push(`after ${formatDuration(latency)}`);
  if (part > 1 || !last) words.push(last ? `in ${part} parts` : `part ${part}`);
  if (covers.length > 0) words.push(`covers ${coveredText(covers.map(({ sent }) => sent.number))}`);
  return words.join(" ");
}

/** `3 messages, 12 to 14`. */
function coveredText(numbers: readonly number[]): string {
  const [first, last] = [numbers[0], numbers.at(-1)];
  return numbers.length === 1 ? `${first}` : `${numbers.length} messages, ${first} to ${last}`;
}
