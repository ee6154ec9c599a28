import { once } from "node:events";
import { beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS, type Limits } from "../../src/base/index.js";
import {
  type Admission,
  Channel,
  type ChannelFacts,
  type ChannelOwner,
  type ChannelPhase,
  type ChannelReason,
  type CloseCause,
  type ConnectionOptions,
  type Features,
} from "../../src/channel/index.js";
import { duplexPair, type End } from "./duplex-pair.js";
import { makeFacts } from "./facts.js";
import { FakeClock } from "./fake-clock.js";
import { tailOf } from "./tail-of.js";

const HELLO = "0400000800000007";
const FEATURES_REPLY = "04060020000000010000000000000005000001 00fe0000000000004f00000000";
const PORT_DESC = "0413001000000002000d000000000000";
const BARRIER_REPLY = "0415000800000009";
const KEEPALIVE = "04020010fbd0ff863f3f4f4654523f3f";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Writes down what it is told. */
class Recorder implements ChannelOwner {
  readonly told: string[] = [];
  limits: Limits = DEFAULT_LIMITS;
  admission: Admission = "admit";
  onIdentity(channel: Channel): Admission {
    this.told.push(`identity ${channel.datapathId} ${channel.auxiliaryId}`);
    return this.admission;
  }
  onUp(channel: Channel, features: Features | undefined): void {
    this.told.push(`up ${channel.version}${features === undefined ? "" : " with features"}`);
  }
  onFrame(_channel: Channel, frame: Buffer): void {
    this.told.push(frame.toString("hex"));
  }
  onAlert(_channel: Channel, message: string, data: Uint8Array, reason: ChannelReason): void {
    this.told.push(`alert ${reason}: ${message} [${Buffer.from(data).toString("hex")}]`);
  }
  onForeign(_channel: Channel, message: string, frame: Buffer): void {
    this.told.push(`foreign: ${message} [${frame.toString("hex")}]`);
  }
  onClosed(_channel: Channel, before: ChannelPhase, cause: CloseCause): void {
    this.told.push(`closed, was ${before}: ${cause.reason}`);
  }
}

