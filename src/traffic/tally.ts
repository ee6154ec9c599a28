// Counts of the messages of one connection, or of several together.
import type { Meaning } from "./brief.js";
import { FrequentKeys } from "./frequent-keys.js";
import { Latencies } from "./latencies.js";
import type { Moment } from "./message.js";
import type { PacketInFacts } from "./packet-in.js";
import type { Answer } from "./pairing.js";
import type { ErrorFacts } from "./read-error.js";
import type { SideName } from "./sender.js";
import { SpanTally } from "./span.js";
import type { ErrorReport, LatencyReport, TallyReport, TypeReport } from "./summary-report.js";

/** Different errors that are told apart, and those of them that are told. */
const ERRORS = { counted: 128, told: 20 };

const ORDER: readonly (SideName | null)[] = ["controller", "switch", null];

/** What is counted of a message. */
export interface Counted {
  readonly type: string;
  /** Bytes of the message. */
  readonly length: number;
  readonly at: Moment;
  readonly answer: Answer | undefined;
  readonly error: ErrorFacts | undefined;
  readonly packetIn: PacketInFacts | undefined;
}

interface Row {
  readonly type: string;
  readonly from: string;
  count: number;
  bytes: number;
  latencies: Latencies | undefined;
}

/** Counts messages. What it holds is bounded by the number of types. */
export class Tally {
  /** By sender and type. */
  readonly #rows = new Map<string, Map<string, Row>>();
  readonly #errors = new FrequentKeys(ERRORS.counted);
  readonly #reasons = new Map<string, number>();
  readonly #span = new SpanTally();
  #messages = 0;
  #bytes = 0;
  #undecodable = 0;

  /** @param from  the sender, by any name; what the message answers comes from `to` */
  take({ type, length, at, answer, error, packetIn }: Counted, from: string, to: string): void {
    this.#count(length, at);
    const row = this.#row(type, from);
    row.count++;
    row.bytes += length;
    if (answer?.last === true && answer.latency !== undefined && answer.error === undefined) {
      const asked = this.#row(answer.request.type, to);
      asked.latencies ??= new Latencies();
      asked.latencies.add(answer.latency);
    }
    if (error !== undefined)
      this.#errors.add(JSON.stringify([error.type, error.code, answer?.request.type ?? null]));
    if (packetIn !== undefined)
      this.#reasons.set(packetIn.reason, (this.#reasons.get(packetIn.reason) ?? 0) + 1);
  }

  /** Takes a message that cannot be decoded. */
  takeUndecodable(length: number, at: Moment): void {
    this.#count(length, at);
    this.#undecodable++;
  }

  /** Whether messages of this type were counted. */
  has(type: string): boolean {
    return this.#allRows().some((row) => row.type === type && row.count > 0);
  }

  /** @param sideOf  the side that `from` stands for */
  report(sideOf: (from: string) => SideName | null, meaning: Meaning): TallyReport {
    const span = this.#span.report();
    return {
      ...span,
      messages: this.#messages,
      bytes: this.#bytes,
      undecodable: this.#undecodable,
      types: this.#allRows()
        .map((row) => typeReport(row, sideOf(row.from), span.duration))
        .sort((a, b) => ORDER.indexOf(a.from) - ORDER.indexOf(b.from) || b.count - a.count),
      errors: this.#errorReports(meaning),
      packet_in_reasons: Object.fromEntries(this.#reasons),
    };
  }

  #count(length: number, at: Moment): void {
    this.#messages++;
    this.#bytes += length;
    this.#span.take(at);
  }

  #row(type: string, from: string): Row {
    let rows = this.#rows.get(from);
    if (rows === undefined) {
      rows = new Map();
      this.#rows.set(from, rows);
    }
    let row = rows.get(type);
    if (row === undefined) {
      row = { type, from, count: 0, bytes: 0, latencies: undefined };
      rows.set(type, row);
    }
    return row;
  }

  #allRows(): Row[] {
    return [...this.#rows.values()].flatMap((rows) => [...rows.values()]);
  }

  #errorReports(meaning: Meaning): ErrorReport[] {
    return this.#errors.top(ERRORS.told).map(({ key, count, over }) => {
      const [type, code, request] = JSON.parse(key) as [string, string, string | null];
      return { type, code, meaning: meaning(type, code), request, count, ...(over > 0 ? { over } : {}) };
    });
  }
}

function typeReport({ type, count, bytes, latencies }: Row, from: SideName | null, duration = 0): TypeReport {
  return {
    type,
    from,
    count,
    bytes,
    ...(duration > 0 ? { rate: Number((count / duration).toPrecision(4)) } : {}),
    ...(latencies === undefined ? {} : { latency: latencyReport(latencies) }),
  };
}

function latencyReport(latencies: Latencies): LatencyReport {
  const { count, p50, p90, p99, max } = latencies.figures();
  return { count, p50: p50 / 1e9, p90: p90 / 1e9, p99: p99 / 1e9, max: max / 1e9 };
}
