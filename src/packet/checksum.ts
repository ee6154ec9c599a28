// The checksum of IPv4, TCP, UDP, ICMP and IGMP (RFC 1071).
import { u16 } from "../wire/index.js";
import type { Network } from "./protocol.js";

/** The sum of the 16-bit words of b[o, end), the last byte padded with zero, added to `sum`; not folded. */
export function addWords(b: Uint8Array, o: number, end: number, sum = 0): number {
  let total = sum;
  let i = o;
  for (; i + 1 < end; i += 2) total += u16(b, i);
  return i < end ? total + (b[i]! << 8) : total;
}

/** The checksum that belongs to a sum of words: folded to 16 bits and inverted. */
export function foldChecksum(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}

/**
 * The checksum that TCP, UDP or ICMPv6 should have over its bytes from `o` on, with the pseudo header of the IP header below
 * (RFC 9293 §3.1, RFC 8200 §8.1).
 * @param field  where the checksum itself stands; counted as zero
 */
export function transportChecksum(
  b: Uint8Array,
  o: number,
  field: number,
  protocol: number,
  network: Network,
): number {
  const { source, destination, addressBytes, end } = network;
  const addresses = addWords(
    b,
    source,
    source + addressBytes,
    addWords(b, destination, destination + addressBytes),
  );
  const sum = addWords(b, o, end, addresses + protocol + (end - o));
  return foldChecksum(sum - addWords(b, field, Math.min(field + 2, end)));
}
