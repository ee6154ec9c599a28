// Recorded connections, played to a peer in memory.
import { describe, expect, it } from "vitest";
import {
  findSwitch,
  ignorePaths,
  makeScript,
  messageDifferences,
  type RecordedMessage,
} from "../../src/ops/index.js";
import { bytes, pass, plain, play as playMessages, record, say, seen, turn } from "./played.js";

const HELLO = "0400000800000001";
const FEATURES_REPLY = "04060020 00000002 000000000000002a 00000100 fe000000 0000004f 00000000";
const PACKET_IN =
  "040a0030 00000000 ffffffff 000e 00 00 0000000000000000 0001000400000000 0000 0200000000020200000000019999";
/** OF 1.3 FLOW_MOD ADD of table 0 without match and instructions. */
const flowMod = (xid: string, cookie = "0000000000000000", priority = "0064"): string =>
  `040e0038 ${xid} ${cookie} 0000000000000000 00 00 0000 0000 ${priority} ffffffff ffffffff ffffffff 0000 0000 0001000400000000`;
const barrier = (xid: string): string => `04140008${xid}`;
const barrierReply = (xid: string): string => `04150008${xid}`;

/** Milliseconds, sender, message. */
const SESSION: readonly (readonly [number, "c" | "s", string])[] = [
  [0, "c", HELLO],
  [1, "s", HELLO],
  [10, "c", "0405000800000002"],
  [12, "s", FEATURES_REPLY],
  [20, "s", PACKET_IN],
  [30, "c", flowMod("00000003")],
  [31, "c", barrier("00000004")],
  [33, "s", barrierReply("00000004")],
  [40, "c", "04020008000000ff"],
  [41, "s", "04030008000000ff"],
  [1050, "s", PACKET_IN],
];

const recorded = record(SESSION);

const play = (
  ours: "c" | "s",
  options: { speed?: number; ignore?: string[]; messages?: readonly RecordedMessage[] } = {},
): Promise<void> => playMessages(options.messages ?? recorded, ours, options);

describe("a recording", () => {
  it("tells which side is the switch, by either side's messages", () => {
    expect(findSwitch(recorded)).toBe("s");
    expect(findSwitch(recorded.slice(0, 3))).toBe("s");
    expect(findSwitch(recorded.slice(3))).toBe("s");
    expect(findSwitch(recorded.slice(0, 2))).toBeUndefined();
  });

  it("becomes a script without echoes, in which answers know what they answer", () => {
    const script = makeScript(recorded, "s", "switch");
    expect(
      script.map(({ number, type, ours, delay, answers }) => [number, type, ours, delay, answers?.number]),
    ).toEqual([
      [1, "HELLO", false, 0, undefined],
      [2, "HELLO", true, 1, undefined],
      [3, "FEATURES_REQUEST", false, 9, undefined],
      [4, "FEATURES_REPLY", true, 2, 3],
      [5, "PACKET_IN", true, 8, undefined],
      [6, "FLOW_MOD", false, 10, undefined],
      [7, "BARRIER_REQUEST", false, 1, undefined],
      [8, "BARRIER_REPLY", true, 2, 7],
      [11, "PACKET_IN", true, 1017, undefined],
    ]);
  });
});

