/** Files that Node cannot unpack, in all versions that we support: the program that packs such files does. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { errorCode } from "./input.js";
import { listenTo } from "./program-reason.js";

/** Why a file cannot be unpacked. */
export class UnpackError extends Error {
  /** The program is not installed. */
  readonly missing: boolean;

  constructor(text: string, missing = false) {
    super(text);
    this.missing = missing;
  }
}

/** How writing to a program fails that has ended. */
const GONE: ReadonlySet<string | undefined> = new Set([
  "EPIPE",
  "ECONNRESET",
  "ERR_STREAM_PREMATURE_CLOSE",
  "ERR_STREAM_DESTROYED",
]);

/**
 * Gives what `chunks` hold to `take`, piece by piece. Rejects with UnpackError after what is good, and with what `chunks` and `take`
 * throw.
 * @param program  zstd, xz and bzip2 understand the same options
 * @param chunks   each a buffer of its own
 */
export async function unpack(
  program: string,
  chunks: Iterable<Buffer>,
  take: (piece: Buffer) => void,
): Promise<void> {
  const child = spawn(program, ["-dc"], { stdio: "pipe" });
  const reason = listenTo(program, child.stderr);
  const ended = once(child, "close");
  const fed = pipeline(Readable.from(chunks), child.stdin).catch((error: unknown) => {
    // Why it has ended early its exit code tells.
    if (!GONE.has(errorCode(error))) throw error;
  });
  const taken = (async () => {
    for await (const piece of child.stdout) take(piece as Buffer);
  })();
  // All three end when one of them fails; nothing may come after the failure is told.
  await Promise.allSettled([fed, taken, ended]);
  await fed;
  await taken;
  const code = await ended.then(
    ([status]) => status as number | null,
    (error: unknown) => {
      if (errorCode(error) !== "ENOENT") throw error;
      throw new UnpackError(`${program}, which unpacks it, is not installed`, true);
    },
  );
  if (code !== 0) throw new UnpackError(reason());
}
