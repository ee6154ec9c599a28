// OpenFlow over TLS as a client of the daemon sees it: two gateways, one as the controller, one as the switch.
import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { configureLog, flushLog } from "../../src/base/index.js";
import { systemClock } from "../../src/channel/index.js";
import { Gateway, setTrace } from "../../src/rpc/index.js";
import { Certificates, hasOpenssl } from "../certificates.js";
import { freePort } from "../peers/programs.js";
import { MemoryTransport } from "./memory-transport.js";

const openssl = hasOpenssl();
if (!openssl) process.stderr.write("not run: OpenFlow over TLS (openssl is not installed)\n");

type Json = Record<string, unknown>;

/** Asks until there is an answer. */
function until<Value>(ask: () => Value | undefined): Promise<Value> {
  return vi.waitFor(
    () => {
      const value = ask();
      if (value === undefined) throw new Error("waited in vain");
      return value;
    },
    { timeout: 10_000, interval: 5 },
  );
}

class Party {
  readonly gateway = new Gateway({ clock: systemClock(), softwareDescription: "test" });
  readonly client = new MemoryTransport();

  constructor() {
    void this.gateway.serve(this.client);
  }

  /** Calls a method; gives the whole reply. */
  async call(method: string, params: unknown): Promise<Json> {
    const from = this.client.sent.length;
    this.client.onText(JSON.stringify({ id: 7, method, params }));
    const text = await until(() => this.client.sent.slice(from).find((one) => one.startsWith('{"id":7')));
    return JSON.parse(text) as Json;
  }

  /** The first event of a type. */
  async event(type: string): Promise<Json> {
    const text = await until(() => this.client.sent.find((one) => one.includes(`"type":"${type}"`)));
    return (JSON.parse(text) as { params: Json }).params;
  }

  async stats(): Promise<Json[]> {
    const { result } = await this.call("OFP.LIST_CONNECTIONS", { conn_id: 0 });
    return (result as { stats: Json[] }).stats;
  }
}

