// YAML 1.2 input in the failsafe reading: every scalar is the text that was written (`010`, `no`, `0x10`, an unquoted
// MAC), and the type of the field that it fills says what it means.
//
// The `yaml` package reads anything; around it stand the guards that hostile input needs. Most documents are plain
// enough for `parseYamlQuick`, which is many times faster and leaves all others, and all errors, to the package.
import {
  type Alias,
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  type Node,
  Parser,
  type Scalar,
} from "yaml";
import { cutText, type PathParts, parsePath, TextError, type TextErrorCode } from "../base/index.js";
import { MAX_DEPTH } from "./parse-json.js";
import { type Position, positionAt } from "./text-position.js";
import { parseYamlQuick, setKey } from "./yaml-quick.js";

/** Lexeme that says that the next one is a plain scalar. (`CST.SCALAR`; of the package only functions are used, so that it can be loaded late.) */
const SCALAR_FOLLOWS = "\x1f";

/** Longest document that is read, in UTF-16 units, unless the caller says otherwise. */
export const MAX_YAML_LENGTH = 1 << 20;

/**
 * Most tokens (words, marks, gaps, line ends) of a document that `parseYamlQuick` cannot read. The package takes some
 * microseconds for each, during which nothing else runs; messages of 64 KiB seldom have as many.
 */
export const MAX_YAML_TOKENS = 1 << 16;

/** How much of a document is read. */
export interface YamlLimits {
  /** Longest accepted text in UTF-16 units. Default MAX_YAML_LENGTH. */
  readonly maxLength?: number;
  /** How deep lists and objects may nest. Default MAX_DEPTH. */
  readonly maxDepth?: number;
  /** Most tokens of a document that `parseYamlQuick` cannot read, and most values that its aliases become. Default MAX_YAML_TOKENS. */
  readonly maxTokens?: number;
  /** Most aliases. Default 0. */
  readonly maxAliases?: number;
}

/** What may be said about a document that is to be read. */
export interface YamlOptions extends YamlLimits {
  /** Line of the stream where the document starts; its own first line is this one. Default 1. */
  readonly firstLine?: number;
}

/** A document that was read. */
export interface YamlDocument {
  /** Strings, lists and objects, as JSON.parse would make them. A value that is left out is null; the whole document, the empty string. */
  readonly value: unknown;
  /**
   * Where the value at `path` stands, or with `"key"` the key that leads to it. For a path that does not exist, where
   * the innermost existing part of it stands. What an alias has become stands at its anchor. Undefined for an empty
   * document, and for one with too many tokens.
   */
  positionOf(path: PathParts | string, target?: "value" | "key"): Position | undefined;
}

/**
 * Reads one YAML document. Throws TextError: SYNTAX, TOO_LARGE (in length or tokens), TOO_DEEP, DUPLICATE_KEY, and
 * TAG, DIRECTIVE and, unless `maxAliases` admits them, ALIAS for these features, none of which OpenFlow messages need.
 */
export function parseYaml(text: string, options: YamlOptions = {}): YamlDocument {
  const reader = new Reader(text, options);
  const { firstLine, maxLength, maxDepth } = reader.options;
  if (text.length > maxLength) {
    throw new TextError("TOO_LARGE", firstLine, 1, `document is longer than ${maxLength} characters`);
  }
  const quick = parseYamlQuick(text, maxDepth);
  const value = quick === undefined ? reader.read() : quick.value;
  return { value, positionOf: (path, target = "value") => reader.positionOf(path, target) };
}

/** Where the package says that a fault is: an offset, a range, or the token that is wrong. */
type FaultSource = number | readonly [number, ...number[]] | { readonly offset: number };

function offsetOf(source: FaultSource): number {
  if (typeof source === "number") return source;
  return "offset" in source ? source.offset : source[0];
}

/** A scalar's text; null where nothing is written, not even quotes. */
function scalarValue({ value, type }: Scalar): unknown {
  return value === "" && type === "PLAIN" ? null : value;
}

const DEFAULTS: Required<YamlOptions> = {
  firstLine: 1,
  maxLength: MAX_YAML_LENGTH,
  maxDepth: MAX_DEPTH,
  maxTokens: MAX_YAML_TOKENS,
  maxAliases: 0,
};

