// Which packets of a capture are wanted.
import type { PacketFilter } from "../packet/index.js";
import { LINKTYPE_ETHERNET } from "./link-layer.js";
import type { Packet } from "./packet.js";
import type { Segment } from "./segment.js";

const ADDRESSES = 12;
const HEADER = 14;

/** Tells whether a packet is wanted whose IP packet starts at `ip`, and whose ports are known. */
export type PacketChoice = (packet: Packet, ip: number, segment: Segment) => boolean;

/** Takes packets of which one port, at least, is one of these. */
export function choosePorts(ports: readonly number[]): PacketChoice {
  const wanted = new Set(ports);
  return (_packet, _ip, { sourcePort, destinationPort }) =>
    wanted.has(sourcePort) || wanted.has(destinationPort);
}

/**
 * Takes packets that a filter matches, as they are or without VLAN tags: a filter for TCP means that in a VLAN, too. Packets without
 * a header of Ethernet get one, whose addresses are zero: the filter is for Ethernet.
 */
export function chooseByFilter(filter: PacketFilter): PacketChoice {
  let plain = Buffer.alloc(0);
  return ({ linkType, b, o, end }, ip) => {
    const ethernet = linkType === LINKTYPE_ETHERNET;
    if (ethernet && filter.matches(b, o, end)) return true;
    if (ethernet && ip === o + HEADER) return false;
    const length = HEADER + end - ip;
    if (plain.length < length) plain = Buffer.alloc(length);
    if (ethernet) b.copy(plain, 0, o, o + ADDRESSES);
    else plain.fill(0, 0, ADDRESSES);
    plain.writeUInt16BE(b[ip]! >> 4 === 6 ? 0x86dd : 0x0800, ADDRESSES);
    b.copy(plain, HEADER, ip, end);
    return filter.matches(plain, 0, length);
  };
}
