// TypeScript types of params, results and events, and the tables by which methods check what they are given.
import {
  docOfKey,
  hasMessageKeys,
  isRequiredKey,
  type Model,
  type RpcBody,
  type RpcDefinition,
  type RpcField,
  type RpcType,
  rpcFailures,
  rpcFields,
} from "../schema/index.js";
import { elementType, messageType } from "./emit-types.js";
import { pascal, quote } from "./naming.js";
import { SourceModule } from "./printer.js";

const TYPES = {
  text: "string",
  boolean: "boolean",
  integer: "number",
  number: "number",
  any: "unknown",
} as const;

/** Emits rpc/gen/types.ts. */
export function emitRpcTypes(model: Model): SourceModule {
  const module = new SourceModule("rpc/gen/types", "rpc.yaml");
  const methods: string[] = [];
  const events: string[] = [];
  for (const d of model.rpc.values()) {
    switch (d.kind) {
      case "value":
        module.add(`${comment(d.doc)}export type ${d.name} = ${TYPES[d.form]};`);
        break;
      case "words":
        module.add(`${comment(d.doc)}export type ${d.name} = ${[...d.words.keys()].map(quote).join(" | ")};`);
        break;
      case "record":
        module.add(
          `${comment(d.doc)}export interface ${d.name} ${keysSource(module, model, rpcFields(model, d))}`,
        );
        break;
      case "method": {
        const params = d.params ? bodySource(module, model, d, "Params", d.params) : "undefined";
        const result = bodySource(module, model, d, "Result", d.result);
        methods.push(`${comment(d.doc, "  ")}  ${quote(d.name)}: { params: ${params}; result: ${result} };`);
        break;
      }
      case "event":
        events.push(`  ${quote(d.name)}: ${bodySource(module, model, d, "Event", d.params)};`);
    }
  }
  module.add(
    `/** Methods by name: what they take, what they answer. */\nexport interface RpcMethods {\n${methods.join("\n")}\n}`,
  );
  module.add(
    `/** Params of notifications of OFP.MESSAGE by what they tell of. */\nexport interface RpcEvents {\n${events.join("\n")}\n}`,
  );
  return module;
}

/** Emits rpc/gen/params.ts. */
export function emitRpcParams(model: Model): SourceModule {
  const module = new SourceModule("rpc/gen/params", "rpc.yaml");
  const definitions = [...model.rpc.values()];
  const rows = definitions.flatMap((d) => {
    if (d.kind !== "method" || (d.params !== undefined && d.params.kind !== "keys")) return [];
    const fields = d.params ? rpcFields(model, d.params) : [];
    const required = fields.filter(isRequiredKey);
    return [
      `  ${quote(d.name)}: { keys: ${names(fields)}, required: ${names(required)}, optional: ${d.paramsOptional} },`,
    ];
  });
  module.add(
    `/** Keys of the params of methods; those of a message, where they stand among them, are left out. optional: a request may have no params. */\nexport const PARAMS = {\n${rows.join("\n")}\n} as const;`,
  );
  const records = definitions.flatMap((d) =>
    d.kind === "record" ? [`  ${d.name}: ${names(rpcFields(model, d))},`] : [],
  );
  module.add(`/** Keys of records. */\nexport const RECORDS = {\n${records.join("\n")}\n} as const;`);
  const words = definitions.flatMap((d) =>
    d.kind === "words" ? [`  ${d.name}: ${JSON.stringify([...d.words.keys()])},`] : [],
  );
  module.add(`/** Texts that values may be. */\nexport const WORDS = {\n${words.join("\n")}\n} as const;`);
  const codes = rpcFailures(model).map((one) => `${comment(one.doc, "  ")}  ${one.name}: ${one.code},`);
  module.add(`/** Codes of errors. */\nexport const CODES = {\n${codes.join("\n")}\n} as const;`);
  return module;
}

function names(fields: readonly RpcField[]): string {
  return JSON.stringify(fields.map((f) => f.name));
}

/** The type of a body; one with keys gets a name. */
function bodySource(
  module: SourceModule,
  model: Model,
  d: RpcDefinition,
  ending: string,
  body: RpcBody,
): string {
  if (body.kind === "type") return typeSource(module, model, body.type);
  const name = `${pascal(d.name)}${ending}`;
  const head = d.kind === "event" ? [`  type: ${quote(d.name)};`] : [];
  const keys = keysSource(module, model, rpcFields(model, body), head);
  const doc = comment(`${d.name}: ${d.doc}`);
  if (!hasMessageKeys(model, body)) module.add(`${doc}export interface ${name} ${keys}`);
  else module.add(`${doc}export type ${name} = ${module.use("type Message", "codec/catalog")} & ${keys};`);
  return name;
}

function keysSource(
  module: SourceModule,
  model: Model,
  fields: readonly RpcField[],
  head: readonly string[] = [],
): string {
  const own = fields.map((f) => {
    const optional = isRequiredKey(f) ? "" : "?";
    return `${comment(docOfKey(model, f), "  ")}  ${f.name}${optional}: ${typeSource(module, model, f)};`;
  });
  const lines = [...head, ...own];
  return lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n}`;
}

function typeSource(module: SourceModule, model: Model, { types, nullable }: RpcType): string {
  const all = types.map((type) => {
    const name = typeName(module, model, type);
    return type.list ? `readonly ${name}[]` : name;
  });
  return [...all, ...(nullable ? ["null"] : [])].join(" | ");
}

function typeName(module: SourceModule, model: Model, type: RpcType["types"][number]): string {
  if (model.rpc.has(type.name)) return type.name;
  const d = model.definitions.get(type.name);
  const isBody = d?.kind === "message" || d?.kind === "multipart";
  const name = isBody ? `${messageType(model, d)}["msg"]` : elementType(type);
  const bare = name.replace(/\[.*/, "");
  module.use(`type ${bare}`, "codec/catalog");
  return name;
}

function comment(text: string, indent = ""): string {
  return text === "" ? "" : `${indent}/** ${text.replaceAll("*/", "* /").replace(/\s+/g, " ")} */\n`;
}
