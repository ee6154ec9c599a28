// Encoding a list of fields as the match of OpenFlow 1.0. Layout: ../match-1-0.ts.
import { putU16, putU32, u16, u32 } from "../../../wire/index.js";
import type { MessageWriter } from "../../message-writer.js";
import {
  ALL_ANY_1_0,
  ANY_1_0,
  AT_1_0,
  l4OfMatch10,
  MATCH_1_0_LENGTH,
  MATCH_1_0_OXM_MAX,
  match10ToOxm,
  NW_DST_SHIFT,
  NW_SRC_SHIFT,
  VLAN_NONE,
} from "../match-1-0.js";
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

/** A match without fields: its wildcards say "any". */
const EMPTY = Buffer.alloc(MATCH_1_0_LENGTH);

const draft: Draft = { bytes: Buffer.alloc(MATCH_1_0_LENGTH), any: 0, version: "1.0" };
const match = draft.bytes;

const LAYOUT: FixedMatch = {
  draft,
  empty: EMPTY,
  allAny: ALL_ANY_1_0,
  tlvBytes: MATCH_1_0_OXM_MAX,
  toOxm: match10ToOxm,
  l4: l4OfMatch10,
  wildcards: AT_1_0.WILDCARDS,
  ethType: { any: ANY_1_0.DL_TYPE, at: AT_1_0.DL_TYPE },
  protocol: { any: ANY_1_0.NW_PROTO, at: AT_1_0.NW_PROTO },
  wrong: wrongIn10,
  place,
};

/**
 * Writes the 40 bytes of the match.
 * @param residue  hex of the bytes that `value` was printed from; used while `value` still says the same
 * @param key      key of the list, for errors
 * Throws EncodeError for a field that 1.0 does not have.
 */
export function encodeMatch_1_0(w: MessageWriter, value: unknown, residue: unknown, key: string): void {
  encodeFixedMatch(w, LAYOUT, value, residue, key);
}

/** What 1.0 cannot say of the TLV at `p`, if anything. */
export function wrongIn10(b: Uint8Array, p: number): Unfit | undefined {
  const field = b[p + 2]! >> 1;
  switch (field) {
    case OXM.IN_PORT: {
      const port = u32(b, p + 4);
      // Ports end at 0xff00: the numbers above are the reserved ones, in 16 bits here, and in 32 bits as in later versions.
      if (port > 0xffff && port <= 0xffffff00) return unfitValue(`port ${port}`);
      break;
    }
    case OXM.VLAN_VID:
      return isUntagged(b, p) || isExactVlan(b, p) ? undefined : unfitMask("with this mask");
    case OXM.IPV4_SRC:
    case OXM.IPV4_DST:
    case OXM.ARP_SPA:
    case OXM.ARP_TPA:
      return anyBits(b, p) < 0 ? unfitMask("with a mask that is not a prefix") : undefined;
    case OXM.IP_DSCP:
      // The upper six bits of a byte.
      if (b[p + 4]! > 0x3f) return unfitValue(`value ${b[p + 4]!}`);
      break;
    case OXM.ARP_OP:
      if (u16(b, p + 4) > 0xff) return unfitValue(`operation ${u16(b, p + 4)}`);
      break;
    case OXM.ETH_DST:
    case OXM.ETH_SRC:
    case OXM.ETH_TYPE:
    case OXM.VLAN_PCP:
    case OXM.IP_PROTO:
    case OXM.TCP_SRC:
    case OXM.TCP_DST:
    case OXM.UDP_SRC:
    case OXM.UDP_DST:
    case OXM.ICMPV4_TYPE:
    case OXM.ICMPV4_CODE:
      break;
    default:
      return NO_FIELD;
  }
  return isExactTlv(b, p) ? undefined : NO_MASK;
}

/** "No tag", asked for by the presence bit alone. */
export function isUntagged(b: Uint8Array, p: number): boolean {
  return b[p + 3] === 4 && (u16(b, p + 6) & 0x1000) !== 0 && (u16(b, p + 4) & u16(b, p + 6)) === 0;
}

