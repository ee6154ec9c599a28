// Decoding the body of HELLO. It is never refused: whatever a peer says beyond what we understand, it is the version
// in the header that counts.
import { type Text, writeAscii, writeDec, writeHex } from "../../../text/index.js";
import { context } from "../../context.js";
import { bitmapLength, needsBitmap, putBitmap, versionsOfElements } from "../hello-elements.js";

/**
 * Prints the members of HELLO, without braces: `versions` when there is a body, and `_elements`, the whole body in
 * hex, when encoding `versions` would not give these bytes.
 */
export function decodeHello(b: Buffer, o: number, end: number, w: Text): void {
  if (o === end) return;
  const versions = versionsOfElements(b, o, end);
  writeAscii('"versions":[', w);
  for (let i = 0; i < versions.length; i++) {
    if (i > 0) w.o[w.p++] = 0x2c;
    writeDec(versions[i]!, w);
  }
  w.o[w.p++] = 0x5d;
  if (isPlain(b, o, end, versions)) return;
  writeAscii(',"_elements":', w);
  writeHex(b, o, end, w);
}

/** Whether the body is what the encoder writes for `versions`. */
function isPlain(b: Buffer, o: number, end: number, versions: readonly number[]): boolean {
  if (!needsBitmap(versions, context.version) || end - o !== bitmapLength(versions)) return false;
  const plain = Buffer.alloc(end - o);
  putBitmap(plain, 0, versions);
  return plain.equals(b.subarray(o, end));
}
