// The daemon as a process of its own, for tests of what only processes do.
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** A folder with the program, built of the sources. */
export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), "oftr-daemon-"));
  readonly #bundle = join(this.folder, "main.cjs");
  readonly #children = new Set<ChildProcess>();

  async build(): Promise<void> {
    await build({
      entryPoints: [fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url))],
      bundle: true,
      platform: "node",
      format: "cjs",
      outfile: this.#bundle,
      footer: { js: "main(process.argv.slice(2)).then((code) => { process.exitCode = code; });" },
      logLevel: "error",
    });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Starts `oftr jsonrpc`. @param stdout  a descriptor, unless it is read here */
  start(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    stdout: number | "pipe" = "pipe",
  ): DaemonProcess {
    return this.#spawn([this.#bundle, "jsonrpc", ...args], environment, stdout);
  }

  /** Starts `oftr jsonrpc` behind a command of the shell, which sets a limit. */
  startLimited(command: string, args: readonly string[]): DaemonProcess {
    const words = ["-c", `${command}; exec "$@"`, "sh", process.execPath, this.#bundle, "jsonrpc", ...args];
    const child = spawn("sh", words);
    this.#children.add(child);
    return new DaemonProcess(child);
  }

  /**
   * Starts `oftr jsonrpc` in a process that runs other code first.
   * @param before  JavaScript of a CommonJS module  @param program  the bundle, unless given
   */
  startAfter(before: string, args: readonly string[], program: string = this.#bundle): DaemonProcess {
    const preload = this.path("preload.cjs");
    writeFileSync(preload, before);
    return this.#spawn(["--require", preload, program, "jsonrpc", ...args]);
  }

  #spawn(
    words: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    stdout: number | "pipe" = "pipe",
  ): DaemonProcess {
    const stdio: StdioOptions = ["pipe", stdout, "pipe"];
    const child = spawn(process.execPath, words, { env: { ...process.env, ...environment }, stdio });
    this.#children.add(child);
    return new DaemonProcess(child);
  }

  /** Ends whatever was started. */
  killAll(): void {
    for (const child of this.#children) child.kill("SIGKILL");
    this.#children.clear();
  }

  remove(): void {
    this.killAll();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A line of the log. */
export type LogLine = { readonly msg: string } & Readonly<Record<string, unknown>>;

/** A daemon that was started. */
export class DaemonProcess {
  readonly child: ChildProcess;
  /** The exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly #log: Texts;
  stderr = "";

  constructor(child: ChildProcess) {
    this.child = child;
    this.ended = once(child, "exit").then(([code, signal]) => (code ?? signal) as number | string);
    this.stdin = child.stdin as Writable;
    this.stdin.on("error", () => undefined);
    this.stdout = child.stdout as Readable;
    const stderr = child.stderr as Readable;
    stderr.on("data", (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    this.#log = new Texts(stderr, "\n");
  }

  /** The next line of the log with this message. */
  async logged(message: string): Promise<LogLine> {
    return JSON.parse(await this.#log.with(`"msg":"${message}"`)) as LogLine;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}

/** The texts of a stream, as they come. */
export class Texts {
  readonly all: string[] = [];
  readonly #delimiter: string;
  #rest = "";
  #next = 0;
  #wake: () => void = () => undefined;
  #ended = false;

  constructor(stream: Readable | Socket, delimiter = "\0") {
    this.#delimiter = delimiter;
    stream.on("data", (chunk: Buffer) => {
      const texts = (this.#rest + chunk.toString()).split(this.#delimiter);
      this.#rest = texts.pop() as string;
      this.all.push(...texts);
      this.#wake();
    });
    stream.on("close", () => {
      this.#ended = true;
      this.#wake();
    });
  }

  /** The next text. Rejects when the stream has ended. */
  async next(): Promise<string> {
    while (this.#next >= this.all.length) {
      if (this.#ended)
        throw new Error(`the stream has ended after ${JSON.stringify(this.all)} ${this.#rest}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.all[this.#next++] as string;
  }

  /** The next text that has this in it. */
  async with(part: string): Promise<string> {
    for (;;) {
      const text = await this.next();
      if (text.includes(part)) return text;
    }
  }
}

/** A port of 127.0.0.1 at which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
