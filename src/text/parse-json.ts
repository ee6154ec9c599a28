// JSON text -> values, by JSON.parse: nothing is faster. Around it: a limit of depth, integers that JSON.parse would
// round, and errors with line and column.
import { TextError } from "../base/index.js";
import { diagnoseJson } from "./json-syntax.js";
import { positionAt } from "./text-position.js";

/** Levels of lists and objects that JSON and YAML input may nest: readers of values recurse, and the stack is finite. */
export const MAX_DEPTH = 256;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LONG_INTEGER = /\d{16}/;
/** One in the place of a value, or in a string in which there is the like of one. */
const LONG_VALUE = /(^|[:,[])(\s*)(-?[1-9]\d{15,})(?=\s*(?:[,}\]]|$))/g;

/**
 * Reads JSON text. Integers beyond 2^53 are rounded to a double, as JSON.parse does; an integer of that size always
 * reads as a number above `Number.MAX_SAFE_INTEGER`, so its user can notice, and read the text again losslessly.
 * Throws TextError: SYNTAX, or TOO_DEEP beyond MAX_DEPTH.
 */
export function parseJson(text: string): unknown {
  checkDepth(text);
  return parse(text, text);
}

/** As `parseJson`, without the limit of depth: for users who walk the value no deeper than they know it to be. */
export function parseJsonAnyDepth(text: string): unknown {
  return parse(text, text);
}

/**
 * Reads JSON text; integers of 16 digits or more become strings of their digits (with the sign), so none is rounded.
 * A reader of numbers must accept digit strings. Throws TextError as `parseJson` does.
 */
export function parseJsonLossless(text: string): unknown {
  checkDepth(text);
  const quoted = quoteLongValues(text);
  if (quoted !== text) {
    try {
      return JSON.parse(quoted);
    } catch {
      // It is no JSON, or a string in it looks like JSON.
    }
  }
  return parse(quoteLongIntegers(text), text);
}

/**
 * Puts quotes around the integers of 16 digits or more in JSON text, quickly: around those in strings, too, when they stand as values
 * do. The text is then no JSON, for the quotes end the string, and digits follow; `parseJsonLossless` reads it nevertheless.
 * What is no JSON before is none afterwards.
 */
export function quoteLongValues(text: string): string {
  return LONG_INTEGER.test(text) ? text.replace(LONG_VALUE, '$1$2"$3"') : text;
}

function parse(text: string, original: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw diagnoseJson(original);
  }
}

/** Throws TextError TOO_DEEP when lists and objects nest deeper than `limit`. Does not recurse. */
export function checkDepth(text: string, limit = MAX_DEPTH): void {
  // Nearly all texts have fewer brackets than levels allowed: hopping from one to the next is quick.
  if (openers(text, limit) <= limit) return;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) {
      i = stringEnd(text, i);
    } else if (c === 0x5b || c === 0x7b) {
      if (++depth <= limit) continue;
      const { line, column } = positionAt(text, i);
      throw new TextError("TOO_DEEP", line, column, `nested deeper than ${limit} levels`);
    } else if (c === 0x5d || c === 0x7d) {
      depth--;
    }
  }
}

/** Number of `[` and `{` in the text, in strings too; stops counting above `limit`. */
function openers(text: string, limit: number): number {
  let n = 0;
  for (let at = text.indexOf("{"); at >= 0 && n <= limit; at = text.indexOf("{", at + 1)) n++;
  for (let at = text.indexOf("["); at >= 0 && n <= limit; at = text.indexOf("[", at + 1)) n++;
  return n;
}

/** Index of the quote that ends the string which starts at `i`; the length of the text when none does. */
function stringEnd(text: string, i: number): number {
  for (let end = text.indexOf('"', i + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
    if ((slashes & 1) === 0) return end;
  }
  return text.length;
}

/** Puts quotes around the integers of 16 digits or more in JSON text. What is no JSON before is none afterwards. */
function quoteLongIntegers(text: string): string {
  if (!LONG_INTEGER.test(text)) return text;
  let quoted = "";
  let copied = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) {
      i = stringEnd(text, i);
      continue;
    }
    if (!isDigit(c) && c !== 0x2d) continue;
    const end = numberEnd(text, i);
    if (end - i >= 16 && isLongInteger(text, i, end)) {
      quoted += `${text.slice(copied, i)}"${text.slice(i, end)}"`;
      copied = end;
    }
    i = end - 1;
  }
  return copied === 0 ? text : quoted + text.slice(copied);
}

/** End of the characters at `i` that a number may consist of. */
function numberEnd(text: string, i: number): number {
  let end = i + 1;
  for (; end < text.length; end++) {
    const c = text.charCodeAt(end);
    // digits + - . e E
    if (!isDigit(c) && c !== 0x2b && c !== 0x2d && c !== 0x2e && (c | 0x20) !== 0x65) break;
  }
  return end;
}

/** True for `-?[1-9]\d{15,}` in the place of a value: not as a key, which JSON.parse shall refuse. */
function isLongInteger(text: string, from: number, end: number): boolean {
  let i = text.charCodeAt(from) === 0x2d ? from + 1 : from;
  if (end - i < 16 || text.charCodeAt(i) === 0x30) return false;
  for (; i < end; i++) if (!isDigit(text.charCodeAt(i))) return false;
  while (/[ \t\r\n]/.test(text.charAt(i))) i++;
  return text.charAt(i) !== ":";
}

function isDigit(c: number): boolean {
  return c >= 0x30 && c <= 0x39;
}
