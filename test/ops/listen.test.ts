// `--listen`: a daemon for any number of clients, which come and go.
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { systemClock } from "../../src/channel/index.js";
import { connectSwitch } from "../../src/switch/index.js";
import { freePort, Texts, Workshop } from "./daemon-process.js";

const workshop = new Workshop();

beforeAll(() => workshop.build());
afterEach(() => workshop.killAll());
afterAll(() => workshop.remove());

let sockets = 0;
const newPath = (): string => workshop.path(`${++sockets}.sock`);

interface LineClient {
  readonly socket: Socket;
  readonly texts: Texts;
}

async function attach(path: string): Promise<LineClient> {
  const socket = connect(path);
  await once(socket, "connect");
  return { socket, texts: new Texts(socket, "\n") };
}

const describeYourself = '{"jsonrpc":"2.0","id":"a","method":"OFP.DESCRIPTION"}\n';

describe("--listen", () => {
  it("serves many clients, whose coming and going ends nothing, and leaves stdin alone", async () => {
    const [path, openflow] = [newPath(), await freePort()];
    const daemon = workshop.start([
      `--listen=unix:${path}`,
      `--openflow=tcp:127.0.0.1:${openflow}`,
      "--loglevel=debug",
    ]);
    daemon.stdin.end('{"id":1,"method":"OFP.DESCRIPTION"}\0');
    await daemon.logged("ready");
    const [first, second] = [await attach(path), await attach(path)];
    const simulated = await connectSwitch(
      { host: "127.0.0.1", port: openflow },
      { version: 4, datapathId: "00:00:00:00:00:00:00:2a", ports: 2 },
      systemClock(),
    );
    expect(await first.texts.next()).toContain("CHANNEL_UP");
    expect(await second.texts.next()).toContain("CHANNEL_UP");
    first.socket.end();
    await daemon.logged("client gone");
    const third = await attach(path);
    expect(JSON.parse(await third.texts.next())).toMatchObject({
      jsonrpc: "2.0",
      params: { type: "CHANNEL_UP", replay: true },
    });
    second.socket.write(describeYourself);
    expect(await second.texts.next()).toMatch(/^\{"jsonrpc":"2\.0","result":.*"id":"a"\}$/);

    daemon.kill("SIGTERM");
    for (const { texts } of [second, third]) expect(await texts.next()).toContain("CHANNEL_DOWN");
    expect(await daemon.ended).toBe(0);
    expect(existsSync(path)).toBe(false);
    simulated.close();
  });

  it("serves clients of several kinds at once, each as its endpoint says", async () => {
    const [unix, classic, port] = [newPath(), newPath(), await freePort()];
    const token = workshop.path("token");
    writeFileSync(token, "open-sesame-open-sesame\n", { mode: 0o600 });
    const daemon = workshop.start([
      `--listen=unix:${unix}`,
      `--listen=unix:${classic},framing=nul`,
      `--listen=ws://127.0.0.1:${port}/`,
      `--token-file=${token}`,
    ]);
    await daemon.logged("ready");
    const line = await attach(unix);
    line.socket.write(describeYourself);
    expect(await line.texts.next()).toContain('"jsonrpc":"2.0"');

    const nul = connect(classic);
    const texts = new Texts(nul);
    nul.write('{"id":7,"method":"OFP.DESCRIPTION"}\0');
    expect(await texts.next()).toMatch(/^\{"id":7,"result":/);

    const refused = new WebSocket(`ws://127.0.0.1:${port}/`);
    const [error] = (await once(refused, "error")) as [Error];
    expect(error.message).toContain("401");
    const web = new WebSocket(`ws://127.0.0.1:${port}/`, {
      headers: { authorization: "Bearer open-sesame-open-sesame" },
    });
    await once(web, "open");
    web.send(describeYourself);
    const [reply] = (await once(web, "message")) as [Buffer];
    expect(String(reply)).toContain('"id":"a"');
    expect(daemon.stderr).not.toContain("sesame");

    // A token that is changed counts from SIGHUP on.
    writeFileSync(token, "another-token-than-before\n", { mode: 0o600 });
    daemon.kill("SIGHUP");
    await daemon.logged("reloaded");
    const old = new WebSocket(`ws://127.0.0.1:${port}/`, {
      headers: { authorization: "Bearer open-sesame-open-sesame" },
    });
    await once(old, "error");
    const next = new WebSocket(`ws://127.0.0.1:${port}/`, {
      headers: { authorization: "Bearer another-token-than-before" },
    });
    await once(next, "open");
    writeFileSync(token, "short\n");
    daemon.kill("SIGHUP");
    await daemon.logged("certificate or token not reloaded: the old one stays");
    await daemon.logged("reloaded in part");
    // Who is there stays.
    web.send(describeYourself);
    await once(web, "message");
    daemon.kill("SIGTERM");
    expect(await daemon.ended).toBe(0);
  });

  it("takes --dialect for endpoints that do not say theirs", async () => {
    const [first, second] = [newPath(), newPath()];
    const daemon = workshop.start([
      `--listen=unix:${first}`,
      `--listen=unix:${second},dialect=strict`,
      "--dialect=classic",
    ]);
    await daemon.logged("ready");
    const [classic, strict] = [await attach(first), await attach(second)];
    classic.socket.write('{"id":1,"method":"OFP.DESCRIPTION"}\n');
    expect(await classic.texts.next()).toMatch(/^\{"id":1,/);
    strict.socket.write(describeYourself);
    expect(await strict.texts.next()).toMatch(/^\{"jsonrpc"/);
  });

  it("lets in as many clients as the limit says", async () => {
    const path = newPath();
    const daemon = workshop.start([`--listen=unix:${path}`, "--limit=clients=1", "--loglevel=debug"]);
    await daemon.logged("ready");
    const first = await attach(path);
    first.socket.write(describeYourself);
    await first.texts.next();
    const second = connect(path);
    second.on("error", () => undefined);
    await once(second, "close");
    await daemon.logged("RPC client refused: there are too many");
    first.socket.destroy();
    await daemon.logged("client gone");
    const third = await attach(path);
    third.socket.write(describeYourself);
    await third.texts.next();
  });

  it("with stdio alone ends with stdin", async () => {
    const daemon = workshop.start(["--listen=stdio,framing=line"]);
    const texts = new Texts(daemon.stdout, "\n");
    daemon.stdin.end(describeYourself);
    expect(await texts.next()).toContain('"result"');
    expect(await daemon.ended).toBe(0);
  });

  it("says when the socket that is there belongs to somebody else", async () => {
    const folder = workshop.path("shared");
    mkdirSync(folder);
    for (const path of [workshop.folder, folder]) chmodSync(path, 0o777);
    const path = `${folder}/s`;
    const owner = createServer().listen(path);
    await once(owner, "listening");
    chmodSync(path, 0);
    // What root may do says nothing.
    const nobody = "if (process.getuid() === 0) { process.setgid(65534); process.setuid(65534); }";
    const daemon = workshop.startAfter(nobody, [`--listen=unix:${path}`]);
    expect(await daemon.ended).toBe(10);
    expect(daemon.stderr).toContain(`unix:${path}: Permission denied`);
    expect(existsSync(path)).toBe(true);
    owner.close();
  });

  it("opens all endpoints or none", async () => {
    const [path, port] = [newPath(), await freePort()];
    const first = workshop.start([`--listen=ws://127.0.0.1:${port}/`]);
    await first.logged("ready");
    const second = workshop.start([`--listen=unix:${path}`, `--listen=ws://127.0.0.1:${port}/`]);
    expect(await second.ended).toBe(10);
    expect(second.stderr).toMatch(/jsonrpc: .*127\.0\.0\.1/);
    expect(existsSync(path)).toBe(false);
  });

  it("starts again after kill -9, with the socket file of before", async () => {
    const path = newPath();
    const first = workshop.start([`--listen=unix:${path}`]);
    await first.logged("ready");
    const orphan = await attach(path);
    orphan.socket.on("error", () => undefined);
    first.kill("SIGKILL");
    await first.ended;
    expect(existsSync(path)).toBe(true);
    const second = workshop.start([`--listen=unix:${path}`]);
    await second.logged("ready");
    const client = await attach(path);
    client.socket.write(describeYourself);
    await client.texts.next();
  });

  it("goes on after kill -9 of a client's connection with events under way", async () => {
    const [path, openflow] = [newPath(), await freePort()];
    const daemon = workshop.start([
      `--listen=unix:${path}`,
      `--openflow=tcp:127.0.0.1:${openflow}`,
      "--loglevel=debug",
    ]);
    await daemon.logged("ready");
    const [doomed, other] = [await attach(path), await attach(path)];
    const simulated = await connectSwitch(
      { host: "127.0.0.1", port: openflow },
      { version: 4, datapathId: "00:00:00:00:00:00:00:2a", ports: 2 },
      systemClock(),
    );
    await other.texts.with("CHANNEL_UP");
    doomed.socket.pause();
    for (let i = 0; i < 1000; i++) simulated.inject(1, Buffer.alloc(1000));
    doomed.socket.destroy();
    for (let i = 0; i < 1000; i++) await other.texts.with("PACKET_IN");
    simulated.close();
    await other.texts.with("CHANNEL_DOWN");
  });
});
