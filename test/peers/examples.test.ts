// The programs of examples/ as they are, with Open vSwitch: controllers in other languages, a script, and a switch.
import type { ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OFTR } from "./daemon.js";
import { describeWith } from "./installed.js";
import { OpenVSwitch, OVS_PROGRAMS, protocolOf } from "./ovs.js";
import { freePort, PATIENCE, poll, runProgram, startProgram, stopProgram } from "./programs.js";

const EXAMPLES = fileURLToPath(new URL("../../examples/", import.meta.url));
const HOST_A = "0a000000000a";
const HOST_B = "0a000000000b";
const NAME = "00:00:00:00:00:00:00:2a";

/** How the examples find the program. */
const ENV = { ...process.env, OFTR: `${process.execPath} ${OFTR}`, PYTHONDONTWRITEBYTECODE: "1" };

/** A frame with 46 bytes of something. */
const frame = (target: string, source: string): string => `${target}${source}88b5${"5a".repeat(46)}`;

/** A program that goes on, and what it has said. */
class Running {
  readonly child: ChildProcess;
  text = "";

  constructor(command: string, ...args: string[]) {
    this.child = startProgram(command, args, { env: ENV, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.setEncoding("utf8").on("data", (chunk: string) => {
        this.text += chunk;
      });
  }

  async says(line: string): Promise<void> {
    await poll(
      `"${line}" in what the example says`,
      async () => this.text,
      (text) => text.includes(line),
    );
  }
}

/** A controller, given where switches shall find it. */
interface Controller {
  readonly title: string;
  readonly needs: readonly string[];
  /** How the daemon serves it; undefined: it starts its own. */
  readonly listen?: (folder: string, port: number) => string;
  readonly start: (where: { endpoint: string; folder: string; rpcPort: number }) => Running;
}

const CONTROLLERS: readonly Controller[] = [
  {
    title: "python/learning_switch.py, over standard input and output",
    needs: ["python3"],
    start: ({ endpoint }) => new Running("python3", `${EXAMPLES}python/learning_switch.py`, endpoint),
  },
  {
    title: "go/main.go, over a Unix socket",
    needs: ["go"],
    listen: (folder) => `unix:${folder}/rpc.sock`,
    start: ({ folder }) => new Running(`${folder}/learning-switch`, `${folder}/rpc.sock`),
  },
  {
    title: "node/learning-switch.mjs, over a WebSocket",
    needs: [],
    listen: (_, port) => `ws://127.0.0.1:${port}/`,
    start: ({ rpcPort }) =>
      new Running(process.execPath, `${EXAMPLES}node/learning-switch.mjs`, `ws://127.0.0.1:${rpcPort}/`),
  },
];

/** A daemon that serves sockets, and switches. */
async function startDaemon(listen: string, endpoint: string): Promise<Running> {
  const daemon = new Running(
    process.execPath,
    ...[OFTR, "jsonrpc", "--listen", listen, "--openflow", `tcp:${endpoint}`],
  );
  await poll(
    "the daemon's answer",
    () =>
      runProgram(process.execPath, [OFTR, "call", "--to", listen, "OFP.DESCRIPTION"]).catch(() => undefined),
    (answer) => answer !== undefined,
  );
  return daemon;
}

describe.each(CONTROLLERS)("$title", ({ needs, listen, start }) => {
  describeWith([...OVS_PROGRAMS, ...needs], "with Open vSwitch", () => {
    const running: Running[] = [];
    let folder: string;
    let ovs: OpenVSwitch;
    let port: number;
    let controller: Running;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "oftr-examples-"));
      ovs = await OpenVSwitch.start();
      port = await freePort();
      const rpcPort = await freePort();
      const endpoint = `127.0.0.1:${port}`;
      if (needs.includes("go")) {
        const cache = {
          ...process.env,
          GOCACHE: join(folder, "cache"),
          GOFLAGS: "-mod=mod",
          GO111MODULE: "off",
        };
        const build = ["build", "-o", `${folder}/learning-switch`, `${EXAMPLES}go/main.go`];
        await runProgram("go", build, { env: cache, limit: 8 * PATIENCE });
      }
      if (listen !== undefined) running.push(await startDaemon(listen(folder, rpcPort), endpoint));
      controller = start({ endpoint, folder, rpcPort });
      running.push(controller);
      if (listen === undefined) await controller.says(`listening at ${endpoint}`);
    }, 10 * PATIENCE);

    afterAll(async () => {
      for (const one of running.reverse()) await stopProgram(one.child);
      await ovs.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it.each([1, 4, 6])(
      "floods, learns and then has the switch forward by itself, over version %i",
      async (version) => {
        const bridge = `br${version}`;
        const name = NAME.replace("2a", `0${version}`);
        await ovs.addBridge(bridge, { versions: [version], datapathId: name.replaceAll(":", ""), ports: 3 });
        await ovs.setController(bridge, port);
        await controller.says(`${name}: ready`);

        await ovs.inject(`${bridge}-p1`, frame(HOST_B, HOST_A));
        await ovs.sent(`${bridge}-p2`, frame(HOST_B, HOST_A));
        await ovs.sent(`${bridge}-p3`, frame(HOST_B, HOST_A));
        await controller.says(`${name}: 0a:00:00:00:00:0a is at port 1`);

        await ovs.inject(`${bridge}-p2`, frame(HOST_A, HOST_B));
        await ovs.sent(`${bridge}-p1`, frame(HOST_A, HOST_B));
        await controller.says(`${name}: 0a:00:00:00:00:0b is at port 2`);
        expect(ovs.hasSent(`${bridge}-p3`, frame(HOST_A, HOST_B))).toBe(false);
        await poll(
          "the flow",
          () => ovs.flows(bridge, version),
          (flows) => flows.some((flow) => /in_port=2,dl_dst=0a:00:00:00:00:0a actions=output:1/.test(flow)),
        );

        await ovs.vsctl("del-br", bridge);
        await controller.says(`${name}: down`);
      },
    );
  });
});

