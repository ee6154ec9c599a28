/** `--summary`: messages are counted, and what they are together stands at the end. */
import { DecodeError } from "../base/index.js";
import type { Envelope, PacketPrinter } from "../codec/decode.js";
import type { Text } from "../text/index.js";
import { readSummarized, type Summarized, Summary, type SummaryMessage } from "../traffic/index.js";
import type { MessagePrinter } from "./message-printer.js";
import type { Studied, Study } from "./study.js";
import { summaryLines } from "./summary-table.js";

export interface SummaryOptions {
  readonly study: Study;
  /** Print one JSON object instead of tables. */
  readonly json: boolean;
  /** Tells the fields of packets. */
  readonly packets: PacketPrinter | undefined;
}

/** Prints the summary of all messages. */
export class SummaryPrinter implements MessagePrinter {
  begun = false;
  readonly #options: SummaryOptions;
  readonly #summary = new Summary();
  /** What was decoded last; it is counted once it is known that it is wanted. */
  #last: readonly [SummaryMessage, Summarized] | undefined;

  constructor(options: SummaryOptions) {
    this.#options = options;
  }

  begin(): void {}

  print(bytes: Buffer, start: number, end: number, _out: Text, _envelope: Envelope, studied?: Studied): void {
    if (studied === undefined) return;
    const message = { bytes, start, end, ...studied };
    try {
      const { type } = studied.paired;
      this.#last = [message, readSummarized(bytes, start, end, type, this.#options.packets)];
    } catch (error) {
      if (error instanceof DecodeError) this.#summary.takeUndecodable(message);
      throw error;
    }
  }

  keep(): void {
    if (this.#last !== undefined) this.#summary.take(...this.#last);
    this.#last = undefined;
  }

  printNull(): void {}

  end(out: Text): void {
    const { study, json } = this.#options;
    const report = this.#summary.report(study.pairing, study.meaning);
    const text = json ? JSON.stringify(report) : summaryLines(report).join("\n");
    out.room(3 * text.length + 1);
    out.p += out.o.write(`${text}\n`, out.p, "utf8");
  }
}
