/** `--verify-output`: what was printed of a message is encoded again and must give the same bytes. */
import { EncodeError, TextError } from "../base/index.js";
import { type EncodeOptions, encodeJsonText, encodeMessage, MessageWriter } from "../codec/encode.js";
import { parseYaml } from "../text/index.js";
import type { PrintStyle } from "./message-printer.js";

/** How the text of a message differs from its bytes. */
export interface Difference {
  /** In words. */
  readonly text: string;
  /** Bytes from the start of the message to the first one that differs. */
  readonly offset: number;
}

/** Matches are taken as they are: prerequisites that a switch left out must not be added. */
const OPTIONS: EncodeOptions = { xid: 0, unchecked: true };

/** What stands around the text of a message in a YAML stream: `---`, `...` and their line ends. */
const MARKER = 4;

/** Encodes printed messages again. */
export class OutputVerifier {
  readonly #style: PrintStyle;
  readonly #writer = new MessageWriter();

  constructor(style: PrintStyle) {
    this.#style = style;
  }

  /** Compares the text that the printer of this style made of the message in b[o, end) with the message. */
  compare(text: string, b: Buffer, o: number, end: number): Difference | undefined {
    const writer = this.#writer;
    writer.reset();
    try {
      this.#encode(text);
    } catch (error) {
      if (!(error instanceof EncodeError || error instanceof TextError)) throw error;
      return { text: `what was printed cannot be encoded: ${error.message}`, offset: 0 };
    }
    const again = writer.view();
    const length = end - o;
    if (again.length === length && again.compare(b, o, end) === 0) return undefined;
    let offset = 0;
    while (offset < length && offset < again.length && again[offset] === b[o + offset]) offset++;
    if (again.length !== length) {
      return { text: `what was printed encodes to ${again.length} bytes instead of ${length}`, offset };
    }
    const [ours, theirs] = [again[offset], b[o + offset]].map((byte) =>
      (byte as number).toString(16).toUpperCase().padStart(2, "0"),
    );
    return { text: `what was printed encodes to ${ours} instead of ${theirs} here`, offset };
  }

  #encode(text: string): void {
    if (this.#style === "yaml") {
      const document = text.slice(MARKER, -MARKER);
      encodeMessage(parseYaml(document, { maxLength: text.length }).value, this.#writer, OPTIONS);
    } else {
      encodeJsonText(text.startsWith(",") ? text.slice(1) : text, this.#writer, OPTIONS);
    }
  }
}
