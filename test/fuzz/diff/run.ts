/** Programs that are given all their input at once. */
import { spawnSync } from "node:child_process";

/** Milliseconds for one batch, on a machine that has other things to do. */
const PATIENCE = 30_000;

/** Its output as bytes, each a character; undefined when it ended by a signal or not in time. Throws where there is no such program. */
export function run(
  program: string,
  args: readonly string[],
  input: Buffer,
): { readonly stdout: string; readonly stderr: string } | undefined {
  const said = spawnSync(program, args, {
    input,
    encoding: "latin1",
    timeout: PATIENCE,
    killSignal: "SIGKILL",
    maxBuffer: 1 << 30,
  });
  const error = said.error as NodeJS.ErrnoException | undefined;
  if (error?.code === "ENOENT" || error?.code === "EACCES") throw error;
  return said.signal !== null || error !== undefined ? undefined : said;
}
