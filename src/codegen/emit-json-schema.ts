// JSON Schema (draft 2020-12) of messages: one document is one message. Below `version` it has no versions, as the JSON has none: a
// document that it accepts may still say something that OpenFlow 1.0 cannot.
import { ALL_VERSIONS, formatVersionRange, type Version, versionName } from "../base/index.js";
import { isPair, type Model, type Struct } from "../schema/index.js";
import { type BodyDefinition, documentParts, type PartDefinition } from "./document-parts.js";
import { codesSchema, formSchema, integerSchema, type JsonSchema, pairSchema } from "./json-schema-forms.js";
import { alsoSchemas, idSchema, nameSchemas, namesSchema, oneOfNames } from "./json-schema-names.js";
import {
  listSchema,
  NULLABLE_LIST,
  nestedMessage,
  numberRef,
  objectSchema,
  ref,
  type SchemaContext,
} from "./json-schema-objects.js";
import { tableSchemas, unionSchemas, when } from "./json-schema-unions.js";
import { SourceModule } from "./printer.js";
import { definitionShape, idType, isBodyOptional, requiredBody, versionsOf } from "./shape.js";
import { widestWords } from "./widest-words.js";

/** Name under which other schemas refer to this one. */
const ID = "urn:oftr:openflow-message";

const RAW = "_RAW_MESSAGE";

/** Definition of the names of all types of messages. */
const TYPE = "Message.type";

/** Keys around `msg`; those after `flags` are printed by decoding and say nothing about the frame. */
const ENVELOPE: Readonly<Record<string, JsonSchema>> = {
  xid: { ...ref("UInt32"), description: "Transaction id; 0 when it is missing.", default: 0 },
  flags: {
    description: "Flags of multipart messages, and of how a message is sent.",
    type: "array",
    items: { anyOf: [{ enum: ["MORE", "REPLIED", "NO_ALERT", "NO_FLUSH"] }, numberRef(32)] },
  },
  time: { type: ["number", "string"], description: "Printed by decoding: seconds since 1970." },
  src: { type: "string", description: "Printed by decoding: the sender's address and port." },
  dst: { type: "string", description: "Printed by decoding: the receiver's address and port." },
  conn_id: { ...ref("UInt64"), description: "Which connection a message came by or shall go out by." },
  datapath_id: { ...ref("DatapathId"), description: "Which switch a message came from or shall go to." },
  auxiliary_id: { ...ref("UInt8"), description: "Which connection of that switch." },
  _file: { type: "string", description: "Printed by decoding: the file that the message stands in." },
  _pair: { type: "object", description: "Printed by decoding: which request it answers, and how fast." },
};

/** The key that may stand in the place of `msg`. */
const FLOW: JsonSchema = {
  type: "string",
  description: "In the place of msg: a flow as ovs-ofctl has it, ip,nw_dst=10.0.0.0/8,actions=output:2.",
};

/** Bits of the words that a number may fill where no name is known. */
const WORDS = [8, 16, 24, 32];

/** Emits gen/json-schema.ts. */
export function emitJsonSchema(model: Model): SourceModule {
  const module = new SourceModule("codec/gen/json-schema", "*");
  const text = JSON.stringify(JSON.stringify(jsonSchema(model)));
  module.add(
    `/** The JSON Schema (draft 2020-12) of one message as JSON: a text, as that is read many times faster than source. */\nexport const jsonSchemaText: string = ${text};`,
  );
  return module;
}

/** The whole schema. */
export function jsonSchema(model: Model): JsonSchema {
  const context: SchemaContext = { model, widest: widestWords(model) };
  const { parts, bodies, withIds } = documentParts(model);
  const defs: Record<string, JsonSchema> = { [RAW]: rawMessage() };
  for (const d of bodies) {
    defs[d.name] = messageSchema(context, d);
    defs[bodyName(d)] = bodySchema(context, d);
  }
  for (const type of LEGACY) defs[type] = legacyMultipart(type, bodies);
  for (const d of bodies) {
    const versions = versionsOf(d.type);
    defs[versionsName(versions)] = versionSchema(versions);
    for (const [only] of neededIn(context, d)) defs[versionsName(only)] = versionSchema(only);
  }
  defs[versionsName(ALL_VERSIONS)] = versionSchema(ALL_VERSIONS);
  for (const [key, schema] of Object.entries(ENVELOPE)) defs[envelopeName(key)] = schema;
  defs[TYPE] = typeSchema(bodies);
  for (const bits of WORDS) defs[`Number${bits}`] = integerSchema(bits);
  for (const d of parts) Object.assign(defs, partSchemas(context, d));
  for (const name of withIds) defs[idType(name)] = idSchema(context, name);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: ID,
    title: "OpenFlow message",
    description: "One message of OpenFlow 1.0 to 1.5 as oftr prints and reads it.",
    type: "object",
    properties: { type: ref(TYPE) },
    required: ["type"],
    allOf: branches(bodies),
    $defs: defs,
  };
}

