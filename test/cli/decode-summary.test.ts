import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import type { TrafficMessage } from "../../src/traffic/index.js";
import { captureOf } from "../traffic/capture.js";
import {
  barrierReply,
  barrierRequest,
  echoReply,
  echoRequest,
  FROM_SWITCH,
  flowMod,
  frame,
  hello,
  message,
  TO_SWITCH,
  tableFull,
} from "../traffic/frames.js";

const program = fileURLToPath(new URL("../../bin/oftr.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "oftr-summary-"));
afterAll(() => rmSync(folder, { recursive: true }));

const SECOND = 1_000_000_000;

/** FEATURES_REPLY of datapath 7, auxiliary 0; 32 bytes. */
const featuresReply = (xid: number): Buffer =>
  frame(6, xid, "0000000000000007 00000100 fe 00 0000 0000004f 00000000");

/** PACKET_IN, TABLE_MISS, port 3: 02:..:05 asks by ARP for 10.0.0.6, from 10.0.0.5; 84 bytes. */
const packetIn = (xid: number): Buffer =>
  frame(
    10,
    xid,
    `ffffffff 002a 00 00 0000000000000000 0001 000c 80000004 00000003 00000000 0000
     ffffffffffff 020000000005 0806 0001 0800 06 04 0001 020000000005 0a000005 000000000000 0a000006`.replaceAll(
      "\n",
      "",
    ),
  );

/** Ten seconds of a connection. */
const MESSAGES: readonly TrafficMessage[] = [
  message(FROM_SWITCH, 0, hello(1)),
  message(TO_SWITCH, 0, frame(5, 2)),
  message(FROM_SWITCH, 2_000_000, featuresReply(2)),
  message(TO_SWITCH, SECOND, flowMod(3)),
  message(TO_SWITCH, SECOND, barrierRequest(4)),
  message(FROM_SWITCH, SECOND + 250_000, tableFull(3, flowMod(3))),
  message(FROM_SWITCH, SECOND + 500_000, barrierReply(4)),
  message(FROM_SWITCH, 2 * SECOND, packetIn(0)),
  message(FROM_SWITCH, 3 * SECOND, packetIn(0)),
  message(FROM_SWITCH, 4 * SECOND, echoRequest(5)),
  message(TO_SWITCH, 4 * SECOND + 40_000, echoReply(5)),
  message(TO_SWITCH, 10 * SECOND, barrierRequest(6)),
];

function fileOf(name: string, messages: readonly TrafficMessage[]): string {
  const path = join(folder, name);
  writeFileSync(path, captureOf(messages));
  return path;
}

const CAPTURE = fileOf("session.pcap", MESSAGES);

function summary(...argv: string[]): { code: number | null; stdout: string; stderr: string } {
  const words = [program, "decode", "--summary", ...argv];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    encoding: "utf8",
    timeout: 20_000,
  });
  return { code: status, stdout, stderr };
}

/** A latency of which there is one only. */
const once = (seconds: number) => ({ count: 1, p50: seconds, p90: seconds, p99: seconds, max: seconds });

