// What commands print on a terminal: one that util-linux's script makes.
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { OFTR } from "./daemon.js";
import { describeWith } from "./installed.js";
import { freePort, poll, runProgram, startProgram, stopProgram } from "./programs.js";
import { Running } from "./running.js";

const HELLO = Buffer.from("0400000800000007", "hex");
const ESCAPE = "\x1b";

/** The environment of a terminal with colours, and what differs from it. */
const environment = (more: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const { NO_COLOR: _, ...rest } = process.env;
  return { ...rest, TERM: "xterm", SHELL: "/bin/sh", ...more };
};

describeWith(["script"], "on a terminal", () => {
  const folder = mkdtempSync(join(tmpdir(), "oftr-terminal-"));
  const file = join(folder, "hello.bin");
  const oftr = `'${process.execPath}' '${OFTR}'`;

  const to = `unix:${join(folder, "rpc.sock")}`;
  let port: number;
  let daemon: Running;

  beforeAll(async () => {
    writeFileSync(file, HELLO);
    port = await freePort();
    daemon = Running.oftr("jsonrpc", "--listen", to, "--openflow", `tcp:127.0.0.1:${port}`);
    await daemon.says(/"ready"/);
  });

  afterAll(async () => {
    await stopProgram(daemon.child);
    rmSync(folder, { recursive: true });
  });

  /** What a command line prints. */
  async function printed(line: string, more: NodeJS.ProcessEnv = {}): Promise<string> {
    const args = ["-qec", line, "/dev/null"];
    return (await runProgram("script", args, { env: environment(more) })).toString();
  }

  it.each([
    ["on a terminal", "", {}, true],
    ["with --color=never", "--color=never", {}, false],
    ["where NO_COLOR is set", "", { NO_COLOR: "1" }, false],
    ["where NO_COLOR is empty", "", { NO_COLOR: "" }, true],
    ["where NO_COLOR is set, with --color=always", "--color=always", { NO_COLOR: "1" }, true],
    ["where TERM is dumb", "", { TERM: "dumb" }, false],
    ["into a pipe", "| cat", {}, false],
    ["into a pipe with --color=always", "--color=always | cat", {}, true],
  ])("decode has colours or not: %s", async (_, rest, more, colours) => {
    const text = await printed(`${oftr} decode -j '${file}' ${rest}`, more);
    expect(text.includes(ESCAPE)).toBe(colours);
    expect(text.replaceAll(/\x1b\[[\d;]*m/g, "")).toBe('{"type":"HELLO","xid":7,"version":4,"msg":{}}\r\n');
  });

  it.each([
    ["on a terminal", "", {}, true],
    ["where NO_COLOR is set", "", { NO_COLOR: "1" }, false],
    ["into a pipe", "| cat", {}, false],
  ])("tap has colours or not: %s", async (_, rest, more, colours) => {
    let text: string | undefined;
    const tap = printed(`${oftr} tap -j --handshakes --count=1 --to '${to}' ${rest}`, more).then((all) => {
      text = all;
    });
    // Whoever connects is greeted.
    await poll(
      "the tap to see a HELLO",
      async () => {
        const socket = connect(port, "127.0.0.1");
        await once(socket, "data");
        socket.destroy();
        return text;
      },
      (found) => found !== undefined,
    );
    await tap;
    expect(text?.includes(ESCAPE)).toBe(colours);
    expect(text).toContain("HELLO");
  });

  /** Feeds `oftr decode` messages by a FIFO until `enough` says so. Gives what the terminal has got. */
  async function fed(rest: string, enough: (text: string, messages: number) => boolean): Promise<string> {
    const fifo = join(folder, "fifo");
    await runProgram("mkfifo", [fifo]);
    const args = ["-qec", `${oftr} decode -j '${fifo}' ${rest}`, "/dev/null"];
    const child: ChildProcess = startProgram("script", args, {
      env: environment({}),
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
    // Opened for both, it waits for nobody.
    const fd = openSync(fifo, "r+");
    let messages = 0;
    await poll(
      "the line of progress",
      async () => {
        writeSync(fd, HELLO);
        messages++;
        return text;
      },
      (found) => enough(found, messages),
    );
    const ended = once(child, "close");
    closeSync(fd);
    await ended;
    rmSync(fifo);
    return text;
  }

  it("decode tells its progress when the messages go elsewhere, and takes the line away at the end", async () => {
    const text = await fed("> /dev/null", (found) => found.includes("messages"));
    expect(text).toMatch(/\r\x1b\[K0\.0 MB, \d+ messages, 0\.0 MB\/s\r/);
    expect(text).toMatch(/\x1b\[K$/);
  });

  it("decode tells no progress where the messages themselves appear", async () => {
    // More than a second of them.
    const text = await fed("", (_, messages) => messages > 75);
    expect(text.match(/HELLO/g)?.length).toBeGreaterThan(75);
    expect(text).not.toContain("MB/s");
  });
});
