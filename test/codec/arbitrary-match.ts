/** Arbitrary values of what is read and written by hand: the fixed matches of 1.0 and 1.1, and parts of learned flows. */
import fc from "fast-check";
import type { Definition, Model } from "../../src/schema/index.js";
import { formatIPv4 } from "../../src/text/index.js";
import { uintOf, type Value, valuesOf } from "./arbitrary-values.js";

interface Field {
  readonly field: string;
  readonly value: unknown;
  readonly mask?: unknown;
}

/** Values of the native `fn`. */
export function matchOf(model: Model, fn: string, version: number): Value {
  switch (fn) {
    case "match_1_0":
    case "match_1_1":
    case "match_1_1_or_oxm":
      return fixedMatch(model, version);
    case "table_id_1_0":
      return fc.nat(254);
    case "learn":
      return fc.array(fc.constantFrom(...LEARN_SPECS), { maxLength: 3 });
    default:
      throw new Error(`no values for ${fn}`);
  }
}

const LEARN_SPECS = [
  { learn: "MATCH", src: "NX_REG0[0:8]", dst: "NX_REG1[8:16]" },
  { learn: "MATCH", value: "0800", dst: "ETH_TYPE[0:16]" },
  { learn: "LOAD", src: "IN_PORT[0:32]", dst: "NX_REG3[0:32]" },
  { learn: "LOAD", value: "0001", dst: "NX_REG3[31:32]" },
  { learn: "OUTPUT", src: "NX_REG0[0:16]" },
];

/** A list of fields in the order in which the fixed matches are printed. */
function fixedMatch(model: Model, version: number): Value {
  const later = version > 1;
  const named = (name: string): Definition => model.definitions.get(name) as Definition;
  const u16 = { kind: "int", bytes: 2, shift: 0 } as const;
  const port = valuesOf(model, named("PortNumber"), version, later ? { ...u16, bytes: 4 } : u16);
  const mac = valuesOf(model, named("MacAddress"), version, undefined);
  const vlan = fc.oneof(fc.constant(0), fc.integer({ min: 0x1000, max: 0x1fff }));
  const optional = (field: string, value: Value): fc.Arbitrary<Field[]> =>
    fc.oneof(
      fc.constant<Field[]>([]),
      value.map((one) => [{ field, value: one }]),
    );
  const protocols: fc.Arbitrary<Field[]>[] = [
    fc.constant([]),
    optional("IP_DSCP", uintOf(6)),
    together([
      always("IP_PROTO", fc.constant(6)),
      optional("TCP_SRC", uintOf(16)),
      optional("TCP_DST", uintOf(16)),
    ]),
    together([
      always("IP_PROTO", fc.constant(17)),
      optional("UDP_SRC", uintOf(16)),
      optional("UDP_DST", uintOf(16)),
    ]),
    together([
      always("IP_PROTO", fc.constant(1)),
      optional("ICMPV4_TYPE", uintOf(8)),
      optional("ICMPV4_CODE", uintOf(8)),
    ]),
  ];
  const layers = fc.oneof(
    together([always("ETH_TYPE", fc.constant(2048)), network(protocols, "IPV4")]),
    together([
      always("ETH_TYPE", fc.constant(2054)),
      optional("ARP_OP", uintOf(8)),
      prefix("ARP_SPA"),
      prefix("ARP_TPA"),
    ]),
    ...(later
      ? [
          together([
            always("ETH_TYPE", fc.constant(34887)),
            optional("MPLS_LABEL", uintOf(20)),
            optional("MPLS_TC", uintOf(3)),
          ]),
        ]
      : []),
    optional("ETH_TYPE", fc.constant(35020)),
  );
  const metadata = fc
    .record({ field: fc.constant("METADATA"), value: fc.constant(1), mask: fc.constantFrom(1, 255) })
    .map((one) => [one]);
  return together([
    optional("IN_PORT", port),
    ...(later ? [fc.oneof(fc.constant<Field[]>([]), metadata)] : []),
    optional("ETH_SRC", mac),
    optional("ETH_DST", mac),
    optional("VLAN_VID", vlan),
    layers,
  ]);
}

/** IP protocol, then addresses, then ports: the order of the fixed matches. */
function network(protocols: readonly fc.Arbitrary<Field[]>[], version: "IPV4"): fc.Arbitrary<Field[]> {
  return fc
    .tuple(fc.oneof(...protocols), prefix(`${version}_SRC`), prefix(`${version}_DST`))
    .map(([proto, src, dst]) => {
      const first = proto.filter(({ field }) => field.startsWith("IP_"));
      return [...first, ...src, ...dst, ...proto.filter((one) => !first.includes(one))];
    });
}

function prefix(field: string): fc.Arbitrary<Field[]> {
  return fc.tuple(uintOf(32), fc.nat(32)).map(([address, bits]) => {
    if (bits === 0) return [];
    const mask = (0xffffffff << (32 - bits)) >>> 0;
    const value = ipv4((Number(address) & mask) >>> 0);
    return bits === 32 ? [{ field, value }] : [{ field, value, mask: ipv4(mask) }];
  });
}

function ipv4(n: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(n);
  return formatIPv4(bytes, 0);
}

function always(field: string, value: Value): fc.Arbitrary<Field[]> {
  return value.map((one) => [{ field, value: one }]);
}

function together(parts: readonly fc.Arbitrary<Field[]>[]): fc.Arbitrary<Field[]> {
  return fc.tuple(...parts).map((lists) => lists.flat());
}
