/** `kill -9` of a client, of switches, and of the daemon: nothing hangs, and nothing is left that blocks the next start. */
import { type ChildProcess, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freePort, poll, startProgram, stopProgram } from "../peers/programs.js";
import { Flood, LineClient, pathOf, portOpen, startDaemon } from "./daemon.js";

const SWITCHES = 4;
/** A client that subscribes to all, and never reads what it gets. */
const DEAF = `
  const socket = require("node:net").connect(process.argv[1]);
  socket.on("connect", () => {
    socket.write('{"jsonrpc":"2.0","id":1,"method":"OFP.REQUEST","params":{"type":"DESC_REQUEST","conn_id":2,"timeout":3600}}\\n');
    socket.pause();
    console.log("connected");
    // A socket that is not read keeps no process alive.
    setInterval(() => {}, 1000);
  });
`;

describe("kill -9", () => {
  let folder: string;
  let path: string;
  let port: number;
  let daemon: ChildProcess;
  let flood: Flood;
  const others: ChildProcess[] = [];

  const start = async (): Promise<void> => {
    const options = [`--listen=unix:${path}`, `--openflow=tcp:127.0.0.1:${port}`, "--loglevel=error"];
    daemon = startDaemon(...options);
    await portOpen(port);
  };
  const switchesUp = (client: LineClient): Promise<number> =>
    poll(
      "the switches",
      async () => client.count("CHANNEL_UP"),
      (ups) => ups >= SWITCHES,
    );
  const kill = async (child: ChildProcess): Promise<void> => {
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  /** `oftr call`, which must end by itself. */
  const call = (): { status: number | null; stdout: string } => {
    const args = [
      pathOf("../../bin/oftr.js"),
      "call",
      `--to=unix:${path}`,
      "--timeout=10",
      "OFP.DESCRIPTION",
    ];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: 30_000 });
    return { status, stdout };
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "oftr-long-"));
    path = join(folder, "rpc.sock");
    port = await freePort();
    await start();
    flood = new Flood(port, SWITCHES);
  });

  afterEach(async () => {
    for (const child of others.splice(0)) await stopProgram(child);
    await flood.stop();
    await stopProgram(daemon);
    rmSync(folder, { recursive: true });
  });

  it("of a client that waits and does not read: switches and other clients do not notice", async () => {
    const client = await LineClient.connect(path);
    await switchesUp(client);
    await client.ask("OFP.SUBSCRIBE", { types: ["CHANNEL_*"] });
    const connId = client.events.find(({ type }) => type === "CHANNEL_UP")?.conn_id;
    const deaf = startProgram(process.execPath, ["-e", DEAF, path], { stdio: ["ignore", "pipe", "inherit"] });
    others.push(deaf);
    await once(deaf.stdout as NodeJS.ReadableStream, "data");
    await flood.order("flood");
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await kill(deaf);
    await flood.order("calm");
    const echo = { type: "ECHO_REQUEST", conn_id: connId, msg: { data: "AB" } };
    const { result } = await client.ask("OFP.REQUEST", echo);
    expect(result).toMatchObject({ type: "ECHO_REPLY", msg: { data: "AB" } });
    expect(client.count("CHANNEL_DOWN")).toBe(0);
    client.close();
  });

  it("of switches: each ends with one CHANNEL_DOWN, requests to them fail at once, and they can come again", async () => {
    const client = await LineClient.connect(path);
    await switchesUp(client);
    await client.ask("OFP.SUBSCRIBE", { types: ["CHANNEL_*"] });
    const connId = client.events.find(({ type }) => type === "CHANNEL_UP")?.conn_id;
    const request = client.ask("OFP.REQUEST", { type: "DESC_REQUEST", conn_id: connId, timeout: 3600 });
    await client.ask("OFP.DESCRIPTION");
    await flood.order("flood");
    await kill(flood.child);
    expect((await request).error?.code).toBe(-65005);
    const downs = await poll(
      "the ends",
      async () => client.count("CHANNEL_DOWN"),
      (downs) => downs >= SWITCHES,
    );
    expect(downs).toBe(SWITCHES);
    flood = new Flood(port, SWITCHES);
    await poll(
      "the switches again",
      async () => client.count("CHANNEL_UP"),
      (ups) => ups === 2 * SWITCHES,
    );
    expect(client.count("CHANNEL_DOWN")).toBe(SWITCHES);
    client.close();
  });

  it("of the daemon: clients and switches are disconnected, a call fails, and it starts again in the same places", async () => {
    const client = await LineClient.connect(path);
    await switchesUp(client);
    expect(call()).toMatchObject({ status: 0, stdout: expect.stringContaining('"api_version":"0.9"') });
    await flood.order("flood");
    await kill(daemon);
    await client.closed;
    expect(call()).toMatchObject({ status: 10, stdout: "" });
    await flood.stop();
    for (let round = 0; round < 3; round++) {
      await start();
      expect(call()).toMatchObject({ status: 0, stdout: expect.stringContaining('"api_version":"0.9"') });
      flood = new Flood(port, SWITCHES);
      const again = await LineClient.connect(path);
      await switchesUp(again);
      again.close();
      await kill(daemon);
      await flood.stop();
    }
    await start();
    flood = new Flood(port, SWITCHES);
  });
});