describe.skipIf(!openssl)("OpenFlow over TLS", () => {
  let files: Certificates;
  let controller: Party;
  let device: Party;
  let port: number;
  let endpoint: string;
  const logged: string[] = [];

  beforeAll(() => {
    configureLog({ level: "trace", destination: { write: (line) => logged.push(line) } });
    setTrace(["rpc"]);
    files = new Certificates();
    files.authority("ca");
    files.authority("other-ca");
    files.certificate("controller", "ca");
    files.certificate("switch", "ca");
    files.certificate("stranger", "other-ca");
    files.openssl("pkcs8", "-topk8", "-in", "switch.key", "-out", "switch.enc", "-passout", "pass:Tr0ub4dor");
  });

  afterAll(() => {
    setTrace([]);
    configureLog({ level: "silent" });
    files.remove();
  });

  beforeEach(async () => {
    controller = new Party();
    device = new Party();
    port = await freePort();
    endpoint = `127.0.0.1:${port}`;
  });

  afterEach(() => {
    controller.gateway.close();
    device.gateway.close();
  });

  const identity = (name: string): Json => ({
    cert: files.text(`${name}.pem`),
    privkey: files.text(`${name}.key`),
    cacert: files.text("ca.pem"),
  });

  async function listen(tls = true): Promise<void> {
    if (tls) {
      expect(await controller.call("OFP.ADD_IDENTITY", identity("controller"))).toEqual({
        id: 7,
        result: { tls_id: 1 },
      });
    }
    expect(await controller.call("OFP.LISTEN", { endpoint, tls_id: tls ? 1 : 0 })).toEqual({
      id: 7,
      result: { conn_id: 1 },
    });
  }

  it("brings channels up, lists them as TLS, and closes them", async () => {
    await listen();
    const encrypted = { ...identity("switch"), privkey: files.path("switch.enc"), password: "Tr0ub4dor" };
    await device.call("OFP.ADD_IDENTITY", encrypted);
    expect((await device.call("OFP.CONNECT", { endpoint, tls_id: 1 })).result).toEqual({ conn_id: 1 });
    expect(await device.event("CHANNEL_UP")).toMatchObject({ conn_id: 1, version: 6, msg: { endpoint } });
    expect(await controller.event("CHANNEL_UP")).toMatchObject({ conn_id: 2, version: 6 });
    expect(await controller.stats()).toEqual([
      expect.objectContaining({ conn_id: 1, local_endpoint: endpoint, transport: "TLS" }),
      expect.objectContaining({ conn_id: 2, local_endpoint: endpoint, transport: "TLS" }),
    ]);
    await controller.call("OFP.SEND", { conn_id: 2, type: "BARRIER_REQUEST", xid: 99 });
    expect(await device.event("BARRIER_REQUEST")).toMatchObject({ xid: 99, conn_id: 1 });
    expect((await controller.call("OFP.CLOSE", { conn_id: 2 })).result).toEqual({ count: 1 });
    expect(await device.event("CHANNEL_DOWN")).toMatchObject({ conn_id: 1 });
  });

  it("tells on both sides why a certificate is refused, under the number of the connection", async () => {
    await listen();
    await device.call("OFP.ADD_IDENTITY", identity("stranger"));
    await device.call("OFP.CONNECT", { endpoint, tls_id: 1 });
    expect(await controller.event("CHANNEL_ALERT")).toEqual({
      type: "CHANNEL_ALERT",
      time: expect.any(String),
      xid: 0,
      conn_id: 2,
      msg: {
        message: expect.stringMatching(
          /^TLS with 127\.0\.0\.1:\d+ failed: the peer's certificate \(CN=stranger\) is not signed by an authority in cacert, /,
        ),
        data: "",
        reason: "TLS_UNKNOWN_CA",
      },
    });
    await until(() => (controller.client.sent.join().includes("CHANNEL_UP") ? undefined : true));
    expect(await controller.stats()).toHaveLength(1);
  });

  it("knows plaintext where TLS is wanted, and TLS where it is not", async () => {
    await listen();
    await device.call("OFP.CONNECT", { endpoint });
    expect(await controller.event("CHANNEL_ALERT")).toMatchObject({
      msg: {
        reason: "TLS_PLAINTEXT_PEER",
        message: expect.stringContaining("or listen for it without tls_id"),
      },
    });
    controller.gateway.close();

    controller = new Party();
    await listen(false);
    device.client.sent.length = 0;
    await device.call("OFP.ADD_IDENTITY", identity("switch"));
    await device.call("OFP.CONNECT", { endpoint, tls_id: 1 });
    expect(await controller.event("CHANNEL_ALERT")).toMatchObject({
      msg: {
        reason: "TLS_UNEXPECTED",
        message:
          "Invalid OpenFlow message header: the peer speaks TLS; give tls_id, or have the peer use tcp: or ptcp:",
        data: expect.stringMatching(/^1603/),
      },
    });
    expect(await device.event("CHANNEL_ALERT")).toMatchObject({ msg: { reason: "TLS_PLAINTEXT_PEER" } });
  });

  it("gives up a peer that does not go on within tls_timeout", async () => {
    await controller.call("OFP.ADD_IDENTITY", identity("controller"));
    await controller.call("OFP.LISTEN", { endpoint, tls_id: 1, tls_timeout: 0.1 });
    const slow = connect(port, "127.0.0.1");
    slow.on("error", () => undefined);
    const ended = new Promise((resolve) => slow.once("close", resolve));
    slow.write(Buffer.from("16", "hex"));
    expect(await controller.event("CHANNEL_ALERT")).toMatchObject({
      conn_id: 2,
      msg: { reason: "TLS_TIMEOUT", message: expect.stringContaining("it took more than 0.1 s") },
    });
    await ended;
    expect(controller.gateway.service.registry.tally.handshakeFailures).toEqual({ TLS_TIMEOUT: 1 });
  });

  it("connects again when TLS has failed", async () => {
    await listen(false);
    await device.call("OFP.ADD_IDENTITY", identity("switch"));
    await device.call("OFP.CONNECT", { endpoint, tls_id: 1, reconnect: { min: 0.1, max: 0.1 } });
    const { registry } = device.gateway.service;
    await until(() => ((registry.tally.handshakeFailures.TLS_PLAINTEXT_PEER ?? 0) > 1 ? true : undefined));
    expect((await device.call("OFP.CLOSE", { conn_id: 1 })).result).toEqual({ count: 1 });
    expect(await device.stats()).toEqual([]);
  });

  it("says nothing of a TLS handshake that its own client has ended", async () => {
    await listen();
    const slow = connect(port, "127.0.0.1");
    slow.on("error", () => undefined);
    const ended = new Promise((resolve) => slow.once("close", resolve));
    slow.write(Buffer.from("16", "hex"));
    while ((await controller.stats()).length < 2);
    await controller.call("OFP.CLOSE", { conn_id: 2 });
    await ended;
    expect(controller.client.sent.join()).not.toContain("CHANNEL_ALERT");
  });

  it("lists and closes connections that have not come as far as OpenFlow", async () => {
    await listen();
    const slow = connect(port, "127.0.0.1");
    slow.on("error", () => undefined);
    const ended = new Promise((resolve) => slow.once("close", resolve));
    slow.write(Buffer.from("16", "hex"));
    let stats: Json[] = [];
    while (stats.length < 2) stats = await controller.stats();
    expect(stats[1]).toMatchObject({ conn_id: 2, transport: "TLS", datapath_id: "" });
    expect((await controller.call("OFP.CLOSE", { conn_id: 2 })).result).toEqual({ count: 1 });
    await ended;
    expect(await controller.stats()).toHaveLength(1);
  });

  it("ends with the daemon, whatever state its connections are in", async () => {
    await listen();
    const slow = connect(port, "127.0.0.1");
    slow.on("error", () => undefined);
    const ended = new Promise((resolve) => slow.once("close", resolve));
    while ((await controller.stats()).length < 2);
    controller.gateway.close();
    await ended;
    expect(controller.client.sent.join()).not.toContain("CHANNEL_ALERT");
  });

  it("forgets a connection that ends before it says anything, without a word", async () => {
    await listen();
    const probe = connect(port, "127.0.0.1").resume();
    probe.end();
    await once(probe, "close");
    const { registry } = controller.gateway.service;
    await until(() => (registry.connections().length === 0 ? true : undefined));
    expect(controller.client.sent.join()).not.toContain("CHANNEL_ALERT");
  });

  it.each([
    [
      {},
      -32600,
      "YAML:1:47: error: missing required key 'cert'\n(not shown: it may hold keys)\n^",
      undefined,
    ],
    [
      { cert: "x" },
      -32600,
      "YAML:1:47: error: missing required key 'privkey'\n(not shown: it may hold keys)\n^",
      undefined,
    ],
    [
      { cert: 1, privkey: "x" },
      -32600,
      "YAML:1:54: error: not a text\n(not shown: it may hold keys)\n^",
      undefined,
    ],
    [
      { cert: "/nowhere", privkey: "x" },
      2,
      "No such file or directory",
      { path: "params.cert", code: "FILE" },
    ],
    [
      { cert: "x\n", privkey: "" },
      0x0480006c,
      "cert: there is no -----BEGIN CERTIFICATE----- with its END in it (PEM: no start line)",
      { path: "params.cert", code: "BAD_CERTIFICATE" },
    ],
  ])("refuses the identity %j", async (params, code, message, data) => {
    const { error } = (await controller.call("OFP.ADD_IDENTITY", params)) as { error: Json };
    expect(error).toMatchObject({ code, message, ...(data === undefined ? {} : { data }) });
  });

  describe("bound to a datapath_id", () => {
    const BOUND = "00-00-00-00-00-00-00-01";

    beforeAll(() => {
      files.certificate(BOUND, "ca");
      files.certificate("by-name", "ca", {
        altName: "DNS:switch.example,DNS:0000000000000001.switches.example,URI:dpid:00:00:00:00:00:00:00:01",
      });
    });

    /** The switch connects with this certificate, and says that it is datapath 1. */
    async function connectAs(name: string, bind: string): Promise<void> {
      await controller.call("OFP.ADD_IDENTITY", identity("controller"));
      const params = { endpoint, tls_id: 1, options: ["FEATURES_REQ"], versions: [4], bind_datapath: bind };
      expect((await controller.call("OFP.LISTEN", params)).error).toBeUndefined();
      await device.call("OFP.ADD_IDENTITY", identity(name));
      await device.call("OFP.CONNECT", { endpoint, tls_id: 1, versions: [4] });
      const { conn_id, xid } = await device.event("FEATURES_REQUEST");
      const msg = { datapath_id: "1", n_buffers: 0, n_tables: 1, auxiliary_id: 0, capabilities: [] };
      await device.call("OFP.SEND", { conn_id, xid, type: "FEATURES_REPLY", msg });
    }

    it.each([
      [BOUND, "CN"],
      ["by-name", "DNS"],
      ["by-name", "URI"],
      ["by-name", "ANY"],
    ])("takes the switch with the certificate %s for %s", async (name, bind) => {
      await connectAs(name, bind);
      expect(await device.event("PORT_DESC_REQUEST")).toMatchObject({ conn_id: 1 });
      await device.call("OFP.SEND", { conn_id: 1, xid: 2, type: "PORT_DESC_REPLY", msg: [] });
      expect(await controller.event("CHANNEL_UP")).toMatchObject({ datapath_id: "00:00:00:00:00:00:00:01" });
    });

    it("refuses another one, and says why", async () => {
      await connectAs("switch", "ANY");
      await device.event("PORT_DESC_REQUEST");
      await device.call("OFP.SEND", { conn_id: 1, xid: 2, type: "PORT_DESC_REPLY", msg: [] });
      expect(await controller.event("CHANNEL_ALERT")).toMatchObject({
        conn_id: 2,
        datapath_id: "00:00:00:00:00:00:00:01",
        msg: {
          reason: "DATAPATH_NOT_IN_CERTIFICATE",
          message:
            'Connection refused: the certificate is for CN "switch", the switch says datapath_id 00:00:00:00:00:00:00:01',
        },
      });
      expect(await device.event("CHANNEL_DOWN")).toMatchObject({ msg: { reason: "PEER_CLOSED" } });
      expect(controller.client.sent.join()).not.toContain("CHANNEL_UP");
    });

    it("needs an identity that asks for certificates", async () => {
      const { cert, privkey } = identity("controller");
      await controller.call("OFP.ADD_IDENTITY", { cert, privkey });
      const params = { endpoint, tls_id: 1, options: ["FEATURES_REQ"], bind_datapath: "CN" };
      expect((await controller.call("OFP.LISTEN", params)).error).toMatchObject({
        message: "bind_datapath needs the option FEATURES_REQ, and tls_id of an identity with cacert",
      });
    });
  });

  it("reads certificates anew for connections to come, and keeps those that are open", async () => {
    files.certificate("renewed", "ca");
    const paths = (name: string): Json => ({
      cert: files.path(`${name}.pem`),
      privkey: files.path(`${name}.key`),
      cacert: files.path("ca.pem"),
    });
    await controller.call("OFP.ADD_IDENTITY", paths("renewed"));
    await controller.call("OFP.LISTEN", { endpoint, tls_id: 1 });
    await device.call("OFP.ADD_IDENTITY", identity("switch"));
    await device.call("OFP.CONNECT", { endpoint, tls_id: 1 });
    await controller.event("CHANNEL_UP");
    // The new one is of an authority that the switch does not know.
    files.certificate("renewed", "other-ca");
    expect(controller.gateway.service.identities.reload()).toEqual([]);
    await device.call("OFP.CONNECT", { endpoint, tls_id: 1 });
    expect(await device.event("CHANNEL_ALERT")).toMatchObject({
      conn_id: 2,
      msg: { reason: "TLS_UNKNOWN_CA" },
    });
    await controller.call("OFP.SEND", { conn_id: 2, type: "BARRIER_REQUEST", xid: 99 });
    expect(await device.event("BARRIER_REQUEST")).toMatchObject({ conn_id: 1, xid: 99 });
    expect(controller.client.sent.join()).not.toContain("CHANNEL_DOWN");
  });

  it("shows keys and passwords to nobody, whatever is wrong with the request", async () => {
    logged.length = 0;
    const secret = files.text("switch.key").split("\n")[1] as string;
    const params = { ...identity("switch"), password: "Tr0ub4dor" };
    await controller.call("OFP.ADD_IDENTITY", params);
    await controller.call("OFP.ADD_IDENTITY", { ...params, privkey: secret });
    await controller.call("OFP.ADD_IDENTITY", { ...params, privkey: `${secret}\0` });
    await controller.call("OFP.ADD_IDENTITY", { ...params, extra: 1 });
    await controller.call("OFP.ADD_IDENTITIES", params);
    const text = JSON.stringify({ method: "OFP.ADD_IDENTITY", params });
    controller.client.onText(text.slice(0, -1));
    controller.client.onText(`{"id":8,"unknown":1,${text.slice(1)}`);
    await controller.stats();
    await flushLog();
    expect(controller.client.sent.length).toBeGreaterThan(7);
    const said = controller.client.sent.join("\n") + logged.join("\n");
    expect(logged.join("\n")).toContain("(not shown: it may hold keys)");
    expect(said).not.toContain(secret.slice(0, 20));
    expect(said).not.toContain("Tr0ub4dor");
  });
});
