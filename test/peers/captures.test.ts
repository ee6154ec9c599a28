// A capture of Open vSwitch with six bridges, one for each version, read as tshark reads it; also in disorder.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SummaryReport } from "../../src/traffic/index.js";
import { Certificates } from "../certificates.js";
import { chance, DISORDERS, recordsOf, withRecords } from "./capture-disorder.js";
import { Daemon, OFTR } from "./daemon.js";
import { describeWith } from "./installed.js";
import { OpenVSwitch, OVS_PROGRAMS } from "./ovs.js";
import { freePort, poll, runProgram, startProgram, stopProgram } from "./programs.js";

const VERSIONS = [1, 2, 3, 4, 5, 6];
const MANY = { limit: 100_000_000 };

/** A line of --brief --pair. */
const BRIEF =
  /^[\d:]{8}\.\d{9} +(?<number>\d+) c(?<conn>\d+) (?<way>->|<-|--) (?<type>\w+) +(?<xid>\d+)(?: +(?!\[)(?<facts>.*?))?(?: +\[answers (?<request>\d+) .*\])?$/;

/** Where tshark has types, by wire version. It does not know those of 1.1 and 1.2. */
const TSHARK_TYPES: Readonly<Record<number, string>> = {
  1: "openflow_1_0.type",
  4: "openflow_v4.type",
  5: "openflow_v5.type",
  6: "openflow_v6.type",
};

/** A message as both programs tell it: type, transaction id, time. */
type Told = string;

describeWith([...OVS_PROGRAMS, "tcpdump", "tshark"], "captures of Open vSwitch", () => {
  const folder = mkdtempSync(join(tmpdir(), "oftr-captures-"));
  const file = join(folder, "session.pcap");
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    await captureSession(port, file);
  }, 60_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function ours(path: string): Promise<{ version: number; told: Told }[]> {
    const args = [OFTR, "decode", "-j", `--pcap-filter=tcp port ${port}`, path];
    const text = (await runProgram(process.execPath, args, MANY)).toString();
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const { version, xid, time } = JSON.parse(line);
        return { version, told: `${xid} ${time}` };
      });
  }

  async function theirs(path: string): Promise<Told[]> {
    const fields = [
      "frame.time_epoch",
      "openflow.xid",
      "openflow_v4.xid",
      "openflow_v5.xid",
      "openflow_v6.xid",
    ];
    const args = [
      ...["-r", path, "-d", `tcp.port==${port},openflow`, "-o", "tcp.reassemble_out_of_order:TRUE"],
      ...["-T", "fields", ...fields.flatMap((field) => ["-e", field])],
    ];
    const text = (await runProgram("tshark", args, MANY)).toString();
    return text.split("\n").flatMap((line) => {
      const [time, ...xids] = line.split("\t");
      return xids
        .flatMap((list) => list.split(","))
        .filter((xid) => xid !== "")
        .map((xid) => `${Number(xid)} ${time}`);
    });
  }

  async function tsharkValues(field: string): Promise<string[]> {
    const args = ["-r", file, "-d", `tcp.port==${port},openflow`, "-T", "fields", "-e", field];
    const text = (await runProgram("tshark", args, MANY)).toString();
    return text.split(/[\n,]/).filter((value) => value !== "");
  }

  it("have the messages of all versions", async () => {
    const messages = await ours(file);
    expect(new Set(messages.map(({ version }) => version))).toEqual(new Set(VERSIONS));
    expect(messages.length).toBeGreaterThan(300);
  });

  it("show each request with its reply in lines", async () => {
    const args = [OFTR, "decode", "--brief", "--pair", `--pcap-filter=tcp port ${port}`, file];
    const lines = (await runProgram(process.execPath, args, MANY)).toString().trimEnd().split("\n");
    const shown = lines.map((line) => BRIEF.exec(line)?.groups ?? expect.fail(`not a line: ${line}`));
    const byNumber = new Map(shown.map((one) => [one.number, one]));
    expect(byNumber.size).toBe((await ours(file)).length);
    // Until a message comes that only one side sends, nobody knows who is who at these ports.
    const unknown = shown.filter(({ way }) => way === "--").map(({ type }) => type);
    expect(unknown.every((type) => type === "HELLO")).toBe(true);
    const answers = shown.filter(({ request }) => request !== undefined);
    for (const { conn, way, xid, request } of answers)
      expect(byNumber.get(request)).toMatchObject({ conn, xid, way: way === "<-" ? "->" : "<-" });
    // Six bridges were asked one of each; replies in parts say whose they are in each part.
    for (const type of ["FEATURES", "DESC", "TABLE_STATS", "PORT_STATS"]) {
      const requests = shown.filter((one) => one.type === `${type}_REQUEST`);
      const answered = new Set(
        answers.filter((one) => one.type === `${type}_REPLY`).map((one) => one.request),
      );
      expect([type, answered]).toEqual([type, new Set(requests.map(({ number }) => number))]);
      expect(requests.length).toBeGreaterThanOrEqual(VERSIONS.length);
    }
    const flows = shown.filter(({ type }) => type === "FLOW_MOD").map(({ facts }) => facts);
    expect(flows.length).toBe(40 * VERSIONS.length);
    expect(flows).toContain("add priority=7,in_port=7 actions=drop");
  });

  it("have every message that tshark finds, with the same transaction id and time", async () => {
    expectAll(await ours(file), await theirs(file));
  });

  it("have as many FEATURES_REPLYs and FLOW_MODs in their summary as tshark counts", async () => {
    const ports = `--pcap-filter=tcp port ${port}`;
    const args = [OFTR, "decode", "-j", "--summary", ports, file];
    const report: SummaryReport = JSON.parse((await runProgram(process.execPath, args, MANY)).toString());
    for (const { version, types } of report.connections) {
      const field = TSHARK_TYPES[version];
      if (field === undefined) continue;
      const counts = new Map<number, number>();
      for (const type of await tsharkValues(field))
        counts.set(Number(type), (counts.get(Number(type)) ?? 0) + 1);
      for (const [name, number] of Object.entries({ FEATURES_REPLY: 6, FLOW_MOD: 14 })) {
        const ours = types.filter(({ type }) => type === name).map(({ count }) => count);
        expect([version, name, ...ours]).toEqual([version, name, counts.get(number)]);
      }
    }
    const datapaths = report.connections.map(({ datapath_id }) => datapath_id);
    expect(datapaths).toEqual(VERSIONS.map((version) => `00:00:00:00:00:00:00:0${version}`));
    expect(report.slowest).toHaveLength(10);
  });

  describe.each(Object.entries(DISORDERS))("with %s", (_title, disorder) => {
    it("have the same", async () => {
      const clean = readFileSync(file);
      const path = join(folder, "disorder.pcap");
      // The SYNs stay in front: without them a capture starts in the middle.
      writeFileSync(path, withRecords(clean, disorder(recordsOf(clean), chance(7))));
      const messages = await ours(path);
      expectAll(messages, await theirs(path));
      expect(messages.length).toBe((await ours(file)).length);
    });
  });
});

