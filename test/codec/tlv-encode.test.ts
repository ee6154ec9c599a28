/** Values of match fields as people write them: prefixes, names of numbers; and masks where a version has none. */
import { describe, expect, it } from "vitest";
import { EncodeError } from "../../src/base/index.js";
import { encodeFieldList } from "../../src/codec/fields.js";
import { MessageWriter } from "../../src/codec/message-writer.js";
import { encodeValue, hex } from "./support.js";

function bytes(field: object): string {
  const w = new MessageWriter();
  w.version = 4;
  encodeFieldList(w, [field], "match");
  return w.copy().toString("hex");
}

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof EncodeError) return error.message;
    throw error;
  }
  throw new Error("encoded");
}

/** The actions of a FLOW_MOD, as they stand on the wire of a version. */
function action(version: number, one: object): string {
  const instructions = [{ instruction: "APPLY_ACTIONS", actions: [one] }];
  const frame = encodeValue({
    type: "FLOW_MOD",
    version,
    msg: { table_id: 0, command: "ADD", instructions },
  });
  const start = version === 1 ? 72 : version === 2 ? 48 + 88 + 8 : 48 + 8 + 8;
  return frame.slice(2 * start);
}

const IPV4 = "80000a02 0800  80001908";
const IPV6 = "80000a02 86dd  80003720";
const SLASH_33 = "ffff ffff 8000 0000 0000 0000 0000 0000";

describe("the mask of an IP address", () => {
  it.each([
    ["an address", { value: "10.1.2.3", mask: "255.0.0.0" }, "0a000000 ff000000"],
    ["a prefix", { value: "10.1.2.3", mask: "/8" }, "0a000000 ff000000"],
    ["a prefix behind the value", { value: "10.1.2.3/8" }, "0a000000 ff000000"],
    ["a prefix that ends within a byte", { value: "10.255.2.3/12" }, "0af00000 fff00000"],
    ["an address behind the value", { value: "10.1.2.3/255.0.255.0" }, "0a000200 ff00ff00"],
    ["no bit", { value: "10.1.2.3/0" }, "00000000 00000000"],
    ["all bits but one", { value: "10.1.2.3/31" }, "0a010202 fffffffe"],
  ])("may be %s", (_what, rest, expected) => {
    expect(bytes({ field: "IPV4_SRC", ...rest })).toBe(hex(`${IPV4.replace("1908", "1708")} ${expected}`));
  });

  it.each([
    ["a prefix behind the value", { value: "2001:db8:ffff::1/33" }],
    ["a prefix", { value: "2001:db8:ffff::1", mask: "/33" }],
    ["an address behind the value", { value: "2001:db8:ffff::1/ffff:ffff:8000::" }],
  ])("of IPv6 may be %s", (_what, rest) => {
    const value = "2001 0db8 8000 0000 0000 0000 0000 0000";
    expect(bytes({ field: "IPV6_DST", ...rest })).toBe(hex(`${IPV6} ${value} ${SLASH_33}`));
  });

  it("is not there when the prefix is the whole address", () => {
    expect(bytes({ field: "IPV4_DST", value: "10.0.0.1/32" })).toBe(hex("80000a02 0800 80001804 0a000001"));
    expect(bytes({ field: "ARP_TPA", value: "10.0.0.1", mask: "/32" })).toBe(
      hex("80000a02 0806 80002e04 0a000001"),
    );
    expect(bytes({ field: "NX_TUN_IPV6_DST", value: "::1/128" })).toBe(
      hex("0001dc10 00000000000000000000000000000001"),
    );
  });

  it.each([
    [
      { value: "10.0.0.1/33" },
      'match[0].value: "/33" is not a prefix length of an IPv4Address: it has 32 bits',
    ],
    [{ value: "10.0.0.1/" }, 'match[0].value: "/" is not a prefix length of an IPv4Address, like /24'],
    [{ value: "10.0.0.1/8/8" }, 'match[0].value: "8/8" is not an IPv4Address'],
    [{ value: "10.0/8" }, 'match[0].value: "10.0" is not an IPv4Address'],
    [{ value: "10.0.0.1/255.0" }, 'match[0].value: "255.0" is not an IPv4Address'],
    [
      { value: "10.0.0.1", mask: "/x" },
      'match[0].mask: "/x" is not a prefix length of an IPv4Address, like /24',
    ],
    [{ value: "10.0.0.1", mask: "/1111" }, /^match\[0\]\.mask: "\/1111" is not a prefix length/],
    [
      { value: "10.0.0.1/8", mask: "255.0.0.0" },
      'match[0].mask: the value has a mask of its own: "10.0.0.1/8"',
    ],
    [
      { value: "10.0.0.1", mask: 24 },
      "match[0].mask: 24 is not an IPv4Address; the length of a prefix is /24",
    ],
    [
      { value: "10.0.0.1", mask: "24" },
      'match[0].mask: "24" is not an IPv4Address; the length of a prefix is /24',
    ],
  ])("is refused when it is none: %j", (rest, message) => {
    expect(refusal(() => bytes({ field: "IPV4_DST", ...rest }))).toMatch(message);
  });

  it("is the only one that may be a prefix", () => {
    expect(refusal(() => bytes({ field: "ETH_DST", value: "00:00:00:00:00:01/24" }))).toBe(
      'match[0].value: "00:00:00:00:00:01/24" is not a MacAddress',
    );
    expect(bytes({ field: "ETH_DST", value: "01:02:03:04:05:06", mask: "ff:ff:00:00:00:00" })).toBe(
      hex("8000070c 010200000000 ffff00000000"),
    );
  });
});

