// The standard match of OpenFlow 1.1 (1.1.0 §A.2.3, ofp_match) as a list of OXM fields. Masks are inverted on the
// wire: a set bit means "any". Fields without a mask of their own have a bit in the wildcards word.
//
//   0     2     4         8           12        18        24        30        36    38  39  40    42  43    44
//   +-----+-----+---------+-----------+---------+---------+---------+---------+-----+---+---+-----+---+-----+
//   | type| len | in_port | wildcards | dl_src  |  "mask  | dl_dst  |  "mask  |vlan |pcp|pad|type |tos|proto|
//   +-----+-----+---------+-----------+---------+---------+---------+---------+-----+---+---+-----+---+-----+
//   44       48       52       56       60     62     64         68  69    72          80            88
//   +--------+--------+--------+--------+------+------+----------+---+-----+-----------+-------------+
//   | nw_src | "mask  | nw_dst | "mask  |tp_src|tp_dst|mpls_label|tc | pad | metadata  |  "mask      |
//   +--------+--------+--------+--------+------+------+----------+---+-----+-----------+-------------+
import { u16, viewOf } from "../../wire/index.js";
import { putDestinationPort, putSourcePort, VLAN_NONE } from "./match-1-0.js";
import {
  OXM,
  putOxm8,
  putOxm16,
  putOxm16Masked,
  putOxm32,
  putOxm32Masked,
  putOxm48,
  putOxm48Wild,
  putOxm64Wild,
} from "./oxm-bytes.js";

/** Bytes of the match, type and length words included; also the value of the length word. */
export const MATCH_1_1_LENGTH = 88;

/** Offsets of its fields. */
export const AT_1_1 = {
  TYPE: 0,
  LENGTH: 2,
  IN_PORT: 4,
  WILDCARDS: 8,
  DL_SRC: 12,
  DL_SRC_MASK: 18,
  DL_DST: 24,
  DL_DST_MASK: 30,
  DL_VLAN: 36,
  DL_VLAN_PCP: 38,
  DL_TYPE: 40,
  NW_TOS: 42,
  NW_PROTO: 43,
  NW_SRC: 44,
  NW_SRC_MASK: 48,
  NW_DST: 52,
  NW_DST_MASK: 56,
  TP_SRC: 60,
  TP_DST: 62,
  MPLS_LABEL: 64,
  MPLS_TC: 68,
  METADATA: 72,
  METADATA_MASK: 80,
} as const;

/** Bits of the wildcards word; a set bit means "any". */
export const ANY_1_1 = {
  IN_PORT: 1 << 0,
  DL_VLAN: 1 << 1,
  DL_VLAN_PCP: 1 << 2,
  DL_TYPE: 1 << 3,
  NW_TOS: 1 << 4,
  NW_PROTO: 1 << 5,
  TP_SRC: 1 << 6,
  TP_DST: 1 << 7,
  MPLS_LABEL: 1 << 8,
  MPLS_TC: 1 << 9,
} as const;

/** The wildcards of a match without fields. */
export const ALL_ANY_1_1 = 0x3ff;

/** dl_vlan of packets with any VLAN tag. */
export const VLAN_ANY = 0xfffe;

/** Bytes that the fields of one match need at most as OXM. */
export const MATCH_1_1_OXM_MAX = 192;

/** @param wild  offset of the inverted mask */
function putEthernet(out: DataView, p: number, field: number, v: DataView, o: number, wild: number): number {
  const high = v.getInt32(wild);
  const low = v.getUint16(wild + 4);
  if (high === 0 && low === 0) return putOxm48(out, p, field, v, o);
  return high === -1 && low === 0xffff ? p : putOxm48Wild(out, p, field, v, o, wild);
}

/** @param any  the inverted mask */
function putIPv4(out: DataView, p: number, field: number, value: number, any: number): number {
  if (any === 0) return putOxm32(out, p, field, value);
  return any === -1 ? p : putOxm32Masked(out, p, field, value, ~any);
}

/**
 * Writes the fields of the match at `o` as OXM TLVs to `out` from `p` on and returns where they end; at most
 * MATCH_1_1_OXM_MAX bytes. METADATA always has a mask. ARP matches have ARP fields, as in 1.0.
 */
