// wss: both sides, with real certificates.

import { once } from "node:events";
import { copyFileSync, writeFileSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { configureLog } from "../../../src/base/index.js";
import { connectRpc, parseRpcEndpoint, type RpcTransport } from "../../../src/rpc/index.js";
import { Certificates, hasOpenssl } from "../../certificates.js";
import { Echo, hungUp } from "./listening.js";

const TIMEOUT = { timeout: 5000 };

describe.skipIf(!hasOpenssl())("a wss: endpoint", () => {
  let certificates: Certificates;
  let echo: Echo;
  let port: string;
  const clients: RpcTransport[] = [];
  const file = (name: string): string => certificates.path(name);

  beforeAll(() => {
    configureLog({ level: "silent" });
    certificates = new Certificates();
    certificates.authority("ca");
    certificates.authority("other");
    certificates.certificate("localhost", "ca");
    certificates.certificate("renewed", "other");
    certificates.certificate("client", "ca");
    certificates.certificate("server-only", "ca", { usage: "serverAuth" });
    certificates.certificate("stranger", "other");
    const key = ["-in", "localhost.key", "-out", "encrypted.key", "-passout", "pass:Tr0ub4dor"];
    certificates.openssl("pkcs8", "-topk8", ...key);
    writeFileSync(file("password"), "Tr0ub4dor\n", { mode: 0o600 });
  });

  afterAll(() => certificates.remove());

  beforeEach(() => {
    echo = new Echo();
  });

  afterEach(() => {
    for (const client of clients.splice(0)) client.destroy();
    echo.close();
  });

  async function serve(options = ""): Promise<() => readonly Error[]> {
    const identity = `,cert=${file("localhost.pem")},key=${file("localhost.key")}`;
    const { local, reload } = await echo
      .listen(`wss://127.0.0.1:0/${identity}${options}`)
      .then((listener) => ({
        local: listener.local,
        reload: () => listener.reload(),
      }));
    port = /:(\d+)\/$/.exec(local)?.[1] as string;
    return reload;
  }

  async function call(options: string, text = "x"): Promise<string> {
    const transport = await connectRpc(
      parseRpcEndpoint(`wss://localhost:${port}/${options}`, "call"),
      TIMEOUT,
    );
    clients.push(transport);
    return ask(transport, text);
  }

  function ask(transport: RpcTransport, text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      transport.start(resolve, (reason) => reject(reason ?? new Error("closed")));
      transport.send(Buffer.from(text));
    });
  }

  it("serves clients that know its authority", async () => {
    await serve();
    expect(await call(`,cacert=${file("ca.pem")}`)).toBe("x!");
    expect(echo.arrived[0]?.facts).toMatchObject({
      kind: "websocket",
      endpoint: `wss://127.0.0.1:${port}/`,
      files: false,
    });
  });

  it("is refused by clients that do not, with what to do about it", async () => {
    await serve();
    const where = `wss://localhost:${port}/: `;
    const cure = "name its authority with ,cacert=FILE";
    await expect(call("")).rejects.toThrow(
      `${where}the daemon's certificate is not signed by a known authority (UNABLE_TO_VERIFY_LEAF_SIGNATURE): ${cure}`,
    );
    await expect(call(`,cacert=${file("other.pem")}`)).rejects.toThrow(cure);
    await expect(call(`,cacert=${file("no.pem")}`)).rejects.toThrow(
      `${where.slice(0, -2)}, option 'cacert': ${file("no.pem")}: No such file or directory`,
    );
  });

  it("tells clients with ws: that they want wss:", async () => {
    await serve();
    const attempt = connectRpc(parseRpcEndpoint(`ws://localhost:${port}/`, "call"), TIMEOUT);
    await expect(attempt).rejects.toThrow("the peer gives no HTTP answer: is it a daemon with wss:?");
  });

  it("is refused by clients that look for another host", async () => {
    await serve();
    const transport = connectRpc(
      parseRpcEndpoint(`wss://127.0.0.1:${port}/,cacert=${file("ca.pem")}`, "call"),
      TIMEOUT,
    );
    await expect(transport).rejects.toThrow("IP: 127.0.0.1 is not in the cert's list");
  });

  it("wants certificates of clients where cacert says whose, and tells what is wrong with them", async () => {
    await serve(`,cacert=${file("ca.pem")}`);
    const show = (name: string): Promise<string> =>
      call(`,cacert=${file("ca.pem")},cert=${file(`${name}.pem`)},key=${file(`${name}.key`)}`);
    expect(await show("client")).toBe("x!");
    await expect(call(`,cacert=${file("ca.pem")}`)).rejects.toThrow(
      "the answer is 403 Forbidden: the peer showed no certificate; give it one signed by an authority in cacert",
    );
    await expect(show("stranger")).rejects.toThrow(
      "403 Forbidden: the peer's certificate (CN=stranger) is not signed by an authority in cacert, but by O=oftr tests, CN=other",
    );
    await expect(show("server-only")).rejects.toThrow(
      "is not for TLS clients: its extended key usage must have clientAuth",
    );
    expect(echo.arrived).toHaveLength(1);
  });

  it("wants certificate and token where both are configured", async () => {
    const token = file("token");
    writeFileSync(token, "0123456789abcdef", { mode: 0o600 });
    await serve(`,cacert=${file("ca.pem")},token-file=${token}`);
    const identity = `,cacert=${file("ca.pem")},cert=${file("client.pem")},key=${file("client.key")}`;
    await expect(call(identity)).rejects.toThrow("the answer is 401 Unauthorized: the header Authorization");
    expect(await call(`${identity},token-file=${token}`)).toBe("x!");
  });

  it("listens to the network with client certificates", async () => {
    const identity = `cert=${file("localhost.pem")},key=${file("localhost.key")},cacert=${file("ca.pem")}`;
    await echo.listen(`wss://0.0.0.0:0/,${identity}`);
    await expect(echo.listen(`wss://0.0.0.0:0/,${identity.replace(/,cacert.*/, "")}`)).rejects.toThrow(
      "others could connect over the network",
    );
  });

  it("shows a renewed certificate after a reload, and keeps its connections", async () => {
    for (const kind of ["pem", "key"]) copyFileSync(file(`localhost.${kind}`), file(`current.${kind}`));
    const { reload, local } = await echo
      .listen(`wss://127.0.0.1:0/,cert=${file("current.pem")},key=${file("current.key")}`)
      .then((listener) => ({ reload: () => listener.reload(), local: listener.local }));
    port = /:(\d+)\/$/.exec(local)?.[1] as string;
    const subject = async (): Promise<string | undefined> => {
      const socket = connectTls({ host: "127.0.0.1", port: Number(port), rejectUnauthorized: false });
      await once(socket, "secureConnect");
      const { subject } = socket.getPeerX509Certificate() ?? {};
      socket.destroy();
      return subject;
    };
    const transport = await connectRpc(
      parseRpcEndpoint(`wss://localhost:${port}/,cacert=${file("ca.pem")}`, "call"),
      TIMEOUT,
    );
    clients.push(transport);
    expect(await subject()).toBe("CN=localhost");

    copyFileSync(file("renewed.pem"), file("current.pem"));
    expect(reload().map(String)).toEqual([
      expect.stringMatching(
        /^EndpointError: wss:.*, option 'key': .*current\.key: the key does not belong to/,
      ),
    ]);
    expect(await subject()).toBe("CN=localhost");
    copyFileSync(file("renewed.key"), file("current.key"));
    expect(reload()).toEqual([]);
    expect(await subject()).toBe("CN=renewed");
    expect(await ask(transport, "still here")).toBe("still here!");
  });

  it.each(["TLSv1.1", "TLSv1"] as const)("does not speak %s", async (version) => {
    await serve();
    const socket = connectTls({
      ...{ host: "127.0.0.1", port: Number(port), rejectUnauthorized: false },
      ...{ minVersion: version, maxVersion: version, ciphers: "DEFAULT:@SECLEVEL=0" },
    });
    const [error] = (await once(socket, "error")) as unknown as [Error];
    expect(error.message).toMatch(/alert protocol version/);
  });

  it("takes an encrypted key whose password is in a file", async () => {
    const identity = `cert=${file("localhost.pem")},key=${file("encrypted.key")}`;
    const { local } = await echo.listen(
      `wss://127.0.0.1:0/,${identity},key-password-file=${file("password")}`,
    );
    port = /:(\d+)\/$/.exec(local)?.[1] as string;
    expect(await call(`,cacert=${file("ca.pem")}`)).toBe("x!");
  });

  it("survives peers that speak no TLS, stop in the handshake, or say nothing", async () => {
    await serve();
    const where = { host: "127.0.0.1", port: Number(port) };
    const plain = connectTcp(where);
    plain.write("GET / HTTP/1.1\r\n\r\n");
    await hungUp(plain);
    const half = connectTcp(where);
    half.end(Buffer.from("16030100", "hex"));
    await hungUp(half);
    expect(await call(`,cacert=${file("ca.pem")}`)).toBe("x!");
  });

  it.each([
    ["cert=/no,key=/no", "option 'cert': /no: No such file or directory"],
    ["cert=CA,key=/no", "option 'key': /no: No such file or directory"],
    ["cert=CA,key=ENCRYPTED", "the key is encrypted: key-password-file is missing"],
    [
      "cert=CA,key=ENCRYPTED,key-password-file=/no",
      "option 'key-password-file': /no: No such file or directory",
    ],
    ["cert=CA,key=ENCRYPTED,key-password-file=CA", "option 'key-password-file': "],
    ["cert=CA,key=OTHER", "the key does not belong to the (first) certificate of cert"],
    ["cert=OTHER,key=OTHER", "there is no -----BEGIN CERTIFICATE----- with its END in it"],
  ])("says what is wrong with %s", async (options, message) => {
    const files = { CA: "ca.pem", OTHER: "other.key", ENCRYPTED: "encrypted.key" };
    const text = options.replace(/[A-Z]+/g, (name) => file(files[name as keyof typeof files]));
    await expect(echo.listen(`wss://127.0.0.1:0/,${text}`)).rejects.toThrow(message);
  });
});
