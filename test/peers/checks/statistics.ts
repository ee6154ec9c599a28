/** Statistics of every type but those of groups, meters and queues. */
import { expect, it } from "vitest";
import type { Json } from "../daemon.js";
import { apply, match, output } from "../flows/flow-case.js";
import { ALL_FLOWS, BRIDGE, DATAPATH, type Lab } from "../lab.js";
import { poll } from "../programs.js";
import { ARP_FRAME, resetBefore, type Suite, V1_0, V1_1, V1_2, V1_3, V1_5 } from "./suite.js";

/** A counter that the switch does not keep: all bits are one. */
const NOT_COUNTED = 0xffff_ffff_ffff_ffffn;

export function checkStatistics(suite: Suite): void {
  const { lab, version } = suite;
  resetBefore(suite);

  it("DESC names the switch", async () => {
    await lab().ovs.vsctl("set", "bridge", BRIDGE, 'other-config:dp-desc="A bridge: “br0”"');
    const reply = await lab().ask("DESC_REQUEST", {});
    expect(reply).toMatchObject({
      type: "DESC_REPLY",
      msg: {
        mfr_desc: "Nicira, Inc.",
        hw_desc: "Open vSwitch",
        sw_desc: expect.stringMatching(/^\d+\.\d+\.\d+/),
        serial_num: "None",
        dp_desc: "A bridge: “br0”",
      },
    });
  });

  it("TABLE_STATS counts the flows of each table", async () => {
    await lab().addFlow({ match: match({ IN_PORT: 1 }) });
    await lab().addFlow({ match: match({ IN_PORT: 2 }) });
    const tables = await lab().list("TABLE_STATS_REQUEST", {});
    expect(tables).toHaveLength(254);
    expect(tables[0]).toMatchObject({ table_id: 0, active_count: 2, ...tableAbilities(version) });
    expect(tables[253]).toMatchObject({ table_id: 253, active_count: 0 });
  });

  it("FLOW_DESC and AGGREGATE_STATS count packets and bytes", async () => {
    await lab().addFlow({
      priority: 7,
      cookie: 5,
      match: match({ IN_PORT: 1 }),
      instructions: apply(output(2)),
    });
    for (let n = 0; n < 3; n++) await lab().ovs.inject(`${BRIDGE}-p1`, ARP_FRAME);
    const counts = { packet_count: 3, byte_count: 180 };
    await poll(
      "packets of the flow",
      () => lab().flowDesc(),
      (flows) => flows[0]?.packet_count === 3,
    );
    expect(await lab().flowDesc()).toMatchObject([{ table_id: 0, priority: 7, cookie: 5, ...counts }]);
    const reply = await lab().ask("AGGREGATE_STATS_REQUEST", ALL_FLOWS);
    expect(reply).toMatchObject({ type: "AGGREGATE_STATS_REPLY", msg: { ...counts, flow_count: 1 } });
  });

  it("FLOW_DESC shows what a match selects", async () => {
    await lab().addFlow({ match: match({ IN_PORT: 1 }) });
    await lab().addFlow({ match: match({ IN_PORT: 2 }) });
    const reply = await lab().ask("FLOW_DESC_REQUEST", { ...ALL_FLOWS, match: match({ IN_PORT: 2 }) });
    expect(reply.msg).toMatchObject([{ match: [{ field: "IN_PORT", value: 2 }] }]);
  });

  it("FLOW_DESC shows the flows that output to a port", async () => {
    await lab().addFlow({ match: match({ IN_PORT: 1 }), instructions: apply(output(2)) });
    await lab().addFlow({ match: match({ IN_PORT: 2 }), instructions: apply(output(3)) });
    const reply = await lab().ask("FLOW_DESC_REQUEST", { ...ALL_FLOWS, out_port: 3 });
    expect(reply.msg).toMatchObject([{ match: [{ field: "IN_PORT", value: 2 }] }]);
  });

  it("FLOW_DESC of many flows comes in parts", async () => {
    const { ovs, daemon } = lab();
    const addresses = Array.from({ length: 2000 }, (_, n) => `10.0.${n >> 8}.${n & 255}`);
    const flows = addresses.map((address) => `ip,nw_dst=${address},actions=output:2`);
    await ovs.addFlows(BRIDGE, version, flows);
    const parts = await daemon.askParts(DATAPATH, "FLOW_DESC_REQUEST", ALL_FLOWS);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.map(({ flags }) => flags)).toEqual([...parts.slice(1).map(() => ["MORE"]), []]);
    const descs = parts.flatMap(({ msg }) => msg as unknown as { readonly match: readonly Json[] }[]);
    const address = version === V1_1 ? "NX_IP_DST" : "IPV4_DST";
    const seen = descs.map((flow) => flow.match.find(({ field }) => field === address)?.value);
    expect(seen.sort()).toEqual(addresses.sort());
  });

  it("PORT_STATS counts packets and bytes, and says what is not counted", async () => {
    const before = await portStats(lab(), 1);
    await lab().ovs.inject(`${BRIDGE}-p1`, ARP_FRAME);
    const after = await poll(
      "packets of the port",
      () => portStats(lab(), 1),
      ({ rx_packets }) => rx_packets !== before.rx_packets,
    );
    expect(Number(after.rx_packets) - Number(before.rx_packets)).toBe(1);
    expect(Number(after.rx_bytes) - Number(before.rx_bytes)).toBe(60);
    expect(after.rx_crc_err).toBe(NOT_COUNTED);
    if (version >= V1_3) expect(Number(after.duration)).toBeGreaterThan(0);
  });

  it("PORT_STATS of any port has all of them", async () => {
    const ports = await lab().list("PORT_STATS_REQUEST", { port_no: "ANY" });
    expect(ports.map(({ port_no }) => port_no)).toEqual(["LOCAL", 1, 2, 3]);
  });

  it("PORT_DESC shows the ports of the handshake", async () => {
    const features = lab().up.msg.features as { readonly ports: readonly Json[] };
    const reply = await lab().ask("PORT_DESC_REQUEST", {});
    expect(reply).toMatchObject({ type: "PORT_DESC_REPLY", flags: [], msg: features.ports });
  });

  if (version >= V1_5) {
    it("PORT_DESC shows one port", async () => {
      const ports = await lab().list("PORT_DESC_REQUEST", { port_no: 2 });
      expect(ports).toMatchObject([{ port_no: 2, name: `${BRIDGE}-p2` }]);
    });

    it("FLOW_DESC has the statistics that have no key, in `stat`", async () => {
      await lab().addFlow({ match: match({ IN_PORT: 1 }) });
      const [flow] = await lab().flowDesc();
      expect(flow?.stat).toEqual(expect.arrayContaining([{ field: "IDLE_TIME", value: expect.any(String) }]));
    });
  }
}

