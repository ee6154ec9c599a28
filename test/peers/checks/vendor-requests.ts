/** OFP.REQUEST with requests that only Open vSwitch, Nicira or the ONF have. */
import { expect, it } from "vitest";
import { match } from "../flows/flow-case.js";
import { BRIDGE } from "../lab.js";
import { resetBefore, type Suite, V1_0, V1_3 } from "./suite.js";

/** So many flows do not fit into one part of a reply. */
const COUNT = 2000;

/** Numbers of monitors that the other checks do not use: Open vSwitch answers a second one of a number by an ERROR with any xid. */
const FIRST_MONITOR = 1000;

export function checkVendorRequests(suite: Suite): void {
  const { lab, version } = suite;
  resetBefore(suite);

  it("NXT_TLV_TABLE_REQUEST is answered by the table that NXT_TLV_TABLE_MOD has made", async () => {
    const mappings = [
      { option_class: 0x102, option_type: 128, option_len: 8, index: 5 },
      { option_class: 0xffff, option_type: 1, option_len: 4, index: 0 },
    ];
    const made = await lab().request("NXT_TLV_TABLE_MOD", { command: "ADD", mappings });
    expect(made).toMatchObject({ type: "BARRIER_REPLY" });
    const { type, msg } = await lab().request("NXT_TLV_TABLE_REQUEST", {});
    expect(type).toBe("NXT_TLV_TABLE_REPLY");
    const told = msg as { readonly mappings: readonly { readonly index: number }[] };
    expect(told).toMatchObject({ max_option_space: 256, max_fields: 64 });
    expect([...told.mappings].sort((a, b) => b.index - a.index)).toEqual(mappings);
    await lab().request("NXT_TLV_TABLE_MOD", { command: "CLEAR" });
    expect((await lab().request("NXT_TLV_TABLE_REQUEST", {})).msg).toMatchObject({ mappings: [] });
  });

  it("NXT_CT_FLUSH and NXT_CT_FLUSH_ZONE are done when the barrier is answered", async () => {
    const done = { type: "BARRIER_REPLY" };
    expect(await lab().request("NXT_CT_FLUSH", { ip_proto: "TCP" })).toMatchObject(done);
    expect(await lab().request("NXT_CT_FLUSH_ZONE", { zone_id: 3 })).toMatchObject(done);
  });

  it("statistics of IPFIX are an error where there is no IPFIX, and else answered", async () => {
    const nothing = { data: { error: { _error: "NXST_NOT_CONFIGURED" } } };
    await expect(lab().request("NXST_IPFIX_BRIDGE_REQUEST", {})).rejects.toMatchObject(nothing);
    await expect(lab().request("NXST_IPFIX_FLOW_REQUEST", {})).rejects.toMatchObject(nothing);
    const create = (id: string, row: string, ...columns: string[]): string[] => [
      ...["--", `--id=@${id}`, "create", row, ...columns],
    ];
    const collector = 'targets="127.0.0.1:9"';
    const set = ["--", "set", "bridge", BRIDGE, "ipfix=@all"];
    const one = create("one", "IPFIX", collector);
    const sets = create("set", "Flow_Sample_Collector_Set", "id=3", "bridge=@br", "ipfix=@one");
    const bridge = ["--", "--id=@br", "get", "bridge", BRIDGE];
    await lab().ovs.vsctl(...create("all", "IPFIX", collector).slice(1), ...set, ...bridge, ...one, ...sets);
    expect(await lab().request("NXST_IPFIX_BRIDGE_REQUEST", {})).toMatchObject({
      type: "NXST_IPFIX_BRIDGE_REPLY",
      msg: { total_flows: 0, error_pkts: 0 },
    });
    expect(await lab().request("NXST_IPFIX_FLOW_REQUEST", {})).toMatchObject({
      type: "NXST_IPFIX_FLOW_REPLY",
      msg: [{ collector_set_id: 3, total_flows: 0 }],
    });
    await lab().ovs.vsctl(
      "clear",
      "bridge",
      BRIDGE,
      "ipfix",
      "--",
      "--all",
      "destroy",
      "Flow_Sample_Collector_Set",
    );
  });

  if (version !== V1_0 && version !== V1_3) return;

  it("many flows come in parts, which are joined", async () => {
    const numbers = Array.from({ length: COUNT }, (_, n) => n);
    await lab().ovs.addFlows(
      BRIDGE,
      version,
      numbers.map((n) => `priority=${n},in_port=1,actions=output:2`),
    );
    const cancel = `${version === V1_0 ? "NXT" : "ONF"}_FLOW_MONITOR_CANCEL`;
    let id = FIRST_MONITOR;
    const lists: readonly (readonly [type: string, msg: () => unknown])[] = [
      ...(version === V1_0 ? ([["NXST_FLOW", () => ({ match: match({ NX_IN_PORT: 1 }) })]] as const) : []),
      [
        `${version === V1_0 ? "NXST" : "ONF"}_FLOW_MONITOR`,
        () => [{ id: ++id, flags: ["INITIAL", "ADD", "ACTIONS"] }],
      ],
    ];
    for (const [type, msg] of lists) {
      const reply = await lab().request(`${type}_REQUEST`, msg());
      expect(reply).toMatchObject({ type: `${type}_REPLY`, flags: [] });
      const list = reply.msg as unknown as readonly { readonly priority: number }[];
      expect(list.map(({ priority }) => priority).sort((a, b) => a - b)).toEqual(numbers);
      const { parts } = await lab().request(`${type}_REQUEST`, msg(), { parts: "EVENTS" });
      expect(parts).toBeGreaterThan(1);
    }
    for (; id > FIRST_MONITOR; id--) await lab().request(cancel, { id });
    if (version === V1_3) return;
    const sum = await lab().request("NXST_AGGREGATE_REQUEST", { out_port: 2 });
    expect(sum).toMatchObject({
      type: "NXST_AGGREGATE_REPLY",
      msg: { packet_count: 0, byte_count: 0, flow_count: COUNT },
    });
  });
}
