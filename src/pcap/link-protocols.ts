// Protocols between the link layer and IP: VLANs, SNAP, MPLS, PPPoE, PPP.
import { u16, u32 } from "../wire/index.js";

/** VLAN tags of one frame that are read; more are an attack or a defect. */
const MAX_TAGS = 8;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const VLAN_TAGS = [0x8100, 0x88a8, 0x9100];
const MPLS = [0x8847, 0x8848];
const PPPOE_SESSION = 0x8864;
const PPPOE_HEADER = 6;
const PPP_IP = [0x0021, 0x0057];

/** Whether an EtherType is that of IPv4 or IPv6. */
export function isIp(type: number): boolean {
  return type === IPV4 || type === IPV6;
}

/**
 * Where the IP packet starts in a frame that goes on to `end`, -1 when there is none.
 * @param typeAt  where the EtherType stands  @param at  where that begins which it is about
 */
export function behindEtherType(b: Buffer, typeAt: number, end: number, at = typeAt + 2): number {
  if (end - typeAt < 2) return -1;
  const type = u16(b, typeAt);
  return isIp(type) ? at : behindTags(b, type, at, end);
}

/** Where the IP packet starts behind a header of PPP (RFC 1661 §2, RFC 1662 §3.1) in b[o, end), -1 when there is none. */
export function behindPpp(b: Buffer, o: number, end: number): number {
  const at = b[o] === 0xff && b[o + 1] === 0x03 ? o + 2 : o;
  if (end - at < 2) return -1;
  // A number that fits may be sent in one byte, which is odd.
  const short = (b[at]! & 1) !== 0;
  return PPP_IP.includes(short ? b[at]! : u16(b, at)) ? at + (short ? 1 : 2) : -1;
}

function behindTags(b: Buffer, etherType: number, o: number, end: number): number {
  let type = etherType;
  let at = o;
  for (let n = 0; n < MAX_TAGS && VLAN_TAGS.includes(type) && end - at >= 4; n++) {
    type = u16(b, at + 2);
    at += 4;
  }
  // IEEE 802.3 with a SNAP header: a length in the place of the type.
  if (type <= 1500 && end - at >= 8 && u32(b, at) >>> 8 === 0xaaaa03 && u16(b, at + 3) === 0) {
    type = u16(b, at + 6);
    at += 8;
  }
  if (type === PPPOE_SESSION) return behindPpp(b, at + PPPOE_HEADER, end);
  return MPLS.includes(type) ? behindLabels(b, at, end) : isIp(type) ? at : -1;
}

/** Behind the labels of MPLS nobody says what follows, but what starts like an IP packet mostly is one. */
function behindLabels(b: Buffer, o: number, end: number): number {
  for (let at = o; end - at > 4; at += 4) {
    if ((b[at + 2]! & 1) !== 0) return [4, 6].includes(b[at + 4]! >> 4) ? at + 4 : -1;
  }
  return -1;
}