export function match11ToOxm(b: Uint8Array, o: number, out: DataView, p: number): number {
  const v = viewOf(b);
  const any = v.getInt32(o + AT_1_1.WILDCARDS);
  let q = p;
  if ((any & ANY_1_1.IN_PORT) === 0) q = putOxm32(out, q, OXM.IN_PORT, v.getInt32(o + AT_1_1.IN_PORT));
  if ((v.getInt32(o + AT_1_1.METADATA_MASK) & v.getInt32(o + AT_1_1.METADATA_MASK + 4)) !== -1) {
    q = putOxm64Wild(out, q, OXM.METADATA, v, o + AT_1_1.METADATA, o + AT_1_1.METADATA_MASK);
  }
  q = putEthernet(out, q, OXM.ETH_SRC, v, o + AT_1_1.DL_SRC, o + AT_1_1.DL_SRC_MASK);
  q = putEthernet(out, q, OXM.ETH_DST, v, o + AT_1_1.DL_DST, o + AT_1_1.DL_DST_MASK);
  if ((any & ANY_1_1.DL_VLAN) === 0) q = putVlan(out, q, v.getUint16(o + AT_1_1.DL_VLAN));
  if ((any & ANY_1_1.DL_VLAN_PCP) === 0)
    q = putOxm8(out, q, OXM.VLAN_PCP, v.getUint8(o + AT_1_1.DL_VLAN_PCP));
  if ((any & ANY_1_1.DL_TYPE) === 0) q = putOxm16(out, q, OXM.ETH_TYPE, v.getUint16(o + AT_1_1.DL_TYPE));
  q = putNetwork(v, o, any, out, q);
  if ((any & ANY_1_1.MPLS_LABEL) === 0)
    q = putOxm32(out, q, OXM.MPLS_LABEL, v.getInt32(o + AT_1_1.MPLS_LABEL));
  if ((any & ANY_1_1.MPLS_TC) === 0) q = putOxm8(out, q, OXM.MPLS_TC, v.getUint8(o + AT_1_1.MPLS_TC));
  return q;
}

function putVlan(out: DataView, p: number, vlan: number): number {
  if (vlan === VLAN_ANY) return putOxm16Masked(out, p, OXM.VLAN_VID, 0x1000, 0x1000);
  return putOxm16(out, p, OXM.VLAN_VID, vlan === VLAN_NONE ? 0 : vlan | 0x1000);
}

function putNetwork(v: DataView, o: number, any: number, out: DataView, p: number): number {
  const arp = isArp(any, v.getUint16(o + AT_1_1.DL_TYPE));
  let q = p;
  if (!arp && (any & ANY_1_1.NW_TOS) === 0)
    q = putOxm8(out, q, OXM.IP_DSCP, v.getUint8(o + AT_1_1.NW_TOS) >> 2);
  const proto = v.getUint8(o + AT_1_1.NW_PROTO);
  const hasProto = (any & ANY_1_1.NW_PROTO) === 0;
  if (hasProto) q = arp ? putOxm16(out, q, OXM.ARP_OP, proto) : putOxm8(out, q, OXM.IP_PROTO, proto);
  const src = arp ? OXM.ARP_SPA : OXM.IPV4_SRC;
  const dst = arp ? OXM.ARP_TPA : OXM.IPV4_DST;
  q = putIPv4(out, q, src, v.getInt32(o + AT_1_1.NW_SRC), v.getInt32(o + AT_1_1.NW_SRC_MASK));
  q = putIPv4(out, q, dst, v.getInt32(o + AT_1_1.NW_DST), v.getInt32(o + AT_1_1.NW_DST_MASK));
  if (arp) return q;
  const l4 = hasProto ? proto : 0;
  if ((any & ANY_1_1.TP_SRC) === 0) q = putSourcePort(out, q, l4, v.getUint16(o + AT_1_1.TP_SRC));
  if ((any & ANY_1_1.TP_DST) === 0) q = putDestinationPort(out, q, l4, v.getUint16(o + AT_1_1.TP_DST));
  return q;
}

function isArp(any: number, ethType: number): boolean {
  return (any & ANY_1_1.DL_TYPE) === 0 && ethType === 0x0806;
}

/** The IP protocol that the match at `o` demands, 0 when it demands none. */
export function l4OfMatch11(b: Uint8Array, o: number): number {
  const any = b[o + AT_1_1.WILDCARDS + 3]!;
  if ((any & ANY_1_1.NW_PROTO) !== 0 || isArp(any, u16(b, o + AT_1_1.DL_TYPE))) return 0;
  return b[o + AT_1_1.NW_PROTO]!;
}
