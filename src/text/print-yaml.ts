// JSON text -> YAML for people. YAML 1.1 and 1.2 readers both find the strings, numbers and words of the JSON text
// in it: what either of them would take for something else is quoted. Numbers are copied, never parsed.
import { IS_BARE, type JsonText, jsonError, jsonTextOf, skipJsonBlanks, tooDeep } from "./json-bytes.js";
import { MAX_DEPTH } from "./parse-json.js";
import { Text } from "./slab.js";
import {
  type Gap,
  goesOverName,
  LEAST_GAP,
  levelInside,
  nextGap,
  OUTSIDE,
  printGap,
  rememberGap,
  START,
} from "./yaml-gaps.js";
import { printYamlString } from "./yaml-strings.js";

/** Column, from the start of a mapping, in which the values of short keys stand. */
const VALUE_COLUMN = 17;
/** Longest string of a list that is printed on one line, in characters of JSON and its closing quote. */
const MAX_FLOW_ELEMENT = 48;

/** No byte of JSON becomes more: \xNN of a byte, \uXXXX of one to three. Short keys have no more blanks than that leaves. */
const MOST_GROWTH = 6;
/** What is written beyond the end of a line: colons and blanks of a key, words of eight bytes, the marker at the end. */
const MARGIN = 64;

const NEWLINE = 0x0a;
const BLANK = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;

/**
 * Appends one YAML document with its `---` and `...` lines: block style, two blanks per level, lists of short scalars
 * in flow style. Throws TextError when `json` is no JSON (though not every fault inside numbers and strings is
 * noticed), or nests deeper than MAX_DEPTH.
 * @param json  of a Text, the part under construction
 */
export function writeYamlDocument(json: Uint8Array | string | Text, w: Text): void {
  const text = json instanceof Text ? json : jsonTextOf(json);
  const before = w.length;
  let room = (MOST_GROWTH + 2) * (text.p - text.start) + 1024;
  for (w.room(room); !printDocument(text, w); w.room(room)) {
    // Deep nesting: most of it is indentation.
    room *= 2;
    w.discard(w.start + before);
  }
}

/** Prints the document; false when the room does not suffice. */
function printDocument(json: JsonText, w: Text): boolean {
  const { o, v } = w;
  const { o: b, p: end } = json;
  const last = o.length - MARGIN - MOST_GROWTH * end;
  v.setUint32(w.p, 0x2d2d2d0a); // ---\n
  w.p += 4;
  let level = OUTSIDE;
  let i = json.start;
  // The gap before the next value: where it starts in either text, what was before it, and whether it is known.
  let gapFrom = i;
  let gapStart = w.p;
  let before: Gap | undefined = START;
  let gap = nextGap(START, json, i);
  i = skipJsonBlanks(b, i, end);
  for (;;) {
    if (gap !== undefined) {
      i = gapFrom + gap.jsonLength;
      if (w.p + gap.yamlLength - MOST_GROWTH * i > last) return false;
      printGap(gap, w);
      level = gap.level;
      if (gap.ends) break;
      i = skipJsonBlanks(b, i, end);
    }
    const opens = opensAt(b, i);
    if (opens && level.depth === MAX_DEPTH) throw tooDeep(json, i);
    const start = w.p;
    const valueEnd = opens ? printFlow(json, i, w) : printScalar(json, i, w);
    if (valueEnd > 0) {
      // Whether such a list stands on one line depends on what follows: this gap is good for this list only.
      if (gap === undefined && isFirstInList(b, i)) before = undefined;
      // A name that has to be read belongs to the gap, which goes on behind it.
      if (before === undefined || !goesOverName(before, b, gapFrom, i, valueEnd)) {
        if (gap === undefined && before !== undefined)
          gap = rememberGap(before, b.subarray(gapFrom, i), o.subarray(gapStart, start), level);
        before = gap;
        gapFrom = valueEnd;
        gapStart = w.p;
        gap = before === undefined ? undefined : nextGap(before, json, valueEnd);
        if (gap !== undefined) continue;
      }
      gap = undefined;
      o[w.p++] = NEWLINE;
      i = skipJsonBlanks(b, valueEnd, end);
      for (; level.parent !== undefined && b[i] === level.closer; level = level.parent)
        i = skipJsonBlanks(b, i + 1, end);
      if (level === OUTSIDE) {
        if (before !== undefined && i - gapFrom >= LEAST_GAP)
          rememberGap(before, b.subarray(gapFrom, i), o.subarray(gapStart, w.p), level, true);
        break;
      }
      if (b[i] !== COMMA) throw jsonError(json);
      printIndent(level.depth, w);
    } else {
      gap = undefined;
      const isBelowKey = level.closer === CLOSE_MAP;
      level = levelInside(level, b[i]! + 2); // the codes of `]` and `}`
      if (isBelowKey) {
        while (o[w.p - 1] === BLANK) w.p--;
        o[w.p++] = NEWLINE;
        printIndent(level.depth, w);
      }
    }
    i = skipJsonBlanks(b, i + 1, end);
    if (w.p - MOST_GROWTH * i + 2 * level.depth > last) return false;
    if (level.closer === CLOSE_MAP) {
      i = skipJsonBlanks(b, printKey(json, i, w), end);
      if (b[i] !== COLON) throw jsonError(json);
      i = skipJsonBlanks(b, i + 1, end);
    } else {
      v.setUint16(w.p, 0x2d20); // a dash and a blank
      w.p += 2;
    }
  }
  if (skipJsonBlanks(b, i, end) !== end) throw jsonError(json);
  v.setUint32(w.p, 0x2e2e2e0a); // ...\n
  w.p += 4;
  return true;
}

