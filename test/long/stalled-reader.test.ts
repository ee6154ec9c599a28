/** A client that stops to read while switches send without a pause. */
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freePort, poll, stopProgram } from "../peers/programs.js";
import { Flood, LineClient, residentBytes, startDaemon } from "./daemon.js";

const SWITCHES = 16;
/** Milliseconds in which the client does not read. */
const STALL = 30_000;
const MOST_MEGABYTES = 256;

/** What comes out on stdout: texts that end with NUL. */
class Reader {
  readonly #output: NodeJS.ReadableStream;
  #rest = "";
  packetIns = 0;
  barriers = 0;
  ups = 0;
  /** What the daemon says that this client has missed. */
  missed = 0;
  /** What nobody has expected. */
  readonly others: string[] = [];
  /** Numbers of the PORT_STATUSes by connection. */
  readonly statuses = new Map<string, number[]>();

  constructor(child: ChildProcess) {
    this.#output = child.stdout as NodeJS.ReadableStream;
    this.#output.setEncoding("latin1").on("data", (chunk: string) => {
      const texts = (this.#rest + chunk).split("\0");
      this.#rest = texts.pop() ?? "";
      for (const text of texts) this.#take(text);
    });
  }

  #take(text: string): void {
    const type = /"type":"([A-Z_]+)"/.exec(text)?.[1];
    if (type === "PACKET_IN") this.packetIns++;
    else if (type === "BARRIER_REPLY") this.barriers++;
    else if (type === "CHANNEL_UP") this.ups++;
    else if (text.includes('"reason":"PACKET_INS_DROPPED"')) {
      this.missed = Number(/"total":(\d+)/.exec(text)?.[1]);
    } else if (type === "PORT_STATUS") {
      const [, xid, connection = ""] = /"xid":(\d+).*?"conn_id":(\d+)/.exec(text) ?? [];
      this.statuses.set(connection, [...(this.statuses.get(connection) ?? []), Number(xid)]);
    } else this.others.push(text);
  }

  stall(): void {
    this.#output.pause();
  }

  resume(): void {
    this.#output.resume();
  }
}

describe("a client that does not read for 30 seconds", () => {
  let folder: string;
  let daemon: ChildProcess;
  let flood: Flood;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "oftr-long-"));
  });

  afterEach(async () => {
    await flood?.stop();
    await stopProgram(daemon);
    rmSync(folder, { recursive: true });
  });

  async function start(...listen: readonly string[]): Promise<Reader> {
    const port = await freePort();
    daemon = startDaemon(...listen, `--openflow=tcp:127.0.0.1:${port}`);
    const reader = new Reader(daemon);
    await portOpen(port);
    flood = new Flood(port, SWITCHES);
    await poll(
      "the switches",
      async () => reader.ups,
      (ups) => ups === SWITCHES,
    );
    return reader;
  }

  /** Floods while the reader stands still, then reads all; `meanwhile` is called until it goes on. Most megabytes in RAM. */
  async function stall(reader: Reader, meanwhile: () => Promise<void>): Promise<number> {
    await flood.order("flood");
    reader.stall();
    const end = Date.now() + STALL;
    let megabytes = 0;
    while (Date.now() < end) {
      megabytes = Math.max(megabytes, residentBytes(daemon) / 2 ** 20);
      await meanwhile();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    reader.resume();
    const [packetIns, statuses] = (await flood.order("calm")).split(" ").slice(1).map(Number) as [
      number,
      number,
    ];
    await poll(
      "all to be read",
      async () => reader.barriers,
      (barriers) => barriers === SWITCHES,
    );
    await poll(
      "the count of what is missing",
      async () => packetIns - reader.packetIns - reader.missed,
      (missing) => missing === 0,
    );
    expect(reader.others).toEqual([]);
    expect(reader.missed).toBeGreaterThan(0);
    const numbers = [...reader.statuses.values()];
    expect(numbers).toHaveLength(SWITCHES);
    for (const list of numbers) expect(list).toEqual(list.map((_, i) => i + 1));
    expect(numbers.flat()).toHaveLength(statuses);
    console.log(
      `${packetIns} PACKET_INs, ${reader.missed} of them left out; ${statuses} others, all there; at most ${Math.round(megabytes)} MiB resident`,
    );
    expect(megabytes).toBeLessThan(MOST_MEGABYTES);
    return megabytes;
  }

  it("misses PACKET_INs, which are counted, and nothing else; others are answered meanwhile", async () => {
    const path = join(folder, "rpc.sock");
    const reader = await start("--listen=stdio", `--listen=unix:${path}`, "--loglevel=error");
    const other = await LineClient.connect(path);
    await other.ask("OFP.SUBSCRIBE", { types: ["CHANNEL_*"] });
    let slowest = 0;
    let answers = 0;
    await stall(reader, async () => {
      const start = performance.now();
      const { result } = await other.ask("OFP.LIST_CONNECTIONS", { conn_id: 0 });
      expect(result?.stats).toHaveLength(SWITCHES + 1);
      slowest = Math.max(slowest, performance.now() - start);
      answers++;
    });
    console.log(
      `${answers} answers to another client meanwhile, the slowest after ${Math.round(slowest)} ms`,
    );
    expect(slowest).toBeLessThan(2000);
    other.close();
  });

  it("is the only one, and misses no more", async () => {
    const reader = await start();
    await stall(reader, async () => undefined);
  });
});

/** Switches try once to connect: the port must be open. */
async function portOpen(port: number): Promise<void> {
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