describe("numbers with names that are read", () => {
  it.each([
    ["ETH_TYPE", "IPV6", "80000a02 86dd"],
    ["ETH_TYPE", "LLDP", "80000a02 88cc"],
    ["ETH_TYPE", "0x88cc", "80000a02 88cc"],
    ["NX_ETH_TYPE", "QINQ", "00000602 88a8"],
  ])("are Ethernet types: %s %s", (field, value, expected) => {
    expect(bytes({ field, value })).toBe(hex(expected));
  });

  it("are IP protocols", () => {
    const w = new MessageWriter();
    w.version = 4;
    const list = [
      { field: "ETH_TYPE", value: "IPV4" },
      { field: "IP_PROTO", value: "SCTP" },
      { field: "SCTP_DST", value: 5 },
    ];
    encodeFieldList(w, list, "match");
    expect(w.copy().toString("hex")).toBe(hex("80000a02 0800  80001401 84  80002402 0005"));
  });

  it("are Ethernet types of actions", () => {
    expect(action(4, { action: "PUSH_VLAN", ethertype: "QINQ" })).toBe(hex("0011 0008 88a8 0000"));
    expect(action(4, { action: "POP_MPLS", ethertype: "IPV4" })).toBe(hex("0014 0008 0800 0000"));
    expect(action(4, { action: "PUSH_PBB", ethertype: 35047 })).toBe(hex("001a 0008 88e7 0000"));
  });

  it("have only these names", () => {
    expect(refusal(() => bytes({ field: "ETH_TYPE", value: "IPV5" }))).toBe(
      'match[0].value: "IPV5" is not an EtherType (did you mean IPV4?)',
    );
    expect(refusal(() => bytes({ field: "ETH_TYPE", value: "ipv4" }))).toMatch(/did you mean IPV4/);
    expect(refusal(() => bytes({ field: "ETH_TYPE", value: 65536 }))).toBe(
      "match[0].value: 65536 is more than 65535, the largest EtherType",
    );
  });
});

