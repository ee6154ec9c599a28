// OFP.LISTEN, OFP.CONNECT, OFP.CLOSE and OFP.LIST_CONNECTIONS: what they take beside what C++ oftr knows, and what comes of it.
import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { configureLog } from "../../src/base/index.js";
import { Identities } from "../../src/channel/index.js";
import { readConnectionParams } from "../../src/rpc/methods/connection-params.js";
import { BARRIER_REPLY, features, HELLO, PORT_DESC } from "../channel/registry-lab.js";
import { openDeafPort } from "./deaf-port.js";
import { MemoryGateway, type Reply } from "./gateway-in-memory.js";

const read = (params: object): object => {
  const { options } = readConnectionParams("OFP.LISTEN", { endpoint: "6653", ...params }, new Identities());
  return options;
};

describe("the parameters of connections", () => {
  it("have defaults that say nothing", () => {
    expect(read({})).toMatchObject({ timeouts: {}, keepalive: { count: 1 }, duplicates: undefined });
  });

  it("are seconds, of which options have milliseconds", () => {
    const seconds = {
      tls_timeout: 1,
      hello_timeout: 0.5,
      features_timeout: "2",
      port_desc_timeout: 60,
      probe_timeout: 9,
    };
    expect(read({ ...seconds, echo_interval: 2.5, echo_count: 3 })).toMatchObject({
      timeouts: { tls: 1000, hello: 500, features: 2000, ports: 60_000, probe: 9000 },
      keepalive: { interval: 2500, count: 3 },
    });
    expect(read({ echo_interval: "0" })).toMatchObject({ keepalive: { interval: 0, count: 1 } });
  });

  it.each([
    [{ hello_timeout: 0 }, "expected seconds above 0"],
    [{ hello_timeout: -1 }, "expected seconds above 0"],
    [{ hello_timeout: 86_401 }, "at most 86400"],
    [{ echo_interval: "soon" }, "expected seconds above 0"],
    [{ echo_count: 0 }, "out of range number: 1 to 100"],
    [{ echo_count: 101 }, "out of range number"],
    [{ duplicate_datapath: "newst", options: ["FEATURES_REQ"] }, "(did you mean newest?)"],
    [{ duplicate_datapath: "oldest" }, "duplicate_datapath needs the option FEATURES_REQ"],
    [
      { bind_datapath: "CN", options: ["FEATURES_REQ"] },
      "bind_datapath needs the option FEATURES_REQ, and tls_id",
    ],
    [{ bind_datapath: "SAN" }, 'unknown value "SAN"'],
  ])("are refused when they are %j", (params, why) => {
    expect(() => read(params)).toThrow(why);
  });
});

