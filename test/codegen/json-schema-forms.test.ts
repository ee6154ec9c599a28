/** Patterns of the schema beside the readers of src/text: what the one takes, the other takes. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { loadJsonSchema } from "../../src/codec/catalog.js";
import {
  parseDatapathId,
  parseDuration,
  parseHex,
  parseInteger,
  parseIPv4,
  parseIPv6,
  parseMac,
} from "../../src/text/index.js";

const bytes = Buffer.alloc(16);
let defs: Record<string, { readonly pattern: string; readonly examples?: readonly string[] }>;
beforeAll(async () => {
  ({ $defs: defs } = (await loadJsonSchema()) as { $defs: typeof defs });
});

const takes = (name: string, text: string): boolean => new RegExp(defs[name]?.pattern ?? "").test(text);

/** Texts of the characters and pieces that a form has, in any order. */
const pieces = (...some: string[]): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...some), { maxLength: 12 }).map((list) => list.join(""));

const upTo = (bits: number) => (text: string) => {
  const n = parseInteger(text);
  return n !== undefined && BigInt(n) < 2n ** BigInt(bits);
};

describe("the pattern of a form agrees with its reader", () => {
  const GROUPS = ["", "0", "1", "a", "Fe80", "ffff", "12345", ":", ":", "::", "1:", ":1", "g"];
  const forms: [string, (text: string) => boolean, fc.Arbitrary<string>][] = [
    [
      "MacAddress",
      (text) => parseMac(text, bytes, 0),
      pieces("0", "aB", "1:", "22:", "33:", "4-", "55-", "123", "g", ":"),
    ],
    [
      "IPv4Address",
      (text) => parseIPv4(text, bytes, 0),
      pieces("0.", "10.", "255", "256.", "001.", ".", "1"),
    ],
    [
      "IPv6Address",
      (text) => parseIPv6(text, bytes, 0),
      pieces(...GROUPS, "1.2.3.4", "01.2.3.4", "1.2.3.256"),
    ],
    ["HexData", (text) => parseHex(text) !== undefined, pieces("0", "aF", " ", "\n", "\t", "\r", "g", "00")],
    [
      "DatapathId",
      (text) => parseDatapathId(text, bytes, 0),
      pieces("0", "0x", "1:", "aa:", "2", "ff", "bbb:"),
    ],
    [
      "DurationSec",
      (text) => parseDuration(text) !== undefined,
      pieces("0", "5", "429496729", "6", ".", "x", "9", "a"),
    ],
    ["UInt8", upTo(8), pieces("0", "0x", "0b", "0o", "1", "2", "255", "f", "7", "-")],
    ["UInt64", upTo(64), pieces("0", "0x", "1844674407370955161", "5", "6", "ffffffff", "7777777")],
  ];

  it.each(forms)("%s", (name, reads, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (text) => {
        expect([text, takes(name, text)]).toEqual([text, reads(text)]);
      }),
      { numRuns: 5000 },
    );
  });

  it("IPv6Address, where there are eight groups or a gap", () => {
    const group = fc.constantFrom("0", "1", "abcd", "FFFF");
    const list = (maxLength: number): fc.Arbitrary<string> =>
      fc.array(group, { maxLength }).map((some) => some.join(":"));
    const tail = fc.constantFrom("", ":1.2.3.4", "1.2.3.4", ":192.0.2.255");
    const address = fc
      .tuple(list(9), fc.constantFrom("", "::", ":"), list(9), tail)
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(address, (text) => {
        expect([text, takes("IPv6Address", text)]).toEqual([text, parseIPv6(text, bytes, 0)]);
      }),
      { numRuns: 5000 },
    );
  });

  it("a link-local address may have a zone", () => {
    expect(takes("IPv6Address", "fe80::1%2")).toBe(true);
    expect(takes("IPv6Address", "fe80::1%eth0")).toBe(false);
    expect(takes("IPv6Address", "%1")).toBe(false);
  });

  it("SubField: a known field and a range", () => {
    for (const text of [
      "NX_REG0",
      "NX_REG0[]",
      "NX_REG0[3]",
      "TUN_ID[0..15]",
      "ETH_DST[0:48]",
      "00010004[0:1]",
    ])
      expect([text, takes("SubField", text)]).toEqual([text, true]);
    for (const text of [
      "",
      "NX_REG999",
      "NX_REG0[",
      "NX_REG0[a]",
      "NX_REG0[1-2]",
      "NX_REG0 [1]",
      "0001[0:1]",
    ])
      expect([text, takes("SubField", text)]).toEqual([text, false]);
  });

  it("examples are of their form", () => {
    const shown = Object.entries(defs).filter(([, schema]) => schema.examples !== undefined);
    expect(shown.length).toBeGreaterThan(4);
    for (const [name, schema] of shown)
      for (const example of schema.examples ?? []) expect([name, takes(name, example)]).toEqual([name, true]);
  });
});
