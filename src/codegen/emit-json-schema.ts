// JSON Schema (draft 2020-12) of messages: one document is one message. It has no versions, as the JSON has none: a document that
// it accepts may still say something that OpenFlow 1.0 cannot.
import type {
  Definition,
  FlagsDefinition,
  Message,
  Model,
  Multipart,
  TlvTable,
  Union,
  UnionCase,
} from "../schema/index.js";
import { formSchema, HEX_TEXT, integerSchema, type JsonSchema, NUMBER_TEXT } from "./json-schema-forms.js";
import { SourceModule } from "./printer.js";
import {
  caseShape,
  codeNames,
  constantText,
  definitionShape,
  idNames,
  idType,
  isBodyOptional,
  namedCases,
  type Shape,
  type ShapeField,
  typesWithIds,
  widestBits,
} from "./shape.js";

/** Name under which other schemas refer to this one. */
const ID = "urn:oftr:openflow-message";

/** Keys around `msg`; those after `flags` are printed by decoding and say nothing about the frame. */
const ENVELOPE: Readonly<Record<string, JsonSchema>> = {
  xid: ref("UInt32"),
  version: { ...ref("UInt8"), description: "Wire version: 1 is OpenFlow 1.0, 6 is OpenFlow 1.5." },
  flags: { type: "array", items: named(["MORE", "REPLIED", "NO_ALERT", "NO_FLUSH"], 32) },
  time: { type: ["number", "string"], description: "Seconds since 1970." },
  src: { type: "string" },
  dst: { type: "string" },
  conn_id: ref("UInt64"),
  datapath_id: ref("DatapathId"),
  auxiliary_id: ref("UInt8"),
  _file: { type: "string" },
};

/** Emits gen/json-schema.ts. */
export function emitJsonSchema(model: Model): SourceModule {
  const module = new SourceModule("codec/gen/json-schema", "*");
  const source = JSON.stringify(jsonSchema(model), null, 1);
  module.add(
    `/** The JSON Schema (draft 2020-12) of one message as JSON. */\nexport const jsonSchema: object = ${source};`,
  );
  return module;
}

/** The whole schema. */
export function jsonSchema(model: Model): JsonSchema {
  const definitions = [...model.definitions.values()];
  const bodies = definitions.filter(
    (d): d is Message | Multipart => d.kind === "message" || d.kind === "multipart",
  );
  const defs: Record<string, JsonSchema> = { _RAW_MESSAGE: rawMessage() };
  for (const d of bodies) defs[d.name] = messageSchema(model, d);
  defs.MULTIPART = legacyMultipart(bodies.filter((d) => d.kind === "multipart"));
  for (const d of definitions) {
    if (d.kind !== "message" && d.kind !== "multipart")
      defs[d.name] = { description: d.doc, ...definitionSchema(model, d) };
  }
  for (const name of typesWithIds(model)) defs[idType(name)] = idSchema(model, name);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: ID,
    title: "OpenFlow message",
    description: "One message of OpenFlow 1.0 to 1.5 as oftr prints and reads it.",
    oneOf: ["_RAW_MESSAGE", ...bodies.map((d) => d.name), "MULTIPART"].map(ref),
    $defs: defs,
  };
}

function ref(name: string): JsonSchema {
  return { $ref: `#/$defs/${name}` };
}

/** A name or a number of that many bits. */
function named(names: readonly string[], bits: number): JsonSchema {
  return { anyOf: [{ enum: names }, integerSchema(bits)] };
}

function listOf(items: JsonSchema): JsonSchema {
  return { type: "array", items };
}

// ---- messages

function messageSchema(model: Model, d: Message | Multipart): JsonSchema {
  const optional = isBodyOptional(d);
  // Types of multiparts have an older spelling: REQUEST.PORT_STATS.
  const older = d.name.replace(/^(\w+)_(REQUEST|REPLY)$/, "$2.$1");
  const type = d.kind === "multipart" ? { enum: [d.name, older] } : { const: d.name };
  return {
    description: d.doc,
    type: "object",
    properties: { type, ...ENVELOPE, msg: bodySchema(model, d) },
    required: optional ? ["type"] : ["type", "msg"],
    additionalProperties: false,
  };
}

