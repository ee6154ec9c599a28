// Says where in the text of a request something is wrong, the way compilers do:
//
//     YAML:1:45: error: unknown key 'extra'
//     {"id":20,"method":"OFP.DESCRIPTION","extra":1}
//                                         ^~~~~~~
//
// JSON is YAML, and both are read in one way here, so all positions are called YAML.
import { formatPath, type PathParts, type TextError } from "../base/index.js";
import { jsonPositionOf, type Position } from "../text/index.js";
import { type RequestText, readYamlAgain } from "./request.js";
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

/**
 * Longest text, in UTF-16 units, that is searched where that takes long: YAML is read again, and a batch is searched
 * from its start for each of its requests.
 */
const MAX_SEARCHED = 1 << 16;

/** Most of a line that is shown. */
const MAX_SHOWN = 240;

/** Describes an error at a path into a request. */
export function describeAt(
  source: RequestText,
  path: PathParts,
  target: "value" | "key",
  detail: string,
  code: string,
): Diagnostic {
  const { text, base } = source;
  const whole = [...base, ...path];
  const { line, column } = locate(source, whole, target);
  return describe(
    text,
    { line, column: column + insideBracket(text, line, column) },
    formatPath(whole),
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

/** @param path  into the text */
function locate({ text, base, yaml }: RequestText, path: PathParts, target: "value" | "key"): Position {
  const start = { line: 1, column: 1 };
  if ((yaml || base.length > 0) && text.length > MAX_SEARCHED) return start;
  if (!yaml) return jsonPositionOf(text, path, target);
  try {
    return readYamlAgain(text).positionOf(path, target) ?? start;
  } catch {
    // The reader that knows places may refuse what the quick one took: the error stands without its place.
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
