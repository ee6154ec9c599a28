// Encoding a list of fields as the standard match of OpenFlow 1.1. Layout: ../match-1-1.ts.
import { putU16, u16 } from "../../../wire/index.js";
import type { MessageWriter } from "../../message-writer.js";
import {
  ALL_ANY_1_1,
  ANY_1_1,
  AT_1_1,
  l4OfMatch11,
  MATCH_1_1_LENGTH,
  MATCH_1_1_OXM_MAX,
  match11ToOxm,
  VLAN_ANY,
} from "../match-1-1.js";
import { OXM } from "../oxm-bytes.js";
import {
  claim,
  type Draft,
  encodeFixedMatch,
  type FixedMatch,
  isExactTlv,
  NO_FIELD,
  NO_MASK,
  shared,
  type Unfit,
  unfitMask,
  unfitValue,
} from "./fixed-match.js";
import { isExactVlan, isUntagged, vlanOf } from "./match-1-0.js";

/** A match without fields: all masks say "any". */
const EMPTY = Buffer.alloc(MATCH_1_1_LENGTH);
putU16(EMPTY, AT_1_1.LENGTH, MATCH_1_1_LENGTH);
for (const [at, n] of [
  [AT_1_1.DL_SRC_MASK, 6],
  [AT_1_1.DL_DST_MASK, 6],
  [AT_1_1.NW_SRC_MASK, 4],
  [AT_1_1.NW_DST_MASK, 4],
  [AT_1_1.METADATA_MASK, 8],
] as const) {
  EMPTY.fill(0xff, at, at + n);
}

const draft: Draft = { bytes: Buffer.alloc(MATCH_1_1_LENGTH), any: 0, version: "1.1" };
const match = draft.bytes;

const LAYOUT: FixedMatch = {
  draft,
  empty: EMPTY,
  allAny: ALL_ANY_1_1,
  tlvBytes: MATCH_1_1_OXM_MAX,
  toOxm: match11ToOxm,
  l4: l4OfMatch11,
  wildcards: AT_1_1.WILDCARDS,
  ethType: { any: ANY_1_1.DL_TYPE, at: AT_1_1.DL_TYPE },
  protocol: { any: ANY_1_1.NW_PROTO, at: AT_1_1.NW_PROTO },
  wrong: wrongIn11,
  place,
};

/**
 * Writes the 88 bytes of the match.
 * @param residue  hex of the bytes that `value` was printed from; used while `value` still says the same
 * @param key      key of the list, for errors
 * Throws EncodeError for a field that 1.1 does not have.
 */
export function encodeMatch_1_1(w: MessageWriter, value: unknown, residue: unknown, key: string): void {
  encodeFixedMatch(w, LAYOUT, value, residue, key);
}

/** What 1.1 cannot say of the TLV at `p`, if anything. */
export function wrongIn11(b: Uint8Array, p: number): Unfit | undefined {
  const field = b[p + 2]! >> 1;
  switch (field) {
    case OXM.METADATA:
    case OXM.ETH_DST:
    case OXM.ETH_SRC:
    case OXM.IPV4_SRC:
    case OXM.IPV4_DST:
    case OXM.ARP_SPA:
    case OXM.ARP_TPA:
      return undefined;
    case OXM.VLAN_VID:
      return isUntagged(b, p) || isExactVlan(b, p) || isAnyTag(b, p)
        ? undefined
        : unfitMask("with this mask");
    case OXM.IP_DSCP:
      // The upper six bits of a byte.
      if (b[p + 4]! > 0x3f) return unfitValue(`value ${b[p + 4]!}`);
      break;
    case OXM.ARP_OP:
      if (u16(b, p + 4) > 0xff) return unfitValue(`operation ${u16(b, p + 4)}`);
      break;
    case OXM.IN_PORT:
    case OXM.ETH_TYPE:
    case OXM.VLAN_PCP:
    case OXM.IP_PROTO:
    case OXM.TCP_SRC:
    case OXM.TCP_DST:
    case OXM.UDP_SRC:
    case OXM.UDP_DST:
    case OXM.SCTP_SRC:
    case OXM.SCTP_DST:
    case OXM.ICMPV4_TYPE:
    case OXM.ICMPV4_CODE:
    case OXM.MPLS_LABEL:
    case OXM.MPLS_TC:
      break;
    default:
      return NO_FIELD;
  }
  return isExactTlv(b, p) ? undefined : NO_MASK;
}

