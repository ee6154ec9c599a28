// Decoding the match of OpenFlow 1.0. Layout: ../match-1-0.ts.
import type { Text } from "../../../text/index.js";
import { short, viewOf } from "../../../wire/index.js";
import { context } from "../../context.js";
import { decodeFields } from "../../gen/decode/oxm.js";
import {
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

const oxm = Buffer.allocUnsafeSlow(MATCH_1_0_OXM_MAX);
const oxmView = new DataView(oxm.buffer);

/** Prints the match at `o` as a list of fields and makes its IP protocol known to the actions. Throws DecodeError. */
export function decodeMatch_1_0(b: Buffer, o: number, end: number, w: Text): void {
  if (end - o < MATCH_1_0_LENGTH) throw short("match", o, end, MATCH_1_0_LENGTH);
  context.l4 = l4OfMatch10(b, o);
  w.o[w.p++] = 0x5b;
  decodeFields(oxm, 0, match10ToOxm(b, o, oxmView, 0), w);
  w.o[w.p++] = 0x5d;
}

/** Whether the match at `o` holds something that the printed list does not say, so that encoding the list gives other bytes. */
export function residueMatch_1_0(b: Buffer, o: number, _end: number): boolean {
  const v = viewOf(b);
  const any = v.getInt32(o);
  return any >>> 22 !== 0 || linkResidue(v, o, any) || networkResidue(v, o, any);
}

/** Ports, addresses and tags: bytes under wildcards, values that the list cannot have. */
function linkResidue(v: DataView, o: number, any: number): boolean {
  if ((any & ANY_1_0.IN_PORT) !== 0 && v.getUint16(o + AT_1_0.IN_PORT) !== 0) return true;
  if ((any & ANY_1_0.DL_SRC) !== 0 && !isZero(v, o + AT_1_0.DL_SRC)) return true;
  if ((any & ANY_1_0.DL_DST) !== 0 && !isZero(v, o + AT_1_0.DL_DST)) return true;
  const vlan = v.getUint16(o + AT_1_0.DL_VLAN);
  if ((any & ANY_1_0.DL_VLAN) !== 0 ? vlan !== 0 : vlan > 0x0fff && vlan !== VLAN_NONE) return true;
  const pcp = v.getUint8(o + AT_1_0.DL_VLAN_PCP);
  if ((any & ANY_1_0.DL_VLAN_PCP) !== 0 ? pcp !== 0 : pcp > 7) return true;
  if ((any & ANY_1_0.DL_TYPE) !== 0 && v.getUint16(o + AT_1_0.DL_TYPE) !== 0) return true;
  return v.getUint8(o + 21) !== 0 || v.getUint16(o + 26) !== 0; // padding
}

function networkResidue(v: DataView, o: number, any: number): boolean {
  const arp = (any & ANY_1_0.DL_TYPE) === 0 && v.getUint16(o + AT_1_0.DL_TYPE) === 0x0806;
  const tos = v.getUint8(o + AT_1_0.NW_TOS);
  if ((any & ANY_1_0.NW_TOS) !== 0 ? tos !== 0 : arp || (tos & 3) !== 0) return true;
  const proto = v.getUint8(o + AT_1_0.NW_PROTO);
  const hasProto = (any & ANY_1_0.NW_PROTO) === 0;
  if (!hasProto && proto !== 0) return true;
  if (addressResidue(v, o + AT_1_0.NW_SRC, (any >>> NW_SRC_SHIFT) & 63)) return true;
  if (addressResidue(v, o + AT_1_0.NW_DST, (any >>> NW_DST_SHIFT) & 63)) return true;
  // 1.0 has no SCTP: its ports are printed, but cannot be asked for.
  const largest = arp || (hasProto && proto === 132) ? -1 : hasProto && proto === 1 ? 0xff : 0xffff;
  const src = v.getUint16(o + AT_1_0.TP_SRC);
  const dst = v.getUint16(o + AT_1_0.TP_DST);
  return (
    ((any & ANY_1_0.TP_SRC) !== 0 ? src !== 0 : src > largest) ||
    ((any & ANY_1_0.TP_DST) !== 0 ? dst !== 0 : dst > largest)
  );
}

function addressResidue(v: DataView, o: number, anyBits: number): boolean {
  if (anyBits > 32) return true;
  const address = v.getInt32(o);
  return anyBits === 32 ? address !== 0 : (address & ((2 ** anyBits - 1) | 0)) !== 0;
}

/** The six bytes at `o` are zero. */
function isZero(v: DataView, o: number): boolean {
  return v.getInt32(o) === 0 && v.getUint16(o + 4) === 0;
}
