// A match as terms, one for each field: value and mask as bytes, whatever the JSON around them looked like. A packet has the terms of
// an exact match, so "covers a packet" and "covers a match" are one question.
import { u16, u32 } from "../wire/index.js";
import { encodeFieldList } from "./fields.js";
import { fieldIndex, fieldKinds } from "./gen/encode/oxm.js";
import { MessageWriter } from "./message-writer.js";
import { encodeMatch_1_0 } from "./native/encode/match-1-0.js";
import { encodeMatch_1_1 } from "./native/encode/match-1-1.js";
import { MATCH_1_0_OXM_MAX, match10ToOxm } from "./native/match-1-0.js";
import { MATCH_1_1_OXM_MAX, match11ToOxm } from "./native/match-1-1.js";

/** One field of a match. */
export interface MatchTerm {
  /** Which field: see `termKey`. */
  readonly key: number;
  readonly value: Uint8Array;
  /** As long as the value; without it all bits count. */
  readonly mask?: Uint8Array;
}

/** A match, or the fields of a packet. */
export interface MatchTerms {
  /** All of them: a field that is there twice must hold twice. */
  readonly list: readonly MatchTerm[];
  readonly byKey: ReadonlyMap<number, MatchTerm>;
}

/** Fields that look at the same bits of a packet in the same form as a field of the basic class. */
const SAME: Readonly<Record<string, string>> = {
  NX_ETH_DST: "ETH_DST",
  NX_ETH_SRC: "ETH_SRC",
  NX_ETH_TYPE: "ETH_TYPE",
  NX_IP_PROTO: "IP_PROTO",
  NX_IP_SRC: "IPV4_SRC",
  NX_IP_DST: "IPV4_DST",
  NX_TCP_SRC: "TCP_SRC",
  NX_TCP_DST: "TCP_DST",
  NX_UDP_SRC: "UDP_SRC",
  NX_UDP_DST: "UDP_DST",
  NX_ICMP_TYPE: "ICMPV4_TYPE",
  NX_ICMP_CODE: "ICMPV4_CODE",
  NX_ARP_OP: "ARP_OP",
  NX_ARP_SPA: "ARP_SPA",
  NX_ARP_TPA: "ARP_TPA",
  NX_ARP_SHA: "ARP_SHA",
  NX_ARP_THA: "ARP_THA",
  NX_TUN_ID: "TUNNEL_ID",
  NX_IPV6_SRC: "IPV6_SRC",
  NX_IPV6_DST: "IPV6_DST",
  NX_ICMPV6_TYPE: "ICMPV6_TYPE",
  NX_ICMPV6_CODE: "ICMPV6_CODE",
  NX_ND_TARGET: "IPV6_ND_TARGET",
  NX_ND_SLL: "IPV6_ND_SLL",
  NX_ND_TLL: "IPV6_ND_TLL",
  NX_IPV6_LABEL: "IPV6_FLABEL",
  NX_IP_ECN: "IP_ECN",
  NX_TCP_FLAGS: "TCP_FLAGS",
  NX_ET_DP_HASH: "NX_DP_HASH",
  ONF_PBB_UCA: "PBB_UCA",
  ONF_TCP_FLAGS: "TCP_FLAGS",
  ONF_ACTSET_OUTPUT: "ACTSET_OUTPUT",
};

const EXPERIMENTER_CLASS = 0xffff;

/** Class and number of a field, and its experimenter, as one number. */
function headerKey(header: number, experimenter: number): number {
  if (header >>> 16 !== EXPERIMENTER_CLASS) return header >>> 9;
  // Above all keys of other classes, which have 23 bits.
  return 2 ** 24 + ((header >>> 9) & 0x7f) * 2 ** 32 + experimenter;
}

function ownKey(name: string): number {
  const { header, experimenter } = fieldKinds[fieldIndex.get(name)!]!;
  return headerKey(header, experimenter);
}

const sameKeys = new Map(Object.entries(SAME).map(([name, other]) => [ownKey(name), ownKey(other)]));

/** The key of a named field; fields that are the same have the same. -1 when there is no such field. */
export function termKey(name: string): number {
  if (!fieldIndex.has(name)) return -1;
  const key = ownKey(name);
  return sameKeys.get(key) ?? key;
}

/** The other name under which the values of packets are known. */
export function sameField(name: string): string {
  return SAME[name] ?? name;
}

