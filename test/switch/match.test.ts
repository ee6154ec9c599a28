import { describe, expect, it } from "vitest";
import { covers, equalMatch, matchesPacket } from "../../src/switch/match.js";
import { readPacketFields } from "../../src/switch/packet-fields.js";

const packet = readPacketFields(
  Buffer.from(
    "020000000002020000000001" + "0800" + "4500002000010000401166ca0a0000010a000002" + "12340035000c0000",
    "hex",
  ),
  3,
);

describe("readPacketFields", () => {
  it("reads Ethernet, IPv4 and UDP", () => {
    expect(Object.fromEntries(packet)).toEqual({
      IN_PORT: 3,
      ETH_DST: "02:00:00:00:00:02",
      ETH_SRC: "02:00:00:00:00:01",
      VLAN_VID: 0,
      ETH_TYPE: 0x0800,
      IP_DSCP: 0,
      IP_ECN: 0,
      IP_PROTO: 17,
      IPV4_SRC: "10.0.0.1",
      IPV4_DST: "10.0.0.2",
      UDP_SRC: 4660,
      UDP_DST: 53,
    });
  });

  it("reads a VLAN tag and what is behind it", () => {
    const arp = `${"00".repeat(12)}8100a064${"0806"}${"0001080006040001"}${"020000000001"}0a000001${"00".repeat(6)}0a000002`;
    const fields = readPacketFields(Buffer.from(arp, "hex"), 1);
    expect(fields.get("VLAN_VID")).toBe(0x1064);
    expect(fields.get("VLAN_PCP")).toBe(5);
    expect(fields.get("ETH_TYPE")).toBe(0x0806);
    expect(fields.get("ARP_SPA")).toBe("10.0.0.1");
    expect(fields.get("ARP_TPA")).toBe("10.0.0.2");
  });

  it("reads what is whole of a packet that is cut short anywhere", () => {
    const whole = Buffer.from(`${"00".repeat(12)}08004500${"00".repeat(30)}`, "hex");
    for (let end = 0; end <= whole.length; end++) {
      expect([...readPacketFields(whole.subarray(0, end), 1).values()]).not.toContain(undefined);
    }
  });
});

describe("matchesPacket", () => {
  it("takes a packet that has all the fields", () => {
    const match = [
      { field: "ETH_TYPE", value: 0x0800 },
      { field: "IPV4_DST", value: "10.0.0.2" },
    ];
    expect(matchesPacket(match, packet)).toBe(true);
    expect(matchesPacket([...match, { field: "UDP_DST", value: 54 }], packet)).toBe(false);
  });

  it("takes every packet when it is empty", () => {
    expect(matchesPacket([], packet)).toBe(true);
  });

  it("looks only at the bits of the mask", () => {
    const under = (value: string, mask: string): boolean =>
      matchesPacket([{ field: "IPV4_SRC", value, mask }], packet);
    expect(under("10.0.0.0", "255.255.255.0")).toBe(true);
    expect(under("10.0.1.0", "255.255.255.0")).toBe(false);
    expect(
      matchesPacket([{ field: "ETH_DST", value: "02:00:00:00:00:00", mask: "ff:ff:ff:ff:ff:00" }], packet),
    ).toBe(true);
  });

  it("takes no packet that lacks a field", () => {
    expect(matchesPacket([{ field: "TCP_DST", value: 53 }], packet)).toBe(false);
  });
});

describe("covers", () => {
  const any: [] = [];
  const ip = [{ field: "ETH_TYPE", value: 0x0800 }];
  const net = [...ip, { field: "IPV4_DST", value: "10.0.0.0", mask: "255.0.0.0" }];
  const host = [...ip, { field: "IPV4_DST", value: "10.0.0.2" }];

  it("is true for the wider match only", () => {
    expect(covers(any, ip)).toBe(true);
    expect(covers(ip, any)).toBe(false);
    expect(covers(net, host)).toBe(true);
    expect(covers(host, net)).toBe(false);
  });

  it("makes two matches equal when each covers the other, in any order", () => {
    expect(equalMatch(host, [...host].reverse())).toBe(true);
    expect(equalMatch(net, host)).toBe(false);
  });

  it("compares names by their text", () => {
    expect(equalMatch([{ field: "IN_PORT", value: "LOCAL" }], [{ field: "IN_PORT", value: "LOCAL" }])).toBe(
      true,
    );
    expect(equalMatch([{ field: "IN_PORT", value: "LOCAL" }], [{ field: "IN_PORT", value: 1 }])).toBe(false);
  });
});
