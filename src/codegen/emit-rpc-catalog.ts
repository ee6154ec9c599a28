// The catalog of the RPC interface behind `oftr help` and docs/reference. Its form is src/rpc/catalog-model.ts.
import {
  docOfKey,
  hasMessageKeys,
  isRequiredKey,
  type Model,
  type RpcBody,
  type RpcDefinition,
  type RpcEvent,
  type RpcField,
  type RpcType,
  rpcFailures,
  rpcFields,
} from "../schema/index.js";
import { SourceModule } from "./printer.js";

/** A part of the catalog; the type of the generated constant says what it must have. */
type Entry = Record<string, unknown>;

/** Most words that stand in the place of their type. */
const FEW_WORDS = 6;

const ERRORS = "The reply to a request that failed.";

/** Emits rpc/gen/catalog.ts. */
export function emitRpcCatalog(model: Model): SourceModule {
  const module = new SourceModule("rpc/gen/catalog", "rpc.yaml");
  const type = module.use("type RpcCatalog", "rpc/catalog-model");
  const definitions = [...model.rpc.values()];
  const failures = rpcFailures(model).map(({ name, code, doc, data }) => ({
    name,
    code,
    doc,
    ...(data ? { data: typeShape(model, data) } : {}),
  }));
  const isType = (d: RpcDefinition): boolean => d.kind === "value" || d.kind === "words";
  const entries = [
    ...definitions.filter((d) => !isType(d)).flatMap((d) => entry(model, d)),
    ...definitions.filter(isType).flatMap((d) => entry(model, d)),
    { kind: "error", name: "rpc.error", doc: ERRORS, failures },
  ];
  const lines = entries.map((one) => `  ${JSON.stringify(one)},`);
  module.add(
    `/** The RPC interface: methods, events, types, errors. */\nexport const rpcCatalog: ${type} = [\n${lines.join("\n")}\n];`,
  );
  return module;
}

function entry(model: Model, d: RpcDefinition): Entry[] {
  const named = { kind: d.kind, name: d.name, doc: d.doc };
  switch (d.kind) {
    case "method":
      return [
        {
          ...named,
          ...(d.params ? { params: bodyShape(model, d.params) } : {}),
          result: bodyShape(model, d.result),
          errors: d.errors.map(({ name }) => name),
          example: { params: d.example.params, result: d.example.result },
        },
      ];
    case "event":
      return [{ ...named, params: eventShape(model, d), example: { params: d.example.params } }];
    case "value":
      return [named];
    case "words":
      if (d.words.size <= FEW_WORDS) return [];
      return [{ ...named, words: [...d.words].map(([word, doc]) => ({ word, doc })) }];
    default:
      return [];
  }
}

/** News tell their name by the key `type`. */
function eventShape(model: Model, d: RpcEvent): Entry {
  const shape = bodyShape(model, d.params);
  if (d.params.kind === "type") return shape;
  const type = { name: "type", type: d.name, required: true, doc: "" };
  return { ...shape, keys: [type, ...(shape.keys as Entry[])] };
}

function bodyShape(model: Model, body: RpcBody): Entry {
  if (body.kind === "type") return typeShape(model, body.type);
  return {
    type: hasMessageKeys(model, body) ? "Message" : "",
    keys: rpcFields(model, body).map((f) => key(model, f)),
  };
}

/** A record, alone or beside other types, shows its keys; all else its name. */
function typeShape(model: Model, type: RpcType): Entry {
  const shown = type.types.find(({ name }) => model.rpc.get(name)?.kind === "record");
  const record = shown && model.rpc.get(shown.name);
  if (record?.kind !== "record") return { type: typeText(model, type), keys: [] };
  const others = { types: type.types.filter((one) => one !== shown), nullable: type.nullable };
  const keys = rpcFields(model, record).map((f) => key(model, f));
  return { type: typeText(model, others), ...(shown?.list ? { list: true } : {}), keys };
}

function key(model: Model, f: RpcField): Entry {
  const { keys, ...shape } = typeShape(model, f) as { keys: Entry[] };
  const range = rangeText(f);
  return {
    name: f.name,
    ...shape,
    ...(keys.length > 0 ? { keys } : {}),
    ...(isRequiredKey(f) ? { required: true } : {}),
    ...(f.default === undefined ? {} : { assumed: constantText(f.default) }),
    ...(range === "" ? {} : { range }),
    doc: [docOfKey(model, f), ...wordDocs(model, f)].join(" "),
  };
}

function typeText(model: Model, { types, nullable }: RpcType): string {
  const all = types.flatMap(({ name, list }) => {
    const d = model.rpc.get(name);
    const names = d?.kind === "words" && d.words.size <= FEW_WORDS ? [...d.words.keys()] : [name];
    return list ? [`[${names.join(" | ")}]`] : names;
  });
  return [...all, ...(nullable ? ["null"] : [])].join(" | ");
}

/** What words say that stand in the place of their type. */
function wordDocs(model: Model, f: RpcField): string[] {
  return f.types.flatMap(({ name }) => {
    const d = model.rpc.get(name);
    if (d?.kind !== "words" || d.words.size > FEW_WORDS) return [];
    return [...d.words].map(([word, doc]) => `${word}: ${doc}`);
  });
}

function constantText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function rangeText({ min, max, above, unit }: RpcField): string {
  const parts = [
    above === undefined ? "" : `above ${above}`,
    min !== undefined && max !== undefined ? `${min} to ${max}` : "",
    min !== undefined && max === undefined ? `${min} or more` : "",
    min === undefined && max !== undefined ? `at most ${max}` : "",
  ];
  return [parts.filter((text) => text !== "").join(", "), unit ?? ""].filter((text) => text !== "").join(" ");
}
