// Each answer goes through the codec, so that it is known to be what a switch of that version can say.
import { beforeEach, describe, expect, it } from "vitest";
import { readMessage } from "../../src/codec/decode.js";
import { makeFrame } from "../../src/codec/encode.js";
import { Datapath, type Outgoing } from "../../src/switch/index.js";

const DPID = "00:00:00:00:00:00:00:2a";
const PACKET = Buffer.from(`0200000000020200000000010800${"00".repeat(50)}`, "hex");
const FLOW_MOD = {
  command: "ADD",
  table_id: 0,
  priority: 5,
  cookie: "18446744073709551615",
  match: [{ field: "IN_PORT", value: 1 }],
  instructions: [{ instruction: "APPLY_ACTIONS", actions: [{ action: "OUTPUT", port_no: 2, max_len: 0 }] }],
};
const EVERYTHING = {
  table_id: "ALL",
  out_port: "ANY",
  out_group: "ANY",
  cookie: 0,
  cookie_mask: 0,
  match: [],
};

describe.each([1, 4] as const)("a simulated switch of wire version %i", (version) => {
  let now: number;
  let datapath: Datapath;

  beforeEach(() => {
    now = 1000;
    datapath = new Datapath({ version, datapathId: DPID, ports: 3, portsPerPart: 2, now: () => now });
  });

  const coded = (messages: Outgoing[]) =>
    messages.map((message) => {
      const { type, xid, flags, msg } = readMessage(makeFrame({ xid: 0, ...message }, { version }));
      return { type, xid, flags, msg };
    });

  function ask(type: string, msg?: object) {
    const frame = makeFrame({ type, xid: 77, ...(msg === undefined ? {} : { msg }) }, { version });
    return coded(datapath.answer(readMessage(frame), frame));
  }

  function only(type: string, msg?: object) {
    const answers = ask(type, msg);
    expect(answers).toHaveLength(1);
    return answers[0];
  }

  it("says who it is", () => {
    expect(only("FEATURES_REQUEST")).toMatchObject({
      type: "FEATURES_REPLY",
      xid: 77,
      msg: { datapath_id: DPID, n_tables: 1, auxiliary_id: 0 },
    });
    expect(only("DESC_REQUEST")?.msg).toMatchObject({ hw_desc: "simulated switch", dp_desc: DPID });
  });

  it("lists its ports where its version lists them", () => {
    const names = (ports: unknown) => (ports as { name: string }[]).map(({ name }) => name);
    if (version === 1) {
      const features = only("FEATURES_REQUEST")?.msg as { ports: unknown };
      expect(names(features.ports)).toEqual(["port1", "port2", "port3"]);
    } else {
      const parts = ask("PORT_DESC_REQUEST", {});
      expect(parts.map(({ flags, msg }) => [flags, names(msg)])).toEqual([
        [["MORE"], ["port1", "port2"]],
        [[], ["port3"]],
      ]);
    }
  });

  it("answers echoes and barriers", () => {
    expect(only("ECHO_REQUEST", { data: "ABCD" })).toMatchObject({
      type: "ECHO_REPLY",
      xid: 77,
      msg: { data: "ABCD" },
    });
    expect(only("BARRIER_REQUEST")).toMatchObject({ type: "BARRIER_REPLY", xid: 77 });
  });

  it("keeps the configuration that it is given", () => {
    expect(ask("SET_CONFIG", { flags: ["FRAG_DROP"], miss_send_len: 99 })).toEqual([]);
    expect(only("GET_CONFIG_REQUEST")?.msg).toEqual({ flags: ["FRAG_DROP"], miss_send_len: 99 });
  });

  it("sends a packet to the controller when no flow takes it, and not when one does", () => {
    expect(coded(datapath.receive(1, PACKET))).toMatchObject([
      {
        type: "PACKET_IN",
        xid: 0,
        msg: { in_port: 1, reason: "TABLE_MISS", data: PACKET.toString("hex").toUpperCase() },
      },
    ]);
    expect(ask("FLOW_MOD", FLOW_MOD)).toEqual([]);
    expect(datapath.receive(1, PACKET)).toEqual([]);
    expect(coded(datapath.receive(2, PACKET))).toHaveLength(1);
  });

  it("tells of its flows and what they have counted", () => {
    ask("FLOW_MOD", FLOW_MOD);
    datapath.receive(1, PACKET);
    now = 3500;
    expect(only("FLOW_DESC_REQUEST", EVERYTHING)?.msg).toMatchObject([
      {
        priority: 5,
        cookie: "18446744073709551615",
        duration: "2.500000000",
        packet_count: 1,
        byte_count: 64,
        match: [{ field: "IN_PORT", value: 1 }],
        instructions: FLOW_MOD.instructions,
      },
    ]);
    expect(only("AGGREGATE_STATS_REQUEST", EVERYTHING)?.msg).toMatchObject({
      packet_count: 1,
      byte_count: 64,
      flow_count: 1,
    });
    expect(only("TABLE_STATS_REQUEST")?.msg).toMatchObject([
      { table_id: 0, active_count: 1, lookup_count: 1, matched_count: 1 },
    ]);
  });

  it("sends many flows in several parts", () => {
    for (let priority = 1; priority <= 101; priority++) ask("FLOW_MOD", { ...FLOW_MOD, priority });
    expect(ask("FLOW_DESC_REQUEST", EVERYTHING).map(({ flags, msg }) => [flags, (msg as []).length])).toEqual(
      [
        [["MORE"], 100],
        [[], 1],
      ],
    );
  });

  it("counts packets at its ports", () => {
    ask("FLOW_MOD", FLOW_MOD);
    datapath.receive(1, PACKET);
    ask("PACKET_OUT", {
      buffer_id: "NO_BUFFER",
      in_port: 1,
      actions: [{ action: "OUTPUT", port_no: "FLOOD", max_len: 0 }],
      data: "0102",
    });
    expect(datapath.packetsOut).toBe(1);
    const counters = only("PORT_STATS_REQUEST", { port_no: "ANY" })?.msg as Record<string, number>[];
    expect(counters.map((port) => [port.rx_packets, port.rx_bytes, port.tx_packets, port.tx_bytes])).toEqual([
      [1, 64, 0, 0],
      [0, 0, 2, 66],
      [0, 0, 1, 2],
    ]);
    expect(only("PORT_STATS_REQUEST", { port_no: 2 })?.msg).toHaveLength(1);
  });

  it("tells of a flow that is gone, when the flow says so", () => {
    ask("FLOW_MOD", { ...FLOW_MOD, hard_timeout: 1, flags: ["SEND_FLOW_REM"] });
    ask("FLOW_MOD", { ...FLOW_MOD, priority: 6, hard_timeout: 1 });
    now += 1000;
    expect(coded(datapath.expire())).toMatchObject([
      { type: "FLOW_REMOVED", msg: { priority: 5, reason: "HARD_TIMEOUT", duration: "1.000000000" } },
    ]);
    ask("FLOW_MOD", { ...FLOW_MOD, flags: ["SEND_FLOW_REM"] });
    expect(only("FLOW_MOD", { ...FLOW_MOD, command: "DELETE" })).toMatchObject({
      type: "FLOW_REMOVED",
      msg: { reason: "DELETE" },
    });
  });

  it("refuses what it does not know, and repeats the beginning of it", () => {
    const error = only("PORT_MOD", {
      port_no: 1,
      hw_addr: "02:00:00:00:00:01",
      config: [],
      mask: [],
      advertise: [],
    });
    expect(error).toMatchObject({
      type: "ERROR",
      xid: 77,
      msg: { type: "BAD_REQUEST", code: "OFPBRC_BAD_TYPE" },
    });
    const { data } = (error as { msg: unknown }).msg as { data: string };
    expect(data).toMatch(new RegExp(`^0${version}..00..0000004D`));
    expect(only("QUEUE_STATS_REQUEST", { port_no: "ANY", queue_id: "ALL" })?.msg).toMatchObject({
      type: "BAD_REQUEST",
      code: expect.stringMatching(/^OFPBRC_BAD_(STAT|MULTIPART)$/),
    });
    expect(only("PORT_STATS_REQUEST", { port_no: 9 })?.msg).toMatchObject({ type: "BAD_REQUEST" });
    expect(
      only("FLOW_MOD", { ...FLOW_MOD, match: [], flags: ["CHECK_OVERLAP"], command: "0x09" })?.msg,
    ).toMatchObject({
      type: "FLOW_MOD_FAILED",
      code: "OFPFMFC_BAD_COMMAND",
    });
  });
});

describe("a simulated switch of 1.3", () => {
  it("answers a request for a role with it", () => {
    const datapath = new Datapath({ version: 4, datapathId: DPID, ports: 1, now: () => 0 });
    const frame = makeFrame(
      { type: "ROLE_REQUEST", xid: 1, msg: { role: "ROLE_MASTER", generation_id: 7 } },
      { version: 4 },
    );
    expect(datapath.answer(readMessage(frame), frame)).toEqual([
      { type: "ROLE_REPLY", xid: 1, msg: { role: "ROLE_MASTER", generation_id: 7 } },
    ]);
  });
});
