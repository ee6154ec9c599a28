// JSON Schema of objects: the keys of a body, which of them must be there, and what they hold.
import { type Model, type TlvTable, tlvOptions } from "../schema/index.js";
import type { JsonSchema } from "./json-schema-forms.js";
import { packetSchema } from "./json-schema-packets.js";
import { constantText, idType, type Shape, type ShapeField } from "./shape.js";
import type { WidestWords } from "./widest-words.js";

/** What all parts of a schema are made from. */
export interface SchemaContext {
  readonly model: Model;
  readonly widest: WidestWords;
}

/** The keys of a message in a message. */
const NESTED_KEYS = ["type", "xid", "version", "flags", "msg"];

/** A number of that many bits in any base, without a meaning of its own. */
export function numberRef(bits: number): JsonSchema {
  return ref(`Number${bits}`);
}

export function ref(name: string): JsonSchema {
  return { $ref: `#/$defs/${name}` };
}

/** Types of a list: null is the empty one. */
export const NULLABLE_LIST = ["array", "null"];

/** A list, which may also be nothing. */
export function listSchema(items: JsonSchema): JsonSchema {
  return { type: NULLABLE_LIST, items };
}

/** The keys of one field of a table; what their values are depends on its name. */
export function tlvProperties(d: TlvTable): Record<string, JsonSchema> {
  const options = tlvOptions(d);
  const option = options && { option: ref(options.type.name) };
  return { [d.tag]: ref(`${d.name}.name`), value: {}, mask: {}, ...option };
}

/**
 * An object with the keys of a shape after those of `head`.
 * @param free  keys of `head` that may be missing
 */
export function objectSchema(
  context: SchemaContext,
  shape: Shape,
  head: Readonly<Record<string, JsonSchema>> = {},
  free: readonly string[] = [],
): JsonSchema {
  const properties: Record<string, JsonSchema> = { ...head };
  const required = Object.keys(head).filter((key) => !free.includes(key));
  for (const f of shape.fields) {
    properties[f.name] = fieldSchema(context, f);
    if (f.type !== undefined && f.required.length === shape.versions.length) required.push(f.name);
  }
  const extra: Record<string, unknown> = {};
  if (shape.table) {
    const { name, tag } = shape.table;
    Object.assign(properties, tlvProperties(shape.table));
    required.push(tag, "value");
    extra.allOf = [ref(`${name}.values`)];
  }
  const orPacket = shape.fields.filter((f) => f.orPacket).map((f) => f.name);
  if (orPacket.length > 0) {
    const keys = shape.fields.filter((f) => f.packet !== undefined).map((f) => f.name);
    extra.anyOf = [orPacket, ...keys.map((key) => [key])].map((names) => ({ required: names }));
  }
  for (const key of shape.residues)
    properties[key] = { ...ref("HexData"), description: "Bytes that the other keys cannot say." };
  if (shape.ordered)
    properties._order = {
      ...listSchema(numberRef(32)),
      description: "Type codes of the properties, where their order is not the usual one.",
    };
  if (shape.moved.length > 0)
    properties._order = {
      ...listSchema({ enum: shape.moved }),
      description:
        "Keys of the statistics as they stand on the wire, where their order is not the usual one.",
    };
  return {
    type: "object",
    properties,
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
    ...extra,
  };
}

/** A message as a value of another one: what concerns its sending does not stand in it. */
export function nestedMessage(): JsonSchema {
  return { $ref: "#", type: "object", propertyNames: { enum: NESTED_KEYS } };
}

function fieldSchema(context: SchemaContext, f: ShapeField): JsonSchema {
  const description = f.doc === "" ? {} : { description: f.doc };
  if (f.packet !== undefined) return { ...packetSchema(f.packet), ...description };
  if (f.type === undefined) return { type: "string", ...description };
  const { name, list } = f.type;
  const value = name === "Message" ? nestedMessage() : ref(f.ids ? idType(name) : name);
  const flags = context.model.definitions.get(name)?.kind === "flags";
  const fallback =
    f.assumed === undefined || f.assumed.kind === "key"
      ? {}
      : { default: defaultValue(f, constantText(f.assumed)) };
  const items = flags ? { type: "array", items: value } : listSchema(value);
  return { ...(list ? items : value), ...description, ...fallback };
}

function defaultValue(f: ShapeField, text: string): unknown {
  if (f.type?.list === true) return [];
  if (text === "''") return "";
  return /^\d{1,15}$/.test(text) ? Number(text) : text;
}
