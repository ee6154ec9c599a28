// What docs/rpc.md says of the order in which things happen.
import { beforeAll, describe, expect, it } from "vitest";
import { configureLog } from "../../src/base/index.js";
import { MemoryGateway, turn } from "./gateway-in-memory.js";

beforeAll(() => configureLog({ level: "silent" }));

describe("messages to one switch", () => {
  it("leave in the order of the requests, whatever their methods", async () => {
    const gateway = new MemoryGateway();
    const one = await gateway.connect();
    const message = (xid: number): object => ({ conn_id: 1, type: "BARRIER_REQUEST", xid });
    const requests: [string, object][] = [
      ["OFP.REQUEST", message(1)],
      ["OFP.SEND", message(2)],
      ["OFP.SEND_BATCH", { conn_id: 1, messages: [{ type: "BARRIER_REQUEST", xid: 3 }] }],
      ["OFP.SEND", message(4)],
      ["OFP.REQUEST", message(5)],
    ];
    // All at once, as they come in one chunk.
    for (const [method, params] of requests) gateway.client.onText(JSON.stringify({ id: 1, method, params }));
    for (let i = 0; i < 5; i++) await turn();
    const xids = one.received.map((frame) => Number.parseInt(frame.slice(8, 16), 16));
    expect(xids.filter((xid) => xid <= 5)).toEqual([1, 2, 3, 4, 5]);
  });
});

describe("the end of a channel", () => {
  const types = (texts: readonly string[]): unknown[] =>
    texts.map((text) => {
      const { id, error, params } = JSON.parse(text) as {
        id?: number;
        error?: { data: { code: string } };
        params?: { type: string; conn_id: number };
      };
      return id === undefined ? `${params?.type} ${params?.conn_id}` : `${id} ${error?.data.code ?? "OK"}`;
    });

  it("comes after the errors of all requests that it has ended, and before what follows it", async () => {
    const daemon = new MemoryGateway();
    const other = daemon.join();
    const [one, two] = [await daemon.connect(), await daemon.connect()];
    other.sent.length = 0;
    const desc = { type: "DESC_REQUEST", conn_id: 1 };
    await daemon.say("OFP.REQUEST", desc, 1);
    await daemon.say("OFP.SEND_BATCH", { conn_id: 1, messages: [{ type: "BARRIER_REQUEST" }] }, 2);
    await daemon.say("OFP.REQUEST", desc, 3);
    expect(daemon.texts()).toEqual([]);
    // Both in one go: what the other switch says is there before the errors are.
    daemon.gateway.service.registry.connection(1)?.close();
    daemon.gateway.service.notifier.onFrame(
      daemon.gateway.service.registry.channel(2)!,
      Buffer.from("0403000800000000", "hex"),
    );
    daemon.gateway.service.registry.connection(2)?.close();
    await turn();
    expect(types(daemon.texts())).toEqual([
      "1 CHANNEL_DOWN",
      "3 CHANNEL_DOWN",
      "2 OK",
      "CHANNEL_DOWN 1",
      "ECHO_REPLY 2",
      "CHANNEL_DOWN 2",
    ]);
    // Who has asked nothing waits for nothing.
    expect(types(other.sent)).toEqual(["CHANNEL_DOWN 1", "ECHO_REPLY 2", "CHANNEL_DOWN 2"]);
    for (const { peer } of [one, two]) peer.destroy();
  });

  it("holds PACKET_INs of other switches back as well", async () => {
    const daemon = new MemoryGateway();
    await daemon.connect();
    await daemon.connect();
    await daemon.say("OFP.REQUEST", { type: "DESC_REQUEST", conn_id: 1 }, 1);
    const { registry, notifier } = daemon.gateway.service;
    const packetIn = "040a0022 00000000 ffffffff 0000 00 00 0000000000000000 0001 0004 00000000 0000";
    registry.connection(1)?.close();
    notifier.onFrame(registry.channel(2)!, Buffer.from(packetIn.replaceAll(" ", ""), "hex"));
    await turn();
    expect(types(daemon.texts())).toEqual(["1 CHANNEL_DOWN", "CHANNEL_DOWN 1", "PACKET_IN 2"]);
  });

  it("is told to all when the daemon ends, behind those errors", async () => {
    const daemon = new MemoryGateway();
    await daemon.connect();
    await daemon.say("OFP.REQUEST", { type: "DESC_REQUEST", conn_id: 1 }, 1);
    await daemon.gateway.close(true);
    expect(types(daemon.texts())).toEqual(["1 CHANNEL_DOWN", "CHANNEL_DOWN 1"]);
  });

  it("does not keep a daemon that ends from its end, when a client goes meanwhile", async () => {
    const daemon = new MemoryGateway();
    await daemon.connect();
    await daemon.say("OFP.REQUEST", { type: "DESC_REQUEST", conn_id: 1 }, 1);
    const closed = daemon.gateway.close(true);
    daemon.client.close();
    daemon.client.onClose();
    await closed;
  });
});
