// HELLO: which OpenFlow version both sides will speak (OF 1.3.5 §6.3.1).
import { isVersion, type Version } from "../base/index.js";
import { readMessage } from "../codec/decode.js";
import { makeFrame } from "../codec/encode.js";
import { peekVersion } from "../wire/index.js";

/** What a HELLO offers. */
export interface Offer {
  /** Version byte of its header: the highest the peer speaks. */
  readonly version: number;
  /** Wire versions of its bitmap, ascending; undefined without a bitmap. */
  readonly bitmap: readonly number[] | undefined;
}

/** The HELLO of a side that speaks `versions` (ascending, at least one); xid 0. */
export function makeHello(versions: readonly Version[]): Buffer {
  const highest = versions.at(-1) as Version;
  return makeFrame({ type: "HELLO", version: highest, xid: 0, msg: { versions } }, { version: highest });
}

/**
 * Reads a HELLO of any version, future ones too. A body that cannot be understood counts as no bitmap:
 * elements that are not known must be ignored (§7.5.1), and the header alone is enough to agree on a version.
 */
export function readOffer(frame: Buffer): Offer {
  const version = peekVersion(frame);
  // The bitmap came with 1.3.1; what an older HELLO carries behind its header means nothing.
  if (version < 4) return { version, bitmap: undefined };
  const readable = isVersion(version) ? frame : Buffer.from(frame);
  // A version to come: HELLO must stay what it is for all of them (§6.3.1).
  if (readable !== frame) readable[0] = 6;
  const { versions } = readMessage(readable).msg as { versions?: readonly number[] };
  return { version, bitmap: versions?.length === 0 ? undefined : versions };
}

/**
 * The version that a side speaking `ours` (ascending) and the sender of `offer` agree on; 0 when there is none.
 * Without a bitmap it is the smaller of the highest versions, which this side must then speak.
 */
export function negotiate(ours: readonly Version[], offer: Offer): Version | 0 {
  if (offer.bitmap !== undefined) {
    const theirs = offer.bitmap;
    return ours.findLast((version) => theirs.includes(version)) ?? 0;
  }
  const smaller = Math.min(ours.at(-1) as Version, offer.version);
  return ours.find((version) => version === smaller) ?? 0;
}

/** Why no version was agreed on: `Incompatible OpenFlow version: 5 [5] Supported versions: [1, 4]`. */
export function formatIncompatible(ours: readonly Version[], offer: Offer): string {
  const theirs = offer.bitmap ?? [];
  return `Incompatible OpenFlow version: ${offer.version} [${theirs.join(", ")}] Supported versions: [${ours.join(", ")}]`;
}
