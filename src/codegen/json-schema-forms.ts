// JSON Schema of value forms: the texts and numbers that src/text reads.
import type { Scalar } from "../schema/index.js";

/** A schema, or a part of one. */
export type JsonSchema = { readonly [key: string]: unknown };

/** Patterns of texts, to be put between anchors. */
export const HEX_TEXT = "0[xX][0-9A-Fa-f]+";
export const NUMBER_TEXT = `(${HEX_TEXT}|0[oO][0-7]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)`;

const HEX = "[0-9A-Fa-f]";
const OCTET = "(25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])";
const BLANKS = "[ \\t-\\r]*";

/** An unsigned integer of that many bits, or a text that stands for one in any base. */
export function integerSchema(bits: number): JsonSchema {
  return {
    type: ["integer", "string"],
    minimum: 0,
    maximum: 2 ** bits - (bits > 53 ? 0 : 1),
    pattern: `^${NUMBER_TEXT}$`,
  };
}

/**
 * The schema of a scalar. Numbers may fill the word that they stand in, as decoding shows what stands there.
 * @param bits  of the widest word
 */
export function formSchema(d: Scalar, bits: number): JsonSchema {
  switch (d.form) {
    case "uint":
      return integerSchema(bits);
    case "sint":
      return {
        type: ["integer", "string"],
        minimum: -(2 ** (bits - 1)),
        maximum: 2 ** bits - 1,
        pattern: `^-?${NUMBER_TEXT}$`,
      };
    case "mac":
      return text(`(${HEX}{1,2}(:${HEX}{1,2}){5}|${HEX}{1,2}(-${HEX}{1,2}){5}|${HEX}{12})?`);
    case "ipv4":
      return text(`(${OCTET}(\\.${OCTET}){3})?`);
    case "ipv6":
      return text(`(${HEX}*:[0-9A-Fa-f:.]*(%[0-9]{1,10})?)?`);
    case "hex":
      return text(`${BLANKS}(${HEX}${BLANKS}${HEX}${BLANKS})*`);
    case "chars":
      return { type: ["string", "number"], ...maxLength(d) };
    case "datapath":
      return {
        type: ["string", "integer", "null"],
        minimum: 0,
        pattern: `^(${HEX}{1,2}(:${HEX}{1,2}){7}|${NUMBER_TEXT})?$`,
      };
    case "duration":
      return {
        type: ["string", "number"],
        minimum: 0,
        pattern: "^[0-9]{1,10}(\\.([0-9]{1,9}|x[0-9A-Fa-f]{1,8}))?$",
      };
    case "version_bitmap":
      return { type: "array", items: integerSchema(8) };
    case "sub_field":
      return text(`([A-Z][A-Z0-9_]*|${HEX}{8}(${HEX}{8})?)(\\[([0-9]{1,5}((:|\\.\\.)[0-9]{1,5})?)?\\])?`);
  }
}

function text(pattern: string): JsonSchema {
  return { type: "string", pattern: `^${pattern}$` };
}

/** Bytes are no fewer than characters. */
function maxLength(d: Scalar): JsonSchema {
  const width = d.widths[0];
  return width?.kind === "chars" ? { maxLength: width.n } : {};
}
