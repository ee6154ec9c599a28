/** The commands shown in README and docs/ print what is shown below them. */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { isInstalled } from "../peers/installed.js";
import { PAGES, ROOT, readSession, type Shown } from "./pages.js";

const FIXED_PORT = "listens at a fixed port, which another test run may use";
const LIVE = "needs a switch or a controller";
const INTERFACE = "captures at a network interface";

/** Commands that are not run here, by page and beginning, with the reason. */
const NOT_RUN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "README.md": { "node bin/oftr.js jsonrpc": FIXED_PORT, "node bin/oftr.js call": FIXED_PORT },
  "docs/captures.md": { "tcpdump -U": INTERFACE, "oftr decode --follow": INTERFACE },
  "docs/daemon.md": {
    "oftr call --to=unix:oftr.sock --yaml OFP.LISTEN": FIXED_PORT,
    "curl -i": FIXED_PORT,
    "(umask 077": FIXED_PORT,
    "openssl req": FIXED_PORT,
    "oftr jsonrpc --listen=wss:": FIXED_PORT,
    "oftr call --to=wss:": FIXED_PORT,
    "systemd-socket-activate": "systemd may be missing",
  },
  "docs/packets.md": { "oftr encode echo.yaml | oftr decode -j --pkt-full": "shown with line breaks" },
  "docs/tap.md": { "oftr tap": LIVE, "tshark -r": LIVE, "oftr record": LIVE, "oftr replay": LIVE },
};

const folders: string[] = [];
const daemons: ChildProcess[] = [];
afterAll(() => {
  for (const daemon of daemons) daemon.kill();
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A folder as a new user has it: the files of examples/files, those that the page shows, and `oftr` on the PATH. */
function folderFor(files: ReadonlyMap<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), "oftr-docs-"));
  folders.push(folder);
  cpSync(`${ROOT}examples/files`, folder, { recursive: true });
  symlinkSync(`${ROOT}examples`, join(folder, "examples"));
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  symlinkSync(`${ROOT}bin`, join(folder, "bin"));
  mkdirSync(join(folder, "path"));
  symlinkSync(`${ROOT}bin/oftr.js`, join(folder, "path/oftr"));
  return folder;
}

/** Runs a command line with Bash; gives all that it prints, or nothing once a daemon behind `&` is ready. */
function run(command: string, folder: string): Promise<string> {
  const isDaemon = command.endsWith(" &");
  const env: NodeJS.ProcessEnv = { PATH: `${folder}/path:${process.env.PATH}`, OFTR_RPC: "unix:oftr.sock" };
  const line = isDaemon ? `exec ${command.slice(0, -2)}` : command;
  const child = spawn("bash", ["-c", `exec 2>&1; ${line}`], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (isDaemon) daemons.push(child);
  return new Promise((resolve, reject) => {
    let text = "";
    child.on("error", reject);
    child.on("close", () => resolve(withoutLog(text).trimEnd()));
    child.stdout.on("data", (bytes: Buffer) => {
      text += bytes;
      if (isDaemon && text.includes('"msg":"ready"')) resolve("");
    });
  });
}

/** The pages do not show the daemon's log, which has times. */
function withoutLog(text: string): string {
  return text.replace(/^\{"level":.*\n/gm, "");
}

const hasTcpdump = isInstalled("tcpdump");
const LEFT_OUT = hasTcpdump ? "" : ", without those that need tcpdump, which is not installed";

describe.concurrent("the commands shown in", () => {
  for (const page of PAGES) {
    const notRun = NOT_RUN[page] ?? {};
    const { files, commands } = readSession(page);
    if (commands.length === 0) continue;
    const skipped = (shown: Shown) => Object.keys(notRun).some((start) => shown.command.startsWith(start));

    it.concurrent(`${page} print what is shown${LEFT_OUT}`, { timeout: 60_000 }, async () => {
      const folder = folderFor(files);
      for (const shown of commands) {
        if (skipped(shown) || (!hasTcpdump && /tcpdump|--pkt-filter/.test(shown.command))) continue;
        const printed = await run(shown.command, folder);
        expect(printed, `${page}:${shown.line}: ${shown.command}`).toBe(shown.output.trimEnd());
      }
    });

    it.concurrent(`${page} are run, except those listed with a reason`, () => {
      const stale = Object.keys(notRun).filter(
        (start) => !commands.some(({ command }) => command.startsWith(start)),
      );
      expect(stale).toEqual([]);
    });
  }
});