class Reader {
  readonly options: Required<YamlOptions>;
  readonly #text: string;
  #document: Document.Parsed | undefined;
  /** What an alias may stand for: nodes by their anchor, the latest of each; and what each alias does stand for. */
  readonly #anchors = new Map<string, Node>();
  readonly #targets = new Map<Alias, Node>();
  /** Within how many aliases we are, at what depth, and how many values have come of aliases. */
  #expanding = 0;
  #depth = 0;
  #expanded = 0;

  constructor(text: string, options: YamlOptions) {
    this.#text = text;
    this.options = { ...DEFAULTS, ...options };
  }

  read(): unknown {
    const contents = this.#compose().contents;
    return contents === null ? "" : this.#toValue(contents);
  }

  positionOf(path: PathParts | string, target: "value" | "key"): Position | undefined {
    const document = this.#composed();
    let node: Node | null = document?.contents ?? null;
    let at = node?.range?.[0];
    const parts = typeof path === "string" ? parsePath(path) : path;
    for (const [i, part] of parts.entries()) {
      const wantsKey = target === "key" && i === parts.length - 1;
      while (isAlias(node)) node = this.#targets.get(node) ?? null;
      if (isMap(node)) {
        const pair: { key: unknown; value: unknown } | undefined = node.items.find(
          ({ key }) => isScalar(key) && key.value === String(part),
        );
        if (pair === undefined) break;
        const key = (pair.key as Node).range?.[0];
        node = pair.value as Node | null;
        at = wantsKey || node === null ? key : node.range?.[0];
      } else if (isSeq(node) && typeof part === "number" && part < node.items.length) {
        node = node.items[part] as Node;
        at = node.range?.[0];
      } else {
        break;
      }
    }
    return at === undefined ? undefined : this.#position(at);
  }

