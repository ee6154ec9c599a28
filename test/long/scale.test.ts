/** A thousand switches, and ten thousand connections that come and go. The switches are a process of their own. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { createInterface, type Interface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freePort, poll, startProgram, stopProgram } from "../peers/programs.js";

const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** One clock tick of /proc/PID/stat, milliseconds: 100 ticks a second on every Linux that Node runs on. */
const TICK = 10;

class Daemon {
  readonly #child: ChildProcess;
  readonly #heap: Interface;
  /** How many events of each type have come. */
  readonly events = new Map<string, number>();
  #rest = "";

  constructor() {
    const flags = ["--expose-gc", "--import", pathOf("probe.mjs"), pathOf("../../bin/oftr.js"), "jsonrpc"];
    this.#child = startProgram(process.execPath, flags, { stdio: ["pipe", "pipe", "inherit", "pipe"] });
    this.#heap = createInterface({ input: this.#child.stdio[3] as Readable });
    this.#child.stdout?.setEncoding("utf8").on("data", (chunk: string) => this.#read(chunk));
  }

  #read(chunk: string): void {
    const texts = (this.#rest + chunk).split("\0");
    this.#rest = texts.pop() ?? "";
    for (const text of texts) {
      const type = /"type":"(CHANNEL_[A-Z]+)"/.exec(text)?.[1] ?? "reply";
      this.events.set(type, (this.events.get(type) ?? 0) + 1);
    }
  }

  count(type: string): number {
    return this.events.get(type) ?? 0;
  }

  async listen(port: number): Promise<void> {
    const params = { endpoint: `127.0.0.1:${port}`, versions: [4], options: ["FEATURES_REQ"] };
    this.#child.stdin?.write(`${JSON.stringify({ id: 1, method: "OFP.LISTEN", params })}\0`);
    await poll(
      "the reply",
      async () => this.count("reply"),
      (replies) => replies === 1,
    );
  }

  /** Bytes of memory in RAM, as the system counts them. */
  residentBytes(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, "latin1");
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
  }

  /** Milliseconds of user and system time. */
  cpu(): number {
    const fields = readFileSync(`/proc/${this.#child.pid}/stat`, "latin1").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) * TICK;
  }

  descriptors(): number {
    return readdirSync(`/proc/${this.#child.pid}/fd`).length;
  }

  /** Bytes of the heap in use after a collection. */
  async heap(): Promise<number> {
    const line = once(this.#heap, "line");
    this.#child.kill("SIGUSR2");
    return Number((await line)[0]);
  }

  stop(): Promise<void> {
    return stopProgram(this.#child);
  }
}

class Switches {
  readonly #child: ChildProcess;
  readonly #lines: Interface;

  constructor(port: number) {
    const args = ["--import", "tsx", pathOf("switches.ts"), String(port)];
    this.#child = startProgram(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
    this.#lines = createInterface({ input: this.#child.stdout as Readable });
  }

  /** Gives an order and waits until it is carried out. */
  async order(text: string): Promise<void> {
    const line = once(this.#lines, "line");
    this.#child.stdin?.write(`${text}\n`);
    await line;
  }

  stop(): Promise<void> {
    return stopProgram(this.#child);
  }
}

describe("the daemon", () => {
  let daemon: Daemon;
  let switches: Switches;

  beforeEach(async () => {
    const port = await freePort();
    daemon = new Daemon();
    switches = new Switches(port);
    await daemon.listen(port);
    // Both processes have done all of it once.
    await switches.order("renew 20 5");
    await poll(
      "the first to be gone",
      async () => daemon.count("CHANNEL_DOWN"),
      (downs) => downs === 20,
    );
  });

  afterEach(async () => {
    await switches.stop();
    await daemon.stop();
  });

  it("has 1000 switches up in 2 seconds, with less than 150 MB", async () => {
    const began = performance.now();
    const used = daemon.cpu();
    await switches.order("connect 1000");
    await poll(
      "all to be up",
      async () => daemon.count("CHANNEL_UP"),
      (ups) => ups === 1020,
    );
    const wall = performance.now() - began;
    const cpu = daemon.cpu() - used;
    const megabytes = daemon.residentBytes() / 2 ** 20;
    console.log(
      `1000 switches up: ${Math.round(wall)} ms, ${cpu} ms of CPU, ${Math.round(megabytes)} MiB resident`,
    );
    // On a machine that does other things meanwhile the wall clock tells of those.
    const busy = (loadavg()[0] as number) > cpus().length;
    expect(busy ? cpu : wall).toBeLessThan(2000);
    expect(megabytes).toBeLessThan(150);
    expect(daemon.count("CHANNEL_ALERT")).toBe(0);
    await switches.order("leave");
    await poll(
      "all to be gone",
      async () => daemon.count("CHANNEL_DOWN"),
      (downs) => downs === 1020,
    );
  });

  it("has descriptors and heap where they were after 10,000 connections that came and went", async () => {
    await switches.order("renew 2000 50");
    await poll(
      "those to be gone",
      async () => daemon.count("CHANNEL_DOWN"),
      (downs) => downs === 2020,
    );
    const before = { descriptors: daemon.descriptors(), heap: await daemon.heap() };
    await switches.order("renew 10000 50");
    await poll(
      "all to be gone",
      async () => daemon.count("CHANNEL_DOWN"),
      (downs) => downs === 12_020,
    );
    // Sockets linger for a second.
    const descriptors = await poll(
      "descriptors",
      async () => daemon.descriptors(),
      (now) => now <= before.descriptors,
    );
    const heap = await daemon.heap();
    console.log(
      `10,000 connections: ${heap - before.heap} bytes more on the heap, ${descriptors} descriptors`,
    );
    expect(descriptors).toBe(before.descriptors);
    // 100 bytes for each would be a leak.
    expect(heap - before.heap).toBeLessThan(1 << 20);
    expect(daemon.count("CHANNEL_UP")).toBe(12_020);
  });
});
