// What a registry counts, what it refuses, and how it ends.

import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DEFAULT_LIMITS, limitHits } from "../../src/base/index.js";
import { type Listener, Registry } from "../../src/channel/index.js";
import { BARRIER_REPLY, features, HELLO, OPTIONS, PORT_DESC, RegistryLab, turn } from "./registry-lab.js";

const LOCAL = { host: "127.0.0.1", port: 0 };

describe("a registry", () => {
  let lab: RegistryLab;
  const sockets: Socket[] = [];
  let server: Server | undefined;

  beforeEach(() => {
    lab = new RegistryLab();
  });

  afterEach(() => {
    lab.registry.close();
    for (const socket of sockets.splice(0)) socket.destroy();
    server?.close();
    server = undefined;
  });

  const wait = (until: () => boolean): Promise<void> =>
    vi.waitFor(() => expect(until()).toBe(true), { timeout: 5000, interval: 5 });

  async function listen(): Promise<number> {
    await lab.registry.listen(LOCAL, OPTIONS);
    return ([...lab.registry.listeners()].at(-1) as Listener).local.port;
  }

  /** Connects, and gives the socket when the other side has accepted or closed it. */
  function call(port: number): Socket {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    sockets.push(socket);
    return socket;
  }

  it("closes connections beyond the limit of a listener, tells of it, and takes others when there is room", async () => {
    lab.limits = { ...DEFAULT_LIMITS, listenerConnections: 1 };
    const port = await listen();
    const hits = limitHits.listenerConnections;
    const first = call(port);
    await wait(() => lab.registry.connections().length === 1);
    const second = call(port);
    await once(second, "close");
    expect(lab.told).toEqual([
      expect.stringMatching(
        /^alert 1 CONNECTION_LIMIT: A connection of 127\.0\.0\.1:\d+ was closed: there are 1 already \(limit listener-connections\)$/,
      ),
    ]);
    expect(limitHits.listenerConnections).toBe(hits + 1);
    first.destroy();
    await wait(() => lab.registry.connections().length === 0);
    call(port);
    await wait(() => lab.registry.connections().length === 1);
  });

  it("closes connections beyond the limit of all, and refuses to make more", async () => {
    lab.limits = { ...DEFAULT_LIMITS, connections: 1 };
    const port = await listen();
    await lab.bringUp(1);
    await once(call(port), "close");
    expect(lab.told.at(-1)).toContain("there are 1 already (limit connections)");
    const detail = "there are 1 already (limit connections)";
    await expect(lab.registry.connect({ host: "127.0.0.1", port }, OPTIONS)).rejects.toThrow(detail);
    const reconnect = { min: 1000, max: 1000 };
    expect(() => lab.registry.keepConnected({ host: "127.0.0.1", port }, OPTIONS, { reconnect })).toThrow(
      detail,
    );
  });

  it("refuses listeners beyond the limit", async () => {
    lab.limits = { ...DEFAULT_LIMITS, listeners: 1 };
    await listen();
    await expect(listen()).rejects.toThrow("there are 1 already (limit listeners)");
  });

  it("gives up connecting after the time that it was told", async () => {
    const endpoint = { host: "192.0.2.1", port: 6653 };
    const connecting = lab.registry.connect(endpoint, OPTIONS, { timeout: 2000 });
    const failed = expect(connecting).rejects.toMatchObject({ code: 110, message: "Connection timed out" });
    lab.clock.advance(2000);
    await failed;
  });

  it("makes a connection again when it has ended, under another number, until it is stopped", async () => {
    const accepted: Socket[] = [];
    server = createServer((socket) => {
      socket.on("error", () => undefined);
      accepted.push(socket);
      sockets.push(socket);
      for (const frame of [HELLO, features(1), PORT_DESC]) socket.write(Buffer.from(frame, "hex"));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const reconnect = { min: 1000, max: 1000 };
    const number = lab.registry.keepConnected({ host: "127.0.0.1", port }, OPTIONS, { reconnect });
    expect(number).toBe(1);
    await wait(() => lab.told.length === 1);
    expect(lab.registry.connectorOf(2)).toBe(lab.registry.connectorOf(1));
    expect(lab.registry.connectorOf(1)).toMatchObject({ connId: 1, current: 2, attempts: 1 });
    accepted[0]?.end();
    await wait(() => lab.told.length === 2);
    lab.clock.advance(1000);
    await wait(() => lab.told.length === 3);
    expect(lab.told).toEqual(["up 2", "down 2 PEER_CLOSED", "up 3"]);
    const connector = lab.registry.connectorOf(1);
    expect(connector).toMatchObject({ current: 3, attempts: 2 });
    if (connector !== undefined) lab.registry.closeConnector(connector);
    accepted[1]?.end();
    await wait(() => lab.told.length === 4);
    lab.clock.advance(60_000);
    await turn();
    expect(accepted).toHaveLength(2);
    expect([...lab.registry.connectors()]).toEqual([]);
  });

  it("tells of the end of each channel when it closes, if it shall", async () => {
    await lab.bringUp(1);
    await lab.bringUp(2);
    await lab.connect({}, HELLO);
    lab.registry.close(true);
    await turn();
    expect(lab.told).toEqual(["up 1", "up 2", "down 1 SHUTDOWN", "down 2 SHUTDOWN"]);
  });

  it("does not hold it against switches that this process was stopped", async () => {
    await lab.bringUp(1);
    await lab.connect({}, HELLO);
    lab.clock.stall(60_000);
    lab.clock.advance(1000);
    expect(lab.told).toEqual(["up 1"]);
    await lab.pass(4);
    expect(lab.told).toEqual(["up 1", "alert 2 FEATURES_TIMEOUT: Handshake timeout: no FEATURES_REPLY"]);
  });

  it("counts what its connections have carried by version, those that have ended too", async () => {
    await lab.bringUp(1);
    const second = await lab.connect({}, HELLO, features(2), PORT_DESC, BARRIER_REPLY);
    await lab.connect({}, HELLO, "0415000800000009");
    second.end();
    await turn();
    await turn();
    const totals = lab.registry.totals();
    expect(totals[4]?.messagesIn[0]).toBe(2);
    expect(totals[4]?.messagesIn[21]).toBe(1);
    expect(totals[0]?.messagesIn[21]).toBe(1);
    expect(totals[4]?.bytesIn).toBe(2 * (8 + 32 + 16) + 8);
  });

  it("has limits of its own accord", () => {
    const registry = new Registry({} as never, lab.clock);
    expect(registry.limits).toBe(DEFAULT_LIMITS);
    registry.close();
  });
});
