import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EncodeError } from "../../src/base/index.js";
import { encodeFieldList } from "../../src/codec/fields.js";
import { decodeFields } from "../../src/codec/gen/decode/oxm.js";
import { fieldKinds } from "../../src/codec/gen/encode/oxm.js";
import { MessageWriter } from "../../src/codec/message-writer.js";
import { printed } from "./native/fixed-matches.js";

interface FieldJson {
  field: string;
  value: unknown;
  mask?: unknown;
}

/** `IN_PORT=1 VLAN_VID=0x1000/0x1000` as a list of fields. */
function fields(text: string): FieldJson[] {
  return text
    .split(" ")
    .filter((item) => item !== "")
    .map((item) => {
      const [field = "", rest = ""] = item.split("=");
      const [value, mask] = rest.split("/");
      return mask === undefined ? { field, value } : { field, value, mask };
    });
}

/** The fields that the encoder writes for a list, as the decoder prints them. */
function written(list: unknown, unchecked = false): FieldJson[] {
  const w = new MessageWriter();
  w.version = 4;
  w.unchecked = unchecked;
  w.zeros(3); // a list never starts at the beginning of the writer
  encodeFieldList(w, list, "match");
  return JSON.parse(`[${printed(decodeFields, w.copy(3))}]`) as FieldJson[];
}

const names = (list: readonly FieldJson[]): string =>
  list
    .map(({ field, value }) => `${field}=${typeof value === "object" ? JSON.stringify(value) : value}`)
    .join(" ");

function caught(list: unknown): EncodeError {
  const w = new MessageWriter();
  w.version = 4;
  try {
    encodeFieldList(w, list, "match");
  } catch (error) {
    if (error instanceof EncodeError) return error;
    throw error;
  }
  throw new Error("no error");
}

