// JSON Schema of the RPC interface: params, results, events, and what they are made of. It refers to the definitions of messages.
import {
  docOfKey,
  hasMessageKeys,
  isRequiredKey,
  type Model,
  type RpcBody,
  type RpcDefinition,
  type RpcEvent,
  type RpcField,
  type RpcKeys,
  type RpcType,
  type RpcValue,
  rpcFields,
  type TypeRef,
} from "../schema/index.js";
import { bodyName, envelopeSchemas, messageBodySchema } from "./emit-json-schema.js";
import type { JsonSchema } from "./json-schema-forms.js";
import { ref } from "./json-schema-objects.js";

const FORMS: Readonly<Record<RpcValue["form"], JsonSchema>> = {
  text: { type: "string" },
  // In YAML, values that are read as they stand are texts.
  boolean: { type: ["boolean", "string"], pattern: "^(true|false)$" },
  integer: { type: ["integer", "string"], pattern: "^-?[0-9]+$" },
  number: { type: ["number", "string"], pattern: "^-?[0-9]+(\\.[0-9]+)?$" },
  any: {},
};

/** Definition of the `msg` of a message whose type stands beside it. */
const MESSAGE_BODY = "Message.msg";

/** What schemas of a whole interface are called. */
export const paramsName = (method: string): string => `${method}.params`;
export const resultName = (method: string): string => `${method}.result`;

/** Definitions of the interface by name. */
export function rpcSchemas(model: Model): Record<string, JsonSchema> {
  const closed = takenRecords(model);
  const defs: Record<string, JsonSchema> = { [MESSAGE_BODY]: messageBodySchema(model) };
  for (const d of model.rpc.values()) {
    const title = { title: d.name, description: d.doc };
    switch (d.kind) {
      case "value": {
        const { pattern } = d;
        defs[d.name] = {
          ...title,
          ...FORMS[d.form],
          ...(pattern === undefined ? {} : { pattern: `^(${pattern})$` }),
        };
        break;
      }
      case "words":
        defs[d.name] = {
          ...title,
          anyOf: [...d.words].map(([word, description]) => ({ const: word, description })),
        };
        break;
      case "record":
        defs[d.name] = { ...title, ...keysSchema(model, d, closed.has(d.name)) };
        break;
      case "method": {
        const params = d.params
          ? bodySchema(model, d.params, true)
          : { type: ["object", "null"], maxProperties: 0 };
        defs[paramsName(d.name)] = { title: `params of ${d.name}`, ...params };
        defs[resultName(d.name)] = { title: `result of ${d.name}`, ...bodySchema(model, d.result, false) };
        defs[d.name] = requestSchema(d, !d.paramsOptional);
        break;
      }
      case "event":
        defs[d.name] = { ...title, ...eventSchema(model, d) };
    }
  }
  return defs;
}

/** What a key may hold. */
export function fieldSchema(model: Model, f: RpcField): JsonSchema {
  const { min, max, above } = f;
  const range = {
    ...(min === undefined ? {} : { minimum: min }),
    ...(max === undefined ? {} : { maximum: max }),
    ...(above === undefined ? {} : { exclusiveMinimum: above }),
  };
  const doc = docOfKey(model, f);
  const description = f.unit === undefined ? doc : `${doc} Unit: ${f.unit}.`;
  return {
    ...typeSchema(model, f),
    ...range,
    description,
    ...(f.default === undefined ? {} : { default: f.default }),
  };
}

/** What a value may be. */
export function typeSchema(model: Model, { types, nullable }: RpcType): JsonSchema {
  const all = types.map((type) => oneSchema(model, type));
  if (nullable) all.push({ type: "null" });
  const [only, ...others] = all;
  return only !== undefined && others.length === 0 ? only : { anyOf: all };
}

function oneSchema(model: Model, { name, list }: TypeRef): JsonSchema {
  const d = model.definitions.get(name);
  const isBody = d?.kind === "message" || d?.kind === "multipart";
  const one = ref(isBody ? bodyName(d) : name);
  return list ? { type: "array", items: one } : one;
}

function bodySchema(model: Model, body: RpcBody, closed: boolean): JsonSchema {
  if (body.kind === "type") return typeSchema(model, body.type);
  if (!hasMessageKeys(model, body)) return keysSchema(model, body, closed);
  const fields = rpcFields(model, body);
  const own = Object.fromEntries(fields.map((f) => [f.name, fieldSchema(model, f)]));
  return {
    type: "object",
    properties: { ...envelopeSchemas(), ...own },
    required: ["type", ...fields.filter(isRequiredKey).map((f) => f.name)],
    additionalProperties: false,
    allOf: [ref(MESSAGE_BODY)],
  };
}

function keysSchema(model: Model, keys: RpcKeys, closed: boolean): JsonSchema {
  const fields = rpcFields(model, keys);
  const required = fields.filter(isRequiredKey).map((f) => f.name);
  return {
    type: "object",
    properties: Object.fromEntries(fields.map((f) => [f.name, fieldSchema(model, f)])),
    ...(required.length === 0 ? {} : { required }),
    ...(closed ? { additionalProperties: false } : {}),
  };
}

/** News tell their name by the key `type`. */
function eventSchema(model: Model, d: RpcEvent): JsonSchema {
  const schema = bodySchema(model, d.params, false);
  if (d.params.kind === "type") return schema;
  const { properties, required = [], ...others } = schema as { properties: object; required?: string[] };
  return {
    ...others,
    properties: { type: { const: d.name }, ...properties },
    required: ["type", ...required],
  };
}

/** A whole request. */
function requestSchema(d: RpcDefinition, needs: boolean): JsonSchema {
  return {
    title: d.name,
    description: d.doc,
    type: "object",
    properties: {
      jsonrpc: { const: "2.0" },
      id: { type: ["string", "integer", "null"] },
      method: { const: d.name },
      params: ref(paramsName(d.name)),
    },
    required: ["method", ...(needs ? ["params"] : [])],
    additionalProperties: false,
  };
}

/** Records that clients write: other keys than theirs are refused. In what the daemon writes, there may one day be more. */
function takenRecords(model: Model): ReadonlySet<string> {
  const taken = new Set<string>();
  const take = (types: readonly TypeRef[]): void => {
    for (const { name } of types) {
      const d = model.rpc.get(name);
      if (d?.kind !== "record" || taken.has(name)) continue;
      taken.add(name);
      for (const f of rpcFields(model, d)) take(f.types);
    }
  };
  for (const d of model.rpc.values()) {
    if (d.kind !== "method" || d.params === undefined) continue;
    if (d.params.kind === "type") take(d.params.type.types);
    else for (const f of rpcFields(model, d.params)) take(f.types);
  }
  return taken;
}
