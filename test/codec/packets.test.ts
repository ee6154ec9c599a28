/** Packets in messages: told by their fields on request, and built from them. What the fields are is for test/packet. */
import { describe, expect, it } from "vitest";
import { EncodeError } from "../../src/base/index.js";
import { decodeMessage, type Envelope, makeEnvelope } from "../../src/codec/decode.js";
import { packetPrinter } from "../../src/packet/index.js";
import { Text } from "../../src/text/index.js";
import { decode, encodeValue, encodeYaml } from "./support.js";

/** UDP from 10.0.0.1:1 to 10.0.0.2:53 without a checksum of its own: RFC 768, RFC 791; 60 bytes. */
const UDP =
  "02000000000202000000000108004500001f000000004011 66cc0a0000010a000002 00010035000b273d 616263".replaceAll(
    " ",
    "",
  ) + "00".repeat(15);

const FIELDS = {
  eth_dst: "02:00:00:00:00:02",
  eth_src: "02:00:00:00:00:01",
  ipv4_src: "10.0.0.1",
  ipv4_dst: "10.0.0.2",
  udp_src: 1,
  udp_dst: 53,
};

const LIST = Object.entries(FIELDS).map(([field, value]) => ({ field: field.toUpperCase(), value }));

const PACKET_IN = {
  buffer_id: "NO_BUFFER",
  in_port: 1,
  metadata: 0,
  reason: "TABLE_MISS",
  table_id: 0,
  cookie: 0,
  match: [],
};

/** The frame of a PACKET_OUT of OpenFlow 1.0, which follows 16 bytes. */
function built(msg: object): string {
  const hex = encodeValue({ type: "PACKET_OUT", version: 1, msg });
  expect(hex.slice(4, 8)).toBe((hex.length / 2).toString(16).padStart(4, "0"));
  return hex.slice(32);
}

/** What encode refuses a PACKET_OUT for. */
function refusal(msg: object): string {
  try {
    built(msg);
  } catch (error) {
    if (error instanceof EncodeError) return error.message;
    throw error;
  }
  return "";
}