describe("Channel", () => {
  let clock: FakeClock;
  let owner: Recorder;
  let peer: End;
  let ours: End;
  let received: string;
  let channel: Channel;

  function open(change: Partial<ConnectionOptions> = {}, more: Partial<ChannelFacts> = {}): void {
    [ours, peer] = duplexPair();
    received = "";
    const own = peer;
    peer.on("data", (chunk: Buffer) => {
      // One of an earlier test may have more to say.
      if (peer === own) received += chunk.toString("hex");
    });
    clock = new FakeClock();
    owner = new Recorder();
    const options = {
      versions: [4],
      features: false,
      auxiliary: false,
      checkVersion: true,
      ...change,
    } as const;
    const facts = makeFacts(options, more);
    channel = new Channel(ours, facts, owner, clock);
    channel.start();
  }

  async function say(...frames: string[]): Promise<void> {
    peer.write(Buffer.from(frames.join("").replaceAll(" ", ""), "hex"));
    await turn();
    await turn();
  }

  /** What the peer has got since the last call. */
  async function heard(): Promise<string> {
    await turn();
    await turn();
    const bytes = received;
    received = "";
    return bytes;
  }

  beforeEach(() => {
    open();
  });

  it("greets, and is up with the peer's HELLO", async () => {
    expect(await heard()).toBe("0400000800000000");
    expect(channel.version).toBe(0);
    await say(HELLO);
    expect(owner.told).toEqual(["up 4"]);
    expect(channel.version).toBe(4);
    expect(channel.phase).toBe("up");
  });

  it("knows the options of tunnels that messages of both sides have told", async () => {
    await say(HELLO);
    const known = (): object => Object.fromEntries(channel.options.entries);
    // NXT_TLV_TABLE_REPLY: class 0x0102, type 0x80, 8 bytes is NX_TUN_METADATA3.
    await say("04040028 00000001 00002320 0000001a 00000100004000000000000000000000 0102800800030000");
    expect(known()).toEqual({ 3: { option_class: 0x102, option_type: 0x80, option_len: 8 } });
    expect(channel.envelope.options).toBe(channel.options);
    // NXT_TLV_TABLE_MOD: CLEAR, and the ERROR that refuses it.
    channel.send(
      Buffer.from("0404001800000009 0000232000000018 0002000000000000".replaceAll(" ", ""), "hex"),
    );
    expect(known()).toEqual({});
    await say("0401001000000009 ffff0013 00002320");
    expect(known()).toHaveProperty("3");
  });

  it("lets others have their turn when it has much to read, and reads on then", async () => {
    await say(HELLO);
    owner.told.length = 0;
    const large = Buffer.alloc(64 << 10);
    large.writeUInt32BE(0x0403_8000, 0);
    large.writeUInt32BE(0x0403_8000, 32 << 10);
    for (let i = 0; i < 16; i++) peer.write(large);
    // The rest has to wait.
    expect(owner.told).toHaveLength(4);
    for (let i = 0; i < 20; i++) await turn();
    expect(owner.told).toHaveLength(32);
  });

  it("reads nothing more while the owner does not want it, whoever else had their turn", async () => {
    await say(HELLO);
    owner.told.length = 0;
    const large = Buffer.alloc(32 << 10);
    large.writeUInt32BE(0x0403_8000, 0);
    for (let i = 0; i < 16; i++) peer.write(large);
    channel.pause();
    for (let i = 0; i < 20; i++) await turn();
    expect(owner.told).toHaveLength(4);
    channel.resume();
    for (let i = 0; i < 20; i++) await turn();
    expect(owner.told).toHaveLength(16);
  });

  it("delivers messages, and answers echoes itself", async () => {
    await say(HELLO, BARRIER_REPLY);
    await heard();
    await say("0402000a000000aaabcd");
    expect(owner.told).toEqual(["up 4", BARRIER_REPLY]);
    expect(await heard()).toBe("0403000a000000aaabcd");
  });

  it("delivers an echo that is meant for the controller, and does not answer it", async () => {
    await say(HELLO);
    await heard();
    await say("04020010000000aa5f5f4f4654525f5f");
    expect(owner.told).toEqual(["up 4", "04020010000000aa5f5f4f4654525f5f"]);
    expect(await heard()).toBe("");
  });

  it("resets a TLS stream by destroying it: that has a method of this name, which throws", async () => {
    const tls = Object.assign(ours, {
      encrypted: true,
      resetAndDestroy() {
        throw new Error("This handle type cannot be sent");
      },
    });
    await say(HELLO);
    channel.reset({ reason: "REPLACED", message: "" });
    expect(tls.destroyed).toBe(true);
    expect(owner.told).toEqual(["up 4", "closed, was up: REPLACED"]);
  });

  it("stamps messages with the time at which they came", async () => {
    clock.advance(1250);
    await say(HELLO);
    expect(channel.envelope).toMatchObject({ sec: 1700000001, nsec: 750_000_000 });
  });

  it("has its identity when it is up, and then delivers what came early", async () => {
    open({ features: true });
    await say(HELLO, BARRIER_REPLY, FEATURES_REPLY);
    expect(owner.told).toEqual([]);
    await say(PORT_DESC);
    expect(owner.told).toEqual(["identity 00:00:00:00:00:00:00:05 0", "up 4 with features", BARRIER_REPLY]);
    expect(tailOf(channel.envelope)).toBe(',"conn_id":3,"datapath_id":"00:00:00:00:00:00:00:05"');
  });

  it("is closed when its owner refuses its identity", async () => {
    open({ features: true });
    owner.admission = { reason: "DUPLICATE_DATAPATH", message: "there is one" };
    await say(HELLO, FEATURES_REPLY, PORT_DESC, BARRIER_REPLY);
    expect(owner.told).toEqual([
      "identity 00:00:00:00:00:00:00:05 0",
      "alert DUPLICATE_DATAPATH: there is one []",
      "closed, was handshake: DUPLICATE_DATAPATH",
    ]);
  });

  it("keeps early messages up to a limit, counts the rest, and tells of them", async () => {
    open({ features: true });
    const echo = `0403fff8000000aa${"00".repeat(0xfff0)}`;
    await say(HELLO, ...Array.from({ length: 20 }, () => echo));
    const kept = Math.floor(DEFAULT_LIMITS.earlyBytes / 0xfff8);
    expect(channel.counters.droppedEarly).toBe(20 - kept);
    await say(FEATURES_REPLY, PORT_DESC);
    expect(owner.told.filter((line) => line.startsWith("0403"))).toHaveLength(kept);
    expect(owner.told[2]).toBe(
      "alert EARLY_LIMIT: 4 messages were lost: before the channel was up they were more than 1048576 bytes (limit early-bytes) []",
    );
  });

  it("gives the peer five seconds for each step of the handshake", async () => {
    open({ features: true });
    clock.advance(4999);
    channel.tick();
    await say(HELLO);
    clock.advance(4999);
    channel.tick();
    expect(owner.told).toEqual([]);
    clock.advance(1);
    channel.tick();
    expect(owner.told).toEqual([
      "alert FEATURES_TIMEOUT: Handshake timeout: no FEATURES_REPLY []",
      "closed, was handshake: FEATURES_TIMEOUT",
    ]);
  });

  it("asks a silent peer whether it is there, and gives it up after twice the time", async () => {
    await say(HELLO);
    await heard();
    clock.advance(5999);
    channel.tick();
    expect(await heard()).toBe("");
    clock.advance(1);
    channel.tick();
    channel.tick();
    expect(await heard()).toBe(KEEPALIVE);
    clock.advance(5999);
    channel.tick();
    expect(owner.told).toEqual(["up 4"]);
    clock.advance(1);
    channel.tick();
    expect(owner.told).toEqual([
      "up 4",
      "alert KEEPALIVE_TIMEOUT: No response to echo request on idle channel []",
      "closed, was up: KEEPALIVE_TIMEOUT",
    ]);
  });

  it("is content with any sign of life, and keeps the answer to its own question to itself", async () => {
    await say(HELLO);
    clock.advance(6000);
    channel.tick();
    await say(KEEPALIVE.replace("0402", "0403"));
    clock.advance(6000);
    channel.tick();
    await say("04030008000000aa");
    clock.advance(11_999);
    channel.tick();
    expect(owner.told).toEqual(["up 4", "04030008000000aa"]);
  });

  it("does not hold silence against a peer that it does not read", async () => {
    await say(HELLO);
    channel.pause();
    for (let i = 0; i < 30; i++) {
      clock.advance(1000);
      channel.tick();
    }
    expect(owner.told).toEqual(["up 4"]);
    await say(BARRIER_REPLY);
    expect(owner.told).toEqual(["up 4"]);
    channel.resume();
    await turn();
    expect(owner.told).toEqual(["up 4", BARRIER_REPLY]);
  });

  it.each([
    ["a length below 8", "0403000000000000", "length 0 is less than 8"],
    ["version 0", "0003000800000000", "there is no version 0"],
    ["a type beyond reason", "0441000800000000", "there is no message type 65"],
  ])("closes after %s, and says which header it was", async (_, header, what) => {
    await say(HELLO);
    await say(BARRIER_REPLY, header, BARRIER_REPLY);
    expect(owner.told).toEqual([
      "up 4",
      BARRIER_REPLY,
      `alert BAD_HEADER: Invalid OpenFlow message header: ${what} [${header}]`,
      "closed, was up: BAD_HEADER",
    ]);
  });

  it("knows the bad header also when it comes byte by byte", async () => {
    await say(HELLO);
    for (const byte of "0403000700000000".match(/../g) ?? []) await say(byte);
    expect(owner.told[1]).toBe(
      "alert BAD_HEADER: Invalid OpenFlow message header: length 7 is less than 8 [0403000700000000]",
    );
  });

  it("tells what is no OpenFlow by its first 8 bytes", async () => {
    await say(Buffer.from("GET /").toString("hex"));
    await say(Buffer.from(" HTTP/1.1").toString("hex"));
    expect(owner.told).toEqual([
      "alert BAD_HEADER: Invalid OpenFlow message header: there is no version 71 [474554202f204854]",
      "closed, was handshake: BAD_HEADER",
    ]);
  });

  it("tells of a message of another version, and goes on", async () => {
    await say(HELLO, "0115000800000063", BARRIER_REPLY);
    expect(owner.told).toEqual([
      "up 4",
      "foreign: Invalid OpenFlow message header: version 1, not 4 as agreed; message type 21 is not delivered [0115000800000063]",
      BARRIER_REPLY,
    ]);
    expect(channel.counters.wrongVersion).toBe(1);
  });

  it("takes symmetric messages of other versions for what they are", async () => {
    await say(HELLO);
    await heard();
    // What Open vSwitch says of a flow monitor it does not know, over 1.3: an ERROR of 1.0.
    const error = "0101000c 00000007 0001 0002".replaceAll(" ", "");
    const [hello, echoReply, vendor] = ["0500000800000001", "0103000800000002", "0104000c0000000300002320"];
    await say(error, hello as string, echoReply as string, vendor as string);
    expect(owner.told).toEqual(["up 4", error, hello, echoReply, vendor]);
    await say("01020009 00000004 ff");
    expect(await heard()).toBe("0103000900000004ff");
  });

  it("tells of a message of another version during the handshake once, and goes on", async () => {
    open({ features: true });
    await say(HELLO, "0115000800000063", FEATURES_REPLY, PORT_DESC);
    expect(owner.told.map((line) => line.split(":")[0])).toEqual([
      "foreign",
      "identity 00",
      "up 4 with features",
    ]);
  });

  it("ends with a frame that is longer than the limit, and says so", async () => {
    open();
    owner.limits = { ...DEFAULT_LIMITS, frameBytes: 1024 };
    [ours, peer] = duplexPair();
    const options = { versions: [4], features: false, auxiliary: false, checkVersion: true } as const;
    channel = new Channel(ours, makeFacts(options), owner, clock);
    channel.start();
    await say(HELLO, "04030401000000aa");
    expect(owner.told).toEqual([
      "up 4",
      "alert FRAME_LIMIT: Invalid OpenFlow message header: length 1025 is more than 1024 (limit frame-bytes) [04030401000000aa]",
      "closed, was up: FRAME_LIMIT",
    ]);
  });

  it("takes messages of any version when versions are not checked", async () => {
    open({ checkVersion: false });
    await say(HELLO, "0103000800000000");
    expect(owner.told).toEqual(["up 4", "0103000800000000"]);
    await say("0115000800000009");
    expect(owner.told.slice(2)).toEqual(["0115000800000009"]);
  });

  it("sends frames in one piece, and holds back those that may wait", async () => {
    await say(HELLO);
    await heard();
    channel.send(Buffer.from("0414000800000001", "hex"), true);
    expect(await heard()).toBe("");
    channel.send(Buffer.from("0414000800000002", "hex"));
    expect(await heard()).toBe("04140008000000010414000800000002");
  });

  it("holds back no more than 16383 bytes", async () => {
    await say(HELLO);
    await heard();
    const frame = Buffer.alloc(8192);
    channel.send(frame, true);
    expect(await heard()).toBe("");
    channel.send(frame, true);
    expect(await heard()).toHaveLength(2 * 16384);
  });

  it("delivers what was held back before it closes", async () => {
    await say(HELLO);
    await heard();
    channel.send(Buffer.from("0414000800000001", "hex"), true);
    channel.close();
    expect(owner.told).toEqual(["up 4", "closed, was up: CLOSED_BY_CLIENT"]);
    expect(await heard()).toBe("0414000800000001");
    expect(peer.readableEnded).toBe(true);
  });

  it("delivers nothing after it is closed, not even from the same chunk", async () => {
    owner.onFrame = (closing) => closing.close();
    await say(HELLO, BARRIER_REPLY, BARRIER_REPLY);
    expect(owner.told).toEqual(["up 4", "closed, was up: CLOSED_BY_CLIENT"]);
  });

  it("is closed when the peer closes, and says so once", async () => {
    await say(HELLO);
    peer.end();
    await turn();
    await turn();
    expect(owner.told).toEqual(["up 4", "closed, was up: PEER_CLOSED"]);
    channel.close();
    expect(owner.told).toHaveLength(2);
  });

  it("refuses to send to a switch that does not read", async () => {
    await say(HELLO);
    ours.stuck = true;
    const frame = Buffer.alloc(65528);
    const enough = Math.ceil(DEFAULT_LIMITS.switchQueueBytes / frame.length);
    for (let i = 0; i < enough; i++) channel.send(frame);
    expect(() => channel.send(frame)).toThrow(/^conn_id 3 does not read: \d+ bytes are waiting$/);
    const drained = once(ours, "drain");
    ours.release();
    await drained;
    expect(() => channel.send(frame)).not.toThrow();
  });

  it("reads no more from a switch that sends echoes and does not take the answers", async () => {
    await say(HELLO);
    ours.stuck = true;
    const echo = Buffer.alloc(65528);
    echo.write("0402fff8", "hex");
    for (let i = 0; i < 100; i++) peer.write(echo);
    await turn();
    expect(channel.unsentBytes).toBeLessThan(2 << 20);
    ours.release();
    await turn();
    await turn();
    expect(channel.unsentBytes).toBe(0);
  });

  it("tells by an alert that the peer left before the channel was up", async () => {
    await say(HELLO.slice(0, 8));
    peer.end();
    await turn();
    expect(owner.told).toEqual([
      "alert PEER_CLOSED: Handshake failed: the peer closed the connection []",
      "closed, was handshake: PEER_CLOSED",
    ]);
  });

  it("says nothing of a peer that came and went without a byte, unless we have called it", async () => {
    peer.end();
    await turn();
    expect(owner.told).toEqual(["closed, was handshake: PEER_CLOSED"]);
    open({}, { accepted: false });
    peer.end();
    await turn();
    expect(owner.told[0]).toBe("alert PEER_CLOSED: Handshake failed: the peer closed the connection []");
  });

  it("says what the system said when the connection breaks", async () => {
    await say(HELLO);
    ours.destroy(Object.assign(new Error("read ECONNRESET"), { errno: -104, code: "ECONNRESET" }));
    await turn();
    expect(owner.told).toEqual(["up 4", "closed, was up: PEER_RESET"]);
  });

  it("ends when the peer closes its side, though it has not taken all", async () => {
    await say(HELLO);
    ours.stuck = true;
    channel.send(Buffer.alloc(65528));
    await turn();
    peer.end();
    await turn();
    expect(owner.told).toEqual(["up 4", "closed, was up: PEER_CLOSED"]);
    expect(ours.destroyed).toBe(false);
    clock.advance(1000);
    expect(ours.destroyed).toBe(true);
  });

  it("gives each step the time that it was told", async () => {
    open({ features: true, timeouts: { features: 2000, ports: 7000 } });
    await say(HELLO);
    clock.advance(1999);
    channel.tick();
    await say(FEATURES_REPLY);
    clock.advance(6999);
    channel.tick();
    expect(owner.told).toEqual([]);
    clock.advance(1);
    channel.tick();
    expect(owner.told[0]).toBe("alert PORT_DESC_TIMEOUT: Handshake timeout: no PORT_DESC_REPLY []");
  });

  it("asks as often as it was told, and counts part of a message as life", async () => {
    open({ keepalive: { interval: 1000, count: 2 } });
    await say(HELLO);
    await heard();
    clock.advance(1000);
    channel.tick();
    expect(await heard()).toBe(KEEPALIVE);
    await say("0415");
    clock.advance(2999);
    channel.tick();
    expect(owner.told).toEqual(["up 4"]);
    clock.advance(1);
    channel.tick();
    expect(owner.told.at(-1)).toBe("closed, was up: KEEPALIVE_TIMEOUT");
  });

  it("measures how long the answer to a keepalive takes", async () => {
    await say(HELLO);
    clock.advance(6000);
    channel.tick();
    clock.advance(30);
    await say(KEEPALIVE.replace("0402", "0403"));
    expect(channel.counters).toMatchObject({ echoes: 1, echoLast: 30, echoSum: 30 });
  });

  it("counts messages by type and bytes in both directions", async () => {
    open({ features: true });
    await say(HELLO, BARRIER_REPLY, FEATURES_REPLY, PORT_DESC, BARRIER_REPLY);
    channel.send(Buffer.from("0414000800000009", "hex"));
    const { messagesIn, messagesOut, bytesIn, bytesOut } = channel.counters;
    const counted = (counts: Float64Array): number[][] =>
      [...counts.entries()].filter(([, count]) => count > 0).map(([type, count]) => [type, count]);
    expect(counted(messagesIn)).toEqual([
      [0, 1],
      [6, 1],
      [19, 1],
      [21, 2],
    ]);
    expect(counted(messagesOut)).toEqual([
      [0, 1],
      [5, 1],
      [18, 1],
      [20, 1],
    ]);
    expect([bytesIn, bytesOut]).toEqual([8 + 8 + 32 + 16 + 8, 8 + 8 + 16 + 8]);
  });

  it("waits for its owner's decision, answering echoes and keeping the rest", async () => {
    open({ features: true });
    owner.admission = "wait";
    await say(HELLO, FEATURES_REPLY, PORT_DESC, BARRIER_REPLY);
    await heard();
    await say("0402000a000000aaabcd");
    expect(await heard()).toBe("0403000a000000aaabcd");
    clock.advance(60_000);
    channel.tick();
    expect(owner.told).toEqual(["identity 00:00:00:00:00:00:00:05 0"]);
    channel.admit();
    expect(owner.told.slice(1)).toEqual(["up 4 with features", BARRIER_REPLY]);
  });

  it("sends nothing when it is closed, and says so", async () => {
    await say(HELLO);
    channel.close();
    expect(() => channel.send(Buffer.alloc(8))).toThrow("conn_id 3 is closed");
  });

  it("numbers its own messages from 3, without 0", () => {
    expect([channel.nextXid(), channel.nextXid()]).toEqual([3, 4]);
  });
});
