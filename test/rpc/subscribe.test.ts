// What clients want to hear, and what they are told of what they miss.
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { configureLog } from "../../src/base/index.js";
import { type ClientFacts, Gateway, REPORT_INTERVAL } from "../../src/rpc/index.js";
import { duplexPair, type End } from "../channel/duplex-pair.js";
import { FakeClock } from "../channel/fake-clock.js";
import { MemoryTransport } from "./memory-transport.js";

const STRICT: ClientFacts = { kind: "unix", dialect: "strict", files: true, lone: false };
const CLASSIC: ClientFacts = { kind: "unix", dialect: "classic", files: true, lone: false };
const PACKET_IN =
  "040a0030 00000000 ffffffff 000e 00 00 0000000000000000 0001000400000000 0000 0200000000020200000000019999";
const BARRIER = "0415000800000001";
const HELLO = "0400000800000007";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const featuresReply = (id: string): string =>
  `0406002000000001${id.padStart(16, "0")}00000100fe0000000000004f00000000`;

describe("subscriptions", () => {
  let clock: FakeClock;
  let gateway: Gateway;
  let client: MemoryTransport;

  beforeAll(() => configureLog({ level: "silent" }));

  beforeEach(() => {
    clock = new FakeClock();
    gateway = new Gateway({ clock, softwareDescription: "test" });
    client = attach(STRICT);
  });

  function attach(facts: ClientFacts): MemoryTransport {
    const transport = new MemoryTransport();
    void gateway.serve(transport, facts);
    return transport;
  }

  async function connect(id: string): Promise<End> {
    const [ours, peer] = duplexPair();
    peer.resume();
    const options = { versions: [4], features: true, auxiliary: false, checkVersion: true } as const;
    const where = { local: { host: "::1", port: 1 }, remote: { host: "::1", port: 2 } };
    gateway.service.registry.adopt(ours, { ...options, ...where });
    for (const frame of [HELLO, featuresReply(id), "0413001000000002000d000000000000"])
      await say(peer, frame);
    return peer;
  }

  async function say(peer: End, frames: string): Promise<void> {
    peer.write(Buffer.from(frames.replaceAll(" ", ""), "hex"));
    await turn();
    await turn();
  }

  async function subscribe(params: object, to = client): Promise<unknown> {
    to.sent.length = 0;
    to.onText(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "OFP.SUBSCRIBE", params }));
    await turn();
    const { result, error } = JSON.parse(to.sent.shift() as string) as {
      result?: unknown;
      error?: { message: string };
    };
    return result ?? error?.message;
  }

  function take(
    from = client,
  ): { type: string; conn_id: number; replay?: boolean; msg: Record<string, unknown> }[] {
    return from.sent.splice(0).map((text) => JSON.parse(text).params);
  }

  const types = (from = client): string[] => take(from).map(({ type }) => type);

  it("are to everything at first, in the words of each dialect", async () => {
    const other = attach(CLASSIC);
    const peer = await connect("5");
    other.sent.length = client.sent.length = 0;
    await say(peer, BARRIER);
    const params =
      '{"type":"BARRIER_REPLY","time":"1700000000.500000000","xid":1,"version":4,"conn_id":1,"datapath_id":"00:00:00:00:00:00:00:05","msg":{}}';
    expect(client.sent).toEqual([`{"jsonrpc":"2.0","params":${params},"method":"OFP.MESSAGE"}`]);
    expect(other.sent).toEqual([`{"params":${params},"method":"OFP.MESSAGE"}`]);
  });

  it("have the fields of packets by default in the classic dialect alone", async () => {
    const other = attach(CLASSIC);
    const peer = await connect("5");
    take();
    take(other);
    await say(peer, PACKET_IN);
    expect(take()[0]?.msg).not.toHaveProperty("_pkt");
    expect(take(other)[0]?.msg).toHaveProperty("_pkt");
    expect(await subscribe({ pkt: true })).toMatchObject({ pkt: true });
    await subscribe({ pkt: "false" }, other);
    await say(peer, PACKET_IN);
    expect(take()[0]?.msg).toHaveProperty("_pkt");
    expect(take(other)[0]?.msg).not.toHaveProperty("_pkt");
  });

  it("limit types by patterns, and channels", async () => {
    const [five, six] = [await connect("5"), await connect("6")];
    await subscribe({ types: ["PACKET_*", "CHANNEL_DOWN"], datapath_ids: ["0x5"] });
    await say(five, BARRIER + PACKET_IN);
    await say(six, PACKET_IN);
    five.destroy();
    six.destroy();
    await turn();
    expect(take().map(({ type, conn_id }) => [type, conn_id])).toEqual([
      ["PACKET_IN", 1],
      ["CHANNEL_DOWN", 1],
    ]);
  });

  it("limit connections by number, beside datapaths", async () => {
    const peers = [await connect("5"), await connect("6"), await connect("7")];
    expect(await subscribe({ conn_ids: [1], datapath_ids: ["0x6"] })).toEqual({
      types: null,
      datapath_ids: ["00:00:00:00:00:00:00:06"],
      conn_ids: [1],
      pkt: false,
      packet_in_rate: null,
      replies: "OWN",
    });
    for (const peer of peers) await say(peer, BARRIER);
    expect(take().map(({ conn_id }) => conn_id)).toEqual([1, 2]);
  });

  it.each([
    ["NXT_PACKET_IN", `04040032 00000000 00002320 00000011 ${"00".repeat(34)}`],
    ["NXT_PACKET_IN2", "04040018 00000000 00002320 0000001e 0000 0004 00000000"],
  ])("limit the rate of %s as that of PACKET_IN", async (type, hex) => {
    const five = await connect("5");
    await subscribe({ packet_in_rate: "1/1" });
    await say(five, hex.repeat(2) + BARRIER);
    expect(types()).toEqual([type, "BARRIER_REPLY"]);
  });

  it("limit the rate of PACKET_INs of each connection, and tell what was left out", async () => {
    const [five, six] = [await connect("5"), await connect("6")];
    await subscribe({ packet_in_rate: "2/1" });
    await say(five, PACKET_IN.repeat(5));
    await say(six, PACKET_IN + BARRIER);
    expect(types()).toEqual(["PACKET_IN", "PACKET_IN", "PACKET_IN", "BARRIER_REPLY"]);
    clock.advance(REPORT_INTERVAL);
    expect(take()).toEqual([
      {
        type: "CHANNEL_ALERT",
        time: expect.any(String),
        xid: 0,
        conn_id: 0,
        msg: {
          message: "3 PACKET_INs left out: beyond packet_in_rate",
          data: "",
          reason: "PACKET_IN_RATE",
          count: 3,
          total: 3,
        },
      },
    ]);
    await say(five, PACKET_IN);
    expect(types()).toEqual(["PACKET_IN"]);
    clock.advance(REPORT_INTERVAL);
    expect(take()).toEqual([]);
  });

  it.each([
    [
      { types: ["PACKT_IN"] },
      'params.types[0]: no message type is like "PACKT_IN" (did you mean PACKET_IN?)',
    ],
    [{ types: "PACKET_IN" }, 'params.types: expected a list, found "PACKET_IN"'],
    [
      { datapath_ids: ["x"] },
      'params.datapath_ids[0]: expected a datapath_id such as 00:00:00:00:00:00:00:01, found "x"',
    ],
    [{ packet_in_rate: "fast" }, 'params.packet_in_rate: Invalid rate limit "fast"'],
    [{ pkt: 1 }, "params.pkt: expected true or false"],
    [{ replies: "NONE" }, 'params.replies: unknown value "NONE"'],
    [{ type: [] }, "params.type: unknown key 'type'"],
  ])("refuse %j", async (params, message) => {
    expect(await subscribe(params)).toContain(message);
  });

  it("are told of the channels that are up when they come later, and when they ask", async () => {
    await connect("5");
    const later = attach(STRICT);
    const [up, ...others] = take(later);
    expect(others).toEqual([]);
    expect(up).toMatchObject({
      type: "CHANNEL_UP",
      conn_id: 1,
      replay: true,
      msg: { features: { n_tables: 254 } },
    });
    await subscribe({ replay: true }, later);
    expect(take(later)).toMatchObject([{ type: "CHANNEL_UP", replay: true }]);
    expect(take()[0]).not.toHaveProperty("replay");
  });

  it("of a client that does not read miss PACKET_INs, and nothing else; the others miss nothing", async () => {
    const other = attach(STRICT);
    const peer = await connect("5");
    take();
    take(other);
    client.blocked = true;
    const big = `040affff${PACKET_IN.slice(8, -28)}`.replace("000e", "ffdd") + "00".repeat(0xffff - 34);
    for (let i = 0; i < 130; i++) await say(peer, big);
    await say(peer, BARRIER);
    expect(types(other).filter((type) => type === "PACKET_IN")).toHaveLength(130);
    expect(types()).toEqual(["BARRIER_REPLY"]);
    clock.advance(REPORT_INTERVAL);
    const [alert] = take();
    expect(alert).toMatchObject({ conn_id: 0, msg: { reason: "PACKET_INS_DROPPED" } });
    const missed = alert?.msg.count as number;
    expect(missed).toBeGreaterThan(0);
    peer.destroy();
    await turn();
    client.queuedBytes = 0;
    client.resume();
    // Nothing follows the end of a channel: what waited is missed, too.
    expect(types()).toEqual(["CHANNEL_DOWN"]);
    expect([...gateway.service.notifier.clients][0]?.missed).toEqual({ dropped: 130, limited: 0 });
  });
});
