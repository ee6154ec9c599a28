import { beforeEach, describe, expect, it } from "vitest";
import { DecodeError } from "../../../../src/base/index.js";
import { context } from "../../../../src/codec/context.js";
import { decodeMatch_1_0, residueMatch_1_0 } from "../../../../src/codec/native/decode/match-1-0.js";
import { match10, printed } from "../fixed-matches.js";

const decode = (match: Buffer): string => printed(decodeMatch_1_0, match);
const residue = (match: Buffer): boolean => residueMatch_1_0(match, 0, match.length);

describe("the match of OpenFlow 1.0", () => {
  beforeEach(() => {
    context.l4 = 0;
  });

  it("prints no fields when all are wildcards", () => {
    expect(decode(match10())).toBe("[]");
  });

  it("prints all fields of an exact match in a fixed order", () => {
    const match = match10(
      [0, "00000000"],
      [4, "0005"],
      [6, "0a0000000001"],
      [12, "0a0000000002"],
      [18, "0064"],
      [20, "03"],
      [22, "0800"],
      [24, "28"],
      [25, "06"],
      [28, "0a000001"],
      [32, "0a000002"],
      [36, "1f90"],
      [38, "0050"],
    );
    expect(JSON.parse(decode(match))).toEqual([
      { field: "IN_PORT", value: 5 },
      { field: "ETH_SRC", value: "0a:00:00:00:00:01" },
      { field: "ETH_DST", value: "0a:00:00:00:00:02" },
      { field: "VLAN_VID", value: 0x1064 },
      { field: "VLAN_PCP", value: 3 },
      { field: "ETH_TYPE", value: 0x0800 },
      { field: "IP_DSCP", value: 10 },
      { field: "IP_PROTO", value: 6 },
      { field: "IPV4_SRC", value: "10.0.0.1" },
      { field: "IPV4_DST", value: "10.0.0.2" },
      { field: "TCP_SRC", value: 8080 },
      { field: "TCP_DST", value: 80 },
    ]);
    expect(residue(match)).toBe(false);
    expect(context.l4).toBe(6);
  });

  it("shows reserved ports by the names of 32 bits", () => {
    expect(decode(match10([0, "003820fe"], [4, "fffe"]))).toBe('[{"field":"IN_PORT","value":"LOCAL"}]');
    expect(decode(match10([0, "003820fe"], [4, "ff00"]))).toBe('[{"field":"IN_PORT","value":65280}]');
  });

  it("prints an untagged match as VLAN_VID 0 and a tag with its presence bit", () => {
    expect(decode(match10([0, "003820fd"], [18, "ffff"]))).toBe('[{"field":"VLAN_VID","value":0}]');
    expect(decode(match10([0, "003820fd"], [18, "0005"]))).toBe('[{"field":"VLAN_VID","value":4101}]');
    expect(decode(match10([0, "003820fd"], [18, "0000"]))).toBe('[{"field":"VLAN_VID","value":4096}]');
  });

  it.each([
    ["00380000", "0a010203", '"value":"10.1.2.3"'],
    ["00380800", "0a010200", '"value":"10.1.2.0","mask":"255.255.255.0"'],
    ["00380100", "0a010202", '"value":"10.1.2.2","mask":"255.255.255.254"'],
    ["00381f00", "80000000", '"value":"128.0.0.0","mask":"128.0.0.0"'],
  ])("turns the wildcard bits %s of an address into a prefix", (wildcards, address, text) => {
    const match = match10(
      [0, (Number.parseInt(wildcards, 16) | 0xff).toString(16).padStart(8, "0")],
      [28, address],
    );
    expect(decode(match)).toBe(`[{"field":"IPV4_SRC",${text}}]`);
    expect(residue(match)).toBe(false);
  });

  it("names the protocol fields of ARP", () => {
    const match = match10([0, "003000cf"], [22, "0806"], [25, "02"], [28, "0a000001"], [32, "0a000002"]);
    expect(JSON.parse(decode(match))).toEqual([
      { field: "ETH_TYPE", value: 0x0806 },
      { field: "ARP_OP", value: 2 },
      { field: "ARP_SPA", value: "10.0.0.1" },
      { field: "ARP_TPA", value: "10.0.0.2" },
    ]);
    expect(context.l4).toBe(0);
    expect(residue(match)).toBe(false);
  });

  it.each([
    ["01", "ICMPV4_TYPE", "ICMPV4_CODE"],
    ["06", "TCP_SRC", "TCP_DST"],
    ["11", "UDP_SRC", "UDP_DST"],
    ["84", "SCTP_SRC", "SCTP_DST"],
    ["91", "TCP_SRC", "TCP_DST"],
  ])("names the ports of IP protocol 0x%s %s and %s", (proto, src, dst) => {
    const match = match10([0, "0038200f"], [22, "0800"], [25, proto], [36, "0007"], [38, "0009"]);
    const list = JSON.parse(decode(match)) as { field: string; value: number }[];
    expect(list.slice(-2)).toEqual([
      { field: src, value: 7 },
      { field: dst, value: 9 },
    ]);
    expect(context.l4).toBe(Number.parseInt(proto, 16));
  });

  it.each([
    ["a wildcard bit without meaning", match10([0, "007820ff"])],
    ["more than 32 wildcard bits of an address", match10([0, "003fffff"])],
    ["a port under a wildcard", match10([4, "0001"])],
    ["an Ethernet source under a wildcard", match10([11, "01"])],
    ["an Ethernet destination under a wildcard", match10([12, "01"])],
    ["a VLAN id under a wildcard", match10([18, "0001"])],
    ["a VLAN id above 4095", match10([0, "003820fd"], [18, "1005"])],
    ["a priority under a wildcard", match10([20, "01"])],
    ["a priority above 7", match10([0, "002820ff"], [20, "08"])],
    ["padding", match10([21, "01"])],
    ["more padding", match10([27, "01"])],
    ["an Ethernet type under a wildcard", match10([22, "0800"])],
    ["a type of service under a wildcard", match10([24, "04"])],
    ["a type of service with ECN bits", match10([0, "001820ff"], [24, "29"])],
    ["a type of service of ARP", match10([0, "001820ef"], [22, "0806"])],
    ["an IP protocol under a wildcard", match10([25, "06"])],
    ["address bits under wildcard bits", match10([0, "003808ff"], [28, "0a010203"])],
    ["an address under a wildcard", match10([32, "00000001"])],
    ["a source port under a wildcard", match10([36, "0001"])],
    ["a destination port under a wildcard", match10([38, "0001"])],
    ["a port of ARP", match10([0, "003820af"], [22, "0806"])],
    ["an ICMP type above 255", match10([0, "0038209f"], [25, "01"], [36, "0101"])],
    ["a port of SCTP, which 1.0 does not have", match10([0, "0038209f"], [25, "84"], [36, "0001"])],
  ])("has a residue for %s", (_what, match) => {
    expect(residue(match)).toBe(true);
  });

  it("refuses a match that is cut short", () => {
    expect(() => printed(decodeMatch_1_0, match10(), 0, 39)).toThrow(DecodeError);
  });

  it("reads at its offset and not beyond its end", () => {
    const around = Buffer.concat([
      Buffer.alloc(3, 0xee),
      match10([0, "003820fe"], [4, "0007"]),
      Buffer.alloc(9, 0xee),
    ]);
    expect(printed(decodeMatch_1_0, around, 3, 43)).toBe('[{"field":"IN_PORT","value":7}]');
    expect(residueMatch_1_0(around, 3, 43)).toBe(false);
  });
});
