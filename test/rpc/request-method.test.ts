// OFP.REQUEST, with switches that answer well, badly, late or not at all.
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { configureLog } from "../../src/base/index.js";
import { loadCatalog } from "../../src/codec/catalog.js";
import { MemoryGateway, type MemorySwitch, turn } from "./gateway-in-memory.js";

/** Entries of PORT_STATS_REPLY of 1.0: port 1, 2, 3 with so many rx_packets and zeros. */
const portStats = (port: number, packets = "0000000000000000"): string =>
  `000${port}000000000000 ${packets} ${"00".repeat(88)}`;

/** A part of a PORT_STATS_REPLY of 1.0. */
function part(xid: string, more: boolean, ...entries: string[]): string {
  const body = `0004 000${more ? 1 : 0} ${entries.join("")}`;
  return frame("01", "11", xid, body);
}

/** A frame of a version and type, in hex. */
function frame(version: string, type: string, xid: string, body = ""): string {
  const bytes = body.replaceAll(/\s/g, "");
  return `${version}${type}${(8 + bytes.length / 2).toString(16).padStart(4, "0")}${xid}${bytes}`;
}

const FLOW_MOD = {
  type: "FLOW_MOD",
  msg: { command: "ADD", table_id: 0, cookie: "0xfedcba9876543210", match: [], instructions: [] },
};
/** BAD_ACTION, OFPBAC_BAD_OUT_PORT of 1.3, with the first bytes of what failed. */
const badOutPort = (xid: string): string => frame("04", "01", xid, `0002 0004 040e0038${xid}`);

