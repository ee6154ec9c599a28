/** Runs a command in this process and catches what goes to stdout and stderr. Imports nothing: it takes part in the mock of `node:fs`. */

/** What a run left behind. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What has been written to stdout and stderr. A test file mocks `node:fs` with `catchingFs` to fill it. */
export const caught = { stdout: [] as Buffer[], stderr: [] as Buffer[] };

/** `node:fs` whose `writeSync` keeps what goes to descriptors 1 and 2. */
export function catchingFs<Fs extends { writeSync: (...args: never[]) => number }>(fs: Fs): Fs {
  const writeSync = (fd: number, bytes: Uint8Array, start = 0, length = bytes.length - start): number => {
    const list = fd === 1 ? caught.stdout : fd === 2 ? caught.stderr : undefined;
    if (list === undefined) return (fs.writeSync as (...args: unknown[]) => number)(fd, bytes, start, length);
    list.push(Buffer.from(bytes.subarray(start, start + length)));
    return length;
  };
  return { ...fs, writeSync };
}

/** Runs `run` with `argv`; gives its exit code and what it wrote. */
export async function ranWith(
  run: (argv: readonly string[]) => Promise<number>,
  argv: readonly string[],
): Promise<Ran> {
  caught.stdout = [];
  caught.stderr = [];
  const code = await run(argv);
  return {
    code,
    stdout: Buffer.concat(caught.stdout).toString("latin1"),
    stderr: Buffer.concat(caught.stderr).toString("utf8"),
  };
}
