// The answer to a ping: an ICMPv4 echo reply (RFC 792) for a frame with an echo request.
import { formatHex } from "../text/index.js";
import { u16 } from "../wire/index.js";
import { buildFrame } from "./build-frame.js";
import { readPacket } from "./read-packet.js";

const ETHERNET = 14;
const TAG = 4;
const IPV4 = 0x0800;
const ECHO_REQUEST = 8;
const ECHO_REPLY = 0;
/** Identifier and sequence number, which stand behind the part that all ICMP messages have. */
const ECHO_FIELDS = 4;
/** Where addresses stand in an IPv4 header. */
const SOURCE = 12;
const DESTINATION = 16;

/** Fields whose values change places. */
const SWAPPED = new Map([
  ["ETH_DST", "ETH_SRC"],
  ["ETH_SRC", "ETH_DST"],
  ["IPV4_SRC", "IPV4_DST"],
  ["IPV4_DST", "IPV4_SRC"],
]);
const KEPT = new Set(["ETH_TYPE", "VLAN_VID", "VLAN_PCP", "VLAN_TPID", "VLAN_DEI", "IP_PROTO", "IP_DSCP"]);
/** Fields that the answer has of its own. Frames with any others (MPLS, SNAP) are not answered. */
const RENEWED = new Set([
  ...[
    "IP_ECN",
    "NX_IP_TTL",
    "NX_IP_FRAG",
    "IPV4_ID",
    "IPV4_FLAGS",
    "IPV4_OPTIONS",
    "IPV4_LENGTH",
    "IPV4_CHECKSUM",
  ],
  ...["ICMPV4_TYPE", "ICMPV4_CODE", "ICMPV4_CHECKSUM", "X_PKT_POS", "FRAME_LENGTH"],
]);

/**
 * The frame that answers the echo request in b[o, end): addresses swapped, tags of VLANs and the data kept, a time to live of 64,
 * no IP options. Undefined when there is none, and for group addresses (RFC 1122 §3.2.2.6). A request of which only the beginning
 * is there, cut by the switch or the first fragment, is answered with as much: whoever pings learns that the way is open.
 */
export function echoReply(b: Uint8Array, o = 0, end = b.length): Uint8Array | undefined {
  const { _pkt, _pkt_more = [] } = readPacket(b, o, end);
  const told = (name: string): unknown => _pkt.find(({ field }) => field === name)?.value;
  if (told("ICMPV4_TYPE") !== ECHO_REQUEST || told("ICMPV4_CODE") !== 0) return undefined;
  const items = [..._pkt, ..._pkt_more];
  if (!items.every(({ field }) => SWAPPED.has(field) || KEPT.has(field) || RENEWED.has(field)))
    return undefined;
  const position = told("X_PKT_POS");
  if (told("ETH_TYPE") !== IPV4 || typeof position !== "number") return undefined;

  const ip = o + ETHERNET + TAG * _pkt.filter(({ field }) => field === "VLAN_VID").length;
  const data = o + position;
  // Short frames are padded: IPv4 says where the packet ends.
  const stop = Math.min(end, ip + u16(b, ip + 2));
  if (stop < data + ECHO_FIELDS || !isBetweenHosts(b, o, ip)) return undefined;
  const fields = items
    .filter(({ field }) => !RENEWED.has(field))
    .map(({ field, value }) => ({ field: SWAPPED.get(field) ?? field, value }));
  fields.push({ field: "ICMPV4_TYPE", value: ECHO_REPLY }, { field: "ICMPV4_CODE", value: 0 });
  return buildFrame({ _pkt: fields, _pkt_data: formatHex(b, data, stop) });
}

/** Whether both addresses of both headers are of one host each. */
function isBetweenHosts(b: Uint8Array, o: number, ip: number): boolean {
  // The lowest bit of the first byte of a MAC address is that of groups; from 224.0.0.0 on IPv4 has no hosts.
  if (((b[o]! | b[o + 6]!) & 1) !== 0) return false;
  return b[ip + SOURCE]! !== 0 && b[ip + SOURCE]! < 224 && b[ip + DESTINATION]! < 224;
}
