/**
 * Colours for the text that `oftr` prints of messages: escape sequences of terminals are put between its bytes, and nothing else is
 * changed. What is read is our own output, line by line, no JSON or YAML of others.
 */

/** Colours text that ends with a line end. */
export type Painter = (text: Uint8Array) => Buffer;

/** Parameters of SGR, ECMA-48 section 8.3.117. */
const STYLES = {
  key: "36",
  string: "32",
  number: "33",
  word: "35",
  mark: "2",
  type: "1",
  error: "1;31",
  packet: "2",
} as const;

type Style = keyof typeof STYLES;

const JSON_TYPE = /^(,?\{)("type")(:)("[^"]*")/;
const JSON_TOKEN = /("[^"\\]*(?:\\.[^"\\]*)*")(:?)|-?\d[\d.eE+-]*|true|false|null/g;
const YAML_TYPE = /^(type)(: *)(\S+)$/;
/** Blanks and dashes, and the key with its colon. */
const YAML_START =
  /^( *(?:- )*)(?:("[^"\\]*(?:\\.[^"\\]*)*"|'[^']*(?:''[^']*)*'|[^"'[{:\s][^:]*)(:)(?= |$))?/;
const YAML_TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|'[^']*(?:''[^']*)*'|[^\s"',[\]{}][^,[\]{}]*(?<! )/g;
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const WORD = /^(?:true|false|null)$/;
/** Time and number, the way, blanks and so on, in the columns of `--brief`; the answer at the end. */
const BRIEF_LINE = /^(.*?)((?:c\d+ )?(?:->|<-|--))( )(\S+)( +)(\d+)(.*?)(\[answers [^[\]]*\])?$/;

/** What colours each form of text; `json` is lines and arrays. */
export const PAINTERS = {
  json: linePainter(paintJson),
  yaml: linePainter(paintYaml),
  brief: linePainter(paintBrief),
} as const satisfies Record<string, Painter>;

function linePainter(paintLine: (line: string) => string): Painter {
  // Each byte is a character here, so that those that are not ASCII stay as they are.
  return (text) =>
    Buffer.from(Buffer.from(text).toString("latin1").split("\n").map(paintLine).join("\n"), "latin1");
}

function paintJson(line: string): string {
  const [start = "", bracket = "", key = "", colon = "", type = ""] = JSON_TYPE.exec(line) ?? [];
  const head = start === "" ? "" : bracket + paint("key", key) + colon + paint(typeStyle(type), type);
  const rest = line.slice(start.length).replace(JSON_TOKEN, (token, string?: string, after?: string) => {
    if (string === undefined) return paint(WORD.test(token) ? "word" : "number", token);
    return after === ":" ? `${paint("key", string)}:` : paint("string", string);
  });
  return head + rest;
}

function paintYaml(line: string): string {
  if (line === "---" || line === "...") return paint("mark", line);
  const [whole, name = "", colon = "", type = ""] = YAML_TYPE.exec(line) ?? [];
  if (whole !== undefined) return paint("key", name) + colon + paint(typeStyle(type), type);
  const [start = "", indent = "", key = "", after = ""] = YAML_START.exec(line) ?? [];
  return indent + paint("key", key) + after + line.slice(start.length).replace(YAML_TOKEN, paintScalar);
}

function paintScalar(token: string): string {
  return paint(NUMBER.test(token) ? "number" : WORD.test(token) ? "word" : "string", token);
}

function paintBrief(line: string): string {
  const found = BRIEF_LINE.exec(line);
  if (found === null) return line;
  const [, when = "", way = "", blank = "", type = "", blanks = "", xid = "", facts = "", answer = ""] =
    found;
  const style = typeStyle(type);
  const said = style === "error" ? paint(style, facts) : facts;
  return (
    paint("mark", when) +
    paint("key", way) +
    blank +
    paint(style, type) +
    blanks +
    paint("number", xid) +
    said +
    paint("mark", answer)
  );
}

/** Errors are to be seen among all else, packets not to hide it. @param type  with or without quotes */
function typeStyle(type: string): Style {
  const name = type.replaceAll('"', "");
  return name === "ERROR" ? "error" : name.includes("PACKET_IN") ? "packet" : "type";
}

function paint(style: Style, text: string): string {
  return text === "" ? "" : `\x1b[${STYLES[style]}m${text}\x1b[0m`;
}
