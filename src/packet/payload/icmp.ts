// Messages of ICMP behind type, code and checksum, which are fields of the header (RFC 792, RFC 4443).
//
//      0          2          4
//     +----------+----------+----------------------
//     |identifier| sequence | data                      echo
//     +----------+----------+----------------------
//     |       by type       | start of the packet       errors: the packet that was the cause
//     +---------------------+----------------------
import { formatHex } from "../../text/index.js";
import { ipv4 } from "../ipv4.js";
import { ipv6 } from "../ipv6.js";
import type { Protocol } from "../protocol.js";
import { buildLayout, IPV4, type Layout, layoutBytes, readLayout, U8, U16, U24, U32 } from "./layout.js";
import type { PayloadProtocol } from "./payload.js";

const ECHO: Layout = [
  ["identifier", U16],
  ["sequence", U16],
];
/** Times in milliseconds since midnight UT. */
const TIMESTAMP: Layout = [...ECHO, ["originate", U32], ["receive", U32], ["transmit", U32]];

/** Fields, and bytes behind them: all that there is. */
function withRest(name: string, layout: Layout, rest: string): PayloadProtocol {
  const length = layoutBytes(layout);
  return {
    name,
    exact: true,
    read(b, o, end) {
      if (end - o < length) return undefined;
      const object = readLayout(layout, b, o);
      if (end - o > length) object[rest] = formatHex(b, o + length, end);
      return object;
    },
    build(given, out) {
      buildLayout(layout, given, out);
      out.bytes(given.hex(rest));
    },
  };
}

/** Fields, and the packet that was the cause, as much of it as was sent back. */
function withPacket(name: string, layout: Layout, start: Protocol): PayloadProtocol {
  const length = layoutBytes(layout);
  return {
    name,
    read(b, o, end, readInner) {
      if (end - o < length) return undefined;
      const object = readLayout(layout, b, o);
      if (end - o > length) object.inner = readInner(start, b, o + length, end);
      return object;
    },
    build(given, out, buildInner) {
      buildLayout(layout, given, out);
      const inner = given.value("inner");
      if (inner !== undefined) out.bytes(buildInner(start, inner, given.at("inner")));
    },
  };
}

const icmpv4Echo = withRest("ICMPV4_ECHO", ECHO, "data");
const icmpv4Timestamp = withRest("ICMPV4_TIMESTAMP", TIMESTAMP, "rest");
const icmpv4Redirect = withPacket("ICMPV4_REDIRECT", [["gateway", IPV4]], ipv4);
/** One layout for all: pointer of parameter problems, length of RFC 4884, MTU of RFC 1191 have places of their own. */
const icmpv4Error = withPacket(
  "ICMPV4_ERROR",
  [
    ["pointer", U8, 0],
    ["length", U8, 0],
    ["mtu", U16, 0],
  ],
  ipv4,
);
const icmpv6Echo = withRest("ICMPV6_ECHO", ECHO, "data");
const icmpv6TooBig = withPacket("ICMPV6_PACKET_TOO_BIG", [["mtu", U32]], ipv6);
const icmpv6Problem = withPacket("ICMPV6_PARAMETER_PROBLEM", [["pointer", U32]], ipv6);
const icmpv6Error = withPacket(
  "ICMPV6_ERROR",
  [
    ["length", U8, 0],
    ["unused", U24, 0],
  ],
  ipv6,
);

/** The protocols of this file. */
export const ICMP: readonly PayloadProtocol[] = [
  ...[icmpv4Echo, icmpv4Timestamp, icmpv4Redirect, icmpv4Error],
  ...[icmpv6Echo, icmpv6TooBig, icmpv6Problem, icmpv6Error],
];

const BY_TYPE_4 = new Map([
  ...[0, 8].map((type) => [type, icmpv4Echo] as const),
  ...[13, 14].map((type) => [type, icmpv4Timestamp] as const),
  ...[3, 4, 11, 12].map((type) => [type, icmpv4Error] as const),
  [5, icmpv4Redirect],
]);
const BY_TYPE_6 = new Map([
  ...[128, 129].map((type) => [type, icmpv6Echo] as const),
  ...[1, 3].map((type) => [type, icmpv6Error] as const),
  [2, icmpv6TooBig],
  [4, icmpv6Problem],
]);

/** The form of a message of ICMP for IPv4 with that type. */
export function icmpv4Payload(type: number): PayloadProtocol | undefined {
  return BY_TYPE_4.get(type);
}

/** The form of a message of ICMP for IPv6 with that type. */
export function icmpv6Payload(type: number): PayloadProtocol | undefined {
  return BY_TYPE_6.get(type);
}