/** No mask, or one that has at least the 13 bits that a VLAN number has. */
export function isExactVlan(b: Uint8Array, p: number): boolean {
  return b[p + 3] === 2 || (u16(b, p + 6) & 0x1fff) === 0x1fff;
}

/** dl_vlan for the exact or untagged VLAN_VID at `p`. A number without presence bit is taken for the number of a tag. */
export function vlanOf(b: Uint8Array, p: number): number {
  const value = u16(b, p + 4);
  return value === 0 || isUntagged(b, p) ? VLAN_NONE : value & ~0x1000;
}

/** How many low bits of an address TLV are any, 0..32; -1 when the mask is not a prefix. */
function anyBits(b: Uint8Array, p: number): number {
  if ((b[p + 2]! & 1) === 0) return 0;
  const wild = ~u32(b, p + 8) >>> 0;
  return (wild & (wild + 1)) === 0 ? 32 - Math.clz32(wild) : -1;
}

function place(b: Uint8Array, p: number, key: string): void {
  const field = b[p + 2]! >> 1;
  switch (field) {
    case OXM.IN_PORT:
      claim(draft, ANY_1_0.IN_PORT, key);
      putU16(match, AT_1_0.IN_PORT, u32(b, p + 4));
      break;
    case OXM.ETH_DST:
      claim(draft, ANY_1_0.DL_DST, key);
      copy(b, p, AT_1_0.DL_DST, 6);
      break;
    case OXM.ETH_SRC:
      claim(draft, ANY_1_0.DL_SRC, key);
      copy(b, p, AT_1_0.DL_SRC, 6);
      break;
    case OXM.ETH_TYPE:
      claim(draft, ANY_1_0.DL_TYPE, key);
      copy(b, p, AT_1_0.DL_TYPE, 2);
      break;
    case OXM.VLAN_VID:
      claim(draft, ANY_1_0.DL_VLAN, key);
      putU16(match, AT_1_0.DL_VLAN, vlanOf(b, p));
      break;
    case OXM.VLAN_PCP:
      claim(draft, ANY_1_0.DL_VLAN_PCP, key);
      copy(b, p, AT_1_0.DL_VLAN_PCP, 1);
      break;
    case OXM.IP_DSCP:
      claim(draft, ANY_1_0.NW_TOS, key);
      match[AT_1_0.NW_TOS] = b[p + 4]! << 2;
      break;
    case OXM.IP_PROTO:
    case OXM.ARP_OP:
      claim(draft, ANY_1_0.NW_PROTO, key);
      match[AT_1_0.NW_PROTO] = field === OXM.ARP_OP ? b[p + 5]! : b[p + 4]!;
      break;
    case OXM.IPV4_SRC:
    case OXM.ARP_SPA:
      placeAddress(b, p, AT_1_0.NW_SRC, NW_SRC_SHIFT, key);
      break;
    case OXM.IPV4_DST:
    case OXM.ARP_TPA:
      placeAddress(b, p, AT_1_0.NW_DST, NW_DST_SHIFT, key);
      break;
    case OXM.TCP_SRC:
    case OXM.UDP_SRC:
    case OXM.ICMPV4_TYPE:
      claim(draft, ANY_1_0.TP_SRC, key);
      putU16(match, AT_1_0.TP_SRC, field === OXM.ICMPV4_TYPE ? b[p + 4]! : u16(b, p + 4));
      break;
    default:
      claim(draft, ANY_1_0.TP_DST, key);
      putU16(match, AT_1_0.TP_DST, field === OXM.ICMPV4_CODE ? b[p + 4]! : u16(b, p + 4));
  }
}

function placeAddress(b: Uint8Array, p: number, at: number, shift: number, key: string): void {
  if (((draft.any >>> shift) & 63) !== 32) throw shared(draft, key);
  const bits = anyBits(b, p);
  draft.any = (draft.any & ~(63 << shift)) | (bits << shift);
  if (bits < 32) putU32(match, at, u32(b, p + 4) & ~(2 ** bits - 1));
}

function copy(b: Uint8Array, p: number, at: number, n: number): void {
  for (let i = 0; i < n; i++) match[at + i] = b[p + 4 + i]!;
}
