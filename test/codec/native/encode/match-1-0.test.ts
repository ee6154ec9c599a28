import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EncodeError } from "../../../../src/base/index.js";
import { MessageWriter } from "../../../../src/codec/message-writer.js";
import { decodeMatch_1_0, residueMatch_1_0 } from "../../../../src/codec/native/decode/match-1-0.js";
import { encodeMatch_1_0 } from "../../../../src/codec/native/encode/match-1-0.js";
import { type Change, match10, printed } from "../fixed-matches.js";

interface Options {
  unchecked?: boolean;
  residue?: unknown;
}

function writer(unchecked = false): MessageWriter {
  const w = new MessageWriter();
  w.version = 1;
  w.unchecked = unchecked;
  return w;
}

function encode(list: unknown, { unchecked = false, residue }: Options = {}): string {
  const w = writer(unchecked);
  w.zeros(8);
  encodeMatch_1_0(w, list, residue, "match");
  return w.view(8).toString("hex");
}

function refused(list: unknown, options: Options = {}): string {
  try {
    encode(list, options);
  } catch (error) {
    if (error instanceof EncodeError) return error.message;
    throw error;
  }
  throw new Error("no error");
}

const hex = (...changes: Change[]): string => match10(...changes).toString("hex");

describe("a match encoded for OpenFlow 1.0", () => {
  it("is all wildcards without fields", () => {
    expect(encode([])).toBe(`003820ff${"00".repeat(36)}`);
  });

  it("has each field in its place", () => {
    const list = [
      { field: "IN_PORT", value: "LOCAL" },
      { field: "ETH_SRC", value: "0a:00:00:00:00:01" },
      { field: "ETH_DST", value: "0a:00:00:00:00:02" },
      { field: "VLAN_VID", value: 0x1064 },
      { field: "VLAN_PCP", value: 3 },
      { field: "ETH_TYPE", value: 0x0800 },
      { field: "IP_DSCP", value: 10 },
      { field: "IP_PROTO", value: 17 },
      { field: "IPV4_SRC", value: "10.1.2.3", mask: "255.255.0.0" },
      { field: "IPV4_DST", value: "10.0.0.2" },
      { field: "UDP_SRC", value: 8080 },
      { field: "UDP_DST", value: 80 },
    ];
    expect(encode(list)).toBe(
      "00001000" + // 16 wildcard bits of the source
        "fffe0a00000000010a00000000020064030008002811" +
        "00000a0100000a0000021f900050",
    );
  });

  it("gets prerequisites as later versions do", () => {
    expect(
      encode([
        { field: "IPV4_DST", value: "10.0.0.1" },
        { field: "ICMPV4_TYPE", value: 8 },
      ]),
    ).toBe(hex([0, "0030208f"], [22, "0800"], [25, "01"], [32, "0a000001"], [36, "0008"]));
    expect(refused([{ field: "TCP_DST", value: 80 }])).toBe(
      "match[0]: Invalid match: Missing prerequisites: TCP_DST needs ETH_TYPE 0x0800 or 0x86dd, which the match does not have",
    );
  });

  it("takes the fields of ARP", () => {
    const list = [
      { field: "ARP_OP", value: 2 },
      { field: "ARP_SPA", value: "10.0.0.1" },
      { field: "ARP_TPA", value: "10.0.0.2", mask: "255.255.255.0" },
    ];
    expect(encode(list)).toBe(
      hex([0, "003200cf"], [22, "0806"], [25, "02"], [28, "0a000001"], [32, "0a000000"]),
    );
  });

  it.each([
    [0, undefined, "ffff"],
    [0, 0x1fff, "ffff"],
    [0, 0x1000, "ffff"],
    [5, undefined, "0005"],
    [0x1005, undefined, "0005"],
    [0x1005, 0x1fff, "0005"],
    [0x1000, undefined, "0000"],
  ])("says VLAN_VID %i under mask %s as dl_vlan 0x%s", (value, mask, wire) => {
    const field = mask === undefined ? { field: "VLAN_VID", value } : { field: "VLAN_VID", value, mask };
    expect(encode([field])).toBe(hex([0, "003820fd"], [18, wire]));
  });

  it.each([
    ["1", "0001"],
    ["65280", "ff00"],
    ["65534", "fffe"],
    ["4294967294", "fffe"],
    ["CONTROLLER", "fffd"],
  ])("says IN_PORT %s as 0x%s", (value, wire) => {
    expect(encode([{ field: "IN_PORT", value }])).toBe(hex([0, "003820fe"], [4, wire]));
  });

  it("has no wildcard bits for a mask of all ones, and only wildcards for a mask of zeros", () => {
    const list = (mask: string): unknown => [
      { field: "ETH_TYPE", value: 2048 },
      { field: "IPV4_SRC", value: "1.2.3.4", mask },
    ];
    expect(encode(list("255.255.255.255"))).toBe(hex([0, "003800ef"], [22, "0800"], [28, "01020304"]));
    expect(encode(list("0.0.0.0"))).toBe(hex([0, "003820ef"], [22, "0800"]));
  });

  it.each([
    [{ field: "METADATA", value: 1 }, "field: METADATA cannot be expressed in OpenFlow 1.0"],
    [{ field: "IPV6_SRC", value: "::1" }, "field: IPV6_SRC cannot be expressed in OpenFlow 1.0"],
    [{ field: "SCTP_SRC", value: 1 }, "field: SCTP_SRC cannot be expressed in OpenFlow 1.0"],
    [{ field: "NX_REG0", value: 1 }, "field: NX_REG0 cannot be expressed in OpenFlow 1.0"],
    [{ field: "ARP_SHA", value: "00:00:00:00:00:01" }, "field: ARP_SHA cannot be expressed in OpenFlow 1.0"],
    [{ field: "IP_ECN", value: 1 }, "field: IP_ECN cannot be expressed in OpenFlow 1.0"],
    [{ field: "0x80FF1402", value: "ABCD" }, "field: 0x80FF1402 cannot be expressed in OpenFlow 1.0"],
    [{ field: "0x80000001", value: "AB" }, "field: 0x80000001 cannot be expressed in OpenFlow 1.0"],
    [
      { field: "ETH_DST", value: "01:00:00:00:00:00", mask: "01:00:00:00:00:00" },
      "mask: ETH_DST with a mask cannot be expressed in OpenFlow 1.0",
    ],
    [
      { field: "IPV4_SRC", value: "10.0.0.1", mask: "255.0.0.255" },
      "mask: IPV4_SRC with a mask that is not a prefix cannot be expressed in OpenFlow 1.0",
    ],
    [
      { field: "VLAN_VID", value: 0x1000, mask: 0x1000 },
      "mask: VLAN_VID with this mask cannot be expressed in OpenFlow 1.0",
    ],
    [{ field: "IN_PORT", value: 70000 }, "value: IN_PORT port 70000 cannot be expressed in OpenFlow 1.0"],
    [{ field: "ARP_OP", value: 256 }, "value: ARP_OP operation 256 cannot be expressed in OpenFlow 1.0"],
  ])("is refused for %o", (field, detail) => {
    const list = [{ field: "ETH_TYPE", value: 2054 }, field];
    expect(refused(list)).toBe(`match[1].${detail}`);
    expect(refused(list, { unchecked: true })).toBe(`match[1].${detail}`);
  });

  it.each([
    ["ARP fields need ETH_TYPE 0x0806", [{ field: "ARP_OP", value: 1 }]],
    [
      "a match on ARP packets cannot have fields of IP",
      [
        { field: "ETH_TYPE", value: 0x0806 },
        { field: "IPV4_SRC", value: "1.2.3.4" },
      ],
    ],
    ["UDP fields need IP_PROTO 17", [{ field: "UDP_DST", value: 53 }]],
    [
      "TCP fields need IP_PROTO 6",
      [
        { field: "IP_PROTO", value: 17 },
        { field: "TCP_DST", value: 53 },
      ],
    ],
    [
      "two fields that share one place",
      [
        { field: "TCP_DST", value: 53 },
        { field: "TCP_DST", value: 53 },
      ],
    ],
    [
      "two fields that share one place",
      [
        { field: "IPV4_DST", value: "1.2.3.4" },
        { field: "IPV4_DST", value: "1.2.3.4" },
      ],
    ],
  ])("is refused, also unchecked, when it would be read as something else: %s", (detail, list) => {
    expect(refused(list, { unchecked: true })).toContain(`match: ${detail}`);
  });

  it("may be unchecked with ports of any protocol", () => {
    expect(encode([{ field: "TCP_DST", value: 53 }], { unchecked: true })).toBe(
      hex([0, "0038207f"], [38, "0035"]),
    );
  });

  it("tells the IP protocol to the actions", () => {
    const w = writer();
    encodeMatch_1_0(
      w,
      [
        { field: "ETH_TYPE", value: 2048 },
        { field: "IP_PROTO", value: 17 },
      ],
      undefined,
      "match",
    );
    expect(w.l4).toBe(17);
    encodeMatch_1_0(w, [], undefined, "match");
    expect(w.l4).toBe(0);
  });

  it("leaves the bytes before it alone", () => {
    const w = writer();
    w.u32(0x01020304);
    encodeMatch_1_0(w, [], undefined, "match");
    expect(w.view().toString("hex")).toBe(`01020304003820ff${"00".repeat(36)}`);
  });
});