describe("a packet told by its fields", () => {
  it.each([
    ["a list", { _pkt: LIST, _pkt_data: "616263" }],
    ["an object", { _pkt: FIELDS, _pkt_data: "616263" }],
    ["an object with the payload in it", { pkt: { ...FIELDS, payload: "616263" } }],
    ["a list beside empty data", { data: "", _pkt: LIST, _pkt_data: "616263" }],
    ["a list beside data that is null", { data: null, _pkt: LIST, _pkt_data: "616263" }],
  ])("is built from %s", (_, msg) => {
    expect(built(msg)).toBe(UDP);
  });

  it("is built from YAML, whose numbers are texts in any base", () => {
    const yaml = "type: PACKET_OUT\nversion: 1\nmsg: {pkt: {eth_type: 0x0806, arp_op: 0b10}}";
    expect(encodeYaml(yaml).slice(32)).toBe(`${"00".repeat(12)}08060001080006040002${"00".repeat(38)}`);
  });

  it("says how long a PACKET_IN is that does not say it", () => {
    const msg = { ...PACKET_IN, pkt: FIELDS };
    const hex = encodeValue({ type: "PACKET_IN", version: 4, msg });
    expect(hex.slice(24, 28)).toBe("003c");
    const said = encodeValue({ type: "PACKET_IN", version: 4, msg: { ...msg, total_len: 99 } });
    expect(said.slice(24, 28)).toBe("0063");
  });

  it("has names for Ethernet types and IP protocols, as matches have", () => {
    const fields = { eth_type: "ipv4", ip_proto: "UDP", ipv4_dst: "10.0.0.1" };
    expect(built({ pkt: fields })).toBe(built({ pkt: { ...fields, eth_type: 0x0800, ip_proto: 17 } }));
    expect(() => built({ pkt: { eth_type: "ipv5" } })).toThrow(
      'msg.pkt.eth_type: "ipv5" is not a value of ETH_TYPE (did you mean IPV4?)',
    );
  });

  it("is empty where nothing is told", () => {
    expect(built({ _pkt: [] })).toBe("");
    const hex = encodeValue({
      type: "PACKET_IN",
      version: 1,
      msg: { ...PACKET_IN, total_len: 64, _pkt: [] },
    });
    expect(hex).toBe("010a001200000000ffffffff004000010000");
  });

  it("may stand in a message in a message", () => {
    const message = { type: "PACKET_OUT", msg: { pkt: { ...FIELDS, payload: "616263" } } };
    const bundle = { type: "BUNDLE_ADD_MESSAGE", version: 5, msg: { bundle_id: 1, flags: [], message } };
    expect(encodeValue(bundle).slice(80)).toBe(UDP);
  });

  it.each<[string, object, string]>([
    ["a field that nobody knows", { _pkt: [{ field: "UDP_SRK", value: 1 }] }, "msg._pkt[0]"],
    ["a value out of range", { _pkt: [...LIST, { field: "IP_DSCP", value: 64 }] }, "msg._pkt[6].value"],
    [
      "a mask",
      { _pkt: [{ field: "ETH_DST", value: "0:0:0:0:0:0", mask: "0:0:0:0:0:0" }] },
      "msg._pkt[0].mask",
    ],
    ["a field of another protocol", { pkt: { ...FIELDS, arp_op: 1 } }, "msg.pkt."],
    ["an odd number of digits", { _pkt: LIST, _pkt_data: "ABC" }, "msg._pkt_data"],
    ["a text", { _pkt: "UDP" }, "msg._pkt"],
  ])("is refused for %s", (_, msg, path) => {
    expect(refusal(msg)).toMatch(new RegExp(`^${path.replace(/[[\].]/g, "\\$&")}`));
  });

  it("names the place in a message in a message", () => {
    const message = { type: "PACKET_OUT", msg: { pkt: { ipv4_src: "10.0.0" } } };
    const bundle = { type: "BUNDLE_ADD_MESSAGE", version: 5, msg: { bundle_id: 1, flags: [], message } };
    expect(() => encodeValue(bundle)).toThrow(/^msg\.message\.msg\.pkt\.ipv4_src: /);
  });

  it("does not stand for the length where there are bytes, or for the bytes where there is a length only", () => {
    const refused = (more: object): (() => string) => {
      return () => encodeValue({ type: "PACKET_IN", version: 4, msg: { ...PACKET_IN, ...more } });
    };
    expect(refused({ data: "00" })).toThrow("msg.total_len: is missing");
    expect(refused({ total_len: 60 })).toThrow("msg.data: is missing");
    expect(refused({})).toThrow("msg.total_len: is missing");
  });
});

describe("a packet told by its fields and its bytes", () => {
  const read = { ...FIELDS, eth_type: 2048, ip_proto: 17, nx_ip_ttl: 64, x_pkt_pos: 42 };

  it.each<[string, object]>([
    ["an object", { _pkt: read }],
    ["numbers in other bases", { pkt: { ...read, eth_type: "0x0800", udp_src: "0b1" } }],
    ["a list in any order", { _pkt: Object.entries(read).map(([field, value]) => ({ field, value })) }],
    ["the payload alone", { _pkt_data: UDP.slice(84) }],
    ["what else is in the headers", { _pkt_more: [{ field: "IPV4_LENGTH", value: 31 }] }],
  ])("is taken when both are the same: %s", (_, told) => {
    expect(built({ data: UDP, ...told })).toBe(UDP);
  });

  it.each<[string, object, string]>([
    ["another value", { _pkt: { ...read, udp_dst: 54 } }, "msg._pkt.udp_dst"],
    ["a field too many", { _pkt: { ...read, tcp_src: 1 } }, "msg._pkt.tcp_src"],
    ["a field too few", { pkt: { eth_type: 2048 } }, "msg.pkt"],
    ["another payload", { _pkt_data: "616264" }, "msg._pkt_data"],
    ["a part of the headers that is not there", { _pkt_more: { TCP_SEQ: 1 } }, "msg._pkt_more.TCP_SEQ"],
    ["an entry that is none", { _pkt: [1] }, "msg._pkt[0]"],
  ])("is refused for %s", (_, told, path) => {
    expect(refusal({ data: UDP, ...told }).startsWith(`${path}: `)).toBe(true);
  });
});

