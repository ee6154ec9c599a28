/** A result of a method whose JSON text is ready: it goes into the reply as it is. */
export class RawJson {
  /** @param text  one JSON value, in ASCII or UTF-8 */
  constructor(readonly text: string) {}
}
