// OFP.SET_FILTER through a client in memory, with switches on streams in memory.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { configureLog, type Version } from "../../src/base/index.js";
import { Gateway } from "../../src/rpc/index.js";
import { duplexPair, type End } from "../channel/duplex-pair.js";
import { FakeClock } from "../channel/fake-clock.js";
import { MemoryTransport } from "./memory-transport.js";

const tcpdump = spawnSync("tcpdump", ["-ddd", "-y", "EN10MB", "icmp"]).status === 0;
const withTcpdump = tcpdump ? "" : " (skipped: tcpdump is not installed)";

const ADMIN_PATHS = ["/usr/sbin", "/sbin", "/usr/local/sbin"];

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** An echo request from 10.0.0.1 to 10.0.0.2, its answer, and something else; 60 bytes each. */
const PING =
  "020000000002 020000000001 0800 450000202222 0000 4001 44b9 0a000001 0a000002 08003331 00070001 61626364" +
  "0000".repeat(7);
const PONG =
  "020000000001 020000000002 0800 450000200000 0000 4001 66db 0a000002 0a000001 00003b31 00070001 61626364" +
  "0000".repeat(7);
const ARP = `ffffffffffff 020000000001 0806 00010800060400010200000000010a000001 0000000000000a000002${"0000".repeat(9)}`;

const OXM_IN_PORT_3 = "0001000c80000004 0000000300000000";
/** PACKET_IN with 60 bytes from port 3, up to the frame. */
const PACKET_IN: Record<Version, string> = {
  1: "010a004e 00000063 ffffffff 003c 0003 00 00",
  2: "020a0054 00000063 ffffffff 00000003 00000003 003c 00 00",
  3: `030a005e 00000063 ffffffff 003c 00 00 ${OXM_IN_PORT_3} 0000`,
  4: `040a0066 00000063 ffffffff 003c 00 00 0000000000000007 ${OXM_IN_PORT_3} 0000`,
  5: `050a0066 00000063 ffffffff 003c 00 00 0000000000000007 ${OXM_IN_PORT_3} 0000`,
  6: `060a0066 00000063 ffffffff 003c 00 00 0000000000000007 ${OXM_IN_PORT_3} 0000`,
};
const TO_PORT_3 = "00000010 00000003 0000000000000000";
/** PACKET_OUT to port 3, up to the frame, x where the xid is. */
const PACKET_OUT: Record<Version, string> = {
  1: "010d0054 xxxxxxxx ffffffff fffd 0008 0000000800030000",
  2: `020d0064 xxxxxxxx ffffffff fffffffd 0010 000000000000 ${TO_PORT_3}`,
  3: `030d0064 xxxxxxxx ffffffff fffffffd 0010 000000000000 ${TO_PORT_3}`,
  4: `040d0064 xxxxxxxx ffffffff fffffffd 0010 000000000000 ${TO_PORT_3}`,
  5: `050d0064 xxxxxxxx ffffffff fffffffd 0010 000000000000 ${TO_PORT_3}`,
  6: `060d006c xxxxxxxx ffffffff 0010 0000 0001000c80000004fffffffd00000000 ${TO_PORT_3}`,
};
const bytes = (text: string): string => text.replaceAll(" ", "");