function bodySchema(model: Model, d: Message | Multipart): JsonSchema {
  const shape = definitionShape(model, d);
  if (shape.message) return { $ref: "#" };
  if (shape.list) return listOf(ref(shape.list.name));
  return objectSchema(shape);
}

function rawMessage(): JsonSchema {
  const msg = {
    type: "object",
    properties: { type: ref("UInt8"), data: ref("HexData") },
    required: ["type"],
    additionalProperties: false,
  };
  return {
    description: "A message of a type that has no name: the number of the type, and what follows the header.",
    type: "object",
    properties: { type: { const: "_RAW_MESSAGE" }, ...ENVELOPE, msg },
    required: ["type", "msg"],
    additionalProperties: false,
  };
}

/** An older spelling of multiparts, of which only the frame is described. */
function legacyMultipart(multiparts: readonly Multipart[]): JsonSchema {
  const names = new Set(multiparts.flatMap((d) => [d.name, d.name.replace(/_(REQUEST|REPLY)$/, "")]));
  const msg = {
    type: "object",
    properties: {
      type: { enum: [...names] },
      flags: ENVELOPE.flags as JsonSchema,
      body: { type: ["object", "array"] },
    },
    required: ["type"],
    additionalProperties: false,
  };
  return {
    description: "An older spelling of a multipart message.",
    type: "object",
    properties: { type: { enum: ["MULTIPART_REQUEST", "MULTIPART_REPLY"] }, ...ENVELOPE, msg },
    required: ["type", "msg"],
    additionalProperties: false,
  };
}

// ---- objects

