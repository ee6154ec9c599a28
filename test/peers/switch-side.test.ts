// Our simulated switch, asked by `ovs-ofctl`: what switches send is read by Open vSwitch's own client.
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/channel/index.js";
import { SimulatedSwitch } from "../../src/switch/index.js";
import { describeWith } from "./installed.js";
import { protocolOf } from "./ovs.js";
import { runProgram } from "./programs.js";

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