describe("prerequisites of match fields", () => {
  it.each([
    ["IPV4_DST=1.2.3.4", "ETH_TYPE=2048 IPV4_DST=1.2.3.4"],
    ["IN_PORT=1 IPV4_DST=1.2.3.4", "IN_PORT=1 ETH_TYPE=2048 IPV4_DST=1.2.3.4"],
    ["IPV4_DST=1.2.3.4 IN_PORT=1", "ETH_TYPE=2048 IPV4_DST=1.2.3.4 IN_PORT=1"],
    ["TCP_DST=80 ETH_TYPE=0x800", "ETH_TYPE=2048 IP_PROTO=6 TCP_DST=80"],
    ["IPV4_DST=1.2.3.4 TCP_DST=80", "ETH_TYPE=2048 IPV4_DST=1.2.3.4 IP_PROTO=6 TCP_DST=80"],
    ["ICMPV4_CODE=3", "ETH_TYPE=2048 IP_PROTO=1 ICMPV4_CODE=3"],
    ["ICMPV6_TYPE=3", "ETH_TYPE=34525 IP_PROTO=58 ICMPV6_TYPE=3"],
    [
      "IPV6_ND_SLL=00:00:00:00:00:01",
      "ETH_TYPE=34525 IP_PROTO=58 ICMPV6_TYPE=135 IPV6_ND_SLL=00:00:00:00:00:01",
    ],
    ["PBB_ISID=3", "ETH_TYPE=35047 PBB_ISID=3"],
    ["ARP_SPA=1.2.3.4 ARP_TPA=1.2.3.4", "ETH_TYPE=2054 ARP_SPA=1.2.3.4 ARP_TPA=1.2.3.4"],
    ["SCTP_DST=5 ETH_TYPE=0x86dd", "ETH_TYPE=34525 IP_PROTO=132 SCTP_DST=5"],
    ["NX_TCP_FLAGS=5 ETH_TYPE=0x800", "ETH_TYPE=2048 IP_PROTO=6 NX_TCP_FLAGS=5"],
    ["NX_IP_SRC=1.2.3.4", "ETH_TYPE=2048 NX_IP_SRC=1.2.3.4"],
    ["NX_NSH_SI=3", "ETH_TYPE=35151 NX_NSH_SI=3"],
  ])("are added when there is one way to do so: %s", (given, expected) => {
    expect(names(written(fields(given)))).toBe(expected);
  });

  it.each([
    ["IPV4_DST=1.2.3.4 ETH_TYPE=0x800", "ETH_TYPE=2048 IPV4_DST=1.2.3.4"],
    ["IPV4_DST=1.2.3.4 IN_PORT=1 ETH_TYPE=0x800", "ETH_TYPE=2048 IPV4_DST=1.2.3.4 IN_PORT=1"],
    ["TCP_DST=80 IP_PROTO=6 ETH_TYPE=0x800", "ETH_TYPE=2048 IP_PROTO=6 TCP_DST=80"],
    ["VLAN_PCP=3 VLAN_VID=0x1005", "VLAN_VID=4101 VLAN_PCP=3"],
    ["IN_PHY_PORT=3 IN_PORT=2", "IN_PORT=2 IN_PHY_PORT=3"],
    [
      "METADATA=1 IN_PHY_PORT=3 ARP_OP=1 IN_PORT=2",
      "METADATA=1 IN_PORT=2 IN_PHY_PORT=3 ETH_TYPE=2054 ARP_OP=1",
    ],
    ["IPV6_ND_TARGET=::1 ICMPV6_TYPE=135", "ETH_TYPE=34525 IP_PROTO=58 ICMPV6_TYPE=135 IPV6_ND_TARGET=::1"],
    ["NX_CT_NW_SRC=1.2.3.4 NX_CT_STATE=+trk-inv", "NX_CT_STATE=32 NX_CT_NW_SRC=1.2.3.4"],
    ["NX_CT_TP_DST=5 NX_CT_STATE=+est", "NX_CT_STATE=2 NX_CT_TP_DST=5"],
    ["NX_CT_TP_DST=5 NX_CT_STATE=trk", "NX_CT_STATE=32 NX_CT_TP_DST=5"],
    ["0x80000A02=0800 TCP_DST=5", "ETH_TYPE=2048 IP_PROTO=6 TCP_DST=5"],
  ])("are moved before the field that needs them: %s", (given, expected) => {
    expect(names(written(fields(given)))).toBe(expected);
  });

  it.each([
    ["TCP_DST=80 IPV4_DST=1.2.3.4", "ETH_TYPE=2048 IP_PROTO=6 TCP_DST=80 IPV4_DST=1.2.3.4"],
    ["IP_DSCP=3 IPV6_DST=::1", "ETH_TYPE=34525 IP_DSCP=3 IPV6_DST=::1"],
    ["IP_PROTO=17 IN_PORT=1 IPV4_SRC=1.2.3.4", "ETH_TYPE=2048 IP_PROTO=17 IN_PORT=1 IPV4_SRC=1.2.3.4"],
    [
      "IPV6_ND_TARGET=::1 IPV6_ND_TLL=00:00:00:00:00:01",
      "ETH_TYPE=34525 IP_PROTO=58 ICMPV6_TYPE=136 IPV6_ND_TARGET=::1 IPV6_ND_TLL=00:00:00:00:00:01",
    ],
    ["TCP_FLAGS=2 TCP_SRC=1 IPV6_SRC=::1", "ETH_TYPE=34525 IP_PROTO=6 TCP_FLAGS=2 TCP_SRC=1 IPV6_SRC=::1"],
  ])("are added when a later field leaves one way: %s", (given, expected) => {
    expect(names(written(fields(given)))).toBe(expected);
  });

  it.each([
    ["NX_ETH_TYPE=0x800 NX_IP_SRC=1.2.3.4", "NX_ETH_TYPE=2048 NX_IP_SRC=1.2.3.4"],
    ["NX_TCP_DST=80 NX_IP_PROTO=6 NX_ETH_TYPE=0x86dd", "NX_ETH_TYPE=34525 NX_IP_PROTO=6 NX_TCP_DST=80"],
    ["VLAN_PCP=3 NX_VLAN_TCI=0x1000/0x1000", "NX_VLAN_TCI=4096 VLAN_PCP=3"],
    [
      "PACKET_TYPE=0x10800 IPV4_SRC=1.2.3.4",
      'PACKET_TYPE={"namespace":"ETHERTYPE","ns_type":2048} IPV4_SRC=1.2.3.4',
    ],
    [
      "PACKET_TYPE=0 IPV4_SRC=1.2.3.4",
      'PACKET_TYPE={"namespace":"ONF","ns_type":0} ETH_TYPE=2048 IPV4_SRC=1.2.3.4',
    ],
  ])("are met by fields of other classes that say the same: %s", (given, expected) => {
    expect(names(written(fields(given)))).toBe(expected);
  });

  it("stay where they are when all is in order", () => {
    const given = "NX_REG0=1 ETH_TYPE=2048 IN_PORT=3 IP_PROTO=6 IPV4_SRC=1.2.3.4 TCP_DST=80";
    expect(names(written(fields(given)))).toBe(given);
  });

  it("are met by a value under a mask of all ones", () => {
    expect(written(fields("ETH_TYPE=0x800/0xffff IPV4_DST=1.2.3.4"))).toHaveLength(2);
  });

  it("are met by any tag", () => {
    expect(names(written(fields("VLAN_PCP=3 VLAN_VID=0x1000/0x1000")))).toBe("VLAN_VID=4096 VLAN_PCP=3");
  });

  it.each([
    [
      "TCP_DST=80",
      "Missing prerequisites: TCP_DST needs ETH_TYPE 0x0800 or 0x86dd, which the match does not have",
    ],
    [
      "IP_PROTO=6",
      "Missing prerequisites: IP_PROTO needs ETH_TYPE 0x0800 or 0x86dd, which the match does not have",
    ],
    [
      "IP_DSCP=3",
      "Missing prerequisites: IP_DSCP needs ETH_TYPE 0x0800 or 0x86dd, which the match does not have",
    ],
    [
      "MPLS_LABEL=3",
      "Missing prerequisites: MPLS_LABEL needs ETH_TYPE 0x8847 or 0x8848, which the match does not have",
    ],
    [
      "VLAN_PCP=3",
      "Missing prerequisites: VLAN_PCP needs VLAN_VID with bit 0x1000 set, which the match does not have",
    ],
    [
      "NX_ARP_OP=1",
      "Missing prerequisites: NX_ARP_OP needs ETH_TYPE 0x0806 or 0x8035, which the match does not have",
    ],
    ["IN_PHY_PORT=3", "Missing prerequisites: IN_PHY_PORT needs IN_PORT, which the match does not have"],
    [
      "IPV6_ND_TARGET=::1",
      "Missing prerequisites: IPV6_ND_TARGET needs ICMPV6_TYPE 135 or 136, which the match does not have",
    ],
  ])("are refused when there are several ways to add them: %s", (given, detail) => {
    const error = caught(fields(given));
    expect(error.message).toBe(`match[0]: Invalid match: ${detail}`);
  });

  it("are looked for in the order of the list", () => {
    expect(caught(fields("IN_PORT=1 TCP_DST=80 IP_DSCP=3")).path).toBe("match[1]");
  });

  it.each([
    [
      "ETH_TYPE=0x86dd IPV4_SRC=1.2.3.4",
      "match[1]: Invalid match: Conflicting prerequisites: IPV4_SRC needs ETH_TYPE 0x0800, but match[0] has ETH_TYPE 0x86dd",
    ],
    [
      "ARP_SPA=1.2.3.4 ETH_TYPE=0x800",
      "match[0]: Invalid match: Conflicting prerequisites: ARP_SPA needs ETH_TYPE 0x0806, but match[1] has ETH_TYPE 0x0800",
    ],
    [
      "IPV4_SRC=1.2.3.4 IPV6_SRC=::1",
      "match[1]: Invalid match: Conflicting prerequisites: IPV6_SRC needs ETH_TYPE 0x86dd, but IPV4_SRC needs ETH_TYPE 0x0800",
    ],
    [
      "ETH_TYPE=0x800 TCP_DST=5 UDP_DST=5",
      "match[2]: Invalid match: Conflicting prerequisites: UDP_DST needs IP_PROTO 17, but TCP_DST needs IP_PROTO 6",
    ],
    [
      "PACKET_TYPE=0x186dd IPV4_DST=1.2.3.4",
      "match[1]: Invalid match: Conflicting prerequisites: IPV4_DST needs ETH_TYPE 0x0800, but match[0] has PACKET_TYPE 0x000186dd",
    ],
    [
      "NX_CT_STATE=+trk NX_CT_TP_DST=5",
      "match[1]: Invalid match: Conflicting prerequisites: NX_CT_TP_DST needs NX_CT_STATE with +new or +est or +rel or +rpl or +snat or +dnat or +trk-inv, but match[0] has NX_CT_STATE 0x00000020 under a mask",
    ],
    [
      "IPV6_ND_TLL=00:00:00:00:00:01 IPV6_ND_SLL=00:00:00:00:00:01",
      "match[1]: Invalid match: Conflicting prerequisites: IPV6_ND_SLL needs ICMPV6_TYPE 135, but IPV6_ND_TLL needs ICMPV6_TYPE 136",
    ],
    [
      "ETH_TYPE=0x800/0xff00 IPV4_DST=1.2.3.4",
      "match[1]: Invalid match: Conflicting prerequisites: IPV4_DST needs ETH_TYPE 0x0800, but match[0] has ETH_TYPE 0x0800 under a mask",
    ],
    [
      "VLAN_VID=5 VLAN_PCP=3",
      "match[1]: Invalid match: Conflicting prerequisites: VLAN_PCP needs VLAN_VID with bit 0x1000 set, but match[0] has VLAN_VID 0x0005",
    ],
    [
      "VLAN_VID=0x1005/0xfff VLAN_PCP=3",
      "match[1]: Invalid match: Conflicting prerequisites: VLAN_PCP needs VLAN_VID with bit 0x1000 set, but match[0] has VLAN_VID 0x0005 under a mask",
    ],
    [
      "ICMPV6_TYPE=135 IPV6_ND_TLL=00:00:00:00:00:01",
      "match[1]: Invalid match: Conflicting prerequisites: IPV6_ND_TLL needs ICMPV6_TYPE 136, but match[0] has ICMPV6_TYPE 135",
    ],
  ])("contradict the match: %s", (given, message) => {
    expect(caught(fields(given)).message).toBe(message);
  });

  it("are left alone when unchecked", () => {
    const given = "VLAN_PCP=3 TCP_DST=80 IPV4_SRC=1.2.3.4 ARP_OP=1 IN_PORT=1 IN_PORT=2";
    expect(names(written(fields(given), true))).toBe(given);
  });
});

