// OFP.SEND_BATCH on switches in memory.
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { configureLog } from "../../src/base/index.js";
import { loadCatalog } from "../../src/codec/catalog.js";
import { MemoryGateway, type MemorySwitch, turn } from "./gateway-in-memory.js";

const flowMod = (more: object = {}) => ({
  type: "FLOW_MOD",
  msg: { command: "ADD", table_id: 0, match: [], instructions: [] },
  ...more,
});
const barrierReply = (xid: string, version = 4): string => `0${version}150008${xid}`;
/** FLOW_MOD_FAILED, OFPFMFC_TABLE_FULL of 1.3. */
const tableFull = (xid: string): string => `0401000c${xid}00050001`;

describe("OFP.SEND_BATCH", () => {
  let daemon: MemoryGateway;

  beforeAll(async () => {
    configureLog({ level: "silent" });
    await loadCatalog();
  });

  beforeEach(() => {
    daemon = new MemoryGateway();
  });

  const send = (params: object) => daemon.say("OFP.SEND_BATCH", params);

  /** The one reply. */
  function reply(): { result?: unknown; error?: { code: number; message: string; data: { path: string } } } {
    const replies = daemon.replies();
    expect(replies).toHaveLength(1);
    return replies[0] as never;
  }

  /** Type and xid of what a switch has got. */
  const got = ({ received }: MemorySwitch): string[] =>
    received.map((text) => `${text.slice(2, 4)} ${text.slice(8, 16)}`);

  it("sends all with one barrier, and says what became of each", async () => {
    const one = await daemon.connect();
    await send({ conn_id: 1, messages: [flowMod({ xid: 1 }), flowMod({ xid: 2 }), flowMod({ xid: 3 })] });
    const barrier = one.xid(3);
    expect(got(one)).toEqual(["0e 00000001", "0e 00000002", "0e 00000003", `14 ${barrier}`]);
    await one.say(tableFull("00000002"));
    expect(daemon.texts()).toEqual([]);
    await one.say(barrierReply(barrier));
    await turn();
    expect(reply()).toEqual({
      id: 1,
      result: {
        results: [
          { xid: 1, status: "OK" },
          {
            xid: 2,
            status: "ERROR",
            error: {
              type: "FLOW_MOD_FAILED",
              code: "OFPFMFC_TABLE_FULL",
              text: "The table is full.",
              data: "",
            },
          },
          { xid: 3, status: "OK" },
        ],
        ok: 2,
        failed: 1,
        unknown: 0,
      },
    });
  });

  it("numbers what has no number, and tells it", async () => {
    const one = await daemon.connect();
    await send({ conn_id: 1, messages: [flowMod(), flowMod()] });
    await one.say(barrierReply(one.xid(2)));
    await turn();
    const xids = [0, 1].map((n) => Number.parseInt(one.xid(n), 16));
    expect(new Set(xids).size).toBe(2);
    expect(reply().result).toMatchObject({ results: xids.map((xid) => ({ xid, status: "OK" })), ok: 2 });
  });

  it("knows messages with one number apart", async () => {
    const one = await daemon.connect();
    await send({ conn_id: 1, messages: [flowMod({ xid: 7 }), flowMod({ xid: 7 })] });
    expect(one.xid(0)).toBe("00000007");
    expect(one.xid(1)).not.toBe("00000007");
    await one.say(tableFull(one.xid(1)));
    await one.say(barrierReply(one.xid(2)));
    await turn();
    expect(reply().result).toMatchObject({
      results: [
        { xid: 7, status: "OK" },
        { xid: 7, status: "ERROR" },
      ],
    });
  });

  it("sends to several switches, whose barriers are answered in any order", async () => {
    const one = await daemon.connect();
    const two = await daemon.connect(6);
    await send({ conn_id: 2, messages: [flowMod({ conn_id: 1 }), flowMod(), flowMod({ conn_id: 1 })] });
    expect(got(one)).toHaveLength(3);
    expect(got(two)).toHaveLength(2);
    await two.say(barrierReply(two.xid(1), 6));
    await turn();
    expect(daemon.texts()).toEqual([]);
    await one.say(barrierReply(one.xid(2)));
    await turn();
    expect(reply().result).toMatchObject({ ok: 3, failed: 0, unknown: 0 });
  });

  it("knows nothing of what was not answered in time", async () => {
    const one = await daemon.connect();
    await send({ conn_id: 1, timeout: 0.5, messages: [flowMod({ xid: 1 }), flowMod({ xid: 2 })] });
    await one.say(tableFull("00000001"));
    daemon.clock.advance(500);
    await turn();
    expect(reply().result).toMatchObject({
      results: [
        { xid: 1, status: "ERROR" },
        { xid: 2, status: "UNKNOWN", reason: "TIMEOUT" },
      ],
      ok: 0,
      failed: 1,
      unknown: 1,
    });
    // Late, but told.
    await one.say(tableFull("00000002"));
    expect(daemon.texts()).toEqual([expect.stringMatching(/"ERROR".*"xid":2.*"OFP.MESSAGE"/)]);
  });

  it("knows nothing of what went to a channel that has ended, but of the others", async () => {
    const one = await daemon.connect();
    const two = await daemon.connect();
    await send({ messages: [flowMod({ conn_id: 1, xid: 1 }), flowMod({ conn_id: 2, xid: 2 })] });
    one.peer.destroy();
    await turn();
    await two.say(barrierReply(two.xid(1)));
    await turn();
    const { result } = daemon.replies().at(-1) as { result: unknown };
    expect(result).toMatchObject({
      results: [
        { xid: 1, status: "UNKNOWN", reason: "CHANNEL_DOWN" },
        { xid: 2, status: "OK" },
      ],
    });
  });

  it("takes other answers for events", async () => {
    const one = await daemon.connect();
    await send({ conn_id: 1, messages: [{ type: "ECHO_REQUEST", xid: 5, msg: { data: "" } }] });
    await one.say("0403000800000005");
    expect(daemon.texts()).toEqual([expect.stringMatching(/"ECHO_REPLY".*"xid":5.*"OFP.MESSAGE"/)]);
    await one.say(barrierReply(one.xid(1)));
    expect(reply().result).toMatchObject({ ok: 1 });
  });

  it("is done at once with no messages", async () => {
    expect(await daemon.ask("OFP.SEND_BATCH", { messages: [] })).toEqual({
      id: 1,
      result: { results: [], ok: 0, failed: 0, unknown: 0 },
    });
  });

  it("keeps all digits, of each message", async () => {
    const one = await daemon.connect();
    const message = (cookie: string) =>
      `{"type":"FLOW_MOD","msg":{"command":"ADD","table_id":0,"cookie":${cookie},"match":[],"instructions":[]}}`;
    await daemon.say(
      "OFP.SEND_BATCH",
      `{"conn_id":1,"messages":[${message("18446744073709551613")},${message("1")},${message("9007199254740993")}]}`,
    );
    expect(one.received.map((text) => text.slice(16, 32)).slice(0, 3)).toEqual([
      "fffffffffffffffd",
      "0000000000000001",
      "0020000000000001",
    ]);
  });

  it.each([
    [{ conn_id: 1 }, -32600, "missing required key 'messages'", "params"],
    [{ conn_id: 1, messages: {} }, -32600, "not a sequence", "params.messages"],
    [{ conn_id: 1, messages: [flowMod(), 7] }, -32600, "not a mapping", "params.messages[1]"],
    [
      { conn_id: 1, messages: [flowMod(), { msg: {} }] },
      -32600,
      "missing required key 'type'",
      "params.messages[1]",
    ],
    [
      { conn_id: 1, messages: [flowMod(), flowMod({ msg: {} })] },
      -32600,
      "msg.table_id: is missing",
      "params.messages[1].msg.table_id",
    ],
    [
      { conn_id: 1, messages: [flowMod(), flowMod({ conn_id: 9 })] },
      -65000,
      "unable to locate conn_id 9",
      "params.messages[1]",
    ],
    [
      { conn_id: 9, messages: [flowMod({ conn_id: 1 }), flowMod()] },
      -65000,
      "unable to locate conn_id 9",
      "params",
    ],
    [{ messages: [flowMod({ conn_id: 1 }), flowMod()] }, -65000, "no conn_id or datapath_id", "params"],
    [
      { conn_id: 1, messages: [flowMod(), flowMod({ flags: ["MORE"] })] },
      -32600,
      "MORE: ",
      "params.messages[1].flags",
    ],
    [{ conn_id: 1, messages: [flowMod()], timeout: -1 }, -32600, "expected seconds", "params.timeout"],
    [{ conn_id: 1, messages: [flowMod()], xid: 1 }, -32600, "unknown key 'xid'", "params.xid"],
  ])("refuses all of %j", async (params, code, message, path) => {
    const one = await daemon.connect();
    await send(params);
    const { error } = reply();
    expect(error?.code).toBe(code);
    expect(error?.message).toContain(message);
    expect(error?.data.path).toBe(path);
    expect(one.received).toEqual([]);
  });

  it("refuses more messages than are allowed", async () => {
    daemon = new MemoryGateway({ rpcBatch: 2 });
    const one = await daemon.connect();
    await send({ conn_id: 1, messages: [flowMod(), flowMod(), flowMod()] });
    expect(reply().error).toMatchObject({ code: -65006, data: { code: "LIMIT", limit: "rpc-batch" } });
    expect(one.received).toEqual([]);
  });

  it("refuses all when a switch does not read, and says of what it could not send any more", async () => {
    const one = await daemon.connect();
    one.peer.other!.stuck = true;
    const data = "00".repeat(60000);
    const echo = { type: "ECHO_REQUEST", msg: { data } };
    // 16 MiB are 279 of these and a bit: the batch that goes beyond them is cut short.
    for (let i = 0; i < 34; i++) {
      await send({ conn_id: 1, timeout: 1, messages: Array.from({ length: 8 }, () => echo) });
    }
    daemon.texts();
    await send({ conn_id: 1, timeout: 1, messages: Array.from({ length: 16 }, () => echo) });
    daemon.clock.advance(1000);
    await turn();
    const all = daemon.replies() as { result: { results: { reason: string }[] } }[];
    const last = all.find(({ result }) => result.results.length === 16) as (typeof all)[0];
    expect(last.result.results.map(({ reason }) => reason)).toEqual([
      ...Array.from({ length: 8 }, () => "TIMEOUT"),
      ...Array.from({ length: 8 }, () => "NOT_SENT"),
    ]);
    await send({ conn_id: 1, messages: [flowMod()] });
    expect(reply().error).toMatchObject({
      code: 105,
      message: expect.stringMatching(/^conn_id 1 does not read/),
    });
  });
});
