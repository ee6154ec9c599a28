/**
 * Sessions of controllers with Open vSwitch, recorded by a tap and by standing between both, and played back to a new controller as
 * the switch, and to a new bridge as the controller. The controller is one of examples/; where OFTR_ZOF names the folder of the C++ oftr's clients, also zof's layer2 demo.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { OFTR } from "./daemon.js";
import { describeIf, describeWith } from "./installed.js";
import { OpenVSwitch, OVS_PROGRAMS } from "./ovs.js";
import { freePort, poll, runProgram, stopProgram } from "./programs.js";
import { Running } from "./running.js";

const EXAMPLES = fileURLToPath(new URL("../../examples/python/", import.meta.url));
const ZOF = resolve(process.env.OFTR_ZOF ?? "", "src/zof-develop.tar.gz");

const HOST_A = "0a000000000a";
const HOST_B = "0a000000000b";

/** A frame with 46 bytes of something. */
const frame = (target: string, source: string): string => `${target}${source}88b5${"5a".repeat(46)}`;

/** A controller that starts its own daemon, `oftr` on its PATH. */
interface Controller {
  readonly title: string;
  /** How its daemon talks to it. */
  readonly stdio: string;
  /** What it says when it listens. */
  readonly ready: RegExp;
  readonly prepare?: (folder: string) => Promise<void>;
  readonly start: (folder: string, port: number, env: NodeJS.ProcessEnv) => Promise<Running>;
}

const LEARNING_SWITCH: Controller = {
  title: "a session of the learning switch in Python",
  stdio: "stdio,framing=line",
  ready: /listening at/,
  start: async (_, port, env) =>
    new Running("python3", [join(EXAMPLES, "learning_switch.py"), `127.0.0.1:${port}`], env),
};

const LAYER2: Controller = {
  title: "a session of zof's layer2 demo",
  stdio: "stdio",
  ready: /isten/,
  async prepare(folder) {
    await runProgram("tar", ["xzf", ZOF, "-C", folder]);
  },
  async start(folder, port, env) {
    const source = join(folder, "zof-develop");
    const python =
      process.env.ZOF_PY ??
      `${(await runProgram("pyenv", ["prefix", "3.7.16"])).toString().trim()}/bin/python`;
    const args = [
      "-u",
      "-W",
      "ignore",
      "-m",
      "zof.demo.layer2",
      `--listen-endpoints=127.0.0.1:${port}`,
      "--loglevel=info",
    ];
    return new Running(python, args, { ...env, PYTHONPATH: source });
  },
};

