// Two clients on one switch: each numbers its messages as it likes, and each gets its own answers.
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { configureLog } from "../../src/base/index.js";
import { type ClientFacts, Gateway } from "../../src/rpc/index.js";
import { duplexPair, type End } from "../channel/duplex-pair.js";
import { FakeClock } from "../channel/fake-clock.js";
import { MemoryTransport } from "./memory-transport.js";

const UNIX: ClientFacts = { kind: "unix", dialect: "strict", files: true, lone: false };
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("transaction ids", () => {
  let gateway: Gateway;
  let one: MemoryTransport;
  let two: MemoryTransport;
  let peer: End;
  let received: string[];

  beforeAll(() => configureLog({ level: "silent" }));

  beforeEach(async () => {
    gateway = new Gateway({ clock: new FakeClock(), softwareDescription: "test" });
    [one, two] = [new MemoryTransport(), new MemoryTransport()];
    void gateway.serve(one, UNIX);
    void gateway.serve(two, UNIX);
    const [ours, theirs] = duplexPair();
    peer = theirs;
    received = [];
    peer.on("data", (chunk: Buffer) => {
      for (let o = 0; o < chunk.length; o += chunk.readUInt16BE(o + 2)) {
        received.push(chunk.toString("hex", o, o + chunk.readUInt16BE(o + 2)));
      }
    });
    gateway.service.registry.adopt(ours, {
      versions: [5],
      features: false,
      auxiliary: false,
      checkVersion: true,
      local: { host: "127.0.0.1", port: 6653 },
      remote: { host: "127.0.0.1", port: 45172 },
    });
    await say("0500000800000001");
    for (const list of [one.sent, two.sent, received]) list.length = 0;
  });

  async function say(...frames: string[]): Promise<void> {
    peer.write(Buffer.from(frames.join("").replaceAll(" ", ""), "hex"));
    await turn();
    await turn();
  }

  async function send(client: MemoryTransport, params: object): Promise<void> {
    client.onText(JSON.stringify({ jsonrpc: "2.0", method: "OFP.SEND", params: { conn_id: 1, ...params } }));
    await turn();
    await turn();
  }

  /** Types and ids of the events that a client has got. */
  function events(client: MemoryTransport): unknown[] {
    return client.sent.splice(0).map((text) => {
      const { type, xid } = (JSON.parse(text) as { params: { type: string; xid: number } }).params;
      return [type, xid];
    });
  }

  it("stay as they are while they do not collide", async () => {
    await send(one, { type: "BARRIER_REQUEST", xid: 7 });
    await send(two, { type: "BARRIER_REQUEST", xid: 8 });
    expect(received).toEqual(["0514000800000007", "0514000800000008"]);
    await say("0515000800000007", "0515000800000008");
    expect([events(one), events(two)]).toEqual([[["BARRIER_REPLY", 7]], [["BARRIER_REPLY", 8]]]);
  });

  it("that collide are told apart on the wire, and each client sees its own", async () => {
    await send(one, { type: "BARRIER_REQUEST", xid: 7 });
    await send(two, { type: "BARRIER_REQUEST", xid: 7 });
    expect(received).toEqual(["0514000800000007", "0514000800000003"]);
    await say("0515000800000007");
    expect([events(one), events(two)]).toEqual([[["BARRIER_REPLY", 7]], []]);
    await say("0515000800000003");
    expect([events(one), events(two)]).toEqual([[], [["BARRIER_REPLY", 7]]]);
  });

  it("of messages without one are free ones, whatever clients have chosen", async () => {
    await send(one, { type: "BARRIER_REQUEST", xid: 3 });
    await send(two, { type: "BARRIER_REQUEST" });
    expect(received[1]).toBe("0514000800000004");
    await say("0515000800000004");
    expect([events(one), events(two)]).toEqual([[], [["BARRIER_REPLY", 4]]]);
  });

  it("are put back inside an ERROR, too", async () => {
    await send(one, { type: "BARRIER_REQUEST", xid: 7 });
    await send(two, { type: "BARRIER_REQUEST", xid: 7 });
    await say("05010014 00000003 0001 0001 05140008 00000003");
    const [{ params }] = two.sent.map((text) => JSON.parse(text)) as [{ params: { msg: object } }];
    expect(params).toMatchObject({ type: "ERROR", xid: 7, msg: { data: "0514000800000007" } });
    expect(one.sent).toEqual([]);
  });

  it("are the same inside and outside of a message for a bundle", async () => {
    const inner = { type: "BARRIER_REQUEST", xid: 7, version: 5, msg: {} };
    const message = { type: "BUNDLE_ADD_MESSAGE", xid: 7, msg: { bundle_id: 1, flags: [], message: inner } };
    await send(one, message);
    await send(two, message);
    const bundleOf = (xid: string): string => `05220018${xid}000000010000000005140008${xid}`;
    expect(received).toEqual([bundleOf("00000007"), bundleOf("00000003")]);
  });

  it("of parts stay the client's until the last one, and are free then", async () => {
    await send(one, { type: "PORT_STATS_REQUEST", xid: 9, msg: { port_no: "ANY" } });
    await say("05130010 00000009 0004 0001 00000000", "05130010 00000009 0004 0000 00000000");
    expect([events(one), events(two)]).toEqual([
      [
        ["PORT_STATS_REPLY", 9],
        ["PORT_STATS_REPLY", 9],
      ],
      [],
    ]);
    received.length = 0;
    await send(two, { type: "BARRIER_REQUEST", xid: 9 });
    expect(received).toEqual(["0514000800000009"]);
  });

  it("are forgotten after a barrier that came later", async () => {
    await send(one, { type: "ECHO_REQUEST", xid: 5, msg: { data: "" } });
    await send(one, { type: "BARRIER_REQUEST", xid: 6 });
    await say("0515000800000006");
    received.length = 0;
    await send(two, { type: "BARRIER_REQUEST", xid: 5 });
    expect(received).toEqual(["0514000800000005"]);
  });

  it("of what nobody has asked for are for all", async () => {
    await say(
      "050a0020 00000000 ffffffff 0000 00 00 0000000000000000 00010004 00000000".replace("0020", "0022") +
        "0000",
    );
    await say("0515000800000063");
    for (const client of [one, two]) {
      expect(events(client)).toEqual([
        ["PACKET_IN", 0],
        ["BARRIER_REPLY", 99],
      ]);
    }
  });

  it("0 is nobody's", async () => {
    await send(one, { type: "BARRIER_REQUEST", xid: 0 });
    await say("0515000800000000");
    expect([events(one), events(two)]).toEqual([[["BARRIER_REPLY", 0]], [["BARRIER_REPLY", 0]]]);
  });

  it("of answers are those of the questions, when a client plays the switch", async () => {
    await send(one, { type: "ECHO_REQUEST", xid: 5, msg: { data: "" } });
    await send(two, { type: "BARRIER_REPLY", xid: 5 });
    expect(received).toEqual(["0502000800000005", "0515000800000005"]);
  });

  it("are seen as on the wire by those who ask for all replies", async () => {
    two.onText('{"jsonrpc":"2.0","id":1,"method":"OFP.SUBSCRIBE","params":{"replies":"ALL"}}');
    await turn();
    two.sent.length = 0;
    await send(one, { type: "BARRIER_REQUEST", xid: 7 });
    await say("0515000800000007");
    expect([events(one), events(two)]).toEqual([[["BARRIER_REPLY", 7]], [["BARRIER_REPLY", 7]]]);
  });

  it("of a client that has gone are still its own", async () => {
    await send(one, { type: "BARRIER_REQUEST", xid: 7 });
    one.onClose();
    await turn();
    await send(two, { type: "BARRIER_REQUEST", xid: 7 });
    expect(received[1]).toBe("0514000800000003");
    await say("0515000800000007");
    expect(events(two)).toEqual([]);
  });

  describe("of alerts", () => {
    it("about an answer in another version are the asker's own, and 0 for the others", async () => {
      await send(one, { type: "BARRIER_REQUEST", xid: 7 });
      await send(two, { type: "BARRIER_REQUEST", xid: 7 });
      const wire = received[1]?.slice(8, 16) as string;
      expect(wire).not.toBe("00000007");
      await say(`04150008${wire}`);
      expect([events(one), events(two)]).toEqual([[["CHANNEL_ALERT", 0]], [["CHANNEL_ALERT", 7]]]);
      await say("0415000800000007");
      expect([events(one), events(two)]).toEqual([[["CHANNEL_ALERT", 7]], [["CHANNEL_ALERT", 0]]]);
    });

    it("about an answer that cannot be decoded are the asker's own, and 0 for who only watches", async () => {
      two.onText('{"jsonrpc":"2.0","id":1,"method":"OFP.SUBSCRIBE","params":{"replies":"ALL"}}');
      await turn();
      two.sent.length = 0;
      await send(one, { type: "DESC_REQUEST", xid: 7 });
      await say("05130010 00000007 0000 0000 00000000");
      expect([events(one), events(two)]).toEqual([[["CHANNEL_ALERT", 7]], [["CHANNEL_ALERT", 0]]]);
    });

    it("about what nobody has asked for are 0: it may be the number of something else", async () => {
      await send(one, { type: "BARRIER_REQUEST", xid: 7 });
      await say("050a000c 00000007 ffffffff", "040a000c 00000007 ffffffff");
      const alerts = [
        ["CHANNEL_ALERT", 0],
        ["CHANNEL_ALERT", 0],
      ];
      expect([events(one), events(two)]).toEqual([alerts, alerts]);
    });
  });
});