/** True where a list or an object starts. */
function opensAt(b: Uint8Array, i: number): boolean {
  return b[i] === OPEN_LIST || b[i] === OPEN_MAP;
}

/** True for the first element of a list. */
function isFirstInList(b: Uint8Array, i: number): boolean {
  let at = i - 1;
  while (at > 0 && b[at]! <= BLANK) at--;
  return b[at] === OPEN_LIST;
}

/** Prints a key, a colon, and blanks up to the value, and returns where the key ends. */
function printKey(json: JsonText, i: number, w: Text): number {
  if (json.o[i] !== QUOTE) throw jsonError(json);
  const column = w.p + VALUE_COLUMN;
  const end = printYamlString(json, i, w);
  w.o[w.p++] = COLON;
  do w.o[w.p++] = BLANK;
  while (w.p < column);
  return end;
}

/** Prints an empty object, or a list of short scalars, and returns where it ends. 0, and nothing printed, for others. */
function printFlow(json: JsonText, from: number, w: Text): number {
  const { o, p: start } = w;
  const { o: b, p: end } = json;
  const opener = b[from]!;
  const closer = opener + 2;
  o[w.p++] = opener;
  let i = skipJsonBlanks(b, from + 1, end);
  if (b[i] === closer) {
    o[w.p++] = closer;
    return i + 1;
  }
  while (opener === OPEN_LIST && !opensAt(b, i)) {
    o[w.p++] = BLANK;
    const next = printScalar(json, i, w);
    if (b[i] === QUOTE && isLong(b, i + 1, next)) break;
    i = skipJsonBlanks(b, next, end);
    if (b[i] === closer) {
      o[w.p++] = BLANK;
      o[w.p++] = closer;
      return i + 1;
    }
    if (b[i] !== COMMA) throw jsonError(json);
    o[w.p++] = COMMA;
    i = skipJsonBlanks(b, i + 1, end);
  }
  w.p = start;
  return 0;
}

/** True for an element that is too long for a list on one line. Of the two bytes of `\n` one counts. */
function isLong(b: Uint8Array, from: number, end: number): boolean {
  let length = end - from;
  for (let i = from; i < end && length > MAX_FLOW_ELEMENT; i++) {
    if (b[i] !== BACKSLASH) continue;
    length--;
    i++;
  }
  return length > MAX_FLOW_ELEMENT;
}

/** Prints a string, a number or a word, and returns where it ends. */
function printScalar(json: JsonText, from: number, w: Text): number {
  const { o: b, p: end } = json;
  if (b[from] === QUOTE) return printYamlString(json, from, w);
  const { o } = w;
  let { p } = w;
  let i = from;
  while (i < end && IS_BARE[b[i]!] === 1) o[p++] = b[i++]!;
  if (i === from) throw jsonError(json);
  w.p = p;
  return i;
}

/** Goes to where the entries of a level stand. */
function printIndent(depth: number, w: Text): void {
  const end = w.p + 2 * (depth - 1);
  for (let p = w.p; p < end; p += 4) w.v.setUint32(p, 0x20202020);
  w.p = end;
}
