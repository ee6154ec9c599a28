// Clients that say that they have no more requests, and wait for the answers: `printf … | nc -N -U`, pipes of a shell.
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text as readAll } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../../src/base/index.js";
import { FRAMING_NAMES, type FramingName, makeFraming } from "../../src/rpc/index.js";
import { type DaemonProcess, freePort, Texts, Workshop } from "./daemon-process.js";

const workshop = new Workshop();

beforeAll(() => workshop.build());
afterEach(() => workshop.killAll());
afterAll(() => workshop.remove());

const HELLO = Buffer.from("0400000800000001", "hex");

/** A request that a switch has to answer. */
const REQUEST =
  '{"jsonrpc":"2.0","id":7,"method":"OFP.REQUEST","params":{"conn_id":2,"type":"ECHO_REQUEST"}}';

function framed(text: string, framing: FramingName): Buffer {
  const { header, body, trailer } = makeFraming(framing, () => DEFAULT_LIMITS);
  const bytes = body(Buffer.from(text));
  return Buffer.concat([header(bytes.length), bytes, trailer]);
}

/** Without FEATURES_REQ, so that a HELLO is enough. */
const listen = (port: number): string =>
  `{"jsonrpc":"2.0","id":1,"method":"OFP.LISTEN","params":{"endpoint":"127.0.0.1:${port}"}}`;

/** A switch, which answers nothing by itself. */
async function attachSwitch(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write(HELLO);
  await once(socket, "data");
  return socket;
}

/** Has a request carried out. */
async function ask(path: string, request: Buffer): Promise<void> {
  const client = connect(path);
  client.end(request);
  await readAll(client);
}

/** Waits for a message of this type. */
async function received(socket: Socket, type: number): Promise<Buffer> {
  for (;;) {
    const [chunk] = (await once(socket, "data")) as [Buffer];
    if (chunk[1] === type) return chunk;
  }
}

function answer(socket: Socket, request: Buffer): void {
  const reply = Buffer.from(request);
  reply[1] = 3;
  socket.write(reply);
}

describe("a client that has closed its side", () => {
  it.each(FRAMING_NAMES)("gets the answers of switches that come later, over %s", async (framing) => {
    const [path, port] = [workshop.path(`${framing}.sock`), await freePort()];
    const daemon = workshop.start([`--listen=unix:${path},framing=${framing}`, "--loglevel=debug"]);
    await daemon.logged("ready");
    await ask(path, framed(listen(port), framing));
    const one = await attachSwitch(port);
    await daemon.logged("channel up");
    const client = connect(path);
    const all = readAll(client);
    const asked = received(one, 2);
    client.end(framed(REQUEST, framing));
    const request = await asked;
    // Another one comes and goes: by then the end of the first has been seen.
    await ask(path, framed('{"jsonrpc":"2.0","id":1,"method":"OFP.DESCRIPTION"}', framing));
    answer(one, request);
    expect(await all).toContain('"ECHO_REPLY"');
    await daemon.logged("client gone");
    one.destroy();
  });

  it("is let go when it has gone altogether, though its request goes on", async () => {
    const [path, port] = [workshop.path("gone.sock"), await freePort()];
    const daemon = workshop.start([`--listen=unix:${path}`, "--loglevel=debug"]);
    await daemon.logged("ready");
    await ask(path, framed(listen(port), "line"));
    await daemon.logged("client gone");
    const one = await attachSwitch(port);
    await daemon.logged("channel up");
    const client = connect(path);
    const asked = received(one, 2);
    client.end(`${REQUEST}\n`);
    await asked;
    client.destroy();
    // Writing is how it is noticed.
    one.end();
    await daemon.logged("client gone");
  });
});

describe("standard input that ends", () => {
  async function start(): Promise<{ daemon: DaemonProcess; one: Socket; texts: Texts }> {
    const port = await freePort();
    const daemon = workshop.start(["--loglevel=debug"]);
    const texts = new Texts(daemon.stdout);
    daemon.stdin.write(`${listen(port)}\0`);
    await texts.with('"id":1');
    const one = await attachSwitch(port);
    await texts.with("CHANNEL_UP");
    return { daemon, one, texts };
  }

  it("ends the daemon with 0 when what was asked before is answered", async () => {
    const { daemon, one, texts } = await start();
    const asked = received(one, 2);
    daemon.stdin.end(`${REQUEST}\0`);
    answer(one, await asked);
    expect(await texts.with('"id":7')).toContain('"ECHO_REPLY"');
    expect(await daemon.ended).toBe(0);
  });

  it("ends it soon when a switch does not answer", async () => {
    const { daemon, one, texts } = await start();
    daemon.stdin.end(`${REQUEST.replace('"conn_id"', '"timeout":60,"conn_id"')}\0`);
    expect(await daemon.ended).toBe(0);
    expect(texts.all.filter((text) => text.includes('"id":7'))).toEqual([]);
    one.destroy();
  });
});
