// `oftr replay`, as a process: what it refuses, how it finds a recording, what it prints.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Conversation, ConversationWriter } from "../../src/pcap/index.js";
import { Workshop } from "../ops/daemon-process.js";

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let workshop: Workshop;

beforeAll(async () => {
  workshop = new Workshop();
  await workshop.build();
});

const HELLO = "0400000800000001";
const BARRIER = "0414000800000005";
const BARRIER_REPLY = "0415000800000005";

let server: Server;
let peers: Socket[];
/** What the peer says, after so many bytes. */
let answer: (got: Buffer, socket: Socket) => void;

beforeEach(async () => {
  peers = [];
  answer = () => undefined;
  server = createServer((socket) => {
    peers.push(socket);
    let got = Buffer.alloc(0);
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      got = Buffer.concat([got, chunk]);
      answer(got, socket);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});

afterEach(() => {
  for (const peer of peers) peer.destroy();
  server.close();
});

afterAll(() => workshop.remove());

/** A recording of connections, each a list of sender and bytes. */
function recording(
  name: string,
  ...connections: (readonly (readonly ["switch" | "controller", string])[])[]
): string {
  const writer = new ConversationWriter({ program: "test", name: "test", description: "" });
  for (const [i, messages] of connections.entries()) {
    const conversation: Conversation = {
      client: { host: "10.0.0.1", port: 40_000 + i },
      server: { host: "10.0.0.2", port: 6653 },
      clientIsRemote: true,
    };
    writer.open(conversation, { sec: 1, nsec: 0 });
    for (const [n, [sender, hex]] of messages.entries()) {
      const time = { sec: 1, nsec: n * 1000 };
      writer.add(conversation, sender === "switch" ? "client" : "server", Buffer.from(hex, "hex"), time);
    }
  }
  return file(name, Buffer.from(writer.take()));
}

const SESSION = [
  ["switch", HELLO],
  ["controller", HELLO],
  ["controller", BARRIER],
  ["switch", BARRIER_REPLY],
] as const;

const where = (): string => `tcp:127.0.0.1:${(server.address() as AddressInfo).port}`;
const masked = (text: string): string => text.replaceAll(`${workshop.folder}/`, "DIR/");

function file(name: string, content: Buffer): string {
  writeFileSync(workshop.path(name), content);
  return workshop.path(name);
}

async function replay(...args: string[]): Promise<Ran> {
  const child = spawn(process.execPath, [workshop.path("main.cjs"), "replay", ...args]);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const [code] = (await once(child, "close")) as [number];
  return { code, stdout, stderr };
}

const asSwitch = (...args: string[]): Promise<Ran> =>
  replay(...args, "--as=switch", `--connect=${where()}`, "--speed=max");

describe("oftr replay", () => {
  it("plays the switch, and finds no difference in what is the same", async () => {
    answer = (got, socket) => {
      if (got.length === 8) socket.write(Buffer.from(`${HELLO}04140008000000ff`, "hex"));
    };
    const { code, stdout } = await asSwitch(recording("same", SESSION));
    expect([code, stdout]).toEqual([0, "2 messages played, 2 compared: no difference\n"]);
  });

  it("tells differences for people and for programs, and ends with 12", async () => {
    answer = (got, socket) => {
      if (got.length === 8) socket.write(Buffer.from(`${HELLO}0405000800000002`, "hex"));
    };
    const file = recording("different", SESSION);
    expect(await asSwitch(file, "--wait=1")).toMatchObject({
      code: 12,
      stdout:
        'after message 2: unexpected FEATURES_REQUEST: {"type":"FEATURES_REQUEST","xid":2,"version":4,"msg":{}}\n' +
        "message 3 BARRIER_REQUEST: missing: it did not come within 1 s of its time\n" +
        "message 4 BARRIER_REPLY: not sent: it needs message 3 BARRIER_REQUEST\n" +
        "1 message played, 1 not sent, 1 compared: 2 differences\n",
    });
    const { stdout } = await asSwitch(file, "--wait=1", "-j");
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { kind: "UNEXPECTED", message: 2, type: "FEATURES_REQUEST", data: "0405000800000002" },
      { kind: "MISSING", message: 3, type: "BARRIER_REQUEST" },
      {
        kind: "UNSENT",
        message: 4,
        type: "BARRIER_REPLY",
        lacks: { message: 3, type: "BARRIER_REQUEST" },
      },
      { played: 1, unplayed: 1, compared: 1, differences: 2 },
    ]);
  });

  it("says what to ignore where nothing but counters differ", async () => {
    // OF 1.0: packets, bytes, flows.
    const aggregate = (packets: string, flows: string): string =>
      `01110024000000050002000000000000000000${packets}000000000000000a000000${flows}00000000`;
    const file = recording("counters", [
      ["controller", "0100000800000001"],
      ["switch", aggregate("07", "01")],
      ["switch", aggregate("08", "02")],
    ]);
    answer = (_, socket) => socket.write(Buffer.from(aggregate("09", "01") + aggregate("09", "03"), "hex"));
    const asController = [file, "--as=controller", `--connect=${where()}`, "--speed=max"];
    expect(await replay(...asController)).toEqual({
      code: 12,
      stdout:
        "message 2 AGGREGATE_STATS_REPLY: msg.packet_count: recorded 7, now 9\n" +
        "message 3 AGGREGATE_STATS_REPLY: msg.packet_count: recorded 8, now 9\n" +
        "message 3 AGGREGATE_STATS_REPLY: msg.flow_count: recorded 2, now 3\n" +
        "1 message played, 2 compared: 2 differences\n",
      stderr: "replay: 1 of these differs in counters only: --ignore=counters\n",
    });
    expect(await replay(...asController, "--ignore=counters,msg.flow_count")).toEqual({
      code: 0,
      stdout: "1 message played, 2 compared: no difference\n",
      stderr: "",
    });
  });

  it("asks which connection is meant, and plays that one", async () => {
    const file = recording("two", SESSION, SESSION.slice(0, 3));
    const { code, stderr } = await asSwitch(file);
    expect(code).toBe(10);
    expect(masked(stderr)).toBe(
      "Error: DIR/two: 2 connections are in it; --conn says which one:\n" +
        "  1: 10.0.0.1:40000 and 10.0.0.2:6653, 4 messages\n" +
        "  2: 10.0.0.1:40001 and 10.0.0.2:6653, 3 messages\n",
    );
    expect(masked((await asSwitch(file, "--conn=3")).stderr)).toMatch(
      /^Error: DIR\/two: connection 3 is not in it:/,
    );
    answer = (got, socket) => {
      if (got.length === 8) socket.write(Buffer.from(HELLO + BARRIER, "hex"));
    };
    expect((await asSwitch(file, "--conn=2")).stdout).toBe("1 message played, 2 compared: no difference\n");
  });

  it("tells what it cannot play", async () => {
    const none = await asSwitch(file("none", Buffer.from("no capture")));
    expect([none.code, masked(none.stderr)]).toEqual([
      10,
      "Error: DIR/none: no OpenFlow connection is in it\n",
    ]);
    const absent = await asSwitch(`${workshop.path("absent")}`);
    expect([absent.code, masked(absent.stderr)]).toEqual([
      9,
      "Error: opening DIR/absent: no such file or directory\n",
    ]);
    const silent = await asSwitch(
      recording("silent", [
        ["controller", HELLO],
        ["controller", BARRIER],
      ]),
    );
    expect([silent.code, masked(silent.stderr)]).toEqual([
      10,
      "Error: DIR/silent: connection 1: the switch says nothing in it\n",
    ]);
    const greeting = await asSwitch(
      recording("greeting", [
        ["controller", HELLO],
        ["switch", HELLO],
      ]),
    );
    expect(masked(greeting.stderr)).toBe(
      "Error: DIR/greeting: connection 1: no message tells which side is the switch\n",
    );
  });

  it.each([
    [[], "replay: one FILE is expected.  Try: 'replay -help'"],
    [["x"], "replay: --as switch or --as controller is needed"],
    [
      ["x", "--as=switch"],
      "replay: one of --connect and --listen is needed: the address of the other side, or where to wait for it",
    ],
    [
      ["x", "--as=switch", "--connect=tcp:127.0.0.1:1", "--speed=fast"],
      "replay: for the -speed option: 'fast' is neither a number above 0 nor max",
    ],
    [
      ["x", "--as=switch", "--connect=127.0.0.1:1"],
      "replay: '127.0.0.1:1': tcp:ADDRESS:PORT is expected, such as tcp:127.0.0.1:6653 or tcp:[::1]:6653",
    ],
  ])("refuses %j", async (args, text) => {
    const { code, stderr } = await replay(...args);
    expect([code, stderr]).toEqual([1, `${text}\n`]);
  });
});
