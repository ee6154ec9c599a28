/**
 * A private Open vSwitch: ovsdb-server and ovs-vswitchd with dummy datapaths, everything in a temporary folder.
 * Nothing of the system is used or changed, and no frame leaves the process.
 */
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PATIENCE, poll, runProgram, startProgram, stopProgram } from "./programs.js";

/** What must be installed. */
export const OVS_PROGRAMS = [
  "ovsdb-tool",
  "ovsdb-server",
  "ovs-vswitchd",
  "ovs-vsctl",
  "ovs-ofctl",
  "ovs-appctl",
];

/** `OpenFlow13` for wire version 4. */
export function protocolOf(version: number): string {
  return `OpenFlow1${version - 1}`;
}

/** How a bridge is made. */
export interface BridgeSettings {
  /** Wire versions, 1..6, that the bridge speaks. */
  readonly versions: readonly number[];
  /** 16 hex digits. */
  readonly datapathId: string;
  /** Number of ports: `NAME-p1` has port number 1. */
  readonly ports: number;
}

export class OpenVSwitch {
  readonly folder = mkdtempSync(join(tmpdir(), "oftr-ovs-"));
  readonly #env: NodeJS.ProcessEnv;
  readonly #children: ChildProcess[] = [];
  #switch: ChildProcess | undefined;

