import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ClientOptions, WebSocket } from "ws";
import { configureLog, DEFAULT_LIMITS, flushLog } from "../../../src/base/index.js";
import { FramingError, PING_INTERVAL } from "../../../src/rpc/index.js";
import { Echo, hungUp, openDescriptors, temporaryFolder } from "./listening.js";

const TOKEN = "correct-horse-battery-staple";

let echo: Echo;
let folder: ReturnType<typeof temporaryFolder>;
let log: string[];
let url: string;
let port: number;

beforeEach(() => {
  log = [];
  configureLog({ level: "info", destination: { write: (line) => log.push(line) } });
  echo = new Echo();
  folder = temporaryFolder();
});

afterEach(() => {
  echo.close();
  folder.remove();
});

async function serve(options = "", path = "/"): Promise<void> {
  const { local } = await echo.listen(`ws://127.0.0.1:0${path}${options}`);
  url = local;
  port = Number(new URL(local.replace("ws", "http")).port);
}

/** What becomes of an attempt to connect: 101, or the status and text of the answer. */
async function attempt(
  options: ClientOptions = {},
  to = url,
  protocols: string[] = [],
): Promise<[number, string]> {
  const socket = new WebSocket(to, protocols, options);
  return new Promise((resolve, reject) => {
    socket.on("error", reject);
    socket.on("open", () => {
      socket.terminate();
      resolve([101, socket.protocol]);
    });
    socket.on("unexpected-response", (_, response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on("end", () => resolve([response.statusCode as number, body]));
    });
  });
}

async function open(options: ClientOptions = {}): Promise<WebSocket> {
  const socket = new WebSocket(url, options);
  await once(socket, "open");
  return socket;
}

async function answer(socket: WebSocket): Promise<string> {
  const [data, isBinary] = (await once(socket, "message")) as [Buffer, boolean];
  expect(isBinary).toBe(false);
  return data.toString();
}

/** Answers to a plain request. */
function plain(
  path: string,
  headers: Record<string, string> = {},
): Promise<[number | undefined, unknown, string]> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: "127.0.0.1", port, path, headers }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.on("end", () => resolve([response.statusCode, response.headers.upgrade, body]));
    });
    request.on("error", reject);
    request.end();
  });
}

/** A WebSocket that is opened by hand, so that it can misbehave. */
async function raw(): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.write(
    "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
  );
  const [head] = (await once(socket, "data")) as [Buffer];
  expect(String(head)).toMatch(/^HTTP\/1\.1 101 /);
  return socket;
}

