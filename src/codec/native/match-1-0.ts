// The match of OpenFlow 1.0 (1.0.1 §5.2.3, ofp_match) as a list of OXM fields: one order of fields, one way to print
// them, one way to read them. A field whose wildcard bit is set is not in the list.
//
//   0       4     6           12          18      20  21  22      24  25    26  28      32      36      38      40
//   +-------+-----+-----------+-----------+-------+---+---+-------+---+-----+---+-------+-------+-------+-------+
//   | wild- | in_ | dl_src    | dl_dst    | dl_   |pcp|pad| dl_   |tos|proto|pad| nw_src| nw_dst| tp_src| tp_dst|
//   | cards | port|           |           | vlan  |   |   | type  |   |     |   |       |       |       |       |
//   +-------+-----+-----------+-----------+-------+---+---+-------+---+-----+---+-------+-------+-------+-------+
import { u16, viewOf } from "../../wire/index.js";
import { OXM, putOxm8, putOxm16, putOxm32, putOxm32Masked, putOxm48 } from "./oxm-bytes.js";

/** Bytes of the match. */
export const MATCH_1_0_LENGTH = 40;

/** Offsets of its fields. */
export const AT_1_0 = {
  WILDCARDS: 0,
  IN_PORT: 4,
  DL_SRC: 6,
  DL_DST: 12,
  DL_VLAN: 18,
  DL_VLAN_PCP: 20,
  DL_TYPE: 22,
  NW_TOS: 24,
  NW_PROTO: 25,
  NW_SRC: 28,
  NW_DST: 32,
  TP_SRC: 36,
  TP_DST: 38,
} as const;

/** Bits of the wildcards word; a set bit means "any". */
export const ANY_1_0 = {
  IN_PORT: 1 << 0,
  DL_VLAN: 1 << 1,
  DL_SRC: 1 << 2,
  DL_DST: 1 << 3,
  DL_TYPE: 1 << 4,
  NW_PROTO: 1 << 5,
  TP_SRC: 1 << 6,
  TP_DST: 1 << 7,
  DL_VLAN_PCP: 1 << 20,
  NW_TOS: 1 << 21,
} as const;

/** Six bits each that say how many low bits of the address are any; 32 and above is all of them. */
export const NW_SRC_SHIFT = 8;
export const NW_DST_SHIFT = 14;

/** The wildcards of a match without fields, as switches write it: 32 any bits per address. */
export const ALL_ANY_1_0 = 0x3820ff;

/** dl_vlan of packets without a VLAN tag. */
export const VLAN_NONE = 0xffff;

/** Bytes that the fields of one match need at most as OXM. */
export const MATCH_1_0_OXM_MAX = 128;

/** The list shows 16-bit port numbers above this as the reserved numbers of 32 bits. */
const LAST_PORT_1_0 = 0xff00;

/** @param anyBits  how many low bits are any, 0..63; 32 and above is all of them */
function putIPv4(out: DataView, p: number, field: number, value: number, anyBits: number): number {
  if (anyBits === 0) return putOxm32(out, p, field, value);
  return anyBits >= 32 ? p : putOxm32Masked(out, p, field, value, -1 << anyBits);
}

/**
 * Writes the fields of the match at `o` as OXM TLVs to `out` from `p` on and returns where they end; at most
 * MATCH_1_0_OXM_MAX bytes. ARP matches have ARP fields: nw_proto is the opcode, the addresses are the protocol
 * addresses; type of service and ports mean nothing there.
 */
