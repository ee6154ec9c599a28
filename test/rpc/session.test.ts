// The daemon without processes and sockets: a client in memory, switches on streams in memory.
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { configureLog } from "../../src/base/index.js";
import { Gateway } from "../../src/rpc/index.js";
import { duplexPair, type End } from "../channel/duplex-pair.js";
import { FakeClock } from "../channel/fake-clock.js";
import { MemoryTransport } from "./memory-transport.js";

const HELLO = "0400000800000007";
const FEATURES_REPLY = "0406002000000001000000000000000500000100fe0000000000004f00000000";
const PORT_DESC = "0413001000000002000d000000000000";
const DPID = "00:00:00:00:00:00:00:05";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a session", () => {
  let clock: FakeClock;
  let gateway: Gateway;
  let client: MemoryTransport;
  let ended: boolean;
  let received: string;

  beforeAll(() => configureLog({ level: "silent" }));

  beforeEach(() => {
    clock = new FakeClock();
    gateway = new Gateway({ clock, softwareDescription: "test" });
    client = new MemoryTransport();
    ended = false;
    received = "";
    void gateway.serve(client).then(() => {
      ended = true;
    });
  });

  /** Sends a request and gives what comes back. */
  async function ask(request: string | object): Promise<string[]> {
    client.sent.length = 0;
    client.onText(typeof request === "string" ? request : JSON.stringify(request));
    await turn();
    return client.sent;
  }

  /** The error of the one reply, with the first line of its message. */
  async function askWrong(request: string | object): Promise<unknown> {
    const replies = await ask(request);
    expect(replies).toHaveLength(1);
    const { id, error } = JSON.parse(replies[0] as string) as {
      id: unknown;
      error: { code: number; message: string };
    };
    return [id, error.code, error.message.split("\n")[0]];
  }

  /** A switch connects. */
  async function connect(features = true): Promise<End> {
    const [ours, peer] = duplexPair();
    peer.on("data", (chunk: Buffer) => {
      received += chunk.toString("hex");
    });
    gateway.service.registry.adopt(ours, {
      versions: [4],
      features,
      auxiliary: false,
      checkVersion: true,
      local: { host: "127.0.0.1", port: 6653 },
      remote: { host: "127.0.0.1", port: 45172 },
    });
    for (const frame of features ? [HELLO, FEATURES_REPLY, PORT_DESC] : [HELLO]) await say(peer, frame);
    received = "";
    return peer;
  }

  async function say(peer: End, frame: string): Promise<void> {
    peer.write(Buffer.from(frame.replaceAll(" ", ""), "hex"));
    await turn();
    await turn();
  }

  describe("answers", () => {
    it("OFP.DESCRIPTION, byte for byte", async () => {
      expect(await ask('{"id":1,"method":"OFP.DESCRIPTION"}')).toEqual([
        '{"id":1,"result":{"api_version":"0.9","sw_desc":"test","versions":[1,2,3,4,5,6],"features":["COVERS","DECODE","ENCODE","MATCH_FROM_PACKET","REQUEST","SEND_BATCH","SUBSCRIBE","TAP"]}}',
      ]);
    });

    it("under an id of 64 bits, and under null", async () => {
      expect((await ask('{"id":18446744073709551613,"method":"OFP.DESCRIPTION"}'))[0]).toMatch(
        /^\{"id":18446744073709551613,"result"/,
      );
      expect((await ask('{"id":null,"method":"OFP.DESCRIPTION"}'))[0]).toMatch(/^\{"id":null,"result"/);
    });

    it("nothing to a notification", async () => {
      expect(await ask('{"method":"OFP.DESCRIPTION"}')).toEqual([]);
      expect(await ask('{"method":"OFP.CLOSE","params":{}}')).toEqual([]);
    });

    it("YAML like JSON", async () => {
      expect((await ask("id: 0x10\nmethod: OFP.DESCRIPTION\n"))[0]).toMatch(/^\{"id":16,"result"/);
    });

    it("in the order of the requests", async () => {
      client.onText(
        '{"id":1,"method":"OFP.LISTEN","params":{"endpoint":"127.0.0.1:1"}}'.replace(':1"', ':59231"'),
      );
      client.onText('{"id":2,"method":"OFP.SEND","params":{"type":"HELLO"}}');
      client.onText('{"id":3,"method":"OFP.DESCRIPTION"}');
      client.onText("hello");
      for (let i = 0; i < 100 && client.sent.length < 4; i++) await turn();
      expect(client.sent.map((text) => (JSON.parse(text) as { id: unknown }).id)).toEqual([1, 2, 3, null]);
      gateway.close();
    });

    it("errors with their place in the request", async () => {
      const request = '{"id":20,"method":"OFP.DESCRIPTION","extra":1}';
      expect(await ask(request)).toEqual([
        JSON.stringify({
          id: 20,
          error: {
            code: -32600,
            message: `YAML:1:37: error: unknown key 'extra'\n${request}\n${" ".repeat(36)}^~~~~~~`,
            data: { path: "extra", line: 1, column: 37, code: "UNKNOWN" },
          },
        }),
      ]);
    });

    it("what is no request at all, in the very words that clients expect", async () => {
      expect(await ask("hello")).toEqual([
        '{"id":null,"error":{"code":-32600,"message":"YAML:1:1: error: not a mapping\\nhello\\n^~~~~"}}',
      ]);
    });

    it.each([
      ['{"id":18,"method":"OFP.NOPE"}', 18, -32601, "YAML:1:19: error: unknown method"],
      ['{"method":"toString"}', null, -32601, "YAML:1:11: error: unknown method"],
      ['{"id":19}', 19, -32600, "YAML:1:2: error: missing required key 'method'"],
      [
        '{"id":3,"method":"OFP.MESSAGE","params":{}}',
        3,
        -32600,
        "YAML:1:18: error: Use 'OFP.SEND'. 'OFP.MESSAGE' is for notifications only",
      ],
      ["[1,2,3]", null, -32600, "YAML:1:2: error: not a mapping"],
      ["", null, -32600, "YAML:1:1: error: empty request"],
      [
        '{"id":29,"jsonrpc":"1.0","method":"OFP.DESCRIPTION"}',
        29,
        -32600,
        "YAML:1:2: error: Unsupported jsonrpc version",
      ],
      [
        '{"id":"x","method":"OFP.DESCRIPTION"}',
        null,
        -32600,
        "YAML:1:7: error: Invalid RPC ID (must be unsigned int < 2^64-2)",
      ],
      [
        '{"id":21,"method":"OFP.DESCRIPTION","params":{"x":1}}',
        21,
        -32600,
        "YAML:1:47: error: unknown key 'x'",
      ],
      ['{"id":17,"method":"OFP.CLOSE"}', 17, -32600, "YAML:1:2: error: missing required key 'params'"],
      ['{"id":16,"method":"OFP.CLOSE","params":{}}', 16, -65002, "Invalid options"],
      ['{"method":"OFP.CLOSE","params":{"x":1}}', null, -32600, "YAML:1:33: error: unknown key 'x'"],
      [
        '{"id":22,"method":"OFP.LIST_CONNECTIONS","params":{}}',
        22,
        -32600,
        "YAML:1:52: error: missing required key 'conn_id'",
      ],
    ])("%s with an error", async (request, id, code, message) => {
      expect(await askWrong(request)).toEqual([id, code, message]);
    });
  });

  describe("listens and connects", () => {
    const listen = (params: object) => askWrong({ id: 1, method: "OFP.LISTEN", params });

    it.each([
      [{ endpoint: "localhost:6653" }, "YAML:1:52: error: Invalid IP endpoint."],
      [{ endpoint: "" }, "YAML:1:52: error: Invalid IP endpoint."],
      [{}, "YAML:1:41: error: missing required key 'endpoint'"],
      [{ endpoint: 6653, versions: 5 }, "YAML:1:68: error: not a sequence"],
      [{ endpoint: 6653, versions: [7] }, "YAML:1:69: error: unsupported OpenFlow version 7"],
      [{ endpoint: 6653, versions: [256] }, "YAML:1:69: error: out of range number"],
      [
        { endpoint: 6653, options: ["FEATURES_REQUEST"] },
        'YAML:1:68: error: unknown value "FEATURES_REQUEST" (did you mean FEATURES_REQ?)',
      ],
      [{ endpoint: 6653, options: ["AUXILIARY"] }, "Invalid combination of options"],
      [{ endpoint: 6653, tls_id: 999 }, "Invalid tls_id: 999"],
    ])("not with %j", async (params, message) => {
      expect(await listen(params)).toEqual([1, -32600, message]);
    });

    it("not at a port that is taken; and stops listening when told to", async () => {
      const { registry } = gateway.service;
      const options = { versions: [4], features: false, auxiliary: false, checkVersion: true } as const;
      await registry.listen({ host: "127.0.0.1", port: 0 }, options);
      const [listener] = [...registry.listeners()];
      const endpoint = `127.0.0.1:${listener?.local.port}`;
      const stats = {
        local_endpoint: endpoint,
        remote_endpoint: "[::]:0",
        datapath_id: "",
        conn_id: 1,
        auxiliary_id: 0,
        transport: "TCP",
      };
      expect(await ask('{"id":1,"method":"OFP.LIST_CONNECTIONS","params":{"conn_id":1}}')).toEqual([
        JSON.stringify({ id: 1, result: { stats: [stats] } }),
      ]);
      const taken = await ask({ id: 2, method: "OFP.LISTEN", params: { endpoint } });
      for (let i = 0; i < 100 && taken.length === 0; i++) await turn();
      expect(taken).toEqual(['{"id":2,"error":{"code":98,"message":"Address already in use"}}']);
      expect(await ask('{"id":3,"method":"OFP.CLOSE","params":{"conn_id":1}}')).toEqual([
        '{"id":3,"result":{"count":1}}',
      ]);
      expect(await ask('{"id":4,"method":"OFP.LIST_CONNECTIONS","params":{"conn_id":0}}')).toEqual([
        '{"id":4,"result":{"stats":[]}}',
      ]);
    });
  });

  describe("tells", () => {
    it("that a channel is up, without and with features", async () => {
      await connect(false);
      await connect();
      expect(client.sent).toEqual([
        '{"method":"OFP.MESSAGE","params":{"type":"CHANNEL_UP","time":"1700000000.500000000","xid":0,"version":4,' +
          '"conn_id":1,"msg":{"endpoint":"127.0.0.1:45172"}}}',
        expect.stringContaining(
          `"conn_id":2,"datapath_id":"${DPID}","msg":{"endpoint":"127.0.0.1:45172","features":{"datapath_id":"${DPID}",`,
        ),
      ]);
    });

    it("what a switch says", async () => {
      const peer = await connect();
      client.sent.length = 0;
      await say(peer, "04150008 00000063");
      expect(client.sent).toEqual([
        '{"params":{"type":"BARRIER_REPLY","time":"1700000000.500000000","xid":99,"version":4,"conn_id":1,' +
          `"datapath_id":"${DPID}","msg":{}},"method":"OFP.MESSAGE"}`,
      ]);
    });

    it("what cannot be decoded, and goes on", async () => {
      const peer = await connect();
      client.sent.length = 0;
      await say(peer, "040a000c 00000063 ffffffff");
      await say(peer, "04150008 00000063");
      expect(client.sent[0]).toMatch(
        /^\{"method":"OFP\.MESSAGE","params":\{"type":"CHANNEL_ALERT","time":"[0-9.]+","xid":0,"conn_id":1,"datapath_id":"00:00:00:00:00:00:00:05","msg":\{"message":"DECODE FAILED: PACKET_IN: [^"]+","data":"040A000C00000063FFFFFFFF","reason":"DECODE_FAILED"\}\}\}$/,
      );
      expect(client.sent[1]).toContain("BARRIER_REPLY");
    });

    it("a message of a type that nobody knows", async () => {
      const peer = await connect();
      client.sent.length = 0;
      await say(peer, "043c000c 00000063 01020304");
      expect(client.sent[0]).toContain('"msg":{"type":60,"data":"01020304"}');
    });

    it("the fields of packets, also of none", async () => {
      const peer = await connect();
      const packetIn = (data: string) =>
        `040a00${(42 + data.length / 2).toString(16)} 00000000 ffffffff 0040 00 00 0000000000000000 0001000c 80000004 00000003 00000000 0000 ${data}`;
      client.sent.length = 0;
      await say(peer, packetIn(""));
      await say(peer, packetIn("0200000000020200000000019999"));
      expect(client.sent[0]).toContain(',"data":"","_pkt":[]}},"method"');
      expect(client.sent[1]).toContain(
        ',"data":"0200000000020200000000019999","_pkt":[{"field":"ETH_DST","value":"02:00:00:00:00:02"},' +
          '{"field":"ETH_SRC","value":"02:00:00:00:00:01"},{"field":"ETH_TYPE","value":39321}]}},"method"',
      );
    });

    it("that a channel is down, after the reply to the request that closed it", async () => {
      await connect();
      expect(await ask('{"id":1,"method":"OFP.CLOSE","params":{"conn_id":1}}')).toEqual([
        '{"id":1,"result":{"count":1}}',
        '{"method":"OFP.MESSAGE","params":{"type":"CHANNEL_DOWN","time":"1700000000.500000000","xid":0,"version":4,' +
          `"conn_id":1,"datapath_id":"${DPID}","msg":{"reason":"CLOSED_BY_CLIENT","message":"closed by OFP.CLOSE"}}}`,
      ]);
      expect(await ask(`{"id":2,"method":"OFP.CLOSE","params":{"datapath_id":"${DPID}"}}`)).toEqual([
        '{"id":2,"result":{"count":0}}',
      ]);
    });

    it("of a bad header first, then that the channel is down", async () => {
      const peer = await connect();
      client.sent.length = 0;
      await say(peer, "04030000 00000000");
      const types = client.sent.map((text) => (JSON.parse(text) as { params: { type: string } }).params.type);
      expect(types).toEqual(["CHANNEL_ALERT", "CHANNEL_DOWN"]);
    });
  });

  describe("sends", () => {
    const send = (params: object, id?: number) =>
      ask({ ...(id === undefined ? {} : { id }), method: "OFP.SEND", params });

    it("a packet that is made of fields, and names the one that cannot be", async () => {
      await connect();
      const params = (pkt: object): object => ({ type: "PACKET_OUT", conn_id: 1, xid: 1, msg: { pkt } });
      expect(await send(params({ eth_dst: "02:00:00:00:00:02", eth_type: 0x9999 }))).toEqual([]);
      await turn();
      const head = "040d005400000001fffffffffffffffd0000000000000000";
      expect(received).toBe(`${head}020000000002${"00".repeat(6)}9999${"00".repeat(46)}`);
      const wrong = { id: 2, method: "OFP.SEND", params: params({ eth_dst: "02:00" }) };
      expect(((await askWrong(wrong)) as unknown[])[2]).toContain("msg.pkt.eth_dst");
    });

    it("a message, numbered by the channel when it has no xid", async () => {
      await connect();
      expect(await send({ type: "BARRIER_REQUEST", datapath_id: DPID }, 1)).toEqual([
        '{"id":1,"result":{"data":"0414000800000003"}}',
      ]);
      expect(await send({ type: "BARRIER_REQUEST", conn_id: 1, xid: 0 }, 2)).toEqual([
        '{"id":2,"result":{"data":"0414000800000000"}}',
      ]);
      expect(await send({ type: "BARRIER_REQUEST", conn_id: "0x1", xid: "255" })).toEqual([]);
      await turn();
      expect(received).toBe("0414000800000003" + "0414000800000000" + "04140008000000ff");
    });

    it("numbers of 64 bits exactly", async () => {
      await connect();
      await ask(
        '{"method":"OFP.SEND","params":{"type":"ROLE_REQUEST","conn_id":1,"xid":1,' +
          '"msg":{"role":"ROLE_EQUAL","generation_id":18446744073709551615}}}',
      );
      await turn();
      expect(received).toBe("0418001800000001" + "0000000100000000" + "ffffffffffffffff");
    });

    it("and holds back what says NO_FLUSH, even over a close", async () => {
      await connect();
      await send({ type: "BARRIER_REQUEST", conn_id: 1, xid: 1, flags: ["NO_FLUSH"] });
      await turn();
      expect(received).toBe("");
      await ask('{"id":1,"method":"OFP.CLOSE","params":{"conn_id":1}}');
      await turn();
      expect(received).toBe("0414000800000001");
    });

    it.each([
      [{ type: "BARRIER_REQUEST", conn_id: 99 }, -65000, "unable to locate conn_id 99"],
      [{ type: "BARRIER_REQUEST" }, -65000, "unable to locate connection; no conn_id or datapath_id"],
      [
        { type: "BARRIER_REQUEST", datapath_id: "0x06" },
        -65000,
        "unable to locate datapath_id 00:00:00:00:00:00:00:06",
      ],
      [{ type: "BARRIER_REQUEST", conn_id: 1, datapath_id: "0x06" }, -65000, "unable to locate conn_id 1"],
      [
        { type: "BARRIER_REQUEST", datapath_id: DPID, auxiliary_id: 2 },
        -65000,
        `unable to locate datapath_id ${DPID} auxiliary_id 2`,
      ],
      [{ type: "BARRIER_REQUEST", conn_id: -5 }, -32600, "invalid number"],
      [{ type: "BARRIER_REQUEST", datapath_id: "x" }, -32600, "Invalid DatapathID."],
      [{ type: "BARRIER_REQUEST", conn_id: 1, extra: 1 }, -32600, "extra: is not a known key"],
      [{ type: "foo" }, -32600, 'unknown value "foo" Did you mean "ERROR"?'],
      [{ type: "HELO", conn_id: 1 }, -32600, 'unknown value "HELO" Did you mean "HELLO"?'],
      [{ conn_id: 1 }, -32600, "missing required key 'type'"],
      [{ type: 7.5, conn_id: 1 }, -32600, "type: 7.5 is not a message type"],
      [
        { type: "METER_MOD", conn_id: 1, version: 1, msg: {} },
        -32600,
        "type: invalid combination of version and type",
      ],
    ])("not %j", async (params, code, detail) => {
      await connect();
      const [id, got, line] = (await askWrong({ id: 1, method: "OFP.SEND", params })) as [
        number,
        number,
        string,
      ];
      expect([id, got]).toEqual([1, code]);
      expect(line).toMatch(/^YAML:1:\d+: error: /);
      expect(line.slice(line.indexOf("error: ") + 7)).toContain(detail);
      await turn();
      expect(received).toBe("");
    });

    it("not what its encoder refuses, and says where", async () => {
      await connect();
      const msg = {
        command: "ADD",
        table_id: 0,
        match: [{ field: "IPV4_SRC", value: "1.2.3" }],
        instructions: [],
      };
      const request = JSON.stringify({
        id: 1,
        method: "OFP.SEND",
        params: { type: "FLOW_MOD", conn_id: 1, msg },
      });
      const [, code, line] = (await askWrong(request)) as [number, number, string];
      expect(code).toBe(-32600);
      expect(line).toMatch(
        new RegExp(
          `^YAML:1:${request.indexOf('"1.2.3"') + 1}: error: msg\\.match\\[0\\]\\.value: "1\\.2\\.3"`,
        ),
      );
      const error = (JSON.parse(client.sent[0] as string) as { error: { data: unknown } }).error;
      expect(error.data).toMatchObject({ path: "params.msg.match[0].value", line: 1, code: "INVALID" });
    });

    it("not before a version is agreed on, unless the message has one", async () => {
      const [ours, peer] = duplexPair();
      peer.on("data", (chunk: Buffer) => {
        received += chunk.toString("hex");
      });
      const where = { local: { host: "::1", port: 1 }, remote: { host: "::1", port: 2 } };
      const options = { versions: [4], features: false, auxiliary: false, checkVersion: true } as const;
      gateway.service.registry.adopt(ours, { ...options, ...where });
      expect(
        await askWrong({ id: 1, method: "OFP.SEND", params: { type: "BARRIER_REQUEST", conn_id: 1 } }),
      ).toEqual([1, -32600, expect.stringContaining("invalid combination of version and type")]);
      await send({ type: "BARRIER_REQUEST", conn_id: 1, version: 4, xid: 1 }, 2);
      await turn();
      expect(received).toBe("0400000800000000" + "0414000800000001");
    });

    it("and tells by an event of what failed without an id, unless it says NO_ALERT", async () => {
      const params = { type: "BARRIER_REQUEST", xid: 77, datapath_id: "0x06" };
      const text = JSON.stringify({ method: "OFP.SEND", params });
      expect(await ask(text)).toEqual([
        JSON.stringify({
          method: "OFP.MESSAGE",
          params: {
            type: "CHANNEL_ALERT",
            time: "1700000000.500000000",
            xid: 77,
            conn_id: 0,
            datapath_id: "00:00:00:00:00:00:00:06",
            msg: {
              message: `YAML:1:32: error: unable to locate datapath_id 00:00:00:00:00:00:00:06\n${text}`,
              data: "",
              reason: "SEND_FAILED",
            },
          },
        }),
      ]);
      expect(await send({ ...params, flags: ["NO_ALERT"] })).toEqual([]);
    });

    it("nothing more to a switch that does not read, and says so", async () => {
      const [ours, peer] = duplexPair();
      peer.resume();
      const where = { local: { host: "::1", port: 1 }, remote: { host: "::1", port: 2 } };
      const options = { versions: [4], features: false, auxiliary: false, checkVersion: true } as const;
      gateway.service.registry.adopt(ours, { ...options, ...where });
      await say(peer, HELLO);
      ours.stuck = true;
      const params = { type: "ECHO_REQUEST", conn_id: 1, msg: { data: "00".repeat(60000) } };
      for (let i = 0; i < 300; i++) await send(params);
      const [, code, message] = (await askWrong({ id: 1, method: "OFP.SEND", params })) as [
        number,
        number,
        string,
      ];
      expect(code).toBe(105);
      expect(message).toMatch(/^conn_id 1 does not read: \d+ bytes are waiting$/);
    });
  });

  it("reads no more requests while a mebibyte of them waits for one", async () => {
    client.onText('{"id":1,"method":"OFP.LISTEN","params":{"endpoint":"127.0.0.1:59232"}}');
    const request = `{"id":2,"method":"OFP.DESCRIPTION","jsonrpc":"${" ".repeat(1000)}"}`;
    for (let i = 0; i < 1000; i++) client.onText(request);
    expect(client.held).toBe(false);
    for (let i = 0; i < 50; i++) client.onText(request);
    expect(client.held).toBe(true);
    for (let i = 0; i < 2000 && client.sent.length < 1051; i++) await turn();
    expect(client.sent).toHaveLength(1051);
    await turn();
    expect(client.held).toBe(false);
    gateway.close();
  });

  describe("ends", () => {
    it("when the client has, after the last reply", async () => {
      for (let id = 0; id < 500; id++) client.onText(`{"id":${id},"method":"OFP.DESCRIPTION"}`);
      client.onClose();
      expect(ended).toBe(false);
      for (let i = 0; i < 10 && !ended; i++) await turn();
      expect(ended).toBe(true);
      expect(client.sent).toHaveLength(500);
    });

    it("with an error when the client breaks the framing", async () => {
      client.onClose(new Error("RPC request is too big"));
      await turn();
      expect(client.sent).toEqual(['{"id":null,"error":{"code":-32600,"message":"RPC request is too big"}}']);
      expect(ended).toBe(true);
    });
  });
});
