// What stands before the IP packet in a captured one.
import { u16, u32 } from "../wire/index.js";

/** VLAN tags of one frame that are read; more are an attack or a defect. */
const MAX_TAGS = 8;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const VLAN_TAGS = [0x8100, 0x88a8, 0x9100];

const NULL = 0;
export const LINKTYPE_ETHERNET = 1;
const LOOP = 108;
const LINUX_SLL = 113;
const LINUX_SLL2 = 276;
/** RAW, and what it is called in files of some BSDs; then IPV4 and IPV6. */
const RAW = [101, 12, 14, 228, 229];

const NAMES: ReadonlyMap<number, string> = new Map([
  [NULL, "NULL"],
  [LINKTYPE_ETHERNET, "EN10MB"],
  [LOOP, "LOOP"],
  [LINUX_SLL, "LINUX_SLL"],
  [LINUX_SLL2, "LINUX_SLL2"],
  [101, "RAW"],
  [12, "RAW"],
  [14, "RAW"],
  [228, "IPV4"],
  [229, "IPV6"],
]);

/** How tcpdump calls a link type: `EN10MB`; the number of those that are not read. */
export function linkTypeName(linkType: number): string {
  return NAMES.get(linkType) ?? String(linkType);
}

/** Whether packets of a link type are read. */
export function knowsLinkType(linkType: number): boolean {
  return NAMES.has(linkType);
}

/** Where the IP packet starts in b[o, end), -1 when there is none. */
export function findIp(linkType: number, b: Buffer, o: number, end: number): number {
  switch (linkType) {
    case LINKTYPE_ETHERNET:
      return behindType(b, o + 12, end);
    case LINUX_SLL:
      return behindType(b, o + 14, end);
    case LINUX_SLL2:
      return end - o >= 20 && isIp(u16(b, o)) ? o + 20 : behindTags(b, u16(b, o), o + 20, end);
    case NULL:
    case LOOP:
      // Systems have different numbers for IPv6; the packet itself says what it is.
      return o + 4;
    default:
      return RAW.includes(linkType) ? o : -1;
  }
}

/** The same where an EtherType stands at `at`. */
function behindType(b: Buffer, at: number, end: number): number {
  if (end - at < 2) return -1;
  const type = u16(b, at);
  return isIp(type) ? at + 2 : behindTags(b, type, at + 2, end);
}

function behindTags(b: Buffer, type: number, at: number, end: number): number {
  for (let n = 0; n < MAX_TAGS && VLAN_TAGS.includes(type) && end - at >= 4; n++) {
    type = u16(b, at + 2);
    at += 4;
  }
  // IEEE 802.3 with a SNAP header: a length in the place of the type.
  if (type <= 1500 && end - at >= 8 && u32(b, at) >>> 8 === 0xaaaa03 && u16(b, at + 3) === 0) {
    type = u16(b, at + 6);
    at += 8;
  }
  return isIp(type) ? at : -1;
}

function isIp(type: number): boolean {
  return type === IPV4 || type === IPV6;
}
