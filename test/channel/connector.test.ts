// Connections that are made again and again, with a network that does what the test says.
import type { Socket } from "node:net";
import { beforeEach, describe, expect, it } from "vitest";
import { Connector, type ConnectorOwner, SystemError } from "../../src/channel/index.js";
import { FakeClock } from "./fake-clock.js";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("Connector", () => {
  let clock: FakeClock;
  let told: string[];
  let answer: () => Promise<Socket>;
  let destroyed: number;
  let connector: Connector;

  const refused = (): Promise<Socket> => Promise.reject(new SystemError(111, "Connection refused"));
  const accepted = (): Promise<Socket> =>
    Promise.resolve({ destroy: () => destroyed++ } as unknown as Socket);

  beforeEach(() => {
    clock = new FakeClock();
    told = [];
    destroyed = 0;
    answer = refused;
    let lastId = 10;
    const owner: ConnectorOwner = {
      dial: () => {
        told.push(`dial at ${clock.time}`);
        return answer();
      },
      onSocket: () => {
        told.push("connected");
        return ++lastId;
      },
      onAttemptFailed: (_, { reason, message }) => told.push(`${reason}: ${message}`),
    };
    connector = new Connector(7, { host: "192.0.2.1", port: 6653 }, { min: 1000, max: 1000 }, owner, clock);
  });

  async function pass(ms: number): Promise<void> {
    clock.advance(ms);
    await turn();
  }

  it("tells of each attempt that fails, and tries again", async () => {
    connector.start();
    await turn();
    await pass(999);
    expect(told).toEqual([
      "dial at 0",
      "CONNECT_FAILED: Connecting to 192.0.2.1:6653 failed: Connection refused; trying again in 1.0 s",
    ]);
    answer = () => Promise.reject(new SystemError(110, "Connection timed out"));
    await pass(1);
    expect(told.slice(2)).toEqual([
      "dial at 1000",
      "CONNECT_TIMEOUT: Connecting to 192.0.2.1:6653 failed: Connection timed out; trying again in 1.0 s",
    ]);
    expect(connector.attempts).toBe(2);
  });

  it("has one connection at a time, and makes the next when that has ended", async () => {
    answer = accepted;
    connector.start();
    await turn();
    expect(connector.current).toBe(11);
    await pass(60_000);
    connector.ended(true);
    expect(connector.current).toBe(0);
    await pass(1000);
    expect(told).toEqual(["dial at 0", "connected", "dial at 61000", "connected"]);
    expect(connector.current).toBe(12);
  });

  it("is stopped while it waits, and after its connection has ended", async () => {
    connector.start();
    await turn();
    connector.stop();
    await pass(60_000);
    expect(told.filter((line) => line.startsWith("dial"))).toEqual(["dial at 0"]);
    connector.ended(false);
    await pass(60_000);
    expect(told).toHaveLength(2);
  });

  it("is stopped while it connects: the connection is closed, a failure is not told", async () => {
    answer = accepted;
    connector.start();
    connector.stop();
    await turn();
    expect(told).toEqual(["dial at 0"]);
    expect(destroyed).toBe(1);

    let fail: (error: Error) => void = () => undefined;
    answer = () => new Promise((_, reject) => (fail = reject));
    connector = new Connector(8, connector.remote, { min: 1, max: 1 }, { ...ownerThatMustNotHear }, clock);
    connector.start();
    connector.stop();
    fail(new SystemError(111, "Connection refused"));
    await turn();
  });

  const ownerThatMustNotHear: ConnectorOwner = {
    dial: () => answer(),
    onSocket: () => expect.unreachable(),
    onAttemptFailed: () => expect.unreachable(),
  };
});