/** "Some tag", asked for by the presence bit alone. */
function isAnyTag(b: Uint8Array, p: number): boolean {
  return b[p + 3] === 4 && (u16(b, p + 6) & 0x1fff) === 0x1000 && (u16(b, p + 4) & 0x1000) !== 0;
}

function place(b: Uint8Array, p: number, key: string): void {
  const field = b[p + 2]! >> 1;
  switch (field) {
    case OXM.IN_PORT:
      placeExact(b, p, ANY_1_1.IN_PORT, AT_1_1.IN_PORT, 4, key);
      break;
    case OXM.METADATA:
      placeMasked(b, p, AT_1_1.METADATA, AT_1_1.METADATA_MASK, 8, key);
      break;
    case OXM.ETH_DST:
      placeMasked(b, p, AT_1_1.DL_DST, AT_1_1.DL_DST_MASK, 6, key);
      break;
    case OXM.ETH_SRC:
      placeMasked(b, p, AT_1_1.DL_SRC, AT_1_1.DL_SRC_MASK, 6, key);
      break;
    case OXM.ETH_TYPE:
      placeExact(b, p, ANY_1_1.DL_TYPE, AT_1_1.DL_TYPE, 2, key);
      break;
    case OXM.VLAN_VID:
      claim(draft, ANY_1_1.DL_VLAN, key);
      putU16(match, AT_1_1.DL_VLAN, isAnyTag(b, p) ? VLAN_ANY : vlanOf(b, p));
      break;
    case OXM.VLAN_PCP:
      placeExact(b, p, ANY_1_1.DL_VLAN_PCP, AT_1_1.DL_VLAN_PCP, 1, key);
      break;
    case OXM.IP_DSCP:
      claim(draft, ANY_1_1.NW_TOS, key);
      match[AT_1_1.NW_TOS] = b[p + 4]! << 2;
      break;
    case OXM.IP_PROTO:
    case OXM.ARP_OP:
      claim(draft, ANY_1_1.NW_PROTO, key);
      match[AT_1_1.NW_PROTO] = field === OXM.ARP_OP ? b[p + 5]! : b[p + 4]!;
      break;
    case OXM.IPV4_SRC:
    case OXM.ARP_SPA:
      placeMasked(b, p, AT_1_1.NW_SRC, AT_1_1.NW_SRC_MASK, 4, key);
      break;
    case OXM.IPV4_DST:
    case OXM.ARP_TPA:
      placeMasked(b, p, AT_1_1.NW_DST, AT_1_1.NW_DST_MASK, 4, key);
      break;
    case OXM.MPLS_LABEL:
      placeExact(b, p, ANY_1_1.MPLS_LABEL, AT_1_1.MPLS_LABEL, 4, key);
      break;
    case OXM.MPLS_TC:
      placeExact(b, p, ANY_1_1.MPLS_TC, AT_1_1.MPLS_TC, 1, key);
      break;
    case OXM.TCP_SRC:
    case OXM.UDP_SRC:
    case OXM.SCTP_SRC:
    case OXM.ICMPV4_TYPE:
      claim(draft, ANY_1_1.TP_SRC, key);
      putU16(match, AT_1_1.TP_SRC, field === OXM.ICMPV4_TYPE ? b[p + 4]! : u16(b, p + 4));
      break;
    default:
      claim(draft, ANY_1_1.TP_DST, key);
      putU16(match, AT_1_1.TP_DST, field === OXM.ICMPV4_CODE ? b[p + 4]! : u16(b, p + 4));
  }
}

function placeExact(b: Uint8Array, p: number, bit: number, at: number, n: number, key: string): void {
  claim(draft, bit, key);
  for (let i = 0; i < n; i++) match[at + i] = b[p + 4 + i]!;
}

/** Stores a value and its mask, inverted; a value has no bits outside its mask. */
function placeMasked(b: Uint8Array, p: number, at: number, mask: number, n: number, key: string): void {
  for (let i = 0; i < n; i++) {
    if (match[mask + i] !== 0xff) throw shared(draft, key);
  }
  const masked = (b[p + 2]! & 1) === 1;
  for (let i = 0; i < n; i++) {
    const wanted = masked ? b[p + 4 + n + i]! : 0xff;
    match[at + i] = b[p + 4 + i]! & wanted;
    match[mask + i] = ~wanted;
  }
}