describe("a WebSocket endpoint", () => {
  it("serves many clients with one text per frame", async () => {
    await serve();
    const clients = await Promise.all([open(), open()]);
    for (const [i, client] of clients.entries()) client.send(`{"n":"ö${i}"}`);
    expect(await Promise.all(clients.map(answer))).toEqual(['{"n":"ö0"}!', '{"n":"ö1"}!']);
    expect(echo.arrived[0]?.facts).toMatchObject({
      kind: "websocket",
      endpoint: url,
      dialect: "strict",
      files: false,
    });
    expect(echo.arrived[0]?.facts.remote).toMatch(/^127\.0\.0\.1:\d+$/);
    clients[0]?.close();
    await echo.until(() => echo.open === 1);
    expect(echo.arrived.map(({ ends }) => ends.length).sort()).toEqual([0, 1]);
    clients[1]?.terminate();
  });

  it("talks to the WebSocket of browsers, which is not ours", async () => {
    await serve();
    const script = `
      const socket = new WebSocket(process.argv[1], ["jsonrpc"]);
      socket.onopen = () => socket.send("\u00f6".repeat(100000));
      socket.onmessage = ({ data }) => {
        console.log(typeof data, data.length, socket.protocol);
        socket.close(1000, "bye");
      };
      socket.onclose = ({ code, wasClean }) => console.log(code, wasClean);`;
    const child = spawn(process.execPath, ["--experimental-websocket", "-e", script, url]);
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
    });
    expect((await once(child, "close"))[0]).toBe(0);
    expect(out).toBe("string 100001 jsonrpc\n1000 true\n");
    expect(echo.arrived[0]?.ends).toEqual([undefined]);
  });

  it("listens at addresses of IPv6", async () => {
    const { local } = await echo.listen("ws://[::1]:0/");
    expect(local).toMatch(/^ws:\/\/\[::1\]:\d+\/$/);
    url = local;
    const client = await open();
    client.send("x");
    expect(await answer(client)).toBe("x!");
    expect(echo.arrived[0]?.facts.remote).toMatch(/^\[::1\]:\d+$/);
    expect(await attempt({ headers: { Origin: local.replace("ws:", "http:").slice(0, -1) } })).toEqual([
      101,
      "",
    ]);
    client.terminate();
  });

  it("takes texts in fragments, and many at once, in their order", async () => {
    await serve();
    const client = await open();
    const answers: string[] = [];
    client.on("message", (data: Buffer) => answers.push(data.toString()));
    client.send("a", { fin: false });
    client.send("b", { fin: true });
    for (let i = 0; i < 500; i++) client.send(String(i));
    await echo.until(() => echo.arrived[0]?.texts.length === 501);
    while (answers.length < 501) await once(client, "message");
    expect(answers).toEqual(["ab!", ...Array.from({ length: 500 }, (_, i) => `${i}!`)]);
    client.terminate();
  });

  it("refuses binary frames with 1003", async () => {
    await serve();
    const client = await open();
    client.send(Buffer.from("{}"));
    expect((await once(client, "close")).map(String)).toEqual(["1003", "JSON is expected in text frames"]);
    expect(echo.arrived[0]?.texts).toEqual([]);
  });

  it("refuses texts over the limit with 1009, before they have come, and says why", async () => {
    echo.limits = { ...DEFAULT_LIMITS, rpcMessageBytes: 1024 };
    await serve();
    const good = await open();
    good.send("x".repeat(1024));
    expect(await answer(good)).toHaveLength(1025);
    const socket = await raw();
    // A masked text frame of 2^40 bytes, of which none follows.
    socket.write(Buffer.from("81ff0000010000000000aabbccdd", "hex"));
    const [close] = (await once(socket, "data")) as [Buffer];
    expect(close.subarray(0, 4).toString("hex")).toBe("880203f1");
    await echo.until(() => echo.arrived[1]?.ends.length === 1);
    expect(echo.arrived[1]?.ends[0]).toEqual(
      new FramingError(
        "TOO_BIG",
        "RPC request is too big: it has more than 1024 bytes (limit rpc-message-bytes)",
      ),
    );
    socket.destroy();
    good.terminate();
  });

  it.each([
    ["frames that are not masked", "8101", "880203ea"],
    ["reserved bits", "f181000000000041", "880203ea"],
    ["text that is not UTF-8", "818100000000ff", "880203ef"],
    ["garbage", "ffffffffffffffff", "880203ea"],
  ])("closes for %s, and serves others", async (_, hex, close) => {
    await serve();
    const socket = await raw();
    socket.write(Buffer.from(hex, "hex"));
    const [answered] = (await once(socket, "data")) as [Buffer];
    expect(answered.subarray(0, 4).toString("hex")).toBe(close);
    socket.destroy();
    const client = await open();
    client.send("x");
    expect(await answer(client)).toBe("x!");
    client.terminate();
    expect(echo.arrived[0]?.texts).toEqual([]);
  });

  it("answers requests that ask for no WebSocket", async () => {
    await serve("", "/rpc");
    expect(await plain("/rpc")).toEqual([
      426,
      "websocket",
      "this is a WebSocket that speaks JSON-RPC 2.0 in text frames\n",
    ]);
    expect(await plain("/")).toEqual([404, undefined, "there is nothing at this path; RPC is at /rpc\n"]);
    expect(await attempt({}, url.replace("/rpc", "/other"))).toEqual([
      404,
      "there is nothing at this path; RPC is at /rpc\n",
    ]);
    expect(await attempt({}, `${url}?query`)).toEqual([101, ""]);
  });

  it("lets pages of its own and of its list in, no others", async () => {
    await serve(",origin=https://a.example");
    const from = (origin: string, host?: string): Promise<[number, string]> =>
      attempt({ headers: { Origin: origin, ...(host === undefined ? {} : { Host: host }) } });
    const refused = [
      403,
      "pages of this origin may not connect: add origin=ORIGIN to the endpoint to allow them\n",
    ];
    expect(await from("https://a.example")).toEqual([101, ""]);
    expect(await from(`http://127.0.0.1:${port}`)).toEqual([101, ""]);
    expect(await from(`http://localhost:${port}`, `localhost:${port}`)).toEqual([101, ""]);
    expect(await from(`http://127.0.0.1:${port + 1}`)).toEqual(refused);
    expect(await from(`https://127.0.0.1:${port}`)).toEqual(refused);
    expect(await from("https://a.example:444")).toEqual(refused);
    expect(await from("https://b.example")).toEqual(refused);
    expect(await from("null")).toEqual(refused);
  });

  it("is not fooled by a name server that gives our address to a foreign page's name", async () => {
    await serve();
    const host = `evil.example:${port}`;
    expect((await attempt({ headers: { Origin: `http://${host}`, Host: host } }))[0]).toBe(403);
  });

  it("wants one of the tokens where it has some, and never tells or logs one", async () => {
    const file = folder.path("token");
    writeFileSync(file, `# ours\n${TOKEN}\n\n${TOKEN}-2\n`, { mode: 0o600 });
    await serve(`,token-file=${file}`);
    const show = (authorization: string): Promise<[number, string]> =>
      attempt({ headers: { Authorization: authorization } });
    expect(await show(`Bearer ${TOKEN}`)).toEqual([101, ""]);
    expect(await show(`bearer  ${TOKEN}-2`)).toEqual([101, ""]);
    const refused = [401, "the header Authorization: Bearer TOKEN is missing, or its token is unknown\n"];
    for (const wrong of [
      `Bearer ${TOKEN}x`,
      "Bearer ",
      `Basic ${TOKEN}`,
      TOKEN,
      `Bearer # ours`,
      "Bearer ",
    ]) {
      expect(await show(wrong)).toEqual(refused);
    }
    expect(await attempt()).toEqual(refused);
    await flushLog();
    expect(log.join("")).toContain("401");
    expect(log.join("")).not.toContain("horse");
  });

  it("reads tokens anew when told to, and keeps those it has when it cannot", async () => {
    const file = folder.path("token");
    writeFileSync(file, TOKEN, { mode: 0o600 });
    const listener = await echo.listen(`ws://127.0.0.1:0/,token-file=${file}`);
    url = listener.local;
    const show = async (token: string): Promise<number> =>
      (await attempt({ headers: { Authorization: `Bearer ${token}` } }))[0];
    const client = await open({ headers: { Authorization: `Bearer ${TOKEN}` } });
    writeFileSync(file, `${TOKEN}-new`);
    expect(await show(`${TOKEN}-new`)).toBe(401);
    expect(listener.reload()).toEqual([]);
    expect([await show(TOKEN), await show(`${TOKEN}-new`)]).toEqual([401, 101]);
    writeFileSync(file, "");
    expect(listener.reload().map(String)).toEqual([
      `EndpointError: ${url.replace(/\d+\/$/, "0/")}, option 'token-file': ${file}: there is no token in it; openssl rand -hex 32 makes one`,
    ]);
    expect(await show(`${TOKEN}-new`)).toBe(101);
    client.send("still here");
    expect(await answer(client)).toBe("still here!");
    client.terminate();
  });

  it("warns of a token file that others can read", async () => {
    const file = folder.path("token");
    writeFileSync(file, TOKEN);
    chmodSync(file, 0o644);
    await serve(`,token-file=${file}`);
    await flushLog();
    expect(log.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({ level: 40, file, mode: "644", msg: "token file can be read by other users" }),
    );
  });

  it.each([
    ["short", "token 1 has 5 characters; at least 16 cannot be guessed"],
    [
      "two words in one line",
      "token 1 has characters other than letters, digits and -._~+/ (RFC 6750 section 2.1)",
    ],
    ["\n# nothing\n", "there is no token in it; openssl rand -hex 32 makes one"],
  ])("refuses the token file %j without repeating it", async (text, message) => {
    const file = folder.path("token");
    writeFileSync(file, text, { mode: 0o600 });
    await expect(serve(`,token-file=${file}`)).rejects.toThrow(
      `ws://127.0.0.1:0/, option 'token-file': ${file}: ${message}`,
    );
  });

  it("says when there is no token file", async () => {
    await expect(serve(",token-file=/no/such")).rejects.toThrow("/no/such: No such file or directory");
    await expect(serve(",token-file=/dev/zero")).rejects.toThrow("/dev/zero: this is not a regular file");
  });

  it.each(["0.0.0.0", "[::]", "192.0.2.1", "gw.example"])(
    "does not listen at %s without authentication, and names the ways out",
    async (host) => {
      await expect(echo.listen(`ws://${host}:8653/`)).rejects.toThrow(
        `ws://${host}:8653/: others could connect over the network, and nothing would keep them out: ` +
          "listen at ws://127.0.0.1:8653/, have clients show a token (,token-file=FILE), " +
          "or a certificate (wss:// with ,cert=FILE,key=FILE,cacert=FILE)",
      );
    },
  );

  it("listens to the network with a token, and warns that it is sent in the clear", async () => {
    const file = folder.path("token");
    writeFileSync(file, TOKEN, { mode: 0o600 });
    const { local } = await echo.listen(`ws://0.0.0.0:0/,token-file=${file}`);
    url = local.replace("0.0.0.0", "127.0.0.1");
    expect((await attempt())[0]).toBe(401);
    expect((await attempt({ headers: { Authorization: `Bearer ${TOKEN}` } }))[0]).toBe(101);
    await flushLog();
    expect(log.join("")).toContain("tokens cross the network in the clear: use wss:");
  });

  it("says when the address is taken", async () => {
    await serve();
    await expect(echo.listen(url)).rejects.toThrow(`${url}: Address already in use`);
  });

  it("chooses the subprotocol jsonrpc, and no other", async () => {
    await serve();
    expect(await attempt({}, url, ["other", "jsonrpc"])).toEqual([101, "jsonrpc"]);
    await expect(attempt({}, url, ["other"])).rejects.toThrow("no subprotocol");
  });

  it("refuses more clients than the limit with 503", async () => {
    echo.limits = { ...DEFAULT_LIMITS, clients: 1 };
    await serve();
    const client = await open();
    expect(await attempt()).toEqual([503, "there are too many clients\n"]);
    client.terminate();
    await echo.until(() => echo.open === 0);
    expect((await attempt())[0]).toBe(101);
  });

  it("is blocked while its client does not read, and calls back when it does", async () => {
    await serve();
    const client = await open();
    await echo.until(() => echo.arrived.length === 1);
    const { transport } = echo.arrived[0] as (typeof echo.arrived)[0];
    client.pause();
    const text = Buffer.alloc(1 << 18, "x");
    let sent = 0;
    while (!transport.blocked) {
      transport.send(text);
      sent++;
    }
    expect(transport.queuedBytes).toBeGreaterThan(0);
    const drained = new Promise<void>((resolve) => transport.onDrain(resolve));
    let received = 0;
    client.on("message", () => received++);
    client.resume();
    await drained;
    expect(transport.queuedBytes).toBe(0);
    while (received < sent) await once(client, "message");
    client.terminate();
  });

  it("copies what it sends", async () => {
    await serve();
    const client = await open();
    await echo.until(() => echo.arrived.length === 1);
    const text = Buffer.from("one");
    echo.arrived[0]?.transport.send(text);
    text.fill("x");
    expect(await answer(client)).toBe("one");
    client.terminate();
  });

  it("sends texts of any length as frames, with answers to pings between them and never inside", async () => {
    await serve();
    const client = await open();
    await echo.until(() => echo.arrived.length === 1);
    const { transport } = echo.arrived[0] as (typeof echo.arrived)[0];
    const lengths = [0, 1, 125, 126, 127, 65_535, 65_536, 65_537, 131_072, 1 << 20];
    const received: number[] = [];
    let pongs = 0;
    client.on("pong", () => pongs++);
    client.on("message", (data: Buffer) => {
      received.push(data.equals(Buffer.alloc(data.length, "x")) ? data.length : -1);
    });
    for (let round = 0; round < 20; round++) {
      client.ping();
      for (const length of lengths) transport.send(Buffer.alloc(length, "x"));
      // Pings are read, and answered, while texts are on their way.
      await new Promise((resolve) => setImmediate(resolve));
      for (const length of lengths) transport.send(Buffer.alloc(length, "x"));
    }
    while (received.length < 40 * lengths.length) await once(client, "message");
    expect(received).toEqual(Array(40).fill(lengths).flat());
    while (pongs < 20) await once(client, "pong");
    client.terminate();
  });

  it("does not answer a ping inside of a reply that is being written", async () => {
    await serve();
    const socket = await raw();
    const text = Buffer.alloc(70_000, "x");
    const [head, ping] = [
      Buffer.from("81ff000000000001117000000000", "hex"),
      Buffer.from("898000000000", "hex"),
    ];
    socket.write(Buffer.concat([head, text, ping]));
    let answered = Buffer.alloc(0);
    while (answered.length < 10 + 70_001 + 2) {
      answered = Buffer.concat([answered, ...((await once(socket, "data")) as [Buffer])]);
    }
    expect(answered.subarray(0, 10).toString("hex")).toBe("817f0000000000011171");
    expect(answered.subarray(10, -2).equals(Buffer.from(`${text}!`))).toBe(true);
    expect(answered.subarray(-2).toString("hex")).toBe("8a00");
    socket.destroy();
  });

  it("tells its clients that it goes away, and sends what is queued before", async () => {
    await serve();
    const client = await open();
    await echo.until(() => echo.arrived.length === 1);
    const { transport, ends } = echo.arrived[0] as (typeof echo.arrived)[0];
    const closed = once(client, "close");
    const last = answer(client);
    transport.send(Buffer.from("last"));
    transport.close();
    expect(await last).toBe("last");
    expect((await closed)[0]).toBe(1001);
    await transport.closed;
    expect(ends).toEqual([]);
    transport.send(Buffer.from("late"));
    expect(transport.queuedBytes).toBe(0);
  });

  it("drops a peer that no longer answers pings, and only that one", async () => {
    await serve();
    const dead = await raw();
    const client = await open();
    await echo.until(() => echo.arrived.length === 2);
    echo.clock.advance(PING_INTERVAL);
    await once(client, "ping");
    client.send("x");
    await answer(client);
    expect(echo.open).toBe(2);
    echo.clock.advance(PING_INTERVAL);
    await hungUp(dead);
    await echo.until(() => echo.open === 1);
    expect(echo.arrived[0]?.ends).toEqual([undefined]);
    client.send("x");
    expect(await answer(client)).toBe("x!");
    client.terminate();
  });

  it("keeps a slow peer that still takes bytes", async () => {
    await serve();
    const slow = await raw();
    await echo.until(() => echo.arrived.length === 1);
    const { transport } = echo.arrived[0] as (typeof echo.arrived)[0];
    slow.pause();
    const text = Buffer.alloc(1 << 20, "x");
    for (let i = 0; i < 60; i++) transport.send(text);
    for (let round = 0; round < 4; round++) {
      echo.clock.advance(PING_INTERVAL);
      expect(echo.open).toBe(1);
      slow.resume();
      // More than the kernel may hold on its own.
      for (let bytes = 0; bytes < 12 << 20; ) bytes += ((await once(slow, "data")) as [Buffer])[0].length;
      slow.pause();
    }
    echo.clock.advance(PING_INTERVAL);
    expect(echo.open).toBe(1);
    // Now it takes nothing.
    echo.clock.advance(PING_INTERVAL);
    await echo.until(() => echo.open === 0);
    slow.destroy();
  });

  it("closes connections that ask for nothing, when it closes itself", async () => {
    const listener = await echo.listen("ws://127.0.0.1:0/");
    url = listener.local;
    port = Number(new URL(url.replace("ws", "http")).port);
    const silent = connect(port, "127.0.0.1");
    const endless = connect(port, "127.0.0.1");
    endless.write(`GET / HTTP/1.1\r\nX: ${"y".repeat(1000)}`);
    const client = await open();
    await Promise.all([silent, endless].map((socket) => socket.connecting && once(socket, "connect")));
    listener.close();
    await Promise.all([hungUp(silent), hungUp(endless)]);
    client.send("x");
    expect(await answer(client)).toBe("x!");
    client.terminate();
  });

  it("refuses headers without end", async () => {
    await serve();
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write(`GET / HTTP/1.1\r\nX: ${"y".repeat(100_000)}`);
    const [answered] = (await once(socket, "data")) as [Buffer];
    expect(String(answered)).toMatch(/^HTTP\/1\.1 431 /);
    socket.destroy();
  });

  it("has all descriptors back after a thousand clients that come and go in all manners", async () => {
    await serve();
    (await open()).terminate();
    await echo.until(() => echo.open === 0 && echo.arrived.length === 1);
    const before = openDescriptors();
    for (let round = 0; round < 50; round++) {
      const sockets = await Promise.all(Array.from({ length: 20 }, () => open()));
      const plains = await Promise.all([
        plain("/"),
        plain("/x"),
        attempt({ headers: { Origin: "http://x" } }),
      ]);
      expect(plains.map(([status]) => status)).toEqual([426, 404, 403]);
      for (const [i, socket] of sockets.entries()) {
        if (i % 3 === 0) socket.terminate();
        else if (i % 3 === 1) socket.close();
        else socket.send(Buffer.from("binary"));
      }
      await Promise.all(
        sockets.map((socket) => socket.readyState === socket.CLOSED || once(socket, "close")),
      );
      await echo.until(() => echo.open === 0);
    }
    expect(openDescriptors()).toBeLessThanOrEqual(before + 5);
  }, 60_000);
});