describeWith(["tcpdump", "tshark", "openssl"], "captures of TLS", () => {
  const certificates = new Certificates();
  const folder = mkdtempSync(join(tmpdir(), "oftr-captures-"));

  afterAll(() => {
    certificates.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it("are decrypted by their keys, with the times of their packets, and told where there are none", async () => {
    const port = await freePort();
    const file = join(folder, "tls.pcap");
    const keys = join(folder, "keys.log");
    await captureTls(port, file, keys, certificates);
    const args = [OFTR, "decode", "-j", `--pcap-filter=tcp port ${port}`, file];
    const text = (await runProgram(process.execPath, [...args, `--tls-keylog=${keys}`], MANY)).toString();
    const messages = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(messages.map(({ type, xid, conn_id }) => [type, xid, conn_id])).toEqual([
      ["HELLO", 1, 1],
      ["HELLO", 2, 1],
      ["ECHO_REQUEST", 3, 1],
    ]);
    expect(messages.map(({ dst }) => dst === `127.0.0.1:${port}`)).toEqual([true, false, true]);
    const now = Date.now() / 1000;
    expect(messages.every(({ time }) => Math.abs(Number(time) - now) < 100)).toBe(true);
    await expect(runProgram(process.execPath, args, MANY)).rejects.toThrow(
      "is encrypted (TLS); its keys can be given by --tls-keylog",
    );
  });
});

/** Has a client say HELLO over TLS, a server answer, and the client ask for an echo. */
async function captureTls(
  port: number,
  file: string,
  keys: string,
  certificates: Certificates,
): Promise<void> {
  const tcpdump = await startCapture(port, file);
  certificates.authority("ca");
  const [key, cert] = [certificates.text("ca.key"), certificates.text("ca.pem")];
  const server = createServer({ key, cert }, (socket) => {
    socket.once("data", () => socket.write(Buffer.from("0400000800000002", "hex")));
    socket.resume();
  });
  server.on("keylog", (line: Buffer) => appendFileSync(keys, line));
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
    const client = connect({ host: "127.0.0.1", port, rejectUnauthorized: false });
    await once(client, "secureConnect");
    client.write(Buffer.from("0400000800000001", "hex"));
    await once(client, "data");
    client.end(Buffer.from("0402000800000003", "hex"));
    await once(client, "close");
    await settled(file);
  } finally {
    server.close();
    await stopProgram(tcpdump);
  }
}

/** Starts to capture what goes to and from a port. */
async function startCapture(port: number, file: string): Promise<ChildProcess> {
  const args = ["-i", "lo", "-U", "--immediate-mode", "-w", file, `tcp port ${port}`];
  const tcpdump = startProgram("tcpdump", args, { stdio: "ignore" });
  await poll("tcpdump", async () => existsSync(file) && statSync(file).size >= 24, Boolean);
  return tcpdump;
}

/** Has six bridges, one of each version, connect to a daemon and answer it, and captures that. */
async function captureSession(port: number, file: string): Promise<void> {
  const tcpdump = await startCapture(port, file);
  const daemon = new Daemon();
  let ovs: OpenVSwitch | undefined;
  try {
    ovs = await OpenVSwitch.start();
    await daemon.request("OFP.LISTEN", {
      endpoint: `127.0.0.1:${port}`,
      versions: VERSIONS,
      options: ["FEATURES_REQ"],
    });
    for (const version of VERSIONS) {
      const bridge = `br${version}`;
      const datapathId = `000000000000000${version}`;
      await ovs.addBridge(bridge, { versions: [version], datapathId, ports: 3 });
      await ovs.setController(bridge, port);
      const { datapath_id = "" } = await daemon.next("CHANNEL_UP");
      for (let n = 0; n < 40; n++)
        await daemon.send(datapath_id, "FLOW_MOD", {
          table_id: 0,
          command: "ADD",
          priority: n,
          match: [{ field: "IN_PORT", value: n }],
          instructions: [],
        });
      for (const type of ["DESC", "TABLE_STATS", "PORT_STATS"]) {
        const msg = type === "PORT_STATS" ? { port_no: "ANY" } : {};
        await daemon.ask(datapath_id, `${type}_REQUEST`, msg);
      }
    }
    await settled(file);
  } finally {
    await daemon.stop();
    await ovs?.stop();
    await stopProgram(tcpdump);
  }
}

/** Waits until a file grows no more. */
async function settled(file: string): Promise<void> {
  let before = -1;
  await poll(
    "the end of the capture",
    async () => {
      const { size } = statSync(file);
      const same = size === before;
      before = size;
      return same;
    },
    Boolean,
  );
}

function expectAll(messages: readonly { told: Told }[], theirs: readonly Told[]): void {
  const found = new Map<Told, number>();
  for (const { told } of messages) found.set(told, (found.get(told) ?? 0) + 1);
  const missed = theirs.filter((told) => {
    const left = found.get(told) ?? 0;
    found.set(told, left - 1);
    return left === 0;
  });
  expect(missed).toEqual([]);
  expect(theirs.length).toBeGreaterThan(100);
}