describe("played as the switch", () => {
  it("sends what was caused by what comes, with the transaction ids of the living peer", async () => {
    await play("s");
    expect(seen.got).toEqual([]);
    expect(await say("0400000800000099")).toEqual([HELLO]);
    const featuresReply = FEATURES_REPLY.replace("00000002", "000000aa");
    expect(await say("04050008000000aa")).toEqual(plain(featuresReply, PACKET_IN));
    expect(await say(flowMod("00000001"))).toEqual([]);
    expect(await say(barrier("000000bb"))).toEqual(plain(barrierReply("000000bb"), PACKET_IN));
    await pass(300);
    expect(seen.result).toEqual({ played: 5, unplayed: 0, compared: 4, differences: 0 });
    expect(seen.differences).toEqual([]);
  });

  it("sends at the time of the recording, or so many times as fast", async () => {
    await play("s", { speed: 2 });
    await say(HELLO);
    expect(await pass(0)).toEqual([]);
    expect(await pass(1)).toEqual([HELLO]);
    await say("04050008000000aa");
    expect(await pass(1)).toHaveLength(1);
    expect(await pass(3)).toEqual([]);
    expect(await pass(1)).toEqual(plain(PACKET_IN));
    await say(flowMod("00000001"), barrier("000000bb"));
    await pass(1);
    expect(await pass(508)).toEqual([]);
    expect(await pass(1)).toEqual(plain(PACKET_IN));
  });

  it("names the values that differ, each with its place, but for those that are ignored", async () => {
    await play("s");
    await say(HELLO);
    await say("04050008000000aa");
    await say(flowMod("00000001", "0000000000000005", "0065"));
    const cookie = { path: "msg.cookie", recorded: "0", now: "5" };
    const priority = { path: "msg.priority", recorded: "100", now: "101" };
    expect(seen.differences).toEqual([
      { kind: "DIFFERENT", message: 6, type: "FLOW_MOD", values: [cookie, priority] },
    ]);
    seen.differences = [];
    await play("s", { ignore: ["msg.cookie"] });
    await say(HELLO);
    await say("04050008000000aa");
    await say(flowMod("00000001", "0000000000000005"));
    expect(seen.differences).toEqual([]);
  });

  it("gives up what does not come in time, leaves out its answer, and goes on", async () => {
    await play("s");
    await say(HELLO);
    await say("04050008000000aa", flowMod("00000001"));
    // One millisecond later in the recording, and five seconds of patience.
    await pass(5000);
    expect(seen.differences).toEqual([]);
    expect(await pass(1)).toEqual(plain(PACKET_IN));
    expect(seen.differences).toEqual([
      { kind: "MISSING", message: 7, type: "BARRIER_REQUEST" },
      {
        kind: "UNSENT",
        message: 8,
        type: "BARRIER_REPLY",
        lacks: { message: 7, type: "BARRIER_REQUEST" },
      },
    ]);
    await pass(300);
    expect(seen.result).toEqual({ played: 4, unplayed: 1, compared: 3, differences: 1 });
  });

  it("tells what is not in the recording, also when all of it has come", async () => {
    await play("s");
    await say(HELLO);
    await say("0407000800000005");
    await say("04050008000000aa", flowMod("00000001"), barrier("000000bb"));
    await say(barrier("000000cc"));
    await pass(300);
    expect(seen.differences.map(({ kind, message, type }) => [kind, message, type])).toEqual([
      ["UNEXPECTED", 2, "GET_CONFIG_REQUEST"],
      ["UNEXPECTED", 11, "BARRIER_REQUEST"],
    ]);
    expect(seen.result?.differences).toBe(2);
  });

  it("tells it after the last message that was said, though others are missing or came with it", async () => {
    await play("s");
    await say(HELLO);
    await say("04050008000000aa", flowMod("00000001"), "0407000800000005");
    expect(seen.differences).toMatchObject([{ kind: "UNEXPECTED", message: 6 }]);
    await play("s");
    await say(HELLO);
    await say("04050008000000aa", barrier("000000bb"), "0407000800000005");
    expect(seen.differences).toMatchObject([{ kind: "UNEXPECTED", message: 7 }]);
  });

  it("minds the order of what changes a switch, and of nothing else", async () => {
    await play("s");
    // FEATURES_REQUEST may come before HELLO.
    await say("04050008000000aa", HELLO);
    expect(seen.differences).toEqual([]);
    await say(barrier("000000bb"), flowMod("00000001"));
    expect(seen.differences).toEqual([
      { kind: "ORDER", message: 6, type: "FLOW_MOD", after: { message: 7, type: "BARRIER_REQUEST" } },
    ]);
  });

  it("goes on soon when nothing of much is the same", async () => {
    const packetIn = (data: string, n: number): string =>
      `040a0032 00000000 ffffffff 0010 00 00 0000000000000000 0001000400000000 0000 020000000002020000000001${data}${(10_000 + n).toString(16)}`;
    const many = Array.from({ length: 1500 }, (_, n) => n);
    const messages = record([[0, "c", HELLO], ...many.map((n) => [1, "s", packetIn("9999", n)] as const)]);
    await play("c", { messages });
    await say(...many.map((n) => packetIn("8888", n)));
    expect(seen.differences).toHaveLength(1500);
    expect(seen.differences.every(({ kind }) => kind === "DIFFERENT")).toBe(true);
  });

  it("answers echoes at any time, and counts them as nothing", async () => {
    await play("s");
    expect(await say("0402000a000000770102")).toEqual(["0403000a000000770102"]);
    await say("04030008000000ff");
    expect(seen.differences).toEqual([]);
  });

  it("tells of a peer that goes away, or speaks something else", async () => {
    await play("s");
    await say(HELLO);
    seen.peer.end();
    await turn();
    await turn();
    expect(seen.differences).toEqual([
      { kind: "BROKEN", message: 2, type: "", detail: "the peer closed the connection" },
    ]);
    expect(seen.result).toMatchObject({ played: 1, unplayed: 4, differences: 1 });
    seen.differences = [];
    await play("s", { speed: 1 });
    await say(HELLO, "04050008000000aa", flowMod("00000001"), barrier("000000bb"));
    seen.peer.end();
    await turn();
    expect(seen.differences).toEqual([]);
    expect(seen.result).toMatchObject({ compared: 4, differences: 0 });
    await play("s");
    await say("0400000400000000");
    expect(seen.differences).toMatchObject([{ kind: "BROKEN", message: 0 }]);
    expect(seen.differences[0]?.detail).toContain("is no OpenFlow");
  });

  it("repeats the peer's transaction id in the message that an ERROR is about", async () => {
    const error = (xid: string): string => `0401 0014 ${xid} 0005 0002 040e0038 ${xid}`;
    const messages = [...recorded.slice(0, 6), { at: 31, sender: "s", bytes: bytes(error("00000003")) }];
    await play("s", { messages });
    await say(HELLO);
    await say("04050008000000aa");
    expect(await say(flowMod("000000dd"))).toEqual(plain(error("000000dd")));
  });
});