export function match10ToOxm(b: Uint8Array, o: number, out: DataView, p: number): number {
  const v = viewOf(b);
  const any = v.getInt32(o);
  let q = p;
  if ((any & ANY_1_0.IN_PORT) === 0) {
    const port = v.getUint16(o + AT_1_0.IN_PORT);
    q = putOxm32(out, q, OXM.IN_PORT, port > LAST_PORT_1_0 ? port + 0xffff0000 : port);
  }
  if ((any & ANY_1_0.DL_SRC) === 0) q = putOxm48(out, q, OXM.ETH_SRC, v, o + AT_1_0.DL_SRC);
  if ((any & ANY_1_0.DL_DST) === 0) q = putOxm48(out, q, OXM.ETH_DST, v, o + AT_1_0.DL_DST);
  if ((any & ANY_1_0.DL_VLAN) === 0) {
    const vlan = v.getUint16(o + AT_1_0.DL_VLAN);
    q = putOxm16(out, q, OXM.VLAN_VID, vlan === VLAN_NONE ? 0 : vlan | 0x1000);
  }
  if ((any & ANY_1_0.DL_VLAN_PCP) === 0)
    q = putOxm8(out, q, OXM.VLAN_PCP, v.getUint8(o + AT_1_0.DL_VLAN_PCP));
  if ((any & ANY_1_0.DL_TYPE) === 0) q = putOxm16(out, q, OXM.ETH_TYPE, v.getUint16(o + AT_1_0.DL_TYPE));
  const arp = isArp(any, v.getUint16(o + AT_1_0.DL_TYPE));
  if (!arp && (any & ANY_1_0.NW_TOS) === 0)
    q = putOxm8(out, q, OXM.IP_DSCP, v.getUint8(o + AT_1_0.NW_TOS) >> 2);
  const proto = v.getUint8(o + AT_1_0.NW_PROTO);
  if ((any & ANY_1_0.NW_PROTO) === 0) {
    q = arp ? putOxm16(out, q, OXM.ARP_OP, proto) : putOxm8(out, q, OXM.IP_PROTO, proto);
  }
  q = putIPv4(
    out,
    q,
    arp ? OXM.ARP_SPA : OXM.IPV4_SRC,
    v.getInt32(o + AT_1_0.NW_SRC),
    (any >>> NW_SRC_SHIFT) & 63,
  );
  q = putIPv4(
    out,
    q,
    arp ? OXM.ARP_TPA : OXM.IPV4_DST,
    v.getInt32(o + AT_1_0.NW_DST),
    (any >>> NW_DST_SHIFT) & 63,
  );
  if (arp) return q;
  const l4 = (any & ANY_1_0.NW_PROTO) === 0 ? proto : 0;
  if ((any & ANY_1_0.TP_SRC) === 0) q = putSourcePort(out, q, l4, v.getUint16(o + AT_1_0.TP_SRC));
  if ((any & ANY_1_0.TP_DST) === 0) q = putDestinationPort(out, q, l4, v.getUint16(o + AT_1_0.TP_DST));
  return q;
}

function isArp(any: number, ethType: number): boolean {
  return (any & ANY_1_0.DL_TYPE) === 0 && ethType === 0x0806;
}

/** Writes tp_src under the name that it has for this IP protocol: TCP's, when the protocol has no ports or is any. */
export function putSourcePort(out: DataView, p: number, l4: number, port: number): number {
  if (l4 === 1) return putOxm8(out, p, OXM.ICMPV4_TYPE, port & 0xff);
  return putOxm16(out, p, l4 === 17 ? OXM.UDP_SRC : l4 === 132 ? OXM.SCTP_SRC : OXM.TCP_SRC, port);
}

/** The same for tp_dst. */
export function putDestinationPort(out: DataView, p: number, l4: number, port: number): number {
  if (l4 === 1) return putOxm8(out, p, OXM.ICMPV4_CODE, port & 0xff);
  return putOxm16(out, p, l4 === 17 ? OXM.UDP_DST : l4 === 132 ? OXM.SCTP_DST : OXM.TCP_DST, port);
}

/** The IP protocol that the match at `o` demands, 0 when it demands none. */
export function l4OfMatch10(b: Uint8Array, o: number): number {
  const any = b[o + 3]!;
  if ((any & ANY_1_0.NW_PROTO) !== 0 || isArp(any, u16(b, o + AT_1_0.DL_TYPE))) return 0;
  return b[o + AT_1_0.NW_PROTO]!;
}
