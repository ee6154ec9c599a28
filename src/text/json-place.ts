// Where a value stands in a JSON text: for errors about texts of megabytes, which are read by JSON.parse.
import type { PathParts } from "../base/index.js";
import { endOfString } from "./json-string-end.js";
import { type Position, positionAt } from "./text-position.js";

const BLANK = /[ \t\r\n]*/y;
/** What ends or nests a value outside strings, and the start of strings, which may have such characters in them. */
const MARK = /["[\]{},]/g;

/**
 * Where the value at `path` stands, or with `"key"` the key that leads to it. For a path that does not exist, where the
 * innermost existing part of it stands. Of a repeated key the last one counts. The text must be JSON, with or without a
 * byte order mark, which its caller has made sure of: nothing is checked here. Takes time in proportion to the text for
 * each step of the path.
 */
export function jsonPositionOf(text: string, path: PathParts, target: "value" | "key" = "value"): Position {
  let value = skip(BLANK, text, text.startsWith("\ufeff") ? 1 : 0);
  let at = value;
  for (const [i, step] of path.entries()) {
    const found = typeof step === "number" ? findElement(text, value, step) : findMember(text, value, step);
    if (found === undefined) break;
    value = found.value;
    at = target === "key" && i === path.length - 1 ? found.key : value;
  }
  return positionAt(text, at);
}

/** Offsets of a value in a list or object, and of its key; that of an element is the element itself. */
interface Place {
  readonly key: number;
  readonly value: number;
}

function findElement(text: string, list: number, index: number): Place | undefined {
  if (text[list] !== "[") return undefined;
  let value = skip(BLANK, text, list + 1);
  for (let i = 0; text[value] !== "]"; i++) {
    if (i === index) return { key: value, value };
    const end = endOfValue(text, value);
    if (text[end] !== ",") break;
    value = skip(BLANK, text, end + 1);
  }
  return undefined;
}

function findMember(text: string, object: number, name: string): Place | undefined {
  if (text[object] !== "{") return undefined;
  let found: Place | undefined;
  for (let key = skip(BLANK, text, object + 1); text[key] === '"'; ) {
    const end = endOfString(text, key);
    const value = skip(BLANK, text, skip(BLANK, text, end) + 1);
    if (JSON.parse(text.slice(key, end)) === name) found = { key, value };
    key = skip(BLANK, text, endOfValue(text, value) + 1);
  }
  return found;
}

/** The offset behind what the sticky pattern matches at `at`. */
function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** The offset of the comma or bracket that follows a value, and the blanks behind it. */
function endOfValue(text: string, value: number): number {
  MARK.lastIndex = value;
  let depth = 0;
  for (let mark = MARK.exec(text); mark !== null; mark = MARK.exec(text)) {
    const [c] = mark;
    if (c === '"') MARK.lastIndex = endOfString(text, mark.index);
    else if (c === "{" || c === "[") depth++;
    else if (depth === 0) return mark.index;
    else if (c === "}" || c === "]") depth--;
  }
  return text.length;
}
