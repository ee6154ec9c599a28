/** A thread of `oftr decode`: see slices.ts. Runs when it is loaded, in a Worker only. */
import { parentPort, workerData } from "node:worker_threads";
import { type DecodeSettings, loadDecoding } from "./decoding.js";
import { EXIT } from "./exit-codes.js";
import { type ExitCode, Failures, systemReason } from "./failures.js";
import { type Output, writeOutput } from "./output.js";
import { ERASE } from "./progress.js";
import { SLICE_BYTES, type Slice, SliceQueue } from "./slices.js";

/** Bytes of text that a thread holds until its turn comes, at most: a slice seldom becomes half of that. */
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
  /** Number of the slice where the failure was that `code` tells. */
  readonly slice: number;
}

async function work(order: Order): Promise<Report> {
  const queue = new SliceQueue(order.memory);
  const makeDecoding = await loadDecoding(order.settings);
  let slice: Slice | undefined;
  let failed: number | undefined;

  const awaitTurn = (): void => {
    if (slice !== undefined && !queue.awaitTurn(slice.number)) failures.adopt(EXIT.OK, true);
  };
  const decoding = makeDecoding((bytes) => {
    awaitTurn();
    // The comma in front belongs to no first element.
    const start = order.settings.style === "array" && !queue.begun ? 1 : 0;
    if (order.output !== undefined) writeOutput(order.output, bytes, start);
    queue.begun = true;
  });
  decoding.most = MOST_TEXT;
  decoding.printer.begun = true;
  const failures = new Failures({
    keepGoing: order.keepGoing,
    silent: order.silent,
    flush() {
      awaitTurn();
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
        const consumer = decoding.open({ name, offset: slice.offset, live: false }, failures, counter);
        if (consumer.push(slice.bytes) && slice.last) {
          if (slice.error !== undefined)
            failures.addFile(EXIT.OPEN, `reading ${name}: ${systemReason(slice.error)}`);
          consumer.end();
        }
        awaitTurn();
        decoding.flush();
        queue.passTurn(slice.number, counter.messages);
      }
    } catch (error) {
      queue.stop();
      throw error;
    }
  });
  return { code, slice: failed ?? slice?.number ?? 0 };
}

if (parentPort !== null) void work(workerData as Order).then((report) => parentPort?.postMessage(report));
