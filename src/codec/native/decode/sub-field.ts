// Bit ranges of match fields as text: `NX_REG0[0:16]`.
import { formatHex, type Text, writeAscii, writeDec } from "../../../text/index.js";
import { u16 } from "../../../wire/index.js";
import { decodeFieldIds } from "../../gen/decode/oxm.js";

const QUOTE = 0x22;
const SLASH = 0x2f;
const LETTER_A = 0x41;
const LETTER_Z = 0x5a;

/**
 * Prints bits `ofs` to `ofs + nBits - 1` of the field whose OXM header is at `o` (8 bytes in the class 0xffff, else
 * 4) as `"NAME[ofs:end]"`. A field without a name, or with a mask bit or another length than its own, is named by
 * the hex digits of its header.
 */
export function writeSubField(b: Buffer, o: number, ofs: number, nBits: number, w: Text): void {
  const end = o + (u16(b, o) === 0xffff ? 8 : 4);
  const start = w.p;
  decodeFieldIds(b, o, end, w);
  const first = w.o[start + 1]!;
  if (first >= LETTER_A && first <= LETTER_Z && w.o[w.p - 2] !== SLASH) {
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
