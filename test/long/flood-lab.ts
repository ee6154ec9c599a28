/** A daemon, and switches that send without a pause. */
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { freePort, poll, stopProgram } from "../peers/programs.js";
import { Flood, type LineClient, portOpen, residentBytes, startDaemon } from "./daemon.js";

/** What the switches have sent. */
export interface Sent {
  readonly packetIns: number;
  readonly statuses: number;
}

/** New for each test. */
export class FloodLab {
  readonly daemon: ChildProcess;
  readonly #folder: string;
  readonly #port: number;
  #switches: Flood | undefined;

  private constructor(daemon: ChildProcess, folder: string, port: number) {
    this.daemon = daemon;
    this.#folder = folder;
    this.#port = port;
  }

  /** Starts the daemon. @param options  of its command line; gets where a Unix socket can be */
  static async start(options: (socket: string) => readonly string[]): Promise<FloodLab> {
    const folder = mkdtempSync(join(tmpdir(), "oftr-long-"));
    const port = await freePort();
    const daemon = startDaemon(...options(join(folder, "rpc.sock")), `--openflow=tcp:127.0.0.1:${port}`);
    await portOpen(port);
    return new FloodLab(daemon, folder, port);
  }

  /** Where the options may have put a Unix socket. */
  get socket(): string {
    return join(this.#folder, "rpc.sock");
  }

  /** Starts the switches of flood.ts. @param ups  how many a client of the daemon knows to be up */
  async connect(count: number, ups: () => number): Promise<void> {
    this.#switches = new Flood(this.#port, count);
    await poll(
      "the switches",
      async () => ups(),
      (found) => found === count,
    );
  }

  /**
   * Has the switches send for some time; `meanwhile` is called until it is over. They go on until `calm`. Gives the most megabytes that the
   * daemon had in RAM.
   * @param time  milliseconds
   */
  async flood(time: number, meanwhile: () => Promise<void>): Promise<number> {
    await this.#switches?.order("flood");
    const end = Date.now() + time;
    let megabytes = 0;
    while (Date.now() < end) {
      megabytes = Math.max(megabytes, residentBytes(this.daemon) / 2 ** 20);
      await meanwhile();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return megabytes;
  }

  /** Has them stop. What they have sent may still be on its way. */
  async calm(): Promise<Sent> {
    const said = await this.#switches?.order("calm");
    const [, packetIns = 0, statuses = 0] = (said ?? "").split(" ").map(Number);
    return { packetIns, statuses };
  }

  async stop(): Promise<void> {
    await this.#switches?.stop();
    await stopProgram(this.daemon);
    rmSync(this.#folder, { recursive: true });
  }
}

/** Another client, which asks again and again and counts how long it waits. */
export class Asker {
  readonly #client: LineClient;
  readonly #switches: number;
  answers = 0;
  /** Milliseconds. */
  slowest = 0;

  /** @param switches  how many are connected */
  constructor(client: LineClient, switches: number) {
    this.#client = client;
    this.#switches = switches;
  }

  /** Asks once. */
  async ask(): Promise<void> {
    const start = performance.now();
    const { result } = await this.#client.ask("OFP.LIST_CONNECTIONS", { conn_id: 0 });
    // They, and their listener.
    expect(result?.stats).toHaveLength(this.#switches + 1);
    this.slowest = Math.max(this.slowest, performance.now() - start);
    this.answers++;
  }
}