describe("the residue of a 1.0 match", () => {
  const bytes = match10([0, "003820fe"], [4, "0007"], [36, "1234"]);
  const residue = bytes.toString("hex");

  it("is used while the list says the same, in any spelling", () => {
    expect(encode([{ field: "IN_PORT", value: 7 }], { residue })).toBe(residue);
    expect(encode([{ field: "IN_PORT", value: "0x7" }], { residue: residue.toUpperCase() })).toBe(residue);
  });

  it("is not used when the list was edited", () => {
    expect(encode([{ field: "IN_PORT", value: 8 }], { residue })).toBe(hex([0, "003820fe"], [4, "0008"]));
    expect(encode([], { residue })).toBe(hex());
  });

  it("carries values that a list cannot have", () => {
    const odd = hex([0, "002820fd"], [18, "9fdd"], [20, "34"]);
    expect(
      encode(
        [
          { field: "VLAN_VID", value: 0x9fdd },
          { field: "VLAN_PCP", value: 0x34 },
        ],
        { residue: odd },
      ),
    ).toBe(odd);
  });

  it("tells the IP protocol to the actions", () => {
    const w = writer();
    const udp = hex([0, "003820cf"], [21, "01"], [22, "0800"], [25, "11"]);
    encodeMatch_1_0(
      w,
      [
        { field: "ETH_TYPE", value: 2048 },
        { field: "IP_PROTO", value: 17 },
      ],
      udp,
      "match",
    );
    expect([w.view().toString("hex"), w.l4]).toEqual([udp, 17]);
  });

  it.each([["00"], ["zz"], [7], [{}]])("is refused when it is %o", (odd) => {
    expect(refused([], { residue: odd })).toMatch(/^_match: /);
  });
});

