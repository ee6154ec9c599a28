// The controller of deploy/compose.yaml at work: the program as it is, a daemon at a Unix socket, a switch.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { systemClock } from "../../src/channel/index.js";
import { connectSwitch } from "../../src/switch/index.js";
import { freePort, Texts, Workshop } from "../ops/daemon-process.js";

const HUB = fileURLToPath(new URL("../../examples/unix-socket-hub.mjs", import.meta.url));
const workshop = new Workshop();

beforeAll(() => workshop.build());
afterAll(() => workshop.remove());

it("floods, on switches that were there before it and on those that come later", async () => {
  const [path, openflow] = [workshop.path("rpc.sock"), await freePort()];
  const daemon = workshop.start([`--listen=unix:${path}`, `--openflow=tcp:127.0.0.1:${openflow}`]);
  await daemon.logged("ready");
  const join = (last: string) =>
    connectSwitch(
      { host: "127.0.0.1", port: openflow },
      { version: 4, datapathId: `00:00:00:00:00:00:00:${last}`, ports: 2 },
      systemClock(),
    );
  const early = await join("01");
  await daemon.logged("channel up");
  const hub = spawn(process.execPath, [HUB, path]);
  const said = new Texts(hub.stdout, "\n");
  try {
    expect(await said.next()).toMatch(/^00:00:00:00:00:00:00:01 is up, from 127\.0\.0\.1:\d+$/);
    const late = await join("02");
    expect(await said.next()).toMatch(/^00:00:00:00:00:00:00:02 is up/);

    const watcher = connect(path);
    const texts = new Texts(watcher, "\n");
    for (const datapath_id of ["00:00:00:00:00:00:00:01", "00:00:00:00:00:00:00:02"]) {
      const params = {
        type: "FLOW_DESC_REQUEST",
        datapath_id,
        msg: { table_id: "ALL", out_port: "ANY", out_group: "ANY", cookie: 0, cookie_mask: 0, match: [] },
      };
      watcher.write(
        `${JSON.stringify({ jsonrpc: "2.0", id: datapath_id, method: "OFP.REQUEST", params })}\n`,
      );
      const reply = await texts.with(`"id":"${datapath_id}"`);
      expect(reply).toContain('"actions":[{"action":"OUTPUT","port_no":"FLOOD"');
    }
    watcher.destroy();
    early.close();
    expect(await said.next()).toBe("00:00:00:00:00:00:00:01 is down");
    late.close();
    await said.next();
    daemon.kill("SIGTERM");
    expect(await once(hub, "exit")).toEqual([0, null]);
  } finally {
    hub.kill("SIGKILL");
  }
});
