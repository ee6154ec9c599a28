import { beforeEach, describe, expect, it } from "vitest";
import {
  type Channel,
  type ChannelListener,
  type ConnectionOptions,
  type Listener,
  Registry,
} from "../../src/channel/index.js";
import { duplexPair, type End } from "./duplex-pair.js";
import { FakeClock } from "./fake-clock.js";
import { tailOf } from "./tail-of.js";

const HELLO = "0400000800000007";
const features = (dpid: number, aux = 0): string =>
  `0406002000000001000000000000000${dpid}00000100fe0${aux}00000000004f00000000`;
const PORT_DESC = "0413001000000002000d000000000000";
const BARRIER_REPLY = "0415000800000009";

const OPTIONS: ConnectionOptions = { versions: [4], features: true, auxiliary: true, checkVersion: true };
const WHERE = { local: { host: "::1", port: 6653 }, remote: { host: "::1", port: 5 } };

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("Registry", () => {
  let told: string[];
  let clock: FakeClock;
  let registry: Registry;

  beforeEach(() => {
    told = [];
    clock = new FakeClock();
    const say =
      (what: string) =>
      (channel: Channel, detail?: unknown): void => {
        told.push(`${what} ${channel.facts.connId}${typeof detail === "string" ? ` ${detail}` : ""}`);
      };
    const audience: ChannelListener = {
      onUp: (channel) => say("up")(channel),
      onFrame: (channel, frame) => say("frame")(channel, frame.toString("hex")),
      onAlert: say("alert"),
      onDown: say("down"),
    };
    registry = new Registry(audience, clock);
  });

  async function connect(...frames: string[]): Promise<End> {
    return connectWith(OPTIONS, ...frames);
  }

  async function connectWith(options: ConnectionOptions, ...frames: string[]): Promise<End> {
    const [ours, peer] = duplexPair();
    peer.resume();
    registry.adopt(ours, { ...WHERE, ...options });
    for (const frame of frames) {
      peer.write(Buffer.from(frame, "hex"));
      await turn();
    }
    await turn();
    return peer;
  }

  it("numbers connections from 1 and finds them by number and datapath", async () => {
    await connect(HELLO, features(1), PORT_DESC);
    await connect(HELLO, features(2), PORT_DESC);
    expect(told).toEqual(["up 1", "up 2"]);
    expect(registry.datapath("00:00:00:00:00:00:00:02")).toBe(registry.channel(2));
    expect([...registry.channels()].map(({ facts }) => facts.connId)).toEqual([1, 2]);
  });

  it("forgets a connection that ends", async () => {
    const peer = await connect(HELLO, features(1), PORT_DESC);
    peer.end();
    await turn();
    await turn();
    expect(told).toEqual(["up 1", "down 1"]);
    expect(registry.channel(1)).toBeUndefined();
    expect(registry.datapath("00:00:00:00:00:00:00:01")).toBeUndefined();
  });

  it("tells of the end of a connection that never was up by an alert alone", async () => {
    const peer = await connect(HELLO);
    peer.end();
    await turn();
    await turn();
    expect(told).toEqual(["alert 1 Handshake failed: the peer closed the connection"]);
    expect([...registry.channels()]).toEqual([]);
  });

  it("keeps the newest connection of a datapath; the old one is down before", async () => {
    await connect(HELLO, features(1), PORT_DESC);
    await connect(HELLO, features(1), PORT_DESC, BARRIER_REPLY);
    expect(told).toEqual(["up 1", "down 1", "up 2", `frame 2 ${BARRIER_REPLY}`]);
    expect(registry.datapath("00:00:00:00:00:00:00:01")).toBe(registry.channel(2));
  });

  it("lets auxiliary connections join, speak, and end with the main one", async () => {
    const main = await connect(HELLO, features(1), PORT_DESC);
    await connect(HELLO, features(1, 1), BARRIER_REPLY);
    expect(told).toEqual(["up 1", `frame 2 ${BARRIER_REPLY}`]);
    expect(registry.datapath("00:00:00:00:00:00:00:01", 1)).toBe(registry.channel(2));
    expect(tailOf(registry.channel(2)?.envelope)).toBe(
      ',"conn_id":2,"datapath_id":"00:00:00:00:00:00:00:01","auxiliary_id":1',
    );
    main.end();
    await turn();
    await turn();
    expect(told.slice(2)).toEqual(["down 1"]);
    expect([...registry.channels()]).toEqual([]);
  });

  it("replaces an auxiliary connection by a newer one of the same id", async () => {
    await connect(HELLO, features(1), PORT_DESC);
    await connect(HELLO, features(1, 1));
    await connect(HELLO, features(1, 1));
    expect([...registry.channels()].map(({ facts }) => facts.connId)).toEqual([1, 3]);
    expect(told).toEqual(["up 1"]);
  });

  it("refuses an auxiliary connection without a main one, or where they are not wanted, and says why", async () => {
    await connect(HELLO, features(1, 1));
    await connectWith({ ...OPTIONS, auxiliary: false }, HELLO, features(2), PORT_DESC);
    await connect(HELLO, features(2, 1));
    expect(told).toEqual([
      "alert 1 Auxiliary connection refused: no main connection of 00:00:00:00:00:00:00:01",
      "up 2",
      "alert 3 Auxiliary connection refused: option AUXILIARY is not set",
    ]);
    expect([...registry.channels()].map(({ facts }) => facts.connId)).toEqual([2]);
  });

  it("checks the time limits once a second", async () => {
    await connect();
    clock.advance(4999);
    expect(told).toEqual([]);
    clock.advance(1001);
    expect(told).toEqual(["alert 1 Handshake timeout: no HELLO"]);
  });

  it("reads from no switch while paused, new ones included", async () => {
    registry.pause();
    await connect(HELLO, features(1), PORT_DESC);
    expect(told).toEqual([]);
    registry.resume();
    await turn();
    expect(told).toEqual(["up 1"]);
  });

  it("tells nobody when all is closed", async () => {
    const peer = await connect(HELLO, features(1), PORT_DESC);
    registry.close();
    await turn();
    expect(peer.readableEnded).toBe(true);
    expect(told).toEqual(["up 1"]);
  });

  it("listens and connects over TCP", async () => {
    const options = { ...OPTIONS, features: false };
    const listener = await registry.listen({ host: "127.0.0.1", port: 0 }, options);
    expect(listener).toBe(1);
    const [{ local }] = [...registry.listeners()] as [Listener];
    const up = new Promise<void>((resolve) => {
      const push = told.push.bind(told);
      told.push = (...lines) => {
        const length = push(...lines);
        if (told.length === 2) resolve();
        return length;
      };
    });
    // Our own HELLO is a good answer to our own HELLO.
    expect(await registry.connect({ host: "127.0.0.1", port: local.port }, options)).toBe(2);
    await up;
    expect([...told].sort()).toEqual(["up 2", "up 3"]);
    expect(registry.channel(2)?.facts.remote).toEqual(local);
    registry.close();
  });

  it("says with the system's number and words why it cannot listen or connect", async () => {
    await registry.listen({ host: "127.0.0.1", port: 0 }, OPTIONS);
    const [{ local }] = [...registry.listeners()] as [Listener];
    await expect(registry.listen(local, OPTIONS)).rejects.toMatchObject({
      code: 98,
      message: "Address already in use",
    });
    await expect(registry.connect({ host: "127.0.0.1", port: 1 }, OPTIONS)).rejects.toMatchObject({
      code: 111,
      message: "Connection refused",
    });
    registry.close();
  });

  it("gives up connecting when all is closed", async () => {
    const connecting = registry.connect({ host: "192.0.2.1", port: 6653 }, OPTIONS);
    registry.close();
    await expect(connecting).rejects.toMatchObject({ code: 125, message: "Operation canceled" });
  });
});