describe("played as the controller", () => {
  it("begins by itself, and answers must have its transaction ids", async () => {
    await play("c");
    expect(seen.got).toEqual([HELLO]);
    expect(await say("0400000800000077")).toEqual(["0405000800000002"]);
    await say(FEATURES_REPLY);
    expect(await say(PACKET_IN)).toEqual(plain(flowMod("00000003"), barrier("00000004")));
    await say(barrierReply("00000005"));
    expect(seen.differences).toEqual([
      {
        kind: "DIFFERENT",
        message: 8,
        type: "BARRIER_REPLY",
        values: [{ path: "xid", recorded: "4", now: "5" }],
      },
    ]);
  });
});

describe("differences of messages", () => {
  const none = ignorePaths([]);
  it("are none where only the transaction id differs", () => {
    expect(messageDifferences(bytes(barrier("00000001")), bytes(barrier("00000002")), none)).toEqual([]);
  });

  it("name elements that one side has alone", () => {
    const withMatch = flowMod("00000001")
      .replace("040e0038", "040e0040")
      .replace("0001000400000000", "0001000c80000004000000070000 0000".replaceAll(" ", ""));
    expect(messageDifferences(bytes(flowMod("00000001")), bytes(withMatch), none)).toEqual([
      { path: "msg.match[0]", recorded: undefined, now: '{"field":"IN_PORT","value":7}' },
    ]);
    expect(
      messageDifferences(bytes(flowMod("00000001")), bytes(withMatch), ignorePaths(["msg.match"])),
    ).toEqual([]);
  });

  it("are of the bytes where the JSON is the same, or cannot be made", () => {
    const padded = flowMod("00000001").replace(/0000 0001000400000000$/, "0001 0001000400000000");
    const [difference] = messageDifferences(bytes(flowMod("00000001")), bytes(padded), none);
    expect(difference?.path).toBe("bytes");
    const cut = bytes("040e000900000001ff");
    expect(messageDifferences(bytes(flowMod("00000001")), cut, none)).toEqual([
      {
        path: "bytes",
        recorded: bytes(flowMod("00000001")).toString("hex").toUpperCase(),
        now: "040E000900000001FF",
      },
    ]);
  });
});