async function portStats(lab: Lab, port: number): Promise<Json> {
  const ports = await lab.list("PORT_STATS_REQUEST", { port_no: port });
  expect(ports).toMatchObject([{ port_no: port }]);
  return ports[0] as Json;
}

/** What TABLE_STATS says of a table's abilities until 1.2: sets of bits, as Open vSwitch 3.1 fills them. */
function tableAbilities(version: number): Json {
  if (version === V1_0) return { name: "", wildcards: 0x3fffff, max_entries: 1_000_000 };
  const actions = ["OUTPUT", "PUSH_VLAN", "POP_VLAN", "PUSH_MPLS", "POP_MPLS", "SET_QUEUE", "GROUP"];
  const some = {
    instructions: 0x3e,
    write_actions: expect.arrayContaining(actions),
    apply_actions: expect.arrayContaining(actions),
    max_entries: 1_000_000,
  };
  if (version === V1_1) return { wildcards: 0xfbff, match: 0xfbff, ...some };
  if (version === V1_2) {
    const fields = {
      match: 0x101ffffffffd,
      wildcards: 0x101ffffffffd,
      write_set_fields: 0xffffffbdd,
      apply_set_fields: 0xffffffbdd,
    };
    return { ...fields, ...some, metadata_match: NOT_COUNTED, metadata_write: NOT_COUNTED };
  }
  return {};
}