describe("fields that are there twice", () => {
  it("are written once when they say the same", () => {
    expect(names(written(fields("IN_PORT=1 ETH_TYPE=3 IN_PORT=1")))).toBe("IN_PORT=1 ETH_TYPE=3");
    expect(written(fields("IPV4_DST=1.2.3.4/255.0.0.0 IPV4_DST=1.9.9.9/255.0.0.0"))).toHaveLength(2);
  });

  it.each([
    [
      "IN_PORT=1 ETH_TYPE=3 IN_PORT=2",
      "match[2]: Invalid match: Conflicting prerequisites: IN_PORT is also in match[0], and not with the same value",
    ],
    [
      "NX_REG0=5 NX_REG0=5/0xff",
      "match[1]: Invalid match: Conflicting prerequisites: NX_REG0 is also in match[0], and not with the same value",
    ],
  ])("are refused when they do not: %s", (given, message) => {
    expect(caught(fields(given)).message).toBe(message);
  });

  it("are kept when nobody knows what they mean", () => {
    const list = fields("0x80FF1402=ABCD 0x80FF1402=ABCE");
    expect(written(list)).toHaveLength(2);
  });
});

describe("a list of fields", () => {
  it.each([
    ["is not a list", { IN_PORT: 1 }, "match"],
    ["has an element that is no field", [{ field: "IN_PORT", value: 1 }, 7], "match[1]"],
    ["has a field of no known name", [{ field: "IN_PROT", value: 1 }], "match[0].field"],
    [
      "has a value of another type",
      [
        { field: "IN_PORT", value: 1 },
        { field: "ETH_SRC", value: 1 },
      ],
      "match[1].value",
    ],
    ["has no value", [{ field: "IN_PORT" }], "match[0].value"],
    ["has an unknown key", [{ field: "IN_PORT", value: 1, valu: 2 }], "match[0].valu"],
  ])("is refused when it %s", (_what, list, path) => {
    expect(caught(list).path).toBe(path);
  });

  it("is refused when no message can hold it", () => {
    const list = new Array(16385).fill({ field: "0x80FF1400", value: "" });
    expect(caught(list).code).toBe("TOO_LONG");
  });

  it("tells the IP protocol that the match demands", () => {
    const l4 = (text: string): number => {
      const w = new MessageWriter();
      w.version = 4;
      encodeFieldList(w, fields(text), "match");
      return w.l4;
    };
    expect(l4("ETH_TYPE=0x800 IP_PROTO=17")).toBe(17);
    expect(l4("IN_PORT=1")).toBe(0);
    expect(l4("ETH_TYPE=0x800 IP_PROTO=17/0x1f")).toBe(0);
  });
});

