/*
 * Decoding a match of a 1.1 flow description. The specification has the standard match only (type 0, 88 bytes, 1.1.0
 * §A.2.3); Open vSwitch sends the match of OpenFlow 1.2 there (type 1, OXM fields).
 *
 *   0      2      4
 *   +------+------+----------------------+---------+
 *   | type | len  | fields               | padding |   len counts type, itself and the fields
 *   +------+------+----------------------+---------+
 */
import type { Text } from "../../../text/index.js";
import { badHead, u16 } from "../../../wire/index.js";
import { context } from "../../context.js";
import { decodeFields } from "../../gen/decode/oxm.js";
import { endOfFields, l4OfFields, MATCH_TYPE_OXM } from "../match-oxm.js";
import { decodeMatch_1_1, residueMatch_1_1 } from "./match-1-1.js";

/** Prints the match at `o` as a list of fields and makes its IP protocol known to the actions. Throws DecodeError. */
export function decodeMatch_1_1OrOxm(b: Buffer, o: number, end: number, w: Text): void {
  if (u16(b, o) !== MATCH_TYPE_OXM) {
    decodeMatch_1_1(b, o, end, w);
    return;
  }
  const fieldsEnd = endOfFields(b, o, end);
  if (fieldsEnd === 0) throw badHead("match", b, o, end);
  context.l4 = l4OfFields(b, o + 4, fieldsEnd);
  w.o[w.p++] = 0x5b;
  decodeFields(b, o + 4, fieldsEnd, w);
  w.o[w.p++] = 0x5d;
}

/** Whether encoding the printed list gives other bytes: always for OXM fields, which 1.1 does not write. */
export function residueMatch_1_1OrOxm(b: Buffer, o: number, end: number): boolean {
  return u16(b, o) === MATCH_TYPE_OXM || residueMatch_1_1(b, o, end);
}
