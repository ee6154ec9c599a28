// OpenFlow over TLS between `oftr jsonrpc` and Open vSwitch.
import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { Certificates } from "../certificates.js";
import { Daemon, type Json } from "./daemon.js";
import { describeWith } from "./installed.js";
import { DATAPATH } from "./lab.js";
import { OpenVSwitch, OVS_PROGRAMS } from "./ovs.js";
import { freePort } from "./programs.js";

const BRIDGE = "br0";

describeWith([...OVS_PROGRAMS, "openssl"], "TLS with Open vSwitch", () => {
  let files: Certificates;
  let ovs: OpenVSwitch;
  let daemon: Daemon;
  let port: number;

  beforeAll(() => {
    files = new Certificates();
    files.authority("switch-ca");
    files.authority("controller-ca");
    files.certificate("switch", "switch-ca");
    files.certificate("late", "switch-ca", { dates: ["20200101000000Z", "20210101000000Z"] });
    files.certificate("controller", "controller-ca");
    files.certificate("stranger", "controller-ca");
  });

  afterAll(() => files.remove());

  beforeEach(async () => {
    daemon = new Daemon();
    ovs = await OpenVSwitch.start();
    await ovs.addBridge(BRIDGE, { versions: [4], datapathId: DATAPATH.replaceAll(":", ""), ports: 1 });
    port = await freePort();
  });

  afterEach(async () => {
    await daemon.stop();
    await ovs?.stop();
  });

  /** Gives the switch its certificate, and the authority of controllers. */
  async function certify(name: string, authority = "controller-ca"): Promise<void> {
    await ovs.vsctl(
      ...["set-ssl", files.path(`${name}.key`), files.path(`${name}.pem`), files.path(`${authority}.pem`)],
    );
  }

  async function addIdentity(more: Json = {}): Promise<void> {
    const [cert, privkey] = [files.path("controller.pem"), files.path("controller.key")];
    const params = { cert, privkey, cacert: files.text("switch-ca.pem"), ...more };
    expect(await daemon.request("OFP.ADD_IDENTITY", params)).toEqual({ tls_id: 1 });
  }

  async function listen(tls_id: number): Promise<void> {
    const params = { endpoint: `127.0.0.1:${port}`, versions: [4], options: ["FEATURES_REQ"], tls_id };
    expect(await daemon.request("OFP.LISTEN", params)).toEqual({ conn_id: 1 });
  }

  async function setController(target: string): Promise<void> {
    const settings = ["set", "controller", BRIDGE, "max_backoff=1000", "inactivity_probe=0"];
    await ovs.vsctl("set-controller", BRIDGE, target, "--", ...settings);
  }

  it.each([
    ["TLS 1.3", "", "SERVER_TRAFFIC_SECRET_0"],
    ["TLS 1.2", "TLS1.2", "CLIENT_RANDOM"],
  ])(
    "carries messages both ways over %s, each having seen the other's certificate",
    async (_, version, secret) => {
      const keylog = files.path("keys.log");
      await addIdentity({ version, keylog });
      await certify("switch");
      await listen(1);
      await setController(`ssl:127.0.0.1:${port}`);
      expect(await daemon.next("CHANNEL_UP")).toMatchObject({ version: 4, datapath_id: DATAPATH });
      const { stats } = (await daemon.request("OFP.LIST_CONNECTIONS", { conn_id: 0 })) as { stats: Json[] };
      expect(stats).toEqual([
        expect.objectContaining({ conn_id: 1, transport: "TLS", datapath_id: "" }),
        expect.objectContaining({ transport: "TLS", datapath_id: DATAPATH }),
      ]);
      const data = "ab".repeat(50_000);
      expect(await daemon.ask(DATAPATH, "ECHO_REQUEST", { data })).toMatchObject({
        type: "ECHO_REPLY",
        msg: { data: data.toUpperCase() },
      });
      expect(await daemon.request("OFP.CLOSE", { datapath_id: DATAPATH })).toEqual({ count: 1 });
      expect(await daemon.next("CHANNEL_DOWN")).toMatchObject({ datapath_id: DATAPATH });
      expect(await daemon.next("CHANNEL_UP")).toMatchObject({ datapath_id: DATAPATH });
      expect(daemon.takeEvents(({ type }) => type === "CHANNEL_ALERT")).toEqual([]);
      // What analysers read: the labels tell the version.
      const lines = readFileSync(keylog, "utf8").trimEnd().split("\n");
      expect(lines.map((line) => line.split(" ")[0])).toContain(secret);
    },
  );

  it.each([
    [
      "of an unknown authority",
      "stranger",
      "TLS_UNKNOWN_CA",
      /\(CN=stranger\) is not signed by an authority in cacert/,
    ],
    [
      "that has expired",
      "late",
      "TLS_EXPIRED",
      /\(CN=late\), valid to Jan +1 00:00:00 2021 GMT, .*: renew it$/,
    ],
  ])("refuses a certificate %s, says why, and takes a good one later", async (_, name, reason, message) => {
    await addIdentity();
    await certify(name);
    await listen(1);
    await setController(`ssl:127.0.0.1:${port}`);
    const { msg } = await daemon.next("CHANNEL_ALERT");
    expect(msg).toMatchObject({ reason, message: expect.stringMatching(message) });
    await certify("switch");
    expect(await daemon.next("CHANNEL_UP")).toMatchObject({ datapath_id: DATAPATH });
  });

  it("says when the switch refuses the daemon's certificate", async () => {
    await addIdentity();
    await certify("switch", "switch-ca");
    await listen(1);
    await setController(`ssl:127.0.0.1:${port}`);
    const { msg } = await daemon.next("CHANNEL_ALERT");
    expect(msg).toMatchObject({ reason: "TLS_REFUSED", message: expect.stringContaining("UNKNOWN_CA") });
  });

  it("says when the one speaks TLS and the other does not", async () => {
    await addIdentity();
    await certify("switch");
    await listen(1);
    await setController(`tcp:127.0.0.1:${port}`);
    expect((await daemon.next("CHANNEL_ALERT")).msg.reason).toBe("TLS_PLAINTEXT_PEER");

    const plain = await freePort();
    await daemon.request("OFP.LISTEN", { endpoint: `127.0.0.1:${plain}` });
    await setController(`ssl:127.0.0.1:${plain}`);
    const alert = await daemon.event("TLS", ({ msg }) => msg.reason === "TLS_UNEXPECTED");
    expect(alert.msg.message).toBe(
      "Invalid OpenFlow message header: the peer speaks TLS; give tls_id, or have the peer use tcp: or ptcp:",
    );
  });

  it("connects to a switch that listens", async () => {
    await addIdentity();
    await certify("switch");
    await setController(`pssl:${port}:127.0.0.1`);
    const endpoint = `127.0.0.1:${port}`;
    const params = { endpoint, versions: [4], options: ["FEATURES_REQ"] };
    expect(await daemon.request("OFP.CONNECT", { ...params, tls_id: 1 })).toEqual({ conn_id: 1 });
    expect(await daemon.next("CHANNEL_UP")).toMatchObject({ conn_id: 1, datapath_id: DATAPATH });
    expect(await daemon.ask(DATAPATH, "BARRIER_REQUEST", {})).toMatchObject({ type: "BARRIER_REPLY" });

    // The open connection stays; the next one meets the new certificate.
    await certify("stranger");
    expect(await daemon.request("OFP.CONNECT", { ...params, tls_id: 1 })).toEqual({ conn_id: 2 });
    expect(await daemon.next("CHANNEL_ALERT")).toMatchObject({
      conn_id: 2,
      msg: { reason: "TLS_UNKNOWN_CA" },
    });
    expect(daemon.takeEvents(({ type }) => type === "CHANNEL_DOWN")).toEqual([]);
  });
});