describe("SET_FIELD", () => {
  const masked = {
    action: "SET_FIELD",
    field: "ETH_DST",
    value: "01:02:03:04:05:06",
    mask: "ff:00:00:00:00:00",
  };

  it("has a mask from 1.5 on", () => {
    expect(action(6, masked)).toBe(hex("0019 0018 8000070c 010000000000 ff0000000000 00000000"));
    expect(action(6, { action: "SET_FIELD", field: "IPV4_DST", value: "1.2.3.4/16" })).toBe(
      hex("0019 0010 80001908 01020000 ffff0000"),
    );
  });

  it.each([
    [1, "1.0", /mask: "ff:00:00:00:00:00" cannot be expressed in OpenFlow 1\.0$/],
    [2, "1.1", /mask: "ff:00:00:00:00:00" cannot be expressed in OpenFlow 1\.1$/],
    [3, "1.2", /mask: "ETH_DST" with a mask cannot be expressed in OpenFlow 1\.2$/],
    [4, "1.3", /mask: "ETH_DST" with a mask cannot be expressed in OpenFlow 1\.3$/],
    [5, "1.4", /mask: "ETH_DST" with a mask cannot be expressed in OpenFlow 1\.4$/],
  ])("has none in version %i", (version, _name, message) => {
    expect(refusal(() => action(version, masked))).toMatch(message);
  });

  it("has none behind the value or in a header of hex either", () => {
    expect(refusal(() => action(4, { action: "SET_FIELD", field: "IPV4_DST", value: "1.2.3.4/16" }))).toBe(
      'msg.instructions[0].actions[0].value: "IPV4_DST" with a mask cannot be expressed in OpenFlow 1.3',
    );
    const raw = { action: "SET_FIELD", field: "0x80001908", value: "01020304FFFF0000" };
    expect(refusal(() => action(4, raw))).toMatch(/with a mask cannot be expressed in OpenFlow 1\.3/);
  });

  it("has the mask that was on the wire when unchecked", () => {
    const msg = {
      table_id: 0,
      command: "ADD",
      instructions: [{ instruction: "APPLY_ACTIONS", actions: [masked] }],
    };
    const frame = encodeValue({ type: "FLOW_MOD", version: 4, msg }, { unchecked: true });
    expect(frame.endsWith(hex("0019 0018 8000070c 010203040506 ff0000000000 00000000"))).toBe(true);
  });

  it.each([1, 2])(
    "sets the twelve bits of a VLAN id in version %i, with and without the presence bit",
    (version) => {
      const set = (value: unknown): string =>
        action(version, { action: "SET_FIELD", field: "VLAN_VID", value });
      expect(set("0x1005")).toBe(hex("0001 0008 0005 0000"));
      expect(set(5)).toBe(hex("0001 0008 0005 0000"));
      expect(set(0x1fff)).toBe(hex("0001 0008 0fff 0000"));
      expect(refusal(() => set(0x2005))).toMatch(/0x1FFF|8191/i);
    },
  );

  it.each([1, 2])("sets the port of the protocol that the match of version %i has, or of any", (version) => {
    const set = (field: string, match: object[]): string =>
      encodeValue({
        type: "FLOW_MOD",
        version,
        msg: {
          table_id: 0,
          command: "ADD",
          match,
          instructions: [
            { instruction: "APPLY_ACTIONS", actions: [{ action: "SET_FIELD", field, value: 5 }] },
          ],
        },
      });
    const udp = [
      { field: "ETH_TYPE", value: "IPV4" },
      { field: "IP_PROTO", value: "UDP" },
    ];
    expect(set("UDP_DST", udp).endsWith(hex("000a 0008 0005 0000"))).toBe(true);
    expect(set("TCP_DST", []).endsWith(hex("000a 0008 0005 0000"))).toBe(true);
    expect(refusal(() => set("TCP_DST", udp))).toBe(
      'msg.instructions[0].actions[0].field: "TCP_DST" needs IP_PROTO 6, but the match has 17',
    );
  });

  it("sets the VLAN id as given from 1.2 on", () => {
    expect(action(4, { action: "SET_FIELD", field: "VLAN_VID", value: 0x1005 })).toBe(
      hex("0019 0010 80000c02 1005 000000000000"),
    );
  });
});

describe("ids of fields", () => {
  /** The ids of a property of table features, as they stand on the wire of OpenFlow 1.3. */
  function ids(...list: string[]): string {
    const numbers = { metadata_match: 0, metadata_write: 0, max_entries: 0 };
    const msg = [{ table_id: 0, name: "", ...numbers, config: [], match: list, properties: [] }];
    const frame = encodeValue({ type: "TABLE_FEATURES_REQUEST", version: 4, msg }, { unchecked: true });
    const at = frame.indexOf(hex("0008 00"), 2 * (16 + 64));
    return frame.slice(at + 8, at + 2 * Number.parseInt(frame.slice(at + 4, at + 8), 16));
  }

  it("are numbers where they have no name, with a slash behind those that say that they have a mask", () => {
    expect(ids("0x12340302/", "0x12340201", "~0x12340200")).toBe(hex("12340302 12340201 12340200"));
    expect(ids("0xFFFF5506.0x000012AB/")).toBe(hex("ffff5506 000012ab"));
  });

  it("are refused where the slash says what the number does not", () => {
    expect(refusal(() => ids("0x12340201/"))).toContain('msg[0].match[0]: "0x12340201/" is not a Field');
  });
});