// ---- the type of a message, and what it leads to

const LEGACY = ["MULTIPART_REQUEST", "MULTIPART_REPLY"] as const;

/** Types of a body that may be empty: null and the empty text are nothing, too. */
const NULLABLE_OBJECT = ["object", "null", "string"];

/** Stands for a type of messages that are no multiparts. */
const CODE = numberRef(8);

function typeSchema(bodies: readonly BodyDefinition[]): JsonSchema {
  const names = new Map(bodies.map((d) => [d.name, bodyDoc(d)]));
  names.set(RAW, "A message of a type that has no name.");
  const also = [...bodies.flatMap(olderNames), ...LEGACY];
  return { title: "Type of the message", anyOf: [...nameSchemas(names), ...alsoSchemas(also), CODE] };
}

function branches(bodies: readonly BodyDefinition[]): JsonSchema[] {
  const coded = bodies.filter((d) => d.kind === "message" && d.experimenter === undefined);
  return [
    ...bodies.map((d) => when("type", { enum: [d.name, ...olderNames(d)] }, ref(d.name))),
    ...[RAW, ...LEGACY].map((type) => when("type", { const: type }, ref(type))),
    when("type", CODE, { anyOf: coded.map((d) => ref(d.name)) }),
  ];
}

/** Types of multiparts have an older spelling: REQUEST.PORT_STATS. */
function olderNames(d: BodyDefinition): string[] {
  return d.kind === "multipart" ? [d.name.replace(/^(\w+)_(REQUEST|REPLY)$/, "$2.$1")] : [];
}

function bodyDoc(d: BodyDefinition): string {
  const range = formatVersionRange(versionsOf(d.type));
  return range === "all" ? d.doc : `${d.doc} OpenFlow ${range}.`;
}

// ---- messages

function messageSchema(context: SchemaContext, d: BodyDefinition): JsonSchema {
  const coded = d.kind === "message" && d.experimenter === undefined;
  const codes = coded ? [...new Set(d.type.filter((code) => code !== undefined))] : [];
  const type = {
    anyOf: [
      { const: d.name },
      ...alsoSchemas(olderNames(d)),
      ...(codes.length === 0 ? [] : [codesSchema(codes)]),
    ],
  };
  const list = d.jsonList !== undefined;
  const needs = neededIn(context, d).map(([versions, required]) => {
    const msg = list
      ? { type: NULLABLE_LIST, items: { type: "object", required } }
      : { type: [...(isBodyOptional(d) ? NULLABLE_OBJECT : ["object"])], required };
    return when("version", ref(versionsName(versions)), { type: "object", properties: { msg } });
  });
  const conditions = needs.length === 0 ? {} : { allOf: needs };
  return {
    title: d.name,
    description: bodyDoc(d),
    ...messageKeys(type, ref(versionsName(versionsOf(d.type))), d),
    ...conditions,
  };
}

/** Versions in which the body (each element, where it is a list) needs further keys than in all others. */
function neededIn(context: SchemaContext, d: BodyDefinition): (readonly [Version[], string[]])[] {
  const item = d.jsonList && context.model.definitions.get(d.jsonList.name);
  const shape = definitionShape(context.model, item?.kind === "struct" ? item : d);
  const byVersions = new Map<string, [Version[], string[]]>();
  for (const f of shape.fields) {
    const versions = f.required.filter((v) => d.type[v] !== undefined);
    if (f.type === undefined || versions.length === 0 || f.required.length === shape.versions.length)
      continue;
    const entry = byVersions.get(versions.join()) ?? [versions, []];
    byVersions.set(versions.join(), entry);
    entry[1].push(f.name);
  }
  return [...byVersions.values()];
}

/** What stands under `msg` of a message. */
export function bodyName(d: BodyDefinition): string {
  return `${d.name}.msg`;
}

/** The keys of a message whose type is known. */
function messageKeys(type: JsonSchema, version: JsonSchema, d: BodyDefinition): Record<string, unknown> {
  const keys = envelope(type, version, ref(bodyName(d)), isBodyOptional(d));
  if (d.kind !== "message" || !d.flow) return keys;
  const properties = { ...(keys.properties as object), flow: FLOW };
  return { ...keys, properties, required: ["type"], ...requiredBody(d) };
}

function envelope(
  type: JsonSchema,
  version: JsonSchema,
  msg: JsonSchema,
  optional: boolean,
): Record<string, unknown> {
  const around = Object.keys(ENVELOPE).map((key) => [key, ref(envelopeName(key))]);
  return {
    type: "object",
    properties: { type, version, ...Object.fromEntries(around), msg },
    required: optional ? ["type"] : ["type", "msg"],
    additionalProperties: false,
  };
}

function envelopeName(key: string): string {
  return `Message.${key}`;
}

/** The keys of a message, for objects that have others beside them; what `msg` holds is left to `messageBodySchema`. */
export function envelopeSchemas(): Record<string, JsonSchema> {
  const around = Object.keys(ENVELOPE).map((key) => [key, ref(envelopeName(key))]);
  return {
    type: ref(TYPE),
    version: ref(versionsName(ALL_VERSIONS)),
    ...Object.fromEntries(around),
    flow: FLOW,
    msg: {},
  };
}