describeWith([...OVS_PROGRAMS, "awk", "sh"], "shell/block-address.sh with Open vSwitch", () => {
  let folder: string;
  let ovs: OpenVSwitch;
  let daemon: Running;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "oftr-examples-"));
    ovs = await OpenVSwitch.start();
    const port = await freePort();
    env = { ...ENV, OFTR_RPC: `unix:${folder}/rpc.sock` };
    daemon = await startDaemon(`unix:${folder}/rpc.sock`, `127.0.0.1:${port}`);
    for (const [i, version] of [1, 4].entries()) {
      await ovs.addBridge(`br${i}`, { versions: [version], datapathId: `000000000000000${i + 1}`, ports: 1 });
      await ovs.setController(`br${i}`, port);
    }
    const connections = (): Promise<Buffer> =>
      runProgram(process.execPath, [OFTR, "call", "OFP.LIST_CONNECTIONS", '{"conn_id":0}'], { env });
    await poll("both switches", connections, (text) => /:01".*:02"|:02".*:01"/.test(text.toString()));
  });

  afterAll(async () => {
    await stopProgram(daemon.child);
    await ovs.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function script(...args: string[]): Promise<string> {
    return (await runProgram(`${EXAMPLES}shell/block-address.sh`, args, { env })).toString();
  }

  it("blocks, lists and unblocks on all switches", async () => {
    expect(await script("block", "192.0.2.7")).toMatch(/^block 192\.0\.2\.7 on connection \d+\nblock .*\n$/);
    for (const [i, version] of [1, 4].entries())
      expect(await ovs.flows(`br${i}`, version)).toEqual([
        "cookie=0xb10c, priority=60000,ip,nw_src=192.0.2.7 actions=drop",
      ]);
    expect(await script("list")).toMatch(/^(192\.0\.2\.7 is blocked on connection \d+\n){2}$/);
    await script("unblock", "192.0.2.7");
    for (const [i, version] of [1, 4].entries()) expect(await ovs.flows(`br${i}`, version)).toEqual([]);
  });

  it("fails where a switch refuses, and without a command", async () => {
    await expect(script("block", "192.0.2.700")).rejects.toThrow("IPv4Address");
    await expect(script()).rejects.toThrow("usage");
  });
});

describeWith(["ovs-ofctl", "python3"], "python/soft_switch.py with ovs-ofctl", () => {
  let port: number;
  let one: Running;

  beforeAll(async () => {
    port = await freePort();
    one = new Running("python3", `${EXAMPLES}python/soft_switch.py`, `127.0.0.1:${port}`);
    await one.says("listening");
  });

  afterAll(() => stopProgram(one.child));

  async function ofctl(command: string, ...args: string[]): Promise<string> {
    const options = ["-O", protocolOf(4), "--strict", "--no-stats"];
    const text = await runProgram("ovs-ofctl", [...options, command, `tcp:127.0.0.1:${port}`, ...args]);
    return text.toString();
  }

  it("shows its features, ports and configuration", async () => {
    const text = await ofctl("show");
    expect(text).toMatch(/^OFPT_FEATURES_REPLY \(OF1\.3\) .*dpid:000000000000002a\n/);
    expect(text).toMatch(
      /\n 1\(left\): addr:0e:00:00:00:00:01\n(?:.|\n)*\n 2\(right\): addr:0e:00:00:00:00:02\n/,
    );
    expect(text).toMatch(/OFPT_GET_CONFIG_REPLY .*frags=normal miss_send_len=128\n$/);
  });

  it("takes flows, shows them, and takes them away", async () => {
    const flows = async (): Promise<string[]> =>
      (await ofctl("dump-flows")).split("\n").filter((line) => line.includes("actions"));
    await ofctl("add-flow", "priority=5,in_port=1,ip,nw_dst=10.0.0.0/8,actions=output:2");
    await ofctl("add-flow", "priority=6,arp,actions=CONTROLLER:65535");
    expect((await flows()).sort()).toEqual([
      " priority=5,ip,in_port=1,nw_dst=10.0.0.0/8 actions=output:2",
      " priority=6,arp actions=CONTROLLER:65535",
    ]);
    await ofctl("del-flows", "priority=6,arp");
    expect(await flows()).toHaveLength(1);
    await ofctl("del-flows", "priority=5,in_port=1,ip,nw_dst=10.0.0.0/8");
    expect(await flows()).toEqual([]);
  });

  it("counts at ports, answers pings, and refuses in words that ovs-ofctl knows", async () => {
    expect(await ofctl("dump-ports")).toMatch(/: 2 ports\n +port +1: rx pkts=0/);
    expect(await ofctl("dump-ports", "7")).toContain("OFPBRC_BAD_PORT");
    await expect(ofctl("add-flow", "table=3,actions=drop")).rejects.toThrow("OFPFMFC_BAD_TABLE_ID");
    expect(await ofctl("dump-desc")).toContain("Software: soft_switch.py");
    expect(await ofctl("probe")).toBe("");
    expect(await ofctl("ping")).toMatch(/^(64 bytes from .* time=.* ms\n)+$/);
    expect(one.text).toBe(`listening at 127.0.0.1:${port}\n`);
  });
});