describe("oftr decode --summary", () => {
  it("prints one JSON object with -j", () => {
    const { code, stdout } = summary("-j", CAPTURE);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      start: "1000.000000000",
      end: "1010.000000000",
      duration: 10,
      messages: 12,
      bytes: 380,
      connections: [
        {
          conn_id: 1,
          version: 4,
          datapath_id: "00:00:00:00:00:00:00:07",
          switch: "10.0.0.2:40000",
          controller: "10.0.0.1:6653",
          start: "1000.000000000",
          end: "1010.000000000",
          duration: 10,
          messages: 12,
          bytes: 380,
          undecodable: 0,
          types: [
            {
              type: "BARRIER_REQUEST",
              from: "controller",
              count: 2,
              bytes: 16,
              rate: 0.2,
              latency: once(0.0005),
            },
            {
              type: "FEATURES_REQUEST",
              from: "controller",
              count: 1,
              bytes: 8,
              rate: 0.1,
              latency: once(0.002),
            },
            { type: "FLOW_MOD", from: "controller", count: 1, bytes: 56, rate: 0.1 },
            { type: "ECHO_REPLY", from: "controller", count: 1, bytes: 8, rate: 0.1 },
            { type: "PACKET_IN", from: "switch", count: 2, bytes: 168, rate: 0.2 },
            { type: "HELLO", from: "switch", count: 1, bytes: 8, rate: 0.1 },
            { type: "FEATURES_REPLY", from: "switch", count: 1, bytes: 32, rate: 0.1 },
            { type: "ERROR", from: "switch", count: 1, bytes: 68, rate: 0.1 },
            { type: "BARRIER_REPLY", from: "switch", count: 1, bytes: 8, rate: 0.1 },
            {
              type: "ECHO_REQUEST",
              from: "switch",
              count: 1,
              bytes: 8,
              rate: 0.1,
              latency: once(0.00004),
            },
          ],
          errors: [
            {
              type: "FLOW_MOD_FAILED",
              code: "OFPFMFC_TABLE_FULL",
              meaning: "The table is full.",
              request: "FLOW_MOD",
              count: 1,
            },
          ],
          packet_in_reasons: { TABLE_MISS: 2 },
        },
      ],
      slowest: [
        {
          conn_id: 1,
          number: 2,
          type: "FEATURES_REQUEST",
          xid: 2,
          time: "1000.000000000",
          latency: 0.002,
        },
        {
          conn_id: 1,
          number: 5,
          type: "BARRIER_REQUEST",
          xid: 4,
          time: "1001.000000000",
          latency: 0.0005,
        },
        { conn_id: 1, number: 10, type: "ECHO_REQUEST", xid: 5, time: "1004.000000000", latency: 0.00004 },
      ],
      unanswered: {
        count: 1,
        forgotten: 0,
        oldest: [{ conn_id: 1, number: 12, type: "BARRIER_REQUEST", xid: 6, time: "1010.000000000" }],
      },
      packet_in: {
        count: 2,
        senders: [{ conn_id: 1, in_port: "3", eth_src: "02:00:00:00:00:05", ip_src: "10.0.0.5", count: 2 }],
        ports: [{ conn_id: 1, in_port: "3", count: 2 }],
      },
    });
  });

  it("prints tables for people", () => {
    const { code, stdout } = summary(CAPTURE);
    expect(code).toBe(0);
    expect(stdout).toBe(
      `Connection 1: OpenFlow 1.3, datapath 00:00:00:00:00:00:00:07
  switch 10.0.0.2:40000, controller 10.0.0.1:6653
  12 messages, 380 B, 1970-01-01 00:16:40.000000 to 00:16:50.000000 UTC, 10.0 s

                       count  bytes  per s       p50       p90       p99       max
  -> BARRIER_REQUEST       2   16 B  0.200  0.500 ms  0.500 ms  0.500 ms  0.500 ms
  -> FEATURES_REQUEST      1    8 B  0.100   2.00 ms   2.00 ms   2.00 ms   2.00 ms
  -> FLOW_MOD              1   56 B  0.100
  -> ECHO_REPLY            1    8 B  0.100
  <- PACKET_IN             2  168 B  0.200
  <- HELLO                 1    8 B  0.100
  <- FEATURES_REPLY        1   32 B  0.100
  <- ERROR                 1   68 B  0.100
  <- BARRIER_REPLY         1    8 B  0.100
  <- ECHO_REQUEST          1    8 B  0.100   40.0 us   40.0 us   40.0 us   40.0 us

  ERRORs
    1 FLOW_MOD_FAILED/OFPFMFC_TABLE_FULL for FLOW_MOD: The table is full.

  PACKET_INs: 2 TABLE_MISS (table misses)

Slowest requests
                    connection  xid  sent              latency
  FEATURES_REQUEST           1    2  00:16:40.000000   2.00 ms
  BARRIER_REQUEST            1    4  00:16:41.000000  0.500 ms
  ECHO_REQUEST               1    5  00:16:44.000000   40.0 us

Requests without a reply: 1
                   connection  xid  sent
  BARRIER_REQUEST           1    6  00:16:50.000000

Top senders of 2 PACKET_INs
  connection  in_port  Ethernet           IP        count
           1        3  02:00:00:00:00:05  10.0.0.5      2

Top ports of PACKET_INs
  connection  in_port  count
           1        3      2

In all: 12 messages, 380 B, 1970-01-01 00:16:40.000000 to 00:16:50.000000 UTC, 10.0 s
`,
    );
  });

  it("counts only what the filters leave", () => {
    const { stdout } = summary("-j", "--msg-include=FLOW_MOD", CAPTURE);
    expect(JSON.parse(stdout)).toMatchObject({
      messages: 1,
      bytes: 56,
      connections: [{ types: [{ type: "FLOW_MOD", count: 1 }], errors: [] }],
      unanswered: { count: 0 },
    });
  });

  it.runIf(spawnSync("tcpdump", ["--version"]).status === 0)(
    "leaves out the packets that --pkt-filter does",
    () => {
      expect(JSON.parse(summary("-j", "--pkt-filter=ip", CAPTURE).stdout)).toMatchObject({
        messages: 10,
        packet_in: { count: 0 },
      });
    },
  );

  it("counts messages that cannot be decoded, and tells them", () => {
    const bad = fileOf("bad.pcap", [
      message(TO_SWITCH, 0, frame(14, 9, "00")),
      message(TO_SWITCH, 0, hello(1)),
    ]);
    const { code, stdout, stderr } = summary(bad);
    expect(code).toBe(10);
    expect(stderr).toContain("FLOW_MOD");
    expect(stdout).toContain("  2 messages, 17 B, ");
    expect(stdout).toContain("  1 message could not be decoded\n");
  });

  it("reads binary files, which tell neither times nor ends", () => {
    const path = join(folder, "two.bin");
    writeFileSync(path, Buffer.concat([flowMod(1), hello(2)]));
    expect(summary(path).stdout).toBe(
      `Input 1: OpenFlow 1.3
  2 messages, 64 B

               count  bytes
  -> FLOW_MOD      1   56 B
  -- HELLO         1    8 B

In all: 2 messages, 64 B
`,
    );
  });

  it("is refused beside what prints messages", () => {
    for (const other of ["--pair", "--brief", "--ovs", "--json-array", "-V", "-v"])
      expect(summary(other)).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/^decode: --summary prints no messages, which is what --/),
      });
  });
});
