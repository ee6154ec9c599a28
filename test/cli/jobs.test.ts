/** `decode --jobs` as processes of the built program (`npm test` builds it): threads need files that Node can load. */
import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Folder } from "./folder.js";

const OFTR = join(import.meta.dirname, "../../bin/oftr.js");
const folder = new Folder();
afterAll(() => folder.remove());

/** ECHO_REQUEST of version 4 with `size` bytes of data. */
function echo(xid: number, size: number): Buffer {
  const frame = Buffer.alloc(8 + size, xid & 0xff);
  frame.writeUInt16BE(0x0402, 0);
  frame.writeUInt16BE(frame.length, 2);
  frame.writeUInt32BE(xid, 4);
  return frame;
}

/** 20,000 messages of 8 to 207 bytes: five slices, none of which ends where a message does. */
const frames = Array.from({ length: 20_000 }, (_, n) => echo(n, (n * 7) % 200));
const good = folder.file("good.bin", Buffer.concat(frames));

/** The file with some messages replaced. */
function damaged(name: string, changes: Readonly<Record<number, Buffer>>): string {
  return folder.file(name, Buffer.concat(frames.map((frame, n) => changes[n] ?? frame)));
}

/** A message of a version that there is not. */
function strange(n: number): Buffer {
  const frame = Buffer.from(frames[n] as Buffer);
  frame[0] = 99;
  return frame;
}