  /** The document, unless it has too many tokens: `parseYamlQuick` has no such limit. */
  #composed(): Document.Parsed | undefined {
    try {
      return this.#compose();
    } catch (error) {
      if (error instanceof TextError && error.code === "TOO_LARGE") return undefined;
      throw error;
    }
  }

  #compose(): Document.Parsed {
    if (this.#document !== undefined) return this.#document;
    // The duplicate check of the package is quadratic: `#toValue` has its own.
    const composer = new Composer({
      schema: "failsafe",
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: "silent",
    });
    // It would make an error, with a stack trace, for each of thousands of stray commas: the first one ends it. It
    // catches what is thrown inside, and reports it once more as a fault of its own.
    let first: TextError | undefined;
    Object.assign(composer, {
      onError: (source: FaultSource, _code: string, message: string, isWarning?: boolean): void => {
        if (isWarning === true) return;
        first ??= this.#fault(offsetOf(source), message);
        throw first;
      },
    });
    const [document] = [...composer.compose(this.#tokens(), true, this.#text.length)];
    if (document === undefined) throw this.#fault(0, "no document");
    const fault = document.errors[0];
    if (fault !== undefined) throw this.#fault(fault.pos[0], fault.message);
    this.#document = document;
    return document;
  }

  /** The syntax tree of one document, bounded in depth: its maker does not recurse, but those who read it do. */
  #tokens(): CST.Token[] {
    const parser = new Parser();
    const tokens: CST.Token[] = [];
    const { maxDepth, maxTokens, maxAliases } = this.options;
    let documents = 0;
    let lexemes = 0;
    let aliases = 0;
    // The text of a scalar comes behind a mark, and may start with anything.
    let previous = "";
    const add = (token: CST.Token): void => {
      if (token.type === "directive")
        throw this.#error("DIRECTIVE", token.offset, "directives are not supported");
      if (token.type === "error") throw this.#error("SYNTAX", token.offset, token.message);
      if (token.type === "document" && ++documents > 1)
        throw this.#error("SYNTAX", token.offset, "more than one document");
      tokens.push(token);
    };
    for (const lexeme of new Lexer().lex(this.#text)) {
      if (++lexemes > maxTokens) {
        const detail = `document has more than ${maxTokens} tokens, and a fault or unusual YAML among them`;
        throw this.#error("TOO_LARGE", parser.offset, detail);
      }
      if (previous !== SCALAR_FOLLOWS) {
        if (lexeme.startsWith("*") && ++aliases > maxAliases) {
          const detail = maxAliases === 0 ? "aliases are not supported" : `more than ${maxAliases} aliases`;
          throw this.#error("ALIAS", parser.offset, detail);
        }
        if (lexeme.startsWith("!")) throw this.#error("TAG", parser.offset, "tags are not supported");
      }
      previous = lexeme;
      for (const token of parser.next(lexeme)) add(token);
      // The document itself is on the stack, and perhaps a scalar.
      if (parser.stack.length > maxDepth + 2) throw this.#tooDeep(parser.offset);
    }
    for (const token of parser.end()) add(token);
    return tokens;
  }

  #toValue(node: Node): unknown {
    const at = node.range?.[0] ?? 0;
    if (this.#expanding > 0 && ++this.#expanded > this.options.maxTokens) {
      throw this.#error("TOO_LARGE", at, `aliases become more than ${this.options.maxTokens} values`);
    }
    if (isAlias(node)) return this.#expand(node);
    const value = isScalar(node) ? scalarValue(node) : this.#toCollection(node, at);
    // Behind its contents, so that nothing is part of itself.
    const { anchor } = node as { anchor?: string };
    if (anchor !== undefined && this.#expanding === 0) this.#anchors.set(anchor, node);
    return value;
  }

  /** A copy of what the anchor marks. Where it stands again in a copy, an alias means what it meant at first. */
  #expand(alias: Alias): unknown {
    const node = this.#targets.get(alias) ?? this.#anchors.get(alias.source);
    if (node === undefined) {
      const detail = `there is no anchor &${alias.source} before this alias`;
      throw this.#error("ALIAS", alias.range?.[0] ?? 0, detail);
    }
    this.#targets.set(alias, node);
    this.#expanding++;
    const value = this.#toValue(node);
    this.#expanding--;
    return value;
  }

  #toCollection(node: Node, at: number): unknown {
    // Without aliases the parser has seen to it.
    if (++this.#depth > this.options.maxDepth) throw this.#tooDeep(at);
    const value = isSeq(node)
      ? node.items.map((item) => this.#toValue(item as Node))
      : this.#toObject(node, at);
    this.#depth--;
    return value;
  }

  #toObject(node: Node, at: number): Record<string, unknown> {
    const value: Record<string, unknown> = {};
    if (!isMap(node)) return value;
    for (const pair of node.items) {
      const key = pair.key as Node;
      const name = this.#toValue(key);
      const keyAt = key.range?.[0] ?? at;
      if (typeof name !== "string") throw this.#error("SYNTAX", keyAt, "a key must be a scalar");
      const unused = setKey(value, name, pair.value === null ? null : this.#toValue(pair.value as Node));
      if (!unused) {
        const detail = `key ${JSON.stringify(cutText(name))} stands here twice`;
        throw this.#error("DUPLICATE_KEY", keyAt, detail);
      }
    }
    return value;
  }

  /** Help for the trap that addresses lay: `fe80::` without quotes ends in a colon, which makes it a key. */
  #hint(offset: number): string {
    const start = this.#text.lastIndexOf("\n", Math.max(0, offset - 1)) + 1;
    const end = this.#text.indexOf("\n", offset);
    const line = this.#text.slice(start, end < 0 ? undefined : end);
    return /:: *($|[,\]}\r])/.test(line) ? " (put quotes around a value that ends in ':')" : "";
  }

  /** A fault that the package found. */
  #fault(offset: number, message: string): TextError {
    return this.#error("SYNTAX", offset, message + this.#hint(offset));
  }

  #position(offset: number): Position {
    const { line, column } = positionAt(this.#text, offset);
    return { line: line + this.options.firstLine - 1, column };
  }

  #tooDeep(offset: number): TextError {
    return this.#error("TOO_DEEP", offset, `nested deeper than ${this.options.maxDepth} levels`);
  }

  #error(code: TextErrorCode, offset: number, detail: string): TextError {
    const { line, column } = this.#position(offset);
    return new TextError(code, line, column, detail);
  }
}
