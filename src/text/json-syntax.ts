// Finds the first syntax error of a JSON text (RFC 8259). Used only after JSON.parse refused the text, because
// the messages of JSON.parse differ between versions of V8 and often lack the position.
import { TextError } from "../base/index.js";
import { positionAt } from "./text-position.js";

const BLANK = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** What may come next: a value, a key, the `:` after a key, or what follows a value. `value?` and `key?` may also close. */
type Expected = "value" | "value?" | "key" | "key?" | "colon" | "next";

/** The error that says what is wrong first in `text`, which JSON.parse has refused. Does not recurse. */
export function diagnoseJson(text: string): TextError {
  const scan = new Scan(text);
  const closers: string[] = []; // of the lists and objects that are open
  let expected: Expected = "value";
  for (;;) {
    scan.skip(BLANK);
    const c = text.charAt(scan.at);
    const closer = closers.at(-1);
    switch (expected) {
      case "value?":
      case "key?":
        if (c === closer) {
          closers.pop();
          scan.at++;
          expected = "next";
          continue;
        }
        expected = expected === "key?" ? "key" : "value";
        continue;
      case "value":
        if (c === "{" || c === "[") {
          closers.push(c === "{" ? "}" : "]");
          scan.at++;
          expected = c === "{" ? "key?" : "value?";
          continue;
        }
        if (c === '"') {
          const error = scan.string();
          if (error !== undefined) return error;
        } else if (!scan.skip(NUMBER) && !scan.skip(WORD)) {
          return scan.unexpected("a value");
        }
        expected = "next";
        continue;
      case "key": {
        if (c !== '"') return scan.unexpected("a key in double quotes");
        const error = scan.string();
        if (error !== undefined) return error;
        expected = "colon";
        continue;
      }
      case "colon":
        if (c !== ":") return scan.unexpected("':'");
        scan.at++;
        expected = "value";
        continue;
      case "next":
        if (closer === undefined) return scan.unexpected("the end of the text");
        if (c !== "," && c !== closer) return scan.unexpected(`',' or '${closer}'`);
        scan.at++;
        if (c === closer) closers.pop();
        else expected = closer === "}" ? "key" : "value";
    }
  }
}

class Scan {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Skips what the sticky pattern matches here; true when that is at least one character. */
  skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const length = pattern.exec(this.text)?.[0].length ?? 0;
    this.at += length;
    return length > 0;
  }

  /** Skips a string; the error when it is not one. */
  string(): TextError | undefined {
    const start = this.at++;
    for (;;) {
      this.skip(PLAIN);
      const c = this.text.charAt(this.at);
      if (c === '"') {
        this.at++;
        return undefined;
      }
      if (c === "") return this.error("the string does not end", start);
      if (c !== "\\") return this.error("control character in a string");
      if (!this.skip(ESCAPE)) return this.error("bad escape in a string");
    }
  }

  unexpected(wanted: string): TextError {
    const c = this.text.codePointAt(this.at);
    const found = c === undefined ? "end of the text" : JSON.stringify(String.fromCodePoint(c));
    return this.error(`unexpected ${found}, expected ${wanted}`);
  }

  error(detail: string, at = this.at): TextError {
    const { line, column } = positionAt(this.text, at);
    return new TextError("SYNTAX", line, column, detail);
  }
}
