/** Splits streams of YAML into the texts of documents: for `oftr encode`. */
import { YamlSplitter } from "../text/index.js";
import { LONGEST_OBJECT, type Start, type TextReader } from "./json-texts.js";

/** The documents between lines of `---` and `...`; those without content are left out. */
export class YamlReader implements TextReader {
  readonly #splitter = new YamlSplitter(LONGEST_OBJECT);
  readonly #sink: { yaml(text: string, start: Start): void };

  constructor(sink: { yaml(text: string, start: Start): void }) {
    this.#sink = sink;
  }

  push(chunk: Buffer): void {
    this.#take(this.#splitter.push(chunk));
  }

  end(): void {
    this.#take(this.#splitter.end());
  }

  #take(documents: ReturnType<YamlSplitter["push"]>): void {
    for (const { text, firstLine } of documents) this.#sink.yaml(text, { line: firstLine, column: 1 });
  }
}