describe("a packet among properties", () => {
  const hex = (type: string): string =>
    `01040050 00000000 00002320 00000${type} 0000 0040 ${UDP}`.replaceAll(" ", "");

  it.each([
    ["NXT_PACKET_IN2", "01e"],
    ["NXT_RESUME", "01c"],
  ])("is told where %s has its bytes, as in PACKET_IN", (type, code) => {
    const { msg } = JSON.parse(decode(Buffer.from(hex(code), "hex"), "fields"));
    expect(msg).toMatchObject({ match: [], data: UDP.toUpperCase(), _pkt: expect.arrayContaining(LIST) });
    expect(encodeValue({ type, version: 1, msg })).toBe(hex(code));
    const { data, ...fields } = msg;
    expect(encodeValue({ type, version: 1, msg: { ...fields, _pkt_data: "616263" } })).toBe(hex(code));
    const order = { ...fields, _pkt_data: "616263", _order: [] };
    expect(encodeValue({ type, version: 1, msg: order })).toBe(hex(code));
    expect(() => encodeValue({ type, version: 1, msg: { ...msg, _pkt_data: "01" } })).toThrow(
      "msg._pkt_data: ",
    );
    expect(() => encodeValue({ type, version: 1, msg: { _pkt_dat: "01" } })).toThrow(
      "did you mean _pkt_data?",
    );
  });

  it("is not told when there is none", () => {
    const none = "010400180000000000002320000000 1e 0003000507000000".replaceAll(" ", "");
    expect(JSON.parse(decode(Buffer.from(none, "hex"), "full")).msg).toEqual({
      table_id: 7,
      match: [],
      data: "",
    });
  });
});

describe("what is printed of packets", () => {
  const frame = Buffer.from(encodeValue({ type: "PACKET_OUT", version: 4, msg: { data: UDP } }), "hex");

  it("is nothing unless it is asked for", () => {
    expect(decode(frame)).not.toContain("_pkt");
    decode(frame, "full");
    expect(decode(frame)).not.toContain("_pkt");
  });

  it("is the fields alone for those who ask for fields", () => {
    expect(JSON.parse(decode(frame, "fields")).msg).toHaveProperty("_pkt.9", {
      field: "X_PKT_POS",
      value: 42,
    });
    expect(JSON.parse(decode(frame, "fields")).msg).not.toHaveProperty("_pkt_more");
    expect(JSON.parse(decode(frame, "full")).msg._pkt_more).toEqual([{ field: "IPV4_LENGTH", value: 31 }]);
  });

  it("may be longer than the text has room for: it is printed once more", () => {
    const tail = makeEnvelope({ conn_id: 7 });
    const text = new Text(64);
    const long = `${"x".repeat(3_000_000)}`;
    const shout = (_b: Uint8Array, _o: number, _end: number, w: Text): void => {
      w.room(long.length + 10);
      w.p += w.o.write(`,"_":"${long}"`, w.p, "latin1");
    };
    const before = decodeText(text, frame, tail, undefined);
    const printed = decodeText(text, frame, tail, { ...packetPrinter("full"), writeOthers: shout });
    const { _pkt, _, ...msg } = JSON.parse(printed).msg;
    expect(JSON.parse(before).msg).toEqual(msg);
    expect(_).toBe(long);
    expect(_pkt).toHaveLength(10);
  });
});

function decodeText(
  text: Text,
  frame: Buffer,
  envelope: Envelope,
  packets: Parameters<typeof decodeMessage>[3],
): string {
  decodeMessage(frame, text, envelope, packets);
  return text.takeString();
}
