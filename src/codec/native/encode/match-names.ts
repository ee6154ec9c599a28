// In the fixed matches one place has several names: nw_proto is IP_PROTO or ARP_OP, tp_src is TCP_SRC, UDP_SRC ...
// What is read back is decided by other fields. Prerequisites see to it that a list agrees with them; when they are
// switched off, a list that does not is refused here, as it would be read as something else.
import { OXM } from "../oxm-bytes.js";
import { clash } from "./clash.js";

/** IP protocols by the fields that are named after them. */
const FAMILY: ReadonlyMap<number, number> = new Map([
  [OXM.TCP_SRC, 6],
  [OXM.TCP_DST, 6],
  [OXM.UDP_SRC, 17],
  [OXM.UDP_DST, 17],
  [OXM.SCTP_SRC, 132],
  [OXM.SCTP_DST, 132],
  [OXM.ICMPV4_TYPE, 1],
  [OXM.ICMPV4_CODE, 1],
]);
const FAMILY_NAME: Readonly<Record<number, string>> = { 1: "ICMPv4", 6: "TCP", 17: "UDP", 132: "SCTP" };

/** Which kinds of names a list uses. */
export class PortNames {
  arp = false;
  /** IP_PROTO, IP_DSCP, IPV4_SRC, IPV4_DST, or ports. */
  ip = false;
  /** IP protocols after which its ports are named. */
  readonly families = new Set<number>();

  reset(): void {
    this.arp = false;
    this.ip = false;
    if (this.families.size > 0) this.families.clear();
  }

  add(field: number): void {
    if (field < OXM.IP_DSCP || field > OXM.ARP_TPA) return;
    if (field >= OXM.ARP_OP) {
      this.arp = true;
      return;
    }
    this.ip = true;
    const family = FAMILY.get(field);
    if (family !== undefined) this.families.add(family);
  }
}

/**
 * Throws EncodeError when the names do not fit the Ethernet type and the IP protocol of the match (-1: any).
 * Ports of protocols without names of their own are called TCP's.
 */
export function checkNames(names: PortNames, ethType: number, proto: number, key: string): void {
  if (names.arp && ethType !== 0x0806) throw clash(key, "ARP fields need ETH_TYPE 0x0806 in the same match");
  if (names.ip && ethType === 0x0806) throw clash(key, "a match on ARP packets cannot have fields of IP");
  const readAs = proto === 1 || proto === 17 || proto === 132 ? proto : 6;
  for (const family of names.families) {
    if (family !== readAs) {
      throw clash(key, `${FAMILY_NAME[family]} fields need IP_PROTO ${family} in the same match`);
    }
  }
}
