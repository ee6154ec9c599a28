import { beforeEach, describe, expect, it } from "vitest";
import { DecodeError } from "../../../../src/base/index.js";
import { context } from "../../../../src/codec/context.js";
import { decodeMatch_1_1, residueMatch_1_1 } from "../../../../src/codec/native/decode/match-1-1.js";
import { match11, printed } from "../fixed-matches.js";

const decode = (match: Buffer): string => printed(decodeMatch_1_1, match);
const residue = (match: Buffer): boolean => residueMatch_1_1(match, 0, match.length);

describe("the match of OpenFlow 1.1", () => {
  beforeEach(() => {
    context.l4 = 0;
  });

  it("prints no fields when all masks and wildcards say any", () => {
    expect(decode(match11())).toBe("[]");
    expect(residue(match11())).toBe(false);
  });

  it("prints all fields in a fixed order, with masks inverted from the wire", () => {
    const match = match11(
      [4, "fffffffe"],
      [8, "00000000"],
      [12, "0a0000000000"],
      [18, "00ffffffffff"],
      [24, "0a0000000002"],
      [30, "000000000000"],
      [36, "0064"],
      [38, "03"],
      [40, "0800"],
      [42, "28"],
      [43, "11"],
      [44, "0a000001"],
      [48, "00000000"],
      [52, "0a000002"],
      [56, "0000ff00"],
      [60, "1f90"],
      [62, "0050"],
      [64, "000fffff"],
      [68, "05"],
      [72, "0000000000000001"],
      [80, "0000000000000000"],
    );
    expect(JSON.parse(decode(match))).toEqual([
      { field: "IN_PORT", value: "LOCAL" },
      { field: "METADATA", value: 1, mask: 2 ** 64 },
      { field: "ETH_SRC", value: "0a:00:00:00:00:00", mask: "ff:00:00:00:00:00" },
      { field: "ETH_DST", value: "0a:00:00:00:00:02" },
      { field: "VLAN_VID", value: 0x1064 },
      { field: "VLAN_PCP", value: 3 },
      { field: "ETH_TYPE", value: 0x0800 },
      { field: "IP_DSCP", value: 10 },
      { field: "IP_PROTO", value: 17 },
      { field: "IPV4_SRC", value: "10.0.0.1" },
      { field: "IPV4_DST", value: "10.0.0.2", mask: "255.255.0.255" },
      { field: "UDP_SRC", value: 8080 },
      { field: "UDP_DST", value: 80 },
      { field: "MPLS_LABEL", value: 0xfffff },
      { field: "MPLS_TC", value: 5 },
    ]);
    expect(decode(match)).toContain('"mask":18446744073709551615');
    expect(residue(match)).toBe(false);
    expect(context.l4).toBe(17);
  });

  it("prints a mask of which only the last bits say something else than the others", () => {
    const addresses = match11(
      [12, "0a0000000002"],
      [18, "000000000001"],
      [30, "fffffffffffe"],
      [44, "0a000002"],
      [48, "00000001"],
    );
    expect(JSON.parse(decode(addresses))).toEqual([
      { field: "ETH_SRC", value: "0a:00:00:00:00:02", mask: "ff:ff:ff:ff:ff:fe" },
      { field: "ETH_DST", value: "00:00:00:00:00:00", mask: "00:00:00:00:00:01" },
      { field: "IPV4_SRC", value: "10.0.0.2", mask: "255.255.255.254" },
    ]);
    const metadata = match11([80, "fffffffffffffffe"]);
    expect(decode(metadata)).toBe('[{"field":"METADATA","value":0,"mask":1}]');
  });

  it("knows no tag, any tag and a tag", () => {
    const vlan = (hex: string): string => decode(match11([8, "000003fd"], [36, hex]));
    expect(vlan("ffff")).toBe('[{"field":"VLAN_VID","value":0}]');
    expect(vlan("fffe")).toBe('[{"field":"VLAN_VID","value":4096,"mask":4096}]');
    expect(vlan("0005")).toBe('[{"field":"VLAN_VID","value":4101}]');
  });

  it("names the protocol fields of ARP", () => {
    const match = match11([8, "000003d7"], [40, "0806"], [43, "01"], [44, "0a000001"], [48, "00000000"]);
    expect(JSON.parse(decode(match))).toEqual([
      { field: "ETH_TYPE", value: 0x0806 },
      { field: "ARP_OP", value: 1 },
      { field: "ARP_SPA", value: "10.0.0.1" },
    ]);
    expect(context.l4).toBe(0);
  });

  it.each([
    ["a wildcard bit without meaning", match11([8, "000007ff"])],
    ["a port under a wildcard", match11([4, "00000001"])],
    ["an Ethernet source under its mask", match11([12, "0a0000000001"], [18, "0000000000ff"])],
    ["an Ethernet destination under its mask", match11([29, "01"])],
    ["a VLAN id under a wildcard", match11([36, "0001"])],
    ["a VLAN id above 4095", match11([8, "000003fd"], [36, "1005"])],
    ["a priority under a wildcard", match11([38, "01"])],
    ["a priority above 7", match11([8, "000003fb"], [38, "08"])],
    ["padding", match11([39, "01"])],
    ["an Ethernet type under a wildcard", match11([40, "0800"])],
    ["a type of service under a wildcard", match11([42, "04"])],
    ["a type of service with ECN bits", match11([8, "000003ef"], [42, "29"])],
    ["a type of service of ARP", match11([8, "000003e7"], [40, "0806"])],
    ["an IP protocol under a wildcard", match11([43, "06"])],
    ["an address under its mask", match11([44, "00000001"])],
    ["another address under its mask", match11([55, "01"])],
    ["a source port under a wildcard", match11([60, "0001"])],
    ["a destination port under a wildcard", match11([62, "0001"])],
    ["an ICMP code above 255", match11([8, "0000035f"], [43, "01"], [62, "0101"])],
    ["a label under a wildcard", match11([64, "00000001"])],
    ["a label above 20 bits", match11([8, "000002ff"], [64, "00100000"])],
    ["a traffic class under a wildcard", match11([68, "01"])],
    ["a traffic class above 7", match11([8, "000001ff"], [68, "08"])],
    ["padding after the traffic class", match11([69, "01"])],
    ["the last byte of padding", match11([71, "01"])],
    ["metadata under its mask", match11([79, "01"])],
  ])("has a residue for %s", (_what, match) => {
    expect(residue(match)).toBe(true);
  });

  it.each([
    ["another type", match11([0, "0001"])],
    ["another length", match11([2, "0050"])],
  ])("refuses %s", (_what, match) => {
    expect(() => decode(match)).toThrow(DecodeError);
  });

  it("refuses a match that is cut short", () => {
    expect(() => printed(decodeMatch_1_1, match11(), 0, 87)).toThrow(DecodeError);
  });
});
