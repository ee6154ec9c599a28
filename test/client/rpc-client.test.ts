import { describe, expect, it } from "vitest";
import { RpcError } from "../../src/base/index.js";
import { CallError, RpcClient } from "../../src/client/index.js";
import { FakeClock } from "../channel/fake-clock.js";
import { MemoryTransport } from "../rpc/memory-transport.js";

function open(dialect: "classic" | "strict" = "strict") {
  const transport = new MemoryTransport();
  const clock = new FakeClock();
  const events: string[] = [];
  let ends = 0;
  const client = new RpcClient(transport, {
    ...{ clock, dialect },
    onEvent: (text) => events.push(text),
    onClose: () => ends++,
  });
  return { transport, clock, events, client, ends: () => ends };
}

describe("RpcClient", () => {
  it("sends requests of JSON-RPC 2.0, or as the C++ oftr's clients do", () => {
    const strict = open();
    void strict.client.request("OFP.CLOSE", '{"conn_id":18446744073709551615}').catch(() => undefined);
    void strict.client.request("OFP.DESCRIPTION").catch(() => undefined);
    expect(strict.transport.sent).toEqual([
      '{"jsonrpc":"2.0","id":1,"method":"OFP.CLOSE","params":{"conn_id":18446744073709551615}}',
      '{"jsonrpc":"2.0","id":2,"method":"OFP.DESCRIPTION"}',
    ]);
    const classic = open("classic");
    void classic.client.request("OFP.CLOSE", "{}").catch(() => undefined);
    expect(classic.transport.sent).toEqual(['{"id":1,"method":"OFP.CLOSE","params":{}}']);
  });

  it("gives each request its own result, digit for digit, in whatever order they come", async () => {
    const { client, transport } = open();
    const results = [client.request("a"), client.request("b"), client.request("c")];
    transport.onText('{"jsonrpc":"2.0","id":2,"result":{"cookie":18446744073709551615}}');
    transport.onText('{"result": null ,"id":3}');
    transport.onText('{"jsonrpc":"2.0","id":1,"result":[1.0]}');
    expect(await Promise.all(results)).toEqual(["[1.0]", '{"cookie":18446744073709551615}', "null"]);
  });

  it("rejects with the error that is the answer", async () => {
    const { client, transport } = open();
    const failed = client.request("a");
    transport.onText(
      '{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no","data":{"path":"method"}}}',
    );
    await expect(failed).rejects.toEqual(new RpcError(-32601, "no", { path: "method" }));
  });

  it("takes an error without an id for the answer to all that waits: the daemon could not read it", async () => {
    const { client, transport } = open();
    const failed = Promise.allSettled([client.request("a"), client.request("b")]);
    transport.onText(
      '{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"RPC request is too big"}}',
    );
    expect((await failed).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  });

  it("tells events apart from replies", () => {
    const { events, transport, client } = open();
    const waits = client.request("a");
    transport.onText('{"jsonrpc":"2.0","method":"OFP.MESSAGE","params":{"id":1}}');
    expect(events).toEqual(['{"jsonrpc":"2.0","method":"OFP.MESSAGE","params":{"id":1}}']);
    client.close();
    return expect(waits).rejects.toThrow(new CallError("CLOSED", "the daemon has closed the connection"));
  });

  it("gives a request up when its time is over, and passes over the late reply", async () => {
    const { client, clock, transport } = open();
    const late = client.request("a", undefined, 1500);
    clock.advance(1499);
    const other = client.request("b");
    clock.advance(1);
    await expect(late).rejects.toEqual(new CallError("TIMEOUT", "no reply came within 1.5 s"));
    transport.onText('{"id":1,"result":1}');
    transport.onText('{"id":2,"result":2}');
    expect(await other).toBe("2");
  });

  it("rejects what waits, once, when the connection ends, and what is asked later", async () => {
    const { client, transport, ends } = open();
    const waits = client.request("a");
    transport.onClose(new Error("RPC request is too big"));
    transport.onClose();
    await expect(waits).rejects.toEqual(new CallError("CLOSED", "RPC request is too big"));
    await expect(client.request("b")).rejects.toEqual(new CallError("CLOSED", "the connection has ended"));
    expect(ends()).toBe(1);
    expect(transport.isClosed).toBe(true);
  });

  it.each(["", "[]", "null", "{", "5", '"x"'])("gives up a daemon that sends %j", async (text) => {
    const { client, transport } = open();
    const waits = client.request("a");
    transport.onText(text);
    await expect(waits).rejects.toMatchObject({ name: "CallError", code: "PROTOCOL" });
  });
});
