// What clients see that ask for the traffic of all connections.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { configureLog } from "../../src/base/index.js";
import { REPORT_INTERVAL } from "../../src/rpc/index.js";
import { MemoryGateway, type MemorySwitch, turn } from "./gateway-in-memory.js";
import type { MemoryTransport } from "./memory-transport.js";

const BARRIER_REPLY = "0415000800000001";
const ECHO_REQUEST = "0402000800000002";
/** With an Ethernet frame of 14 bytes, of type 0x9999. */
const PACKET_IN =
  "040a0030 00000000 ffffffff 000e 00 00 0000000000000000 0001000400000000 0000 0200000000020200000000019999";
const NXT_PACKET_IN2 =
  "04040028 00000000 00002320 0000001e 0000 0012 0200000000020200000000019999 000000000000";
/** An action list that is longer than the message. */
const BROKEN_PACKET_OUT = "040d001800000005ffffffff00000001ffff000000000000";

/** NXT_TLV_TABLE_REPLY: OPTION is NX_TUN_METADATA3. */
const TLV_TABLE_REPLY =
  "04040028 00000001 00002320 0000001a 00000100004000000000000000000000 0102800800030000";
const OPTION = { option_class: 0x102, option_type: 0x80, option_len: 8 };
/** Its match is NX_TUN_METADATA3. */
const TUNNEL_PACKET_IN =
  "040a002a 00000000 ffffffff 0000 00 00 0000000000000000 0001001000015608 1122334455667788 0000";

const hasTcpdump = spawnSync("tcpdump", ["-ddd", "-y", "EN10MB", "icmp"]).status === 0;

interface Tapped {
  readonly type: string;
  readonly direction?: string;
  readonly message?: { readonly type: string; readonly msg: Record<string, unknown> };
  readonly data?: string;
  readonly tunnel_options?: unknown;
  readonly [key: string]: unknown;
}

