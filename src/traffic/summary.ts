// What all the messages of a run are together.
import { peekVersion } from "../wire/index.js";
import type { Meaning } from "./brief.js";
import { ConnectionTally } from "./connection-tally.js";
import { FrequentKeys } from "./frequent-keys.js";
import type { Moment } from "./message.js";
import { OthersTally } from "./others-tally.js";
import type { PacketInFacts } from "./packet-in.js";
import type { Paired, Pairing } from "./pairing.js";
import type { Sent } from "./pending.js";
import type { Summarized } from "./read-summarized.js";
import { Slowest, type TimedAnswer } from "./slowest.js";
import { momentText, SpanTally } from "./span.js";
import type {
  PacketInReport,
  RequestReport,
  SenderReport,
  SummaryReport,
  UnansweredReport,
} from "./summary-report.js";

/** Connections that are told one by one, the first ones; the others are summed. */
export const TOLD_CONNECTIONS = 256;

/** How many of the slowest requests, of those without a reply, and of senders are told. */
const TOLD = 10;

/** A message that is counted. */
export interface SummaryMessage {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly at: Moment;
  readonly paired: Paired;
}

/** Counts messages. Memory does not grow with their number, nor with that of connections. */
export class Summary {
  readonly #most: number;
  readonly #connections = new Map<number, ConnectionTally>();
  #others: OthersTally | undefined;
  readonly #span = new SpanTally();
  readonly #slowest = new Slowest(TOLD);
  readonly #senders = new FrequentKeys();
  readonly #ports = new FrequentKeys();
  #messages = 0;
  #bytes = 0;
  #packetIns = 0;

  /** @param most  connections that are told one by one */
  constructor(most = TOLD_CONNECTIONS) {
    this.#most = most;
  }

  /** Takes a message that was decoded. */
  take(message: SummaryMessage, { error, packetIn, identity }: Summarized): void {
    const { bytes, start, at, paired } = message;
    const { type, answer } = paired;
    const length = this.#count(message);
    const tally = this.#tallyOf(paired);
    const version = peekVersion(bytes, start);
    tally.take({ type, length, at, answer, error, packetIn }, paired, { version, identity });
    if (answer?.last === true && isTimed(answer) && answer.error === undefined) this.#slowest.take(answer);
    if (packetIn !== undefined) this.#takePacketIn(packetIn, paired.way.connId);
  }

  /** Takes a message that cannot be decoded. */
  takeUndecodable(message: SummaryMessage): void {
    const { at, paired } = message;
    this.#tallyOf(paired).takeUndecodable(this.#count(message), at, paired.way.connId);
  }

  /** What was counted so far. @param pairing  has seen the messages */
  report(pairing: Pairing, meaning: Meaning): SummaryReport {
    return {
      ...this.#span.report(),
      messages: this.#messages,
      bytes: this.#bytes,
      connections: Array.from(this.#connections.values(), (one) => one.report(meaning)),
      ...(this.#others === undefined ? {} : { others: this.#others.report(meaning) }),
      slowest: this.#slowest.answers.map(({ request, latency }) => ({
        ...requestReport(request),
        latency: latency / 1e9,
      })),
      unanswered: this.#unansweredReport(pairing),
      packet_in: this.#packetInReport(),
    };
  }

  #count({ start, end, at }: SummaryMessage): number {
    this.#messages++;
    this.#bytes += end - start;
    this.#span.take(at);
    return end - start;
  }

  #tallyOf({ way }: Paired): ConnectionTally | OthersTally {
    const known = this.#connections.get(way.connId);
    if (known !== undefined) return known;
    if (this.#connections.size >= this.#most) return (this.#others ??= new OthersTally());
    const tally = new ConnectionTally(way);
    this.#connections.set(way.connId, tally);
    return tally;
  }

  #takePacketIn({ inPort, sender }: PacketInFacts, connId: number): void {
    this.#packetIns++;
    const port = { ...(connId > 0 ? { conn_id: connId } : {}), in_port: inPort };
    this.#ports.add(JSON.stringify(port));
    this.#senders.add(JSON.stringify({ ...port, ...sender }));
  }

  #unansweredReport(pairing: Pairing): UnansweredReport {
    // Of an input that does not tell who sends, there may be one side only.
    const all = pairing.unanswered().filter((sent) => sent.connId > 0 && this.#wanted(sent));
    return {
      count: all.length,
      forgotten: pairing.forgotten,
      oldest: all.slice(0, TOLD).map(requestReport),
    };
  }

  /** Whether messages of this kind are counted at all. */
  #wanted({ connId, type }: Sent): boolean {
    return (this.#connections.get(connId) ?? this.#others)?.has(type) === true;
  }

  #packetInReport(): PacketInReport {
    return {
      count: this.#packetIns,
      senders: senderReports(this.#senders),
      ports: senderReports(this.#ports),
    };
  }
}

function isTimed(answer: Paired["answer"]): answer is TimedAnswer {
  return answer?.latency !== undefined;
}

function requestReport({ connId, number, type, xid, sec, nsec }: Sent): RequestReport {
  return {
    ...(connId > 0 ? { conn_id: connId } : {}),
    number,
    type,
    xid,
    ...(sec < 0 ? {} : { time: momentText({ sec, nsec }) }),
  };
}

function senderReports(keys: FrequentKeys): SenderReport[] {
  return keys.top(TOLD).map(({ key, count, over }) => ({
    ...(JSON.parse(key) as Pick<SenderReport, "conn_id" | "in_port" | "eth_src" | "ip_src">),
    count,
    ...(over > 0 ? { over } : {}),
  }));
}
