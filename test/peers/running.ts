/** Commands that go on until they are told to end. */
import type { ChildProcess } from "node:child_process";
import { OFTR } from "./daemon.js";
import { poll, startProgram } from "./programs.js";

/** A program that goes on, and what it has said. */
export class Running {
  readonly child: ChildProcess;
  /** What came out on stdout and stderr, in the order in which it came. */
  text = "";

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    this.child = startProgram(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.setEncoding("utf8").on("data", (chunk: string) => {
        this.text += chunk;
      });
  }

  /** Starts `oftr`. */
  static oftr(...args: string[]): Running {
    return new Running(process.execPath, [OFTR, ...args]);
  }

  /** Resolves when its text is like that. */
  async says(pattern: RegExp): Promise<void> {
    await poll(
      String(pattern),
      async () => this.text,
      (text) => pattern.test(text),
    );
  }

  /** Resolves with its exit code, when it has ended by itself. */
  async ended(): Promise<number | null> {
    return poll(
      "the end of the command",
      async () => this.child.exitCode,
      (code) => code !== null,
    );
  }

  /** Presses Ctrl-C. */
  interrupt(): Promise<number | null> {
    this.child.kill("SIGINT");
    return this.ended();
  }
}
