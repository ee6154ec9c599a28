// What one side chooses and the other repeats, in recordings that are played to a peer in memory.
import { describe, expect, it } from "vitest";
import { pass, plain, play, record, say, seen } from "./played.js";

const NO_BUFFER = "ffffffff";
const FRAME = "0200000000020200000000019999";
const BYTES_OF_64 = "0000000000000000";

/** OF 1.3 PACKET_IN of a packet in this buffer. */
const packetIn = (buffer: string, frame = FRAME): string =>
  `040a0030 00000000 ${buffer} 000e 00 00 ${BYTES_OF_64} 0001000400000000 0000 ${frame}`;
/** OF 1.3 PACKET_OUT without actions and data. */
const packetOut = (xid: string, buffer: string): string =>
  `040d0018 ${xid} ${buffer} fffffffd 0000 000000000000`;
const flowMod = (version: string, xid: string, buffer: string): string =>
  `${version}0e0038 ${xid} ${BYTES_OF_64} ${BYTES_OF_64} 00 00 0000 0000 0064 ${buffer} ffffffff ffffffff 0000 0000 0001000400000000`;
const hello = (version: string): string => `${version}00000800000001`;

const kinds = (): unknown[] => seen.differences.map(({ kind, message }) => [kind, message]);

describe("a buffer_id", () => {
  const OTHER_FRAME = "0200000000020200000000038888";
  // A switch uses its buffers again: the last PACKET_IN with a number counts.
  const messages = record([
    [0, "c", hello("04")],
    [1, "s", hello("04")],
    [2, "s", packetIn("00000100")],
    [3, "c", packetOut("00000005", "00000100")],
    [4, "s", packetIn("00000101", OTHER_FRAME)],
    [5, "c", flowMod("04", "00000006", "00000101")],
    [6, "s", packetIn("00000100")],
    [7, "c", packetOut("00000007", "00000100")],
  ]);

  it("is that of the living switch, of the PACKET_IN in the place of the recorded one", async () => {
    await play(messages, "c");
    await say(hello("04"));
    expect(await say(packetIn("00000007"))).toEqual(plain(packetOut("00000005", "00000007")));
    expect(await say(packetIn("00000008", OTHER_FRAME))).toEqual(
      plain(flowMod("04", "00000006", "00000008")),
    );
    expect(await say(packetIn("00000100"))).toEqual(plain(packetOut("00000007", "00000100")));
    await pass(300);
    expect(seen.result).toEqual({ played: 4, unplayed: 0, compared: 4, differences: 0 });
  });

  it("of a PACKET_IN that does not come keeps back what has it, and nothing else", async () => {
    await play(messages, "c");
    await say(hello("04"), packetIn("00000008", OTHER_FRAME));
    expect(await pass(5001)).toEqual(plain(flowMod("04", "00000006", "00000008")));
    expect(await say(packetIn("00000009"))).toEqual(plain(packetOut("00000007", "00000009")));
    await pass(300);
    expect(seen.differences).toEqual([
      { kind: "MISSING", message: 3, type: "PACKET_IN" },
      { kind: "UNSENT", message: 4, type: "PACKET_OUT", lacks: { message: 3, type: "PACKET_IN" } },
    ]);
    expect(seen.result).toEqual({ played: 3, unplayed: 1, compared: 3, differences: 1 });
  });

  it("of a switch that keeps no packets is none, and the packet goes back", async () => {
    await play(messages, "c");
    await say(hello("04"));
    expect(await say(packetIn(NO_BUFFER))).toEqual(
      plain(`040d0026 00000005 ${NO_BUFFER} fffffffd 0000 000000000000 ${FRAME}`),
    );
    expect(await say(packetIn(NO_BUFFER, OTHER_FRAME))).toEqual(plain(flowMod("04", "00000006", NO_BUFFER)));
    const values = [{ path: "msg.buffer_id", recorded: "256", now: '"NO_BUFFER"' }];
    expect(seen.differences[0]).toEqual({ kind: "DIFFERENT", message: 3, type: "PACKET_IN", values });
    expect(kinds()).toEqual([
      ["DIFFERENT", 3],
      ["DIFFERENT", 5],
    ]);
  });

  it("that we have played as the switch must come back", async () => {
    await play(messages, "s");
    expect(await say(hello("04"))).toEqual(plain(hello("04"), packetIn("00000100")));
    await say(packetOut("000000aa", "00000101"));
    const values = [{ path: "msg.buffer_id", recorded: "256", now: "257" }];
    expect(seen.differences).toEqual([{ kind: "DIFFERENT", message: 4, type: "PACKET_OUT", values }]);
  });

  it("is expected in the ERROR about the message that had it", async () => {
    const error = (buffer: string): string =>
      `04010018 00000005 0001 0008 ${packetOut("00000005", buffer).replaceAll(" ", "").slice(0, 24)}`;
    await play([...messages.slice(0, 4), ...record([[4, "s", error("00000100")]])], "c");
    await say(hello("04"), packetIn("00000007"), error("00000007"));
    await pass(300);
    expect(seen.result).toEqual({ played: 2, unplayed: 0, compared: 3, differences: 0 });
    await play([...messages.slice(0, 4), ...record([[4, "s", error("00000100")]])], "c");
    await say(hello("04"), packetIn("00000007"), error("00000100"));
    expect(kinds()).toEqual([["DIFFERENT", 5]]);
  });
});

