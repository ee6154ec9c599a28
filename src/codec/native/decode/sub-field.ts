// Bit ranges of match fields as text: `NX_REG0[0:16]`.
import { formatHex, type Text, writeAscii, writeDec } from "../../../text/index.js";
import { u16, u32 } from "../../../wire/index.js";
import { decodeFieldIds } from "../../gen/decode/oxm.js";

const QUOTE = 0x22;
const SLASH = 0x2f;
const LETTER_A = 0x41;
const LETTER_Z = 0x5a;

/** Prints the name of the field whose OXM header is at `o`, or the digits by which lists of such headers name it. */
export function writeFieldId(b: Buffer, o: number, w: Text): void {
  decodeFieldIds(b, o, o + (u16(b, o) === 0xffff ? 8 : 4), w);
}

/**
 * Prints the number of `bytes` bytes at `o + 4`; where the OXM header at `o` is not zero, the bits of that field, which
 * are in the first two of those bytes: the offset, and below it 6 bits with the count less one.
 */
export function writeFieldOrNumber(b: Buffer, o: number, bytes: number, w: Text): void {
  const range = u16(b, o + 4);
  if (u32(b, o) !== 0) writeSubField(b, o, range >>> 6, (range & 63) + 1, w, 4);
  else writeDec(bytes === 2 ? range : u32(b, o + 4), w);
}

/**
 * Prints bits `ofs` to `ofs + nBits - 1` of the field whose OXM header is at `o` (8 bytes in the class 0xffff, else
 * 4) as `"NAME[ofs:end]"`. A field without a name, or with a mask bit or another length than its own, is named by
 * the hex digits of its header.
 * @param size  bytes of the header
 */
export function writeSubField(
  b: Buffer,
  o: number,
  ofs: number,
  nBits: number,
  w: Text,
  size = u16(b, o) === 0xffff ? 8 : 4,
): void {
  const end = o + size;
  const start = w.p;
  // A header of the class 0xffff without its experimenter word is no whole header.
  const whole = size === 8 || u16(b, o) !== 0xffff;
  if (whole) decodeFieldIds(b, o, end, w);
  const first = w.o[start + 1]!;
  if (whole && first >= LETTER_A && first <= LETTER_Z && w.o[w.p - 2] !== SLASH) {
    w.p--; // the quote after the name
  } else {
    w.p = start;
    w.o[w.p++] = QUOTE;
    writeAscii(formatHex(b, o, end), w);
  }
  w.o[w.p++] = 0x5b;
  writeDec(ofs, w);
  w.o[w.p++] = 0x3a;
  writeDec(ofs + nBits, w);
  w.o[w.p++] = 0x5d;
  w.o[w.p++] = QUOTE;
}
