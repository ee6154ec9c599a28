// The first import: the mock below waits for run-command, which must not wait for the mock.
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it, vi } from "vitest";
import { run } from "../../src/cli/decode.js";
import { capture, connection, echoes, message, pcapFile, type Sent } from "../pcap/traffic.js";
import { type Ran, ranWith } from "./catch-output.js";
import { Folder } from "./folder.js";

vi.mock("node:fs", async (original) => {
  const { catchingFs } = await import("./catch-output.js");
  return catchingFs(await original<typeof import("node:fs")>());
});

const folder = new Folder();
afterAll(() => folder.remove());

const SENT = connection([
  [0, message(4, 0, 1)],
  [1, message(4, 0, 2)],
  [0, echoes([3])],
]);
const FILE = pcapFile(capture(SENT));
const READING = 'Reading from "DIR/in.pcap", link-type EN10MB, filter "tcp port 6653 or 6633"\n';
const ENDS = '"conn_id":1,"src":"10.0.0.1:40000","dst":"10.0.0.2:6653"';

async function decode(file: Buffer, ...options: string[]): Promise<Ran> {
  const ran = await ranWith(run, [...options, folder.file("in.pcap", file)]);
  return { ...ran, stderr: folder.masked(ran.stderr) };
}

describe("captures", () => {
  it("are known by their first bytes, and say when and between whom messages went", async () => {
    const { code, stdout, stderr } = await decode(FILE, "-j");
    expect([code, stderr]).toEqual([0, `${READING}9 packets processed from 1 file(s).\n`]);
    expect(stdout.split("\n")).toEqual([
      `{"type":"HELLO","time":"1700000000.003000000","xid":1,"version":4,${ENDS},"msg":{}}`,
      '{"type":"HELLO","time":"1700000000.005000000","xid":2,"version":4,"conn_id":1,"src":"10.0.0.2:6653","dst":"10.0.0.1:40000","msg":{}}',
      `{"type":"ECHO_REQUEST","time":"1700000000.007000000","xid":3,"version":4,${ENDS},"msg":{"data":""}}`,
      "",
    ]);
  });

  it("can be decoded to a file", async () => {
    const out = folder.file("out", "");
    expect((await decode(FILE, "-j", "-o", out)).stdout).toBe("");
    expect(readFileSync(out, "utf8")).toBe((await decode(FILE, "-j")).stdout);
  });

  it("may be packed by gzip", async () => {
    expect((await decode(gzipSync(FILE), "-j")).stdout).toBe((await decode(FILE, "-j")).stdout);
    const cut = gzipSync(FILE);
    const { code, stderr } = await decode(cut.subarray(0, cut.length - 40), "-j");
    expect(code).toBe(10);
    expect(stderr).toMatch(/Error: DIR\/in\.pcap: (packet \d+: )?byte \d+: the file ends within/);
    cut.fill(0x55, 20, 40);
    expect((await decode(cut, "-j")).stderr).toContain("Error: decompressing DIR/in.pcap: ");
  });

  describe.each(["zstd", "xz", "bzip2"])("that %s packs", (program) => {
    const isInstalled = spawnSync(program, ["--version"], { input: "" }).error === undefined;
    const packed = isInstalled ? execFileSync(program, ["-c"], { input: FILE }) : Buffer.alloc(0);

    it.skipIf(!isInstalled)("are unpacked", async () => {
      const plain = await decode(FILE, "-j");
      expect(await decode(packed, "-j")).toEqual(plain);
    });

    it.skipIf(!isInstalled)("are told, when they are damaged", async () => {
      const { code, stderr } = await decode(packed.subarray(0, packed.length - 10), "-j");
      expect(code).toBe(10);
      expect(stderr).toMatch(new RegExp(`^Error: decompressing DIR/in\\.pcap: ${program}: .`, "m"));
      const start = packed.subarray(0, 6);
      expect((await decode(Buffer.concat([start, Buffer.alloc(60)]), "-j")).code).toBe(10);
    });
  });

  it.each([
    ["zstd", "28b52ffd"],
    ["xz", "fd377a585a00"],
    ["bzip2", "425a6831"],
  ])("that are packed need %s, when it packs them", async (program, start) => {
    vi.stubEnv("PATH", folder.path);
    const { code, stdout, stderr } = await decode(Buffer.from(`${start}${"00".repeat(60)}`, "hex"), "-j");
    vi.unstubAllEnvs();
    expect([code, stdout]).toEqual([7, ""]);
    expect(stderr).toBe(
      `Error: decompressing DIR/in.pcap: ${program}, which unpacks it, is not installed\n0 packets processed from 1 file(s). Use --pcap-filter='' to process all packets.\n`,
    );
  });

  it("are not looked for with --pcap-format=no, and must be there with yes", async () => {
    expect((await decode(FILE, "--pcap-format=no", "-s")).code).not.toBe(0);
    const { code, stderr } = await decode(message(4, 0, 1), "--pcap-format=yes");
    expect(code).toBe(10);
    expect(stderr).toContain("no capture: it starts with 04000008, and neither pcap nor pcapng does");
  });

  it("have messages of connections and directions that can be picked", async () => {
    const xids = async (...options: string[]): Promise<string[]> =>
      Array.from(
        (await decode(FILE, "-j", ...options)).stdout.matchAll(/"xid":(\d+)/g),
        ([, xid]) => xid as string,
      );
    expect(await xids("--msg-include=dst:6653")).toEqual(["1", "3"]);
    expect(await xids("--msg-include=src:6653,ECHO_*")).toEqual(["2", "3"]);
    expect(await xids("--msg-include=conn_id:2")).toEqual([]);
    expect(await xids("--msg-exclude=!dst:40000")).toEqual(["2"]);
  });

  it("are read at other ports when a filter says so", async () => {
    const elsewhere = pcapFile(capture(SENT, { ports: [40_000, 9999] }));
    const { code, stderr } = await decode(elsewhere, "-s");
    expect(code).toBe(0);
    expect(stderr).toContain(
      "0 packets processed from 1 file(s). Use --pcap-filter='' to process all packets.\n",
    );
    expect((await decode(elsewhere, "-j", "--pcap-filter=")).stdout.split("\n").length).toBe(4);
  });

  it("are read on after what is wrong, which the exit code tells", async () => {
    // A ROLE_REQUEST without its body.
    const bad = pcapFile(
      capture(connection([[0, Buffer.concat([message(4, 0, 1), message(4, 24, 9), echoes([3])])]])),
    );
    const { code, stdout, stderr } = await decode(bad, "-j");
    expect(code).toBe(10);
    expect(stdout.split("\n").length).toBe(3);
    expect(stderr).toMatch(
      /^Error: DIR\/in\.pcap: packet 4: connection 1 from 10\.0\.0\.1:40000 to 10\.0\.0\.2:6653: ROLE_REQUEST: .*\(ROLE_REQUEST, byte 8 of it\)$/m,
    );
    const gap = pcapFile(capture(SENT.toSpliced(3, 1) as Sent[]));
    expect((await decode(gap, "-s")).code).toBe(13);
    const tls = pcapFile(capture(connection([[0, Buffer.from("160301020001000001", "hex")]])));
    const encrypted = await decode(tls, "-s");
    expect(encrypted.code).toBe(10);
    expect(encrypted.stderr).toContain(
      "connection 1 between 10.0.0.1:40000 and 10.0.0.2:6653 is encrypted (TLS); its keys can be given by --tls-keylog\n",
    );
  });

  it("are no arguments beside an interface", async () => {
    const { code, stderr } = await decode(FILE, "--pcap-device=lo");
    expect([code, stderr]).toEqual([8, "Error: --pcap-device=lo and files cannot be read in one run\n"]);
  });
});

describe("--follow refuses", () => {
  it.each([
    ["a missing file", "none", 9, "opening file DIR/none: "],
    ["a folder", "", 8, "DIR/ is no file on a disk, as --follow needs one"],
    [
      "a compressed capture",
      "packed.gz",
      10,
      "DIR/packed.gz is packed by gzip, which --follow does not read",
    ],
  ])("%s", async (_what, name, wanted, words) => {
    folder.file("packed.gz", gzipSync(FILE));
    const { code, stderr } = await ranWith(run, ["--follow", `${folder.path}/${name}`]);
    expect(code).toBe(wanted);
    expect(folder.masked(stderr)).toContain(words);
  });
});
