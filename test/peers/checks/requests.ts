/** OFP.REQUEST and OFP.SEND_BATCH: the daemon finds the replies, joins their parts, and knows what was refused. */
import { expect, it } from "vitest";
import { type Json, type OpenFlowMessage, RequestError } from "../daemon.js";
import { apply, match, output } from "../flows/flow-case.js";
import { ALL_FLOWS, BRIDGE, DATAPATH } from "../lab.js";
import { NO_PORT, resetBefore, type Suite, V1_0, V1_1, V1_2, V1_3, V1_4, V1_5 } from "./suite.js";

/** Requests that Open vSwitch answers by a message of that name, the wire versions in which it does, and what `msg` is then. */
const REQUESTS: readonly (readonly [
  name: string,
  since: number,
  until: number,
  msg: unknown,
  form: unknown,
])[] = [
  ["ECHO", V1_0, V1_5, { data: "ABCD" }, { data: "ABCD" }],
  ["FEATURES", V1_0, V1_5, undefined, { datapath_id: DATAPATH }],
  ["GET_CONFIG", V1_0, V1_5, undefined, { flags: ["FRAG_NORMAL"] }],
  ["BARRIER", V1_0, V1_5, undefined, {}],
  ["QUEUE_GET_CONFIG", V1_0, V1_3, { port_no: 2 }, { port_no: 2 }],
  ["ROLE", V1_2, V1_5, { role: "ROLE_EQUAL", generation_id: 0 }, { role: "ROLE_EQUAL" }],
  ["GET_ASYNC", V1_3, V1_5, undefined, {}],
  ["DESC", V1_0, V1_5, undefined, { hw_desc: "Open vSwitch" }],
  ["FLOW_DESC", V1_0, V1_5, ALL_FLOWS, []],
  ["AGGREGATE_STATS", V1_0, V1_5, ALL_FLOWS, { flow_count: 0 }],
  ["TABLE_STATS", V1_0, V1_5, undefined, expect.any(Array)],
  ["PORT_STATS", V1_0, V1_5, { port_no: "ANY" }, ["LOCAL", 1, 2, 3].map((port_no) => ({ port_no }))],
  ["QUEUE_STATS", V1_0, V1_5, { port_no: 1, queue_id: "ALL" }, [{ port_no: 1 }]],
  ["PORT_DESC", V1_0, V1_5, {}, ["LOCAL", 1, 2, 3].map((port_no) => ({ port_no }))],
  ["GROUP_STATS", V1_1, V1_5, { group_id: "ALL" }, []],
  ["GROUP_DESC", V1_1, V1_5, {}, []],
  ["GROUP_FEATURES", V1_2, V1_5, undefined, { types: expect.any(Array) }],
  ["METER_STATS", V1_3, V1_5, { meter_id: "ALL" }, []],
  ["METER_CONFIG", V1_3, V1_5, { meter_id: "ALL" }, []],
  ["METER_FEATURES", V1_3, V1_5, undefined, { max_meter: expect.any(Number) }],
  ["TABLE_FEATURES", V1_3, V1_5, [], expect.any(Array)],
  ["TABLE_DESC", V1_4, V1_5, undefined, expect.any(Array)],
  ["QUEUE_DESC", V1_4, V1_5, { port_no: 2, queue_id: "ALL" }, [{ port_no: 2, queue_id: 0 }]],
];

/** Flows of the largest test. */
const MANY = 5000;

