/**
 * YAML as the C++ `oftr` prints it, to the byte: programs compare their files with it. Integers are hexadecimal and as wide as on the
 * wire, a key is padded with blanks also where nothing follows, lists of names are in brackets, and quotes are where LLVM puts them.
 */
import type { KeyTypes, MessageTypes, ValueType } from "./message-types.js";

/** Column, from the start of a mapping, in which values stand. */
const VALUE_COLUMN = 17;
/** An element of a list goes to the next line if it would start in a column beyond this. Flags have lines of any length. */
const LAST_COLUMN = 70;

/** Texts of these types have quotes, whatever is in them; those of the others that are known need none. */
const QUOTED: ReadonlySet<string> = new Set(["MacAddress", "IPv6Address", "DatapathId"]);
const UNQUOTED: ReadonlySet<string> = new Set([
  "HexData",
  "IPv4Address",
  "DurationSec",
  "FieldId",
  "ActionId",
  "InstructionId",
]);

const SAFE = /^(?![-,])[A-Za-z0-9_\-^., \t]+$/;
const NUMBER = /^(?:[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|0o[0-7]+|0x[\da-fA-F]+)$/;
const WORD =
  /^(?:~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const NEEDS_ESCAPES = /[^\x20-\x7e\t]/;

/** Escapes that JSON does not have, or has in another form. */
const ESCAPES: Readonly<Record<string, string>> = {
  "\\u0007": "\\a",
  "\\u000b": "\\v",
  "\\u001b": "\\e",
  "\x7f": "\\x7F",
  "\x85": "\\N",
  "\xa0": "\\_",
  "\u2028": "\\L",
  "\u2029": "\\P",
};

type JsonObject = Readonly<Record<string, unknown>>;

/** The YAML document of a message, with its `---` and `...` lines. @param message  read from JSON without loss */
export function fixedYaml(message: JsonObject, types: MessageTypes): string {
  const lines: string[] = ["---"];
  addMapping(message, types.message(message), "", "");
  lines.push("...", "");
  return lines.join("\n");

  /** @param first  what stands before the first key, as long as `indent` */
  function addMapping(value: JsonObject, keys: KeyTypes, first: string, indent: string): void {
    let start = first;
    for (const [key, element] of Object.entries(value)) {
      addValue(`${start}${`${key}:`.padEnd(VALUE_COLUMN - 1)} `, element, keys.get(key), indent);
      start = indent;
    }
  }

  function addValue(head: string, value: unknown, type: ValueType | undefined, indent: string): void {
    if (Array.isArray(value) && value.length > 0 && isObject(value[0])) {
      lines.push(head);
      const inner = `${indent}  `;
      for (const element of value) {
        addMapping(
          element as JsonObject,
          types.object(type, element as JsonObject),
          `${inner}- `,
          `${inner}  `,
        );
      }
    } else if (isObject(value) && Object.keys(value).length > 0) {
      lines.push(head);
      addMapping(value, types.object(type, value), `${indent}  `, `${indent}  `);
    } else {
      lines.push(head + inlineText(value, type, head.length));
    }
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value that starts in that column. */
function inlineText(value: unknown, type: ValueType | undefined, column: number): string {
  if (isObject(value)) return "{}";
  if (!Array.isArray(value)) return scalarText(value, type);
  const kind = type?.entry?.kind;
  if (value.length === 0 && (kind === "struct" || kind === "union" || kind === "table")) return "[]";
  const texts = value.map((element) =>
    typeof element === "string" ? stringText(element, type) : String(element),
  );
  return listText(texts, column, kind === "flags" ? Number.POSITIVE_INFINITY : LAST_COLUMN);
}

function listText(list: readonly string[], column: number, lastColumn: number): string {
  let text = "[ ";
  let at = column + text.length;
  list.forEach((one, k) => {
    let before = k === 0 ? "" : ", ";
    at += before.length;
    if (at > lastColumn) {
      before += `\n${" ".repeat(column + 2)}`;
      at = column + 2;
    }
    text += before + one;
    at += one.length;
  });
  return `${text} ]`;
}

function scalarText(value: unknown, type: ValueType | undefined): string {
  const bytes = type?.bytes ?? 0;
  if (bytes > 0 && isDigits(value)) {
    const digits = bytes === 3 ? 8 : 2 * bytes; // three bytes are in a word of four
    return `0x${BigInt(value).toString(16).toUpperCase().padStart(digits, "0")}`;
  }
  return typeof value === "string" ? stringText(value, type) : String(value);
}

function stringText(value: string, type: ValueType | undefined): string {
  const entry = type?.entry;
  if (value === "") return "''";
  // What the catalog does not know are names of cases, and bytes.
  // A tilde, in front of a field, means null to YAML.
  if (value.startsWith("~") || (entry !== undefined && QUOTED.has(entry.name))) return `'${value}'`;
  if (entry === undefined || UNQUOTED.has(entry.name)) return value;
  return entry.kind === "scalar" || entry.kind === "flags" ? quoted(value) : value;
}

function isDigits(value: unknown): value is number | string {
  return typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value));
}

/** A text, with quotes if it needs them. */
function quoted(text: string): string {
  if (NEEDS_ESCAPES.test(text)) return doubleQuoted(text);
  const isPlain = text.trim() === text && SAFE.test(text) && !NUMBER.test(text) && !WORD.test(text);
  return isPlain ? text : `'${text.replaceAll("'", "''")}'`;
}

/** In double quotes: what is printable stands for itself. */
function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(
    /\\u00([01])([\da-f])|[\x7f\x85\xa0\u2028\u2029]/g,
    (found, high: string, low: string) => ESCAPES[found] ?? `\\x${high}${low.toUpperCase()}`,
  );
}
