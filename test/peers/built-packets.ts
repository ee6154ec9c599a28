/** Packets to build, chosen by chance: IP of both versions with each transport, behind tags and labels. */
import fc from "fast-check";

export type Given = Readonly<Record<string, unknown>>;

const mac = fc
  .uint8Array({ minLength: 6, maxLength: 6 })
  .map((b) => text([b[0]! & 0xfe, ...b.subarray(1)], ":"));
const ipv4 = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((bytes) => bytes.join("."));
const ipv6 = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => text(bytes, "").replace(/....(?=.)/g, "$&:"));
const byte = fc.nat({ max: 255 });
const word = fc.nat({ max: 0xffff });
/** No protocol of tshark's has these ports, and none takes such payloads for its own. */
const port = fc.integer({ min: 61_100, max: 61_200 });
const payload = fc.nat({ max: 64 }).map((n) => "2a".repeat(n));

const tags: fc.Arbitrary<Given> = fc.oneof(
  fc.constant({}),
  fc.record({ vlan_vid: fc.integer({ min: 1, max: 4095 }), vlan_pcp: fc.nat({ max: 7 }) }),
  fc.record({ vlan_vid: fc.constant([100, 200]), vlan_tpid: fc.constant([0x88a8, 0x8100]) }),
);
const labels: fc.Arbitrary<Given> = fc.oneof(
  fc.constant({}),
  fc.record({
    mpls_label: fc.integer({ min: 16, max: 0xfffff }),
    mpls_tc: fc.nat({ max: 7 }),
    nx_mpls_ttl: byte,
  }),
  fc.record({ mpls_label: fc.constant([16, 17, 18]), mpls_tc: fc.constant([7, 0, 1]) }),
);
const ip = {
  ip_dscp: fc.nat({ max: 63 }),
  ip_ecn: fc.nat({ max: 3 }),
  nx_ip_ttl: fc.integer({ min: 1, max: 255 }),
};
const options = fc.constantFrom("", "01010100", "9404000001000000");
const ip4 = fc.record({ ...ip, ipv4_src: ipv4, ipv4_dst: ipv4, ipv4_id: word, ipv4_options: options });
const ip6 = fc.record({ ...ip, ipv6_src: ipv6, ipv6_dst: ipv6, ipv6_flabel: fc.nat({ max: 0xfffff }) });

const flags = fc.constantFrom(0x10, 0x18, 0x19, 0x110);
const transports: readonly fc.Arbitrary<Given>[] = [
  fc.record({
    ...{
      tcp_src: port,
      tcp_dst: port,
      tcp_seq: fc.nat(),
      tcp_ack: fc.nat(),
      tcp_window: word,
      nx_tcp_flags: flags,
    },
    ...{ tcp_options: fc.constantFrom("", "01010402"), payload },
  }),
  fc.record({ udp_src: port, udp_dst: port, payload }),
  fc.record({ sctp_src: port, sctp_dst: port, sctp_vtag: fc.nat(), payload: fc.constant("0b000004") }),
];
const echo = payload.map((data) => `00010002${data}`);
const echo4 = fc.record({ icmpv4_type: fc.constantFrom(0, 8), payload: echo });
const echo6 = fc.record({ icmpv6_type: fc.constantFrom(128, 129), payload: echo });

const network = fc.oneof(
  fc.tuple(ip4, fc.oneof(...transports, echo4)),
  fc.tuple(ip6, fc.oneof(...transports, echo6)),
);

/** Fields of a packet and its payload, as an object. */
export const packetsToBuild: fc.Arbitrary<Given> = fc
  .tuple(fc.record({ eth_dst: mac, eth_src: mac }), tags, labels, network)
  .map(([addresses, vlans, stack, [lower, upper]]) => ({
    ...addresses,
    ...vlans,
    ...stack,
    ...lower,
    ...upper,
  }));

function text(bytes: Iterable<number>, separator: string): string {
  return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join(separator);
}
