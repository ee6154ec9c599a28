// `oftr call` and --listen, as processes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { lstatSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type DaemonProcess, freePort, Workshop } from "../ops/daemon-process.js";

let workshop: Workshop;
let path: string;

beforeAll(async () => {
  workshop = new Workshop();
  await workshop.build();
  path = workshop.path("s");
});

afterEach(() => workshop.killAll());

afterAll(() => workshop.remove());

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `oftr call`. */
async function call(args: readonly string[], input = "", env: Record<string, string> = {}): Promise<Ran> {
  const child = spawn(process.execPath, [workshop.path("main.cjs"), "call", ...args], {
    env: { ...process.env, ...env },
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number];
  return { code, out, err };
}

async function serve(...endpoints: string[]): Promise<DaemonProcess> {
  const daemon = workshop.start(endpoints.map((endpoint) => `--listen=${endpoint}`));
  await daemon.logged("ready");
  return daemon;
}

describe("oftr call", () => {
  it("prints the result as one line of JSON, whatever the endpoint", async () => {
    const token = workshop.path("token");
    writeFileSync(token, "0123456789abcdef", { mode: 0o600 });
    const port = await freePort();
    await serve(
      `unix:${path}`,
      `unix:${path}nul,framing=nul`,
      `ws://127.0.0.1:${port}/x,token-file=${token}`,
    );
    const description = /^\{"api_version":"0\.9",.*\}\n$/;
    for (const to of [
      `unix:${path}`,
      `unix:${path}nul,framing=nul`,
      `ws://127.0.0.1:${port}/x,token-file=${token}`,
    ]) {
      const { code, out, err } = await call(["--to", to, "OFP.DESCRIPTION"]);
      expect([code, err]).toEqual([0, ""]);
      expect(out).toMatch(description);
    }
    expect((await call(["OFP.DESCRIPTION"], "", { OFTR_RPC: `unix:${path}` })).out).toMatch(description);
    expect(await call(["--to", `ws://127.0.0.1:${port}/x`, "OFP.DESCRIPTION"])).toEqual({
      code: 10,
      out: "",
      err:
        `call: ws://127.0.0.1:${port}/x: the answer is 401 Unauthorized: ` +
        "the header Authorization: Bearer TOKEN is missing, or its token is unknown\n",
    });
  });

  it("reads params as JSON or YAML, from the command line, stdin or a file", async () => {
    await serve(`unix:${path}`);
    const to = ["--to", `unix:${path}`];
    const file = workshop.path("params.yaml");
    writeFileSync(file, "type: BARRIER_REQUEST\nversion: 4\nxid: 7\n");
    for (const [params, input] of [
      ['{"type":"BARRIER_REQUEST","version":4,"xid":7}', ""],
      ["{type: BARRIER_REQUEST, version: 4, xid: 7}", ""],
      ["-", "type: BARRIER_REQUEST\nversion: 4\nxid: 7\n"],
      [`@${file}`, ""],
    ] as const) {
      expect(await call([...to, "OFP.ENCODE", params], input)).toEqual({
        code: 0,
        out: '{"type":"BARRIER_REQUEST","version":4,"xid":7,"data":"0414000800000007"}\n',
        err: "",
      });
    }
    expect((await call([...to, "-y", "OFP.DESCRIPTION"])).out).toMatch(
      /^---\napi_version: +'0\.9'\n(.*\n)*versions: +\[ 1, 2, 3, 4, 5, 6 \]\n(.*\n)*\.\.\.\n$/,
    );
  });

  it("says on stderr what the daemon answers by an error, with its data, and ends with 1", async () => {
    await serve(`unix:${path}`);
    expect(await call(["--to", `unix:${path}`, "OFP.NOPE"])).toEqual({
      code: 1,
      out: "",
      err: expect.stringMatching(
        /^Error: .*unknown method.* \(-32601\)\n\{"path":"method",.*"code":"UNKNOWN"\}\n$/,
      ),
    });
  });

  it("ends with 10 when there is no daemon, or none that answers", async () => {
    const { code, err } = await call(["--to", `unix:${path}no`, "OFP.DESCRIPTION"]);
    expect([code, err]).toEqual([
      10,
      `call: unix:${path}no: no daemon serves there (ENOENT); oftr jsonrpc --listen unix:${path}no starts one\n`,
    ]);
    writeFileSync(`${path}file`, "");
    const other = await call(["--to", `unix:${path}file`, "OFP.DESCRIPTION"]);
    expect([other.code, other.err]).toEqual([10, `call: unix:${path}file: this is not a socket\n`]);
    const server = createServer(() => undefined).listen(`${path}mute`);
    await once(server, "listening");
    expect(await call(["--to", `unix:${path}mute`, "--timeout=1", "OFP.DESCRIPTION"])).toMatchObject({
      code: 10,
      err: expect.stringMatching(
        /^call: no reply came within (1|0\.\d) s; does the daemon's endpoint have framing=line, too\?\n$/,
      ),
    });
    server.close();
  });

  it.each([
    [[], "METHOD and at most one PARAMS are expected"],
    [["a", "b", "c"], "METHOD and at most one PARAMS are expected"],
    [["--to=stdio", "a"], "call: stdio: this is not an endpoint where a daemon can be called"],
    [["a", "{b: [}"], "call: PARAMS:1:"],
    [["a", "@/no/such"], "call: ENOENT: no such file or directory, open '/no/such'"],
  ])("ends with 1 for %j", async (args, message) => {
    const { code, err } = await call(args);
    expect([code, err]).toEqual([1, expect.stringContaining(message)]);
  });
});

describe("oftr jsonrpc --listen", () => {
  it("removes its sockets when it ends, and replaces them after kill -9", async () => {
    const first = await serve(`unix:${path}`);
    first.child.kill("SIGKILL");
    await first.ended;
    expect(lstatSync(path).isSocket()).toBe(true);
    const second = await serve(`unix:${path}`);
    expect((await call(["--to", `unix:${path}`, "OFP.DESCRIPTION"])).code).toBe(0);
    const third = workshop.start([`--listen=unix:${path}`]);
    expect(await third.ended).toBe(10);
    expect(third.stderr).toContain(
      `jsonrpc: unix:${path}: a process serves there already; end it or choose another path`,
    );
    second.child.kill("SIGTERM");
    expect(await second.ended).toBe(0);
    expect(lstatSync(path, { throwIfNoEntry: false })).toBeUndefined();
  });

  it("serves clients whatever becomes of stdin and of other clients", async () => {
    const daemon = await serve(`unix:${path}`);
    daemon.stdin.end();
    const rude = connect(path);
    await once(rude, "connect");
    rude.write("x".repeat(100_000));
    rude.destroy();
    const listened = await call([
      "--to",
      `unix:${path}`,
      "OFP.LISTEN",
      '{endpoint: "127.0.0.1:0", options: []}',
    ]);
    expect(listened.code).toBe(1);
    expect((await call(["--to", `unix:${path}`, "OFP.DESCRIPTION"])).code).toBe(0);
    daemon.child.kill("SIGTERM");
    expect(await daemon.ended).toBe(0);
  });

  it("ends with its only client where that is the one on stdin", async () => {
    const daemon = await serve("stdio,framing=line");
    daemon.stdin.end('{"jsonrpc":"2.0","id":1,"method":"OFP.DESCRIPTION"}\n');
    let out = "";
    for await (const chunk of daemon.stdout) out += String(chunk);
    expect(out).toMatch(/^\{"jsonrpc":"2\.0","result":\{"api_version":"0\.9".*\},"id":1\}\n$/);
    expect(await daemon.ended).toBe(0);
  });

  it("opens nothing when one endpoint cannot be opened", async () => {
    const daemon = workshop.start([`--listen=unix:${path}`, "--listen=ws://0.0.0.0:18653/"]);
    expect(await daemon.ended).toBe(10);
    expect(daemon.stderr).toContain("jsonrpc: ws://0.0.0.0:18653/: others could connect over the network");
    expect(lstatSync(path, { throwIfNoEntry: false })).toBeUndefined();
  });
});
