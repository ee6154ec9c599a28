/** The clients shown in docs/daemon.md talk to a daemon. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { afterAll, expect, it } from "vitest";
import { freePort } from "../ops/daemon-process.js";
import { isInstalled } from "../peers/installed.js";
import { ROOT, readPage } from "./pages.js";

const folder = mkdtempSync(join(tmpdir(), "oftr-snippets-"));
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true });
});

/** The first fenced block of a language. */
function snippet(language: string): string {
  const found = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "ms").exec(readPage("docs/daemon.md"));
  return (found as RegExpExecArray)[1] as string;
}

/** The first line that matches; a stream that ends without one is an error. */
async function firstLine(stream: Readable, pattern: RegExp): Promise<RegExpExecArray> {
  const seen: string[] = [];
  for await (const line of createInterface(stream)) {
    const found = pattern.exec(line);
    if (found !== null) return found;
    seen.push(line);
  }
  throw new Error(`no line is like ${pattern}: ${seen.join("\n")}`);
}

function start(
  program: string,
  argv: readonly string[],
): ChildProcess & { stdout: Readable; stderr: Readable } {
  const child = spawn(program, argv, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  return child as ChildProcess & { stdout: Readable; stderr: Readable };
}

it("The JavaScript of docs/daemon.md gets an answer over a WebSocket, as in a browser", async () => {
  const daemon = start(process.execPath, [`${ROOT}bin/oftr.js`, "jsonrpc", "--listen=ws://127.0.0.1:0/"]);
  const [, port] = await firstLine(daemon.stderr, /ws:\/\/127\.0\.0\.1:(\d+)/);
  const program = snippet("js").replace("8653", port as string);
  // Node 20 has the WebSocket of browsers behind an option, which later versions accept.
  const client = start(process.execPath, ["--experimental-websocket", "-e", program]);
  await firstLine(client.stdout, /"result":\{"api_version":"0\.9"/);
});

it.runIf(isInstalled("python3"))(
  "The Python of docs/daemon.md gets an answer over a Unix socket",
  async () => {
    const daemon = start(process.execPath, [`${ROOT}bin/oftr.js`, "jsonrpc", "--listen=unix:oftr.sock"]);
    await firstLine(daemon.stderr, /"msg":"ready"/);
    const client = start("python3", ["-c", snippet("python").replace("16653", String(await freePort()))]);
    expect((await firstLine(client.stdout, /'result': (.*)\}/))[1]).toBe("{'conn_id': 1}");
  },
);
