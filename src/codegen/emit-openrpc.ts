// The OpenRPC document (1.3) of the daemon, without the schemas of messages: the run time adds those that it has anyway.
import {
  hasMessageKeys,
  isRequiredKey,
  type Model,
  type RpcBody,
  type RpcField,
  type RpcMethodDefinition,
  rpcFailures,
  rpcFields,
} from "../schema/index.js";
import { envelopeSchemas } from "./emit-json-schema.js";
import type { JsonSchema } from "./json-schema-forms.js";
import { ref } from "./json-schema-objects.js";
import { fieldSchema, paramsName, resultName, rpcSchemas, typeSchema } from "./json-schema-rpc.js";
import { SourceModule } from "./printer.js";

const VERSION = "1.3.2";

const DESCRIPTION =
  "An OpenFlow gateway: it terminates the OpenFlow connections of switches and offers them to controllers. " +
  "Events are notifications from the daemon: x-notifications lists them in the form of methods. " +
  "x-params-schema is the schema of params as a whole, where it says more than those of its keys; " +
  "x-error-data has the schemas of `data` of errors.";

/** Emits rpc/gen/openrpc.ts. */
export function emitOpenRpc(model: Model): SourceModule {
  const module = new SourceModule("rpc/gen/openrpc", "rpc.yaml");
  const text = JSON.stringify(JSON.stringify(openRpc(model)));
  module.add(
    `/** The OpenRPC document as JSON, without the schemas of messages; its references begin with #/$defs/. */\nexport const openRpcText: string = ${text};`,
  );
  return module;
}

/** The document; what it refers to by `#/$defs/` and does not have is a definition of the JSON Schema of messages. */
export function openRpc(model: Model): Record<string, unknown> {
  const definitions = [...model.rpc.values()];
  const methods = definitions.filter((d) => d.kind === "method");
  const events = definitions.filter((d) => d.kind === "event");
  const failures = rpcFailures(model);
  const errorData = failures.flatMap(({ name, data }) => (data ? [[name, typeSchema(model, data)]] : []));
  const errors = failures.map(({ name, code, doc }) => [name, { code, message: doc }]);
  return {
    openrpc: VERSION,
    info: { title: "oftr", description: DESCRIPTION, license: { name: "MIT" } },
    methods: methods.map((d) => methodObject(model, d)),
    "x-notifications": [
      {
        name: "OFP.MESSAGE",
        description: "Something that has happened; `type` says what.",
        paramStructure: "by-name",
        params: [],
        "x-params-schema": { anyOf: events.map((d) => ref(d.name)) },
        examples: events.map((d) => ({
          name: d.name,
          description: d.doc,
          params: [{ name: "params", value: d.example.params }],
        })),
      },
    ],
    "x-error-data": Object.fromEntries(errorData),
    components: { schemas: rpcSchemas(model), errors: Object.fromEntries(errors) },
  };
}

function methodObject(model: Model, d: RpcMethodDefinition): Record<string, unknown> {
  const { params } = d;
  const whole = params !== undefined && (params.kind === "type" || hasMessageKeys(model, params));
  return {
    name: d.name,
    description: d.doc,
    ...paramsOf(model, params),
    ...(whole ? { "x-params-schema": ref(paramsName(d.name)) } : {}),
    result: { name: "result", required: true, schema: ref(resultName(d.name)) },
    ...(d.errors.length === 0
      ? {}
      : { errors: d.errors.map(({ name }) => ({ $ref: `#/components/errors/${name}` })) }),
    examples: [
      {
        name: d.name,
        params: exampleParams(d),
        result: { name: "result", value: d.example.result },
      },
    ],
  };
}

function paramsOf(model: Model, params: RpcBody | undefined): { paramStructure: string; params: unknown[] } {
  if (params === undefined) return { paramStructure: "by-name", params: [] };
  // A list of any length has no other form than its first element.
  if (params.kind === "type") {
    const [first] = params.type.types;
    return {
      paramStructure: "by-position",
      params: first ? [{ name: "item", description: "Any number of these.", schema: ref(first.name) }] : [],
    };
  }
  const own = rpcFields(model, params).map((f) => descriptor(model, f));
  if (!hasMessageKeys(model, params)) return { paramStructure: "by-name", params: own };
  const envelope = Object.entries(envelopeSchemas()).map(([name, schema]) => ({
    name,
    required: name === "type",
    schema,
  }));
  return { paramStructure: "by-name", params: [...envelope, ...own].sort(requiredFirst) };
}

/** Optional parameters stand after required ones. */
function requiredFirst(a: { required: boolean }, b: { required: boolean }): number {
  return Number(b.required) - Number(a.required);
}

function descriptor(model: Model, f: RpcField): { name: string; required: boolean; schema: JsonSchema } {
  return { name: f.name, required: isRequiredKey(f), schema: fieldSchema(model, f) };
}

function exampleParams(d: RpcMethodDefinition): object[] {
  const { params } = d.example;
  if (Array.isArray(params)) return params.map((value: unknown) => ({ name: "item", value }));
  return Object.entries(params ?? {}).map(([name, value]) => ({ name, value }));
}
