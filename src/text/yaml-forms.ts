// Reads the documents of an input that are like earlier ones.
import { type FormReader, FormShelf } from "./form-shelf.js";
import { YamlForm } from "./yaml-form.js";

/** Longest document that is remembered, characters. */
const LONGEST_DOCUMENT = 16 * 1024;
/** Documents are sorted by some characters near their start, where the type of a message is. */
const SORT_FROM = 4;
const SORT_TO = 40;

/** Reads YAML documents that are like earlier ones. */
export class YamlForms implements FormReader<YamlForm> {
  readonly #shelf = new FormShelf<YamlForm>();
  #text = "";

  /** The mapping that is the document, or undefined when it should be read in another way. It is overwritten by the next call. */
  read(text: string): object | undefined {
    if (text.length > LONGEST_DOCUMENT) return undefined;
    this.#text = text;
    let sum = 0;
    const end = Math.min(SORT_TO, text.length);
    for (let i = SORT_FROM; i < end; i++) sum = (Math.imul(sum, 31) + text.charCodeAt(i)) | 0;
    return this.#shelf.read(sum, this);
  }

  fits(form: YamlForm): boolean {
    return form.read(this.#text);
  }

  make(): YamlForm | undefined {
    return YamlForm.of(this.#text);
  }
}
