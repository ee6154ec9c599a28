// An object that a payload shall be built from. Its keys are asked for one by one; at the end, what nobody asked for is refused.
import { didYouMean, EncodeError } from "../../base/index.js";
import { hexOf, ipv4Of, listOf, type Names, namedOf, numberOf, refused, textOf } from "./values.js";

export class Given {
  /** Its place in the message: `_pkt_payload.options[2]`. */
  readonly path: string;
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #asked = new Set<string>();

  /** Throws EncodeError when `value` is no object. */
  constructor(value: unknown, path: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw refused(value, "is not an object", path);
    this.path = path;
    this.#object = value as Record<string, unknown>;
  }

  /** The place of a key. */
  at(key: string): string {
    return `${this.path}.${key}`;
  }

  /** The value of a key as it is, undefined when it is not there. */
  value(key: string): unknown {
    this.#asked.add(key);
    return Object.hasOwn(this.#object, key) ? this.#object[key] : undefined;
  }

  has(...keys: readonly string[]): boolean {
    return keys.some((key) => this.value(key) !== undefined);
  }

  /** The value of a key that must be there. */
  need(key: string): unknown {
    const value = this.value(key);
    if (value === undefined) throw new EncodeError(this.at(key), "is missing", { code: "MISSING" });
    return value;
  }

  number(key: string, bits: number, missing: number): number;
  number(key: string, bits: number): number | undefined;
  number(key: string, bits: number, missing?: number): number | undefined {
    const value = this.value(key);
    return value === undefined ? missing : numberOf(value, bits, this.at(key));
  }

  named(key: string, names: Names, bits: number, missing: number): number {
    const value = this.value(key);
    return value === undefined ? missing : namedOf(value, names, bits, this.at(key));
  }

  text(key: string): string | undefined {
    const value = this.value(key);
    return value === undefined ? undefined : textOf(value, this.at(key));
  }

  /** Bytes; none when they are not there. */
  hex(key: string): Uint8Array {
    const value = this.value(key);
    return value === undefined ? new Uint8Array(0) : hexOf(value, this.at(key));
  }

  /** An IPv4 address; zeros when it is not there. */
  ipv4(key: string): Uint8Array {
    const value = this.value(key);
    return value === undefined ? new Uint8Array(4) : ipv4Of(value, this.at(key));
  }

  /** The bits of a list of names and numbers; undefined when it is not there. */
  flags(key: string, names: Names, bits: number): number | undefined {
    const value = this.value(key);
    if (value === undefined) return undefined;
    return listOf(value, this.at(key)).reduce<number>(
      (all, flag, i) => (all | namedOf(flag, names, bits, `${this.at(key)}[${i}]`)) >>> 0,
      0,
    );
  }

  /** The elements of a list, each with its place; none when it is not there. */
  list(key: string): { readonly value: unknown; readonly path: string }[] {
    const value = this.value(key);
    if (value === undefined) return [];
    return listOf(value, this.at(key)).map((one, i) => ({ value: one, path: `${this.at(key)}[${i}]` }));
  }

  /** The elements of a list of objects. */
  objects(key: string): Given[] {
    return this.list(key).map(({ value, path }) => new Given(value, path));
  }

  /** Throws EncodeError for a key that was not asked for. */
  finish(): void {
    for (const key of Object.keys(this.#object)) {
      if (this.#asked.has(key)) continue;
      const hint = didYouMean(key, this.#asked);
      throw new EncodeError(this.at(key), `is not a known key${hint}`, { code: "UNKNOWN" });
    }
  }
}

/** The names of the bits that are set; what has no name as one number at the end. */
export function flagNames(bits: number, names: Names): (string | number)[] {
  const found: (string | number)[] = [];
  let rest = bits;
  for (const [name, bit] of Object.entries(names)) {
    if ((bits & bit) === 0) continue;
    found.push(name);
    rest &= ~bit;
  }
  if (rest !== 0) found.push(rest >>> 0);
  return found;
}
