/** Flows of ovs-ofctl, one a line: for `oftr encode --ovs-flow`. Loaded only then. */
import { StringDecoder } from "node:string_decoder";
import { TextError } from "../base/index.js";
import { FlowError, parseOvsFlow } from "../ovs/index.js";
import type { Start, TextReader } from "./json-texts.js";

/** Longest line, in characters: no message could hold what a longer one says. */
const LONGEST_LINE = 1 << 20;

/** Takes messages; `read` makes one when it is called, and may throw TextError. */
export interface FlowSink {
  message(read: () => unknown, start: Start): void;
}

/** Reads lines; what stands behind `#` and lines without a flow are left out, as ovs-ofctl does. */
export class FlowLineReader implements TextReader {
  readonly #sink: FlowSink;
  readonly #version: number;
  readonly #utf8 = new StringDecoder("utf8");
  #held = "";
  #lines = 0;

  /** @param version  wire version of the messages */
  constructor(sink: FlowSink, version: number) {
    this.#sink = sink;
    this.#version = version;
  }

  push(chunk: Buffer): void {
    const lines = (this.#held + this.#utf8.write(chunk)).split("\n");
    this.#held = lines.pop() ?? "";
    for (const line of lines) this.#take(line);
    if (this.#held.length > LONGEST_LINE)
      throw new TextError(
        "TOO_LARGE",
        this.#lines + 1,
        1,
        `the line has more than ${LONGEST_LINE} characters`,
      );
  }

  end(): void {
    const last = this.#held + this.#utf8.end();
    if (last !== "") this.#take(last);
    this.#held = "";
  }

  #take(line: string): void {
    const flow = line.replace(/#.*/s, "").trimEnd();
    this.#lines++;
    if (flow.trim() === "") return;
    this.#sink.message(() => readLine(flow, this.#version), { line: this.#lines, column: 1 });
  }
}

function readLine(flow: string, version: number): unknown {
  try {
    return parseOvsFlow(flow, { version });
  } catch (error) {
    if (!(error instanceof FlowError)) throw error;
    throw new TextError("SYNTAX", 1, error.column, error.detail);
  }
}
