// Decoding the standard match of OpenFlow 1.1. Layout: ../match-1-1.ts.
import { DecodeError } from "../../../base/index.js";
import type { Text } from "../../../text/index.js";
import { short, u16, viewOf } from "../../../wire/index.js";
import { context } from "../../context.js";
import { decodeFields } from "../../gen/decode/oxm.js";
import { VLAN_NONE } from "../match-1-0.js";
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

const oxm = Buffer.allocUnsafeSlow(MATCH_1_1_OXM_MAX);
const oxmView = new DataView(oxm.buffer);

/** Prints the match at `o` as a list of fields and makes its IP protocol known to the actions. Throws DecodeError. */
export function decodeMatch_1_1(b: Buffer, o: number, end: number, w: Text): void {
  if (end - o < MATCH_1_1_LENGTH) throw short("match", o, end, MATCH_1_1_LENGTH);
  if (u16(b, o) !== 0) throw new DecodeError("BAD_LENGTH", "match", o, `type ${u16(b, o)}, not 0`);
  const length = u16(b, o + AT_1_1.LENGTH);
  if (length !== MATCH_1_1_LENGTH) {
    const detail = `length ${length}, not ${MATCH_1_1_LENGTH}`;
    throw new DecodeError("BAD_LENGTH", "match", o + AT_1_1.LENGTH, detail);
  }
  context.l4 = l4OfMatch11(b, o);
  w.o[w.p++] = 0x5b;
  decodeFields(oxm, 0, match11ToOxm(b, o, oxmView, 0), w);
  w.o[w.p++] = 0x5d;
}

/** Whether the match at `o` holds something that the printed list does not say, so that encoding the list gives other bytes. */
export function residueMatch_1_1(b: Buffer, o: number, _end: number): boolean {
  const v = viewOf(b);
  const any = v.getUint32(o + AT_1_1.WILDCARDS);
  return any > ALL_ANY_1_1 || linkResidue(v, o, any) || networkResidue(v, o, any) || mplsResidue(v, o, any);
}

/** Ports, addresses and tags: bytes under wildcards, values that the list cannot have. */
function linkResidue(v: DataView, o: number, any: number): boolean {
  if ((any & ANY_1_1.IN_PORT) !== 0 && v.getInt32(o + AT_1_1.IN_PORT) !== 0) return true;
  if (underMask(v, o + AT_1_1.DL_SRC, o + AT_1_1.DL_SRC_MASK, 6)) return true;
  if (underMask(v, o + AT_1_1.DL_DST, o + AT_1_1.DL_DST_MASK, 6)) return true;
  if (underMask(v, o + AT_1_1.METADATA, o + AT_1_1.METADATA_MASK, 8)) return true;
  const vlan = v.getUint16(o + AT_1_1.DL_VLAN);
  const odd = vlan > 0x0fff && vlan !== VLAN_NONE && vlan !== VLAN_ANY;
  if ((any & ANY_1_1.DL_VLAN) !== 0 ? vlan !== 0 : odd) return true;
  const pcp = v.getUint8(o + AT_1_1.DL_VLAN_PCP);
  if ((any & ANY_1_1.DL_VLAN_PCP) !== 0 ? pcp !== 0 : pcp > 7) return true;
  if ((any & ANY_1_1.DL_TYPE) !== 0 && v.getUint16(o + AT_1_1.DL_TYPE) !== 0) return true;
  return v.getUint8(o + 39) !== 0; // padding
}

function networkResidue(v: DataView, o: number, any: number): boolean {
  const arp = (any & ANY_1_1.DL_TYPE) === 0 && v.getUint16(o + AT_1_1.DL_TYPE) === 0x0806;
  const tos = v.getUint8(o + AT_1_1.NW_TOS);
  if ((any & ANY_1_1.NW_TOS) !== 0 ? tos !== 0 : arp || (tos & 3) !== 0) return true;
  const proto = v.getUint8(o + AT_1_1.NW_PROTO);
  const hasProto = (any & ANY_1_1.NW_PROTO) === 0;
  if (!hasProto && proto !== 0) return true;
  if (underMask(v, o + AT_1_1.NW_SRC, o + AT_1_1.NW_SRC_MASK, 4)) return true;
  if (underMask(v, o + AT_1_1.NW_DST, o + AT_1_1.NW_DST_MASK, 4)) return true;
  const largest = arp ? -1 : hasProto && proto === 1 ? 0xff : 0xffff;
  const src = v.getUint16(o + AT_1_1.TP_SRC);
  const dst = v.getUint16(o + AT_1_1.TP_DST);
  return (
    ((any & ANY_1_1.TP_SRC) !== 0 ? src !== 0 : src > largest) ||
    ((any & ANY_1_1.TP_DST) !== 0 ? dst !== 0 : dst > largest)
  );
}

function mplsResidue(v: DataView, o: number, any: number): boolean {
  const label = v.getUint32(o + AT_1_1.MPLS_LABEL);
  if ((any & ANY_1_1.MPLS_LABEL) !== 0 ? label !== 0 : label > 0xfffff) return true;
  const tc = v.getUint8(o + AT_1_1.MPLS_TC);
  if ((any & ANY_1_1.MPLS_TC) !== 0 ? tc !== 0 : tc > 7) return true;
  return v.getUint8(o + 69) !== 0 || v.getUint16(o + 70) !== 0; // padding
}

/** Whether the `n` bytes at `o` have bits where the inverted mask says "any". */
function underMask(v: DataView, o: number, mask: number, n: 4 | 6 | 8): boolean {
  if ((v.getInt32(o) & v.getInt32(mask)) !== 0) return true;
  if (n === 4) return false;
  if (n === 6) return (v.getUint16(o + 4) & v.getUint16(mask + 4)) !== 0;
  return (v.getInt32(o + 4) & v.getInt32(mask + 4)) !== 0;
}