describe("a gateway", () => {
  let lab: MemoryGateway;
  let server: Server;
  let accepted: Socket[];
  let endpoint: string;
  let greeting: string[];

  beforeAll(() => configureLog({ level: "silent" }));

  beforeEach(async () => {
    lab = new MemoryGateway();
    accepted = [];
    greeting = [HELLO, features(1), PORT_DESC];
    server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.resume();
      accepted.push(socket);
      for (const frame of greeting) socket.write(Buffer.from(frame, "hex"));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    endpoint = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(() => {
    lab.gateway.close();
    for (const socket of accepted) socket.destroy();
    server.close();
  });

  /** The texts that the client has got, when there are so many. */
  const texts = (count: number): Promise<Reply[]> =>
    vi.waitFor(
      () => {
        expect(lab.client.sent.length).toBeGreaterThanOrEqual(count);
        return lab.replies();
      },
      { timeout: 5000, interval: 5 },
    );

  const connect = { versions: [4], options: ["FEATURES_REQ"] };

  it("connects again and again under one number, tells of it, lists it, and stops when it is closed", async () => {
    await lab.say("OFP.CONNECT", { endpoint, ...connect, reconnect: { min: 2, max: 2 } });
    expect(await texts(2)).toMatchObject([
      { id: 1, result: { conn_id: 1 } },
      { params: { type: "CHANNEL_UP", conn_id: 2, msg: { endpoint, connect_id: 1 } } },
    ]);
    const { result } = await lab.ask("OFP.LIST_CONNECTIONS", { conn_id: 0 });
    expect((result as { stats: unknown[] }).stats).toEqual([
      {
        local_endpoint: "[::]:0",
        remote_endpoint: endpoint,
        datapath_id: "",
        conn_id: 1,
        auxiliary_id: 0,
        transport: "TCP",
        current: 2,
        attempts: 1,
      },
      expect.objectContaining({
        conn_id: 2,
        remote_endpoint: endpoint,
        datapath_id: "00:00:00:00:00:00:00:01",
      }),
    ]);
    accepted[0]?.destroy();
    expect(await texts(1)).toMatchObject([{ params: { type: "CHANNEL_DOWN", conn_id: 2 } }]);
    lab.clock.advance(2000);
    expect(await texts(1)).toMatchObject([
      { params: { type: "CHANNEL_UP", conn_id: 3, msg: { connect_id: 1 } } },
    ]);
    await lab.say("OFP.CLOSE", { datapath_id: "00:00:00:00:00:00:00:01" }, 5);
    expect(await texts(2)).toMatchObject([
      { id: 5, result: { count: 1 } },
      { params: { type: "CHANNEL_DOWN", conn_id: 3, msg: { reason: "CLOSED_BY_CLIENT" } } },
    ]);
    lab.clock.advance(60_000);
    expect((await lab.ask("OFP.LIST_CONNECTIONS", { conn_id: 0 })).result).toEqual({ stats: [] });
  });

  it("tells of attempts that fail under the number of OFP.CONNECT, which OFP.CLOSE ends", async () => {
    server.close();
    await once(server, "close");
    await lab.say("OFP.CONNECT", { endpoint, ...connect, reconnect: true });
    const alert = { type: "CHANNEL_ALERT", conn_id: 1, msg: { reason: "CONNECT_FAILED" } };
    expect(await texts(2)).toMatchObject([{ id: 1, result: { conn_id: 1 } }, { params: alert }]);
    expect((await lab.ask("OFP.CLOSE", { conn_id: 1 })).result).toEqual({ count: 1 });
    expect((await lab.ask("OFP.CLOSE", { conn_id: 1 })).result).toEqual({ count: 0 });
    lab.clock.advance(60_000);
    expect(lab.texts()).toEqual([]);
  });

  it("closes the present connection with the number of OFP.CONNECT", async () => {
    await lab.say("OFP.CONNECT", { endpoint, ...connect, reconnect: true });
    await texts(2);
    await lab.say("OFP.CLOSE", { conn_id: 1 }, 6);
    expect(await texts(2)).toMatchObject([
      { id: 6, result: { count: 1 } },
      { params: { type: "CHANNEL_DOWN", conn_id: 2 } },
    ]);
  });

  it("gives up connecting after connect_timeout", async () => {
    const deaf = await openDeafPort();
    await lab.say("OFP.CONNECT", { endpoint: `127.0.0.1:${deaf.port}`, connect_timeout: 0.5 });
    lab.clock.advance(500);
    expect(await texts(1)).toMatchObject([{ id: 1, error: { code: 110, message: "Connection timed out" } }]);
    await deaf.close();
  });

  it.each([
    [{ reconnect: { min: 0.01 } }, "params.reconnect.min"],
    [{ reconnect: { min: 5, max: 4 } }, "params.reconnect.max"],
    [{ reconnect: { least: 5 } }, "params.reconnect.least"],
    [{ reconnect: "often" }, "params.reconnect"],
    [{ connect_timeout: 0 }, "params.connect_timeout"],
  ])("refuses to connect with %j", async (params, path) => {
    expect((await lab.refusal("OFP.CONNECT", { endpoint, ...params }))[2]).toBe(path);
  });

  it("tells why it refuses a second connection of a datapath, and of a message of another version", async () => {
    await lab.say("OFP.CONNECT", { endpoint, ...connect }, 1);
    await texts(2);
    greeting = [HELLO, features(1), PORT_DESC];
    await lab.say("OFP.CONNECT", { endpoint, ...connect, duplicate_datapath: "oldest" }, 2);
    const [, alert] = await texts(2);
    expect(alert).toMatchObject({
      params: { type: "CHANNEL_ALERT", conn_id: 2, msg: { reason: "DUPLICATE_DATAPATH" } },
    });
    accepted[0]?.write(Buffer.from(BARRIER_REPLY.replace("04", "01"), "hex"));
    expect(await texts(1)).toMatchObject([
      {
        params: {
          type: "CHANNEL_ALERT",
          conn_id: 1,
          xid: 0,
          msg: { reason: "WRONG_VERSION", data: "0115000800000009" },
        },
      },
    ]);
  });
});
