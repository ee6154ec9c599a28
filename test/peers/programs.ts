/** Programs as processes: how they are started and asked, and that none outlives its test. */
import { type ChildProcess, execFile, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";

/** How long a peer may take for one step, in milliseconds: long enough for a loaded machine. */
export const PATIENCE = 15_000;

const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Starts a program that is stopped by `stopProgram`, or at the latest when this process ends. */
export function startProgram(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(command, args, options);
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/** Ends a program, by force where SIGTERM is not enough. */
export async function stopProgram(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
  await ended;
  clearTimeout(force);
}

/** Runs a program to its end and gives what it wrote to stdout. Throws with its stderr where it fails. */
export function runProgram(
  command: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly input?: Buffer; readonly limit?: number } = {},
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      args,
      {
        encoding: "buffer",
        maxBuffer: 1 << 28,
        timeout: options.limit ?? PATIENCE,
        killSignal: "SIGKILL",
        ...(options.env === undefined ? {} : { env: options.env }),
      },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${command} ${args.join(" ")}: ${error.message}\n${stderr.toString()}`));
      },
    );
    // A program that ends without reading all of its input is judged by its exit code.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(options.input);
  });
}

/** Asks until an answer is good, and gives it. Throws with the last answer when PATIENCE is over. */
export async function poll<Answer>(
  what: string,
  ask: () => Promise<Answer>,
  good: (answer: Answer) => boolean,
): Promise<Answer> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`${what}: still ${inspect(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A TCP port of 127.0.0.1 on which nothing listens now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Puts something into a file for as long as `act` takes, which gets its path. */
export async function inFile<T>(content: Buffer | string, act: (path: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "oftr-file-"));
  try {
    writeFileSync(join(folder, "file"), content);
    return await act(join(folder, "file"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
