// The methods that need no connection: OFP.ENCODE, OFP.DECODE, OFP.MATCH_FROM_PACKET, OFP.COVERS.
import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { configureLog } from "../../src/base/index.js";
import { MemoryGateway } from "./gateway-in-memory.js";

const BARRIER_REQUEST = "0414000800000005";
/** UDP from 10.0.0.1:4660 to 10.0.0.2:53 in VLAN 100. */
const UDP =
  "0200000000020200000000018100006408004500001c000000004011 0000 0a000001 0a000002 1234 0035 0008 0000";
/** PACKET_IN of 1.3 from port 3 with these 46 bytes. */
const PACKET_IN = `040a0058 00000063 ffffffff 002e 00 00 0000000000000007 0001000c80000004 0000000300000000 0000 ${UDP}`;

describe("without a connection", () => {
  let daemon: MemoryGateway;

  beforeAll(() => configureLog({ level: "silent" }));

  beforeEach(() => {
    daemon = new MemoryGateway();
  });

  describe("OFP.ENCODE", () => {
    const encode = (params: object | string) => daemon.ask("OFP.ENCODE", params);

    it("gives the bytes of a message", async () => {
      expect(await encode({ type: "BARRIER_REQUEST", xid: 5, version: 4 })).toEqual({
        id: 1,
        result: { type: "BARRIER_REQUEST", version: 4, xid: 5, data: BARRIER_REQUEST },
      });
      expect((await encode({ type: "REQUEST.DESC", version: "1", msg: {} })).result).toEqual({
        type: "DESC_REQUEST",
        version: 1,
        xid: 0,
        data: "0110000C0000000000000000",
      });
    });

    it("writes a message without version in that of the channel which it names", async () => {
      await daemon.connect(6);
      const { result } = await encode({ type: "BARRIER_REQUEST", conn_id: 1 });
      expect(result).toEqual({ type: "BARRIER_REQUEST", version: 6, xid: 0, data: "0614000800000000" });
    });

    it("takes what an event says, whether the connection is there or not", async () => {
      const event = { type: "ECHO_REPLY", time: "1.5", xid: 1, version: 4, conn_id: 99, msg: { data: "AB" } };
      expect((await encode(event)).result).toMatchObject({ data: "0403000900000001AB" });
    });

    it("takes a flow as ovs-ofctl has it in the place of msg", async () => {
      await daemon.connect(4);
      const { result } = await encode({
        conn_id: 1,
        flow: "cookie=0x1122334455667788,priority=5,actions=drop",
      });
      const data =
        "040E003800000000112233445566778800000000000000000000000000000005FFFFFFFFFFFFFFFFFFFFFFFF000000000001000400000000";
      expect(result).toEqual({ type: "FLOW_MOD", version: 4, xid: 0, data });
      expect(await daemon.refusal("OFP.ENCODE", { conn_id: 1, flow: "ip,nw_dsst=1,actions=2" })).toEqual([
        -32600,
        'flow: column 4: unknown field "nw_dsst" (did you mean nw_dst?)',
        "params.flow",
        "UNKNOWN",
      ]);
    });

    it("names the options of tunnels as the connection does that it names, also beside a version", async () => {
      const one = await daemon.connect(4);
      // NXT_TLV_TABLE_REPLY: class 0x0102, type 0x80, 8 bytes is NX_TUN_METADATA3.
      await one.say("04040028 00000001 00002320 0000001a 00000100004000000000000000000000 0102800800030000");
      daemon.texts();
      const option = { option_class: 0x102, option_type: 0x80, option_len: 8 };
      const match = [{ field: "NX_TUN_METADATA", value: "1122334455667788", option }];
      const flow = { type: "FLOW_MOD", msg: { table_id: 0, command: "ADD", match } };
      // NXM_NX_TUN_METADATA3, 8 bytes.
      const data = expect.stringContaining("000156081122334455667788");
      for (const whose of [{ conn_id: 1 }, { version: 4, conn_id: 1 }])
        expect((await encode({ ...flow, ...whose })).result).toMatchObject({ version: 4, data });
      // Nobody knows the option in what is encoded for no connection, or for one that is no more.
      for (const whose of [{ version: 4 }, { version: 4, conn_id: 2 }]) {
        expect(await daemon.refusal("OFP.ENCODE", { ...flow, ...whose })).toEqual([
          -32600,
          expect.stringContaining("no options are known here"),
          "params.msg.match[0].option",
          expect.any(String),
        ]);
      }
    });

    it("encodes a message with a version though its connection is no more, as events have both", async () => {
      const event = {
        type: "BARRIER_REPLY",
        version: 4,
        xid: 1,
        conn_id: 9,
        datapath_id: "00:00:00:00:00:00:00:01",
      };
      expect((await encode(event)).result).toMatchObject({ data: "0415000800000001" });
    });

    it("keeps all digits of 64-bit numbers", async () => {
      const { result } = await encode(
        '{"type":"ROLE_REQUEST","version":4,"msg":{"role":"ROLE_EQUAL","generation_id":18446744073709551613}}',
      );
      expect(result).toMatchObject({ data: "04180018000000000000000100000000FFFFFFFFFFFFFFFD" });
    });

    it.each([
      [{ type: "BARRIER_REQUEST" }, -32600, /^version: unspecified protocol version/, "params.version"],
      [{ type: "BARRIER_REQUEST", conn_id: 9 }, -65000, /^unable to locate conn_id 9/, "params"],
      [{ type: "BARRIER_REQUEST", version: 4, conn_id: "x" }, -32600, /^invalid number/, "params.conn_id"],
      [{ version: 4 }, -32600, /^missing required key 'type'/, "params"],
      [{ type: "FLOW_MODE", version: 4 }, -32600, /Did you mean "FLOW_MOD"/, "params.type"],
      [{ type: "ECHO_REPLY", version: 4, msg: { data: "X" } }, -32600, /^msg\.data: /, "params.msg.data"],
      [{ type: "HELLO", version: 4, extra: 1 }, -32600, /^extra: is not a known key/, "params.extra"],
      [[], -32600, /^not a mapping/, "params"],
    ])("refuses %j", async (params, code, detail, path) => {
      expect(await daemon.refusal("OFP.ENCODE", params)).toEqual([
        code,
        expect.stringMatching(detail),
        path,
        expect.any(String),
      ]);
    });
  });

  describe("OFP.DECODE", () => {
    it("gives messages as events say them", async () => {
      await daemon.say("OFP.DECODE", { data: `${BARRIER_REQUEST} 04 02 0009 00000001 AB` });
      expect(daemon.texts()).toEqual([
        '{"id":1,"result":{"messages":[{"type":"BARRIER_REQUEST","xid":5,"version":4,"msg":{}},' +
          '{"type":"ECHO_REQUEST","xid":1,"version":4,"msg":{"data":"AB"}}]}}',
      ]);
    });

    it("says what packets hold when asked to", async () => {
      await daemon.say("OFP.DECODE", { data: PACKET_IN });
      expect(daemon.texts()[0]).not.toContain("_pkt");
      await daemon.say("OFP.DECODE", { data: PACKET_IN, pkt: true });
      expect(daemon.texts()[0]).toContain('"_pkt":[{"field":"ETH_DST","value":"02:00:00:00:00:02"}');
    });

    it("tells the options of tunnels that the connection knows which it names", async () => {
      const one = await daemon.connect(4);
      // NXT_TLV_TABLE_REPLY: class 0x0102, type 0x80, 8 bytes is NX_TUN_METADATA3; a PACKET_IN with it.
      await one.say("04040028 00000001 00002320 0000001a 00000100004000000000000000000000 0102800800030000");
      const data =
        "040a002a 00000000 ffffffff 0000 00 00 0000000000000000 0001001000015608 1122334455667788 0000";
      daemon.texts();
      const field = { field: "NX_TUN_METADATA3", value: "1122334455667788" };
      const option = { option_class: 0x102, option_type: 0x80, option_len: 8 };
      const told = async (more: object): Promise<unknown> =>
        (await daemon.ask("OFP.DECODE", { data, ...more })).result;
      expect(await told({ conn_id: 1 })).toMatchObject({
        messages: [{ msg: { match: [{ ...field, option }] } }],
      });
      expect(await told({})).toMatchObject({ messages: [{ msg: { match: [field] } }] });
      expect(JSON.stringify(await told({}))).not.toContain("option_class");
      // The message has no keys of the connection.
      expect(JSON.stringify(await told({ conn_id: 1 }))).not.toContain("conn_id");
      expect(await daemon.refusal("OFP.DECODE", { data, conn_id: 2 })).toEqual([
        -65000,
        "unable to locate conn_id 2",
        "params",
        "NOT_LOCATED",
      ]);
    });

    it("keeps all digits of 64-bit numbers", async () => {
      await daemon.say("OFP.DECODE", { data: "04180018000000000000000100000000FFFFFFFFFFFFFFFD" });
      expect(daemon.texts()[0]).toContain('"generation_id":18446744073709551613');
    });

    it.each([
      ["", /^expected one or more messages/, "INVALID"],
      ["04140008000000", /^header: a header has 8 bytes, but there are 7 \(byte 0\)/, "SHORT"],
      ["0414000700000001", /^header: length 7, but there are 8 bytes \(byte 2\)/, "BAD_LENGTH"],
      [`${BARRIER_REQUEST}0414000900000001`, /^message 2, from byte 8 on: header: length 9/, "BAD_LENGTH"],
      [`${BARRIER_REQUEST}0914000800000001`, /^message 2, from byte 8 on: header: version 9/, "BAD_VERSION"],
      [`${BARRIER_REQUEST}040a000c00000063ffffffff`, /^message 2, from byte 8 on: PACKET_IN/, "SHORT"],
      ["0414000", /^expected a text of pairs of hex digits, found "0414000"/, "INVALID"],
      [414, /^expected a text of pairs of hex digits, found 414$/, "INVALID"],
    ])("refuses %j", async (data, detail, word) => {
      expect(await daemon.refusal("OFP.DECODE", { data })).toEqual([
        -32600,
        expect.stringMatching(detail),
        "params.data",
        word,
      ]);
    });

    it("is not stopped by any bytes", async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), async (bytes) => {
          const data = Buffer.from(bytes).toString("hex");
          const { result, error } = await daemon.ask("OFP.DECODE", { data });
          expect(result !== undefined || error?.code === -32600).toBe(true);
        }),
        { numRuns: 200 },
      );
    });
  });

  describe("OFP.MATCH_FROM_PACKET", () => {
    const match = async (params: object): Promise<string> => {
      const { result } = await daemon.ask("OFP.MATCH_FROM_PACKET", { data: UDP, ...params });
      const list = (result as { match: { field: string; value: unknown }[] }).match;
      return list.map(({ field, value }) => `${field}=${value}`).join(" ");
    };
    const MACS = "ETH_DST=02:00:00:00:00:02 ETH_SRC=02:00:00:00:00:01";
    const VLAN = "VLAN_VID=4196 VLAN_PCP=0 ETH_TYPE=2048";
    const IP = "IP_PROTO=17 IPV4_SRC=10.0.0.1 IPV4_DST=10.0.0.2 UDP_SRC=4660 UDP_DST=53";

    it("gives the exact match of a packet, of OpenFlow 1.3 unless told otherwise", async () => {
      expect(await match({ in_port: 3 })).toBe(`IN_PORT=3 ${MACS} ${VLAN} IP_DSCP=0 IP_ECN=0 ${IP}`);
      expect(await match({ version: 1, in_port: "LOCAL" })).toBe(
        `IN_PORT=LOCAL ${MACS} ${VLAN} IP_DSCP=0 ${IP}`,
      );
    });

    it("has the fields that are asked for, with what they need", async () => {
      expect(await match({ only: ["UDP_DST"] })).toBe("ETH_TYPE=2048 IP_PROTO=17 UDP_DST=53");
      expect(await match({ only: ["UDP_DST", "ETH_DST"], except: ["ETH_DST"] })).toBe(
        "ETH_TYPE=2048 IP_PROTO=17 UDP_DST=53",
      );
      expect(await match({ only: [] })).toBe("");
    });

    it("looks behind as many tags as it is told", async () => {
      const data = UDP.replace("81000064", "88a8000a81000064");
      expect(await match({ data, only: ["ETH_TYPE"] })).toBe("ETH_TYPE=2048");
      expect(await match({ data, only: ["ETH_TYPE"], vlan_tags: 1 })).toBe("ETH_TYPE=33024");
    });

    it.each([
      [{}, /^missing required key 'data'/, "params"],
      [{ data: "0" }, /^expected a text of pairs of hex digits/, "params.data"],
      [{ data: UDP, in_port: "LOCALE" }, /^in_port: .*LOCAL/, "params.in_port"],
      [{ data: UDP, version: 7 }, /^7 is not a wire version/, "params.version"],
      [{ data: UDP, only: ["UDP_DEST"] }, /^only\[0\]: "UDP_DEST" is not a Field.*UDP_DST/, "params.only[0]"],
      [
        { data: UDP, except: ["METADATA"] },
        /^except\[0\]: METADATA is not part of a packet/,
        "params.except[0]",
      ],
      [{ data: UDP, vlan_tags: 0 }, /^expected 1 or more/, "params.vlan_tags"],
      [{ data: UDP, onyl: [] }, /^unknown key 'onyl'/, "params.onyl"],
    ])("refuses %j", async (params, detail, path) => {
      expect(await daemon.refusal("OFP.MATCH_FROM_PACKET", params)).toEqual([
        -32600,
        expect.stringMatching(detail),
        path,
        expect.any(String),
      ]);
    });
  });

  describe("OFP.COVERS", () => {
    const covers = async (params: object | string) => (await daemon.ask("OFP.COVERS", params)).result;
    const of = (field: string, value: unknown, mask?: unknown) => [{ field, value, mask }];

    it("says whether a match takes a packet", async () => {
      expect(await covers({ match: of("IPV4_DST", "10.0.0.2"), data: UDP })).toEqual({ covers: true });
      expect(await covers({ match: of("IPV4_DST", "10.0.0.3"), data: UDP })).toEqual({ covers: false });
      expect(await covers({ match: of("IPV4_DST", "10.0.0.0", "255.255.255.0"), data: UDP })).toEqual({
        covers: true,
      });
      expect(await covers({ match: of("IN_PORT", 3), data: UDP, in_port: 3, version: 6 })).toEqual({
        covers: true,
      });
      expect(await covers({ match: [], data: UDP })).toEqual({ covers: true });
    });

    it("knows all digits of fields that the context tells", async () => {
      const params = (value: string) =>
        `{"match":[{"field":"METADATA","value":18446744073709551613}],"data":"${UDP}","context":[{"field":"METADATA","value":${value}}]}`;
      expect(await covers(params("18446744073709551613"))).toEqual({ covers: true });
      expect(await covers(params("18446744073709551614"))).toEqual({ covers: false });
    });

    it("takes a match as it is when told to", async () => {
      const match = [
        { field: "ETH_TYPE", value: 0x0806 },
        { field: "UDP_DST", value: 53 },
      ];
      expect(await covers({ match, data: UDP, unchecked: true })).toEqual({ covers: false });
      expect(await daemon.refusal("OFP.COVERS", { match, data: UDP })).toEqual([
        -32600,
        expect.stringContaining("onflicting prerequisites"),
        expect.stringContaining("params.match"),
        expect.any(String),
      ]);
    });

    it.each([
      [{ data: UDP }, /^missing required key 'match'/, "params"],
      [{ match: 1, data: UDP }, /^match: /, "params.match"],
      [
        { match: [{ field: "UDP_DST" }], data: UDP },
        /^match\[0\]\.value: is missing/,
        "params.match[0].value",
      ],
      [
        { match: [{ field: "METADATA", value: 1 }], data: UDP },
        /not part of a packet/,
        "params.match[0].field",
      ],
      [{ match: [], data: UDP, context: {} }, /^context: /, "params.context"],
      [{ match: [], data: UDP, unchecked: "maybe" }, /^expected true or false/, "params.unchecked"],
    ])("refuses %j", async (params, detail, path) => {
      expect(await daemon.refusal("OFP.COVERS", params)).toEqual([
        -32600,
        expect.stringMatching(detail),
        path,
        expect.any(String),
      ]);
    });
  });
});
