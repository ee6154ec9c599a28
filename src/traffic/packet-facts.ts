// What a packet is, in some words, from the fields that `_pkt` tells.
import { hex, isFields, isList, type Value } from "./compact.js";

/** The fields of a packet by name, as messages have them. */
export type PacketFields = Readonly<Record<string, Value>>;

/** Makes `_pkt` of a message an object; the outermost of fields that are there more than once. */
export function packetFields(pkt: Value | undefined): PacketFields {
  const found: Record<string, Value> = {};
  for (const item of isList(pkt) ? pkt : []) {
    if (isFields(item) && typeof item.field === "string") found[item.field] ??= item.value ?? "";
  }
  return found;
}

/** Protocols with ports, in the order of their fields' names. */
const TRANSPORTS = ["TCP", "UDP", "SCTP"];

const LLDP = 0x88cc;

/** `02:00:00:00:00:01>02:00:00:00:00:02 10.0.0.1>10.0.0.2 UDP 40000>53`; "" for a packet of which nothing is known. */
export function packetBrief(fields: PacketFields): string {
  const { ETH_SRC, ETH_DST, VLAN_VID, ARP_OP } = fields;
  if (ETH_SRC === undefined) return "";
  const parts = [`${ETH_SRC}>${ETH_DST}`];
  if (VLAN_VID !== undefined) parts.push(`vlan ${Number(VLAN_VID) & 0xfff}`);
  if (ARP_OP !== undefined) {
    const verb = ARP_OP === 1 ? "who-has" : ARP_OP === 2 ? "is-at" : `op ${ARP_OP}`;
    parts.push(`ARP ${verb} ${ARP_OP === 2 ? fields.ARP_SPA : fields.ARP_TPA} from ${fields.ARP_SPA}`);
  } else parts.push(...networkBrief(fields));
  return parts.join(" ");
}

function networkBrief(fields: PacketFields): string[] {
  const source = fields.IPV4_SRC ?? fields.IPV6_SRC;
  if (source === undefined)
    return [fields.ETH_TYPE === LLDP ? "LLDP" : `eth_type ${hex(Number(fields.ETH_TYPE), 4)}`];
  const parts = [`${source}>${fields.IPV4_DST ?? fields.IPV6_DST}`];
  const transport = TRANSPORTS.find((name) => fields[`${name}_SRC`] !== undefined);
  const icmp = fields.ICMPV4_TYPE ?? fields.ICMPV6_TYPE;
  if (transport !== undefined)
    parts.push(`${transport} ${fields[`${transport}_SRC`]}>${fields[`${transport}_DST`]}`);
  else if (icmp !== undefined) parts.push(`ICMP type ${icmp}`);
  else parts.push(`proto ${fields.IP_PROTO}`);
  return parts;
}

/** Who sent a packet: the addresses of Ethernet, and of IP or ARP. */
export interface PacketSender {
  readonly eth_src?: string;
  readonly ip_src?: string;
}

/** Tells who sent a packet, as far as its fields say so. */
export function packetSender({ ETH_SRC, IPV4_SRC, IPV6_SRC, ARP_SPA }: PacketFields): PacketSender {
  const ip = IPV4_SRC ?? IPV6_SRC ?? ARP_SPA;
  return {
    ...(ETH_SRC === undefined ? {} : { eth_src: String(ETH_SRC) }),
    ...(ip === undefined ? {} : { ip_src: String(ip) }),
  };
}
