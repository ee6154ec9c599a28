// JSON Schema of value forms: the texts and numbers that src/text reads.
import type { Definition, Scalar } from "../schema/index.js";
import { decimalText, exactText, integerText } from "./json-schema-digits.js";

/** A schema, or a part of one. */
export type JsonSchema = { readonly [key: string]: unknown };

const HEX = "[0-9A-Fa-f]";
const OCTET = "(25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])";
const IPV4 = `${OCTET}(\\.${OCTET}){3}`;
/** Bytes of a field whose number is open. */
const COUNT = "(\\([0-9]{1,3}\\))?";
const BLANKS = "[ \\t-\\r]*";

/** An unsigned integer of that many bits, or a text that stands for one in any base. */
export function integerSchema(bits: number): JsonSchema {
  return {
    type: ["integer", "string"],
    minimum: 0,
    // The largest of 64 bits is no number of JavaScript: the next one is.
    maximum: 2 ** bits - (bits > 53 ? 0 : 1),
    pattern: `^${integerText(2n ** BigInt(bits) - 1n)}$`,
  };
}

/** One of some integers, or a text that stands for one. Editors do not propose them. */
export function codesSchema(codes: readonly number[]): JsonSchema {
  const ranges = codes.map((code) => ({ type: "integer", minimum: code, maximum: code }));
  const text = { type: "string", pattern: `^(${codes.map(exactText).join("|")})$` };
  return { anyOf: [...ranges, text] };
}

/**
 * The schema of a scalar. Numbers may fill the word that they stand in, as decoding shows what stands there.
 * @param bits    of the widest word
 * @param fields  names of match fields, which bit ranges have
 */
export function formSchema(d: Scalar, bits: number, fields: readonly string[]): JsonSchema {
  switch (d.form) {
    case "uint":
      if (d.signs.size + d.words.size > 0) return { anyOf: [...symbolSchemas(d), integerSchema(bits)] };
      if (d.also.size === 0) return integerSchema(bits);
      return { anyOf: [{ enum: [...d.also.keys()] }, integerSchema(bits)] };
    case "sint": {
      const [least, most] = [2n ** BigInt(bits - 1), 2n ** BigInt(bits) - 1n];
      return {
        type: ["integer", "string"],
        minimum: -Number(least),
        maximum: Number(most),
        pattern: `^(-${integerText(least)}|${integerText(most)})$`,
      };
    }
    case "mac":
      return text(
        `(${HEX}{1,2}(:${HEX}{1,2}){5}|${HEX}{1,2}(-${HEX}{1,2}){5}|${HEX}{12})?`,
        "01:23:45:67:89:ab",
      );
    case "ipv4":
      return text(`(${IPV4})?`, "192.0.2.1");
    case "ipv6":
      return text(`((${ipv6Text()})(%[0-9]{1,10})?)?`, "2001:db8::1");
    case "hex":
      return hexSchema();
    case "text":
      return { type: ["string", "number", "boolean"] };
    case "chars":
      // In YAML a text may look like something else.
      return { type: ["string", "number", "boolean"], ...maxLength(d) };
    case "datapath":
      return {
        type: ["string", "integer", "null"],
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        pattern: `^(${HEX}{1,2}(:${HEX}{1,2}){7}|${integerText(2n ** 64n - 1n)})?$`,
        examples: ["00:00:00:00:00:00:00:01"],
      };
    case "duration":
      return {
        type: ["string", "number"],
        minimum: 0,
        exclusiveMaximum: 2 ** 32,
        pattern: `^(${decimalText(2n ** 32n - 1n)}|0[0-9]{1,9})(\\.([0-9]{1,9}|x${HEX}{1,8}))?$`,
      };
    case "version_bitmap":
      return { type: ["array", "null"], items: integerSchema(8) };
    case "sub_field":
      return subFieldSchema(fields);
    case "field_id":
      return text(`~?((${fields.join("|")})${COUNT}|0x${HEX}{1,8}(\\.0x${HEX}{1,8})?)/?`, "ETH_SRC");
    case "field_or_uint":
      return { anyOf: [integerSchema(bits), subFieldSchema(fields)] };
  }
}