/** An object with the keys of a shape after those of `head`, of which all are required but `free`. */
function objectSchema(
  shape: Shape,
  head: Readonly<Record<string, JsonSchema>> = {},
  free: readonly string[] = [],
): JsonSchema {
  const properties: Record<string, JsonSchema> = { ...head };
  for (const f of shape.fields) properties[f.name] = fieldSchema(f);
  for (const key of shape.residues) properties[key] = ref("HexData");
  if (shape.ordered) properties._order = listOf(integerSchema(32));
  if (shape.moved.length > 0) properties._order = listOf({ enum: shape.moved });
  const required = [
    ...Object.keys(head).filter((key) => !free.includes(key)),
    ...shape.fields
      .filter((f) => f.type !== undefined && f.required.length === shape.versions.length)
      .map((f) => f.name),
  ];
  return {
    type: "object",
    properties,
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

function fieldSchema(f: ShapeField): JsonSchema {
  const description = f.doc === "" ? {} : { description: f.doc };
  if (f.type === undefined) return { type: "string", ...description };
  const item = ref(f.ids ? idType(f.type.name) : f.type.name);
  const value = f.type.name === "Message" ? { $ref: "#" } : item;
  const fallback =
    f.assumed === undefined || f.assumed.kind === "key"
      ? {}
      : { default: defaultValue(f, constantText(f.assumed)) };
  return { ...(f.type.list ? listOf(value) : value), ...description, ...fallback };
}

function defaultValue(f: ShapeField, text: string): unknown {
  if (f.type?.list === true) return [];
  if (text === "''") return "";
  return /^\d{1,15}$/.test(text) ? Number(text) : text;
}

// ---- definitions

function definitionSchema(model: Model, d: Exclude<Definition, Message | Multipart>): JsonSchema {
  switch (d.kind) {
    case "scalar":
      return formSchema(d, widestBits(d));
    case "number":
      return named([...d.names.keys(), ...d.also.keys()], widestBits(d));
    case "enum":
      return named([...d.values.keys(), ...d.also.keys()], 32);
    case "code":
      return named(codeNames(d), 32);
    case "flags":
      return flagSchema(d);
    case "struct":
      return objectSchema(definitionShape(model, d));
    case "tlv_table":
      return { anyOf: tableSchemas(d) };
    case "union":
      return { anyOf: [...namedCases(d).flatMap((c) => caseSchemas(model, d, c)), ...unknownCase(d)] };
  }
}

/** One flag: lists of flags refer to this. */
function flagSchema(d: FlagsDefinition): JsonSchema {
  return named([...d.bits.keys(), ...d.also.keys()], 32);
}

/** The fields of a table, those of one type together, and the form in hex. */
function tableSchemas(d: TlvTable, head: Readonly<Record<string, JsonSchema>> = {}): JsonSchema[] {
  const byType = new Map<string, string[]>();
  const aliases = [...d.aliases];
  for (const c of d.cases) {
    const names = [c.name, ...aliases.filter(([, of]) => of === c.name).map(([alias]) => alias)];
    byType.set(c.type.name, [...(byType.get(c.type.name) ?? []), ...names]);
  }
  const one = (tag: JsonSchema, value: JsonSchema): JsonSchema => ({
    type: "object",
    properties: { ...head, [d.tag]: tag, value, mask: value },
    required: [...Object.keys(head), d.tag, "value"],
    additionalProperties: false,
  });
  return [
    ...[...byType].map(([type, names]) => one({ enum: names }, ref(type))),
    one({ type: "string", pattern: "^\\d" }, ref("HexData")),
  ];
}

function caseSchemas(model: Model, union: Union, c: UnionCase): JsonSchema[] {
  const shape = caseShape(model, union, c);
  const tag = { [union.tag]: tagSchema(union, c) };
  const described = (schema: JsonSchema): JsonSchema => ({ description: c.doc, ...schema });
  if (shape.table) return [described({ anyOf: tableSchemas(shape.table, tag) })];
  if (c.tagForm !== undefined) {
    const prefix = c.tagForm.replace(/\{.*/, "").replace(".", "\\.");
    const numbered = { [union.tag]: { type: "string", pattern: `^${prefix}${NUMBER_TEXT}$` } };
    const plain = { ...tag, experimenter: ref("UInt32") };
    return [described(objectSchema(shape, numbered)), described(objectSchema(shape, plain))];
  }
  // Properties of experimenters may go without their tag.
  const free = union.tag === "property" && c.name === "EXPERIMENTER" ? [union.tag] : [];
  return [described(objectSchema(shape, tag, free))];
}

/** The name of a case. The C++ oftr writes properties that it does not know by their code. */
function tagSchema(union: Union, c: UnionCase): JsonSchema {
  if (union.tag !== "property") return { const: c.name };
  const codes = new Set(c.type.flatMap((code) => (code?.length === 1 ? code : [])));
  return { enum: [c.name, ...codes] };
}

/** A case that has no name: its code, what all cases have in common, and the rest in hex. */
function unknownCase(union: Union): JsonSchema[] {
  if (union.unknown !== "hex") return [];
  const common = (union.common?.json ?? []).flatMap((f) =>
    f.type ? [[f.name, ref(f.type.name)] as const] : [],
  );
  const tag = { [union.tag]: { type: ["string", "integer"], pattern: `^${NUMBER_TEXT}$` } };
  return [
    {
      type: "object",
      properties: { ...tag, ...Object.fromEntries(common), data: ref("HexData") },
      required: [union.tag, ...common.map(([name]) => name), "data"],
      additionalProperties: false,
    },
  ];
}

/** An element of a list of codes. */
function idSchema(model: Model, name: string): JsonSchema {
  const d = model.definitions.get(name);
  if (d?.kind === "tlv_table") {
    const names = [...d.cases.map((c) => c.name), ...d.aliases.keys()];
    const pattern = `^~?(${HEX_TEXT}(\\.${HEX_TEXT})?|(${names.join("|")})/?)$`;
    return {
      description: `The name of a ${name} that a switch can handle.`,
      anyOf: [{ enum: names }, { type: "string", pattern }],
    };
  }
  const names = d?.kind === "union" ? idNames(d) : [];
  const pattern = `^(${[...names, HEX_TEXT].join("|")})(\\.(0[xX])?([0-9A-Fa-f]{2})*)?$`;
  return { description: `The name of a ${name} that a switch can handle.`, type: "string", pattern };
}
