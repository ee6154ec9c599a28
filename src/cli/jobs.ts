/** `oftr decode --jobs`: several threads decode one file. */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Order, Report } from "./decode-worker.js";
import type { Decoding } from "./decoding.js";
import { EXIT } from "./exit-codes.js";
import type { Failures } from "./failures.js";
import type { Input } from "./input.js";
import type { Output } from "./output.js";
import { PERIOD, type Progress } from "./progress.js";
import { SliceQueue } from "./slices.js";

/** The file of the threads in the build (scripts/build.mjs); it stands beside the bundle of this file. */
const WORKER = join(import.meta.dirname, "decode-worker.js");

/** What `decodeByJobs` does. */
export interface JobOptions {
  /** Number of threads. */
  readonly jobs: number;
  /** Tells how to decode, and is told whether the list of messages has begun. All it had has been written. */
  readonly decoding: Decoding;
  /** A file that has not been read from. */
  readonly input: Input;
  /** Undefined when nothing shall be written. */
  readonly output: Output | undefined;
  readonly failures: Failures;
  readonly progress: Progress;
}

/**
 * Decodes a file, with the same output, errors and exit code as if one thread did it. This thread has nothing to do
 * meanwhile but to draw the line of progress.
 */
export async function decodeByJobs(options: JobOptions): Promise<void> {
  const { jobs, decoding, input, output, failures, progress } = options;
  const queue = new SliceQueue();
  queue.begun = decoding.printer.begun;
  const order: Order = {
    memory: queue.memory,
    settings: decoding.settings,
    input: { name: input.name, fd: input.fd },
    output,
    keepGoing: failures.options.keepGoing,
    silent: failures.options.silent,
    progress: progress.wanted,
  };
  const { bytes, messages } = progress;
  const timer = setInterval(() => {
    progress.bytes = bytes + queue.offset;
    progress.messages = messages + queue.messages;
    progress.tick();
  }, PERIOD);
  let reports: Report[];
  try {
    reports = await runAll(order, jobs, () => queue.stop());
  } finally {
    clearInterval(timer);
  }
  progress.bytes = bytes + queue.offset;
  progress.messages = messages + queue.messages;
  decoding.printer.begun = queue.begun;
  const failed = reports.filter(({ code }) => code !== EXIT.OK).sort((a, b) => a.slice - b.slice);
  failures.adopt(failed[0]?.code ?? EXIT.OK, queue.stopped);
}

/** Runs the threads to their ends. Throws what one of them has not caught, after the others have ended, too. */
async function runAll(order: Order, jobs: number, stop: () => void): Promise<Report[]> {
  const workers = Array.from({ length: jobs }, () => new Worker(WORKER, { workerData: order }));
  const reports: Report[] = [];
  const defects: unknown[] = [];
  await Promise.all(
    workers.map(
      (worker) =>
        new Promise<void>((resolve) => {
          worker.on("message", (report: Report) => reports.push(report));
          worker.on("error", (error) => {
            defects.push(error);
            stop();
            for (const other of workers) void other.terminate();
          });
          worker.on("exit", () => resolve());
        }),
    ),
  );
  if (defects.length > 0) throw defects[0];
  return reports;
}