describe("any 40 bytes", () => {
  const words = fc.tuple(
    fc.oneof(fc.nat({ max: 0xffffffff }), fc.nat({ max: 0x3fffff }), fc.constant(0), fc.constant(0x3820ff)),
    fc.uint8Array({ minLength: 36, maxLength: 36 }),
    fc.constantFrom(0x0800, 0x0806, 0x86dd, 0),
    fc.constantFrom(0, 1, 6, 17, 132),
    fc.boolean(),
  );
  const match = words.map(([wildcards, rest, type, proto, clean]) => {
    const b = Buffer.concat([Buffer.alloc(4), rest]);
    b.writeUInt32BE(wildcards, 0);
    b.writeUInt16BE(type, 22);
    b[25] = proto;
    if (clean) {
      b.fill(0, 26, 28);
      b[21] = 0;
    }
    return b;
  });

  it("come back after decoding, with the residue that decoding asks for", () => {
    fc.assert(
      fc.property(match, (b) => {
        const list = JSON.parse(printed(decodeMatch_1_0, b)) as unknown;
        const hexed = b.toString("hex");
        if (residueMatch_1_0(b, 0, 40)) {
          expect(encode(list, { residue: hexed })).toBe(hexed);
          // No residue without need.
          let plain: string | undefined;
          try {
            plain = encode(list, { unchecked: true });
          } catch {
            return;
          }
          const oddOnly = (b[20] ?? 0) > 7 || b.readUInt16BE(18) > 0xfff;
          if (!oddOnly) expect(plain).not.toBe(hexed);
        } else {
          expect(encode(list, { unchecked: true })).toBe(hexed);
        }
      }),
      { numRuns: 500 },
    );
  });
});
