/** A tap that is not read while switches send without a pause. */
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, it } from "vitest";
import { poll } from "../peers/programs.js";
import { LineClient } from "./daemon.js";
import { Asker, FloodLab } from "./flood-lab.js";

const SWITCHES = 4;
/** Milliseconds of flood. */
const FLOOD = 8000;
const MOST_MEGABYTES = 256;

describe("a tap that is not read", () => {
  let lab: FloodLab;

  afterEach(() => lab?.stop());

  it("costs other clients no event, the daemon little memory, and the tap what is counted", async () => {
    lab = await FloodLab.start((socket) => [`--listen=unix:${socket}`, "--loglevel=error"]);
    const other = await LineClient.connect(lab.socket);
    await other.ask("OFP.SUBSCRIBE", { types: ["PORT_STATUS", "CHANNEL_UP", "BARRIER_REPLY"] });
    const tap = await startTap(lab.socket);
    await lab.connect(SWITCHES, () => other.count("CHANNEL_UP"));

    const asker = new Asker(other, SWITCHES);
    const megabytes = await lab.flood(FLOOD, () => asker.ask());
    const { packetIns, statuses } = await lab.calm();
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
        `slowest answer ${Math.round(asker.slowest)} ms; at most ${Math.round(megabytes)} MiB resident`,
    );
    expect(asker.slowest).toBeLessThan(2000);
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
