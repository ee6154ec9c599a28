// Extension headers of IPv6 (RFC 8200 §4): how far they go, and what OpenFlow says of them in IPV6_EXTHDR.
//
//      0    1    2               8
//     +----+----+---------------+-----------
//     |next|len |               | len x 8      AH (51) counts in words of 4 bytes, less 2; a fragment header (44) has 8
//     +----+----+---------------+-----------
import { u16 } from "../wire/index.js";

/** Extension headers of a packet that are told apart; the next one is payload. */
export const MAX_EXTENSIONS = 16;

const HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const ESP = 50;
const AUTH = 51;
const NONE = 59;
const DEST = 60;
/** Mobility, host identity, shim6 and the two for experiments: read, but IPV6_EXTHDR has no bits for them. */
const OTHERS = [135, 139, 140, 253, 254];

/** Bits of IPV6_EXTHDR (OFPIEH_*, OF 1.3.5 §7.2.3.7). */
const BIT = { NONEXT: 1, ESP: 2, AUTH: 4, DEST: 8, FRAG: 16, ROUTER: 32, HOP: 64, UNREP: 128, UNSEQ: 256 };
/** Destination options before a routing header: another place in the order than other destination options. */
const DEST_FIRST = 0x10000;

const BIT_OF = new Map([
  [HOP, BIT.HOP],
  [ROUTING, BIT.ROUTER],
  [FRAGMENT, BIT.FRAG],
  [AUTH, BIT.AUTH],
]);

/** What may stand before a header in the recommended order (RFC 8200 §4.1), by its bit. */
const BEFORE = new Map<number, number>();
[BIT.HOP, DEST_FIRST, BIT.ROUTER, BIT.FRAG, BIT.AUTH, BIT.ESP, BIT.DEST].reduce((before, bit) => {
  BEFORE.set(bit, before);
  return before | bit;
}, 0);

/** The chain of extension headers that was scanned last; one object serves all. */
export interface Extensions {
  /** Where the chain ends. */
  stop: number;
  /** Number of the protocol behind it: the first header that is not told. */
  protocol: number;
  /** IPV6_EXTHDR. */
  bits: number;
  /** A fragment that is not the first: what follows is no header. */
  later: boolean;
  /** Where the first routing header stands, 0 where there is none. */
  routing: number;
  /** Where the first fragment header stands, 0 where there is none. */
  fragment: number;
  /** Where the header before that starts, whose first byte names it; 0 where it is the first of the chain. */
  beforeFragment: number;
}

/** An empty chain, to be filled by `scanExtensions`. */
export function makeExtensions(): Extensions {
  return { stop: 0, protocol: 0, bits: 0, later: false, routing: 0, fragment: 0, beforeFragment: 0 };
}

/**
 * Where the address of the final destination stands in a routing header; 0 when there is none, for the packet has arrived or nobody
 * knows the type. Types 0 and 2 (RFC 2460 §4.4, RFC 6275 §6.4) have it at the end, segment routing at the start (RFC 8754 §2).
 */
export function lastAddress(b: Uint8Array, at: number): number {
  const length = lengthOf(b, ROUTING, at);
  if (b[at + 3] === 0 || length < 24) return 0;
  const type = b[at + 2]!;
  if (type === 4) return at + 8;
  return type === 0 || type === 2 ? at + length - 16 : 0;
}

/** Whether a number is that of a header which others follow, and not of a protocol. */
export function isExtension(number: number): boolean {
  return BIT_OF.has(number) || number === DEST || OTHERS.includes(number);
}

function lengthOf(b: Uint8Array, number: number, at: number): number {
  if (number === FRAGMENT) return 8;
  return number === AUTH ? (b[at + 1]! + 2) * 4 : (b[at + 1]! + 1) * 8;
}

/** Scans the chain that starts at `o` with a header of number `first`, up to `limit` of its headers. */
export function scanExtensions(
  b: Uint8Array,
  first: number,
  o: number,
  end: number,
  found: Extensions,
  limit = MAX_EXTENSIONS,
): Extensions {
  let at = o;
  let number = first;
  let seen = 0;
  let before = 0;
  found.later = false;
  found.routing = 0;
  found.fragment = 0;
  found.beforeFragment = 0;
  for (let n = 0; n < limit && isExtension(number) && end - at >= 8 && !found.later; n++) {
    const length = lengthOf(b, number, at);
    if (length > end - at) break;
    const next = b[at]!;
    seen = noteBit(number, next, seen);
    if (number === FRAGMENT) {
      found.later = u16(b, at + 2) >> 3 !== 0;
      if (found.fragment === 0) {
        found.fragment = at;
        found.beforeFragment = before;
      }
    }
    if (number === ROUTING && found.routing === 0) found.routing = at;
    number = next;
    before = at;
    at += length;
  }
  if (number === ESP) seen = note(BIT.ESP, seen);
  if (number === NONE) seen |= BIT.NONEXT;
  found.stop = at;
  found.protocol = number;
  found.bits = seen & DEST_FIRST ? (seen & ~DEST_FIRST) | BIT.DEST : seen;
  return found;
}

function noteBit(number: number, next: number, seen: number): number {
  if (number !== DEST) return note(BIT_OF.get(number) ?? 0, seen);
  if (next === ROUTING) return note(DEST_FIRST, seen);
  if (!isExtension(next)) return note(BIT.DEST, seen);
  // Neither before a routing header nor before the upper layer.
  return seen | (seen & BIT.DEST ? BIT.UNREP : 0) | BIT.DEST | BIT.UNSEQ;
}

function note(bit: number, seen: number): number {
  if (bit === 0) return seen;
  let bits = seen | bit;
  if ((seen & bit) !== 0) bits |= BIT.UNREP;
  if ((seen & ~(bit | BEFORE.get(bit)!)) !== 0) bits |= BIT.UNSEQ;
  return bits;
}
