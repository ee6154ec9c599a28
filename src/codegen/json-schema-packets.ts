// JSON Schema of the keys that tell what a frame holds. Which fields packets have is known to the program, not to the schemas.
import type { PacketForm } from "../schema/index.js";
import type { JsonSchema } from "./json-schema-forms.js";

/** A value of a header: a number in any base, an address, a text, or a list of names. */
const VALUE: JsonSchema = {
  anyOf: [{ type: ["string", "integer"] }, { type: "array", items: { type: ["string", "integer"] } }],
};

const ITEM: JsonSchema = {
  type: "object",
  properties: { field: { type: "string", description: "Name of a field of packets." }, value: VALUE },
  required: ["field", "value"],
  additionalProperties: false,
};

/** Fields of headers as a list or as an object; names may be in lower case. */
const FIELDS: JsonSchema = {
  anyOf: [
    { type: "array", items: ITEM },
    {
      type: "object",
      properties: { payload: { anyOf: [{ $ref: "#/$defs/HexData" }, { type: "object" }] } },
      patternProperties: { "^(?!payload$)[A-Za-z][A-Za-z0-9_]*$": VALUE },
      additionalProperties: false,
    },
    { type: "null" },
  ],
};

/** What a key of packets holds. */
export function packetSchema(form: PacketForm): JsonSchema {
  switch (form) {
    case "fields":
      return FIELDS;
    case "bytes":
      return { anyOf: [{ $ref: "#/$defs/HexData" }, { type: "null" }] };
    case "payload":
      return { type: "object", properties: { protocol: { type: "string" } }, required: ["protocol"] };
  }
}
