// The body of HELLO (OF 1.3.5 §7.5.1): elements, of which one type is defined, the version bitmap.
//
//   0          2          4                                8
//   +----------+----------+--------------------------------+- - - - - +
//   | type 1   | length   | bitmap: bit n is wire version n|  more    |   length leaves out the padding to 8 bytes
//   +----------+----------+--------------------------------+- - - - - +
import { u16, u32 } from "../../wire/index.js";

/** Type of the element that lists versions. */
export const VERSION_BITMAP = 1;

/** Wire versions are one byte; bits of the bitmap beyond that mean nothing. */
export const MAX_VERSION = 255;

/** Only from this wire version on does HELLO have elements. */
export const FIRST_WITH_ELEMENTS = 4;

/**
 * The versions of the first bitmap in the elements from `o` to `end`, ascending; none when there is no bitmap, or
 * when the elements break their own lengths.
 */
export function versionsOfElements(b: Uint8Array, o: number, end: number): number[] {
  let found: number[] | undefined;
  for (let p = o; p < end; ) {
    if (end - p < 4) return [];
    const length = u16(b, p + 2);
    if (length < 4 || length > end - p) return [];
    if (u16(b, p) === VERSION_BITMAP && found === undefined) found = bits(b, p + 4, p + length);
    p += (length + 7) & ~7;
  }
  return found ?? [];
}

function bits(b: Uint8Array, o: number, end: number): number[] {
  const versions: number[] = [];
  for (let word = 0; o + 4 * word + 4 <= end && 32 * word <= MAX_VERSION; word++) {
    const set = u32(b, o + 4 * word);
    for (let bit = 0; bit < 32; bit++) if ((set >>> bit) & 1) versions.push(32 * word + bit);
  }
  return versions;
}

/**
 * Whether a HELLO of header version `version` needs a bitmap to say `versions` (ascending): the header alone says
 * that all versions up to its own are spoken, or may be the only one.
 */
export function needsBitmap(versions: readonly number[], version: number): boolean {
  const highest = versions.at(-1);
  if (version < FIRST_WITH_ELEMENTS || highest === undefined) return false;
  if (highest !== version) return true;
  if (versions.length === 1) return false;
  return !(versions.length === version && versions[0] === 1);
}

/** Bytes of the bitmap element that says `versions`, padding included. */
export function bitmapLength(versions: readonly number[]): number {
  const words = Math.floor((versions.at(-1) ?? 0) / 32) + 1;
  return (4 + 4 * words + 7) & ~7;
}

/** Stores the bitmap element at `p` of bytes that are zero. */
export function putBitmap(out: Uint8Array, p: number, versions: readonly number[]): void {
  const words = Math.floor((versions.at(-1) ?? 0) / 32) + 1;
  out[p + 1] = VERSION_BITMAP;
  out[p + 3] = 4 + 4 * words;
  for (const version of versions) {
    const at = p + 4 + 4 * (version >> 5) + 3 - ((version & 31) >> 3);
    out[at] = out[at]! | (1 << (version & 7));
  }
}
