import { describe, expect, it } from "vitest";
import { EncodeError } from "../../src/base/index.js";
import { buildFrame, readPacket } from "../../src/packet/index.js";

const hex = (text: string): Buffer => Buffer.from(text.replace(/#.*$/gm, "").replace(/\s+/g, ""), "hex");

const ARP_REQUEST = hex(`
  ff ff ff ff ff ff  02 00 00 00 00 01  08 06
  00 01 08 00 06 04 00 01                     # Ethernet, IPv4, request
  02 00 00 00 00 01  0a 00 00 01
  00 00 00 00 00 00  0a 00 00 02
  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00`);

const ECHO_REQUEST = hex(`
  02 00 00 00 00 02  02 00 00 00 00 01  81 00 60 64  08 00   # VLAN 100, priority 3
  45 b8 00 20 12 34 40 00 40 01 13 ef  0a 00 00 01  0a 00 00 02
  08 00 23 2b  00 01 00 02  68 65 6c 6c
  00 00 00 00 00 00 00 00 00 00`);

describe("an ARP request", () => {
  const fields = [
    { field: "ETH_DST", value: "ff:ff:ff:ff:ff:ff" },
    { field: "ETH_SRC", value: "02:00:00:00:00:01" },
    { field: "ETH_TYPE", value: 0x0806 },
    { field: "ARP_OP", value: 1 },
    { field: "ARP_SPA", value: "10.0.0.1" },
    { field: "ARP_TPA", value: "10.0.0.2" },
    { field: "ARP_SHA", value: "02:00:00:00:00:01" },
    { field: "ARP_THA", value: "00:00:00:00:00:00" },
  ];

  it("is read, its padding left out", () => {
    expect(readPacket(ARP_REQUEST)).toEqual({ _pkt: fields });
  });

  it("is built from its fields, in any order, the type of Ethernet implied", () => {
    expect(buildFrame({ _pkt: fields })).toEqual(ARP_REQUEST);
    const object = { arp_tpa: "10.0.0.2", arp_spa: "10.0.0.1", arp_op: "1" };
    const macs = { eth_dst: "ff:ff:ff:ff:ff:ff", eth_src: "02:00:00:00:00:01", arp_sha: "02:00:00:00:00:01" };
    expect(buildFrame({ pkt: { ...object, ...macs } })).toEqual(ARP_REQUEST);
  });
});

describe("a tagged echo request", () => {
  it("is read and built again, its length, padding and identification told", () => {
    const { _pkt, _pkt_more } = readPacket(ECHO_REQUEST);
    expect(_pkt.map(({ field, value }) => `${field} ${value}`)).toEqual([
      "ETH_DST 02:00:00:00:00:02",
      "ETH_SRC 02:00:00:00:00:01",
      "VLAN_VID 4196",
      "VLAN_PCP 3",
      "ETH_TYPE 2048",
      "IP_DSCP 46",
      "IP_PROTO 1",
      "IPV4_SRC 10.0.0.1",
      "IPV4_DST 10.0.0.2",
      "NX_IP_TTL 64",
      "ICMPV4_TYPE 8",
      "ICMPV4_CODE 0",
      "X_PKT_POS 42",
    ]);
    expect(_pkt_more).toEqual([
      { field: "IPV4_ID", value: 0x1234 },
      { field: "IPV4_FLAGS", value: ["DF"] },
      { field: "IPV4_LENGTH", value: 32 },
    ]);
    const _pkt_data = ECHO_REQUEST.subarray(42).toString("hex");
    expect(buildFrame({ _pkt, _pkt_more, _pkt_data })).toEqual(ECHO_REQUEST);
  });
});

describe("a field that cannot be used", () => {
  const fault = (input: object): string => {
    try {
      buildFrame(input);
    } catch (error) {
      if (error instanceof EncodeError) return error.message;
      throw error;
    }
    return "built";
  };

  it("is named, with its place", () => {
    expect(fault({ pkt: { eth_type: 0x0806, arp_op: 1, udp_src: 5 } })).toBe(
      "pkt.udp_src: UDP_SRC has no place in this packet of Ethernet, ARP",
    );
    expect(fault({ _pkt: [{ field: "ETH_DTS", value: 1 }] })).toBe(
      '_pkt[0].value: "ETH_DTS" is not a field of packets (did you mean ETH_DST?)',
    );
    expect(fault({ _pkt: [{ field: "IPV4_SRC", value: "10.0.0" }] })).toBe(
      '_pkt[0].value: IPV4_SRC "10.0.0" is not an IPv4Address',
    );
    expect(
      fault({
        _pkt: [
          { field: "IP_DSCP", value: 64 },
          { field: "IPV4_SRC", value: "1.1.1.1" },
        ],
      }),
    ).toBe("_pkt[0].value: IP_DSCP 64 is not a number of 6 bits");
    expect(fault({ _pkt: [{ field: "IPV4_SRC", value: "1.1.1.1", mask: "255.0.0.0" }] })).toBe(
      "_pkt[0].mask: a packet has no masked fields",
    );
  });
});