export function checkRequests(suite: Suite): void {
  const { lab, version } = suite;
  resetBefore(suite);

  const request = async (type: string, msg: unknown, more: Json = {}): Promise<OpenFlowMessage> => {
    const params = { type, datapath_id: DATAPATH, ...(msg === undefined ? {} : { msg }), ...more };
    return (await lab().daemon.request("OFP.REQUEST", params)) as unknown as OpenFlowMessage;
  };
  const refusal = async (type: string, msg: unknown, more: Json = {}): Promise<RequestError> => {
    try {
      await request(type, msg, more);
    } catch (error) {
      if (error instanceof RequestError) return error;
      throw error;
    }
    throw new Error(`${type} was not refused`);
  };
  const flow = (n: number, port: number | string = 2): Json => ({
    command: "ADD",
    table_id: 0,
    priority: n,
    cookie: n,
    match: match({ IN_PORT: 1 }),
    instructions: apply(output(port)),
  });

  const known = REQUESTS.filter(([, since, until]) => since <= version && version <= until);
  it.each(known.map(([name, , , msg, form]) => [name, msg, form] as const))(
    "%s is answered by its reply",
    async (name, msg, form) => {
      const reply = await request(`${name}_REQUEST`, msg, { xid: 77 });
      expect(reply).toMatchObject({
        type: `${name}_REPLY`,
        xid: 77,
        version,
        datapath_id: DATAPATH,
        msg: form,
      });
      expect(lab().daemon.takeEvents()).toEqual([]);
    },
  );

  it(`FLOW_DESC of ${MANY} flows is one reply with all of them`, async () => {
    const addresses = Array.from({ length: MANY }, (_, n) => `10.0.${n >> 8}.${n & 255}`);
    await lab().ovs.addFlows(
      BRIDGE,
      version,
      addresses.map(
        (address, n) =>
          `cookie=0xfedcba98${n.toString(16).padStart(8, "0")},ip,nw_dst=${address},actions=output:2`,
      ),
    );
    const reply = await request("FLOW_DESC_REQUEST", ALL_FLOWS);
    expect(reply).toMatchObject({ type: "FLOW_DESC_REPLY", flags: [] });
    const flows = reply.msg as unknown as { readonly cookie: bigint; readonly match: readonly Json[] }[];
    const field = version === V1_1 ? "NX_IP_DST" : "IPV4_DST";
    const seen = flows.map(({ match }) => match.find((one) => one.field === field)?.value);
    expect(seen.sort()).toEqual(addresses.sort());
    const cookies = new Set(flows.map(({ cookie }) => cookie));
    expect(cookies).toEqual(new Set(addresses.map((_, n) => 0xfedcba98_00000000n + BigInt(n))));
    expect(lab().daemon.takeEvents()).toEqual([]);

    const { parts } = (await request("FLOW_DESC_REQUEST", ALL_FLOWS, { parts: "EVENTS" })) as unknown as {
      parts: number;
    };
    const events = lab().daemon.takeEvents();
    expect(events).toHaveLength(parts);
    expect(events.flatMap(({ msg }) => msg as unknown as Json[])).toHaveLength(MANY);
  });

  it("FLOW_MOD is answered by a barrier when it is done", async () => {
    expect(await request("FLOW_MOD", flow(7))).toMatchObject({ type: "BARRIER_REPLY", msg: {} });
    expect(await lab().flowDesc()).toMatchObject([{ cookie: 7 }]);
    expect(lab().daemon.takeEvents()).toEqual([]);
  });

  it("FLOW_MOD that is refused is an error that shows it", async () => {
    const asked = flow(7, NO_PORT);
    const { code, message, data } = await refusal("FLOW_MOD", asked, { xid: 99 });
    expect(code).toBe(-65003);
    expect(message).toBe("BAD_ACTION/OFPBAC_BAD_OUT_PORT: There is no such port to send to.");
    expect(data).toMatchObject({
      code: "OPENFLOW_ERROR",
      error: { type: "BAD_ACTION", code: "OFPBAC_BAD_OUT_PORT", text: "There is no such port to send to." },
      xid: 99,
      datapath_id: DATAPATH,
      request: { type: "FLOW_MOD", xid: 99, version, msg: { cookie: 7, priority: 7 } },
    });
    const actions = [{ action: "OUTPUT", port_no: NO_PORT }];
    expect(data.request).toMatchObject({
      msg: { instructions: [{ instruction: "APPLY_ACTIONS", actions }] },
    });
    expect(lab().daemon.takeEvents()).toEqual([]);
    // The barrier behind it must not take part in what follows.
    expect(await request("BARRIER_REQUEST", undefined, { xid: 99 })).toMatchObject({ xid: 99 });
  });

  it("a request that the switch lacks is an error", async () => {
    const { code, data } = await refusal("EXPERIMENTER_REQUEST", {
      experimenter: 0xabcdef,
      exp_type: 1,
      data: "00000000",
    });
    expect(code).toBe(-65003);
    expect(data.error).toMatchObject({ type: "BAD_REQUEST", code: "OFPBRC_BAD_EXPERIMENTER" });
  });

  it("EXPERIMENTER is answered by one, or by a barrier", async () => {
    // Nicira's NXT_ROLE_REQUEST (10) for the role "other" (0) is answered by NXT_ROLE_REPLY (11).
    const nicira = { experimenter: 0x2320, exp_type: 10, data: "00000000" };
    const msg = version === V1_0 ? { ...nicira, exp_type: 0, data: "0000000a00000000" } : nicira;
    const reply = await request("EXPERIMENTER", msg);
    expect(reply).toMatchObject({ type: "NXT_ROLE_REPLY", msg: { role: "OTHER" } });
    // NXT_SET_PACKET_IN_FORMAT (16) for that of OpenFlow (0) is not answered.
    const format = { experimenter: 0x2320, exp_type: 16, data: "00000000" };
    const silent = version === V1_0 ? { ...format, exp_type: 0, data: "0000001000000000" } : format;
    expect(await request("EXPERIMENTER", silent)).toMatchObject({ type: "BARRIER_REPLY" });
    expect(lab().daemon.takeEvents()).toEqual([]);
  });

  it("a batch of 1000 FLOW_MODs with some that are wrong has a verdict for each", async () => {
    const wrong = new Set([0, 333, 334, 999]);
    const messages = Array.from({ length: 1000 }, (_, n) => ({
      type: "FLOW_MOD",
      msg: flow(n + 1, wrong.has(n) ? NO_PORT : 2),
    }));
    const { results, ...counts } = await lab().daemon.request("OFP.SEND_BATCH", {
      datapath_id: DATAPATH,
      messages,
    });
    expect(counts).toEqual({ ok: 996, failed: 4, unknown: 0 });
    const verdicts = results as { xid: number; status: string; error?: Json }[];
    expect(verdicts.flatMap(({ status }, n) => (status === "OK" ? [] : [n]))).toEqual([...wrong]);
    expect(verdicts[333]?.error).toMatchObject({ type: "BAD_ACTION", code: "OFPBAC_BAD_OUT_PORT" });
    expect(new Set(verdicts.map(({ xid }) => xid)).size).toBe(1000);
    expect(await lab().flows()).toHaveLength(996);
    expect(lab().daemon.takeEvents()).toEqual([]);
  });

  if (version >= V1_4) {
    it("a bundle is opened, filled and committed by requests without numbers", async () => {
      const bundle = { bundle_id: 9, flags: ["ATOMIC", "ORDERED"] };
      const step = (type: string) => request("BUNDLE_CONTROL", { ...bundle, type });
      expect(await step("OPEN_REQUEST")).toMatchObject({ msg: { type: "OPEN_REPLY", bundle_id: 9 } });
      for (const n of [1, 2]) {
        const message = { type: "FLOW_MOD", msg: flow(n) };
        expect(await request("BUNDLE_ADD_MESSAGE", { ...bundle, message })).toMatchObject({
          type: "BARRIER_REPLY",
        });
      }
      expect(await lab().flows()).toEqual([]);
      expect(await step("COMMIT_REQUEST")).toMatchObject({ msg: { type: "COMMIT_REPLY" } });
      expect(await lab().flows()).toHaveLength(2);
    });
  }
}