/** `+a-b`, `a|b`, and words. */
function symbolSchemas(d: Scalar): JsonSchema[] {
  const names = [...d.signs.keys()].join("|");
  const [first = "", second = first] = d.signs.keys();
  const signs =
    names === "" ? [] : [text(`(([+-](${names}))+|(${names})(\\|(${names}))*)`, `+${first}-${second}`)];
  return [...(d.words.size > 0 ? [{ enum: [...d.words.keys()] }] : []), ...signs];
}

/** Two numbers of 16 bits in parentheses. */
export function pairSchema(): JsonSchema {
  const half = integerText(0xffffn);
  return text(`\\( *(${half}) *, *(${half}) *\\)`, "(1,0x894f)");
}

/** What the value and the mask of an IP address may be besides addresses. */
export interface Prefixed {
  readonly value: JsonSchema;
  readonly mask: JsonSchema;
}

/** `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, and `/8` for its mask; undefined for what is no IP address. */
export function prefixSchemas(d: Definition | undefined): Prefixed | undefined {
  if (d?.kind !== "scalar" || (d.form !== "ipv4" && d.form !== "ipv6")) return undefined;
  const v4 = d.form === "ipv4";
  const address = v4 ? IPV4 : `(${ipv6Text()})`;
  const length = v4 ? "0{0,2}([0-9]|[12][0-9]|3[0-2])" : "0{0,2}([0-9]|[1-9][0-9]|1[01][0-9]|12[0-8])";
  return {
    value: text(`${address}/(${length}|${address})`, v4 ? "192.0.2.0/24" : "2001:db8::/32"),
    mask: text(`/${length}`, v4 ? "/24" : "/32"),
  };
}

/**
 * Pairs of hex digits, with blanks. YAML takes those without a letter for a number, unless they are quoted.
 * @param bytes  how many there must be; undefined: any number
 */
export function hexSchema(bytes?: number): JsonSchema {
  const count = bytes === undefined ? "*" : `{${bytes}}`;
  return {
    type: ["string", "integer"],
    minimum: 0,
    pattern: `^${BLANKS}(${HEX}${BLANKS}${HEX}${BLANKS})${count}$`,
  };
}

/** A field by name or by the hex digits of its header, and a range: [begin:end], [first..last], [bit], [] or nothing. */
function subFieldSchema(fields: readonly string[]): JsonSchema {
  const range = "\\[([0-9]{1,5}((:|\\.\\.)[0-9]{1,5})?)?\\]";
  return text(`((${fields.join("|")})${COUNT}|${HEX}{8}(${HEX}{8})?)(${range})?`, "NX_REG0[0:16]");
}

/** Texts of IPv6 addresses as RFC 3986 (IPv6address) has them; so does inet_pton. */
function ipv6Text(): string {
  const octet = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  const group = `${HEX}{1,4}`;
  const last = `(${group}:${group}|${octet}(\\.${octet}){3})`;
  const before = (n: number): string => (n < 0 ? "" : `((${group}:){0,${n}}${group})?`);
  return [
    `(${group}:){6}${last}`,
    ...[5, 4, 3, 2, 1, 0].map((n) => `${before(4 - n)}::(${group}:){${n}}${last}`),
    `${before(5)}::${group}`,
    `${before(6)}::`,
  ].join("|");
}

function text(pattern: string, example: string): JsonSchema {
  return { type: "string", pattern: `^${pattern}$`, examples: [example] };
}

/** Bytes are no fewer than characters. */
function maxLength(d: Scalar): JsonSchema {
  const width = d.widths[0];
  return width?.kind === "chars" ? { maxLength: width.n } : {};
}
