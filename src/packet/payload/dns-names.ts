// Names of DNS (RFC 1035 §3.1, §4.1.4): labels, each behind its length; 0 ends them. Two bytes with the upper two bits set
// instead of a label point to where the rest of the name was said before.
//
// As text: labels with dots between, "." for the root. Dots and backslashes in labels have a backslash before them, bytes that
// are no visible ASCII are \DDD (RFC 1035 §5.1).
import { u16, type Writer } from "../../wire/index.js";
import { refused } from "./values.js";

/** Longest name, bytes, its lengths counted (RFC 1035 §2.3.4). */
const LONGEST_NAME = 255;
const LONGEST_LABEL = 63;
/** Pointers have 14 bits. */
const LAST_TARGET = 0x3fff;

/** A name that was read. */
export interface DnsName {
  readonly text: string;
  /** Where what follows it starts. */
  readonly stop: number;
}

/**
 * Reads the name at `at` of the message that starts at `o`. Undefined when it is not all there before `end`, is longer than
 * a name can be, or points elsewhere than back: so no name can be read for ever.
 */
export function readName(b: Uint8Array, o: number, at: number, end: number): DnsName | undefined {
  const labels: string[] = [];
  let bytes = 1;
  let stop = -1;
  let p = at;
  let before = at;
  while (p < end) {
    const length = b[p]!;
    if (length === 0)
      return { text: labels.length === 0 ? "." : labels.join("."), stop: stop < 0 ? p + 1 : stop };
    if (length >= 0xc0) {
      if (end - p < 2) return undefined;
      const target = o + (u16(b, p) & LAST_TARGET);
      if (stop < 0) stop = p + 2;
      if (target >= before) return undefined;
      before = target;
      p = target;
      continue;
    }
    bytes += length + 1;
    if (length > LONGEST_LABEL || bytes > LONGEST_NAME || p + 1 + length > end) return undefined;
    labels.push(formatLabel(b, p + 1, p + 1 + length));
    p += 1 + length;
  }
  return undefined;
}

function formatLabel(b: Uint8Array, o: number, end: number): string {
  let text = "";
  for (let i = o; i < end; i++) {
    const c = b[i]!;
    if (c === 0x2e || c === 0x5c) text += `\\${String.fromCharCode(c)}`;
    else if (c > 0x20 && c < 0x7f) text += String.fromCharCode(c);
    else text += `\\${String(c).padStart(3, "0")}`;
  }
  return text;
}

/** Writes the names of one message, each tail that was written before as a pointer. */
export class NameWriter {
  readonly #out: Writer;
  readonly #start: number;
  /** Where each tail of a name was written, by its text. */
  readonly #places = new Map<string, number>();

  /** @param start  where the message starts in `out` */
  constructor(out: Writer, start: number) {
    this.#out = out;
    this.#start = start;
  }

  /**
   * Appends a name. Throws EncodeError when it is none.
   * @param pointers  whether pointers may be used; only names in data of old types of records may have them (RFC 3597 §4)
   */
  write(text: string, path: string, pointers: boolean): void {
    const labels = parseLabels(text, path);
    for (let i = 0; i < labels.length; i++) {
      const tail = labels
        .slice(i)
        .map((label) => formatLabel(label, 0, label.length))
        .join(".");
      const place = this.#places.get(tail);
      if (place !== undefined && pointers) {
        this.#out.u16(0xc000 | place);
        return;
      }
      const here = this.#out.p - this.#start;
      if (place === undefined && here <= LAST_TARGET) this.#places.set(tail, here);
      const label = labels[i]!;
      this.#out.u8(label.length);
      this.#out.bytes(label);
    }
    this.#out.u8(0);
  }
}

/** The labels of a name as bytes; a dot at its end means nothing. */
function parseLabels(text: string, path: string): Uint8Array[] {
  if (text === "." || text === "") return [];
  const labels: number[][] = [[]];
  const pieces = text.matchAll(/\\(\d{3})|\\([^\d])|([^\\])|(\\)/gsu);
  for (const [, code, quoted, plain, lone] of pieces) {
    if (plain === ".") {
      labels.push([]);
      continue;
    }
    const c = code === undefined ? (quoted ?? plain ?? "").charCodeAt(0) : Number(code);
    if (lone !== undefined || !(c < (code === undefined ? 0x80 : 0x100))) {
      throw refused(text, "is not a name of DNS: other characters than ASCII are \\DDD, byte for byte", path);
    }
    labels.at(-1)!.push(c);
  }
  if (labels.at(-1)!.length === 0) labels.pop();
  const bytes = labels.reduce((sum, label) => sum + label.length + 1, 1);
  if (labels.some((label) => label.length === 0 || label.length > LONGEST_LABEL) || bytes > LONGEST_NAME) {
    throw refused(text, "is not a name of DNS: labels have 1 to 63 bytes, names 255 at most", path);
  }
  return labels.map((label) => Uint8Array.from(label));
}
