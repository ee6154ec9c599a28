// A bridge of Open vSwitch that speaks OpenFlow 1.0 only, served by `oftr jsonrpc`.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ARP_FRAME, checkSwitch } from "./checks.js";
import { checkFlows, match } from "./flow-case.js";
import { actions, matches } from "./flows-1.0.js";
import { describeWith } from "./installed.js";
import { BRIDGE, Lab } from "./lab.js";
import { OVS_PROGRAMS } from "./ovs.js";

describeWith(OVS_PROGRAMS, "Open vSwitch over OpenFlow 1.0", () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await Lab.start(1);
  });

  afterAll(() => lab?.stop());

  checkSwitch(() => lab);

  describe("matches", () => checkFlows(() => lab, matches));
  describe("actions", () => checkFlows(() => lab, actions));

  describe("what only 1.0 has", () => {
    it("FEATURES_REPLY lists actions and capabilities", () => {
      expect(lab.up.msg.features).toMatchObject({
        capabilities: ["FLOW_STATS", "TABLE_STATS", "PORT_STATS", "QUEUE_STATS", "ARP_MATCH_IP"],
        actions: [
          "OUTPUT",
          "SET_VLAN_VID",
          "SET_VLAN_PCP",
          "STRIP_VLAN",
          "SET_DL_SRC",
          "SET_DL_DST",
          "SET_NW_SRC",
          "SET_NW_DST",
          "SET_NW_TOS",
          "SET_TP_SRC",
          "SET_TP_DST",
          "ENQUEUE",
        ],
      });
    });

    it("PACKET_IN brings a frame that no flow matches", async () => {
      await lab.reset();
      await lab.ovs.inject(`${BRIDGE}-p1`, ARP_FRAME);
      const event = await lab.daemon.next("PACKET_IN");
      expect(event.msg).toMatchObject({ in_port: 1, reason: "TABLE_MISS", data: ARP_FRAME.toUpperCase() });
    });

    it("EXPERIMENTER carries extensions: a role, as Open vSwitch has it for 1.0", async () => {
      // NXT_ROLE_REQUEST is 10, its reply 11; the role 0 is "other".
      const reply = await lab.ask("EXPERIMENTER", {
        experimenter: 0x2320,
        exp_type: 0,
        data: "0000000A00000000",
      });
      expect(reply).toMatchObject({
        type: "EXPERIMENTER",
        msg: { experimenter: 0x2320, data: "0000000B00000000" },
      });
    });

    it("an experimenter that the switch does not know is an error", async () => {
      const error = await lab.ask("EXPERIMENTER", { experimenter: 0xabcdef, exp_type: 0, data: "00000001" });
      expect(error).toMatchObject({
        type: "ERROR",
        msg: { type: "BAD_REQUEST", code: "OFPBRC_BAD_EXPERIMENTER" },
      });
    });

    it("what 1.0 cannot express never reaches the switch", async () => {
      const flow = { match: match({ ETH_TYPE: 0x86dd, IPV6_DST: "2001:db8::1" }) };
      await expect(lab.addFlow(flow)).rejects.toThrow("IPV6_DST cannot be expressed in OpenFlow 1.0");
      expect(await lab.flows()).toEqual([]);
    });
  });
});
