import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EncodeError } from "../../../../src/base/index.js";
import { MessageWriter } from "../../../../src/codec/message-writer.js";
import { decodeMatch_1_1, residueMatch_1_1 } from "../../../../src/codec/native/decode/match-1-1.js";
import { encodeMatch_1_1 } from "../../../../src/codec/native/encode/match-1-1.js";
import { parseJsonLossless } from "../../../../src/text/index.js";
import { type Change, match11, printed } from "../fixed-matches.js";

function encode(list: unknown, unchecked = false, residue?: unknown): string {
  const w = new MessageWriter();
  w.version = 2;
  w.unchecked = unchecked;
  w.zeros(8);
  encodeMatch_1_1(w, list, residue, "match");
  return w.view(8).toString("hex");
}

function refused(list: unknown, unchecked = false, residue?: unknown): string {
  try {
    encode(list, unchecked, residue);
  } catch (error) {
    if (error instanceof EncodeError) return error.message;
    throw error;
  }
  throw new Error("no error");
}

const hex = (...changes: Change[]): string => match11(...changes).toString("hex");

describe("a match encoded for OpenFlow 1.1", () => {
  it("says any everywhere without fields", () => {
    expect(encode([])).toBe(
      "0000005800000000000003ff" +
        "000000000000ffffffffffff" +
        "000000000000ffffffffffff" +
        "0000000000000000" +
        "00000000ffffffff00000000ffffffff" +
        "000000000000000000000000" +
        "0000000000000000ffffffffffffffff",
    );
  });

  it("has each field in its place and masks inverted", () => {
    const list = [
      { field: "IN_PORT", value: "LOCAL" },
      { field: "METADATA", value: 0xf1, mask: 0xff },
      { field: "ETH_SRC", value: "0a:00:00:00:00:01", mask: "ff:00:00:00:00:00" },
      { field: "ETH_DST", value: "0a:00:00:00:00:02" },
      { field: "VLAN_VID", value: 0x1064 },
      { field: "VLAN_PCP", value: 3 },
      { field: "ETH_TYPE", value: 0x0800 },
      { field: "IP_DSCP", value: 10 },
      { field: "IP_PROTO", value: 132 },
      { field: "IPV4_SRC", value: "10.1.2.3", mask: "255.0.255.0" },
      { field: "IPV4_DST", value: "10.0.0.2" },
      { field: "SCTP_SRC", value: 8080 },
      { field: "SCTP_DST", value: 80 },
    ];
    expect(encode(list)).toBe(
      "00000058fffffffe00000300" +
        "0a000000000000ffffffffff" +
        "0a0000000002000000000000" +
        "0064030008002884" +
        "0a00020000ff00ff0a00000200000000" +
        "1f9000500000000000000000" +
        "00000000000000f1ffffffffffffff00",
    );
  });

  it("has labels of MPLS", () => {
    const list = [
      { field: "ETH_TYPE", value: 0x8847 },
      { field: "MPLS_LABEL", value: 0xfffff },
      { field: "MPLS_TC", value: 7 },
    ];
    expect(encode(list)).toBe(hex([8, "000000f7"], [40, "8847"], [64, "000fffff"], [68, "07"]));
  });

  it("has the fields of ARP", () => {
    const list = [
      { field: "ARP_OP", value: 2 },
      { field: "ARP_TPA", value: "10.0.0.2" },
    ];
    expect(encode(list)).toBe(
      hex([8, "000003d7"], [40, "0806"], [43, "02"], [52, "0a000002"], [56, "00000000"]),
    );
  });

  it.each([
    [0, undefined, "ffff"],
    [0, 0x1000, "ffff"],
    [0x1000, 0x1000, "fffe"],
    [0x1abc, 0x1000, "fffe"],
    [0x1005, undefined, "0005"],
    [5, 0x1fff, "0005"],
  ])("says VLAN_VID %i under mask %s as dl_vlan 0x%s", (value, mask, wire) => {
    const field = mask === undefined ? { field: "VLAN_VID", value } : { field: "VLAN_VID", value, mask };
    expect(encode([field])).toBe(hex([8, "000003fd"], [36, wire]));
  });

  it.each([
    [{ field: "IPV6_SRC", value: "::1" }, "field: IPV6_SRC cannot be expressed in OpenFlow 1.1"],
    [{ field: "TUNNEL_ID", value: 1 }, "field: TUNNEL_ID cannot be expressed in OpenFlow 1.1"],
    [{ field: "ARP_SHA", value: "00:00:00:00:00:01" }, "field: ARP_SHA cannot be expressed in OpenFlow 1.1"],
    [{ field: "NX_IP_SRC", value: "1.2.3.4" }, "field: NX_IP_SRC cannot be expressed in OpenFlow 1.1"],
    [{ field: "0x80FF1402", value: "ABCD" }, "field: 0x80FF1402 cannot be expressed in OpenFlow 1.1"],
    [
      { field: "VLAN_VID", value: 5, mask: 0xfff },
      "mask: VLAN_VID with this mask cannot be expressed in OpenFlow 1.1",
    ],
    [
      { field: "IN_PORT", value: 5, mask: 0xff },
      "mask: IN_PORT with a mask cannot be expressed in OpenFlow 1.1",
    ],
    [{ field: "ARP_OP", value: 256 }, "value: ARP_OP operation 256 cannot be expressed in OpenFlow 1.1"],
  ])("is refused for %o", (field, detail) => {
    expect(refused([{ field: "ETH_TYPE", value: 2054 }, field])).toBe(`match[1].${detail}`);
  });

  it("is refused for a DSCP of more than 6 bits, also unchecked", () => {
    const list = [
      { field: "ETH_TYPE", value: 2048 },
      { field: "IP_DSCP", value: 64 },
    ];
    expect(refused(list, true)).toBe("match[1].value: IP_DSCP value 64 cannot be expressed in OpenFlow 1.1");
  });

  it.each([
    ["ARP fields need ETH_TYPE 0x0806", [{ field: "ARP_OP", value: 1 }]],
    ["SCTP fields need IP_PROTO 132", [{ field: "SCTP_DST", value: 53 }]],
    [
      "two fields that share one place",
      [
        { field: "METADATA", value: 53 },
        { field: "METADATA", value: 53 },
      ],
    ],
    [
      "two fields that share one place",
      [
        { field: "VLAN_PCP", value: 3 },
        { field: "VLAN_PCP", value: 3 },
      ],
    ],
  ])("is refused, also unchecked, when it would be read as something else: %s", (detail, list) => {
    expect(refused(list, true)).toContain(`match: ${detail}`);
  });
});