/** What `type` means for `version` and `msg` of an object that has the keys of a message. */
export function messageBodySchema(model: Model): JsonSchema {
  return {
    title: "Message",
    description: "The body of a message depends on its type.",
    allOf: documentParts(model).bodies.map((d) =>
      when(
        "type",
        { enum: [d.name, ...olderNames(d)] },
        {
          properties: { version: ref(versionsName(versionsOf(d.type))), msg: ref(bodyName(d)) },
          ...requiredBody(d),
        },
      ),
    ),
  };
}

function bodySchema(context: SchemaContext, d: BodyDefinition): JsonSchema {
  const shape = definitionShape(context.model, d);
  if (shape.message) return nestedMessage();
  if (shape.list) return listSchema(ref(shape.list.name));
  const body = objectSchema(context, shape);
  return isBodyOptional(d) ? { ...body, type: NULLABLE_OBJECT, maxLength: 0 } : body;
}

function rawMessage(): JsonSchema {
  const msg = {
    type: "object",
    properties: { type: ref("UInt8"), data: ref("HexData") },
    required: ["type"],
    additionalProperties: false,
  };
  return {
    title: RAW,
    description: "A message of a type that has no name: the number of the type, and what follows the header.",
    ...envelope({ const: RAW }, ref(versionsName(ALL_VERSIONS)), msg, false),
  };
}

/** An older spelling of multiparts: their type stands in `msg`, and what else would be there in `msg.body`. */
function legacyMultipart(type: (typeof LEGACY)[number], bodies: readonly BodyDefinition[]): JsonSchema {
  const part = type === "MULTIPART_REQUEST" ? "REQUEST" : "REPLY";
  const here = bodies.filter((d) => d.kind === "multipart" && d.part === part.toLowerCase());
  const short = (d: BodyDefinition): string => d.name.slice(0, -part.length - 1);
  const spellings = (d: BodyDefinition): string[] => [d.name, short(d), ...olderNames(d)];
  const bodyOf = (d: BodyDefinition): JsonSchema => ({
    type: "object",
    properties: { body: ref(bodyName(d)) },
    ...(isListBody(d) && !isBodyOptional(d) ? { required: ["body"] } : {}),
  });
  const msg = {
    type: "object",
    properties: {
      type: { anyOf: [{ enum: here.map(short) }, ...alsoSchemas(here.flatMap(spellings))] },
      flags: ref(envelopeName("flags")),
      body: {},
    },
    required: ["type"],
    additionalProperties: false,
    allOf: here.map((d) => when("type", oneOfNames(spellings(d)), bodyOf(d))),
  };
  return {
    title: type,
    description: "An older spelling of a multipart message.",
    ...envelope({ const: type }, ref(versionsName(ALL_VERSIONS)), msg, false),
  };
}

function isListBody(d: BodyDefinition): boolean {
  return d.jsonList !== undefined;
}

// ---- versions

function versionsName(versions: readonly Version[]): string {
  const range = formatVersionRange(versions).replaceAll(", ", "_");
  return range === "all" ? "Version" : `Version.${range}`;
}

/** The versions that a message has; 0 says nothing. */
function versionSchema(versions: readonly Version[]): JsonSchema {
  const numbers = versions.map((v) => `${v} is ${versionName(v)}`).join(", ");
  return {
    title: "Version",
    description: `Version of OpenFlow on the wire: ${numbers}. Where it is missing, that of the connection or of the command line.`,
    anyOf: [{ enum: [...versions] }, codesSchema([0, ...versions])],
  };
}

// ---- definitions

function partSchemas(context: SchemaContext, d: PartDefinition): Record<string, JsonSchema> {
  const one = (schema: JsonSchema): Record<string, JsonSchema> => ({
    [d.name]: { title: d.name, description: d.doc, ...schema },
  });
  switch (d.kind) {
    case "scalar":
      return one(formSchema(d, context.widest(d), fieldNames(context.model)));
    case "number":
    case "enum":
    case "code":
    case "flags":
      return one(namesSchema(context, d));
    case "struct":
      return one(structSchema(context, d));
    case "tlv_table":
      return tableSchemas(d, context.model);
    case "union":
      return unionSchemas(context, d);
  }
}

/** An object; instead of one of two words of 16 bits there may be the number that they make, or both in parentheses. */
function structSchema(context: SchemaContext, d: Struct): JsonSchema {
  const object = objectSchema(context, definitionShape(context.model, d));
  return isPair(context.model, d) ? { anyOf: [object, integerSchema(32), pairSchema()] } : object;
}

/** All names of match fields. */
function fieldNames(model: Model): string[] {
  const d = model.definitions.get("Field");
  return d?.kind === "tlv_table" ? [...d.cases.map((c) => c.name), ...d.aliases.keys()] : [];
}
