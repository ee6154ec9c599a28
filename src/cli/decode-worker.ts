/** A thread of `oftr decode`: see slices.ts. Runs when it is loaded, in a Worker only. */
import { parentPort, workerData } from "node:worker_threads";
import { Text } from "../text/index.js";
import { type DecodeSettings, loadDecoding } from "./decoding.js";
import { EXIT } from "./exit-codes.js";
import { type ExitCode, Failures, systemReason } from "./failures.js";
import { type Output, writeOutput } from "./output.js";
import { ERASE } from "./progress.js";
import { SLICE_BYTES, type Slice, SliceQueue } from "./slices.js";

/** Slices that a thread has decoded and not written, at most: it goes on while another one is held up. */
const MOST_AHEAD = 4;

/** Bytes of text that a slice becomes before its turn comes, at most: few become half of that. */
const MOST_TEXT = 16 * 1024 * 1024;

/** What a thread has to do. */
export interface Order {
  /** Of the SliceQueue. */
  readonly memory: SharedArrayBuffer;
  readonly settings: DecodeSettings;
  readonly input: { readonly name: string; readonly fd: number };
  /** Undefined when nothing shall be written. */
  readonly output: Output | undefined;
  readonly keepGoing: boolean;
  readonly silent: boolean;
  /** A line of progress may stand on the terminal. */
  readonly progress: boolean;
}

/** How a thread has ended. */
export interface Report {
  readonly code: ExitCode;
  /** Number of the slice where the failure was that `code` tells, Infinity when it was in none. */
  readonly slice: number;
}

/** A slice that has been decoded and waits for its turn. */
interface Decoded {
  readonly number: number;
  readonly messages: number;
  readonly text: Text;
}

async function work(order: Order): Promise<Report> {
  const queue = new SliceQueue(order.memory);
  const makeDecoding = await loadDecoding(order.settings);
  const ahead: Decoded[] = [];
  const free: Text[] = [];
  let slice: Slice | undefined;
  let failed: number | undefined;

  const awaitTurn = (number: number): void => {
    if (!queue.awaitTurn(number)) failures.adopt(EXIT.OK, true);
  };
  const write = (bytes: Uint8Array): void => {
    // The comma in front belongs to no first element.
    const start = order.settings.style === "array" && !queue.begun ? 1 : 0;
    if (bytes.length === 0) return;
    if (order.output !== undefined) writeOutput(order.output, bytes, start);
    queue.begun = true;
  };
  /** Writes slices whose turn it is; waits for turns until no more than `most` are left. */
  const writeAhead = (most: number): void => {
    for (let next = ahead[0]; next !== undefined; next = ahead[0]) {
      if (ahead.length <= most && !queue.isTurn(next.number)) return;
      awaitTurn(next.number);
      ahead.shift();
      write(next.text.take());
      next.text.rewind();
      free.push(next.text);
      queue.passTurn(next.number, next.messages);
    }
  };
  /** Gets the turn of the slice that is being decoded, for text that cannot wait for its end. */
  const claimTurn = (): void => {
    writeAhead(0);
    if (slice !== undefined) awaitTurn(slice.number);
  };

  const decoding = makeDecoding((bytes) => {
    claimTurn();
    write(bytes);
  });
  decoding.most = MOST_TEXT;
  decoding.printer.begun = true;
  const failures = new Failures({
    keepGoing: order.keepGoing,
    silent: order.silent,
    flush() {
      claimTurn();
      failed ??= slice?.number;
      decoding.flush();
    },
    erase: () => (order.progress ? ERASE : ""),
  });

  const buffer = Buffer.allocUnsafeSlow(SLICE_BYTES);
  const { name, fd } = order.input;
  const code = await failures.run(() => {
    try {
      for (slice = queue.take(fd, buffer); slice !== undefined; slice = queue.take(fd, buffer)) {
        const counter = { messages: 0 };
        const consumer = decoding.open(
          { name, offset: slice.offset, live: false, options: slice.options },
          failures,
          counter,
        );
        if (consumer.push(slice.bytes) && slice.last) {
          if (slice.error !== undefined)
            failures.addFile(EXIT.OPEN, `reading ${name}: ${systemReason(slice.error)}`);
          consumer.end();
        }
        ahead.push({ number: slice.number, messages: counter.messages, text: decoding.out });
        decoding.out = free.pop() ?? new Text();
        writeAhead(MOST_AHEAD);
      }
      writeAhead(0);
    } catch (error) {
      queue.stop();
      throw error;
    }
  });
  // What was not a failure of a slice comes after all of these: the output has failed.
  return { code, slice: failed ?? Number.POSITIVE_INFINITY };
}

if (parentPort !== null) void work(workerData as Order).then((report) => parentPort?.postMessage(report));