describe("a tap", () => {
  let lab: MemoryGateway;
  let one: MemorySwitch;
  let watcher: MemoryTransport;

  beforeAll(() => configureLog({ level: "silent" }));

  beforeEach(async () => {
    lab = new MemoryGateway({ tapBytes: 65_536 });
    one = await lab.connect();
    watcher = lab.join();
    await ask("OFP.SUBSCRIBE", { types: [] });
  });

  async function ask(method: string, params: object, id = 9): Promise<{ result?: unknown; error?: unknown }> {
    watcher.onText(JSON.stringify({ id, method, params }));
    for (let i = 0; i < 200; i++) {
      const at = watcher.sent.findIndex((text) => text.startsWith(`{"id":${id},`));
      if (at >= 0) return JSON.parse(watcher.sent.splice(at, 1)[0] as string);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`no reply among ${watcher.sent.join("\n")}`);
  }

  const tap = async (params: object): Promise<unknown> => (await ask("OFP.TAP", params)).result;

  function taken(): Tapped[] {
    return watcher.sent.splice(0).map((text) => JSON.parse(text).params as Tapped);
  }

  /** Types and directions. */
  const seen = (): string[] =>
    taken().map(({ direction, message, data }) => `${direction} ${message?.type ?? data}`);

  it("shows what switches send, and what clients send, with time, connection and addresses", async () => {
    expect(await tap({})).toEqual({ taps: 1, missed: 0 });
    await one.say(BARRIER_REPLY);
    await lab.say("OFP.SEND", { conn_id: 1, type: "BARRIER_REQUEST", xid: 7 });
    expect(watcher.sent).toEqual([
      '{"method":"OFP.MESSAGE","params":{"type":"TAPPED","time":"1700000000.500000000","conn_id":1,"direction":"FROM_SWITCH","src":"127.0.0.1:45172","dst":"127.0.0.1:6653","transport":"TCP","opened_by":"SWITCH","message":{"type":"BARRIER_REPLY","xid":1,"version":4,"msg":{}}}}',
      '{"method":"OFP.MESSAGE","params":{"type":"TAPPED","time":"1700000000.500000000","conn_id":1,"direction":"TO_SWITCH","src":"127.0.0.1:6653","dst":"127.0.0.1:45172","transport":"TCP","opened_by":"SWITCH","message":{"type":"BARRIER_REQUEST","xid":7,"version":4,"msg":{}}}}',
    ]);
  });

  it("goes on when the trace of the log changes", async () => {
    await tap({ form: "BYTES" });
    const traced: string[] = [];
    lab.gateway.service.taps.trace((_channel, direction) => traced.push(direction));
    await one.say(BARRIER_REPLY);
    expect(seen()).toEqual([`FROM_SWITCH ${BARRIER_REPLY}`]);
    expect(traced).toEqual(["read"]);
  });

  it("shows bytes where they are asked for", async () => {
    await tap({ form: "BYTES" });
    await one.say(BARRIER_REPLY);
    expect(taken()).toMatchObject([{ direction: "FROM_SWITCH", data: "0415000800000001" }]);
  });

  it("shows the bytes of what cannot be decoded, and why", async () => {
    await tap({ direction: "FROM_SWITCH" });
    await one.say(BROKEN_PACKET_OUT);
    const [event] = taken();
    expect(event?.data).toBe(BROKEN_PACKET_OUT.toUpperCase());
    expect(event?.error).toMatch(/^PACKET_OUT/);
    expect(event).not.toHaveProperty("message");
  });

  it("tells the options of tunnels that the switch had told before", async () => {
    await one.say(TLV_TABLE_REPLY);
    await tap({});
    await one.say(TUNNEL_PACKET_IN);
    const [{ message, tunnel_options }] = taken() as [Tapped];
    expect(message?.msg.match).toEqual([
      { field: "NX_TUN_METADATA3", value: "1122334455667788", option: OPTION },
    ]);
    expect(tunnel_options).toBeUndefined();
  });

  it("tells who takes bytes what the switch had told before, once, and then what has changed", async () => {
    await one.say(TLV_TABLE_REPLY);
    await tap({ form: "BYTES", types: ["PACKET_IN", "BARRIER_*"] });
    await one.say(TUNNEL_PACKET_IN);
    await lab.say("OFP.SEND", { conn_id: 1, type: "BARRIER_REQUEST" });
    const options = [{ ...OPTION, index: 3 }];
    expect(taken()).toMatchObject([
      { tunnel_options: options },
      expect.not.objectContaining({ tunnel_options: expect.anything() }),
    ]);
    // The tap does not see the change, and the messages of another connection are not concerned.
    await one.say(`${TLV_TABLE_REPLY.replace("0003", "0005")}${TUNNEL_PACKET_IN}`);
    await (await lab.connect()).say(BARRIER_REPLY);
    expect(taken().map(({ tunnel_options }) => tunnel_options)).toEqual([
      [{ ...OPTION, index: 5 }],
      undefined,
    ]);
  });

  it("tells by whom a connection was made", async () => {
    const target = createServer().listen(0, "127.0.0.1");
    await once(target, "listening");
    const endpoint = `127.0.0.1:${(target.address() as AddressInfo).port}`;
    await tap({ handshakes: true });
    await ask("OFP.CONNECT", { endpoint });
    expect(taken()).toMatchObject([{ opened_by: "DAEMON", direction: "TO_SWITCH", dst: endpoint }]);
    lab.gateway.close();
    target.close();
  });

  it("ends after so many messages, and counts no more", async () => {
    const { taps } = lab.gateway.service;
    await tap({ form: "BYTES", count: 2 });
    await one.say(BARRIER_REPLY);
    watcher.queuedBytes = 65_536;
    await one.say(BARRIER_REPLY);
    watcher.queuedBytes = 0;
    expect(taps.count).toBe(1);
    await one.say(PACKET_IN + BARRIER_REPLY);
    expect(taken()).toHaveLength(2);
    expect(taps.count).toBe(0);
    expect(await tap({ enabled: false })).toEqual({ taps: 0, missed: 1 });
    expect(await ask("OFP.TAP", { count: 0 })).toMatchObject({
      error: { message: expect.stringContaining("1 or more") },
    });
  });

  it("is told at the end of the daemon what it has missed", async () => {
    await tap({ form: "BYTES" });
    watcher.queuedBytes = 65_536;
    await one.say(BARRIER_REPLY + PACKET_IN);
    await lab.gateway.close(true);
    expect(taken()).toMatchObject([
      { type: "CHANNEL_ALERT", msg: { reason: "TAP_DROPPED", count: 2, total: 2 } },
    ]);
    lab.clock.advance(REPORT_INTERVAL);
    expect(taken()).toEqual([]);
  });

  it("tells the fields of packets only when it is asked to", async () => {
    await tap({});
    await one.say(PACKET_IN);
    expect(taken()[0]?.message?.msg).not.toHaveProperty("_pkt");
    await tap({ pkt: true });
    await one.say(PACKET_IN);
    expect(taken()[0]?.message?.msg).toHaveProperty("_pkt");
  });

  it("leaves out echoes and handshakes, unless they are asked for", async () => {
    await tap({});
    await one.say(ECHO_REQUEST);
    await lab.connect();
    expect(seen()).toEqual([]);
    await tap({ echoes: true });
    await one.say(ECHO_REQUEST);
    expect(seen()).toEqual(["FROM_SWITCH ECHO_REQUEST", "TO_SWITCH ECHO_REPLY"]);
    await tap({ handshakes: true });
    await lab.connect();
    expect(seen()).toEqual(["TO_SWITCH HELLO", "FROM_SWITCH HELLO"]);
  });

  it("shows the types that are named, whatever they are, less those that are excepted", async () => {
    await tap({ types: ["ECHO_*", "BARRIER_*"], except_types: ["ECHO_REPLY"] });
    await one.say(`${ECHO_REQUEST}${BARRIER_REPLY}${PACKET_IN}`);
    expect(seen()).toEqual(["FROM_SWITCH ECHO_REQUEST", "FROM_SWITCH BARRIER_REPLY"]);
  });

  it("is limited to connections and a direction", async () => {
    const two = await lab.connect();
    await tap({ conn_ids: [2], direction: "FROM_SWITCH" });
    await one.say(BARRIER_REPLY);
    await two.say(BARRIER_REPLY);
    await lab.say("OFP.SEND", { conn_id: 2, type: "BARRIER_REQUEST" });
    expect(taken().map(({ conn_id }) => conn_id)).toEqual([2]);
  });

  it.runIf(hasTcpdump)("takes PACKET_INs by their packets, and all other messages", async () => {
    await tap({ filter: "ether proto 0x9998" });
    await one.say(PACKET_IN + BARRIER_REPLY);
    expect(seen()).toEqual(["FROM_SWITCH BARRIER_REPLY"]);
    await one.say(NXT_PACKET_IN2);
    expect(seen()).toEqual([]);
    await tap({ filter: "ether proto 0x9999" });
    await one.say(PACKET_IN + NXT_PACKET_IN2);
    expect(seen()).toEqual(["FROM_SWITCH PACKET_IN", "FROM_SWITCH NXT_PACKET_IN2"]);
  });

  it("counts what a client misses that does not read, tells how long it was, and where it is missing", async () => {
    await tap({ form: "BYTES" });
    watcher.queuedBytes = 65_536;
    await one.say(BARRIER_REPLY + PACKET_IN);
    expect(taken()).toEqual([]);
    lab.clock.advance(REPORT_INTERVAL);
    expect(taken()).toMatchObject([
      { type: "CHANNEL_ALERT", msg: { reason: "TAP_DROPPED", count: 2, total: 2 } },
    ]);
    watcher.queuedBytes = 0;
    await one.say(BARRIER_REPLY + BARRIER_REPLY);
    const [first, second] = taken();
    expect(first).toMatchObject({ missed: 2, missed_bytes: 56 });
    expect(second).not.toHaveProperty("missed");
    expect(await tap({ enabled: false })).toEqual({ taps: 0, missed: 2 });
  });

  it("changes nothing for other clients", async () => {
    await one.say(BARRIER_REPLY);
    const before = lab.texts();
    await tap({});
    watcher.queuedBytes = 1 << 30;
    await one.say(BARRIER_REPLY);
    expect(lab.texts()).toEqual(before);
    expect(before).toHaveLength(1);
  });

  it("ends when it is told to, and with its client; nobody is called then", async () => {
    const { registry, taps } = lab.gateway.service;
    expect(registry.onTraffic).toBeUndefined();
    await tap({});
    expect(registry.onTraffic).toBeDefined();
    await tap({ enabled: false });
    expect(registry.onTraffic).toBeUndefined();
    await tap({});
    watcher.onClose();
    await turn();
    expect([taps.count, registry.onTraffic]).toEqual([0, undefined]);
  });

  it("refuses patterns that fit no type, and more taps than there may be", async () => {
    expect(await ask("OFP.TAP", { types: ["FLOWMOD"] })).toMatchObject({
      error: { message: expect.stringContaining("did you mean FLOW_MOD") },
    });
    lab = new MemoryGateway({ taps: 1 });
    watcher = lab.join();
    await tap({});
    expect(await tap({ echoes: true })).toMatchObject({ taps: 1 });
    await lab.say("OFP.TAP", {});
    expect(lab.replies()).toMatchObject([
      { error: { code: -65006, message: expect.stringContaining("limit taps") } },
    ]);
  });
});
