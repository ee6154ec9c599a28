/** Processes of the tests that take long: the daemon, and switches beside it. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { createInterface, type Interface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { poll, startProgram, stopProgram } from "../peers/programs.js";

export const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Starts `oftr jsonrpc` with pipes as stdin and stdout. */
export function startDaemon(...options: readonly string[]): ChildProcess {
  const args = [pathOf("../../bin/oftr.js"), "jsonrpc", ...options];
  return startProgram(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
}

/** Waits until a TCP port is open: switches of flood.ts try once. */
export async function portOpen(port: number): Promise<void> {
  await poll(
    "the OpenFlow port",
    () =>
      new Promise<boolean>((resolve) => {
        const probe = connect(port, "127.0.0.1", () => probe.destroy());
        probe.once("connect", () => resolve(true)).once("error", () => resolve(false));
      }),
    (open) => open,
  );
}

/** Bytes of a process in RAM, as the system counts them. */
export function residentBytes({ pid }: ChildProcess): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1]) * 1024;
}

/** The switches of flood.ts. */
export class Flood {
  readonly child: ChildProcess;
  readonly #lines: Interface;

  constructor(port: number, count: number) {
    const args = ["--import", "tsx", pathOf("flood.ts"), String(port), String(count)];
    this.child = startProgram(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.#lines = createInterface({ input: this.child.stdout as Readable });
  }

  /** Gives an order; what came of it. */
  async order(text: string): Promise<string> {
    const line = once(this.#lines, "line");
    this.child.stdin?.write(`${text}\n`);
    return String((await line)[0]);
  }

  stop(): Promise<void> {
    return stopProgram(this.child);
  }
}

/** A reply to a request. */
export interface Reply {
  readonly result?: { readonly [key: string]: unknown };
  readonly error?: { readonly code: number; readonly message: string };
}

/** A client on a Unix socket, in lines of JSON-RPC 2.0. */
export class LineClient {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #id = 0;
  /** The params of the events that have come. */
  readonly events: { readonly type: string; readonly conn_id: number }[] = [];

  /** Resolves when the other side has ended the connection. */
  readonly closed: Promise<unknown>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.closed = once(socket, "close");
    // What is wrong is that nothing comes, which the tests see.
    socket.on("error", () => undefined);
    createInterface({ input: socket }).on("line", (line) => {
      const { id, params, ...reply } = JSON.parse(line) as { id?: number; params: never } & Reply;
      if (id === undefined) this.events.push(params);
      else this.#waiting.get(id)?.(reply);
    });
  }

  /** Connects as soon as the daemon listens there. */
  static async connect(path: string): Promise<LineClient> {
    const socket = await poll(
      `the socket ${path}`,
      () =>
        new Promise<Socket | undefined>((resolve) => {
          const socket = connect(path);
          socket.once("connect", () => resolve(socket)).once("error", () => resolve(undefined));
        }),
      (socket) => socket !== undefined,
    );
    return new LineClient(socket as Socket);
  }

  /** Calls a method and gives the reply. */
  ask(method: string, params: object = {}): Promise<Reply> {
    const id = ++this.#id;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#socket.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
    });
  }

  /** How many events of a type have come. */
  count(type: string): number {
    return this.events.filter((event) => event.type === type).length;
  }

  close(): void {
    this.#socket.destroy();
  }
}