function decode(...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [OFTR, "decode", ...args], {
    encoding: "latin1",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

/** Exit code, text and errors with three threads; they must be those of one. */
function decodeByThree(...args: string[]): { code: number | null; out: string; err: string } {
  const [one, three] = [decode("--jobs=1", ...args), decode("--jobs=3", ...args)];
  expect({ code: three.status, err: three.stderr }).toEqual({ code: one.status, err: one.stderr });
  expect(three.stdout === one.stdout).toBe(true);
  return { code: three.status, out: three.stdout, err: folder.masked(three.stderr) };
}

describe("good files", () => {
  it("come out in their order", () => {
    const { code, out, err } = decodeByThree("-j", good);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    const xids = Array.from(out.matchAll(/^\{"type":"ECHO_REQUEST","xid":(\d+),/gm), ([, xid]) =>
      Number(xid),
    );
    expect(xids).toEqual(Array.from(frames.keys()));
  });

  it("come out as YAML and as one array, over several files", () => {
    expect(decodeByThree(good).out.match(/^---$/gm)).toHaveLength(20_000);
    const list: unknown[] = JSON.parse(decodeByThree("--json-array", good, good).out);
    expect(list).toHaveLength(40_000);
  });

  it("are written to the file of -o, and checked by -V", () => {
    const path = join(folder.path, "out.json");
    expect(decode("-jV", "--jobs=3", "-o", path, good).status).toBe(0);
    expect(readFileSync(path, "latin1").split("\n")).toHaveLength(20_001);
  });

  it("tell of options of tunnels what the messages before have told, in every slice", () => {
    // NXT_TLV_TABLE_REPLY: class 0x0102, type 0x80, 4 bytes is NX_TUN_METADATA3; then NXT_TLV_TABLE_MOD: CLEAR.
    const reply = "0404002800000001 000023200000001a 00000100004000000000000000000000 0102800400030000";
    const clear = "0404001800000002 0000232000000018 0002000000000000";
    // A FLOW_MOD of 1.3 with NX_TUN_METADATA3 = 42.
    const match = "0001000c 000156040000002a 00000000";
    const flow = `040e004000000003 ${"00".repeat(16)} 0000000000000000 ffffffffffffffffffffffff00000000 ${match}`;
    const [told, forgotten, asked] = [reply, clear, flow].map((hex) =>
      Buffer.from(hex.replaceAll(" ", ""), "hex"),
    );
    const parts = frames.map((frame, n) =>
      n === 1 ? told : n === 15_000 ? forgotten : n % 1000 === 999 ? asked : frame,
    );
    const { code, out } = decodeByThree("-j", folder.file("options.bin", Buffer.concat(parts as Buffer[])));
    expect(code).toBe(0);
    const option = '"option":{"option_class":258,"option_type":128,"option_len":4}';
    const fields = Array.from(
      out.matchAll(/"match":\[\{"field":"NX_TUN_METADATA3","value":"0000002A"(.*?)\}\]/g),
    );
    expect(fields.map(([, more]) => more)).toEqual([
      ...Array.from({ length: 15 }, () => `,${option}`),
      ...Array.from({ length: 5 }, () => ""),
    ]);
  });

  it("come out once when the array begins with what another file, read by one thread, left", () => {
    const small = folder.file("small.bin", echo(1, 0));
    const list: unknown[] = JSON.parse(decodeByThree("--json-array", small, good, small).out);
    expect(list).toHaveLength(20_002);
  });
});

describe("what fails", () => {
  it("stops all threads, with the text so far and the place in the file", () => {
    const offset = Buffer.concat(frames.slice(0, 9000)).length;
    const file = damaged("late.bin", { 9000: strange(9000), 9100: strange(9100), 15000: strange(15000) });
    const { code, out, err } = decodeByThree("-j", file);
    expect(code).toBe(10);
    expect(out.split("\n")).toHaveLength(9001);
    expect(err).toBe(
      `Error: DIR/late.bin: byte ${offset}: header: version 99 is not OpenFlow 1.0 to 1.5 (message at byte ${offset})\n`,
    );
  });

  it("is told in order with -k", () => {
    const numbers = [0, 5, 4000, 9000, 9001, 15000, 19999];
    const file = damaged("many.bin", Object.fromEntries(numbers.map((n) => [n, strange(n)])));
    const { code, out, err } = decodeByThree("--json-array", "-k", file);
    expect(code).toBe(10);
    expect(JSON.parse(out)).toHaveLength(20_000 - numbers.length);
    const offsets = numbers.map((n) => Buffer.concat(frames.slice(0, n)).length);
    expect(err.match(/(?<=bin: byte )\d+/g)).toEqual(offsets.map(String));
  });

  it("ends a file whose header says less than 8 bytes, and goes on with the next one with -k", () => {
    const header = Buffer.from("0402000700000000", "hex");
    const file = damaged("header.bin", { 12000: header });
    const { code, out, err } = decodeByThree("-jk", file, good);
    expect(code).toBe(10);
    expect(out.split("\n")).toHaveLength(32_001);
    expect(err).toContain("length 7 is less than 8");
  });

  it("has the exit code of the first failure: a file that ends inside a message is a short read", () => {
    const short = folder.file("short.bin", Buffer.concat([...frames, Buffer.from("040200", "hex")]));
    expect(decodeByThree("-j", short)).toMatchObject({
      code: 13,
      err: expect.stringMatching(/the input ends 3 bytes into a message\n$/),
    });
    const both = folder.file("both.bin", Buffer.concat([strange(0), ...frames, Buffer.from("0402", "hex")]));
    expect(decodeByThree("-jk", both).code).toBe(10);
    expect(decodeByThree("-jk", short, both).code).toBe(13);
  });

  it("has the exit codes of the checks", () => {
    const padded = Buffer.from("041800180000000100000001ffffffff0000000000000001", "hex"); // ROLE_REQUEST
    expect(decodeByThree("-jV", damaged("padded.bin", { 11000: padded })).code).toBe(12);
    expect(decodeByThree("-v", good).code).toBe(11);
    expect(decodeByThree("-jk", "--silent-error", damaged("x.bin", { 3: strange(3) })).err).toBe("");
  });

  it("ends without a word when the reader goes away, with one when the disk is full", async () => {
    const child = spawn(process.execPath, [OFTR, "decode", "-j", "--jobs=3", good]);
    let stderr = "";
    child.stderr.on("data", (data) => {
      stderr += data;
    });
    const end = once(child, "close");
    await once(child.stdout, "data");
    child.stdout.destroy();
    expect({ code: (await end)[0], stderr }).toEqual({ code: 0, stderr: "" });
    const full = openSync("/dev/full", "w");
    const args = [OFTR, "decode", "-j", "--jobs=3", good];
    const { status, stderr: told } = spawnSync(process.execPath, args, { stdio: ["ignore", full, "pipe"] });
    closeSync(full);
    expect({ status, told: String(told) }).toEqual({
      status: 10,
      told: "Error: writing -: ENOSPC: no space left on device, write\n",
    });
  });
});