describe("any list of fields", () => {
  const needy = fieldKinds.filter((kind) => kind.needs.length > 0 && kind.experimenter === 0);
  const value = (size: number): fc.Arbitrary<string> =>
    fc.uint8Array({ minLength: size, maxLength: size }).map((bytes) => Buffer.from(bytes).toString("hex"));
  const field = fc
    .constantFrom(
      ...needy,
      ...fieldKinds.filter((kind) => kind.name === "ETH_TYPE" || kind.name === "IP_PROTO"),
    )
    .filter((kind) => kind.size > 0)
    .chain((kind) => fc.tuple(fc.constant(kind), fc.oneof(value(kind.size), value(kind.size))));

  it("comes out with prerequisites before the fields that need them, or is refused", () => {
    fc.assert(
      fc.property(fc.array(field, { maxLength: 6 }), (list) => {
        const w = new MessageWriter();
        w.version = 4;
        w.unchecked = true;
        for (const [kind, hex] of list) {
          w.u32((kind.header | kind.size) >>> 0);
          w.bytes(Buffer.from(hex, "hex"));
        }
        const given = JSON.parse(`[${printed(decodeFields, w.copy())}]`) as FieldJson[];
        let out: FieldJson[];
        try {
          out = written(given);
        } catch (error) {
          expect(error).toBeInstanceOf(EncodeError);
          return;
        }
        const before = new Set<string>();
        for (const { field: name } of out) {
          const kind = fieldKinds.find((one) => one.name === name);
          for (const need of kind?.needs ?? []) {
            const able = [need.kind, ...(need.or ?? []).map((one) => one.kind)];
            expect(able.some((one) => before.has(fieldKinds[one]?.name ?? ""))).toBe(true);
          }
          expect(before).not.toContain(name);
          before.add(name);
        }
        for (const one of given) expect(out).toContainEqual(one);
        expect(written(out)).toEqual(out);
      }),
      { numRuns: 300 },
    );
  });
});
