/** `oftr decode --follow` as a process, while its file is written, cut and replaced. What it refuses is in decode-captures. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, expect, it } from "vitest";
import { capture, connection, message, pcapFile } from "../pcap/traffic.js";
import { Folder } from "./folder.js";

const folder = new Folder();
afterAll(() => folder.remove());

/** `oftr decode -j --follow` at work on a file. */
class Following {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #end: Promise<unknown[]>;
  #stdout = "";
  #stderr = "";

  constructor(...args: string[]) {
    const program = join(import.meta.dirname, "run-main.ts");
    this.#child = spawn(process.execPath, ["--import", "tsx", program, "decode", "-j", "--follow", ...args]);
    this.#end = once(this.#child, "close");
    this.#child.stdout.on("data", (data: Buffer) => {
      this.#stdout += String(data);
    });
    this.#child.stderr.on("data", (data: Buffer) => {
      this.#stderr += String(data);
    });
  }

  /** Waits for the message of an xid. */
  async shows(xid: number): Promise<void> {
    while (!this.#stdout.includes(`"xid":${xid},`)) await once(this.#child.stdout, "data");
  }

  /** Waits for words on stderr. */
  async tells(words: string): Promise<void> {
    while (!this.#stderr.includes(words)) await once(this.#child.stderr, "data");
  }

  /** Waits for its end, after a signal if one is given; gives exit code, xids and stderr. */
  async ended(signal?: NodeJS.Signals): Promise<{ code: unknown; xids: number[]; stderr: string }> {
    if (signal !== undefined) this.#child.kill(signal);
    const [code] = await this.#end;
    const xids = Array.from(this.#stdout.matchAll(/"xid":(\d+),/g), ([, xid]) => Number(xid));
    return { code, xids, stderr: folder.masked(this.#stderr) };
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }
}

let running: Following | undefined;
afterEach(() => running?.kill());

function follow(...args: string[]): Following {
  running = new Following(...args);
  return running;
}

it("prints messages as they are written, and a message in parts when it is whole", async () => {
  const path = folder.file("grows.bin", message(4, 0, 1));
  const following = follow(path);
  await following.shows(1);
  const second = message(4, 0, 2);
  appendFileSync(path, second.subarray(0, 5));
  appendFileSync(path, Buffer.concat([second.subarray(5), message(4, 0, 3).subarray(0, 4)]));
  await following.shows(2);
  // What is still to come of the third one when the command is ended is no failure.
  expect(await following.ended("SIGINT")).toEqual({ code: 0, xids: [1, 2], stderr: "" });
});

it("waits for the first bytes of an empty file, and ends at SIGTERM", async () => {
  const path = folder.file("empty.bin", "");
  const following = follow(path);
  appendFileSync(path, message(4, 0, 1));
  await following.shows(1);
  expect(await following.ended("SIGTERM")).toEqual({ code: 0, xids: [1], stderr: "" });
});

it("reads captures packet by packet", async () => {
  const whole = pcapFile(
    capture(
      connection([
        [0, message(4, 0, 1)],
        [1, message(4, 0, 2)],
      ]),
    ),
  );
  // The last packets: the second message and what acknowledges it.
  const cut = whole.length - 150;
  const path = folder.file("grows.pcap", whole.subarray(0, cut));
  const following = follow(path);
  await following.shows(1);
  appendFileSync(path, whole.subarray(cut));
  await following.shows(2);
  const { code, xids, stderr } = await following.ended("SIGINT");
  expect([code, xids]).toEqual([0, [1, 2]]);
  expect(stderr).toBe(
    'Reading from "DIR/grows.pcap", link-type EN10MB, filter "tcp port 6653 or 6633"\n' +
      "7 packets processed from 1 file(s).\n",
  );
});

it("reads a file that was cut from its start", async () => {
  const path = folder.file("cut.bin", Buffer.concat([message(4, 0, 1), message(4, 0, 2)]));
  const following = follow(path);
  await following.shows(2);
  writeFileSync(path, message(4, 0, 3));
  await following.shows(3);
  const { code, xids, stderr } = await following.ended("SIGINT");
  expect([code, xids]).toEqual([0, [1, 2, 3]]);
  expect(stderr).toBe("DIR/cut.bin: the file was truncated, and is read from its start\n");
});

it("reads the rest of a file that was renamed, then the new one, which may come later", async () => {
  const path = folder.file("turns.bin", message(4, 0, 1));
  const following = follow(path);
  await following.shows(1);
  renameSync(path, `${path}.1`);
  appendFileSync(`${path}.1`, message(4, 0, 2));
  await following.shows(2);
  writeFileSync(path, message(4, 0, 3));
  await following.shows(3);
  await following.tells("replaced");
  const { code, xids, stderr } = await following.ended("SIGINT");
  expect([code, xids]).toEqual([0, [1, 2, 3]]);
  expect(stderr).toBe("DIR/turns.bin: the file was replaced, and the new one is read\n");
});

it("takes one file, by its name", async () => {
  for (const names of [[], ["-"], ["one", "two"]]) {
    const { code, stderr } = await follow(...names).ended();
    expect(code).toBe(1);
    expect(stderr).toContain("--follow is about one file");
  }
});

it("says with its exit code that a message was wrong", async () => {
  const wrong = Buffer.from("040c000800000001", "hex");
  const following = follow("-k", folder.file("wrong.bin", Buffer.concat([wrong, message(4, 0, 2)])));
  await following.shows(2);
  const { code, xids } = await following.ended("SIGINT");
  expect([code, xids]).toEqual([10, [2]]);
});
