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

function putHeader(out: Uint8Array, p: number, field: number, masked: number, length: number): void {
  out[p] = 0x80;
  out[p + 1] = 0;
  out[p + 2] = (field << 1) | masked;
  out[p + 3] = length;
}

/** Writes a field of one byte and returns where it ends. */
export function putOxm8(out: Uint8Array, p: number, field: number, value: number): number {
  putHeader(out, p, field, 0, 1);
  out[p + 4] = value;
  return p + 5;
}

/** Writes a field of two bytes and returns where it ends. */
export function putOxm16(out: Uint8Array, p: number, field: number, value: number): number {
  putHeader(out, p, field, 0, 2);
  out[p + 4] = value >>> 8;
  out[p + 5] = value;
  return p + 6;
}

/** Writes a masked field of two bytes and returns where it ends. */
export function putOxm16Masked(
  out: Uint8Array,
  p: number,
  field: number,
  value: number,
  mask: number,
): number {
  putHeader(out, p, field, 1, 4);
  out[p + 4] = value >>> 8;
  out[p + 5] = value;
  out[p + 6] = mask >>> 8;
  out[p + 7] = mask;
  return p + 8;
}

/** Writes a field of four bytes and returns where it ends. */
export function putOxm32(out: Uint8Array, p: number, field: number, value: number): number {
  putHeader(out, p, field, 0, 4);
  out[p + 4] = value >>> 24;
  out[p + 5] = value >>> 16;
  out[p + 6] = value >>> 8;
  out[p + 7] = value;
  return p + 8;
}

/** Writes a field whose value are the `n` bytes at `o` and returns where it ends. */
export function putOxmBytes(
  out: Uint8Array,
  p: number,
  field: number,
  b: Uint8Array,
  o: number,
  n: number,
): number {
  putHeader(out, p, field, 0, n);
  for (let i = 0; i < n; i++) out[p + 4 + i] = b[o + i]!;
  return p + 4 + n;
}

/**
 * Writes a masked field of `n` bytes: the value at `o`, and at `wild` a mask that is inverted on the wire (a set
 * bit means "any"). Value bits that are any become zero. Returns where the field ends.
 */
export function putOxmWild(
  out: Uint8Array,
  p: number,
  field: number,
  b: Uint8Array,
  o: number,
  wild: number,
  n: number,
): number {
  putHeader(out, p, field, 1, 2 * n);
  for (let i = 0; i < n; i++) {
    const mask = ~b[wild + i]! & 0xff;
    out[p + 4 + i] = b[o + i]! & mask;
    out[p + 4 + n + i] = mask;
  }
  return p + 4 + 2 * n;
}

/** Writes the IPv4 address at `o`, without a mask when all `prefix` = 32 bits count; returns where the field ends. */
export function putOxmPrefix(
  out: Uint8Array,
  p: number,
  field: number,
  b: Uint8Array,
  o: number,
  prefix: number,
): number {
  if (prefix === 32) return putOxmBytes(out, p, field, b, o, 4);
  putHeader(out, p, field, 1, 8);
  for (let i = 0; i < 4; i++) {
    const mask = (0xff00 >> Math.min(8, Math.max(0, prefix - 8 * i))) & 0xff;
    out[p + 4 + i] = b[o + i]! & mask;
    out[p + 8 + i] = mask;
  }
  return p + 12;
}
