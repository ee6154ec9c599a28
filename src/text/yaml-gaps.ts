// What stands between two values of a JSON text, as `,"match":[{"field":`, and what YAML has in its place. Messages of one type
// differ in their values only, so what has been found out about a gap is remembered for the next message: comparing and
// copying it by words of eight bytes is several times as fast as reading it.
import { wordsOf } from "./constant.js";
import type { JsonText } from "./json-bytes.js";
import type { Text } from "./slab.js";

/** Gaps that are remembered, before all are forgotten. */
const MOST_GAPS = 4096;
/** Gaps that are tried behind another one, at most. */
const MOST_NEXT = 48;
/** As long as there are fewer, gaps with names in them are remembered. */
const MOST_NAMED = 32;
/** Bytes of a gap in the JSON text: shorter ones, as `}}` at the end, are not remembered, nor longer ones. */
export const LEAST_GAP = 4;
const MOST_GAP = 256;
/** No name is taken into a gap that has this many bytes already. */
const MANY_BYTES = 128;
/** Bytes of a name, and of a list of names with its brackets, that are taken into a gap. */
const LONGEST_NAME = 24;
const LONGEST_NAMES = 80;
/** Where a long gap is probed. */
const PROBE_AT = 12;
/** Gaps are remembered down to this level. */
const MOST_DEPTH = 16;

const QUOTE = 0x22;
const OPEN_LIST = 0x5b;

/** 1 for the bytes of names, and what is between those of a list. */
const IN_NAMES = new Uint8Array(256);
for (const c of Buffer.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_",')) IN_NAMES[c] = 1;

/** A list or object, in a list or object, and so on: the same ones have the same Level, down to MOST_DEPTH. */
export interface Level {
  /** The byte that ends it; 0 outside of all. */
  readonly closer: number;
  readonly depth: number;
  readonly parent: Level | undefined;
  /** The Levels in it, by closer. */
  readonly kids: Map<number, Level>;
}

/** From the end of a value, or the start of the text, to the start of the next value that stands on one line, or to the end of the text. */
export interface Gap {
  /** Its bytes in the JSON text; none when it has fewer than eight. The last word has some of the one before it, when they are no whole words. */
  readonly json: Float64Array;
  /** The first four bytes of the JSON text. */
  readonly head: number;
  /** Four bytes of the JSON text in which most gaps differ, and where they are: behind `{"type":"PO` and `},{"field":"`. */
  readonly probe: number;
  readonly probeAt: number;
  readonly jsonLength: number;
  /** Its bytes in the YAML text, and blanks to make whole words. */
  readonly yaml: Float64Array;
  readonly yamlLength: number;
  /** Where it ends. */
  readonly level: Level;
  /** The text ends there. */
  readonly ends: boolean;
  /** Those that have come next, the longest first. */
  readonly next: Gap[];
  /** All gaps of messages that start alike, by level and JSON text: so that few have more than one `next`, and lists do not add up. */
  readonly family: Map<Level, Map<string, Gap>>;
}

/** Outside of all lists and objects. */
export const OUTSIDE: Level = { closer: 0, depth: 0, parent: undefined, kids: new Map() };

/** What stands before each text. */
export const START: Gap = {
  json: new Float64Array(0),
  head: 0,
  probe: 0,
  probeAt: 0,
  jsonLength: 0,
  yaml: new Float64Array(0),
  yamlLength: 0,
  level: OUTSIDE,
  ends: false,
  next: [],
  family: new Map(),
};

let gaps = 0;

/** The Level of a list or object that opens at `level`. */
export function levelInside(level: Level, closer: number): Level {
  const kid = level.kids.get(closer);
  if (kid !== undefined) return kid;
  const inside = { closer, depth: level.depth + 1, parent: level, kids: new Map() };
  if (inside.depth <= MOST_DEPTH) level.kids.set(closer, inside);
  return inside;
}

/** The gap that starts at `i`, when it is one that has come behind `before` already. */
export function nextGap(before: Gap, json: JsonText, i: number): Gap | undefined {
  const { next } = before;
  const { v, p } = json;
  for (let k = 0; k < next.length; k++) if (isGap(next[k]!, v, i, p)) return next[k];
  return undefined;
}

function isGap(gap: Gap, v: DataView, i: number, end: number): boolean {
  const words = gap.json;
  const last = i + gap.jsonLength - 8;
  if (last + 8 > end || v.getUint32(i + gap.probeAt) !== gap.probe) return false;
  if (last < i) return v.getUint32(i) === gap.head;
  let k = 0;
  for (let at = i; at < last; at += 8) if (v.getFloat64(at, true) !== words[k++]) return false;
  return v.getFloat64(last, true) === words[k];
}

/** Appends the YAML of a gap. Needs room for 7 bytes more. */
export function printGap(gap: Gap, w: Text): void {
  const { yaml } = gap;
  const { v } = w;
  let { p } = w;
  for (let k = 0; k < yaml.length; k++, p += 8) v.setFloat64(p, yaml[k]!, true);
  w.p += gap.yamlLength;
}

/**
 * True when the gap at `start` goes on over the value in b[from, end), which stands on one line: it is a name, as of types and fields,
 * or a list of names, as of flags, or nothing in brackets; and few others have come in its place.
 */
export function goesOverName(before: Gap, b: Uint8Array, start: number, from: number, end: number): boolean {
  if (before.next.length >= MOST_NAMED || from - start > MANY_BYTES) return false;
  const first = b[from]!;
  const second = b[from + 1]!;
  if (first === QUOTE) {
    if (second < 0x41 || end - from - 2 > LONGEST_NAME) return false;
  } else if (first < OPEN_LIST || (second !== QUOTE && second !== first + 2) || end - from > LONGEST_NAMES) {
    return false;
  }
  for (let i = from + 1; i < end - 1; i++) if (IN_NAMES[b[i]!] === 0) return false;
  return true;
}

/**
 * Remembers a gap that has come behind `before`. Undefined when it is not worth it.
 * @param level  where it ends
 * @param ends  that is the end of the text
 */
export function rememberGap(
  before: Gap,
  json: Buffer,
  yaml: Buffer,
  level: Level,
  ends = false,
): Gap | undefined {
  const isDeep = before.level.depth > MOST_DEPTH || level.depth > MOST_DEPTH;
  if (json.length < LEAST_GAP || json.length > MOST_GAP || isDeep) return undefined;
  // It would not be found again, nor would any other of its family.
  if (before === START && START.next.length >= MOST_NEXT) return undefined;
  const family = before === START ? new Map<Level, Map<string, Gap>>() : before.family;
  let known = family.get(before.level);
  if (known === undefined) {
    known = new Map();
    family.set(before.level, known);
  }
  const text = json.toString("latin1");
  let gap = known.get(text);
  if (gap === undefined) {
    if (gaps === MOST_GAPS) {
      START.next.length = 0; // from which all others are reached
      gaps = 0;
    }
    gaps++;
    const probeAt = Math.min(PROBE_AT, json.length - 4);
    gap = {
      json: json.length < 8 ? new Float64Array(0) : wordsOf(json, json.length - 8),
      head: json.readUInt32BE(0),
      probe: json.readUInt32BE(probeAt),
      probeAt,
      jsonLength: json.length,
      yaml: wordsOf(yaml),
      yamlLength: yaml.length,
      level,
      ends,
      next: [],
      family,
    };
    known.set(text, gap);
  }
  const { next } = before;
  if (next.length < MOST_NEXT && !next.includes(gap)) {
    next.push(gap);
    next.sort((a, b) => b.jsonLength - a.jsonLength);
  }
  return gap;
}
