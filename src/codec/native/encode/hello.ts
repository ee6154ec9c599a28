// Encoding the body of HELLO, see ../hello-elements.ts.
import { EncodeError } from "../../../base/index.js";
import { parseHex, parseInteger } from "../../../text/index.js";
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
  const elements = m._elements === undefined ? undefined : elementBytes(m._elements);
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
  if (!Array.isArray(value))
    throw new EncodeError("versions", "not a list of wire versions", { found: value });
  const versions = value.map((item: unknown, i) => {
    const n = typeof item === "string" ? parseInteger(item) : item;
    if (typeof n === "number" && Number.isInteger(n) && n >= 0 && n <= MAX_VERSION) return n;
    const detail = `${JSON.stringify(item) ?? "undefined"} is not a wire version, 0 to ${MAX_VERSION}`;
    throw new EncodeError("", detail, { found: item, expected: "UInt8" }).prefix(`versions[${i}]`);
  });
  return [...new Set(versions)].sort((a, b) => a - b);
}

function elementBytes(value: unknown): Uint8Array {
  const bytes = typeof value === "string" ? parseHex(value) : undefined;
  if (bytes === undefined)
    throw new EncodeError("_elements", "not hex", { found: value, expected: "HexData" });
  return bytes;
}
