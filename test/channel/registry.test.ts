import { beforeEach, describe, expect, it } from "vitest";
import type { Listener, Registry } from "../../src/channel/index.js";
import type { FakeClock } from "./fake-clock.js";
import { BARRIER_REPLY, features, HELLO, OPTIONS, PORT_DESC, RegistryLab, turn } from "./registry-lab.js";
import { tailOf } from "./tail-of.js";

describe("Registry", () => {
  let lab: RegistryLab;
  let told: string[];
  let clock: FakeClock;
  let registry: Registry;

  beforeEach(() => {
    lab = new RegistryLab();
    ({ told, clock, registry } = lab);
  });

  it("numbers connections from 1 and finds them by number and datapath", async () => {
    await lab.connect({}, HELLO, features(1), PORT_DESC);
    await lab.connect({}, HELLO, features(2), PORT_DESC);
    expect(told).toEqual(["up 1", "up 2"]);
    expect(registry.datapath("00:00:00:00:00:00:00:02")).toBe(registry.channel(2));
    expect([...registry.channels()].map(({ facts }) => facts.connId)).toEqual([1, 2]);
  });

  it("forgets a connection that ends", async () => {
    const peer = await lab.connect({}, HELLO, features(1), PORT_DESC);
    peer.end();
    await turn();
    await turn();
    expect(told).toEqual(["up 1", "down 1 PEER_CLOSED"]);
    expect(registry.channel(1)).toBeUndefined();
    expect(registry.datapath("00:00:00:00:00:00:00:01")).toBeUndefined();
  });

  it("tells of the end of a connection that never was up by an alert alone", async () => {
    const peer = await lab.connect({}, HELLO);
    peer.end();
    await turn();
    await turn();
    expect(told).toEqual(["alert 1 PEER_CLOSED: Handshake failed: the peer closed the connection"]);
    expect([...registry.channels()]).toEqual([]);
  });

  it("keeps the newest connection of a datapath; the old one is down before", async () => {
    await lab.connect({}, HELLO, features(1), PORT_DESC);
    await lab.connect({}, HELLO, features(1), PORT_DESC, BARRIER_REPLY);
    expect(told).toEqual(["up 1", "down 1 REPLACED", "up 2", `frame 2 ${BARRIER_REPLY}`]);
    expect(registry.datapath("00:00:00:00:00:00:00:01")).toBe(registry.channel(2));
  });

  it("lets auxiliary connections join, speak, and end with the main one", async () => {
    const main = await lab.connect({}, HELLO, features(1), PORT_DESC);
    await lab.connect({}, HELLO, features(1, 1), BARRIER_REPLY);
    expect(told).toEqual(["up 1", `frame 2 ${BARRIER_REPLY}`]);
    expect(registry.datapath("00:00:00:00:00:00:00:01", 1)).toBe(registry.channel(2));
    expect(tailOf(registry.channel(2)?.envelope)).toBe(
      ',"conn_id":2,"datapath_id":"00:00:00:00:00:00:00:01","auxiliary_id":1',
    );
    main.end();
    await turn();
    await turn();
    expect(told.slice(2)).toEqual(["down 1 PEER_CLOSED"]);
    expect([...registry.channels()]).toEqual([]);
  });

  it("replaces an auxiliary connection by a newer one of the same id", async () => {
    await lab.connect({}, HELLO, features(1), PORT_DESC);
    await lab.connect({}, HELLO, features(1, 1));
    await lab.connect({}, HELLO, features(1, 1));
    expect([...registry.channels()].map(({ facts }) => facts.connId)).toEqual([1, 3]);
    expect(told).toEqual(["up 1"]);
  });

  it("refuses an auxiliary connection without a main one, or where they are not wanted, and says why", async () => {
    await lab.connect({}, HELLO, features(1, 1));
    await lab.connect({ auxiliary: false }, HELLO, features(2), PORT_DESC);
    await lab.connect({}, HELLO, features(2, 1));
    expect(told).toEqual([
      "alert 1 AUXILIARY_REFUSED: Auxiliary connection refused: no main connection of 00:00:00:00:00:00:00:01",
      "up 2",
      "alert 3 AUXILIARY_REFUSED: Auxiliary connection refused: option AUXILIARY is not set",
    ]);
    expect([...registry.channels()].map(({ facts }) => facts.connId)).toEqual([2]);
  });

  it("checks the time limits once a second", async () => {
    await lab.connect({});
    clock.advance(4999);
    expect(told).toEqual([]);
    clock.advance(1001);
    expect(told).toEqual(["alert 1 HELLO_TIMEOUT: Handshake timeout: no HELLO"]);
  });

  it("reads from no switch while paused, new ones included", async () => {
    registry.pause();
    await lab.connect({}, HELLO, features(1), PORT_DESC);
    expect(told).toEqual([]);
    registry.resume();
    await turn();
    expect(told).toEqual(["up 1"]);
  });

  it("tells nobody when all is closed", async () => {
    const peer = await lab.connect({}, HELLO, features(1), PORT_DESC);
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
