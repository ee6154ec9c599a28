// JSON text -> YAML for people. YAML 1.1 and 1.2 readers both find the strings, numbers and words of the JSON text
// in it: what either of them would take for something else is quoted. Numbers are copied, never parsed.
import { HEX_UPPER } from "./digits.js";
import { JsonCursor } from "./json-bytes.js";
import type { Text } from "./slab.js";
import { utf8CodePoint, utf8Length } from "./utf8.js";

/** Column, from the start of a mapping, in which the values of short keys stand. */
const VALUE_COLUMN = 17;
/** Longest element, as JSON, of a list that is printed on one line. */
const MAX_FLOW_ELEMENT = 48;

const NEWLINE = 0x0a;
const BLANK = 0x20;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;

/** What a byte of a JSON string asks for. */
const PLAIN = 0; // nothing, anywhere in a plain scalar
const SINGLE = 1; // single quotes
const DOUBLE = 2; // double quotes, with an escape
const ENDS = 3; // it is the closing quote

const NEED: Uint8Array = new Uint8Array(256).fill(DOUBLE);
NEED.fill(SINGLE, 0x20, 0x7f);
for (const c of Buffer.from(" 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_./+()@%=*-")) {
  NEED[c] = PLAIN;
}
NEED[QUOTE] = ENDS;
NEED[BACKSLASH] = DOUBLE;

/** Words that a YAML 1.1 reader takes for a boolean or null, in any case, packed as `packWord` does. */
const RESERVED: ReadonlySet<number> = new Set(
  ["y", "n", "yes", "no", "on", "off", "true", "false", "null"].map((word) => {
    const bytes = Buffer.from(word);
    return packWord(bytes, 0, bytes.length);
  }),
);

/**
 * Appends one YAML document with its `---` and `...` lines: block style, two blanks per level, lists of short scalars
 * in flow style. Throws TextError when `json` is no JSON (though not every fault inside numbers and strings is
 * noticed), or nests deeper than MAX_DEPTH.
 */
export function writeYamlDocument(json: Uint8Array | string, w: Text): void {
  const cursor = new JsonCursor(json);
  w.room(4);
  w.v.setUint32(w.p, 0x2d2d2d0a); // ---\n
  w.p += 4;
  printEntry(cursor, 0, w);
  cursor.end();
  w.room(4);
  w.v.setUint32(w.p, 0x2e2e2e0a); // ...\n
  w.p += 4;
}

/** Prints a value whose place is indented already: at the start of a line, or after a dash. */
function printEntry(cursor: JsonCursor, indent: number, w: Text): void {
  const c = cursor.peek();
  if (c === OPEN_MAP && !isEmpty(cursor, CLOSE_MAP)) printMapping(cursor, indent, w);
  else if (c === OPEN_LIST && !isFlow(cursor)) printSequence(cursor, indent, w);
  else printInline(cursor, w);
}

function printMapping(cursor: JsonCursor, indent: number, w: Text): void {
  cursor.enter();
  let isFirst = true;
  do {
    if (!isFirst) printIndent(indent, w);
    isFirst = false;
    if (cursor.peek() !== QUOTE) throw cursor.error();
    const width = printString(cursor, w);
    cursor.expect(COLON);
    w.room(VALUE_COLUMN + 1);
    w.o[w.p++] = COLON;
    printValue(cursor, indent, width + 1, w);
  } while (cursor.goesOn(CLOSE_MAP));
}

/** @param width  columns that the key and its colon take */
function printValue(cursor: JsonCursor, indent: number, width: number, w: Text): void {
  const c = cursor.peek();
  const isBlock = c === OPEN_MAP ? !isEmpty(cursor, CLOSE_MAP) : c === OPEN_LIST && !isFlow(cursor);
  if (isBlock) {
    w.o[w.p++] = NEWLINE;
    printIndent(indent + 2, w);
    printEntry(cursor, indent + 2, w);
    return;
  }
  let blanks = VALUE_COLUMN - width;
  do w.o[w.p++] = BLANK;
  while (--blanks > 0);
  printInline(cursor, w);
}