describe("OFP.SET_FILTER", () => {
  let clock: FakeClock;
  let gateway: Gateway;
  let client: MemoryTransport;
  let received: string;

  beforeAll(() => configureLog({ level: "silent" }));

  beforeEach(() => {
    clock = new FakeClock();
    gateway = new Gateway({ clock, softwareDescription: "test" });
    client = new MemoryTransport();
    received = "";
    void gateway.serve(client);
  });

  /** The reply to filters; tcpdump may take a while. */
  async function set(...params: readonly unknown[]): Promise<string> {
    return ask({ id: 1, method: "OFP.SET_FILTER", params });
  }

  async function ask(request: object | string): Promise<string> {
    client.sent.length = 0;
    client.onText(typeof request === "string" ? request : JSON.stringify(request));
    while (client.sent.length === 0) await turn();
    return client.sent.splice(0).join("\n");
  }

  /** The first line of the error, and what there is for programs. */
  async function wrong(...params: readonly unknown[]): Promise<unknown> {
    const { error } = JSON.parse(await set(...params)) as {
      error: { code: number; message: string; data: { path: string; code: string } };
    };
    const { path, code } = error.data;
    return [error.code, error.message.split("\n")[0]?.replace(/^YAML:1:\d+: error: /, ""), path, code];
  }

  async function connect(version: Version = 4): Promise<End> {
    const [ours, peer] = duplexPair();
    peer.on("data", (chunk: Buffer) => {
      received += chunk.toString("hex");
    });
    gateway.service.registry.adopt(ours, {
      versions: [version],
      features: false,
      auxiliary: false,
      checkVersion: true,
      local: { host: "127.0.0.1", port: 6653 },
      remote: { host: "127.0.0.1", port: 45172 },
    });
    await say(peer, `0${version}00000800000007`);
    received = "";
    client.sent.length = 0;
    return peer;
  }

  async function say(peer: End, message: string): Promise<void> {
    peer.write(Buffer.from(bytes(message), "hex"));
    await turn();
    await turn();
  }

  /** The events that a message makes. */
  async function events(peer: End, message: string): Promise<{ flags?: string[] }[]> {
    client.sent.length = 0;
    await say(peer, message);
    return client.sent.map((text) => (JSON.parse(text) as { params: { flags?: string[] } }).params);
  }

  const sentOut = (): string => received.replace(/^(.{8}).{8}/, "$1xxxxxxxx");

  it("tells how many there are, and clears them", async () => {
    const all = { filter: "", action: "NONE" };
    expect(await set(all, all)).toBe('{"id":1,"result":{"count":2}}');
    const peer = await connect();
    expect(await events(peer, PACKET_IN[4] + PING)).toEqual([]);
    expect(await set()).toBe('{"id":1,"result":{"count":0}}');
    expect(await events(peer, PACKET_IN[4] + PING)).toHaveLength(1);
    await set(all);
    expect(await ask('{"id":2,"method":"OFP.SET_FILTER","params":null}')).toBe(
      '{"id":2,"result":{"count":0}}',
    );
    expect(await events(peer, PACKET_IN[4] + PING)).toHaveLength(1);
  });

  it("is for PACKET_IN alone", async () => {
    await set({ filter: "", action: "NONE", escalate: false });
    const peer = await connect();
    expect(await events(peer, "0415000800000063")).toMatchObject([{ type: "BARRIER_REPLY" }]);
    expect(await events(peer, "040a000a000000630000")).toMatchObject([{ type: "CHANNEL_ALERT" }]);
  });

  it("takes escalate as a boolean, a number, a text, and in YAML", async () => {
    const peer = await connect();
    const pass = async (escalate: unknown): Promise<number> => {
      await set({ filter: "", action: "NONE", escalate });
      let passed = 0;
      for (let i = 0; i < 6; i++) passed += (await events(peer, PACKET_IN[4] + PING)).length;
      return passed;
    };
    expect(await pass(true)).toBe(6);
    expect(await pass(false)).toBe(0);
    expect(await pass(null)).toBe(0);
    expect(await pass(2)).toBe(2);
    expect(await pass("1:3")).toBe(2);
    expect(
      await ask(
        "id: 3\nmethod: OFP.SET_FILTER\nparams:\n  - filter: ''\n    action: NONE\n    escalate: 1/2.5\n",
      ),
    ).toBe('{"id":3,"result":{"count":1}}');
    expect(await events(peer, PACKET_IN[4] + PING)).toHaveLength(1);
    expect(await events(peer, PACKET_IN[4] + PING)).toHaveLength(0);
    clock.advance(2500);
    expect(await events(peer, PACKET_IN[4] + PING)).toHaveLength(1);
  });

  it.each([1, 2, 3, 4, 5, 6] as const)("answers pings in version %i", async (version) => {
    await set({ filter: "", action: "GENERIC_REPLY", escalate: true });
    const peer = await connect(version);
    const [event] = await events(peer, PACKET_IN[version] + PING);
    expect(sentOut()).toBe(bytes(PACKET_OUT[version] + PONG));
    expect(Object.keys(event ?? {}).slice(0, 4)).toEqual(["type", "time", "flags", "xid"]);
    expect(event).toMatchObject({ type: "PACKET_IN", flags: ["REPLIED"], xid: 99, msg: { in_port: 3 } });
  });

  it.each([
    [
      "NXT_PACKET_IN",
      "0104006e 00000063 00002320 00000011 ffffffff 003c 00 00 0000000000000000 0006 000000000000",
      "",
    ],
    [
      "NXT_PACKET_IN2",
      "01040060 00000063 00002320 0000001e 0000 0040",
      "0006 000a 00000002 0003 000000000000",
    ],
  ])("answers pings in %s, too", async (type, head, tail) => {
    await set({ filter: "", action: "GENERIC_REPLY", escalate: true });
    const peer = await connect(1);
    const match = tail === "" ? "00000002 0003 0000 0000" : "";
    const [event] = await events(peer, head + match + PING + tail);
    expect(sentOut()).toBe(bytes(PACKET_OUT[1] + PONG));
    const field = { field: "NX_IN_PORT", value: 3 };
    expect(event).toMatchObject({
      type,
      flags: ["REPLIED"],
      msg: { match: [field], data: bytes(PING).toUpperCase() },
    });
    await set({ filter: "", action: "NONE" });
    expect(await events(peer, head + match + PING + tail)).toEqual([]);
  });

  it("marks only what was answered, and leaves the rest to the entries behind", async () => {
    const peer = await connect();
    await set({ filter: "", action: "GENERIC_REPLY" }, { filter: "", action: "NONE", escalate: true });
    expect(await events(peer, PACKET_IN[4] + PING)).toEqual([]);
    expect(received).not.toBe("");
    received = "";
    const [arp] = await events(peer, PACKET_IN[4] + ARP);
    expect(arp).not.toHaveProperty("flags");
    await set({ filter: "", action: "GENERIC_REPLY" });
    const [passed] = await events(peer, PACKET_IN[4] + ARP);
    expect(passed).not.toHaveProperty("flags");
    expect(received).toBe("");
    await set({ filter: "", action: "GENERIC_REPLY", escalate: true });
    expect((await events(peer, PACKET_IN[4] + PING))[0]).toHaveProperty("flags");
    expect((await events(peer, "0415000800000063"))[0]).not.toHaveProperty("flags");
  });

  it("answers while no client takes events", async () => {
    await set({ filter: "", action: "GENERIC_REPLY", escalate: true });
    const peer = await connect();
    for (const one of gateway.service.notifier.clients) gateway.service.notifier.remove(one);
    await say(peer, PACKET_IN[4] + PING);
    expect(sentOut()).toBe(bytes(PACKET_OUT[4] + PONG));
  });

  it("answers at the port that the switch names, which may be LOCAL, and not at all when it names none", async () => {
    await set({ filter: "", action: "GENERIC_REPLY" });
    const peer = await connect(1);
    await events(peer, PACKET_IN[1].replace("0003", "fffe") + PING);
    expect(sentOut()).toBe(bytes(PACKET_OUT[1].replace("0003", "fffe") + PONG));
    const other = await connect();
    const nowhere = "040a005e 00000063 ffffffff 003c 00 00 0000000000000007 0001000400000000 0000";
    expect(await events(other, nowhere + PING)).toHaveLength(1);
    expect(received).toBe("");
  });

  it.skipIf(!tcpdump)(`takes the first entry that the packet matches${withTcpdump}`, async () => {
    const peer = await connect();
    await set(
      { filter: "icmp and src host 10.0.0.1", action: "NONE", escalate: "1" },
      { filter: "arp", action: "NONE" },
      { filter: "icmp", action: "NONE", escalate: true },
    );
    expect(await events(peer, PACKET_IN[4] + PING)).toHaveLength(1);
    expect(await events(peer, PACKET_IN[4] + PING)).toHaveLength(0);
    expect(await events(peer, PACKET_IN[4] + ARP)).toHaveLength(0);
    expect(await events(peer, PACKET_IN[4] + PONG)).toHaveLength(1);
    expect(await events(peer, PACKET_IN[4] + PING.replace("0800 45", "88b5 45"))).toHaveLength(1);
  });

  it.skipIf(!tcpdump)(
    `keeps the table when a filter is refused, in tcpdump's words${withTcpdump}`,
    async () => {
      const all = { filter: "", action: "NONE" };
      await set(all);
      expect(await wrong(all, { filter: "udp prt 53", action: "NONE", escalate: true })).toEqual([
        -32600,
        expect.stringMatching(/^invalid pcap filter: .*syntax error/),
        "params[1].filter",
        "INVALID",
      ]);
      const peer = await connect();
      expect(await events(peer, PACKET_IN[4] + PING)).toEqual([]);
    },
  );

  describe("without tcpdump", () => {
    beforeEach(() => void vi.stubEnv("PATH", "/nonexistent"));
    afterEach(() => void vi.unstubAllEnvs());

    it("takes the empty filter", async () => {
      expect(await set({ filter: " ", action: "NONE" })).toBe('{"id":1,"result":{"count":1}}');
    });

    it.skipIf(ADMIN_PATHS.some((path) => existsSync(`${path}/tcpdump`)))(
      "says what is missing, where no folder for administrators has it",
      async () => {
        expect(await wrong({ filter: "icmp", action: "NONE" })).toEqual([
          -32603,
          "tcpdump, which translates packet filters, is not installed",
          "params[0].filter",
          "MISSING",
        ]);
      },
    );
  });

  it.each([
    [{ x: 1 }, "unknown key 'x'", "params[0].x", "UNKNOWN"],
    [5, "not a mapping", "params[0]", "INVALID"],
    [null, "not a mapping", "params[0]", "INVALID"],
    [{ action: "NONE" }, "missing required key 'filter'", "params[0]", "MISSING"],
    [{ filter: "" }, "missing required key 'action'", "params[0]", "MISSING"],
    [{ filter: [], action: "NONE" }, "unexpected scalar", "params[0].filter", "INVALID"],
    [
      { filter: "", action: "GENERIC_REPLAY" },
      'unknown value "GENERIC_REPLAY" (did you mean GENERIC_REPLY?)',
      "params[0].action",
      "UNKNOWN",
    ],
    [
      { filter: "", action: "NONE", escalate: "1/5s" },
      'Invalid rate limit "1/5s": expected true, false, n, n:p, n/t or n:p/t, t in seconds',
      "params[0].escalate",
      "INVALID",
    ],
    [{ filter: "", action: "NONE", escalate: {} }, "unexpected scalar", "params[0].escalate", "INVALID"],
    [{ filter: "\0", action: "NONE" }, "invalid pcap filter: has a NUL in it", "params[0].filter", "INVALID"],
  ])("refuses %j", async (entry, message, path, code) => {
    expect(await wrong(entry)).toEqual([-32600, message, path, code]);
  });

  it("refuses params that are no list, missing, or too many", async () => {
    expect(await ask('{"id":1,"method":"OFP.SET_FILTER","params":{}}')).toContain("not a sequence");
    expect(await ask('{"id":1,"method":"OFP.SET_FILTER"}')).toContain("missing required key 'params'");
    const many = new Array<object>(1025).fill({ filter: "", action: "NONE" });
    expect(await wrong(...many)).toEqual([
      -32600,
      "1025 filters; there can be 1024 at most",
      "params",
      "INVALID",
    ]);
  });
});
