/** What is demanded of the codec for any bytes at all. */
import { decoded, encoded } from "./seeds.js";
import { type Site, WalkError, walk } from "./walk.js";

/** Milliseconds that no frame may take. */
export const SLOW_MS = 250;

/** Bytes around a frame that would change what is read, if they were: numbers are large, lengths lead far away. */
const BEFORE = Buffer.alloc(96, 0xff);
const AFTER = Buffer.alloc(96, 0x5a);

/** A finding; the message says what was broken, the frame is in it as hex. */
export class Finding extends Error {
  constructor(what: string, frame: Buffer) {
    super(`${what}\n  frame ${frame.toString("hex")}`);
    this.name = "Finding";
  }
}

/**
 * Demands of a frame: it is refused with DecodeError, or its text is JSON in ASCII with no key twice, which encodes to the
 * same bytes. Bytes outside of the frame have no say, and nothing takes long. Throws Finding, or what the codec throws.
 * @returns whether it was decoded
 */
export function checkFrame(frame: Buffer): boolean {
  let text: string | undefined;
  let took = SLOW_MS;
  // The best of three, for the machine may have other things to do.
  for (let attempt = 0; attempt < 3 && took >= SLOW_MS; attempt++) {
    const start = performance.now();
    text = decoded(frame);
    took = performance.now() - start;
  }
  if (took >= SLOW_MS) throw new Finding(`decoding took ${Math.round(took)} ms`, frame);
  const buffer = Buffer.concat([BEFORE, frame, AFTER]);
  const again = decoded(buffer.subarray(BEFORE.length, BEFORE.length + frame.length));
  if (again !== text) throw new Finding(`bytes around the frame change it: ${text} is ${again}`, frame);
  if (text === undefined) return false;
  checkText(text, frame);
  checkReturn(text, frame);
  return true;
}

function checkText(text: string, frame: Buffer): void {
  if (!/^[\x20-\x7f]*$/.test(text)) throw new Finding(`text is not ASCII: ${text}`, frame);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Finding(`text is no JSON: ${String(error)}: ${text}`, frame);
  }
  // In strings a quote is behind a backslash.
  const written = text.match(/\w":/g)?.length ?? 0;
  if (countKeys(value) !== written) throw new Finding(`a key comes twice: ${text}`, frame);
}

/** All keys of all objects in a value. */
function countKeys(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  for (const inner of Object.values(value)) count += countKeys(inner);
  return Array.isArray(value) ? count : count + Object.keys(value).length;
}

/** Where other bytes than those of the frame say the same. */
const CANONICAL: readonly {
  readonly because: string;
  readonly of: (site: Site, frame: Buffer, back: Buffer) => boolean;
}[] = [
  { because: "padding is zero", of: ({ kind }) => kind === "pad" },
  {
    because: "a text ends at its first NUL; what stands behind that in its field is padding",
    of: ({ kind, at, bytes }, frame, back) => {
      const nul = frame.subarray(at, at + bytes).indexOf(0);
      return kind === "chars" && nul >= 0 && frame.subarray(at, at + nul).equals(back.subarray(at, at + nul));
    },
  },
  {
    because:
      "the length of a table's features counts the padding behind its last property, or does not (OF 1.3.5 §7.3.5.5.2)",
    of: ({ name, at }, frame, back) =>
      name === "TableFeatures.$length" && align8(frame.readUInt16BE(at)) === align8(back.readUInt16BE(at)),
  },
  {
    because: "the length of a tuple counts the padding behind its last property, or does not (nicira-ext.h)",
    of: ({ name, at }, frame, back) =>
      /^NxCtFlushProperty\.\w+_TUPLE\.\$length$/.test(name) &&
      align8(frame.readUInt16BE(at)) === align8(back.readUInt16BE(at)),
  },
];

function checkReturn(text: string, frame: Buffer): void {
  const back = encoded(text);
  if (back === undefined) throw new Finding(`its text is refused: ${text}`, frame);
  if (back.equals(frame)) return;
  const again = decoded(back);
  if (again !== text)
    throw new Finding(`comes back as ${back.toString("hex")}, which says ${again}, not ${text}`, frame);
  if (back.length !== frame.length) {
    // Padding that is missing at the end of a list is added, and counted in the lengths around it.
    if (!meaningOf(frame).equals(meaningOf(back)))
      throw new Finding(`comes back as ${back.toString("hex")}: ${text}`, frame);
    return;
  }
  const lost = sitesOf(frame)
    .filter(({ at, bytes }) => !frame.subarray(at, at + bytes).equals(back.subarray(at, at + bytes)))
    .filter((site) => !CANONICAL.some((rule) => rule.of(site, frame, back)));
  if (lost.length === 0) return;
  const names = lost.map(({ name, kind }) => `${name} (${kind})`).join(", ");
  throw new Finding(`${names} comes back as ${back.toString("hex")}: ${text}`, frame);
}

/** The bytes of a frame without padding and lengths. */
function meaningOf(frame: Buffer): Buffer {
  const sites = sitesOf(frame).filter(({ kind }) => kind !== "pad" && kind !== "length");
  return Buffer.concat(sites.map(({ at, bytes }) => frame.subarray(at, at + bytes)));
}

function sitesOf(frame: Buffer): readonly Site[] {
  try {
    return walk(frame);
  } catch (error) {
    if (error instanceof WalkError)
      throw new Finding(`decodes, but cannot be walked: ${error.message}`, frame);
    throw error;
  }
}

function align8(n: number): number {
  return (n + 7) & ~7;
}
