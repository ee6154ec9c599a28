// All match fields that a frame has, as a switch finds them: headers from the outside in, up to where OpenFlow stops looking.
// What is behind an MPLS or PBB header is not looked at (1.1.0 §4.4; OF 1.3.5 §7.2.3.8: nothing there has prerequisites that hold).
import { type Item, readPacket } from "../packet/index.js";

/** One field of a packet, as matches have it. */
export interface PacketField {
  readonly field: string;
  readonly value: unknown;
}

/** A port as messages name it: a number, or a name such as LOCAL. */
export type PortNumber = number | string;

/** How a switch reads packets. */
export interface PacketReading {
  /** Wire version: 1 is OpenFlow 1.0. */
  readonly version: number;
  /** Tags of VLANs behind which it looks. */
  readonly vlanTags: number;
}

/** The type of frames that have none: 802.3 without SNAP (OFP_DL_TYPE_NOT_ETH_TYPE, 1.0.1 §5.2.3). */
const NO_TYPE = 0x05ff;
/** Below this the type is a length. */
const FIRST_TYPE = 0x0600;
const IPV4 = 0x0800;
const ARP = 0x0806;
const RARP = 0x8035;
const IPV6 = 0x86dd;
const MPLS = 0x8847;
const MPLS_MULTICAST = 0x8848;
const PBB = 0x88e7;
/** The tag of a customer's VLAN, unless the packet says otherwise. */
const TPID = 0x8100;
const VID_PRESENT = 0x1000;

const ARP_FIELDS = ["ARP_OP", "ARP_SPA", "ARP_TPA", "ARP_SHA", "ARP_THA"];
const MPLS_FIELDS = ["MPLS_LABEL", "MPLS_TC", "MPLS_BOS", "NX_MPLS_TTL"];
const PORT_FIELDS: Readonly<Record<number, readonly string[]>> = {
  1: ["ICMPV4_TYPE", "ICMPV4_CODE"],
  6: ["TCP_SRC", "TCP_DST", "TCP_FLAGS"],
  17: ["UDP_SRC", "UDP_DST"],
  58: ["ICMPV6_TYPE", "ICMPV6_CODE", "IPV6_ND_TARGET", "IPV6_ND_SLL", "IPV6_ND_TLL"],
  132: ["SCTP_SRC", "SCTP_DST"],
};

/** Least bytes of the headers of transport protocols. */
const HEADER: Readonly<Record<number, number>> = { 1: 4, 6: 20, 17: 8, 58: 4, 132: 12 };

/** Fields behind the Ethernet type, by that type. */
const UPPER: Readonly<Record<number, readonly string[]>> = {
  [ARP]: ARP_FIELDS,
  [MPLS]: MPLS_FIELDS,
  [MPLS_MULTICAST]: MPLS_FIELDS,
  [PBB]: ["PBB_ISID", "PBB_UCA"],
};

/** Names of all fields that frames can have, here and in matches of any version. What has another name is no part of a frame. */
export const FRAME_FIELDS: readonly string[] = [
  ...["ETH_DST", "ETH_SRC", "VLAN_VID", "VLAN_PCP", "NX_VLAN_TCI", "ETH_TYPE", "PACKET_TYPE"],
  ...["IP_DSCP", "IP_ECN", "IP_PROTO", "IPV4_SRC", "IPV4_DST", "IPV6_SRC", "IPV6_DST", "IPV6_FLABEL"],
  ...["IPV6_EXTHDR", "NX_IP_TOS", "NX_IP_TTL", "NX_IP_FRAG"],
  ...Object.values(UPPER).flat(),
  ...Object.values(PORT_FIELDS).flat(),
];

/** Reads the fields of a frame, each after its prerequisites. A frame that is cut short has the fields of the headers that are whole. */
export function readPacketFields(frame: Uint8Array, { version, vlanTags }: PacketReading): PacketField[] {
  const fields: PacketField[] = [{ field: "PACKET_TYPE", value: 0 }];
  const { _pkt, _pkt_more = [] } = readPacket(frame);
  const items = [..._pkt, ..._pkt_more];
  const first = firstOf(items);
  if (!first.has("ETH_DST")) return fields;
  const add = (field: string, value: unknown): void => void fields.push({ field, value });
  const copy = (names: readonly string[]): void => {
    for (const name of names) if (first.has(name)) add(name, first.get(name));
  };
  copy(["ETH_DST", "ETH_SRC"]);
  const tags = _pkt.filter(({ field }) => field === "VLAN_VID");
  addTag(tags, first, add);
  const type = typeOf(tags.length, vlanTags, items, first);
  add("ETH_TYPE", type);
  // Behind the tags that it does not look into a switch knows nothing.
  if (tags.length > vlanTags) return fields;
  if (type === IPV4 || type === IPV6) addIp(type, first, version, add, copy);
  else if (type === RARP) addRarp(frame, tags.length, add);
  else copy(UPPER[type] ?? []);
  return fields;
}

type First = ReadonlyMap<string, Item["value"]>;
type Add = (field: string, value: unknown) => void;

