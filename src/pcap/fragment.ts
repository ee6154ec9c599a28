// Fragments of IP packets (RFC 791 §3.2, RFC 8200 §4.5): parts of one packet, each with an IP header of its own. Every part but the
// last one is a multiple of 8 bytes long; `id` and the addresses say which packet it is of.
import { makeExtensions, scanExtensions } from "../packet/index.js";
import { u16, u32 } from "../wire/index.js";

const IPV6_HEADER = 40;
const FRAGMENT_HEADER = 8;
/** What an IP packet, put together, can have behind its first header at most. */
const LONGEST = 0xffff;

/** One fragment; one object serves all. Offsets are those in the captured packet. */
export interface Fragment {
  /** Where the source address stands, the destination's behind it. */
  addresses: number;
  /** Bytes of one address: 4 or 16. */
  addressSize: number;
  id: number;
  /** What the whole packet holds: a protocol, or an extension header of IPv6. */
  protocol: number;
  /** Where the IP headers end that the whole packet has, too. */
  headers: number;
  /** Of IPv6: where the byte stands that says that a fragment header follows. */
  naming: number;
  /** The part begins with this byte of what is in the packet. */
  offset: number;
  /** Bytes of the part that were sent. */
  length: number;
  /** Whether others follow behind it. */
  more: boolean;
  /** What was captured of the part: b[data, dataEnd). */
  data: number;
  dataEnd: number;
}

/** A fragment to be filled. */
export function makeFragment(): Fragment {
  return {
    addresses: 0,
    addressSize: 4,
    id: 0,
    protocol: 0,
    headers: 0,
    naming: 0,
    offset: 0,
    length: 0,
    more: false,
    data: 0,
    dataEnd: 0,
  };
}

/** Reads the fragment in the IP packet b[o, end), whose headers were captured, into `fragment`. False when its lengths lie. */
export function readFragment(b: Buffer, o: number, end: number, fragment: Fragment): boolean {
  return b[o]! >> 4 === 4 ? readIpv4(b, o, end, fragment) : readIpv6(b, o, end, fragment);
}

function readIpv4(b: Buffer, o: number, end: number, fragment: Fragment): boolean {
  const header = (b[o]! & 15) * 4;
  const place = u16(b, o + 6);
  fragment.addresses = o + 12;
  fragment.addressSize = 4;
  fragment.id = u16(b, o + 4);
  fragment.protocol = b[o + 9]!;
  fragment.headers = o + header;
  fragment.naming = 0;
  return readPart((place & 0x1fff) * 8, (place & 0x2000) !== 0, o + header, o + u16(b, o + 2), end, fragment);
}

const extensions = makeExtensions();

function readIpv6(b: Buffer, o: number, end: number, fragment: Fragment): boolean {
  const stop = o + IPV6_HEADER + u16(b, o + 4);
  const at = scanExtensions(b, b[o + 6]!, o + IPV6_HEADER, Math.min(stop, end), extensions);
  const header = at.fragment;
  const place = u16(b, header + 2);
  fragment.addresses = o + 8;
  fragment.addressSize = 16;
  fragment.id = u32(b, header + 4);
  fragment.protocol = b[header]!;
  fragment.headers = header;
  fragment.naming = header === o + IPV6_HEADER ? o + 6 : at.beforeFragment;
  return readPart(place & 0xfff8, (place & 1) !== 0, header + FRAGMENT_HEADER, stop, end, fragment);
}

/** @param stop  where the IP packet ends as it says  @param end  where what was captured ends */
function readPart(
  offset: number,
  more: boolean,
  data: number,
  stop: number,
  end: number,
  fragment: Fragment,
): boolean {
  // What is behind the last eight bytes has no place: the next part begins before it. Linux drops it, too.
  const length = more ? (stop - data) & ~7 : stop - data;
  fragment.offset = offset;
  fragment.length = length;
  fragment.more = more;
  fragment.data = Math.min(data, end);
  fragment.dataEnd = Math.min(data + length, end);
  return length >= (more ? 8 : 0) && offset + length <= LONGEST;
}
