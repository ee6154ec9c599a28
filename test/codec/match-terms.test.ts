import { describe, expect, it } from "vitest";
import { covers, isSameMatch, overlap, readTerms } from "../../src/codec/match-terms.js";

type Fields = Readonly<Record<string, unknown>>;

/** A match from field names and values; `[value, mask]` is a value under a mask. */
const terms = (fields: Fields, version = 4) =>
  readTerms(
    Object.entries(fields).map(([field, value]) =>
      Array.isArray(value) ? { field, value: value[0], mask: value[1] } : { field, value },
    ),
    version,
    true,
    "match",
  );

const ANY = terms({});
const IP = terms({ ETH_TYPE: 0x0800 });
const NET = terms({ ETH_TYPE: 0x0800, IPV4_DST: ["10.0.0.0", "255.0.0.0"] });
const HOST = terms({ ETH_TYPE: 0x0800, IPV4_DST: "10.0.0.2" });

describe("readTerms", () => {
  it("gives values and masks as bytes, whatever they were written as", () => {
    const { list } = terms({ ETH_TYPE: "IPV4", IPV4_SRC: "10.0.0.0/8" });
    expect(list.map(({ value, mask }) => [[...value], mask && [...mask]])).toEqual([
      [[8, 0], undefined],
      [
        [10, 0, 0, 0],
        [255, 0, 0, 0],
      ],
    ]);
  });

  it("gives one key to fields that are the same, and others to all others", () => {
    const key = (field: string, value: unknown) => terms({ [field]: value }).list[0]?.key;
    expect(key("NX_IP_SRC", "10.0.0.1")).toBe(key("IPV4_SRC", "10.0.0.1"));
    expect(key("ONF_TCP_FLAGS", 1)).toBe(key("TCP_FLAGS", 1));
    expect(key("0x80000A02", "0800")).toBe(key("ETH_TYPE", 0x0800));
    expect(key("NX_REG16", 1)).not.toBe(key("NX_REG17", 1));
    expect(key("NX_NSH_TTL", 1)).not.toBe(key("NX_ET_DP_HASH", 1));
  });

  it("adds the prerequisites that a match must have", () => {
    const list = [{ field: "IPV4_DST", value: "10.0.0.2" }];
    expect(isSameMatch(readTerms(list, 4, false, "match"), HOST)).toBe(true);
    expect(
      isSameMatch(readTerms(list, 1, false, "match"), terms({ ETH_TYPE: 0x0800, IPV4_DST: "10.0.0.2" }, 1)),
    ).toBe(true);
  });

  it("takes a number without presence bit for that of a tag in 1.0 and 1.1, as their encoders do", () => {
    for (const version of [1, 2]) {
      expect(isSameMatch(terms({ VLAN_VID: 5 }, version), terms({ VLAN_VID: 0x1005 }, version))).toBe(true);
    }
    expect(isSameMatch(terms({ VLAN_VID: 5 }), terms({ VLAN_VID: 0x1005 }))).toBe(false);
  });

  it("keeps nothing of what it read before", () => {
    const first = terms({ IPV4_DST: "10.0.0.2" });
    terms({ IPV4_DST: "192.0.2.1" });
    expect([...(first.list[0]?.value ?? [])]).toEqual([10, 0, 0, 2]);
  });

  it("names the place of what is wrong", () => {
    expect(() => terms({ ETH_TYPE: 0x0800, IPV4_DST: "10.0.0" })).toThrow(
      'match[1].value: "10.0.0" is not an IPv4Address',
    );
  });
});

describe("covers", () => {
  it("is true for the wider match only", () => {
    expect([covers(ANY, IP), covers(IP, ANY)]).toEqual([true, false]);
    expect([covers(NET, HOST), covers(HOST, NET)]).toEqual([true, false]);
    expect(covers(NET, terms({ ETH_TYPE: 0x0800, IPV4_DST: "11.0.0.2" }))).toBe(false);
  });

  it("wants the bits of its mask to be among those of the other", () => {
    const low = terms({ METADATA: [1, 0x0f] });
    expect(covers(low, terms({ METADATA: [0x11, 0x1f] }))).toBe(true);
    expect(covers(low, terms({ METADATA: [0x11, 0x1d] }))).toBe(false);
  });

  it("asks for nothing under a mask of zeros", () => {
    expect(covers(terms({ METADATA: [0, 0] }), ANY)).toBe(true);
  });

  it("compares ports by their numbers", () => {
    expect(isSameMatch(terms({ IN_PORT: "LOCAL" }), terms({ IN_PORT: 0xfffffffe }))).toBe(true);
    expect(isSameMatch(terms({ IN_PORT: "LOCAL" }), terms({ IN_PORT: 1 }))).toBe(false);
  });
});

describe("isSameMatch", () => {
  it("does not look at the order of the fields", () => {
    expect(isSameMatch(HOST, terms({ IPV4_DST: "10.0.0.2", ETH_TYPE: 0x0800 }))).toBe(true);
    expect(isSameMatch(NET, HOST)).toBe(false);
  });
});

describe("overlap", () => {
  it("is there when a packet could have both", () => {
    const end = terms({ ETH_TYPE: 0x0800, IPV4_DST: ["0.0.0.2", "0.0.0.255"] });
    expect([overlap(NET, end), overlap(end, NET)]).toEqual([true, true]);
    expect(overlap(NET, terms({ ETH_TYPE: 0x0806 }))).toBe(false);
    expect(overlap(NET, terms({ ETH_TYPE: 0x0800, IPV4_DST: "11.0.0.2" }))).toBe(false);
    expect(overlap(NET, terms({ IN_PORT: 1 }))).toBe(true);
  });
});
