// OXM TLVs as bytes (OF 1.3.5 §7.2.3.2): the common form in which the fixed matches of 1.0 and 1.1 meet the field
// lists of the later versions.
//
//   0               2          3        4
//   +---------------+-------+--+--------+---------+--------+
//   | class 0x8000  | field |hm| length | value   | mask   |   hm: hasmask; length counts value and mask
//   +---------------+-------+--+--------+---------+--------+

/** Numbers of the basic fields that the fixed matches can say. */
export const OXM = {
  IN_PORT: 0,
  METADATA: 2,
  ETH_DST: 3,
  ETH_SRC: 4,
  ETH_TYPE: 5,
  VLAN_VID: 6,
  VLAN_PCP: 7,
  IP_DSCP: 8,
  IP_PROTO: 10,
  IPV4_SRC: 11,
  IPV4_DST: 12,
  TCP_SRC: 13,
  TCP_DST: 14,
  UDP_SRC: 15,
  UDP_DST: 16,
  SCTP_SRC: 17,
  SCTP_DST: 18,
  ICMPV4_TYPE: 19,
  ICMPV4_CODE: 20,
  ARP_OP: 21,
  ARP_SPA: 22,
  ARP_TPA: 23,
  MPLS_LABEL: 34,
  MPLS_TC: 35,
} as const;

/** Without mask. */
function putHeader(out: DataView, p: number, field: number, length: number): void {
  out.setInt32(p, 0x8000_0000 | (field << 9) | length);
}

/** @param length  bytes of value and mask together */
function putMaskedHeader(out: DataView, p: number, field: number, length: number): void {
  out.setInt32(p, 0x8000_0100 | (field << 9) | length);
}

/** Writes a field of one byte and returns where it ends. */
export function putOxm8(out: DataView, p: number, field: number, value: number): number {
  putHeader(out, p, field, 1);
  out.setUint8(p + 4, value);
  return p + 5;
}

/** Writes a field of two bytes and returns where it ends. */
export function putOxm16(out: DataView, p: number, field: number, value: number): number {
  putHeader(out, p, field, 2);
  out.setUint16(p + 4, value);
  return p + 6;
}

/** Writes a masked field of two bytes and returns where it ends. */
export function putOxm16Masked(out: DataView, p: number, field: number, value: number, mask: number): number {
  putMaskedHeader(out, p, field, 4);
  out.setUint16(p + 4, value);
  out.setUint16(p + 6, mask);
  return p + 8;
}

/** Writes a field of four bytes, signed or not, and returns where it ends. */
export function putOxm32(out: DataView, p: number, field: number, value: number): number {
  putHeader(out, p, field, 4);
  out.setInt32(p + 4, value);
  return p + 8;
}

/** Writes a masked field of four bytes and returns where it ends. Bits of the value that the mask leaves out become zero. */
export function putOxm32Masked(out: DataView, p: number, field: number, value: number, mask: number): number {
  putMaskedHeader(out, p, field, 8);
  out.setInt32(p + 4, value & mask);
  out.setInt32(p + 8, mask);
  return p + 12;
}

/** Writes a field of the six bytes at `o` and returns where it ends. */
export function putOxm48(out: DataView, p: number, field: number, v: DataView, o: number): number {
  putHeader(out, p, field, 6);
  out.setInt32(p + 4, v.getInt32(o));
  out.setUint16(p + 8, v.getUint16(o + 4));
  return p + 10;
}

/**
 * Writes a masked field of six bytes: the value at `o`, and at `wild` a mask that is inverted on the wire (a set bit means "any").
 * Bits of the value that are any become zero. Returns where the field ends.
 */
export function putOxm48Wild(
  out: DataView,
  p: number,
  field: number,
  v: DataView,
  o: number,
  wild: number,
): number {
  const high = ~v.getInt32(wild);
  const low = ~v.getUint16(wild + 4);
  putMaskedHeader(out, p, field, 12);
  out.setInt32(p + 4, v.getInt32(o) & high);
  out.setUint16(p + 8, v.getUint16(o + 4) & low);
  out.setInt32(p + 10, high);
  out.setUint16(p + 14, low);
  return p + 16;
}

/** The same for eight bytes. */
export function putOxm64Wild(
  out: DataView,
  p: number,
  field: number,
  v: DataView,
  o: number,
  wild: number,
): number {
  const high = ~v.getInt32(wild);
  const low = ~v.getInt32(wild + 4);
  putMaskedHeader(out, p, field, 16);
  out.setInt32(p + 4, v.getInt32(o) & high);
  out.setInt32(p + 8, v.getInt32(o + 4) & low);
  out.setInt32(p + 12, high);
  out.setInt32(p + 16, low);
  return p + 20;
}