function recordAndReplay({ title, stdio, ready, prepare, start }: Controller): void {
  let folder: string;
  let ovs: OpenVSwitch;
  let env: NodeJS.ProcessEnv;
  let port: number;
  /** Where the switch connects to. */
  let front: number;
  const path = (name: string): string => join(folder, name);
  const running: Running[] = [];

  /** The daemon that the controller starts. */
  function writeDaemon(more: string): void {
    const command = `"${process.execPath}" "${OFTR}" jsonrpc --listen=${stdio} ${more}`;
    writeFileSync(path("bin/oftr"), `#!/bin/sh\necho $$ > "${path("daemon.pid")}"\nexec ${command}\n`);
  }

  async function startController(): Promise<Running> {
    const one = await start(folder, port, env);
    running.push(one);
    await one.says(ready);
    return one;
  }

  function oftr(...args: string[]): Running {
    const one = Running.oftr(...args);
    running.push(one);
    return one;
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "oftr-replay-"));
    ovs = await OpenVSwitch.start();
    port = await freePort();
    // The controller's daemon serves the tap, too.
    mkdirSync(path("bin"));
    writeDaemon(`--listen=unix:${path("tap.sock")}`);
    chmodSync(path("bin/oftr"), 0o755);
    env = {
      ...process.env,
      OFTR: path("bin/oftr"),
      ZOF_OFTR_PATH: path("bin/oftr"),
      PATH: `${path("bin")}:${process.env.PATH}`,
      PYTHONDONTWRITEBYTECODE: "1",
    };
    await prepare?.(folder);

    const controller = await startController();
    front = await freePort();
    const tap = oftr("record", path("tap.pcapng"), "--to", `unix:${path("tap.sock")}`);
    const proxy = oftr(
      ...["record", path("proxy.pcapng")],
      ...["--listen", `tcp:127.0.0.1:${front}`, "--connect", `tcp:127.0.0.1:${port}`],
    );
    await tap.says(/recording/);
    await proxy.says(/recording/);
    await converse();
    for (const one of [tap, proxy]) await one.interrupt();
    await stopProgram(controller.child);
    // A daemon that serves a socket goes on without its controller.
    process.kill(Number(readFileSync(path("daemon.pid"), "utf8")));
    writeDaemon("");
  });

  afterAll(async () => {
    for (const one of running.reverse()) await stopProgram(one.child);
    await ovs?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What Open vSwitch and its hosts do in the recording. */
  async function converse(): Promise<void> {
    const flows = (pattern: RegExp): Promise<unknown> =>
      poll(
        String(pattern),
        () => ovs.flows("br0", 4),
        (lines) => lines.some((line) => pattern.test(line)),
      );
    await ovs.addBridge("br0", { versions: [4], datapathId: "000000000000002a", ports: 3 });
    await ovs.setController("br0", front);
    await flows(/priority=0 actions=CONTROLLER/);
    await ovs.inject("br0-p1", frame(HOST_B, HOST_A));
    await ovs.sent("br0-p2", frame(HOST_B, HOST_A));
    await ovs.inject("br0-p2", frame(HOST_A, HOST_B));
    await flows(/dl_dst=0a:00:00:00:00:0a actions=output/);
    await ovs.inject("br0-p1", frame(HOST_B, HOST_A));
    await flows(/dl_dst=0a:00:00:00:00:0b actions=output/);
    await ovs.vsctl("del-br", "br0");
  }

  async function replay(file: string, ...options: string[]): Promise<{ code: number | null; text: string }> {
    const controller = await startController();
    const one = oftr("replay", file, "--as", "switch", "--connect", `tcp:127.0.0.1:${port}`, ...options);
    await one.ended();
    await stopProgram(controller.child);
    return { code: one.child.exitCode, text: one.text };
  }

  it.each(["tap.pcapng", "proxy.pcapng"])(`${title}, %s, replays with no difference`, async (name) => {
    const { code, text } = await replay(path(name), "--speed=max");
    expect(text).toMatch(/^\d+ messages played, \d+ compared: no difference\n$/);
    expect(code).toBe(0);
    const [, played = "", compared = ""] = /^(\d+)\D+(\d+)/.exec(text) ?? [];
    expect(Number(played)).toBeGreaterThanOrEqual(6);
    expect(Number(compared)).toBeGreaterThanOrEqual(9);
  });

  it(`${title} replays to a switch with no difference`, async () => {
    const endpoint = `tcp:127.0.0.1:${front}`;
    // A new bridge has new addresses, and flows that live longer or shorter.
    const one = oftr(
      "replay",
      path("proxy.pcapng"),
      "--as=controller",
      "--listen",
      endpoint,
      "--ignore=msg.hw_addr,msg.duration",
    );
    await one.says(/waiting/);
    await converse();
    await one.ended();
    expect(one.text).toMatch(/messages played, \d+ compared: no difference\n$/);
    expect(one.child.exitCode).toBe(0);
  });
}

describeWith([...OVS_PROGRAMS, "python3"], LEARNING_SWITCH.title, () => recordAndReplay(LEARNING_SWITCH));

if (process.env.OFTR_ZOF) {
  describeIf(existsSync(ZOF), `no ${ZOF}`, LAYER2.title, () => recordAndReplay(LAYER2));
}

describeWith(OVS_PROGRAMS, "a session of ovs-ofctl that lets paused packets go on", () => {
  it("replays to another bridge, which goes on with its own continuation", async () => {
    const folder = mkdtempSync(join(tmpdir(), "oftr-replay-"));
    const ovs = await OpenVSwitch.start();
    const running: Running[] = [];
    const run = (command: string, ...args: string[]): Running => {
      const one = new Running(command, args);
      running.push(one);
      return one;
    };
    const oftr = (...args: string[]): Running => run(process.execPath, OFTR, ...args);

    /** A packet goes through a bridge while a controller is connected, through a proxy that keeps what they say. */
    async function resume(bridge: string, connect: (endpoint: string) => Running): Promise<Running> {
      const [front, back] = [await freePort(), await freePort()];
      await ovs.addBridge(bridge, { versions: [4], datapathId: "000000000000002a", ports: 2 });
      await ovs.vsctl("set-controller", bridge, `ptcp:${back}:127.0.0.1`);
      await ovs.addFlows(bridge, 4, ["in_port=1,actions=controller(pause),output:2"]);
      const file = join(folder, `${bridge}.pcapng`);
      const proxy = oftr(
        ...["record", file, "--listen", `tcp:127.0.0.1:${front}`, "--connect", `tcp:127.0.0.1:${back}`],
      );
      await proxy.says(/recording/);
      const controller = connect(`tcp:127.0.0.1:${front}`);
      // The switch knows the format that the controller asks for when it answers the BARRIER_REQUEST behind that.
      await poll(
        "the answer to the last BARRIER_REQUEST",
        async () => readFileSync(file).includes(Buffer.from("0415000800000009", "hex")),
        (isThere) => isThere,
      );
      await ovs.inject(`${bridge}-p1`, frame(HOST_B, HOST_A));
      await ovs.sent(`${bridge}-p2`, frame(HOST_B, HOST_A));
      return controller;
    }

    try {
      const monitor = await resume("br0", (endpoint) =>
        run(
          "ovs-ofctl",
          ...["-O", "OpenFlow13", "-P", "nxt_packet_in2", `--unixctl=${join(folder, "ofctl.ctl")}`],
          ...["monitor", endpoint, "65534", "resume"],
        ),
      );
      await stopProgram(monitor.child);
      const replay = await resume("br1", (endpoint) =>
        oftr("replay", join(folder, "br0.pcapng"), "--as=controller", "--connect", endpoint, "--speed=max"),
      );
      await poll(
        "the end of the replay",
        async () => replay.child.exitCode,
        (code) => code !== null,
      );
      expect(replay.text).toMatch(/messages played, \d+ compared: no difference\n$/);
    } finally {
      for (const one of running) await stopProgram(one.child);
      await ovs.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