describe("the number of a bundle", () => {
  const control = (xid: string, id: string, step: string): string => `05210010 ${xid} ${id} ${step} 0000`;
  const add = (xid: string, id: string, inner = xid): string =>
    `05220018 ${xid} ${id} 0000 0000 05140008 ${inner}`;
  const messages = record([
    [0, "c", hello("05")],
    [1, "s", hello("05")],
    [2, "c", control("00000002", "00000001", "0000")],
    [3, "s", control("00000002", "00000001", "0001")],
    [4, "c", add("00000003", "00000001")],
    [5, "c", control("00000004", "00000001", "0004")],
    [6, "s", control("00000004", "00000001", "0005")],
  ]);

  it("is that of the living controller in our answers, and its transaction ids are", async () => {
    await play(messages, "s");
    await say(hello("05"));
    expect(await say(control("000000a2", "00000055", "0000"))).toEqual(
      plain(control("000000a2", "00000055", "0001")),
    );
    expect(await say(add("000000a3", "00000055"), control("000000a4", "00000055", "0004"))).toEqual(
      plain(control("000000a4", "00000055", "0005")),
    );
    await pass(300);
    expect(seen.result).toEqual({ played: 3, unplayed: 0, compared: 4, differences: 0 });
  });

  it("must stay the same, and the inner transaction id must be the outer one", async () => {
    await play(messages, "s");
    await say(hello("05"), control("000000a2", "00000055", "0000"));
    await say(add("000000a3", "00000056", "00000003"));
    expect(seen.differences).toEqual([
      {
        kind: "DIFFERENT",
        message: 5,
        type: "BUNDLE_ADD_MESSAGE",
        values: [
          { path: "msg.bundle_id", recorded: "85", now: "86" },
          { path: "msg.message.xid", recorded: "163", now: "3" },
        ],
      },
    ]);
  });
});

describe("other values that are repeated", () => {
  it("are addresses of ports, each of its own port", async () => {
    const port = (number: string, address: string): string =>
      `${number} 00000000 ${address} 0000 ${"00".repeat(16)} ${"00000000".repeat(8)}`;
    const ports = (...list: string[]): string => `04130090 00000002 000d 0000 00000000 ${list.join("")}`;
    const portMod = (address: string): string =>
      `04100028 00000003 00000001 00000000 ${address} 0000 00000001 00000001 00000000 00000000`;
    const messages = record([
      [0, "c", "04120010 00000002 000d 0000 00000000"],
      [1, "s", ports(port("00000001", "0a0000000001"), port("fffffffe", "0a0000000001"))],
      [2, "c", portMod("0a0000000001")],
    ]);
    const first = port("00000001", "0b0000000001");
    const local = port("fffffffe", "0b0000000009");
    for (const living of [ports(first, local), ports(local, first)]) {
      await play(messages, "c");
      expect(await say(living)).toEqual(plain(portMod("0b0000000001")));
      expect(kinds()).toEqual([["DIFFERENT", 2]]);
    }
  });

  it("are continuations of paused packets, of any length", async () => {
    const packet = "0000 0008 aabbccdd";
    const paused = (length: string, continuation: string): string =>
      `0404${length} 00000000 00002320 0000001e ${packet} ${continuation}`;
    const resume = (length: string, continuation: string): string =>
      `0404${length} 00000009 00002320 0000001c ${packet} ${continuation}`;
    const short = "0008 0008 00000001";
    const long = "0008 000c 00000002 00000003 00000000";
    const messages = record([
      [0, "c", "0405000800000001"],
      [1, "s", paused("0020", short)],
      [2, "c", resume("0020", short)],
    ]);
    await play(messages, "c");
    expect(await say(paused("0028", long))).toEqual(plain(resume("0028", long)));
    expect(seen.differences).toEqual([]);
  });

  it("keep a message back when they make it too long", async () => {
    const paused = (rest: string): string => `0404${rest}`;
    const messages = record([
      [0, "c", "0405000800000001"],
      [1, "s", paused("0018 00000000 00002320 0000001e 0008 0008 00000001")],
      [2, "c", "04040020 00000009 00002320 0000001c 0000 0008 aabbccdd 0008 0008 00000001"],
    ]);
    await play(messages, "c");
    const longest = `0008 ffe8 ${"00".repeat(0xffe4)}`;
    expect(await say(paused(`fff8 00000000 00002320 0000001e ${longest}`))).toEqual([]);
    expect(seen.differences).toEqual([
      { kind: "UNSENT", message: 3, type: "NXT_RESUME", lacks: { message: 2, type: "NXT_PACKET_IN2" } },
    ]);
  });

  it("are the request that changed a flow, in what a monitor of flows says", async () => {
    const news = (xid: string): string => `05130018 00000000 0010 0000 00000000 0008 0004 ${xid}`;
    const messages = record([
      [0, "c", flowMod("05", "00000003", NO_BUFFER)],
      [1, "s", news("00000003")],
    ]);
    await play(messages, "s");
    expect(await say(flowMod("05", "000000a3", NO_BUFFER))).toEqual(plain(news("000000a3")));
  });

  it("are generations of roles, which are told, too", async () => {
    const role = (type: string, xid: string, generation: string): string =>
      `04${type}0018 ${xid} 00000002 00000000 ${generation}`;
    const messages = record([
      [0, "c", role("18", "00000003", "0000000000000005")],
      [1, "s", role("19", "00000003", "0000000000000005")],
    ]);
    await play(messages, "s");
    expect(await say(role("18", "000000a3", "fffffffffffffff9"))).toEqual(
      plain(role("19", "000000a3", "fffffffffffffff9")),
    );
    expect(kinds()).toEqual([["DIFFERENT", 1]]);
  });

  it("are not those that are equal by chance", async () => {
    // The xid of PACKET_IN is that of HELLO.
    const chance = packetIn(NO_BUFFER).replace("00000000", "00000001");
    const messages = record([
      [0, "c", hello("04")],
      [1, "s", chance],
    ]);
    await play(messages, "s");
    expect(await say("0400000800000077")).toEqual(plain(chance));
  });
});