function printSequence(cursor: JsonCursor, indent: number, w: Text): void {
  cursor.enter();
  let isFirst = true;
  do {
    if (!isFirst) printIndent(indent, w);
    isFirst = false;
    w.room(2);
    w.v.setUint16(w.p, 0x2d20);
    w.p += 2;
    printEntry(cursor, indent + 2, w);
  } while (cursor.goesOn(CLOSE_LIST));
}

/** Prints a value that takes the rest of the line, and ends the line. */
function printInline(cursor: JsonCursor, w: Text): void {
  const c = cursor.peek();
  if (c === OPEN_MAP || c === OPEN_LIST) printFlow(cursor, c, w);
  else printScalar(cursor, w);
  w.room(1);
  w.o[w.p++] = NEWLINE;
}

/** Prints an empty object, or a list of scalars. */
function printFlow(cursor: JsonCursor, opener: number, w: Text): void {
  const closer = opener + 2; // the codes of `]` and `}`
  cursor.enter();
  w.room(4);
  w.o[w.p++] = opener;
  if (cursor.peek() === closer) {
    cursor.goesOn(closer);
  } else {
    do {
      w.room(2);
      if (w.o[w.p - 1] !== opener) w.o[w.p++] = COMMA;
      w.o[w.p++] = BLANK;
      printScalar(cursor, w);
    } while (cursor.goesOn(closer));
    w.room(2);
    w.o[w.p++] = BLANK;
  }
  w.o[w.p++] = closer;
}

function printScalar(cursor: JsonCursor, w: Text): void {
  if (cursor.peek() === QUOTE) {
    printString(cursor, w);
    return;
  }
  const from = cursor.i;
  cursor.skipBare();
  w.room(cursor.i - from);
  for (let i = from; i < cursor.i; i++) w.o[w.p++] = cursor.b[i]!;
}

/** Prints a string, plain if that is safe, and returns the columns it takes. */
function printString(cursor: JsonCursor, w: Text): number {
  const { b } = cursor;
  const from = cursor.i + 1;
  let need = PLAIN;
  let end = from;
  for (; end < b.length; end++) {
    const n = NEED[b[end]!]!;
    if (n <= need) continue;
    if (n === ENDS) break;
    need = n;
    if (n === DOUBLE) break;
  }
  if (need === DOUBLE) return printDoubleQuoted(cursor, w);
  if (end >= b.length) throw cursor.error();
  cursor.i = end + 1;
  w.room(2 * (end - from) + 2);
  const start = w.p;
  if (need === PLAIN && isPlain(b, from, end)) {
    for (let i = from; i < end; i++) w.o[w.p++] = b[i]!;
    return end - from;
  }
  w.o[w.p++] = APOSTROPHE;
  for (let i = from; i < end; i++) {
    const c = b[i]!;
    w.o[w.p++] = c;
    if (c === APOSTROPHE) w.o[w.p++] = APOSTROPHE;
  }
  w.o[w.p++] = APOSTROPHE;
  return w.p - start;
}

/** True when the bytes, all of them harmless in themselves, need no quotes as a whole. */
function isPlain(b: Uint8Array, from: number, end: number): boolean {
  if (from === end) return false;
  const c = b[from]! | BLANK;
  const isWord = (c >= 0x61 && c <= 0x7a) || b[from] === 0x5f || b[from] === 0x2f; // a letter, _ or /
  if (!isWord) return isQuad(b, from, end);
  if (c === 0x65 && isExponent(b, from + 1, end)) return false;
  return b[end - 1] !== BLANK && (end - from > 5 || !RESERVED.has(packWord(b, from, end)));
}

/** True for what follows the `e` in `e5` and `E+01`: some YAML 1.1 readers take these for numbers. */
function isExponent(b: Uint8Array, from: number, end: number): boolean {
  for (let i = from; i < end; i++) {
    const c = b[i]!;
    if ((c < 0x30 || c > 0x39) && c !== 0x2b && c !== 0x2d && c !== 0x5f) return false;
  }
  return end > from;
}

/** True for an IPv4 address: the one thing with digits in front that no reader takes for a number. */
function isQuad(b: Uint8Array, from: number, end: number): boolean {
  let dots = 0;
  let digits = 0;
  for (let i = from; i < end; i++) {
    const c = b[i]!;
    if (c === 0x2e && digits > 0) {
      dots++;
      digits = 0;
    } else if (c < 0x30 || c > 0x39 || ++digits > 3) {
      return false;
    }
  }
  return dots === 3 && digits > 0;
}