  private constructor() {
    const { folder } = this;
    this.#env = {
      ...process.env,
      LC_ALL: "C",
      OVS_RUNDIR: folder,
      OVS_LOGDIR: folder,
      OVS_DBDIR: folder,
      OVS_SYSCONFDIR: folder,
    };
  }

  static async start(): Promise<OpenVSwitch> {
    const ovs = new OpenVSwitch();
    try {
      await ovs.#start();
    } catch (error) {
      await ovs.stop();
      throw error;
    }
    return ovs;
  }

  async #start(): Promise<void> {
    await this.#run("ovsdb-tool", "create", this.#path("conf.db"));
    this.#spawn("ovsdb-server", this.#path("conf.db"), `--remote=punix:${this.#path("db.sock")}`);
    await this.vsctl("--retry", "--no-wait", "init");
    this.startSwitch();
  }

  /** Starts the process that holds all bridges, which come back as they were. */
  startSwitch(): void {
    const args = [`unix:${this.#path("db.sock")}`, "--enable-dummy", "--disable-system"];
    this.#switch = this.#spawn("ovs-vswitchd", ...args);
  }

  /** Sends a signal to that process: SIGSTOP and SIGCONT, or SIGKILL. */
  signalSwitch(signal: NodeJS.Signals): void {
    this.#switch?.kill(signal);
  }

  /** Ends the switch and removes its folder. */
  async stop(): Promise<void> {
    this.signalSwitch("SIGCONT");
    for (const child of this.#children.splice(0).reverse()) await stopProgram(child);
    rmSync(this.folder, { recursive: true, force: true });
  }

  async addBridge(name: string, { versions, datapathId, ports }: BridgeSettings): Promise<void> {
    const args = [
      ...["add-br", name, "--", "set", "bridge", name, "datapath_type=dummy", "fail-mode=secure"],
      `protocols=${versions.map(protocolOf).join(",")}`,
      `other-config:datapath-id=${datapathId}`,
      "other-config:disable-in-band=true",
    ];
    for (let n = 1; n <= ports; n++) {
      const port = `${name}-p${n}`;
      args.push("--", "add-port", name, port, "--", "set", "interface", port, "type=dummy");
      args.push(`ofport_request=${n}`, `options:tx_pcap=${this.#path(`${port}.pcap`)}`);
    }
    await this.vsctl(...args);
  }

  /**
   * Has a bridge connect to a controller on 127.0.0.1, again at once when it loses it.
   * @param passive  a port on which the bridge waits for further controllers
   */
  async setController(bridge: string, port: number, passive?: number): Promise<void> {
    const targets = [
      `tcp:127.0.0.1:${port}`,
      ...(passive === undefined ? [] : [`ptcp:${passive}:127.0.0.1`]),
    ];
    const rows = targets.map((target, n) => ({ id: `@c${n}`, target: `target="${target}"` }));
    await this.vsctl(
      ...rows.flatMap(({ id, target }) => [
        ...[`--id=${id}`, "create", "controller", target, "max_backoff=1000", "inactivity_probe=0", "--"],
      ]),
      ...["set", "bridge", bridge, `controller=${rows.map(({ id }) => id).join(",")}`],
    );
  }

  /** Runs ovs-vsctl, which returns when the switch has done what it says. */
  vsctl(...args: string[]): Promise<string> {
    return this.#run(
      "ovs-vsctl",
      `--db=unix:${this.#path("db.sock")}`,
      `--timeout=${PATIENCE / 1000}`,
      ...args,
    );
  }

  /** Runs ovs-ofctl on a bridge: `ofctl("br0", 4, "dump-flows")`. */
  ofctl(bridge: string, version: number, command: string, ...args: string[]): Promise<string> {
    const address = `unix:${this.#path(`${bridge}.mgmt`)}`;
    return this.#run("ovs-ofctl", "-O", protocolOf(version), "--no-names", command, address, ...args);
  }

  /** Adds flows, each as ovs-ofctl writes them. */
  async addFlows(bridge: string, version: number, flows: readonly string[]): Promise<void> {
    const file = this.#path("flows.txt");
    writeFileSync(file, flows.join("\n"));
    await this.ofctl(bridge, version, "add-flows", file);
  }

  appctl(...args: string[]): Promise<string> {
    return this.#run("ovs-appctl", "-t", this.#path("ovs-vswitchd.ctl"), ...args);
  }

  /** The flows as ovs-ofctl prints them, without statistics, sorted. */
  async flows(bridge: string, version: number): Promise<string[]> {
    const text = await this.ofctl(bridge, version, "dump-flows", "--no-stats");
    return text
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "" && !/^(OFPST|NXST)/.test(line))
      .sort();
  }

  /**
   * Waits until what has just been changed, flows and ports, holds for packets: the datapath learns of it behind the back of
   * OpenFlow, after barriers are answered.
   */
  async settled(): Promise<void> {
    await this.appctl("revalidator/wait");
  }

  /** Lets a frame arrive at a port. */
  async inject(port: string, frame: string): Promise<void> {
    await this.settled();
    await this.appctl("netdev-dummy/receive", port, frame);
  }

  /** Waits until a frame has left a port, byte for byte. */
  async sent(port: string, frame: string): Promise<void> {
    await poll(
      `frame ${frame} out of ${port}`,
      async () => this.hasSent(port, frame),
      (sent) => sent,
    );
  }

  /** Has a frame left a port by now? */
  hasSent(port: string, frame: string): boolean {
    const path = this.#path(`${port}.pcap`);
    return existsSync(path) && readFileSync(path).includes(Buffer.from(frame, "hex"));
  }

  /** Waits until the switch has logged a text. */
  async logged(text: string): Promise<void> {
    const log = async (): Promise<string> => readFileSync(this.#path("ovs-vswitchd.log"), "utf8");
    await poll(`"${text}" in the switch's log`, log, (lines) => lines.includes(text));
  }

  #path(name: string): string {
    return join(this.folder, name);
  }

  async #run(command: string, ...args: string[]): Promise<string> {
    return (await runProgram(command, args, { env: this.#env })).toString();
  }

  #spawn(command: string, ...args: string[]): ChildProcess {
    const own = [`--unixctl=${this.#path(`${command}.ctl`)}`, `--log-file=${this.#path(`${command}.log`)}`];
    const options = { env: this.#env, stdio: "ignore" } as const;
    const child = startProgram(command, [...args, ...own, "-vconsole:off"], options);
    this.#children.push(child);
    return child;
  }
}
