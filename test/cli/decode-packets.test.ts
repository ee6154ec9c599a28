import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { run } from "../../src/cli/decode.js";
import { type Ran, ranWith } from "./catch-output.js";
import { Folder } from "./folder.js";

vi.mock("node:fs", async (original) => {
  const { catchingFs } = await import("./catch-output.js");
  return catchingFs(await original<typeof import("node:fs")>());
});

const folder = new Folder();
const path = process.env.PATH;
afterAll(() => folder.remove());

/** The code for `arp`, written down from tcpdump 4.99.3. */
const ARP = "4\\n40 0 0 12\\n21 0 1 2054\\n6 0 0 262144\\n6 0 0 0\\n";

// A tcpdump that knows one filter.
beforeEach(() => {
  writeFileSync(
    join(folder.path, "tcpdump"),
    `#!/bin/sh\nif [ "$5" = arp ]; then printf '${ARP}'; else echo "tcpdump: syntax error" >&2; exit 1; fi\n`,
  );
  chmodSync(join(folder.path, "tcpdump"), 0o755);
  process.env.PATH = `${folder.path}:/bin:/usr/bin`;
});
afterEach(() => {
  process.env.PATH = path;
});

const ARP_FRAME = "020000000002020000000001080600010800060400010000";
const IP_FRAME = "02000000000202000000000108004500";
const packetIn = (frame: string, xid: string): string =>
  `010a${(18 + frame.length / 2).toString(16).padStart(4, "0")}${xid}ffffffff006400010000${frame}`;
const HELLO = "0100000800000003";
const PACKET_OUT = "010d001000000004ffffffff00010000";
const INPUT = packetIn(ARP_FRAME, "00000001") + packetIn(IP_FRAME, "00000002") + HELLO + PACKET_OUT;

async function decode(...options: string[]): Promise<Ran> {
  const file = folder.file("in.bin", Buffer.from(INPUT, "hex"));
  const ran = await ranWith(run, [...options, file]);
  return { ...ran, stderr: folder.masked(ran.stderr) };
}

const xids = (text: string): number[] => Array.from(text.matchAll(/"xid":(\d)/g), ([, n]) => Number(n));

describe("--pkt-filter", () => {
  it("leaves out packets of another kind, and messages of packets without one; other messages stay", async () => {
    const { code, stdout, stderr } = await decode("-j", "--pkt-filter=arp");
    expect([code, xids(stdout), stderr]).toEqual([0, [1, 3], ""]);
  });

  it("looks into the packets of Nicira's messages, too", async () => {
    const packetIn2 = `0104003000000005000023200000001e0000001c${ARP_FRAME}00000000`;
    const packetIn = `0104003a000000060000232000000011${"00".repeat(26)}${IP_FRAME}`;
    const file = folder.file("nicira.bin", Buffer.from(packetIn2 + packetIn, "hex"));
    const { stdout } = await ranWith(run, ["-j", "--pkt-filter=arp", "--pkt-decode", file]);
    expect(JSON.parse(stdout)).toMatchObject({ type: "NXT_PACKET_IN2", msg: { _pkt: expect.any(Array) } });
  });

  it("leaves no commas of what it leaves out", async () => {
    const { stdout } = await decode("--json-array", "--pkt-filter", "arp", "--msg-exclude=HELLO");
    expect(JSON.parse(stdout)).toMatchObject([{ xid: 1 }]);
  });

  it("works with --pkt-decode, which prints the packets that are left", async () => {
    const { stdout } = await decode("-j", "--pkt-decode", "--pkt-filter=arp");
    expect(stdout.match(/"_pkt"/g)).toHaveLength(1);
  });

  it("that tcpdump refuses ends the command with 8, in its words", async () => {
    expect(await decode("-j", "--pkt-filter=foo")).toEqual({
      code: 8,
      stdout: "",
      stderr: "Error: for the -pkt-filter option: 'foo': syntax error\n",
    });
  });

  it("counts for --invert-check", async () => {
    const { code } = await decode("-v", "--pkt-filter=arp", "--msg-include=PACKET_OUT");
    expect(code).toBe(0);
    expect((await decode("-v", "--pkt-filter=arp", "--msg-include=PACKET_*")).code).toBe(11);
  });
});

describe("--pkt-write-file", () => {
  const HEADER = "4d3cb2a1020004000000000000000000" + "0000040001000000";
  const record = (frame: string): string => {
    const length = Buffer.of(frame.length / 2, 0, 0, 0).toString("hex");
    return `0000000000000000${length}${length}${frame}`;
  };

  it("writes the packets, those that pass the filter", async () => {
    const file = join(folder.path, "out.pcap");
    const { code, stdout } = await decode("-j", `--pkt-write-file=${file}`);
    expect([code, xids(stdout)]).toEqual([0, [1, 2, 3, 4]]);
    expect(readFileSync(file, "hex")).toBe(HEADER + record(ARP_FRAME) + record(IP_FRAME));
    await decode("-s", `--pkt-write-file=${file}`, "--pkt-filter=arp");
    expect(readFileSync(file, "hex")).toBe(HEADER + record(ARP_FRAME));
  });

  it("that cannot be opened ends the command with 9", async () => {
    expect(await decode(`--pkt-write-file=${folder.path}/no/out.pcap`)).toEqual({
      code: 9,
      stdout: "",
      stderr: "Error: opening file for packets DIR/no/out.pcap: no such file or directory\n",
    });
  });
});