const w = new MessageWriter();
const fixed = new Uint8Array(Math.max(MATCH_1_0_OXM_MAX, MATCH_1_1_OXM_MAX));
const fixedView = new DataView(fixed.buffer);

/**
 * The terms of a match as it would be sent: in OpenFlow 1.0 and 1.1 what the fixed match says of it, later with the prerequisites that
 * encoding adds.
 * @param list       {field, value, mask} as in messages
 * @param unchecked  take the match as it is, without prerequisites; matches that a switch told
 * @param key        key of the list, for errors
 * Throws EncodeError where encoding would.
 */
export function readTerms(list: unknown, version: number, unchecked: boolean, key: string): MatchTerms {
  w.reset();
  w.version = version;
  w.unchecked = unchecked;
  w.lossless = true;
  if (version === 1) {
    encodeMatch_1_0(w, list, undefined, key);
    return makeTerms(termsOf(fixed, match10ToOxm(w.b, 0, fixedView, 0)));
  }
  if (version === 2) {
    encodeMatch_1_1(w, list, undefined, key);
    return makeTerms(termsOf(fixed, match11ToOxm(w.b, 0, fixedView, 0)));
  }
  encodeFieldList(w, list, key);
  return makeTerms(termsOf(w.b, w.p));
}

/** The terms of the TLVs b[0, end). */
function termsOf(b: Uint8Array, end: number): MatchTerm[] {
  const terms: MatchTerm[] = [];
  for (let p = 0; p < end; ) {
    const stop = p + 4 + b[p + 3]!;
    const own = u16(b, p) === EXPERIMENTER_CLASS && stop - p >= 8 ? 4 : 0;
    const key = headerKey(u32(b, p), own === 0 ? 0 : u32(b, p + 4));
    const at = p + 4 + own;
    const masked = (b[p + 2]! & 1) === 1;
    const middle = masked ? at + ((stop - at) >> 1) : stop;
    const value = Uint8Array.from(b.subarray(at, middle));
    const mask = masked ? { mask: Uint8Array.from(b.subarray(middle, stop)) } : {};
    terms.push({ key: sameKeys.get(key) ?? key, value, ...mask });
    p = stop;
  }
  return terms;
}

/** Terms that can be looked up; the first one is found where a key is there twice. */
export function makeTerms(list: readonly MatchTerm[]): MatchTerms {
  const byKey = new Map<number, MatchTerm>();
  for (const term of list) if (!byKey.has(term.key)) byKey.set(term.key, term);
  return { list, byKey };
}

/** A mask of zeros: the field may have any value, or not be there. */
export function isVoid({ mask }: MatchTerm): boolean {
  return mask?.every((byte) => byte === 0) ?? false;
}

/** True when each packet that has `inner` has `outer`, too: `inner` looks at the bits that `outer` looks at, and wants them the same. */
export function holdsIn(outer: MatchTerm, inner: MatchTerm | undefined): boolean {
  if (isVoid(outer)) return true;
  if (inner === undefined || inner.value.length !== outer.value.length) return false;
  return outer.value.every((byte, i) => {
    const wanted = outer.mask?.[i] ?? 0xff;
    const told = inner.mask?.[i] ?? 0xff;
    return (wanted & ~told) === 0 && ((byte ^ inner.value[i]!) & wanted) === 0;
  });
}

/** True when each packet that `narrow` takes, or which it describes, is taken by `wide` (OF 1.3.5 §6.4, non-strict). */
export function covers(wide: MatchTerms, narrow: MatchTerms): boolean {
  return wide.list.every((term) => holdsIn(term, narrow.byKey.get(term.key)));
}

/** True when both are the same match, whatever the order of the fields (strict). */
export function isSameMatch(a: MatchTerms, b: MatchTerms): boolean {
  return covers(a, b) && covers(b, a);
}

/** True when a packet could be taken by both: no field has bits that both look at and want differently (CHECK_OVERLAP, OF 1.3.5 §6.4). */
export function overlap(a: MatchTerms, b: MatchTerms): boolean {
  return a.list.every(({ key, value, mask }) => {
    const other = b.byKey.get(key);
    if (other === undefined || other.value.length !== value.length) return true;
    return value.every((byte, i) => {
      const both = (mask?.[i] ?? 0xff) & (other.mask?.[i] ?? 0xff);
      return ((byte ^ other.value[i]!) & both) === 0;
    });
  });
}
