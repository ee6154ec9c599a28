// The match fields of a data packet, as far as the simulated switch tells packets apart.
//
//   Ethernet II:  dst 6 | src 6 | [0x8100, tag 2] | type 2 | payload
import { formatIPv4, formatMac } from "../text/index.js";
import { u16 } from "../wire/index.js";

/** Values by field name, in the JSON form of a match. */
export type PacketFields = ReadonlyMap<string, string | number>;

const VLAN = 0x8100;
const ARP = 0x0806;
const IPV4 = 0x0800;
const PORT_FIELDS: Readonly<Record<number, string>> = { 6: "TCP", 17: "UDP", 132: "SCTP" };

/** Reads the fields of a packet. One that is cut short has the fields that are whole. */
export function readPacketFields(packet: Uint8Array, inPort: number): PacketFields {
  const fields = new Map<string, string | number>([["IN_PORT", inPort]]);
  if (packet.length < 14) return fields;
  fields.set("ETH_DST", formatMac(packet, 0)).set("ETH_SRC", formatMac(packet, 6));
  let at = 12;
  if (u16(packet, at) === VLAN && packet.length >= 18) {
    const tag = u16(packet, at + 2);
    // In a match, 0x1000 says that there is a tag.
    fields.set("VLAN_VID", 0x1000 | (tag & 0xfff)).set("VLAN_PCP", tag >> 13);
    at += 4;
  } else {
    fields.set("VLAN_VID", 0);
  }
  const type = u16(packet, at);
  fields.set("ETH_TYPE", type);
  const payload = packet.subarray(at + 2);
  if (type === ARP) readArp(payload, fields);
  if (type === IPV4) readIPv4(payload, fields);
  return fields;
}

function readArp(b: Uint8Array, fields: Map<string, string | number>): void {
  if (b.length < 28) return;
  fields.set("ARP_OP", u16(b, 6));
  fields.set("ARP_SHA", formatMac(b, 8)).set("ARP_SPA", formatIPv4(b, 14));
  fields.set("ARP_THA", formatMac(b, 18)).set("ARP_TPA", formatIPv4(b, 24));
}

function readIPv4(b: Uint8Array, fields: Map<string, string | number>): void {
  if (b.length < 20) return;
  const protocol = b[9] as number;
  fields.set("IP_DSCP", (b[1] as number) >> 2).set("IP_ECN", (b[1] as number) & 3);
  fields.set("IP_PROTO", protocol).set("IPV4_SRC", formatIPv4(b, 12)).set("IPV4_DST", formatIPv4(b, 16));
  const l4 = b.subarray(((b[0] as number) & 15) * 4);
  const isLaterFragment = (u16(b, 6) & 0x1fff) !== 0;
  if (isLaterFragment || l4.length < 4) return;
  const name = PORT_FIELDS[protocol];
  if (name !== undefined) fields.set(`${name}_SRC`, u16(l4, 0)).set(`${name}_DST`, u16(l4, 2));
  if (protocol === 1) fields.set("ICMPV4_TYPE", l4[0] as number).set("ICMPV4_CODE", l4[1] as number);
}
