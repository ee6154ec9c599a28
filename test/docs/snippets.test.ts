/** The clients shown in docs/daemon.md talk to a daemon. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { freePort, Texts } from "../ops/daemon-process.js";
import { isInstalled } from "../peers/installed.js";
import { ROOT, readPage } from "./pages.js";

const folder = mkdtempSync(join(tmpdir(), "oftr-snippets-"));
const ends: (() => void)[] = [];
afterAll(() => {
  for (const end of ends) end();
  rmSync(folder, { recursive: true });
});

/** The first fenced block of a language. */
function snippet(language: string): string {
  const found = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "ms").exec(readPage("docs/daemon.md"));
  return found?.[1] as string;
}

/** Starts a program; gives the lines that it prints. */
function linesOf(program: string, ...argv: string[]): { stdout: Texts; stderr: Texts } {
  const child = spawn(program, argv, { cwd: folder });
  ends.push(() => child.kill());
  return { stdout: new Texts(child.stdout, "\n"), stderr: new Texts(child.stderr, "\n") };
}

/** Starts a daemon that listens there; gives its endpoint once it is ready. */
async function startDaemon(endpoint: string): Promise<string> {
  const { stderr } = linesOf(process.execPath, `${ROOT}bin/oftr.js`, "jsonrpc", `--listen=${endpoint}`);
  return (JSON.parse(await stderr.with("serving RPC clients")) as { endpoint: string }).endpoint;
}

it("The JavaScript of docs/daemon.md gets an answer over a WebSocket, as in a browser", async () => {
  const endpoint = await startDaemon("ws://127.0.0.1:0/");
  const program = snippet("js").replace("ws://127.0.0.1:8653/", endpoint);
  // Node 20 has the WebSocket of browsers behind an option, which later versions accept.
  const { stdout } = linesOf(process.execPath, "--experimental-websocket", "-e", program);
  expect(await stdout.next()).toContain('"result":{"api_version":"0.9"');
});

it.runIf(isInstalled("python3"))(
  "The Python of docs/daemon.md gets an answer over a Unix socket",
  async () => {
    await startDaemon("unix:oftr.sock");
    const program = snippet("python").replace("16653", String(await freePort()));
    const { stdout } = linesOf("python3", "-c", program);
    expect(await stdout.next()).toBe("{'jsonrpc': '2.0', 'result': {'conn_id': 1}, 'id': 1}");
  },
);
