// The daemon as a process: pipes, sockets, signals, exit codes. What it answers is tested in test/rpc.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, lstatSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/channel/index.js";
import { connectSwitch } from "../../src/switch/index.js";

const DESCRIPTION = '{"id":7,"method":"OFP.DESCRIPTION"}';
const REPLY =
  /^\{"id":7,"result":\{"api_version":"0\.9","sw_desc":"[^"]+","versions":\[1,2,3,4,5,6\],"features":\[.*\]\}\}$/;

let folder: string;
let bundle: string;
/** Descriptor of an open file. */
let file: number;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "oftr-"));
  bundle = join(folder, "main.cjs");
  file = openSync(join(folder, "open"), "w");
  await build({
    entryPoints: [fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url))],
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile: bundle,
    footer: { js: "main(process.argv.slice(2)).then((code) => { process.exitCode = code; });" },
    logLevel: "error",
  });
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

afterAll(() => {
  closeSync(file);
  rmSync(folder, { recursive: true, force: true });
});

/** A daemon, and what comes out of it. */
class Daemon {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  stderr = "";

  constructor(...args: string[]) {
    this.child = spawn(process.execPath, [bundle, "jsonrpc", ...args], {
      // A socket at descriptor 3 and a file at 4, for those who are told to use them.
      stdio: ["pipe", "pipe", "pipe", "pipe", file],
    });
    children.push(this.child);
    this.ended = once(this.child, "exit").then(([code]) => code as number | null);
    this.child.stderr?.on("data", (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
  }

  get stdin(): Writable {
    return this.child.stdin as Writable;
  }

  get stdout(): Readable {
    return this.child.stdout as Readable;
  }

  request(text: string): void {
    this.stdin.write(`${text}\0`);
  }
}

/** The texts of a stream, as they come. */
class Texts {
  readonly all: string[] = [];
  #rest = "";
  #wake: () => void = () => undefined;
  #next = 0;

  constructor(stream: Readable) {
    stream.on("data", (chunk: Buffer) => {
      const texts = (this.#rest + chunk.toString()).split("\0");
      this.#rest = texts.pop() as string;
      this.all.push(...texts);
      this.#wake();
    });
  }

  async next(): Promise<string> {
    while (this.#next >= this.all.length) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.all[this.#next++] as string;
  }

  /** The next text that has this in it. */
  async with(part: string): Promise<string> {
    for (;;) {
      const text = await this.next();
      if (text.includes(part)) return text;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function listening(daemon: Daemon, texts: Texts): Promise<number> {
  const port = await freePort();
  const params = { endpoint: `127.0.0.1:${port}`, options: ["FEATURES_REQ"] };
  daemon.request(JSON.stringify({ id: 1, method: "OFP.LISTEN", params }));
  expect(await texts.next()).toBe('{"id":1,"result":{"conn_id":1}}');
  return port;
}

describe("oftr jsonrpc", () => {
  it("answers all requests that are complete, then ends with 0 when stdin ends", async () => {
    const daemon = new Daemon();
    const texts = new Texts(daemon.stdout);
    daemon.stdin.end(`${`${DESCRIPTION}\0`.repeat(500)}{"id":8,`);
    expect(await daemon.ended).toBe(0);
    expect(texts.all).toHaveLength(500);
    expect(texts.all.every((text) => REPLY.test(text))).toBe(true);
    expect(daemon.stderr).toBe("");
  });

  it("serves a switch from its first byte to its last", async () => {
    const daemon = new Daemon();
    const texts = new Texts(daemon.stdout);
    const port = await listening(daemon, texts);
    const simulated = await connectSwitch(
      { host: "127.0.0.1", port },
      { version: 4, datapathId: "00:00:00:00:00:00:00:2a", ports: 5, portsPerPart: 2 },
      systemClock(),
    );
    const up = JSON.parse(await texts.next()) as {
      params: { msg: { features: { ports: { name: string }[] } } };
    };
    expect(up.params).toMatchObject({
      type: "CHANNEL_UP",
      version: 4,
      conn_id: 2,
      datapath_id: "00:00:00:00:00:00:00:2a",
    });
    expect(up.params.msg.features.ports.map(({ name }) => name)).toEqual([
      "port1",
      "port2",
      "port3",
      "port4",
      "port5",
    ]);

    simulated.inject(3, Buffer.from("0102", "hex"));
    expect(await texts.next()).toMatch(/"type":"PACKET_IN".*"in_port":3,.*"data":"0102"/);

    daemon.request('{"method":"OFP.SEND","params":{"type":"BARRIER_REQUEST","conn_id":2,"xid":99}}');
    expect(await texts.next()).toMatch(
      /^\{"params":\{"type":"BARRIER_REPLY","time":"\d+\.\d{9}","xid":99,"version":4,/,
    );

    simulated.close();
    expect(await texts.next()).toMatch(/"type":"CHANNEL_DOWN"/);
    daemon.stdin.end();
    expect(await daemon.ended).toBe(0);
  });

  it.each(["SIGTERM", "SIGINT"] as const)(
    "closes everything and ends with 0 at %s, in silence",
    async (signal) => {
      const daemon = new Daemon();
      const texts = new Texts(daemon.stdout);
      const port = await listening(daemon, texts);
      const peer = connect(port, "127.0.0.1");
      await once(peer, "data");
      daemon.child.kill("SIGHUP");
      daemon.request(DESCRIPTION);
      expect(await texts.next()).toMatch(REPLY);
      daemon.child.kill(signal);
      await once(peer, "end");
      expect(await daemon.ended).toBe(0);
      expect(texts.all).toHaveLength(2);
    },
  );

  it("refuses a request that is too big, and ends with 0", async () => {
    const daemon = new Daemon();
    const texts = new Texts(daemon.stdout);
    daemon.stdin.on("error", () => undefined);
    daemon.stdin.write("x".repeat(1 << 20));
    expect(await daemon.ended).toBe(0);
    expect(texts.all).toEqual(['{"id":null,"error":{"code":-32600,"message":"RPC request is too big"}}']);
  });

  it("ends when nobody reads its answers any more", async () => {
    const daemon = new Daemon();
    const texts = new Texts(daemon.stdout);
    daemon.request(DESCRIPTION);
    await texts.next();
    daemon.stdout.destroy();
    daemon.stdin.on("error", () => undefined);
    daemon.request(DESCRIPTION);
    expect(await daemon.ended).toBe(0);
    expect(daemon.stderr).toBe("");
  });

  it("frames texts with headers when told to", async () => {
    const daemon = new Daemon("--binary-protocol");
    const chunks: Buffer[] = [];
    daemon.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    const header = Buffer.from([0, 0, DESCRIPTION.length, 0xf5]);
    daemon.stdin.end(Buffer.concat([header, Buffer.from(DESCRIPTION)]));
    expect(await daemon.ended).toBe(0);
    const bytes = Buffer.concat(chunks);
    expect(bytes.readUIntBE(0, 3)).toBe(bytes.length - 4);
    expect(bytes[3]).toBe(0xf5);
    expect(bytes.toString("utf8", 4)).toMatch(REPLY);
  });

  it("serves one client over a Unix socket, and ends with it", async () => {
    const path = join(folder, "rpc.sock");
    const daemon = new Daemon(`--rpc-socket=${path}`);
    const client = await connectWhenThere(path);
    const texts = new Texts(client);
    client.write(`${DESCRIPTION}\0`);
    expect(await texts.next()).toMatch(REPLY);
    client.end(`${DESCRIPTION}\0`);
    expect(await texts.next()).toMatch(REPLY);
    expect(await daemon.ended).toBe(0);
  });

  it("ends with 0 at a signal while it waits for a client", async () => {
    const path = join(folder, "idle.sock");
    const daemon = new Daemon(`--rpc-socket=${path}`);
    while (lstatSync(path, { throwIfNoEntry: false }) === undefined) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    daemon.child.kill("SIGTERM");
    expect(await daemon.ended).toBe(0);
  });

  it("serves over a descriptor that it inherits", async () => {
    const daemon = new Daemon("--rpc-socket=3");
    const socket = daemon.child.stdio[3] as Socket;
    const texts = new Texts(socket);
    socket.write(`${DESCRIPTION}\0`);
    expect(await texts.next()).toMatch(REPLY);
    socket.end();
    expect(await daemon.ended).toBe(0);
  });

  it.each([
    [
      "a descriptor that is no socket",
      () => "--rpc-socket=4",
      /^jsonrpc: fd:4: this descriptor is not a socket\n$/,
    ],
    [
      "a file that is no socket",
      () => {
        writeFileSync(join(folder, "file"), "precious");
        return `--rpc-socket=${join(folder, "file")}`;
      },
      /^jsonrpc: unix:.*file: the file exists and is not a socket; .*\n$/,
    ],
    ["a folder that is not there", () => `--rpc-socket=${join(folder, "no", "s")}`, /^jsonrpc: .+\n$/],
  ])("ends with 10 when it shall serve at %s", async (what, option, message) => {
    const daemon = new Daemon(option());
    expect(await daemon.ended).toBe(10);
    expect(daemon.stderr).toMatch(message);
    if (what.startsWith("a file")) expect(readFileSync(join(folder, "file"), "utf8")).toBe("precious");
  });

  it.each([
    ["--nope", "Unknown command line argument"],
    ["--trace=bogus", "Cannot find option named 'bogus'"],
    ["operand", "Too many positional arguments"],
  ])("ends with 1 for %s", async (arg, message) => {
    const daemon = new Daemon(arg);
    expect(await daemon.ended).toBe(1);
    expect(daemon.stderr).toContain(message);
  });

  it("logs to a file, and traces what it is told to", async () => {
    const logfile = join(folder, "log");
    const daemon = new Daemon("--trace=rpc", `--logfile=${logfile}`);
    const texts = new Texts(daemon.stdout);
    daemon.stdin.end(`${DESCRIPTION}\0`);
    expect(await daemon.ended).toBe(0);
    expect(texts.all).toHaveLength(1);
    const lines = readFileSync(logfile, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { msg: string; text: string });
    expect(lines.map(({ msg, text }) => [msg, text])).toEqual([
      ["client connected", undefined],
      ["ready", undefined],
      ["read rpc", DESCRIPTION],
      ["write rpc", texts.all[0]],
      ["client gone", undefined],
    ]);
  });

  it("traces messages in both directions, from the first", async () => {
    const logfile = join(folder, "messages");
    const daemon = new Daemon("--trace=msg", `--logfile=${logfile}`);
    const port = await listening(daemon, new Texts(daemon.stdout));
    const peer = connect(port, "127.0.0.1");
    peer.write(Buffer.from("0400000800000007", "hex"));
    for (let bytes = 0; bytes < 16; ) bytes += ((await once(peer, "data")) as [Buffer])[0].length;
    daemon.stdin.end();
    await daemon.ended;
    const lines = readFileSync(logfile, "utf8").match(/"conn_id":2,"frame":"\w+","msg":"\w+ message"/g);
    expect(lines).toEqual([
      '"conn_id":2,"frame":"0600000800000000","msg":"write message"',
      '"conn_id":2,"frame":"0400000800000007","msg":"read message"',
      '"conn_id":2,"frame":"0405000800000001","msg":"write message"',
    ]);
  });

  it("keeps its memory small, and the switch served, while the client does not read", async () => {
    const daemon = new Daemon();
    const texts = new Texts(daemon.stdout);
    const port = await listening(daemon, texts);
    daemon.stdout.pause();
    const peer = connect(port, "127.0.0.1");
    await once(peer, "connect");
    const frames = (...hex: string[]): Buffer => Buffer.from(hex.join(""), "hex");
    peer.write(frames("0400000800000007", `04060020000000010000000000000005${"0".repeat(32)}`));
    peer.write(frames("0413001000000002000d000000000000"));
    const packetIn = frames(
      "040a0422000000",
      "00ffffffff0400000000000000000000000001000400000000",
      "0000",
      "ab".repeat(1024),
    );
    const flood = Buffer.concat(Array.from({ length: 1000 }, () => packetIn));
    let answered = false;
    peer.on("data", (chunk: Buffer) => {
      if (chunk.includes(frames("04030008000000aa"))) answered = true;
    });
    for (let i = 0; i < 100; i++) if (!peer.write(flood)) await once(peer, "drain");
    peer.write(frames("04150008000000bb", "04020008000000aa"));
    while (!answered) await once(peer, "data");

    const rss = Number(
      /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${daemon.child.pid}/status`, "utf8"))?.[1],
    );
    expect(rss).toBeLessThan(200_000);
    daemon.stdout.resume();
    await texts.with('"xid":187');
    const packets = texts.all.filter((text) => text.includes("PACKET_IN")).length;
    // Those that the pipe held: the reply overtakes the others.
    expect(packets).toBeGreaterThan(0);
    expect(packets).toBeLessThan(50_000);
    peer.destroy();
  }, 30_000);
});

async function connectWhenThere(path: string): Promise<Socket> {
  for (;;) {
    const socket = connect({ path, allowHalfOpen: true });
    try {
      await once(socket, "connect");
      return socket;
    } catch {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
