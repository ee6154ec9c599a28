// What clients may ask of OFP.ADD_IDENTITY; that identities work is tested with TLS.
import { beforeAll, describe, expect, it } from "vitest";
import { configureLog, DEFAULT_LIMITS } from "../../src/base/index.js";
import { type ClientFacts, Gateway } from "../../src/rpc/index.js";
import { Certificates, hasOpenssl } from "../certificates.js";
import { FakeClock } from "../channel/fake-clock.js";
import { MemoryTransport } from "./memory-transport.js";

const REMOTE: ClientFacts = { kind: "websocket", dialect: "strict", files: false, lone: false };
const LOCAL: ClientFacts = { kind: "unix", dialect: "strict", files: true, lone: false };
const FILES = "files may be named over stdio and Unix sockets only";

const openssl = hasOpenssl();
if (!openssl) process.stderr.write("not run: identities of TLS (openssl is not installed)\n");

async function add(gateway: Gateway, facts: ClientFacts, params: object): Promise<object> {
  const client = new MemoryTransport();
  void gateway.serve(client, facts);
  client.onText(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "OFP.ADD_IDENTITY", params }));
  await new Promise((resolve) => setImmediate(resolve));
  const { result, error } = JSON.parse(client.sent[0] as string) as { result?: object; error?: object };
  return result ?? error ?? {};
}

beforeAll(() => configureLog({ level: "silent" }));

describe("OFP.ADD_IDENTITY", () => {
  it.each(["cert", "privkey", "cacert", "keylog"])(
    "does not let a client over the network name a file as %s",
    async (key) => {
      const gateway = new Gateway({ clock: new FakeClock(), softwareDescription: "test" });
      const pem = "-----BEGIN X-----\n";
      const params = { cert: pem, privkey: pem, [key]: "/etc/hostname" };
      expect(await add(gateway, REMOTE, params)).toMatchObject({
        code: -32602,
        message: expect.stringContaining(`params.${key}: ${FILES}`),
        data: { path: `params.${key}`, code: "FILE" },
      });
      expect(JSON.stringify(await add(gateway, LOCAL, params))).not.toContain(FILES);
    },
  );

  it.skipIf(!openssl)("takes as many as its limit says", async () => {
    const limits = { ...DEFAULT_LIMITS, identities: 1 };
    const gateway = new Gateway({
      clock: new FakeClock(),
      softwareDescription: "test",
      limits: () => limits,
    });
    const files = new Certificates();
    files.authority("ca");
    files.certificate("a", "ca");
    const params = { cert: files.text("a.pem"), privkey: files.text("a.key") };
    files.remove();
    expect(await add(gateway, REMOTE, params)).toEqual({ tls_id: 1 });
    expect(await add(gateway, REMOTE, params)).toEqual({
      code: -65006,
      message: "there can be no more than 1 identities (limit identities)",
    });
  });
});
