// A capture of Open vSwitch with six bridges, one for each version, read as tshark reads it; also in disorder.
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SummaryReport } from "../../src/traffic/index.js";
import { Certificates } from "../certificates.js";
import type { ReadAll } from "../pcap/read-all.js";
import { chance, DISORDERS, type Disorder, LOSSES, recordsOf, withRecords } from "./capture-disorder.js";
import {
  cutMessages,
  readOurs,
  type Told,
  TSHARK_FIELDS,
  told,
  tsharkMessages,
  tsharkStreams,
} from "./captured-messages.js";
import { captureSession, settled, startCapture, VERSIONS } from "./captured-session.js";
import { OFTR } from "./daemon.js";
import { describeWith } from "./installed.js";
import { OVS_PROGRAMS } from "./ovs.js";
import { freePort, runProgram, stopProgram } from "./programs.js";

const MANY = { limit: 100_000_000 };

/** A line of --brief --pair. */
const BRIEF =
  /^[\d:]{8}\.\d{9} +(?<number>\d+) c(?<conn>\d+) (?<way>->|<-|--) (?<type>\w+) +(?<xid>\d+)(?: +(?!\[)(?<facts>.*?))?(?: +\[answers (?<request>\d+) .*\])?$/;

/** Seeds of the disorders; more by hand. */
const SEEDS = Array.from({ length: Number(process.env.OFTR_CAPTURE_SEEDS ?? 1) }, (_, n) => 7 + n);

describeWith([...OVS_PROGRAMS, "tcpdump", "tshark"], "captures of Open vSwitch", () => {
  const folder = mkdtempSync(join(tmpdir(), "oftr-captures-"));
  const file = join(folder, "session.pcap");
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    await captureSession(port, file);
  }, 60_000);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The capture with its packets in disorder. */
  function disordered(disorder: Disorder, seed: number): string {
    const clean = readFileSync(file);
    const path = join(folder, "disorder.pcap");
    // The SYNs stay in front: without them a capture starts in the middle.
    writeFileSync(path, withRecords(clean, disorder(recordsOf(clean), chance(seed))));
    return path;
  }

  async function tsharkValues(field: string): Promise<string[]> {
    const args = ["-r", file, "-d", `tcp.port==${port},openflow`, "-T", "fields", "-e", field];
    const text = (await runProgram("tshark", args, MANY)).toString();
    return text.split(/[\n,]/).filter((value) => value !== "");
  }

  it("have the messages of all versions", async () => {
    const { messages } = await readOurs(file, port);
    expect(new Set(messages.map(({ hex }) => Number(hex.slice(0, 2))))).toEqual(new Set(VERSIONS));
    expect(messages.length).toBeGreaterThan(300);
  });

  it("show each request with its reply in lines", async () => {
    const args = [OFTR, "decode", "--brief", "--pair", `--pcap-filter=tcp port ${port}`, file];
    const lines = (await runProgram(process.execPath, args, MANY)).toString().trimEnd().split("\n");
    const shown = lines.map((line) => BRIEF.exec(line)?.groups ?? expect.fail(`not a line: ${line}`));
    const byNumber = new Map(shown.map((one) => [one.number, one]));
    expect(byNumber.size).toBe((await readOurs(file, port)).messages.length);
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

  it("have every message that tshark finds, with the same type, transaction id and time", async () => {
    const theirs = await tsharkMessages(file, port);
    expect(missing(theirs, told(await readOurs(file, port)))).toEqual([]);
    expect(theirs.length).toBeGreaterThan(100);
  });

  it("have the messages of all versions that are in the streams of bytes as tshark puts them together", async () => {
    const streams = await tsharkStreams(file, port, VERSIONS.length);
    expect(streams.flatMap(cutMessages).sort()).toEqual(hexOf(await readOurs(file, port)).sort());
  });

  it("have as many FEATURES_REPLYs and FLOW_MODs in their summary as tshark counts", async () => {
    const ports = `--pcap-filter=tcp port ${port}`;
    const args = [OFTR, "decode", "-j", "--summary", ports, file];
    const report: SummaryReport = JSON.parse((await runProgram(process.execPath, args, MANY)).toString());
    for (const { version, types } of report.connections) {
      const field = TSHARK_FIELDS[version]?.[0];
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

  describe.each(Object.entries<Disorder>(DISORDERS))("with %s", (_title, disorder) => {
    it.each(SEEDS)("have the same (%i)", async (seed) => {
      const path = disordered(disorder, seed);
      const ours = await readOurs(path, port);
      expect(missing(await tsharkMessages(path, port), told(ours))).toEqual([]);
      expect(ours.troubles).toEqual([]);
      const clean = await readOurs(file, port);
      expect(hexOf(ours).sort()).toEqual(hexOf(clean).sort());
    });
  });

  describe.each(Object.entries(LOSSES))("with %s", (_title, disorder) => {
    it.each(SEEDS)("have every message that tshark finds, and none that was not sent (%i)", async (seed) => {
      const path = disordered(disorder, seed);
      const [clean, ours] = [await readOurs(file, port), await readOurs(path, port)];
      expect(missing(hexOf(ours), hexOf(clean))).toEqual([]);
      // tshark also shows messages whose ends are missing, and any bytes behind a gap.
      const theirs = (await tsharkMessages(path, port)).map(withoutTime);
      const lost = new Set(missing(theirs, told(ours).map(withoutTime)));
      const streams = await tsharkStreams(path, port, VERSIONS.length);
      const names = told(clean).map(withoutTime);
      const whole = clean.messages.filter(
        ({ hex }, n) => lost.has(names[n] as Told) && streams.some((stream) => stream.includes(hex)),
      );
      expect(whole).toEqual([]);
      expect(ours.messages.length).toBeGreaterThan(100);
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

function hexOf({ messages }: ReadAll): string[] {
  return messages.map(({ hex }) => hex);
}

function withoutTime(message: Told): string {
  return message.slice(0, message.lastIndexOf(" "));
}

/** Those of `wanted` that are not in `list`, or not as often. */
function missing(wanted: readonly string[], list: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const one of list) left.set(one, (left.get(one) ?? 0) + 1);
  return wanted.filter((one) => {
    const count = left.get(one) ?? 0;
    left.set(one, count - 1);
    return count <= 0;
  });
}
