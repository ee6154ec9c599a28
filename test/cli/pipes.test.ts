/** The commands as processes at pipes: each message passes when it is whole, and readers may go away. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { Folder } from "./run-command.js";

const folder = new Folder();
afterAll(() => folder.remove());

function start(...args: string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, ["--import", "tsx", join(import.meta.dirname, "run-main.ts"), ...args]);
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
