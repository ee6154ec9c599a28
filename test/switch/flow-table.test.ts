import { beforeEach, describe, expect, it } from "vitest";
import { packetTerms } from "../../src/codec/match.js";
import { type FlowMod, FlowTable } from "../../src/switch/flow-table.js";

const MOD: FlowMod = {
  command: "ADD",
  table_id: 0,
  priority: 10,
  cookie: 1,
  cookie_mask: 0,
  idle_timeout: 0,
  hard_timeout: 0,
  out_port: "ANY",
  flags: [],
  match: [{ field: "IN_PORT", value: 1 }],
  instructions: [{ instruction: "APPLY_ACTIONS", actions: [{ action: "OUTPUT", port_no: 2 }] }],
};
const ALL = { table_id: "ALL", cookie: 0, cookie_mask: 0, out_port: "ANY", match: [] };
const atPort = (port: number) => packetTerms(new Uint8Array(60), port, 4);

describe("FlowTable", () => {
  let table: FlowTable;
  const apply = (change: Partial<FlowMod>, now = 0, addsOnModify = false) =>
    table.apply({ ...MOD, ...change }, now, addsOnModify);
  const cookies = () => table.select(ALL).map(({ mod }) => mod.cookie);

  beforeEach(() => {
    table = new FlowTable(3, 4);
  });

  it("replaces a flow of the same match and priority, and its counters", () => {
    apply({});
    table.lookup(atPort(1), 60, 0);
    apply({ cookie: 2 });
    expect(cookies()).toEqual([2]);
    expect(table.select(ALL)[0]?.packets).toBe(0);
  });

  it("keeps flows of the same match and another priority", () => {
    apply({});
    apply({ cookie: 2, priority: 11 });
    expect(cookies()).toEqual([1, 2]);
  });

  it("gives a packet to the flow of highest priority, which counts it", () => {
    apply({});
    apply({ cookie: 2, priority: 20, match: [] });
    expect(table.lookup(atPort(1), 60, 0)?.mod.cookie).toBe(2);
    expect(table.select(ALL).map(({ packets, bytes }) => [packets, bytes])).toEqual([
      [0, 0],
      [1, 60],
    ]);
    expect([table.lookups, table.matched]).toEqual([1, 1]);
  });

  it("has no flow for a packet that none matches", () => {
    apply({});
    expect(table.lookup(atPort(2), 60, 0)).toBeUndefined();
    expect([table.lookups, table.matched]).toEqual([1, 0]);
  });

  it("modifies the flows that the match covers, and keeps their counters", () => {
    apply({});
    table.lookup(atPort(1), 60, 0);
    apply({ command: "MODIFY", match: [], priority: 0, instructions: [] });
    expect(table.select(ALL)).toMatchObject([{ instructions: [], packets: 1, mod: { cookie: 1 } }]);
  });

  it("modifies only the very flow when strict", () => {
    apply({});
    apply({ command: "MODIFY_STRICT", match: [], instructions: [] });
    expect(table.select(ALL)[0]?.instructions).toHaveLength(1);
    apply({ command: "MODIFY_STRICT", instructions: [] });
    expect(table.select(ALL)[0]?.instructions).toEqual([]);
  });

  it("adds by a MODIFY that finds nothing in OpenFlow 1.0, not later", () => {
    apply({ command: "MODIFY" });
    expect(cookies()).toEqual([]);
    apply({ command: "MODIFY" }, 0, true);
    expect(cookies()).toEqual([1]);
  });

  it("deletes what a match covers", () => {
    apply({});
    apply({ cookie: 2, match: [{ field: "IN_PORT", value: 2 }] });
    expect(apply({ command: "DELETE", table_id: "ALL" })).toMatchObject([{ reason: "DELETE" }]);
    expect(cookies()).toEqual([2]);
  });

  it("deletes by cookie and by output port", () => {
    apply({});
    apply({ cookie: 2, priority: 11, instructions: [] });
    apply({ command: "DELETE", match: [], out_port: 2 });
    expect(cookies()).toEqual([2]);
    apply({ command: "DELETE", match: [], cookie: 3, cookie_mask: "18446744073709551615" });
    expect(cookies()).toEqual([2]);
    apply({ command: "DELETE", match: [], cookie: 2, cookie_mask: "18446744073709551615" });
    expect(cookies()).toEqual([]);
  });

  it("sees overlaps of matches that do not cover each other, and none of matches that exclude each other", () => {
    const udp = [{ field: "UDP_DST", value: 53 }];
    const more = { match: [{ field: "IPV4_DST", value: "10.0.0.0", mask: "255.0.0.0" }] };
    apply(more);
    const checked = (match: FlowMod["match"]) => () => apply({ match, flags: ["CHECK_OVERLAP"] });
    expect(checked([{ field: "IPV4_DST", value: "0.0.0.1", mask: "0.0.0.255" }])).toThrow("OFPFMFC_OVERLAP");
    expect(checked(udp)).toThrow("OFPFMFC_OVERLAP");
    expect(checked([{ field: "IPV4_DST", value: "11.0.0.0", mask: "255.0.0.0" }])).not.toThrow();
  });

  it("refuses another table, a full table, an overlap, a command nobody knows", () => {
    expect(() => apply({ table_id: 1 })).toThrow("OFPFMFC_BAD_TABLE_ID");
    expect(() => apply({ command: "0x09" })).toThrow("OFPFMFC_BAD_COMMAND");
    apply({});
    expect(() => apply({ match: [], flags: ["CHECK_OVERLAP"] })).toThrow("OFPFMFC_OVERLAP");
    apply({ priority: 11 });
    apply({ priority: 12 });
    expect(() => apply({ priority: 13 })).toThrow("OFPFMFC_TABLE_FULL");
  });

  it("removes flows whose time is over, idle ones by their last packet", () => {
    apply({ cookie: 1, hard_timeout: 2 });
    apply({ cookie: 2, priority: 11, idle_timeout: 2 });
    table.lookup(atPort(1), 60, 1500);
    expect(table.expire(1999)).toEqual([]);
    expect(table.expire(2000).map(({ flow, reason }) => [flow.mod.cookie, reason])).toEqual([
      [1, "HARD_TIMEOUT"],
    ]);
    expect(table.expire(3499)).toEqual([]);
    expect(table.expire(3500).map(({ flow, reason }) => [flow.mod.cookie, reason])).toEqual([
      [2, "IDLE_TIMEOUT"],
    ]);
  });
});