describe("OFP.REQUEST", () => {
  let daemon: MemoryGateway;

  beforeAll(async () => {
    configureLog({ level: "silent" });
    // The meanings of errors are loaded when they are first needed, which would take time below.
    await loadCatalog();
  });

  beforeEach(() => {
    daemon = new MemoryGateway();
  });

  const request = (params: object, id?: number) => daemon.say("OFP.REQUEST", params, id);
  /** Asks for statistics of all ports over 1.0. */
  const askPorts = (more: object = {}, id?: number) =>
    request({ type: "PORT_STATS_REQUEST", conn_id: 1, msg: { port_no: "ANY" }, ...more }, id);
  const askDesc = (more: object = {}) => request({ type: "DESC_REQUEST", conn_id: 1, ...more });

  /** Code, sentence and data of the one error that came. */
  function error(): { code: number; message: string; data: Record<string, unknown> } {
    const replies = daemon.replies();
    expect(replies).toHaveLength(1);
    return replies[0]?.error as never;
  }

  describe("gives the reply", () => {
    it("of a request, as an event would say it", async () => {
      const one = await daemon.connect();
      await request({ type: "ECHO_REQUEST", conn_id: 1, msg: { data: "AB" } });
      expect(one.received).toEqual([frame("04", "02", one.xid(), "AB").toLowerCase()]);
      expect(daemon.texts()).toEqual([]);
      await one.say(frame("04", "03", one.xid(), "AB"));
      const xid = Number.parseInt(one.xid(), 16);
      expect(daemon.texts()).toEqual([
        `{"id":1,"result":{"type":"ECHO_REPLY","time":"1700000000.500000000","xid":${xid},"version":4,"conn_id":1,"msg":{"data":"AB"}}}`,
      ]);
    });

    it("under the number that the client has given, whatever is on the wire", async () => {
      const one = await daemon.connect();
      const other = daemon.join();
      other.onText('{"id":1,"method":"OFP.REQUEST","params":{"type":"BARRIER_REQUEST","conn_id":1,"xid":7}}');
      await request({ type: "BARRIER_REQUEST", conn_id: 1, xid: 7 });
      expect(one.received).toHaveLength(2);
      expect(one.xid(0)).not.toBe(one.xid(1));
      await one.say(frame("04", "15", one.xid(1)));
      expect(daemon.replies()).toMatchObject([{ id: 1, result: { type: "BARRIER_REPLY", xid: 7 } }]);
      expect(other.sent).toEqual([]);
      await one.say(frame("04", "15", one.xid(0)));
      expect(daemon.texts()).toEqual([]);
      expect(other.sent).toHaveLength(1);
    });

    it("of several parts as one, with all digits", async () => {
      const one = await daemon.connect(1);
      await askPorts({ xid: 0xabcd });
      expect(one.received).toEqual([frame("01", "10", "0000abcd", "0004 0000 ffff 000000000000")]);
      await one.say(part("0000abcd", true, portStats(1, "fffffffffffffffd"), portStats(2)));
      await one.say(part("0000abcd", true));
      expect(daemon.texts()).toEqual([]);
      await one.say(part("0000abcd", false, portStats(3)));
      const [text = ""] = daemon.texts();
      expect(text).toContain('"flags":[],"xid":43981');
      expect(text).toContain('"rx_packets":18446744073709551613');
      const { result } = JSON.parse(text) as { result: { msg: { port_no: number }[] } };
      expect(result.msg.map(({ port_no }) => port_no)).toEqual([1, 2, 3]);
    });

    it("part by part when asked to, to this client alone", async () => {
      const one = await daemon.connect(1);
      const other = daemon.join();
      await askPorts({ xid: 5, parts: "EVENTS" });
      await one.say(part("00000005", true, portStats(1)));
      expect(daemon.texts()).toEqual([expect.stringMatching(/"flags":\["MORE"\],"xid":5.*"OFP.MESSAGE"/)]);
      await one.say(part("00000005", false, portStats(2)));
      const [event, reply] = daemon.texts();
      expect(event).toMatch(/"flags":\[\],"xid":5.*"OFP.MESSAGE"/);
      expect(reply).toBe('{"id":1,"result":{"xid":5,"parts":2}}');
      expect(other.sent).toEqual([]);
    });

    it("of two requests whose parts come in turns", async () => {
      const one = await daemon.connect(1);
      await askPorts({ xid: 1 }, 1);
      await askPorts({ xid: 2 }, 2);
      await one.say(part("00000001", true, portStats(1)));
      await one.say(part("00000002", true, portStats(2)));
      await one.say(part("00000001", false, portStats(3)));
      await one.say(part("00000002", false));
      const ports = daemon
        .replies()
        .map(({ id, result }) => [id, (result as { msg: { port_no: number }[] }).msg.map((p) => p.port_no)]);
      expect(ports).toEqual([
        [1, [1, 3]],
        [2, [2]],
      ]);
    });

    it("of what has no reply by a barrier, which is silent", async () => {
      const one = await daemon.connect();
      await request({ ...FLOW_MOD, conn_id: 1, xid: 9 });
      expect(one.received.map((text) => text.slice(0, 16))).toEqual(["040e003800000009", "0414000800000009"]);
      await one.say(frame("04", "15", "00000009"));
      expect(daemon.replies()).toMatchObject([{ result: { type: "BARRIER_REPLY", xid: 9, msg: {} } }]);
    });

    it("of an experimenter, if there is one", async () => {
      const one = await daemon.connect();
      const params = { type: "EXPERIMENTER", conn_id: 1, msg: { experimenter: 1, exp_type: 2, data: "" } };
      await request({ ...params, xid: 1 });
      await one.say(frame("04", "04", "00000001", "00000001 00000003"));
      expect(daemon.replies()).toMatchObject([{ result: { type: "EXPERIMENTER", msg: { exp_type: 3 } } }]);
      await one.say(frame("04", "15", "00000001"));
      expect(daemon.texts()).toEqual([]);
      await request({ ...params, xid: 2 });
      await one.say(frame("04", "15", "00000002"));
      expect(daemon.replies()).toMatchObject([{ result: { type: "BARRIER_REPLY", xid: 2 } }]);
    });

    it("of a step of a bundle, and numbers the message in it like the one around it", async () => {
      const one = await daemon.connect(5);
      const bundle = { bundle_id: 1, flags: [] };
      await request({ type: "BUNDLE_CONTROL", conn_id: 1, xid: 3, msg: { ...bundle, type: "OPEN_REQUEST" } });
      await one.say(frame("05", "21", "00000003", "00000001 0001 0000"));
      expect(daemon.replies()).toMatchObject([
        { result: { type: "BUNDLE_CONTROL", msg: { type: "OPEN_REPLY" } } },
      ]);
      one.received = [];
      const message = { type: "BARRIER_REQUEST" };
      await request({ type: "BUNDLE_ADD_MESSAGE", conn_id: 1, msg: { ...bundle, message } });
      const xid = one.xid();
      expect(xid).not.toBe("00000000");
      expect(one.received[0]).toBe(`05220018${xid}00000001 0000 0000 05140008${xid}`.replaceAll(" ", ""));
    });

    it("to requests that wait, while others are answered", async () => {
      await daemon.connect();
      await askDesc();
      expect(await daemon.ask("OFP.DESCRIPTION", {})).toHaveProperty("result");
    });

    it("and sends in the order of the requests", async () => {
      const one = await daemon.connect();
      daemon.client.onText(
        '{"id":1,"method":"OFP.REQUEST","params":{"type":"BARRIER_REQUEST","conn_id":1,"xid":1}}',
      );
      daemon.client.onText(
        '{"id":2,"method":"OFP.SEND","params":{"type":"BARRIER_REQUEST","conn_id":1,"xid":2}}',
      );
      await turn();
      expect([one.xid(0), one.xid(1)]).toEqual(["00000001", "00000002"]);
    });
  });

  describe("tells an ERROR of the switch", () => {
    it("with its meaning and the request that it is about", async () => {
      const one = await daemon.connect();
      await request({ ...FLOW_MOD, conn_id: 1, xid: 9 });
      await one.say(badOutPort("00000009"));
      await turn();
      const [text = ""] = daemon.texts();
      expect(text).toMatch(
        /^\{"id":1,"error":\{"code":-65003,"message":"BAD_ACTION\/OFPBAC_BAD_OUT_PORT: There is no such port to send to\.","data":\{"code":"OPENFLOW_ERROR",/,
      );
      const { data } = (JSON.parse(text) as { error: { data: Record<string, unknown> } }).error;
      expect(data).toMatchObject({
        error: {
          type: "BAD_ACTION",
          code: "OFPBAC_BAD_OUT_PORT",
          text: "There is no such port to send to.",
          data: "040E003800000009",
        },
        xid: 9,
        conn_id: 1,
        request: { type: "FLOW_MOD", xid: 9, version: 4 },
      });
      expect(text).toContain('"cookie":18364758544493064720');
      // The answer to the barrier concerns nobody.
      await one.say(frame("04", "15", "00000009"));
      expect(daemon.texts()).toEqual([]);
    });

    it("that repeats the number on the wire, under the client's own", async () => {
      const one = await daemon.connect();
      await request({ type: "BARRIER_REQUEST", conn_id: 1, xid: 9 });
      await request({ ...FLOW_MOD, conn_id: 1, xid: 9 }, 2);
      const wire = one.xid(1);
      expect(wire).not.toBe("00000009");
      await one.say(badOutPort(wire));
      await turn();
      expect(error().data).toMatchObject({
        xid: 9,
        error: { data: "040E003800000009" },
        request: { xid: 9 },
      });
    });

    it("of a code without a name, and one that cannot be read", async () => {
      const one = await daemon.connect();
      await askDesc({ xid: 1 });
      await one.say(frame("04", "01", "00000001", "0002 1234"));
      await turn();
      expect(error().message).toBe("BAD_ACTION/0x1234: Something is wrong with an action.");
      await askDesc({ xid: 2 });
      await one.say(frame("04", "01", "00000002", "00"));
      await turn();
      expect(error()).toMatchObject({
        code: -65003,
        message: "UNREADABLE/UNREADABLE",
        data: {
          error: { data: "040100090000000200", _text: expect.stringMatching(/^DECODE FAILED: ERROR/) },
        },
      });
    });

    it("between the parts of a reply", async () => {
      const one = await daemon.connect(1);
      await askPorts({ xid: 1 });
      await one.say(part("00000001", true, portStats(1)));
      await one.say(frame("01", "01", "00000001", "0001 0002"));
      await turn();
      expect(error()).toMatchObject({
        code: -65003,
        message: expect.stringMatching(/^BAD_REQUEST\/OFPBRC_BAD_MULTIPART/),
      });
      // What comes under the number now is an event like any other.
      await one.say(part("00000001", false));
      expect(daemon.texts()).toEqual([expect.stringContaining('"OFP.MESSAGE"')]);
    });
  });

  describe("does not wait for ever", () => {
    it("but until its deadline", async () => {
      const one = await daemon.connect();
      await askDesc({ xid: 1, timeout: 2.5 });
      daemon.clock.advance(2499);
      await turn();
      expect(daemon.texts()).toEqual([]);
      daemon.clock.advance(1);
      await turn();
      expect(error()).toEqual({
        code: -65004,
        message: "no answer to DESC_REQUEST within 2.5 s",
        data: { code: "TIMEOUT", xid: 1, conn_id: 1, parts: 0 },
      });
      // Late, but the client's alone.
      const other = daemon.join();
      await one.say(frame("04", "13", "00000001", `0000 0000 00000000 ${"00".repeat(1056)}`));
      expect(daemon.texts()).toEqual([expect.stringMatching(/"DESC_REPLY".*"xid":1.*"OFP.MESSAGE"/)]);
      expect(other.sent).toEqual([]);
    });

    it("ten seconds if it has none", async () => {
      await daemon.connect();
      await askDesc();
      daemon.clock.advance(9_999);
      await turn();
      expect(daemon.texts()).toEqual([]);
      daemon.clock.advance(1);
      await turn();
      expect(error().code).toBe(-65004);
    });

    it("for parts that do not come, and says how many did", async () => {
      const one = await daemon.connect(1);
      await askPorts({ xid: 1, timeout: 1 });
      await one.say(part("00000001", true, portStats(1)));
      daemon.clock.advance(1000);
      await turn();
      expect(error()).toMatchObject({
        message: "no complete answer to PORT_STATS_REQUEST within 1 s; 1 part came",
        data: { code: "TIMEOUT", parts: 1 },
      });
    });

    it("for a channel that ends, before or between parts", async () => {
      const one = await daemon.connect(1);
      await askPorts({ xid: 1 }, 1);
      await askPorts({ xid: 2 }, 2);
      await one.say(part("00000001", true, portStats(1)));
      one.peer.destroy();
      await turn();
      await turn();
      const errors = daemon.replies().filter(({ id }) => id !== undefined);
      expect(errors).toMatchObject([
        { id: 1, error: { code: -65005, data: { code: "CHANNEL_DOWN", xid: 1, parts: 1 } } },
        { id: 2, error: { code: -65005, data: { code: "CHANNEL_DOWN", xid: 2, parts: 0 } } },
      ]);
      expect(errors[0]?.error?.message).toBe("the channel ended before it had answered PORT_STATS_REQUEST");
    });

    it("when the client has gone", async () => {
      const one = await daemon.connect();
      await askDesc();
      daemon.client.onClose();
      await turn();
      daemon.clock.advance(10_000);
      await one.say(frame("04", "13", one.xid(), `0000 0000 00000000 ${"00".repeat(1056)}`));
      expect(daemon.texts()).toEqual([]);
    });
  });

  describe("has limits", () => {
    it("of parts, and passes over what comes after", async () => {
      daemon = new MemoryGateway({ multipartParts: 2 });
      const one = await daemon.connect(1);
      await askPorts({ xid: 1 });
      await one.say(part("00000001", true, portStats(1)));
      await one.say(part("00000001", true, portStats(2)));
      expect(error()).toMatchObject({
        code: -65006,
        message: "PORT_STATS_REPLY has more than 2 parts (limit multipart-parts)",
        data: { code: "LIMIT", limit: "multipart-parts", xid: 1 },
      });
      for (let i = 0; i < 5; i++) await one.say(part("00000001", true, portStats(2)));
      await one.say(part("00000001", false));
      expect(daemon.texts()).toEqual([]);
    });

    it("of as many parts as are allowed", async () => {
      daemon = new MemoryGateway({ multipartParts: 2 });
      const one = await daemon.connect(1);
      await askPorts({ xid: 1 });
      await one.say(part("00000001", true, portStats(1)));
      await one.say(part("00000001", false, portStats(2)));
      expect(daemon.replies()).toMatchObject([{ result: { msg: [{ port_no: 1 }, { port_no: 2 }] } }]);
    });

    it("of bytes", async () => {
      daemon = new MemoryGateway({ multipartBytes: 1000 });
      const one = await daemon.connect(1);
      await askPorts({ xid: 1 });
      for (let i = 0; i < 5; i++) await one.say(part("00000001", true, portStats(1)));
      expect(error()).toMatchObject({
        code: -65006,
        message: "PORT_STATS_REPLY is longer than 1000 bytes of text (limit multipart-bytes)",
      });
    });

    it("of requests that wait", async () => {
      daemon = new MemoryGateway({ pendingRequests: 2 });
      const one = await daemon.connect();
      await askDesc({ xid: 1 });
      await askDesc({ xid: 2 });
      one.received = [];
      await askDesc({ xid: 3 });
      expect(error()).toMatchObject({ code: -65006, data: { code: "LIMIT", limit: "pending-requests" } });
      expect(one.received).toEqual([]);
      await one.say(frame("04", "01", "00000001", "0001 0002"));
      daemon.texts();
      await askDesc({ xid: 4 });
      expect(one.received).toHaveLength(1);
    });
  });

  describe("is not misled by", () => {
    it("another type under its number", async () => {
      const one = await daemon.connect(1);
      await askPorts({ xid: 1 });
      await one.say(frame("01", "03", "00000001"));
      await one.say(frame("01", "11", "00000001", "0003 0000"));
      expect(daemon.texts()).toEqual([
        expect.stringMatching(/"ECHO_REPLY".*"OFP.MESSAGE"/),
        expect.stringMatching(/"TABLE_STATS_REPLY".*"OFP.MESSAGE"/),
      ]);
      await one.say(part("00000001", false));
      expect(daemon.replies()).toMatchObject([{ id: 1, result: { type: "PORT_STATS_REPLY", msg: [] } }]);
    });

    it("its number on another channel", async () => {
      const one = await daemon.connect();
      const two = await daemon.connect();
      await askDesc({ xid: 1 });
      await two.say(frame("04", "15", "00000001"));
      await two.say(frame("04", "13", "00000001", `0000 0000 00000000 ${"00".repeat(1056)}`));
      expect(daemon.replies()).toMatchObject([
        { params: { type: "BARRIER_REPLY", conn_id: 2 } },
        { params: { type: "DESC_REPLY", conn_id: 2 } },
      ]);
      await one.say(frame("04", "13", "00000001", `0000 0000 00000000 ${"00".repeat(1056)}`));
      expect(daemon.replies()).toMatchObject([{ id: 1, result: { type: "DESC_REPLY", conn_id: 1 } }]);
    });

    it("parts that cannot be decoded", async () => {
      const one = await daemon.connect(1);
      await askPorts({ xid: 1 });
      await one.say(part("00000001", true, "0001"));
      expect(error()).toMatchObject({
        code: -32603,
        message: expect.stringMatching(/^DECODE FAILED: PORT_STATS_REPLY/),
        data: { code: "DECODE_FAILED", xid: 1, data: "0111000E0000000100040001" + "0001" },
      });
    });

    it("parts that are no lists", async () => {
      const one = await daemon.connect(1);
      await askDesc({ xid: 1 });
      const desc = (more: number) => frame("01", "11", "00000001", `0000 000${more} ${"00".repeat(1056)}`);
      await one.say(desc(1));
      await one.say(desc(0));
      expect(error()).toMatchObject({
        code: -32600,
        message: expect.stringContaining(
          "DESC_REPLY came in 2 parts, whose contents are no lists: ask for EVENTS",
        ),
        data: { code: "PARTS" },
      });
    });

    it("a multipart header that is cut off", async () => {
      const one = await daemon.connect();
      await askDesc({ xid: 1 });
      await one.say(frame("04", "13", "00000001", "0000"));
      expect(daemon.texts()).toEqual([expect.stringContaining("DECODE FAILED")]);
      await one.say(frame("04", "13", "00000001", "0000 0001"));
      expect(error()).toMatchObject({ code: -32603, data: { code: "DECODE_FAILED" } });
    });
  });

  it.each([
    [{ conn_id: 1 }, -32600, "missing required key 'type'", "params"],
    [{ type: "DESC_REQUEST", conn_id: 9 }, -65000, "unable to locate conn_id 9", "params"],
    [
      { type: "DESC_REQUEST", conn_id: 1, timeout: 0 },
      -32600,
      "expected seconds above 0, at most 3600",
      "params.timeout",
    ],
    [
      { type: "DESC_REQUEST", conn_id: 1, timeout: 3601 },
      -32600,
      "expected seconds above 0, at most 3600",
      "params.timeout",
    ],
    [{ type: "DESC_REQUEST", conn_id: 1, parts: "ALL" }, -32600, 'unknown value "ALL"', "params.parts"],
    [{ type: "DESC_REQUEST", conn_id: 1, part: 1 }, -32600, "part: is not a known key", "params.part"],
    [
      { type: "DESC_REQUEST", conn_id: 1, flags: ["MORE"] },
      -32600,
      "MORE: a request of several parts goes out by OFP.SEND, its parts with one xid",
      "params.flags",
    ],
    [{ ...FLOW_MOD, conn_id: 1, msg: {} }, -32600, "msg.table_id: is missing", "params.msg.table_id"],
  ])("refuses %j and sends nothing", async (params, code, message, path) => {
    const one: MemorySwitch = await daemon.connect();
    await request(params);
    const refused = error();
    expect(refused.code).toBe(code);
    expect(refused.message).toContain(message);
    expect(refused.data.path).toBe(path);
    expect(one.received).toEqual([]);
  });

  it("says when the switch does not take what it is sent", async () => {
    const one = await daemon.connect();
    one.peer.other!.stuck = true;
    const data = "00".repeat(60000);
    for (let i = 0; i < 300; i++)
      await daemon.say("OFP.SEND", { type: "ECHO_REQUEST", conn_id: 1, msg: { data } });
    daemon.texts();
    await askDesc();
    await turn();
    expect(error()).toMatchObject({ code: 105, message: expect.stringMatching(/^conn_id 1 does not read/) });
  });
});
