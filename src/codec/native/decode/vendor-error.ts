// The name of an ERROR in the encoding of an experimenter, see ../vendor-errors.ts.
import { type Text, writeAscii } from "../../../text/index.js";
import { u16, u32 } from "../../../wire/index.js";
import { EXPERIMENTER, FIRST_WITH_TYPE, NICIRA, vendorErrorName } from "../vendor-errors.js";

/** Bytes of an ERROR before its data: the header, type and code. */
const HEAD = 12;

/** Prints the member `,"_error":"NXBRC_NXM_INVALID"` for the ERROR whose data are from `o` to `end`, if it has a known name. */
export function writeVendorError(b: Buffer, o: number, end: number, w: Text): void {
  const type = u16(b, o - 4);
  if (type !== EXPERIMENTER && type !== NICIRA) return;
  const version = b[o - HEAD]!;
  const later = version >= FIRST_WITH_TYPE;
  if (end - o < (later ? 4 : 8) || (type === EXPERIMENTER) !== later) return;
  if (!later && u16(b, o - 2) !== 0) return;
  const name = vendorErrorName(version, u32(b, o), later ? u16(b, o - 2) : u32(b, o + 4));
  if (name !== undefined) writeAscii(`,"_error":"${name}"`, w);
}
