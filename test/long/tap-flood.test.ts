/** A tap that is not read while switches send without a pause. */
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freePort, poll, stopProgram } from "../peers/programs.js";
import { Flood, LineClient, portOpen, residentBytes, startDaemon } from "./daemon.js";

const SWITCHES = 4;
/** Milliseconds of flood. */
const FLOOD = 8000;
const MOST_MEGABYTES = 256;

describe("a tap that is not read", () => {
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

  it("costs other clients no event, the daemon little memory, and the tap what is counted", async () => {
    const path = join(folder, "rpc.sock");
    const port = await freePort();
    daemon = startDaemon(`--listen=unix:${path}`, `--openflow=tcp:127.0.0.1:${port}`, "--loglevel=error");
    await portOpen(port);
    const other = await LineClient.connect(path);
    await other.ask("OFP.SUBSCRIBE", { types: ["PORT_STATUS", "CHANNEL_UP", "BARRIER_REPLY"] });
    const tap = await startTap(path);
    flood = new Flood(port, SWITCHES);
    await poll(
      "the switches",
      async () => other.count("CHANNEL_UP"),
      (ups) => ups === SWITCHES,
    );

    await flood.order("flood");
    const end = Date.now() + FLOOD;
    let [slowest, megabytes] = [0, 0];
    while (Date.now() < end) {
      const start = performance.now();
      const { result } = await other.ask("OFP.LIST_CONNECTIONS", { conn_id: 0 });
      expect(result?.stats).toHaveLength(SWITCHES + 1);
      slowest = Math.max(slowest, performance.now() - start);
      megabytes = Math.max(megabytes, residentBytes(daemon) / 2 ** 20);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const [packetIns, statuses] = (await flood.order("calm")).split(" ").slice(1).map(Number) as [
      number,
      number,
    ];
    await poll(
      "the last messages",
      async () => other.count("BARRIER_REPLY"),
      (barriers) => barriers === SWITCHES,
    );
    expect(other.count("PORT_STATUS")).toBe(statuses);

    // What the tap has got and what it is told that it has missed are all that was sent.
    const seen = readTap(tap);
    const sent = packetIns + statuses + SWITCHES;
    await poll(
      "all to be told",
      async () => sent - seen.messages - seen.missed,
      (left) => left === 0,
    );
    expect(seen.missed).toBeGreaterThan(0);
    console.log(
      `${sent} messages, ${seen.missed} of them missed by the tap; ${statuses} events of another client, all there; ` +
        `slowest answer ${Math.round(slowest)} ms; at most ${Math.round(megabytes)} MiB resident`,
    );
    expect(slowest).toBeLessThan(2000);
    expect(megabytes).toBeLessThan(MOST_MEGABYTES);
    tap.destroy();
    other.close();
  });
});

/** A client with a tap, of which nothing is read. */
async function startTap(path: string): Promise<Socket> {
  const socket = connect(path);
  const requests = [
    { method: "OFP.SUBSCRIBE", params: { types: [] } },
    {
      method: "OFP.TAP",
      params: { direction: "FROM_SWITCH", types: ["PACKET_IN", "PORT_STATUS", "BARRIER_REPLY"] },
    },
  ];
  for (const [id, request] of requests.entries()) {
    socket.write(`${JSON.stringify({ jsonrpc: "2.0", id, ...request })}\n`);
  }
  // The reply to the second is there when there are bytes behind the first.
  await poll(
    "the tap",
    () =>
      new Promise<string>((resolve) => {
        socket.once("readable", () => resolve(socket.read()?.toString() ?? ""));
      }),
    (text) => text.includes('"taps":1'),
  );
  return socket;
}

/** Reads on, and counts. */
function readTap(socket: Socket): { messages: number; missed: number } {
  const seen = { messages: 0, missed: 0 };
  createInterface({ input: socket }).on("line", (line) => {
    if (line.includes('"type":"TAPPED"')) seen.messages++;
    else if (line.includes('"reason":"TAP_DROPPED"')) seen.missed = Number(/"total":(\d+)/.exec(line)?.[1]);
  });
  return seen;
}
