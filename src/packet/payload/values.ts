// Values of payload objects as they are given: JSON, or YAML whose scalars are texts. Each function throws EncodeError with the
// place for what it cannot read.
import { cutText, didYouMean, EncodeError } from "../../base/index.js";
import { parseHex, parseInteger, parseIPv4, parseIPv6, parseMac } from "../../text/index.js";

/** Numbers that have names; printed as the name, read as either. */
export type Names = Readonly<Record<string, number>>;

/** An unsigned number of 1 to 32 bits. */
export function numberOf(value: unknown, bits: number, path: string): number {
  const n = typeof value === "string" ? parseInteger(value) : value;
  if (typeof n === "number" && Number.isInteger(n) && n >= 0 && n < 2 ** bits) return n;
  throw refused(value, `is not a number of ${bits} bits`, path);
}

/** A number that may be given by its name, in either case. */
export function namedOf(value: unknown, names: Names, bits: number, path: string): number {
  if (typeof value !== "string" || /^\d/.test(value)) return numberOf(value, bits, path);
  const n = names[value.toUpperCase()];
  if (n !== undefined) return n;
  throw refused(
    value,
    `is neither a number nor a name that is known here${didYouMean(value, Object.keys(names))}`,
    path,
  );
}

/** The name of a number; the number where it has none. */
export function nameOf(n: number, names: Names): string | number {
  for (const name of Object.keys(names)) if (names[name] === n) return name;
  return n;
}

export function textOf(value: unknown, path: string): string {
  if (typeof value === "string") return value;
  // A text such as 5 is a number where nobody has put it in quotes.
  if (typeof value === "number") return String(value);
  throw refused(value, "is not a text", path);
}

export function hexOf(value: unknown, path: string): Uint8Array {
  const bytes = typeof value === "string" ? parseHex(value) : undefined;
  if (bytes !== undefined) return bytes;
  throw refused(value, "is not hexadecimal text", path);
}

export function listOf(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  throw refused(value, "is not a list", path);
}

export function ipv4Of(value: unknown, path: string): Uint8Array {
  return addressOf(value, 4, parseIPv4, "an IPv4Address", path);
}

export function ipv6Of(value: unknown, path: string): Uint8Array {
  return addressOf(value, 16, parseIPv6, "an IPv6Address", path);
}

export function macOf(value: unknown, path: string): Uint8Array {
  return addressOf(value, 6, parseMac, "a MacAddress", path);
}

function addressOf(
  value: unknown,
  length: number,
  parse: (text: string, b: Uint8Array, p: number) => boolean,
  type: string,
  path: string,
): Uint8Array {
  const bytes = new Uint8Array(length);
  if (typeof value === "string" && value !== "" && parse(value, bytes, 0)) return bytes;
  throw refused(value, `is not ${type}`, path);
}

/** The error for a value that cannot be used. */
export function refused(value: unknown, detail: string, path: string): EncodeError {
  const text = JSON.stringify(value) ?? String(value);
  return new EncodeError(path, `${cutText(text)} ${detail}`, { found: value });
}
