// Values of replies whose JSON text is ready: what a switch has said goes from its bytes to the reply without becoming an object, in which
// integers of 64 bits would lose digits.

/** A result of a method, or a part of one, whose JSON text is ready: it goes into the reply as it is. */
export class RawJson {
  readonly text: string;

  /** @param text  one JSON value, in ASCII or UTF-8 */
  constructor(text: string) {
    this.text = text;
  }
}

/** The JSON text of a value that may be a RawJson; `null` for undefined. */
export function jsonText(value: unknown): string {
  return value instanceof RawJson ? value.text : (JSON.stringify(value) ?? "null");
}

/** An object of values each of which may be a RawJson. Those that are undefined are left out. */
export function rawObject(members: Readonly<Record<string, unknown>>): RawJson {
  const texts = Object.entries(members).flatMap(([key, value]) =>
    value === undefined ? [] : [`${JSON.stringify(key)}:${jsonText(value)}`],
  );
  return new RawJson(`{${texts.join(",")}}`);
}

/** A list of values each of which may be a RawJson. */
export function rawList(values: readonly unknown[]): RawJson {
  return new RawJson(`[${values.map(jsonText).join(",")}]`);
}
