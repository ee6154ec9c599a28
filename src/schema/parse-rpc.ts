// Definitions of the RPC interface.
import type { TypeRef } from "./model.js";
import { parseType } from "./parse-body.js";
import { type Fields, failAt, fields, flag, mapOf, text, textList } from "./parse-nodes.js";
import {
  type JsonValue,
  RPC_KINDS,
  type RpcBody,
  type RpcDefinition,
  type RpcFailure,
  type RpcField,
  type RpcKeys,
  type RpcType,
  type RpcValue,
} from "./rpc-model.js";
import type { MapEntry, Node } from "./tree.js";

const FORMS: readonly RpcValue["form"][] = ["text", "boolean", "integer", "number", "any"];

/** True for kinds that `parseRpcKind` reads. */
export function isRpcKind(kind: string): kind is RpcDefinition["kind"] {
  return (RPC_KINDS as readonly string[]).includes(kind);
}

/** Reads a definition of the RPC interface whose kind, name and doc are known. */
export function parseRpcKind(
  kind: RpcDefinition["kind"],
  f: Fields,
  common: Pick<RpcDefinition, "name" | "doc" | "at">,
): RpcDefinition {
  switch (kind) {
    case "value": {
      const form = text(f.take("form")) as RpcValue["form"];
      if (!FORMS.includes(form)) throw f.fail("form", `${form} is not a form of values: ${FORMS.join(", ")}`);
      return { ...common, kind, form, pattern: f.has("pattern") ? pattern(f.take("pattern")) : undefined };
    }
    case "words":
      return { ...common, kind, words: new Map(mapOf(f.take("words")).map((e) => [e.key, text(e.value)])) };
    case "record":
      return { ...common, kind, ...parseKeys(f.take("json")) };
    case "failures":
      return { ...common, kind, failures: mapOf(f.take("failures")).map(parseFailure) };
    case "method":
      return {
        ...common,
        kind,
        params: f.has("params") ? parseRpcBody(f.take("params")) : undefined,
        paramsOptional: !f.has("params") || (f.has("params_optional") && flag(f.take("params_optional"))),
        result: parseRpcBody(f.take("result")),
        errors: f.has("errors") ? textList(f.take("errors")).map((e) => ({ name: e.text, at: e.at })) : [],
        example: parseExample(f.take("example")),
      };
    case "event": {
      const params = parseRpcBody(f.take("params"));
      const example = f.take("example");
      return { ...common, kind, params, example: { params: json(example), at: example.at } };
    }
  }
}

function parseFailure(e: MapEntry): RpcFailure {
  const f = fields(e.value);
  const data = f.has("data") ? parseRpcType(f.take("data")) : undefined;
  const failure = { name: e.key, code: number(f.take("code")), data, doc: text(f.take("doc")), at: e.at };
  f.done();
  return failure;
}

function parseExample(node: Node): { params: JsonValue | undefined; result: JsonValue; at: Node["at"] } {
  const f = fields(node);
  const params = f.has("params") ? json(f.take("params")) : undefined;
  const result = json(f.take("result"));
  f.done();
  return { params, result, at: node.at };
}

/** A map of keys, or a type. */
function parseRpcBody(node: Node): RpcBody {
  const { at } = node;
  return node.kind === "map"
    ? { kind: "keys", ...parseKeys(node), at }
    : { kind: "type", type: parseRpcType(node), at };
}

/** `$with: Name` stands for the keys of that record. */
function parseKeys(node: Node): RpcKeys {
  const entries = mapOf(node);
  const shared = entries.find((e) => e.key === "$with");
  return {
    with: shared && text(shared.value),
    fields: entries.filter((e) => e !== shared).map(parseField),
  };
}

function parseField(e: MapEntry): RpcField {
  const f = fields(e.value);
  const field: RpcField = {
    name: e.key,
    ...parseRpcType(f.take("type")),
    optional: f.has("optional") && flag(f.take("optional")),
    default: f.has("default") ? constant(f.take("default")) : undefined,
    min: f.has("min") ? number(f.take("min")) : undefined,
    max: f.has("max") ? number(f.take("max")) : undefined,
    above: f.has("above") ? number(f.take("above")) : undefined,
    unit: f.has("unit") ? text(f.take("unit")) : undefined,
    doc: f.has("doc") ? text(f.take("doc")) : "",
    at: e.at,
  };
  f.done();
  return field;
}

/** `Name`, `[Name]`, and with more than one possibility `Name | Other | null`. */
function parseRpcType(node: Node): RpcType {
  if (node.kind === "list") return { types: [parseType(node)], nullable: false };
  const said = text(node)
    .split("|")
    .map((one) => one.trim());
  const types = said
    .filter((one) => one !== "null")
    .map((one): TypeRef => {
      const list = /^\[(.*)\]$/.exec(one);
      return { name: list?.[1] ?? one, list: list !== null, at: node.at };
    });
  if (types.length === 0) throw failAt(node.at, "null alone is not a type");
  return { types, nullable: said.includes("null") };
}

function number(node: Node): number {
  const said = text(node);
  if (!/^-?\d+(\.\d+)?$/.test(said)) throw failAt(node.at, `"${said}" is not a number`);
  return Number(said);
}

function pattern(node: Node): string {
  const said = text(node);
  try {
    new RegExp(said);
  } catch {
    throw failAt(node.at, `"${said}" is not a regular expression`);
  }
  return said;
}

/** A default: `[]`, `null`, `yes`, `no`, a number, or a text. */
function constant(node: Node): JsonValue {
  if (node.kind === "list" && node.items.length === 0) return [];
  const said = text(node);
  if (said === "null") return null;
  if (said === "yes" || said === "no") return said === "yes";
  return /^-?\d+(\.\d+)?$/.test(said) ? Number(said) : said;
}

/** A text of JSON. */
function json(node: Node): JsonValue {
  try {
    return JSON.parse(text(node)) as JsonValue;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw failAt(node.at, `no JSON: ${error.message}`);
  }
}
