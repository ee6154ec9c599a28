// A stream of YAML -> its documents, without holding more than one of them.
import { StringDecoder } from "node:string_decoder";
import { TextError } from "../base/index.js";
import { MAX_YAML_LENGTH } from "./parse-yaml.js";

/** One document of a stream. */
export interface YamlText {
  /** The document with its `---` line, if it has one, but without the line that ends it. */
  text: string;
  /** Line of the stream on which `text` starts, counted from 1. */
  firstLine: number;
}

const DASH = 0x2d;
const DOT = 0x2e;

const MARKER = /^(?:---|\.\.\.)(?:\s|$)/;
const SAYS_NOTHING = /^(?:---)?\s*(?:#|$)/;

/**
 * Cuts a YAML stream at the lines `---` and `...`. Nothing else can be such a line: YAML forbids them inside scalars,
 * so no parsing is needed. Documents of blanks and comments are left out.
 */
export class YamlSplitter {
  readonly #maxLength: number;
  readonly #decoder = new StringDecoder("utf8");
  /** The current document so far, in whole lines. */
  #text = "";
  #firstLine = 1;
  #isEmpty = true;
  /** The line under construction, and its number. */
  #rest = "";
  #line = 1;
  /** What ends the stream, kept back until the documents before it are delivered. */
  #failure: TextError | undefined;

  /** @param maxLength  longest document in UTF-16 units */
  constructor(maxLength = MAX_YAML_LENGTH) {
    this.#maxLength = maxLength;
  }

  /**
   * Takes the next piece of the stream; returns the documents that it completes. Throws TextError TOO_LARGE; when the
   * piece completes documents before that, it returns these, and the next call throws.
   */
  push(chunk: Buffer | string): YamlText[] {
    if (this.#failure !== undefined) throw this.#failure;
    const documents: YamlText[] = [];
    try {
      this.#take(typeof chunk === "string" ? chunk : this.#decoder.write(chunk), documents);
    } catch (error) {
      if (documents.length === 0 || !(error instanceof TextError)) throw error;
      this.#failure = error;
    }
    return documents;
  }

  #take(text: string, documents: YamlText[]): void {
    let from = 0;
    // Lines that can be no markers are added together.
    let kept = 0;
    for (let to = text.indexOf("\n"); to >= 0; to = text.indexOf("\n", from)) {
      const c = text.charCodeAt(from);
      if (this.#rest !== "" || this.#isEmpty || c === DASH || c === DOT || this.#line === 1) {
        this.#add(text.slice(kept, from));
        this.#endLine(this.#rest + text.slice(from, to + 1), documents);
        kept = to + 1;
      } else this.#line++;
      from = to + 1;
    }
    this.#add(text.slice(kept, from));
    this.#rest += text.slice(from);
    this.#checkLength(this.#rest.length);
  }

  /** Adds whole lines of the current document. */
  #add(lines: string): void {
    this.#checkLength(lines.length);
    this.#text += lines;
  }

  /** The stream has ended: returns the document that it ends with, if any. Throws TextError TOO_LARGE. */
  end(): YamlText[] {
    if (this.#failure !== undefined) throw this.#failure;
    const documents: YamlText[] = [];
    const rest = this.#rest + this.#decoder.end();
    if (rest !== "") this.#endLine(rest, documents);
    this.#endDocument(this.#line, documents);
    return documents;
  }

  #endLine(line: string, documents: YamlText[]): void {
    this.#rest = "";
    const content = this.#line === 1 && line.startsWith("\ufeff") ? line.slice(1) : line;
    if (MARKER.test(content)) this.#endDocument(this.#line, documents);
    this.#line++;
    if (content.startsWith("...") && MARKER.test(content)) {
      this.#firstLine = this.#line;
      return;
    }
    this.#add(content);
    if (this.#isEmpty && !SAYS_NOTHING.test(content)) this.#isEmpty = false;
  }

  /** @param nextLine  line on which the next document starts */
  #endDocument(nextLine: number, documents: YamlText[]): void {
    if (!this.#isEmpty) documents.push({ text: this.#text, firstLine: this.#firstLine });
    this.#text = "";
    this.#isEmpty = true;
    this.#firstLine = nextLine;
  }

  #checkLength(more: number): void {
    if (this.#text.length + more <= this.#maxLength) return;
    const detail = `document is longer than ${this.#maxLength} characters`;
    throw new TextError("TOO_LARGE", this.#firstLine, 1, detail);
  }
}

/** The documents of a stream of chunks, each as soon as it is complete. Throws TextError TOO_LARGE. */
export async function* splitYamlDocuments(
  chunks: AsyncIterable<Buffer | string> | Iterable<Buffer | string>,
  maxLength = MAX_YAML_LENGTH,
): AsyncGenerator<YamlText> {
  const splitter = new YamlSplitter(maxLength);
  for await (const chunk of chunks) yield* splitter.push(chunk);
  yield* splitter.end();
}
