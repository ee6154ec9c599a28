/** A client that stops to read while switches send without a pause. */
import type { ChildProcess } from "node:child_process";
import { afterEach, describe, expect, it } from "vitest";
import { poll } from "../peers/programs.js";
import { LineClient } from "./daemon.js";
import { Asker, FloodLab } from "./flood-lab.js";

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
  let lab: FloodLab;

  afterEach(() => lab?.stop());

  async function start(options: (socket: string) => readonly string[]): Promise<Reader> {
    lab = await FloodLab.start(options);
    const reader = new Reader(lab.daemon);
    await lab.connect(SWITCHES, () => reader.ups);
    return reader;
  }

  /** Floods while the reader stands still, then reads all; `meanwhile` is called until it goes on. */
  async function stall(reader: Reader, meanwhile: () => Promise<void>): Promise<void> {
    reader.stall();
    const megabytes = await lab.flood(STALL, meanwhile);
    reader.resume();
    const { packetIns, statuses } = await lab.calm();
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
  }

  it("misses PACKET_INs, which are counted, and nothing else; others are answered meanwhile", async () => {
    const reader = await start((socket) => ["--listen=stdio", `--listen=unix:${socket}`, "--loglevel=error"]);
    const other = await LineClient.connect(lab.socket);
    await other.ask("OFP.SUBSCRIBE", { types: ["CHANNEL_*"] });
    const asker = new Asker(other, SWITCHES);
    await stall(reader, () => asker.ask());
    console.log(
      `${asker.answers} answers to another client meanwhile, the slowest after ${Math.round(asker.slowest)} ms`,
    );
    expect(asker.slowest).toBeLessThan(2000);
    other.close();
  });

  it("is the only one, and misses no more", async () => {
    const reader = await start(() => []);
    await stall(reader, async () => undefined);
  });
});