describe("the residue of a 1.1 match", () => {
  const residue = hex([8, "000003fe"], [4, "00000007"], [64, "00000001"]);

  it("is used while the list says the same", () => {
    expect(encode([{ field: "IN_PORT", value: 7 }], false, residue)).toBe(residue);
  });

  it("is not used when the list was edited", () => {
    expect(encode([{ field: "IN_PORT", value: 8 }], false, residue)).toBe(
      hex([8, "000003fe"], [4, "00000008"]),
    );
  });

  it("is refused when it has another length", () => {
    expect(refused([], false, "00".repeat(87))).toBe("_match: 87 bytes, 88 were expected");
  });
});

describe("any 88 bytes of a standard match", () => {
  const mask = (n: number): fc.Arbitrary<Uint8Array> =>
    fc.oneof(
      fc.constant(new Uint8Array(n)),
      fc.constant(new Uint8Array(n).fill(255)),
      fc.uint8Array({ minLength: n, maxLength: n }),
    );
  const match = fc
    .tuple(
      fc.oneof(fc.nat({ max: 0x3ff }), fc.nat({ max: 0xffff })),
      fc.uint8Array({ minLength: 76, maxLength: 76 }),
      fc.tuple(mask(6), mask(6), mask(4), mask(4), mask(8)),
      fc.constantFrom(0x0800, 0x0806, 0x8847),
      fc.constantFrom(0, 1, 6, 17, 132),
      fc.boolean(),
    )
    .map(([wildcards, rest, masks, type, proto, clean]) => {
      const b = Buffer.concat([Buffer.from("000000580000000000000000", "hex"), rest]);
      b.writeUInt32BE(wildcards, 8);
      masks.forEach((bytes, i) => {
        const at = [18, 30, 48, 56, 80][i] ?? 0;
        b.set(bytes, at);
        for (let i = 0; clean && i < bytes.length; i++) {
          const value = at - bytes.length + i;
          b.writeUInt8((b[value] ?? 0) & ~(bytes[i] ?? 0), value);
        }
      });
      b.writeUInt16BE(type, 40);
      b[43] = proto;
      if (clean) {
        b[36] = 0;
        b[39] = 0;
        b.fill(0, 64, 72);
      }
      return b;
    });

  it("come back after decoding, with the residue that decoding asks for", () => {
    fc.assert(
      fc.property(match, (b) => {
        const list = parseJsonLossless(printed(decodeMatch_1_1, b));
        const bytes = b.toString("hex");
        if (residueMatch_1_1(b, 0, 88)) expect(encode(list, false, bytes)).toBe(bytes);
        else expect(encode(list, true)).toBe(bytes);
      }),
      { numRuns: 500 },
    );
  });
});
