import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { captureOf } from "../traffic/capture.js";
import {
  barrierReply,
  barrierRequest,
  echoRequest,
  FROM_SWITCH,
  flowMod,
  frame,
  message,
  TO_SWITCH,
  tableFull,
} from "../traffic/frames.js";

const program = fileURLToPath(new URL("../../bin/oftr.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "oftr-study-"));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, bytes: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** A flow that does not fit, a barrier, and an echo without a reply. */
const CAPTURE = fileOf(
  "session.pcap",
  captureOf([
    message(TO_SWITCH, 0, flowMod(1)),
    message(TO_SWITCH, 1000, barrierRequest(2)),
    message(FROM_SWITCH, 250_000, tableFull(1, flowMod(1))),
    message(FROM_SWITCH, 500_000, barrierReply(2)),
    message(FROM_SWITCH, 1_000_500_000, echoRequest(0)),
    message(TO_SWITCH, 3_000_500_000, flowMod(3)),
  ]),
);

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function decode(...argv: string[]): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, "decode", ...argv], {
    encoding: "utf8",
    timeout: 20_000,
  });
  return { code: status, stdout, stderr };
}

describe("oftr decode --pair", () => {
  it("adds what each message answers, and names at the end what nobody answered", () => {
    const { code, stdout, stderr } = decode("-j", "--pair", "--msg-include=ERROR,BARRIER_REPLY", CAPTURE);
    const found = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)._pair);
    expect(found).toEqual([
      {
        number: 3,
        request: 1,
        request_type: "FLOW_MOD",
        latency: 0.00025,
        meaning: expect.stringContaining("full"),
        about: "FLOW_MOD add priority=5 actions=drop",
      },
      {
        number: 4,
        request: 2,
        request_type: "BARRIER_REQUEST",
        latency: 0.000499,
        covers: [
          {
            number: 1,
            type: "FLOW_MOD",
            xid: 1,
            latency: 0.0005,
            error: "FLOW_MOD_FAILED/OFPFMFC_TABLE_FULL",
          },
        ],
      },
    ]);
    expect(stderr).toContain(
      "connection 1: no reply to message 5, ECHO_REQUEST, xid 0, sent 2.00 s before the last message\n",
    );
    expect(code).toBe(0);
  });

  it("prints what encode reads, and what verifies", () => {
    const { code, stdout } = decode("-jV", "--pair", CAPTURE);
    expect(code).toBe(0);
    expect(stdout.trim().split("\n")).toHaveLength(6);
  });

  it("prints YAML with the same key", () => {
    const { stdout } = decode("--pair", "--msg-include=BARRIER_REPLY", CAPTURE);
    expect(stdout).toContain("_pair:\n  number:          4\n  request:         2\n");
    expect(stdout).toContain("  latency:         0.000499000\n");
  });
});

describe("oftr decode --brief", () => {
  it("prints a line for each message", () => {
    const { code, stdout } = decode("--brief", "--msg-exclude=ERROR", CAPTURE);
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        "00:16:40.000000000 c1 -> FLOW_MOD           1          add priority=5 actions=drop",
        "00:16:40.000001000 c1 -> BARRIER_REQUEST    2",
        "00:16:40.000500000 c1 <- BARRIER_REPLY      2",
        "00:16:41.000500000 c1 <- ECHO_REQUEST       0          data=",
        "00:16:43.000500000 c1 -> FLOW_MOD           3          add priority=5 actions=drop",
        "",
      ].join("\n"),
    );
  });

  it("tells with --pair what messages answer", () => {
    const { stdout } = decode("-bp", "--msg-include=BARRIER_REPLY", CAPTURE);
    expect(stdout).toBe(
      "00:16:40.000500000     4 c1 <- BARRIER_REPLY      2          [answers 2 BARRIER_REQUEST after 0.499 ms covers 1]\n",
    );
  });

  it("reads binary files, which tell neither times nor directions", () => {
    const file = fileOf("two.bin", Buffer.concat([flowMod(1), echoRequest(2, "ff")]));
    const { stdout } = decode("--brief", file);
    expect(stdout).toBe(
      "-> FLOW_MOD           1          add priority=5 actions=drop\n-- ECHO_REQUEST       2          data=FF\n",
    );
  });

  it("prints the same with --ovs, which has no place for --pair alone", () => {
    expect(decode("--brief", "--ovs", "-p", CAPTURE).stdout).toBe(decode("-bp", CAPTURE).stdout);
    expect(decode("--ovs", "-p", CAPTURE)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^decode: --ovs has no place for what --pair tells/),
    });
  });

  it("escapes what would reach a terminal as an order to it", () => {
    const setName = frame(
      12,
      7,
      `02 00000000000000 00000001 00000000 020000000001 0000 ${Buffer.from("a\x1b[2Jb\n\u202e").toString("hex").padEnd(32, "0")} ${"00".repeat(32)}`,
    );
    const { stdout } = decode("--brief", "--color=never", fileOf("name.bin", setName));
    expect(stdout).toContain("MODIFY port 1 a\\u001B[2Jb\\u000A\\u202E");
    expect(stdout.trimEnd().split("\n")).toHaveLength(1);
  });

  it("is refused beside JSON", () => {
    expect(decode("--brief", "-j")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^decode: --brief prints lines/),
    });
  });
});

describe("oftr decode --color", () => {
  const file = fileOf("colored.bin", echoRequest(2));

  it("colours what goes to a pipe only when it must", () => {
    expect(decode("-j", file).stdout).not.toContain("\x1b");
    expect(decode("-j", "--color=always", file).stdout).toContain(
      '"type"\x1b[0m:\x1b[1m"ECHO_REQUEST"\x1b[0m,',
    );
  });

  it("colours no flows of Open vSwitch", () => {
    expect(decode("--ovs", "--color=always", file).stdout).toBe(decode("--ovs", file).stdout);
  });
});
