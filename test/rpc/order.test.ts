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
