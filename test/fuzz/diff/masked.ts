/** Bits of values that their masks do not look at. */
import { type Site, WalkError, walk } from "../walk.js";

/**
 * Whether two frames differ only in this: `cleared` has zeros in the values of match fields where their masks have
 * zeros, `kept` has whatever was there.
 */
export function differOutsideOfMasks(cleared: Buffer, kept: Buffer): boolean {
  if (cleared.length !== kept.length) return false;
  const copy = Buffer.from(kept);
  for (const { at, bytes } of maskedFields(kept)) {
    const half = bytes >>> 1;
    for (let i = at; i < at + half; i++) copy[i] = (kept[i] as number) & (kept[i + half] as number);
  }
  return copy.equals(cleared);
}

/** The words that hold a value and a mask of the same size. */
function maskedFields(frame: Buffer): readonly Site[] {
  try {
    const sites = walk(frame);
    return sites.filter(({ name, at }) => {
      const header = sites.find(
        (site) => site.name === `${name}.$field` && site.at < at && at - site.at <= 6,
      );
      return header !== undefined && ((frame[header.at] as number) & 1) === 1;
    });
  } catch (error) {
    if (error instanceof WalkError) return [];
    throw error;
  }
}
