// `oftr tap` and `oftr record`, as processes, with a daemon and a simulated switch.
import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/channel/index.js";
import { connectSwitch, type SimulatedSwitch } from "../../src/switch/index.js";
import { type DaemonProcess, freePort, Texts, Workshop } from "../ops/daemon-process.js";
import { poll } from "../peers/programs.js";

const DATAPATH = "00:00:00:00:00:00:00:2a";
const hasTshark = spawnSync("tshark", ["-v"]).status === 0;

let workshop: Workshop;
let to: string;
let port: number;
const children: ChildProcess[] = [];
const switches: SimulatedSwitch[] = [];

beforeAll(async () => {
  workshop = new Workshop();
  await workshop.build();
  to = `unix:${workshop.path("s")}`;
});

afterEach(() => {
  for (const one of switches.splice(0)) one.close();
  for (const child of children.splice(0)) child.kill("SIGKILL");
  workshop.killAll();
});

afterAll(() => workshop.remove());

/** A command that goes on. */
class Running {
  readonly child: ChildProcess;
  readonly said: Texts;
  readonly out: Buffer[] = [];
  readonly code: Promise<number>;

  constructor(...args: string[]) {
    this.child = spawn(process.execPath, [workshop.path("main.cjs"), ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.push(this.child);
    this.child.stdout?.on("data", (chunk: Buffer) => this.out.push(chunk));
    this.said = new Texts(this.child.stderr as NonNullable<ChildProcess["stderr"]>, "\n");
    this.code = once(this.child, "close").then(([code]) => code as number);
  }

  get text(): string {
    return Buffer.concat(this.out).toString();
  }

  async stop(): Promise<number> {
    this.child.kill("SIGINT");
    return this.code;
  }
}

/** The switch is in this process: it must go on meanwhile. */
async function call(method: string, params: object): Promise<unknown> {
  const args = [workshop.path("main.cjs"), "call", "--to", to, method, JSON.stringify(params)];
  return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout);
}

async function serve(...more: string[]): Promise<DaemonProcess> {
  port = await freePort();
  const daemon = workshop.start([`--listen=${to}`, `--openflow=tcp:127.0.0.1:${port}`, ...more]);
  await daemon.logged("ready");
  return daemon;
}

async function join(at = port): Promise<void> {
  const options = { version: 4, datapathId: DATAPATH, ports: 1 } as const;
  switches.push(await connectSwitch({ host: "127.0.0.1", port: at }, options, systemClock()));
}

/** Waits until the daemon has so many taps, or a connection to be asked. */
const tapped = (): Promise<unknown> =>
  poll(
    "the tap",
    async () => ((await call("OFP.TAP", { enabled: false })) as { taps: number }).taps,
    (taps) => taps > 0,
  );
const up = (): Promise<unknown> =>
  poll(
    "the switch",
    async () => (await call("OFP.LIST_CONNECTIONS", { conn_id: 0 })) as { stats: { datapath_id: string }[] },
    ({ stats }) => stats.some(({ datapath_id }) => datapath_id === DATAPATH),
  );

describe("oftr tap", () => {
  it("prints what goes both ways as JSON lines, and stops after so many messages", async () => {
    await serve();
    await join();
    await up();
    const tap = new Running("tap", "--to", to, "-j", "--count=2", "--datapath=0x2a", "--msg-exclude=ECHO_*");
    await tapped();
    await call("OFP.REQUEST", { datapath_id: DATAPATH, type: "BARRIER_REQUEST", xid: 77 });
    expect(await tap.code).toBe(0);
    const lines = tap.text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const common = { xid: 77, version: 4, datapath_id: DATAPATH, msg: {} };
    expect(lines).toMatchObject([
      { type: "BARRIER_REQUEST", ...common, src: `127.0.0.1:${port}` },
      { type: "BARRIER_REPLY", ...common, dst: `127.0.0.1:${port}` },
    ]);
    expect(lines[0]?.dst).toBe(lines[1]?.src);
    expect(Number(lines[0]?.time)).toBeGreaterThan(1_700_000_000);
  });

  it("prints a line for each message with --brief, and which way it goes", async () => {
    await serve();
    await join();
    await up();
    const tap = new Running("tap", "--to", to, "-b", "--count=2", "--msg-include=FLOW_MOD,BARRIER_REPLY");
    await tapped();
    const match = [{ field: "ETH_TYPE", value: 2054 }];
    const msg = { table_id: 0, command: "ADD", priority: 5, match, instructions: [] };
    await call("OFP.SEND", { datapath_id: DATAPATH, type: "FLOW_MOD", xid: 76, msg });
    await call("OFP.REQUEST", { datapath_id: DATAPATH, type: "BARRIER_REQUEST", xid: 77 });
    expect(await tap.code).toBe(0);
    const [flow, barrier, ...more] = tap.text.trimEnd().split("\n");
    expect(flow).toMatch(/^\d\d:\d\d:\d\d\.\d{9} c\d+ -> FLOW_MOD +76 +add priority=5,arp actions=drop$/);
    expect(barrier).toMatch(/^\d\d:\d\d:\d\d\.\d{9} c\d+ <- BARRIER_REPLY +77$/);
    expect(more).toEqual([]);
  });

  it.each(["the tap", "the daemon"])(
    "tells how many messages it has missed when %s is ended",
    async (which) => {
      const SENT = 6000;
      const daemon = await serve("--limit=tap-bytes=65536");
      await join();
      await up();
      const tap = new Running("tap", "--to", to, "-j", "--msg-include=PACKET_IN");
      await tapped();
      // It cannot write, so it does not read: most of them are missed.
      tap.child.stdout?.pause();
      for (let i = 0; i < SENT; i++) switches[0]?.inject(1, Buffer.alloc(60));
      // The answer comes behind the last one.
      await call("OFP.REQUEST", { datapath_id: DATAPATH, type: "BARRIER_REQUEST" });
      const first = which === "the tap" ? tap.child : daemon.child;
      first.kill("SIGTERM");
      tap.child.stdout?.resume();
      expect(await tap.code).toBe(which === "the tap" ? 0 : 10);
      const shown = tap.text.split("\n").length - 1;
      const total = tap.said.all.find((line) => line.includes("messages taken"));
      const [, taken, missed] = /^tap: (\d+) messages taken, (\d+) missed$/.exec(total ?? "") ?? [];
      expect(Number(taken)).toBe(shown);
      expect(Number(missed)).toBeGreaterThan(0);
      expect(shown + Number(missed)).toBe(SENT);
    },
  );

  it("says why there is nothing to see", async () => {
    await serve();
    const wrong = new Running("tap", "--to", to, "--msg-include=FLOWMOD");
    expect(await wrong.code).toBe(1);
    expect(wrong.said.all[0]).toMatch(/no message type is like "FLOWMOD".*did you mean FLOW_MOD/);
    const nobody = new Running("tap", "--to", `${to}x`);
    expect(await nobody.code).toBe(10);
    expect(nobody.said.all[0]).toContain("no daemon serves there");
    const both = new Running("tap", "-j", "-w", "x");
    expect([await both.code, both.said.all[0]]).toEqual([
      1,
      "tap: --json, --brief and --pkt-decode are about printing, and --write prints nothing",
    ]);
  });

  it.runIf(hasTshark)("writes a capture to a pipe that has the whole conversation", async () => {
    await serve();
    const tap = new Running("tap", "--to", to, "-w", "-", "--handshakes", "--echoes");
    await tapped();
    await join();
    await up();
    await call("OFP.REQUEST", { datapath_id: DATAPATH, type: "BARRIER_REQUEST", xid: 77 });
    expect(await tap.stop()).toBe(0);
    const file = workshop.path("tap.pcapng");
    writeFileSync(file, Buffer.concat(tap.out));
    const columns = ["-T", "fields", "-E", "separator=|", "-e", "tcp.flags.syn", "-e", "tcp.payload"];
    const rows = execFileSync("tshark", ["-r", file, ...columns], { stdio: ["ignore", "pipe", "ignore"] });
    const shown = rows
      .toString()
      .trimEnd()
      .split("\n")
      .map((row) => row.replace(/\|..(..).*/, "|$1"));
    // The connection; then HELLO, FEATURES, PORT_DESC and BARRIER in both directions.
    expect(shown).toEqual([
      ...["1|", "1|", "0|"],
      ...["0|00", "0|00", "0|05", "0|06", "0|12", "0|13", "0|14", "0|15"],
    ]);
  });
});

describe("oftr record", () => {
  it("stands between both sides, passes on what they say, and ends with them", async () => {
    await serve();
    const file = workshop.path("proxy.pcapng");
    const front = await freePort();
    const record = new Running(
      "record",
      file,
      "--listen",
      `tcp:127.0.0.1:${front}`,
      "--connect",
      `tcp:127.0.0.1:${port}`,
    );
    await record.said.with("recording what is passed on");
    await join(front);
    await up();
    for (const one of switches.splice(0)) one.close();
    expect(await record.stop()).toBe(0);
    const bytes = readFileSync(file).toString("hex");
    // FEATURES_REQUEST, and the datapath_id of the answer.
    expect(bytes).toContain("04050008");
    expect(bytes).toContain("000000000000002a");
  });

  it("passes on what they say when the disk is full, and fails in the end", async () => {
    const server: Server = createServer((socket) => socket.pipe(socket)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const target = (server.address() as { port: number }).port;
    const [front, file] = [await freePort(), workshop.path("full.pcapng")];
    const words = [
      "record",
      file,
      "--listen",
      `tcp:127.0.0.1:${front}`,
      "--connect",
      `tcp:127.0.0.1:${target}`,
    ];
    // Files may have two blocks of 512 bytes, or of 1024.
    const limited = [
      "-c",
      'ulimit -f 2; exec "$@"',
      "sh",
      process.execPath,
      workshop.path("main.cjs"),
      ...words,
    ];
    const record = spawn("sh", limited, { stdio: ["ignore", "ignore", "pipe"] });
    children.push(record);
    const said = new Texts(record.stderr, "\n");
    await said.with("recording");
    const socket = connect(front, "127.0.0.1");
    for (let n = 0; n < 4; n++) {
      const frame = Buffer.concat([Buffer.from("040203e800000001", "hex"), Buffer.alloc(992, n)]);
      socket.write(frame);
      for (let bytes = 0; bytes < frame.length; )
        bytes += ((await once(socket, "data")) as [Buffer])[0].length;
    }
    expect(await said.next()).toMatch(/^Error: writing .*full.pcapng: EFBIG/);
    expect(await said.next()).toBe("record: connections are passed on, but no longer recorded");
    socket.destroy();
    server.close();
    record.kill("SIGINT");
    expect(await once(record, "exit")).toEqual([10, null]);
  });

  it("passes TLS on, and says that it stays encrypted", async () => {
    const server: Server = createServer((socket) => socket.pipe(socket)).listen(0, "127.0.0.1");
    await once(server, "listening");
    const target = (server.address() as { port: number }).port;
    const front = await freePort();
    const record = new Running(
      "record",
      "-",
      "--listen",
      `tcp:127.0.0.1:${front}`,
      "--connect",
      `tcp:127.0.0.1:${target}`,
    );
    await record.said.with("recording");
    const socket = connect(front, "127.0.0.1");
    socket.write(Buffer.from("160301002a0100002603", "hex"));
    const [echoed] = (await once(socket, "data")) as [Buffer];
    expect(echoed.toString("hex")).toBe("160301002a0100002603");
    expect(await record.said.next()).toBe(
      "record: connection 1 speaks TLS: its bytes are passed on and recorded, but they stay encrypted",
    );
    socket.destroy();
    server.close();
    await record.stop();
  });

  it("tells what cannot be recorded so", async () => {
    const refusals = [
      [
        ["x", "--listen=tcp:127.0.0.1:1"],
        "record: --listen and --connect belong together: oftr stands between both sides",
      ],
      [
        ["x", "--listen=tls:127.0.0.1:1", "--connect=tcp:127.0.0.1:1"],
        "record: 'tls:127.0.0.1:1': only tcp: is possible here; to see what TLS carries, tap a daemon that terminates it",
      ],
      [
        ["x", "--listen=tcp:localhost:1", "--connect=tcp:127.0.0.1:1"],
        "record: 'tcp:localhost:1': tcp:ADDRESS:PORT is expected, such as tcp:127.0.0.1:6653 or tcp:[::1]:6653",
      ],
      [[], "record: one FILE is expected.  Try: 'record -help'"],
    ] as const;
    for (const [args, text] of refusals) {
      const record = new Running("record", ...args);
      expect([await record.code, record.said.all]).toEqual([1, [text]]);
    }
  });
});
