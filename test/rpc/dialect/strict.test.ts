// JSON-RPC 2.0, with the examples of its specification (section 7) in our words.
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { configureLog } from "../../../src/base/index.js";
import { Gateway } from "../../../src/rpc/index.js";
import { FakeClock } from "../../channel/fake-clock.js";
import { MemoryTransport } from "../memory-transport.js";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

interface Reply {
  readonly jsonrpc: string;
  readonly id: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

describe("the strict dialect", () => {
  let client: MemoryTransport;

  beforeAll(() => configureLog({ level: "silent" }));

  beforeEach(() => {
    client = new MemoryTransport();
    const gateway = new Gateway({ clock: new FakeClock(), softwareDescription: "test" });
    void gateway.serve(client, { kind: "websocket", dialect: "strict", files: false, lone: false });
  });

  async function ask(request: string): Promise<string[]> {
    client.sent.length = 0;
    client.onText(request);
    for (let i = 0; i < 5; i++) await turn();
    return client.sent;
  }

  async function reply(request: string): Promise<Reply> {
    const texts = await ask(request);
    expect(texts).toHaveLength(1);
    return JSON.parse(texts[0] as string) as Reply;
  }

  const list = (id: string): string =>
    `{"jsonrpc":"2.0","id":${id},"method":"OFP.LIST_CONNECTIONS","params":{"conn_id":0}}`;

  it.each(["1", '"1"', '"a \\" \\u00e9"', "null", "-5", "1.5", "18446744073709551615"])(
    "gives the id %s back as it came",
    async (id) => {
      const [text] = await ask(list(id));
      const same = text?.replace("é", "\\u00e9");
      expect(same).toBe(`{"jsonrpc":"2.0","result":{"stats":[]},"id":${id}}`);
    },
  );

  it("gives ids of YAML back as what they look like", async () => {
    const ask = async (id: string) =>
      (await reply(`id: ${id}\nmethod: OFP.LIST_CONNECTIONS\nparams: {conn_id: 0}\n`)).id;
    expect([await ask("12"), await ask('"12"'), await ask("abc"), await ask("0x10")]).toEqual([
      12,
      "12",
      "abc",
      "0x10",
    ]);
  });

  it("answers no notification, neither well nor badly", async () => {
    expect(await ask(list("1").replace('"id":1,', ""))).toEqual([]);
    expect(await ask('{"jsonrpc":"2.0","method":"foobar"}')).toEqual([]);
    expect(await ask('{"jsonrpc":"2.0","method":"OFP.CLOSE","params":{"x":1}}')).toEqual([]);
  });

  it.each([
    ['{"jsonrpc":"2.0","method":"foobar","id":"1"}', "1", -32601, 'method: unknown method "foobar"'],
    [
      '{"jsonrpc":"2.0","method":"OFP.SENT","id":1}',
      1,
      -32601,
      'method: unknown method "OFP.SENT" (did you mean OFP.SEND?)',
    ],
    [
      '{"jsonrpc":"2.0","id":1,"method":"OFP.LISTEN","params":{"endpoint":"host:6653"}}',
      1,
      -32602,
      'params.endpoint: expected an IP address and a port, such as 127.0.0.1:6653, found "host:6653"',
    ],
    [
      '{"jsonrpc":"2.0","id":1,"method":"OFP.CLOSE","params":[]}',
      1,
      -32602,
      "params: expected an object, found a list",
    ],
    ['{"jsonrpc":"2.0","method":"foobar, "params":"bar","baz]', null, -32700, "line 1, column"],
    ["", null, -32700, "line 1, column 1: there is no request"],
    ['{"jsonrpc":"2.0","method":1,"params":"bar"}', null, -32600, "method: method must be a string"],
    ['{"id":1,"method":"OFP.DESCRIPTION"}', 1, -32600, "missing required key 'jsonrpc'"],
    ['{"jsonrpc":"1.0","id":1,"method":"OFP.DESCRIPTION"}', 1, -32600, 'jsonrpc: must be "2.0"'],
    ['{"jsonrpc":"2.0","id":1,"method":"OFP.DESCRIPTION","x":1}', 1, -32600, "x: unknown key 'x'"],
    ['{"jsonrpc":"2.0","id":[1],"method":"OFP.DESCRIPTION"}', null, -32600, "id: an id is a text"],
    ['{"jsonrpc":"2.0","id":1,"method":"OFP.CLOSE","params":7}', 1, -32602, "params: params must be"],
    [
      '{"jsonrpc":"2.0","id":1,"method":"OFP.CLOSE","params":{"x":1}}',
      1,
      -32602,
      "params.x: unknown key 'x'",
    ],
    ['{"jsonrpc":"2.0","id":1,"method":"OFP.CLOSE","params":{}}', 1, -65002, "Invalid options"],
    ["[]", null, -32600, "an empty batch"],
    ["7", null, -32600, "a request is an object, not a number"],
  ])("refuses %s", async (request, id, code, message) => {
    const { error, ...rest } = await reply(request);
    expect([rest.id, error?.code]).toEqual([id, code]);
    expect(error?.message).toContain(message);
    expect(error?.message).not.toContain("\n");
  });

  it("says where in the text the error is", async () => {
    const request = '{"jsonrpc":"2.0","id":1,\n "method":"OFP.CLOSE","params":{"conn_id":"x"}}';
    expect((await reply(request)).error).toEqual({
      code: -32602,
      message: 'params.conn_id: expected an integer from 0 to 9007199254740991, found "x"',
      data: { path: "params.conn_id", line: 2, column: 43, code: "INVALID" },
    });
  });

  it("answers a batch by a list, in order and without the notifications", async () => {
    const text = `[${list('"a"')},{"jsonrpc":"2.0","method":"foobar"},1,${list("2")}]`;
    const replies = JSON.parse((await ask(text))[0] as string) as Reply[];
    expect(client.sent).toHaveLength(1);
    expect(replies.map(({ id, error }) => [id, error?.code])).toEqual([
      ["a", undefined],
      [null, -32600],
      [2, undefined],
    ]);
  });

  it("finds the place of an error in a batch", async () => {
    const wrong = '{"jsonrpc":"2.0","id":7,"method":"OFP.CLOSE","params":{"x":1}}';
    const [, { error }] = JSON.parse((await ask(`[${list("1")},\n${wrong}]`))[0] as string) as [Reply, Reply];
    expect(error?.data).toEqual({ path: "[1].params.x", line: 2, column: 56, code: "UNKNOWN" });
  });

  it("answers nothing to a batch of notifications", async () => {
    expect(await ask('[{"jsonrpc":"2.0","method":"a"},{"jsonrpc":"2.0","method":"b"}]')).toEqual([]);
  });

  it("refuses a batch beyond its limit as a whole", async () => {
    const { error } = await reply(`[${Array(1001).fill(list("1")).join(",")}]`);
    expect(error).toMatchObject({
      code: -32600,
      message: "a batch of 1001 requests; limit rpc-batch allows 1000",
    });
  });

  it("takes YAML, also in blocks, where the version may be missing", async () => {
    expect(await reply("# a request\nid: 5\nmethod: OFP.LIST_CONNECTIONS\nparams:\n  conn_id: 0\n")).toEqual({
      jsonrpc: "2.0",
      result: { stats: [] },
      id: 5,
    });
    expect((await reply('jsonrpc: "1.0"\nid: 5\nmethod: OFP.DESCRIPTION\n')).error?.code).toBe(-32600);
  });
});
