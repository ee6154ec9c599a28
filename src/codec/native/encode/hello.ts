// Encoding the body of HELLO, see ../hello-elements.ts.
import { asList, hexOf, uint } from "../../encode-support.js";
import type { MessageWriter } from "../../message-writer.js";
import { bitmapLength, MAX_VERSION, needsBitmap, putBitmap, versionsOfElements } from "../hello-elements.js";

/** The highest version that we speak, for a HELLO that names none. */
const HIGHEST = 6;

/**
 * The header version of a HELLO that does not say it: the highest of its `versions`, else 6.
 * Throws EncodeError when `versions` is not a list of wire versions.
 */
export function helloVersion(msg: unknown): number {
  const versions =
    typeof msg === "object" && msg !== null ? (msg as Record<string, unknown>).versions : undefined;
  if (versions === undefined) return HIGHEST;
  return versionList(versions).at(-1) || HIGHEST;
}

/**
 * Writes the body: a version bitmap when the header version does not say the same; or the bytes of `_elements` as
 * long as they say the same versions. Returns how many keys of `m` were read. Throws EncodeError.
 */
export function encodeHello(w: MessageWriter, m: Record<string, unknown>): number {
  let consumed = 0;
  const versions = m.versions === undefined ? undefined : versionList(m.versions);
  if (versions !== undefined) consumed++;
  const elements = m._elements === undefined ? undefined : hexOf(m._elements, "_elements");
  if (elements !== undefined) {
    consumed++;
    const said = versionsOfElements(elements, 0, elements.length);
    if (versions === undefined || said.join() === versions.join()) {
      w.bytes(elements);
      return consumed;
    }
  }
  if (versions !== undefined && needsBitmap(versions, w.version)) {
    const at = w.p;
    w.zeros(bitmapLength(versions));
    putBitmap(w.b, at, versions);
  }
  return consumed;
}

/** Versions in ascending order, each once. */
function versionList(value: unknown): number[] {
  const versions = asList(value, "versions").map((item, i) =>
    uint(item, MAX_VERSION, `versions[${i}]`, "UInt8"),
  );
  return [...new Set(versions)].sort((a, b) => a - b);
}
