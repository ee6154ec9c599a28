/** Meters, of 1.3 and later. */
import { expect, it } from "vitest";
import { apply, match, output } from "../flows/flow-case.js";
import { BRIDGE } from "../lab.js";
import { poll } from "../programs.js";
import { ARP_FRAME, resetBefore, type Suite, V1_4, V1_5 } from "./suite.js";

const METER = {
  flags: ["KBPS", "BURST", "STATS"],
  meter_id: 5,
  bands: [{ type: "DROP", rate: 1000, burst_size: 200 }],
};

export function checkMeters(suite: Suite): void {
  const { lab, version } = suite;
  resetBefore(suite);

  /** What a flow does first to pass through meter 5: 1.5 has an action for it. */
  const instructions =
    version >= V1_5
      ? apply({ action: "METER", meter_id: 5 }, output(2))
      : [{ instruction: "METER", meter_id: 5 }, ...apply(output(2))];

  it("are written and read back", async () => {
    await lab().tell("METER_MOD", { command: "ADD", ...METER });
    expect(await lab().ovs.ofctl(BRIDGE, version, "dump-meters")).toMatch(
      /\nmeter=5 kbps burst stats bands=\ntype=drop rate=1000 burst_size=200\n/,
    );
    expect(await lab().list("METER_CONFIG_REQUEST", { meter_id: "ALL" })).toEqual([METER]);
  });

  it("are changed", async () => {
    const changed = {
      ...METER,
      flags: ["PKTPS", "BURST"],
      bands: [
        { type: "DROP", rate: 100, burst_size: 10 },
        { type: "DROP", rate: 200, burst_size: 30 },
      ],
    };
    await lab().tell("METER_MOD", { command: "ADD", ...METER });
    await lab().tell("METER_MOD", { command: "MODIFY", ...changed });
    expect(await lab().list("METER_CONFIG_REQUEST", { meter_id: 5 })).toEqual([changed]);
  });

  it("of the switch itself are written and read back", async () => {
    const meter = { ...METER, meter_id: "CONTROLLER" };
    await lab().tell("METER_MOD", { command: "ADD", ...meter });
    expect(await lab().list("METER_CONFIG_REQUEST", { meter_id: "CONTROLLER" })).toEqual([meter]);
    await lab().tell("METER_MOD", { command: "DELETE", flags: [], meter_id: "CONTROLLER", bands: [] });
  });

  it("count what flows through them, and take their flows along when they go", async () => {
    await lab().tell("METER_MOD", { command: "ADD", ...METER });
    await lab().addFlow({ match: match({ IN_PORT: 1 }), instructions, flags: ["SEND_FLOW_REM"] });
    expect(await lab().flows()).toEqual(["send_flow_rem priority=0,in_port=1 actions=meter:5,output:2"]);
    expect(await lab().flowDesc()).toMatchObject([{ instructions }]);
    await lab().ovs.inject(`${BRIDGE}-p1`, ARP_FRAME);
    const stats = await poll(
      "packets of the meter",
      () => lab().list("METER_STATS_REQUEST", { meter_id: 5 }),
      ([meter]) => meter?.packet_in_count === 1,
    );
    const counts = { packet_in_count: 1, byte_in_count: 60 };
    const bands = [{ packet_count: 0, byte_count: 0 }];
    expect(stats).toMatchObject([{ meter_id: 5, flow_count: 1, ...counts, bands }]);
    expect(Number(stats[0]?.duration)).toBeGreaterThan(0);
    await lab().tell("METER_MOD", { command: "DELETE", flags: [], meter_id: 5, bands: [] });
    expect(await lab().flows()).toEqual([]);
    // The reason came with 1.4; over 1.3 Open vSwitch is silent.
    if (version < V1_4) expect(lab().daemon.takeEvents()).toEqual([]);
    else expect((await lab().daemon.next("FLOW_REMOVED")).msg.reason).toBe("METER_DELETE");
  });

  it("that are not there cannot be changed, asked for or used", async () => {
    const change = await lab().refusal("METER_MOD", { command: "MODIFY", ...METER });
    const unknown = { type: "METER_MOD_FAILED", code: "OFPMMFC_UNKNOWN_METER" };
    expect(change.msg).toMatchObject(unknown);
    expect((await lab().ask("METER_STATS_REQUEST", { meter_id: 9 })).msg).toMatchObject(unknown);
    const flow = await lab().refusal("FLOW_MOD", { command: "ADD", table_id: 0, instructions });
    expect(flow.msg).toMatchObject({ type: "METER_MOD_FAILED", code: "OFPMMFC_INVALID_METER" });
  });

  it("cannot be added twice", async () => {
    await lab().tell("METER_MOD", { command: "ADD", ...METER });
    const error = await lab().refusal("METER_MOD", { command: "ADD", ...METER });
    expect(error.msg).toMatchObject({ type: "METER_MOD_FAILED", code: "OFPMMFC_METER_EXISTS" });
  });

  it("have features", async () => {
    const { type, msg } = await lab().ask("METER_FEATURES_REQUEST", {});
    expect(type).toBe("METER_FEATURES_REPLY");
    expect(msg).toEqual({
      max_meter: expect.any(Number),
      band_types: ["DROP"],
      capabilities: ["KBPS", "PKTPS", "BURST", "STATS"],
      max_bands: 8,
      max_color: 0,
      // Open vSwitch has the layout of 1.3 also for 1.5, without the word of flags (1.5.1 §7.3.5.14).
      ...(version >= V1_5 ? { features: [] } : {}),
    });
  });
}
