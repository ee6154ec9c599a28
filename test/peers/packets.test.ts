// Two hosts on a bridge of Open vSwitch talk with examples/answer-arp-and-ping.mjs, which makes its packets of fields alone.
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, it } from "vitest";
import { OFTR } from "./daemon.js";
import { describeWith } from "./installed.js";
import { OpenVSwitch, OVS_PROGRAMS } from "./ovs.js";
import { freePort, poll, startProgram, stopProgram } from "./programs.js";

const EXAMPLE = fileURLToPath(new URL("../../examples/answer-arp-and-ping.mjs", import.meta.url));
const BRIDGE = "br0";
const PADDING = "00".repeat(18);

/** The Ethernet address of 10.0.0.254. */
const MAC = "0e00000000fe";

/** What the two hosts send, and what must come back; written out by hand from RFC 826, RFC 791 and RFC 792. */
const HOSTS = [
  {
    port: "br0-p1",
    arp: `ffffffffffff02000000000108060001080006040001 020000000001 0a000001 000000000000 0a0000fe ${PADDING}`,
    arpReply: `020000000001${MAC}08060001080006040002 0e00000000fe 0a0000fe 020000000001 0a000001 ${PADDING}`,
    // Identifier 0x1234, sequence 1, 32 letters; do not fragment, identification 0x04d2.
    echo:
      `${MAC}0200000000010800 4500003c04d24000400120f10a0000010a0000fe 0800c09512340001` +
      "6162636465666768696a6b6c6d6e6f707172737475767778797a303132333435",
    echoReply:
      `020000000001${MAC}0800 4500003c00000000400165c30a0000fe0a000001 0000c89512340001` +
      "6162636465666768696a6b6c6d6e6f707172737475767778797a303132333435",
  },
  {
    port: "br0-p2",
    arp: `ffffffffffff02000000000208060001080006040001 020000000002 0a000002 000000000000 0a0000fe ${PADDING}`,
    arpReply: `020000000002${MAC}08060001080006040002 0e00000000fe 0a0000fe 020000000002 0a000002 ${PADDING}`,
    // "short": the frame is padded, and the padding is no part of the echo.
    echo: `${MAC}0200000000020800 4500002104d240004001210b0a0000020a0000fe 08008eee1234000273686f7274 ${"00".repeat(13)}`,
    echoReply: `020000000002${MAC}0800 450000210000000040016 5dd0a0000fe0a000002 000096ee1234000273686f7274 ${"00".repeat(13)}`,
  },
] as const;

const bytes = (text: string): string => text.replaceAll(" ", "");

describeWith(OVS_PROGRAMS, "packets that are made of fields", () => {
  describe.each([1, 4, 6])("of wire version %i", (version) => {
    let ovs: OpenVSwitch;
    let controller: ChildProcess;

    beforeAll(async () => {
      ovs = await OpenVSwitch.start();
      const settings = { versions: [version], datapathId: "000000000000002a", ports: 2 };
      await ovs.addBridge(BRIDGE, settings);
      const port = await freePort();
      controller = startProgram(process.execPath, [EXAMPLE, String(port), OFTR], { stdio: "ignore" });
      await ovs.setController(BRIDGE, port);
      const flows = (): Promise<string[]> => ovs.flows(BRIDGE, version);
      await poll("the flow of the example", flows, (list) => list.length > 0);
    });

    afterAll(async () => {
      await stopProgram(controller);
      await ovs.stop();
    });

    it.each(HOSTS)("answer ARP and ping of the host at $port", async (host) => {
      await ovs.inject(host.port, bytes(host.arp));
      await ovs.sent(host.port, bytes(host.arpReply));
      await ovs.inject(host.port, bytes(host.echo));
      await ovs.sent(host.port, bytes(host.echoReply));
    });
  });
});
