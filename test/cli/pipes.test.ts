/** The commands as processes at pipes: each message passes when it is whole, and readers may go away. */
import { type ChildProcessWithoutNullStreams, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Folder } from "./folder.js";

const folder = new Folder();
afterAll(() => folder.remove());

/** Words after that of Node. */
const OFTR = ["--import", "tsx", join(import.meta.dirname, "run-main.ts")];

function start(...args: string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [...OFTR, ...args]);
}

/** The writing end of a pipe that nobody reads any more. */
function openAbandonedPipe(): number {
  const path = join(folder.path, "pipe");
  execFileSync("mkfifo", [path]);
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, "w");
  closeSync(reader);
  rmSync(path);
  return writer;
}

/** A place for bytes that takes none. */
function openFullDisk(): number {
  return openSync("/dev/full", "w");
}

/** Exit code and all of stderr. */
async function ended(child: ChildProcessWithoutNullStreams): Promise<{ code: number; stderr: string }> {
  let stderr = "";
  child.stderr.on("data", (data: Buffer) => {
    stderr += data.toString();
  });
  const [code] = await once(child, "close");
  return { code, stderr };
}

it("decode shows a message before the input ends", async () => {
  const child = start("decode", "-j");
  const end = ended(child);
  child.stdin.write(Buffer.from("01000008000000010414", "hex"));
  const [first] = await once(child.stdout, "data");
  expect(String(first)).toBe('{"type":"HELLO","xid":1,"version":1,"msg":{}}\n');
  child.stdin.end(Buffer.from("000800000002", "hex"));
  const [second] = await once(child.stdout, "data");
  expect(String(second)).toBe('{"type":"BARRIER_REQUEST","xid":2,"version":4,"msg":{}}\n');
  expect(await end).toEqual({ code: 0, stderr: "" });
});

it("encode writes a message before the input ends", async () => {
  const child = start("encode", "-");
  const end = ended(child);
  child.stdin.write("type: BARRIER_REQUEST\nversion: 4\nxid: 2\n...\ntype: HE");
  const [first] = await once(child.stdout, "data");
  expect((first as Buffer).toString("hex")).toBe("0414000800000002");
  child.stdin.end("LLO\nversion: 1\n");
  const [second] = await once(child.stdout, "data");
  expect((second as Buffer).toString("hex")).toBe("0100000800000000");
  expect(await end).toEqual({ code: 0, stderr: "" });
});

it("decode ends quietly when its reader goes away", async () => {
  const file = folder.file("many.bin", Buffer.from("0100000800000001".repeat(100_000), "hex"));
  const child = start("decode", "-j", file);
  const end = ended(child);
  await once(child.stdout, "data");
  child.stdout.destroy();
  expect(await end).toEqual({ code: 0, stderr: "" });
});

describe.each([
  ["whose reader has gone away", openAbandonedPipe],
  ["on a disk that is full", openFullDisk],
])("with a stderr %s", (_what, openStderr) => {
  /** What a run prints on stdout, and its exit code. */
  function run(...args: string[]): { code: number | null; stdout: string } {
    const stderr = openStderr();
    try {
      const { status, stdout } = spawnSync(process.execPath, [...OFTR, ...args], {
        stdio: ["ignore", "pipe", stderr],
        encoding: "utf8",
      });
      return { code: status, stdout };
    } finally {
      closeSync(stderr);
    }
  }

  it("decode prints all messages, and fails as it does otherwise", () => {
    const file = folder.file("cut.bin", Buffer.from("0100000800000001" + "010000", "hex"));
    expect(run("decode", "-jk", join(folder.path, "missing"), file)).toEqual({
      code: 9,
      stdout: '{"type":"HELLO","xid":1,"version":1,"msg":{}}\n',
    });
  });

  it("a wrong word fails", () => {
    expect(run("nope")).toEqual({ code: 1, stdout: "" });
    expect(run("decode", "--nope")).toEqual({ code: 1, stdout: "" });
  });
});

it.each([["version"], ["--help"], ["help", "HELLO"], ["completion", "bash"], ["jsonrpc", "--print-config"]])(
  "%s says that its output cannot be written",
  (...args) => {
    const full = openFullDisk();
    const { status, stderr } = spawnSync(process.execPath, [...OFTR, ...args], {
      stdio: ["ignore", full, "pipe"],
      encoding: "utf8",
    });
    closeSync(full);
    expect({ status, stderr }).toEqual({
      status: 10,
      stderr: "Error: writing -: ENOSPC: no space left on device, write\n",
    });
  },
);

it("decode prints with --timestamp=secs when a message came", async () => {
  const child = start("decode", "-j", "--timestamp=secs");
  const end = ended(child);
  const before = Date.now() / 1000;
  child.stdin.end(Buffer.from("0100000800000001", "hex"));
  const [data] = await once(child.stdout, "data");
  const { time } = JSON.parse(String(data)) as { time: string };
  expect(time).toMatch(/^\d+\.\d{9}$/);
  expect(Number(time)).toBeGreaterThanOrEqual(Math.floor(before));
  expect(Number(time)).toBeLessThanOrEqual(Date.now() / 1000);
  expect(await end).toEqual({ code: 0, stderr: "" });
});
