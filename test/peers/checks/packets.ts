/** Packets that come to the controller and packets that it sends. */
import { expect, it } from "vitest";
import { apply, match, output, set } from "../flows/flow-case.js";
import { BRIDGE, DATAPATH } from "../lab.js";
import { bucketOf } from "./groups.js";
import { ARP_FRAME, NO_PORT, resetBefore, type Suite, V1_1, V1_2, V1_3, V1_4, V1_5 } from "./suite.js";

/** The whole packet to the controller. */
const TO_CONTROLLER = { action: "OUTPUT", port_no: "CONTROLLER", max_len: "NO_BUFFER" };

export function checkPackets(suite: Suite): void {
  const { lab, version } = suite;
  resetBefore(suite);

  it("PACKET_IN brings a frame that a flow sends to the controller", async () => {
    await lab().addFlow({ cookie: 77, match: match({ IN_PORT: 3 }), instructions: apply(TO_CONTROLLER) });
    await lab().ovs.inject(`${BRIDGE}-p3`, ARP_FRAME);
    const event = await lab().daemon.next("PACKET_IN");
    expect(event).toMatchObject({
      version,
      conn_id: 2,
      datapath_id: DATAPATH,
      msg: {
        buffer_id: "NO_BUFFER",
        total_len: 60,
        in_port: 3,
        reason: "APPLY_ACTION",
        table_id: 0,
        cookie: version >= V1_3 ? 77 : 0,
        data: ARP_FRAME.toUpperCase(),
      },
    });
  });

  it("PACKET_IN may bring the beginning of a frame", async () => {
    const some = { action: "OUTPUT", port_no: "CONTROLLER", max_len: 20 };
    await lab().addFlow({ match: match({ IN_PORT: 3 }), instructions: apply(some) });
    await lab().ovs.inject(`${BRIDGE}-p3`, ARP_FRAME);
    const { msg } = await lab().daemon.next("PACKET_IN");
    // Without buffers there is no other way to the rest: Open vSwitch sends it all.
    expect(msg).toMatchObject({ total_len: 60, data: ARP_FRAME.toUpperCase() });
  });

  if (version < V1_3) {
    it("PACKET_IN brings a frame that no flow matches", async () => {
      await lab().ovs.inject(`${BRIDGE}-p1`, ARP_FRAME);
      const event = await lab().daemon.next("PACKET_IN");
      expect(event.msg).toMatchObject({ in_port: 1, reason: "TABLE_MISS", data: ARP_FRAME.toUpperCase() });
    });
  }

  if (version === V1_1 || version === V1_2) {
    it("TABLE_MOD says what becomes of packets that no flow matches", async () => {
      await lab().tell("TABLE_MOD", { table_id: 0, config: ["TABLE_MISS_CONTINUE"] });
      await lab().addFlow({ table_id: 1, match: match({ IN_PORT: 1 }), instructions: apply(output(2)) });
      const frame = ARP_FRAME.replace("0a000002", "0a000010");
      await lab().ovs.inject(`${BRIDGE}-p1`, frame);
      await lab().ovs.sent(`${BRIDGE}-p2`, frame);
      const [table] = await lab().list("TABLE_STATS_REQUEST", {});
      // Open vSwitch 3.1 tells numbers of its own over 1.1: one more than those of the specification (1.1.0 §A.3.3).
      const told = version === V1_1 ? "TABLE_MISS_DROP" : "TABLE_MISS_CONTINUE";
      expect(table).toMatchObject({ table_id: 0, config: [told] });
      await lab().tell("TABLE_MOD", { table_id: 0, config: ["TABLE_MISS_CONTROLLER"] });
    });
  }

  if (version >= V1_3) {
    it("PACKET_IN says table, cookie, metadata and registers of a table miss", async () => {
      const metadata = { instruction: "WRITE_METADATA", metadata: 0xbeef, mask: 0xffff };
      // 1.5 sets registers as it sets fields.
      const register =
        version < V1_5
          ? { action: "NX_REG_LOAD", dst: "NX_REG3[0:32]", value: 5 }
          : { action: "SET_FIELD", field: "NX_REG3", value: 5 };
      await lab().addFlow({
        instructions: [...apply(register), metadata, { instruction: "GOTO_TABLE", table_id: 9 }],
      });
      await lab().addFlow({ table_id: 9, cookie: 0xabc, instructions: apply(TO_CONTROLLER) });
      await lab().ovs.inject(`${BRIDGE}-p2`, ARP_FRAME);
      const { msg } = await lab().daemon.next("PACKET_IN");
      expect(msg).toMatchObject({
        buffer_id: "NO_BUFFER",
        total_len: 60,
        in_port: 2,
        metadata: 0xbeef,
        reason: "TABLE_MISS",
        table_id: 9,
        cookie: 0xabc,
        data: ARP_FRAME.toUpperCase(),
      });
      // 1.5 has registers of 64 bits: register 3 is the lower half of packet register 1 (1.5.1 §7.2.3.10).
      const register3 = version < V1_5 ? { NX_REG3: 5 } : { PKT_REG1: [5, 0xffff_ffff] };
      const fields = match({ IN_PORT: 2, METADATA: 0xbeef, ...register3 });
      expect(msg.match).toEqual(expect.arrayContaining(fields));
    });
  }

  if (version >= V1_4) {
    it("PACKET_IN tells packets of an action set, of a group and of PACKET_OUT apart", async () => {
      const write = { instruction: "WRITE_ACTIONS", actions: [TO_CONTROLLER] };
      await lab().addFlow({ match: match({ IN_PORT: 1 }), instructions: [write] });
      const buckets = [bucketOf(version, 1, [TO_CONTROLLER])];
      await lab().tell("GROUP_MOD", { command: "ADD", type: "INDIRECT", group_id: 4, buckets });
      const group = { action: "GROUP", group_id: 4 };
      await lab().addFlow({ match: match({ IN_PORT: 2 }), instructions: apply(group) });

      await lab().ovs.inject(`${BRIDGE}-p1`, ARP_FRAME);
      expect((await lab().daemon.next("PACKET_IN")).msg).toMatchObject({ reason: "ACTION_SET", in_port: 1 });
      await lab().ovs.inject(`${BRIDGE}-p2`, ARP_FRAME);
      expect((await lab().daemon.next("PACKET_IN")).msg).toMatchObject({ reason: "GROUP", in_port: 2 });
      await lab().tell("PACKET_OUT", { in_port: 3, actions: [TO_CONTROLLER], data: ARP_FRAME });
      const { msg } = await lab().daemon.next("PACKET_IN");
      expect(msg).toMatchObject({ reason: "PACKET_OUT", in_port: 3 });
    });
  }

  it("PACKET_OUT sends a frame out of a port", async () => {
    const frame = `0200000000b20200000000a188b5${"5a".repeat(46)}`;
    await lab().tell("PACKET_OUT", { actions: [output(2)], data: frame });
    await lab().ovs.sent(`${BRIDGE}-p2`, frame);
  });

  it("PACKET_OUT floods a frame but for the port it came from", async () => {
    const frame = `ffffffffffff0200000000a188b5${"a5".repeat(46)}`;
    await lab().tell("PACKET_OUT", { in_port: 1, actions: [output("FLOOD")], data: frame });
    await lab().ovs.sent(`${BRIDGE}-p2`, frame);
    await lab().ovs.sent(`${BRIDGE}-p3`, frame);
    expect(lab().ovs.hasSent(`${BRIDGE}-p1`, frame)).toBe(false);
  });

  it("PACKET_OUT changes a frame on its way", async () => {
    const rest = `0200000000a188b5${"6b".repeat(46)}`;
    const actions = [...set({ ETH_DST: "02:00:00:00:00:d4" }), output(2)];
    await lab().tell("PACKET_OUT", { actions, data: `0200000000b2${rest}` });
    await lab().ovs.sent(`${BRIDGE}-p2`, `0200000000d4${rest}`);
  });

  it("PACKET_OUT hands a frame to the flow table, which changes it", async () => {
    await lab().addFlow({
      match: match({ IN_PORT: 1 }),
      instructions: apply(...set({ ETH_DST: "02:00:00:00:00:c3" }), output(3)),
    });
    const rest = `0200000000a188b5${"c3".repeat(46)}`;
    const message = { in_port: 1, actions: [output("TABLE")], data: `0200000000b2${rest}` };
    await lab().tell("PACKET_OUT", message);
    await lab().ovs.sent(`${BRIDGE}-p3`, `0200000000c3${rest}`);
  });

  if (version >= V1_5) {
    it("PACKET_OUT gives a frame the fields of the pipeline", async () => {
      await lab().addFlow({
        match: match({ IN_PORT: 1, METADATA: 0xabcd, TUNNEL_ID: 7 }),
        instructions: apply(output(3)),
      });
      const frame = `0200000000b20200000000a188b5${"d5".repeat(46)}`;
      const fields = match({ METADATA: 0xabcd, TUNNEL_ID: 7 });
      const actions = [output("TABLE")];
      await lab().tell("PACKET_OUT", { in_port: 1, match: fields, actions, data: frame });
      await lab().ovs.sent(`${BRIDGE}-p3`, frame);
    });
  }

  it("PACKET_OUT to a port that cannot be is an error", async () => {
    const error = await lab().refusal("PACKET_OUT", { actions: [output(NO_PORT)], data: ARP_FRAME });
    expect(error.msg).toMatchObject({ type: "BAD_ACTION", code: "OFPBAC_BAD_OUT_PORT" });
  });

  it("PACKET_OUT of a buffer that the switch does not have is an error", async () => {
    const error = await lab().refusal("PACKET_OUT", { buffer_id: 5, actions: [output(2)] });
    expect(error.msg).toMatchObject({
      type: "BAD_REQUEST",
      code: expect.stringMatching(/^OFPBRC_BUFFER_UNKNOWN$/),
    });
  });
}
