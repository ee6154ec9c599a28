// Says where in the text of a request something is wrong, the way compilers do:
//
//     YAML:1:45: error: unknown key 'extra'
//     {"id":20,"method":"OFP.DESCRIPTION","extra":1}
//                                         ^~~~~~~
//
// JSON is YAML, and both are read in one way here, so all positions are called YAML.
import { formatPath, type PathParts, type TextError } from "../base/index.js";
import type { Position } from "../text/index.js";
import { readYamlAgain } from "./request.js";
import { mayHoldKeys, NOT_SHOWN } from "./secrets.js";

/** Facts for programs, sent along with an error. */
export interface DiagnosticData {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly code: string;
}

/** A described error. */
export interface Diagnostic {
  /** Three lines; the last is the one with the caret. */
  readonly message: string;
  readonly data: DiagnosticData;
}

/** Longest request, in UTF-16 units, that is read again to find a place in it. */
const MAX_SEARCHED = 1 << 16;

/** Most of a line that is shown. */
const MAX_SHOWN = 240;

/** Describes an error at a path into the request. */
export function describeAt(
  text: string,
  path: PathParts,
  target: "value" | "key",
  detail: string,
  code: string,
): Diagnostic {
  const { line, column } = locate(text, path, target);
  return describe(
    text,
    { line, column: column + insideBracket(text, line, column) },
    formatPath(path),
    detail,
    code,
  );
}

/** Describes text that cannot be read at all. */
export function describeTextError(text: string, error: TextError): Diagnostic {
  return describe(text, error, "", error.detail, error.code);
}

function describe(text: string, at: Position, path: string, detail: string, code: string): Diagnostic {
  const { line, column } = at;
  const data = { path, line, column, code };
  const place = `YAML:${line}:${column}: error: ${detail}`;
  if (mayHoldKeys(text)) return { message: `${place}\n${NOT_SHOWN}\n^`, data };
  const source = sourceLine(text, line);
  // A long line is cut so that the place stays in sight.
  const from =
    source.length <= MAX_SHOWN ? 0 : Math.max(0, Math.min(column - 1, source.length) - MAX_SHOWN / 2);
  const shown = source.slice(from, from + MAX_SHOWN);
  const indent = Math.min(column - 1, source.length) - from;
  const caret = `${" ".repeat(indent)}^${"~".repeat(Math.max(0, tokenLength(shown, indent) - 1))}`;
  return { message: `${place}\n${shown}\n${caret}`, data };
}

/** The message without the line of the caret, for those who show it in one line. */
export function withoutCaret(message: string): string {
  return message.slice(0, message.lastIndexOf("\n"));
}

function locate(text: string, path: PathParts, target: "value" | "key"): Position {
  const start = { line: 1, column: 1 };
  if (text.length > MAX_SEARCHED) return start;
  try {
    return readYamlAgain(text).positionOf(path, target) ?? start;
  } catch {
    // JSON that the YAML reader refuses (a tab, a key twice): the error stands without its place.
    return start;
  }
}

/** The place of an object or list is that of its first element. */
function insideBracket(text: string, line: number, column: number): 0 | 1 {
  const first = sourceLine(text, line)[column - 1];
  return first === "{" || first === "[" ? 1 : 0;
}

function sourceLine(text: string, line: number): string {
  let start = 0;
  for (let n = 1; n < line; n++) start = text.indexOf("\n", start) + 1;
  const end = text.indexOf("\n", start);
  return (end < 0 ? text.slice(start) : text.slice(start, end)).trimEnd();
}

const TOKEN = /"(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,:[\]{}"']+/y;

function tokenLength(line: string, at: number): number {
  // The caret of an object or list stands behind its bracket, and alone.
  if (line[at - 1] === "{" || line[at - 1] === "[") return 1;
  TOKEN.lastIndex = at;
  return TOKEN.exec(line)?.[0].length ?? 1;
}