/** Up to five letters in one number, whatever their case. */
function packWord(b: Uint8Array, from: number, end: number): number {
  let word = 0;
  for (let i = from; i < end; i++) word = word * 256 + (b[i]! | BLANK);
  return word;
}

/** Prints a string in double quotes. The escapes of JSON are those of YAML too, except for `\/` and surrogate pairs. */
function printDoubleQuoted(cursor: JsonCursor, w: Text): number {
  const { b } = cursor;
  const from = cursor.i + 1;
  cursor.skipString();
  const end = cursor.i - 1;
  // No byte becomes more than four: \xNN of a byte, \uXXXX of two or three, \UXXXXXXXX of four.
  w.room(6 * (end - from) + 2);
  const start = w.p;
  w.o[w.p++] = QUOTE;
  for (let i = from; i < end; ) {
    const c = b[i]!;
    if (c < BLANK) throw cursor.error();
    if (c === BACKSLASH) {
      i = printEscape(b, i, w);
    } else if (c < 0x7f) {
      w.o[w.p++] = c;
      i++;
    } else {
      const length = utf8Length(b, i, end);
      printCodePoint(length > 0 ? utf8CodePoint(b, i, length) : c === 0x7f ? c : 0xdc00 + c, w);
      i += Math.max(1, length);
    }
  }
  w.o[w.p++] = QUOTE;
  return w.p - start;
}

/** Prints the escape at `i` and returns where the string goes on. */
function printEscape(b: Uint8Array, i: number, w: Text): number {
  const c = b[i + 1]!;
  if (c !== 0x75) {
    if (c !== 0x2f) w.o[w.p++] = BACKSLASH;
    w.o[w.p++] = c;
    return i + 2;
  }
  const unit = unitAt(b, i);
  const second = (unit & 0xfc00) === 0xd800 ? unitAt(b, i + 6) : 0;
  if ((second & 0xfc00) === 0xdc00) {
    printCodePoint((unit << 10) + second - 0x35fdc00, w);
    return i + 12;
  }
  printCodePoint(unit, w);
  return i + 6;
}

/** The number of the escape \uXXXX at `i`, or 0 when there is none. */
function unitAt(b: Uint8Array, i: number): number {
  return b[i] === BACKSLASH && b[i + 1] === 0x75
    ? Number.parseInt(Buffer.from(b.subarray(i + 2, i + 6)).toString("latin1"), 16)
    : 0;
}

/** Prints \xNN, \uXXXX or \UXXXXXXXX. */
function printCodePoint(c: number, w: Text): void {
  const digits = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
  w.o[w.p++] = BACKSLASH;
  w.o[w.p++] = digits === 2 ? 0x78 : digits === 4 ? 0x75 : 0x55;
  for (let shift = 4 * (digits - 1); shift >= 0; shift -= 4) w.o[w.p++] = HEX_UPPER[(c >> shift) & 15]!;
}

/** True when the object or list at the cursor is empty. */
function isEmpty(cursor: JsonCursor, closer: number): boolean {
  const { i } = cursor;
  cursor.i++;
  const empty = cursor.peek() === closer;
  cursor.i = i;
  return empty;
}

/** True when the list at the cursor is empty or has only short scalars. */
function isFlow(cursor: JsonCursor): boolean {
  const { b, i } = cursor;
  let element = 0; // bytes of the current one
  let inString = false;
  for (let k = i + 1; k < b.length; k++) {
    const c = b[k]!;
    if (inString) {
      if (++element > MAX_FLOW_ELEMENT) return false;
      if (c === BACKSLASH) k++;
      else if (c === QUOTE) inString = false;
    } else if (c === CLOSE_LIST) {
      return true;
    } else if (c === OPEN_LIST || c === OPEN_MAP) {
      return false;
    } else if (c === COMMA) {
      element = 0;
    } else if (c === QUOTE) {
      inString = true;
    }
  }
  throw cursor.error();
}

function printIndent(indent: number, w: Text): void {
  w.room(indent);
  w.o.fill(BLANK, w.p, w.p + indent);
  w.p += indent;
}
