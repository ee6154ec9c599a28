// Identities on real sockets: two of ours, and sockets of Node as the peers that ours must not be.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect as connectPlain, createServer, type Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { connect as connectTls, type TLSSocket, type ConnectionOptions as TlsOptions } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type Clock,
  Identities,
  Identity,
  type IdentitySource,
  systemClock,
  TLS_TIMEOUT,
  type TlsFailure,
} from "../../src/channel/index.js";
import { Certificates, hasOpenssl } from "../certificates.js";
import { FakeClock } from "./fake-clock.js";

const openssl = hasOpenssl();
if (!openssl) process.stderr.write("not run: identities (openssl is not installed)\n");

/** What became of a handshake. */
type Outcome = TLSSocket | TlsFailure | undefined;

describe.skipIf(!openssl)("an identity", () => {
  let files: Certificates;
  const sockets: { destroy(): void }[] = [];
  const closing: (() => void)[] = [];
  let clock: Clock;

  beforeAll(() => {
    files = new Certificates();
    files.authority("ca");
    files.authority("other-ca");
    files.certificate("controller", "ca");
    files.certificate("switch", "ca");
    files.certificate("stranger", "other-ca");
    files.certificate("late", "ca", { dates: ["20200101000000Z", "20210101000000Z"] });
    files.certificate("early", "ca", { dates: ["21200101000000Z", "21210101000000Z"] });
    files.certificate("server-only", "ca", { usage: "serverAuth" });
    files.certificate("client-only", "ca", { usage: "clientAuth" });
  });

  afterAll(() => files.remove());

  beforeEach(() => {
    clock = systemClock();
  });

  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const close of closing.splice(0)) close();
  });

  const source = (
    name: string,
    ca: string | undefined,
    more: Partial<IdentitySource> = {},
  ): IdentitySource => ({
    cert: files.path(`${name}.pem`),
    privkey: files.path(`${name}.key`),
    cacert: ca === undefined ? undefined : files.path(`${ca}.pem`),
    ...more,
  });

  /** An identity that waits for connections: the port, and what becomes of each. */
  async function listen(identity: Identity): Promise<{ port: number; next: () => Promise<Outcome> }> {
    const outcomes: Outcome[] = [];
    const waiting: ((outcome: Outcome) => void)[] = [];
    const tell = (outcome: Outcome): void => {
      const take = waiting.shift();
      if (take === undefined) outcomes.push(outcome);
      else take(outcome);
    };
    const server = createServer((raw) => {
      sockets.push(raw);
      identity.accept(raw, clock, { onSecure: tell, onFailure: tell });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    closing.push(() => server.close());
    const next = (): Promise<Outcome> =>
      outcomes.length > 0
        ? Promise.resolve(outcomes.shift())
        : new Promise((resolve) => waiting.push(resolve));
    return { port: (server.address() as AddressInfo).port, next };
  }

  function plain(port: number): Socket {
    const socket = connectPlain(port, "127.0.0.1");
    socket.on("error", () => undefined);
    sockets.push(socket);
    return socket;
  }

  /** Another identity connects. All that becomes of it, late refusals too. */
  async function connect(port: number, identity: Identity): Promise<{ next: () => Promise<Outcome> }> {
    const socket = plain(port);
    await once(socket, "connect");
    const outcomes: Outcome[] = [];
    let wake: () => void = () => undefined;
    const tell = (outcome: Outcome): void => {
      outcomes.push(outcome);
      wake();
    };
    identity.connect(socket, clock, { onSecure: tell, onFailure: tell });
    return {
      async next() {
        while (outcomes.length === 0) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
        return outcomes.shift();
      },
    };
  }

  /** A client that is not ours. */
  function connectAs(port: number, options: TlsOptions): TLSSocket {
    const socket = connectTls({ host: "127.0.0.1", port, rejectUnauthorized: false, ...options });
    socket.on("error", () => undefined);
    sockets.push(socket);
    return socket;
  }

  const keyPair = (name: string): TlsOptions => ({
    cert: files.text(`${name}.pem`),
    key: files.text(`${name}.key`),
  });

  it("meets another: both have shown a certificate, and bytes flow", async () => {
    const { port, next } = await listen(new Identity(source("controller", "ca")));
    const client = await connect(port, new Identity(source("switch", "ca")));
    const [ours, theirs] = [(await next()) as TLSSocket, (await client.next()) as TLSSocket];
    expect(ours.getProtocol()).toBe("TLSv1.3");
    expect(ours.getPeerX509Certificate()?.subject).toBe("CN=switch");
    expect(theirs.getPeerX509Certificate()?.subject).toBe("CN=controller");
    theirs.write("hello");
    expect(String((await once(ours, "data"))[0])).toBe("hello");
  });

  it.each([
    ["TLS1.2", "TLSv1.2"],
    ["TLS1.1", "TLSv1.1"],
    ["TLS1.0", "TLSv1"],
  ])("speaks %s", async (version, protocol) => {
    const { port, next } = await listen(
      new Identity(source("controller", "ca", { version: "TLS1.0-TLS1.3" })),
    );
    const client = await connect(port, new Identity(source("switch", "ca", { version })));
    expect(((await next()) as TLSSocket).getProtocol()).toBe(protocol);
    expect(((await client.next()) as TLSSocket).getProtocol()).toBe(protocol);
  });

  it("says on both sides when no version is common", async () => {
    const { port, next } = await listen(new Identity(source("controller", "ca")));
    const client = await connect(port, new Identity(source("switch", "ca", { version: "TLS1.0-TLS1.1" })));
    const version = {
      reason: "TLS_VERSION",
      detail: expect.stringContaining("see version of OFP.ADD_IDENTITY"),
    };
    expect(await next()).toEqual(version);
    expect(await client.next()).toEqual(version);
  });

  it("says when no cipher is common", async () => {
    const only = (ciphers: string): Partial<IdentitySource> => ({ ciphers, version: "TLS1.2" });
    const { port, next } = await listen(
      new Identity(source("controller", "ca", only("ECDHE-ECDSA-AES128-GCM-SHA256"))),
    );
    const client = await connect(
      port,
      new Identity(source("switch", "ca", only("ECDHE-ECDSA-AES256-GCM-SHA384"))),
    );
    expect(await next()).toMatchObject({ reason: "TLS_CIPHERS" });
    expect(await client.next()).toMatchObject({ reason: "TLS_REFUSED" });
  });

  it("asks for no certificate without cacert", async () => {
    const { port, next } = await listen(new Identity(source("controller", undefined)));
    connectAs(port, {});
    expect(((await next()) as TLSSocket).getPeerX509Certificate()).toBeUndefined();
  });

  it.each([
    [
      "stranger",
      "TLS_UNKNOWN_CA",
      /^the peer's certificate \(CN=stranger\) is not signed by an authority in cacert, but by O=oftr tests, CN=other-ca /,
    ],
    [
      "late",
      "TLS_EXPIRED",
      /^the peer's certificate \(CN=late\), valid to Jan +1 00:00:00 2021 GMT, .*: renew it$/,
    ],
    [
      "early",
      "TLS_NOT_YET_VALID",
      /^the peer's certificate \(CN=early\), valid from Jan +1 00:00:00 2120 GMT, /,
    ],
    [
      "server-only",
      "TLS_WRONG_PURPOSE",
      /^the peer's certificate \(CN=server-only\) is not for TLS clients: .* clientAuth/,
    ],
    ["other-ca", "TLS_UNKNOWN_CA", /DEPTH_ZERO_SELF_SIGNED_CERT/],
  ])("refuses the client %s: %s", async (name, reason, detail) => {
    const { port, next } = await listen(new Identity(source("controller", "ca")));
    const client = connectAs(port, keyPair(name));
    expect(await next()).toEqual({ reason, detail: expect.stringMatching(detail) });
    await once(client, "close");
  });

  it("refuses a client without a certificate", async () => {
    const { port, next } = await listen(new Identity(source("controller", "ca")));
    const client = connectAs(port, {});
    expect(await next()).toEqual({
      reason: "TLS_NO_CERTIFICATE",
      detail: "the peer showed no certificate; give it one signed by an authority in cacert",
    });
    await once(client, "close");
  });

  it.each([
    ["stranger", "TLS_UNKNOWN_CA"],
    ["late", "TLS_EXPIRED"],
    ["client-only", "TLS_WRONG_PURPOSE"],
  ])("refuses the server %s: %s", async (name, reason) => {
    const { port } = await listen(new Identity(source(name, undefined)));
    const client = await connect(port, new Identity(source("switch", "ca")));
    expect(await client.next()).toMatchObject({ reason });
  });

  // Node's own sockets close without a word when they do not like a certificate; OpenSSL's programs say why.
  function runOpenssl(...args: string[]): ChildProcessByStdio<Writable, Readable, null> {
    const child = spawn("openssl", args, { cwd: files.folder, stdio: ["pipe", "pipe", "ignore"] });
    closing.push(() => child.kill());
    return child;
  }

  it("tells what the client says against our certificate", async () => {
    const { port, next } = await listen(new Identity(source("controller", undefined)));
    runOpenssl(
      "s_client",
      "-connect",
      `127.0.0.1:${port}`,
      "-verify_return_error",
      "-CAfile",
      "other-ca.pem",
    );
    expect(await next()).toEqual({
      reason: "TLS_REFUSED",
      detail: expect.stringMatching(/^the peer does not know the authority .* \(its alert is UNKNOWN_CA\)$/),
    });
  });

  it("tells what the client has said when the client is gone already", async () => {
    const { port, next } = await listen(new Identity(source("controller", "ca")));
    for (let i = 0; i < 5; i++) {
      const client = plain(port);
      client.write(Buffer.from("0400000800000001", "hex"), () => client.resetAndDestroy());
      expect(await next()).toMatchObject({ reason: "TLS_PLAINTEXT_PEER" });
    }
  });

  it("tells what the server says against our certificate, even when we are secure already", async () => {
    const server = runOpenssl(
      ...["s_server", "-accept", "127.0.0.1:0", "-cert", "controller.pem", "-key", "controller.key"],
      ...["-Verify", "1", "-verify_return_error", "-CAfile", "other-ca.pem"],
    );
    let text = "";
    while (!text.includes("ACCEPT 127")) text += String((await once(server.stdout, "data"))[0]);
    const client = await connect(Number(/:(\d+)/.exec(text)?.[1]), new Identity(source("switch", "ca")));
    expect(await client.next()).toHaveProperty("encrypted", true);
    expect(await client.next()).toMatchObject({ reason: "TLS_REFUSED" });
  });

  it("knows a peer that does not speak TLS, from both sides", async () => {
    const { port, next } = await listen(new Identity(source("controller", "ca")));
    plain(port).write(Buffer.from("0400000800000001", "hex"));
    expect(await next()).toEqual({
      reason: "TLS_PLAINTEXT_PEER",
      detail: "the peer does not speak TLS: have it connect to ssl:, or listen for it without tls_id",
    });
    plain(port).write("GET / HTTP/1.1\r\n\r\n");
    expect(await next()).toMatchObject({ reason: "TLS_PLAINTEXT_PEER" });

    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on("error", () => undefined);
      socket.write(Buffer.from("0400000800000001", "hex"));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    closing.push(() => server.close());
    const client = await connect(
      (server.address() as AddressInfo).port,
      new Identity(source("switch", "ca")),
    );
    expect(await client.next()).toEqual({
      reason: "TLS_PLAINTEXT_PEER",
      detail: "the peer does not speak TLS: have it listen at pssl:, or connect without tls_id",
    });
  });

  it("says nothing of a peer that leaves without a word, and something of one that leaves later", async () => {
    const { port, next } = await listen(new Identity(source("controller", "ca")));
    plain(port).end();
    expect(await next()).toBeUndefined();
    plain(port).end(Buffer.from("16030100", "hex"));
    expect(await next()).toMatchObject({ reason: "TLS_CLOSED" });
  });

  it("gives the peer five seconds", async () => {
    const fake = new FakeClock();
    clock = fake;
    const { port, next } = await listen(new Identity(source("controller", "ca")));
    const client = plain(port);
    client.write(Buffer.from("16", "hex"));
    await once(client, "connect");
    while (sockets.length < 2) await new Promise((resolve) => setImmediate(resolve));
    const outcome = next();
    fake.advance(TLS_TIMEOUT - 1);
    expect(client.destroyed).toBe(false);
    fake.advance(1);
    expect(await outcome).toEqual({ reason: "TLS_TIMEOUT", detail: "it took more than 5 s" });
    await new Promise((resolve) => client.once("close", resolve));
  });

  it("writes a key log that only its owner may read: whole lines, of both sides", async () => {
    const keylog = files.path("keys.log");
    const { port, next } = await listen(new Identity(source("controller", "ca", { keylog })));
    expect(readFileSync(keylog, "utf8")).toBe("");
    expect(statSync(keylog).mode & 0o777).toBe(0o600);
    const client = await connect(port, new Identity(source("switch", "ca", { keylog })));
    await Promise.all([next(), client.next()]);
    const lines = readFileSync(keylog, "utf8").split("\n");
    expect(lines.pop()).toBe("");
    expect(lines.length).toBeGreaterThanOrEqual(8);
    for (const line of lines) expect(line).toMatch(/^[A-Z_0-9]+ [0-9a-f]{64} [0-9a-f]{64,96}$/);
  });

  it("is not made with ciphers that nobody knows, or a key log that cannot be written", () => {
    expect(() => new Identity(source("controller", "ca", { ciphers: "NOPE" }))).toThrow(
      expect.objectContaining({ code: 22, part: "ciphers", reason: "BAD_CIPHERS" }),
    );
    expect(() => new Identity(source("controller", "ca", { keylog: "/nowhere/keys.log" }))).toThrow(
      expect.objectContaining({ code: 2, part: "keylog", message: "No such file or directory" }),
    );
  });

  it("reads its files again when told to; open connections stay", async () => {
    const identities = new Identities();
    const copy = (name: string): void => {
      for (const end of ["pem", "key"])
        writeFileSync(files.path(`current.${end}`), files.text(`${name}.${end}`));
    };
    copy("controller");
    expect(identities.add(source("current", "ca"))).toBe(1);
    expect(identities.get(0)).toBeUndefined();
    expect(identities.get(2)).toBeUndefined();
    const identity = identities.get(1) as Identity;
    const { port, next } = await listen(identity);
    const shown = async (): Promise<string> => {
      const client = connectAs(port, keyPair("switch"));
      await Promise.all([once(client, "secureConnect"), next()]);
      return String(client.getPeerX509Certificate()?.subject);
    };
    const before = connectAs(port, keyPair("switch"));
    const stream = (await next()) as TLSSocket;
    expect(before.getPeerX509Certificate()?.subject).toBe("CN=controller");

    copy("late");
    expect(identities.reload()).toEqual([]);
    expect(await shown()).toBe("CN=late");
    stream.write("still here");
    expect(String((await once(before, "data"))[0])).toBe("still here");

    writeFileSync(files.path("current.key"), files.text("switch.key"));
    expect(identities.reload()).toEqual([
      {
        tlsId: 1,
        file: files.path("current.key"),
        error: expect.objectContaining({ reason: "KEY_MISMATCH" }),
      },
    ]);
    expect(await shown()).toBe("CN=late");
  });
});
