/** A session of Open vSwitch, captured by tcpdump. */
import type { ChildProcess } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { Daemon } from "./daemon.js";
import { OpenVSwitch } from "./ovs.js";
import { poll, startProgram, stopProgram } from "./programs.js";

/** Wire versions of the bridges, one of each. */
export const VERSIONS = [1, 2, 3, 4, 5, 6];

/** Starts to capture what goes to and from a port. */
export async function startCapture(port: number, file: string): Promise<ChildProcess> {
  // With 16 MiB to hold packets none is lost on a busy machine.
  const args = ["-i", "lo", "-U", "--immediate-mode", "-B", "16384", "-w", file, `tcp port ${port}`];
  const tcpdump = startProgram("tcpdump", args, { stdio: "ignore" });
  await poll("tcpdump", async () => existsSync(file) && statSync(file).size >= 24, Boolean);
  return tcpdump;
}

/** Has six bridges, one of each version, connect to a daemon and answer it, and captures that. */
export async function captureSession(port: number, file: string): Promise<void> {
  const tcpdump = await startCapture(port, file);
  const daemon = new Daemon();
  let ovs: OpenVSwitch | undefined;
  try {
    ovs = await OpenVSwitch.start();
    await daemon.request("OFP.LISTEN", {
      endpoint: `127.0.0.1:${port}`,
      versions: VERSIONS,
      options: ["FEATURES_REQ"],
    });
    for (const version of VERSIONS) {
      const bridge = `br${version}`;
      const datapathId = `000000000000000${version}`;
      await ovs.addBridge(bridge, { versions: [version], datapathId, ports: 3 });
      await ovs.setController(bridge, port);
      const { datapath_id = "" } = await daemon.next("CHANNEL_UP");
      for (let n = 0; n < 40; n++)
        await daemon.send(datapath_id, "FLOW_MOD", {
          table_id: 0,
          command: "ADD",
          priority: n,
          match: [{ field: "IN_PORT", value: n }],
          instructions: [],
        });
      for (const type of ["DESC", "TABLE_STATS", "PORT_STATS"]) {
        const msg = type === "PORT_STATS" ? { port_no: "ANY" } : {};
        await daemon.ask(datapath_id, `${type}_REQUEST`, msg);
      }
    }
    await settled(file);
  } finally {
    await daemon.stop();
    await ovs?.stop();
    await stopProgram(tcpdump);
  }
}

/** Waits until a file grows no more. */
export async function settled(file: string): Promise<void> {
  let before = -1;
  await poll(
    "the end of the capture",
    async () => {
      const { size } = statSync(file);
      const same = size === before;
      before = size;
      return same;
    },
    Boolean,
  );
}
