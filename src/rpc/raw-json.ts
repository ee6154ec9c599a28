/** A result of a method whose JSON text is ready: it goes into the reply as it is. */
export class RawJson {
  readonly text: string;

  /** @param text  one JSON value, in ASCII or UTF-8 */
  constructor(text: string) {
    this.text = text;
  }
}