function firstOf(items: readonly Item[]): First {
  const first = new Map<string, Item["value"]>();
  for (const { field, value } of items) if (!first.has(field)) first.set(field, value);
  return first;
}

function numberOf(first: First, name: string): number {
  return Number(first.get(name) ?? 0);
}

/** The outermost tag, in which 0x1000 says that there is one. */
function addTag(tags: readonly Item[], first: First, add: Add): void {
  const vid = tags.length === 0 ? 0 : VID_PRESENT | numberOf(first, "VLAN_VID");
  const pcp = numberOf(first, "VLAN_PCP");
  add("VLAN_VID", vid);
  if (vid !== 0) add("VLAN_PCP", pcp);
  add("NX_VLAN_TCI", vid === 0 ? 0 : (pcp << 13) | vid);
}

/** The Ethernet type that a switch sees. */
function typeOf(tags: number, vlanTags: number, items: readonly Item[], first: First): number {
  if (tags > vlanTags) {
    const types = items.filter(({ field }) => field === "VLAN_TPID");
    return Number(types[vlanTags]?.value ?? TPID);
  }
  const type = numberOf(first, "ETH_TYPE");
  if (type >= FIRST_TYPE) return type;
  const inSnap = numberOf(first, "SNAP_TYPE");
  return inSnap >= FIRST_TYPE ? inSnap : NO_TYPE;
}

function addIp(
  type: number,
  first: First,
  version: number,
  add: Add,
  copy: (names: readonly string[]) => void,
): void {
  // The header is not all there.
  if (!first.has("IP_PROTO")) return;
  const dscp = numberOf(first, "IP_DSCP");
  add("IP_DSCP", dscp);
  add("IP_ECN", numberOf(first, "IP_ECN"));
  add("IP_PROTO", first.get("IP_PROTO"));
  copy(type === IPV4 ? ["IPV4_SRC", "IPV4_DST"] : ["IPV6_SRC", "IPV6_DST"]);
  if (type === IPV6) {
    add("IPV6_FLABEL", numberOf(first, "IPV6_FLABEL"));
    add("IPV6_EXTHDR", numberOf(first, "IPV6_EXTHDR"));
  }
  const fragment = type === IPV4 ? numberOf(first, "NX_IP_FRAG") : fragmentOf(first.get("IPV6_EXT_HEADERS"));
  add("NX_IP_TOS", dscp << 2);
  copy(["NX_IP_TTL"]);
  add("NX_IP_FRAG", fragment);
  const protocol = numberOf(first, "IP_PROTO");
  if (roomOf(first) < (HEADER[protocol] ?? 0)) return;
  const names = PORT_FIELDS[protocol] ?? [];
  if (fragment === 0 || version > 2) {
    copy(names);
    if (first.has("NX_TCP_FLAGS")) add("TCP_FLAGS", first.get("NX_TCP_FLAGS"));
  } else if (version === 1) {
    // Ports of all fragments are zero (1.0.0 §3.4). In 1.1 they are not looked at (1.1.0 §4.4).
    for (const name of names.slice(0, 2)) add(name, 0);
  }
}

/** Bytes that the transport header has by IP's own length. What seems to be a header beyond it is padding. */
function roomOf(first: First): number {
  const bytes = (digits: Item["value"] | undefined): number => String(digits ?? "").length / 2;
  if (first.has("IPV4_LENGTH")) return numberOf(first, "IPV4_LENGTH") - 20 - bytes(first.get("IPV4_OPTIONS"));
  if (!first.has("IPV6_LENGTH")) return Number.POSITIVE_INFINITY;
  // Each extension header is told as its number, a blank, and its bytes but the first.
  const headers = first.get("IPV6_EXT_HEADERS");
  const extensions = (Array.isArray(headers) ? headers : []).map((header) => bytes(header.split(" ")[1]) + 1);
  return extensions.reduce((room, length) => room - length, numberOf(first, "IPV6_LENGTH"));
}

/** NX_IP_FRAG of IPv6: 1 is a fragment, 3 one that is not the first. A header that says "first and last" makes no fragment. */
function fragmentOf(headers: Item["value"] | undefined): number {
  if (!Array.isArray(headers)) return 0;
  for (const header of headers) {
    // "44 " and the bytes behind the first one: reserved, offset and flag M.
    const [, digits] = /^44 ..(.{4})/.exec(header) ?? [];
    if (digits === undefined) continue;
    const word = Number.parseInt(digits, 16);
    return word >> 3 !== 0 ? 3 : word & 1;
  }
  return 0;
}

/** RARP has the layout of ARP; its fields are Nicira's. */
function addRarp(frame: Uint8Array, tags: number, add: Add): void {
  const copy = Uint8Array.from(frame);
  const at = 12 + 4 * tags;
  copy[at] = ARP >> 8;
  copy[at + 1] = ARP & 0xff;
  for (const { field, value } of readPacket(copy)._pkt) {
    if (ARP_FIELDS.includes(field)) add(`NX_${field}`, value);
  }
}
