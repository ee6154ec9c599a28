/** What is demanded of `oftr encode` for any text at all. */
import { TextError } from "../../src/base/index.js";
import { Failures } from "../../src/cli/failures.js";
import { JsonLineReader, JsonObjectReader, type TextReader } from "../../src/cli/json-texts.js";
import { EncoderSink, MessageEncoder } from "../../src/cli/message-encoder.js";
import { YamlReader } from "../../src/cli/yaml-texts.js";
import { FrameSplitter } from "../../src/wire/index.js";
import { Finding } from "./oracle.js";
import { decoded } from "./seeds.js";

/** Milliseconds that no text of these sizes may take: so many, and some for each failure that is told. */
const SLOW_TEXT_MS = 1000;
const FAILURE_MS = 0.2;

/** The readers of `encode`, `encode --json` and `encode --json-array`. */
const READERS = { yaml: YamlReader, json: JsonLineReader, "json-array": JsonObjectReader } as const;
export type Form = keyof typeof READERS;
export const FORMS = Object.keys(READERS) as Form[];

/** Failures in a list instead of on stderr. */
class Collected extends Failures {
  readonly texts: string[] = [];

  constructor() {
    super({ keepGoing: true, silent: false, flush: () => {}, erase: () => "" });
  }

  override add(_code: number, text: string): void {
    this.texts.push(text);
  }
}

/** What became of an input. */
interface Outcome {
  readonly bytes: Buffer;
  readonly failures: readonly string[];
}

/**
 * Demands of an input: it is encoded, or each failure is told with line and column; the frames decode; where chunks end
 * makes no difference; nothing takes long. Throws Finding, or what the program would die of.
 * @param cut  where the input is cut into two chunks, 0 to 1
 */
export function checkText(text: Buffer, form: Form, cut: number): void {
  let whole = encodeText([text], form);
  const start = process.cpuUsage();
  const at = Math.floor(cut * text.length);
  const parts = encodeText([text.subarray(0, at), text.subarray(at)], form);
  let took = cpuMsSince(start);
  // The best of three, for the collector of garbage may have been at work.
  const slow = SLOW_TEXT_MS + FAILURE_MS * whole.failures.length;
  for (let attempt = 0; attempt < 2 && took > slow; attempt++) {
    const again = process.cpuUsage();
    whole = encodeText([text], form);
    took = cpuMsSince(again);
  }
  if (took > slow) throw finding(`reading took ${Math.round(took)} ms`, text, form);
  if (!whole.bytes.equals(parts.bytes) || whole.failures.join("\n") !== parts.failures.join("\n"))
    throw finding(`cut at ${at} it becomes ${show(parts)}, whole ${show(whole)}`, text, form);
  for (const failure of whole.failures) {
    if (!/^in:[1-9]\d*:[1-9]\d*: \S/.test(failure))
      throw finding(`a failure without its place: ${failure}`, text, form);
  }
  const splitter = new FrameSplitter((b, o, end) => {
    const frame = b.subarray(o, end);
    if (decoded(frame) === undefined)
      throw finding(`encodes to what is refused: ${frame.toString("hex")}`, text, form);
  });
  splitter.push(whole.bytes);
  if (splitter.pending > 0) throw finding(`encodes to half a frame`, text, form);
}

function encodeText(chunks: readonly Buffer[], form: Form): Outcome {
  const written: Buffer[] = [];
  const failures = new Collected();
  const encoder = new MessageEncoder({ xid: 0 }, (bytes) => written.push(Buffer.from(bytes)));
  const reader: TextReader = new READERS[form](new EncoderSink("in", encoder, failures, { messages: 0 }));
  try {
    for (const chunk of chunks) reader.push(Buffer.from(chunk));
    reader.end();
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    failures.texts.push(`in:${error.message}`);
  }
  encoder.flush();
  return { bytes: Buffer.concat(written), failures: failures.texts };
}

function finding(what: string, text: Buffer, form: Form): Finding {
  return new Finding(`${form}: ${what}`, text);
}

function show({ bytes, failures }: Outcome): string {
  return `${bytes.toString("hex")} ${failures.join("; ")}`;
}

/** CPU time, which other programs do not lengthen: waiting for a busy machine is no finding. */
function cpuMsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
