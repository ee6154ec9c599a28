// Switches of ours, asked by `ovs-ofctl`: what switches send is read by Open vSwitch's own client. One is the simulated switch, the
// other a client of the daemon, which answers each message by OFP.SEND.
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/channel/index.js";
import { SimulatedSwitch } from "../../src/switch/index.js";
import { Daemon, type Json, type OpenFlowMessage } from "./daemon.js";
import { describeWith } from "./installed.js";
import { protocolOf } from "./ovs.js";
import { freePort, poll, runProgram } from "./programs.js";

describeWith(["ovs-ofctl"], "ovs-ofctl and our switch", () => {
  describe.each([1, 4] as const)("over version %i", (version) => {
    let server: Server;

    // Each command of ovs-ofctl is a connection, and each connection a switch of its own.
    beforeAll(async () => {
      const options = { version, datapathId: "00:00:00:00:00:00:00:2a", ports: 2 };
      server = createServer((socket) => new SimulatedSwitch(socket, options, systemClock()));
      await once(server.listen(0, "127.0.0.1"), "listening");
    });

    afterAll(() => server.close());

    async function ofctl(command: string, ...args: string[]): Promise<string> {
      const { port } = server.address() as AddressInfo;
      const options = ["-O", protocolOf(version), "--no-names"];
      const text = await runProgram("ovs-ofctl", [...options, command, `tcp:127.0.0.1:${port}`, ...args]);
      return text.toString();
    }

    it("show has features and ports", async () => {
      const text = await ofctl("show");
      expect(text).toMatch(/^OFPT_FEATURES_REPLY .*: dpid:000000000000002a\n/);
      expect(text).toMatch(/\n 1\(port1\): addr:/);
      expect(text).toMatch(/\n 2\(port2\): addr:/);
      expect(text).toMatch(/\nOFPT_GET_CONFIG_REPLY .*: frags=normal miss_send_len=128\n/);
    });

    it("dump-desc, dump-ports, dump-tables and dump-aggregate have statistics", async () => {
      expect(await ofctl("dump-desc")).toMatch(/^OFPST_DESC reply /);
      expect(await ofctl("dump-ports")).toMatch(
        /^OFPST_PORT reply .*: 2 ports\n +port +1: rx pkts=0, bytes=0/,
      );
      expect(await ofctl("dump-tables")).toMatch(/^OFPST_TABLE reply /);
      expect(await ofctl("dump-aggregate")).toMatch(/packet_count=0 byte_count=0 flow_count=0/);
    });

    it("add-flow and probe are taken", async () => {
      await ofctl("add-flow", "priority=5,in_port=1,ip,nw_dst=10.0.0.0/8,actions=output:2");
      expect(await ofctl("probe")).toBe("");
    });
  });
});

describeWith(["ovs-ofctl"], "ovs-ofctl and a client of the daemon that plays the switch", () => {
  let daemon: Daemon;

  beforeAll(() => {
    daemon = new Daemon();
  });

  afterAll(() => daemon.stop());

  const PORT = {
    port_no: 7,
    hw_addr: "02:00:00:00:00:07",
    name: "seven",
    config: [],
    state: ["LIVE"],
    curr: [],
    advertised: [],
    supported: [],
    peer: [],
    curr_speed: 0,
    max_speed: 0,
  };

  const ANSWERS: Readonly<Record<string, readonly [type: string, msg: unknown]>> = {
    FEATURES_REQUEST: [
      "FEATURES_REPLY",
      { datapath_id: "0x2a", n_buffers: 0, n_tables: 3, auxiliary_id: 0, capabilities: ["FLOW_STATS"] },
    ],
    PORT_DESC_REQUEST: ["PORT_DESC_REPLY", [PORT]],
    GET_CONFIG_REQUEST: ["GET_CONFIG_REPLY", { flags: ["FRAG_NORMAL"], miss_send_len: 128 }],
    BARRIER_REQUEST: ["BARRIER_REPLY", {}],
  };

  it("is shown as a switch, and hears what it shall do", async () => {
    const port = await freePort();
    await daemon.request("OFP.LISTEN", { endpoint: `127.0.0.1:${port}`, versions: [4] });
    const address = `tcp:127.0.0.1:${port}`;
    const heard: Json[] = [];
    const answer = async ({ type, conn_id, xid, msg }: OpenFlowMessage): Promise<void> => {
      const [reply, body] = ANSWERS[type] ?? [];
      if (reply === undefined) heard.push({ type, msg });
      else await daemon.request("OFP.SEND", { conn_id, xid, type: reply, msg: body });
    };
    // Some commands of ovs-ofctl make more than one connection.
    const play = async (...args: string[]): Promise<string> => {
      const program = runProgram("ovs-ofctl", ["-O", "OpenFlow13", "--no-names", ...args]);
      let text: string | undefined;
      const ended = program.then((output) => {
        text = output.toString();
      });
      await poll(
        "the end of ovs-ofctl",
        async () => {
          for (const event of daemon.takeEvents()) await answer(event);
          return text;
        },
        (output) => output !== undefined,
      );
      await ended;
      return text ?? "";
    };
    const text = await play("show", address);
    expect(text).toMatch(/dpid:000000000000002a\nn_tables:3, n_buffers:0\n/);
    expect(text).toMatch(/\n 7\(seven\): addr:02:00:00:00:00:07\n/);
    expect(text).toMatch(/\nOFPT_GET_CONFIG_REPLY .*: frags=normal miss_send_len=128\n/);
    await play("add-flow", address, "priority=5,in_port=7,actions=drop");
    expect(heard).toContainEqual({
      type: "FLOW_MOD",
      msg: expect.objectContaining({ command: "ADD", priority: 5, match: [{ field: "IN_PORT", value: 7 }] }),
    });
  });
});
