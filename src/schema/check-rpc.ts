// Rules about the RPC interface: types that exist, keys with a doc, defaults and examples that fit.
import { MESSAGE_TYPE } from "./check-references.js";
import type { Report, Rule } from "./check-report.js";
import type { Model } from "./model.js";
import { docOfKey, hasMessageKeys, isRequiredKey, rpcFailures, rpcFields } from "./rpc-keys.js";
import type { JsonValue, RpcBody, RpcDefinition, RpcField, RpcType } from "./rpc-model.js";
import type { Place } from "./tree.js";

const METHOD = /^[A-Za-z]+\.[A-Za-z_]+$/;
const NAME = /^[A-Z][A-Za-z0-9_]*$/;
const KEY = /^_?[a-z][a-z0-9_]*$/;
const WORD = /^[A-Za-z][A-Za-z0-9_]*$/;

/** A place that says what a value is. */
interface Use {
  readonly type: RpcType;
  readonly by: string;
  readonly at: Place;
}

function* fieldsOf(d: RpcDefinition): Iterable<readonly [string, RpcField]> {
  const all = (where: string, fields: readonly RpcField[]): (readonly [string, RpcField])[] =>
    fields.map((f) => [`${d.name}${where}.${f.name}`, f]);
  if (d.kind === "record") yield* all("", d.fields);
  for (const [where, body] of bodiesOf(d)) if (body.kind === "keys") yield* all(where, body.fields);
}

function bodiesOf(d: RpcDefinition): (readonly [string, RpcBody])[] {
  if (d.kind === "event") return [[".params", d.params]];
  if (d.kind !== "method") return [];
  return [...(d.params ? ([[".params", d.params]] as const) : []), [".result", d.result]];
}

/** Records whose keys others take in. */
function* sharedBy(d: RpcDefinition): Iterable<string> {
  if (d.kind === "record" && d.with !== undefined) yield d.with;
  for (const [, body] of bodiesOf(d)) if (body.kind === "keys" && body.with !== undefined) yield body.with;
}

function* usesOf(d: RpcDefinition): Iterable<Use> {
  for (const [by, field] of fieldsOf(d)) yield { type: field, by, at: field.at };
  for (const [where, body] of bodiesOf(d))
    if (body.kind === "type") yield { type: body.type, by: `${d.name}${where}`, at: body.at };
  if (d.kind !== "failures") return;
  for (const one of d.failures)
    if (one.data) yield { type: one.data, by: `${d.name}.${one.name}.data`, at: one.at };
}

/** Types are definitions of the protocol (a message stands for what is under its `msg`), values, words and records. */
export const rpcTypesExist: Rule = (model, report) => {
  const failures = new Set(rpcFailures(model).map(({ name }) => name));
  for (const d of model.rpc.values()) {
    for (const { type, by, at } of usesOf(d)) {
      for (const { name } of type.types) {
        const part = model.rpc.get(name);
        const known = name === MESSAGE_TYPE || model.definitions.has(name);
        if (!known && part === undefined) report.say(at, `${by}: there is no definition ${name}`);
        else if (part && !["value", "words", "record"].includes(part.kind))
          report.say(at, `${by}: ${name} is of kind ${part.kind}, which is no type`);
      }
    }
    for (const name of sharedBy(d))
      if (name !== MESSAGE_TYPE && model.rpc.get(name)?.kind !== "record")
        report.say(d.at, `${d.name}: there is no record ${name}`);
    if (d.kind !== "method") continue;
    for (const { name, at } of d.errors)
      if (!failures.has(name)) report.say(at, `${d.name}: there is no failure ${name}`);
  }
};

/** A value, words or record that nothing refers to is a leftover. */
export const rpcUsed: Rule = (model, report) => {
  const used = new Set<string>();
  for (const d of model.rpc.values()) {
    for (const { type } of usesOf(d)) for (const { name } of type.types) used.add(name);
    for (const name of sharedBy(d)) used.add(name);
  }
  for (const d of model.rpc.values())
    if ((d.kind === "value" || d.kind === "words" || d.kind === "record") && !used.has(d.name))
      report.say(d.at, `nothing uses ${d.name}`);
};

/** Names, and a doc for each of them. */
export const rpcNamed: Rule = (model, report) => {
  for (const d of model.rpc.values()) {
    const form = d.kind === "method" || d.name.includes(".") ? METHOD : NAME;
    if (!form.test(d.name)) report.say(d.at, `"${d.name}" cannot be the name of a ${d.kind}`);
    if (d.name === MESSAGE_TYPE) report.say(d.at, `${MESSAGE_TYPE} is built in and cannot be defined`);
    if (d.doc === "") report.say(d.at, `${d.name} has no doc`);
    if (d.kind === "words") {
      for (const [word, doc] of d.words) {
        if (!WORD.test(word)) report.say(d.at, `${d.name}: "${word}" is not of the form ${WORD.source}`);
        if (doc === "") report.say(d.at, `${d.name}: ${word} has no doc`);
      }
    }
    for (const [by, field] of fieldsOf(d)) {
      if (!KEY.test(field.name)) report.say(field.at, `"${field.name}" cannot be the name of a key`);
      if (docOfKey(model, field) === "") report.say(field.at, `${by} has no doc`);
    }
  }
  checkFailures(model, report);
};

function checkFailures(model: Model, report: Report): void {
  const known = new Map<number, string>();
  for (const { name, code, doc, at } of rpcFailures(model)) {
    if (!WORD.test(name)) report.say(at, `"${name}" cannot be the name of a failure`);
    if (doc === "") report.say(at, `${name} has no doc`);
    const other = known.get(code);
    if (other !== undefined) report.say(at, `${other} and ${name} are both ${code}`);
    known.set(code, name);
  }
}

/** Records end: one that holds itself could not be shown. */
export const rpcRecordsEnd: Rule = (model, report) => {
  const holds = (name: string): string[] => {
    const d = model.rpc.get(name);
    if (d?.kind !== "record") return [];
    return [...sharedBy(d), ...d.fields.flatMap((f) => f.types.map((t) => t.name))];
  };
  for (const d of model.rpc.values()) {
    const seen = new Set<string>();
    const left = holds(d.name);
    for (let name = left.pop(); name !== undefined; name = left.pop()) {
      if (seen.has(name)) continue;
      seen.add(name);
      left.push(...holds(name));
    }
    if (seen.has(d.name)) report.say(d.at, `${d.name} contains itself`);
  }
};

/** Defaults lie in their ranges and are words where words are wanted; a key with one is not `optional` beside. */
export const rpcDefaultsFit: Rule = (model, report) => {
  for (const d of model.rpc.values()) {
    for (const [by, f] of fieldsOf(d)) {
      if (f.optional && f.default !== undefined)
        report.say(f.at, `${by} is optional and has a default: one of the two`);
      if (f.min !== undefined && f.max !== undefined && f.min > f.max)
        report.say(f.at, `${by}: min is larger than max`);
      if (f.default !== undefined) checkDefault(model, report, by, f, f.default);
    }
  }
};

function checkDefault(model: Model, report: Report, by: string, f: RpcField, value: JsonValue): void {
  const shown = JSON.stringify(value);
  if (value === null ? !f.nullable : Array.isArray(value) && !f.types.some((t) => t.list))
    report.say(f.at, `${by}: its type has no ${shown}`);
  if (
    typeof value === "number" &&
    ((f.min ?? value) > value || (f.max ?? value) < value || (f.above ?? value - 1) >= value)
  )
    report.say(f.at, `${by}: the default ${shown} is not within its range`);
  const parts = f.types.map(({ name }) => model.rpc.get(name));
  const words = parts.flatMap((part) => (part?.kind === "words" ? [...part.words.keys()] : []));
  if (typeof value === "string" && words.length > 0 && !words.includes(value))
    report.say(f.at, `${by}: the default ${shown} is none of ${words.join(", ")}`);
}

/** Examples have the required keys and no others than are documented. */
export const rpcExamplesFit: Rule = (model, report) => {
  for (const d of model.rpc.values()) {
    if (d.kind !== "method" && d.kind !== "event") continue;
    const { at } = d.example;
    checkExample(model, report, `${d.name}.params`, d.params, d.example.params, at, d.kind === "event");
    if (d.kind === "method") checkExample(model, report, `${d.name}.result`, d.result, d.example.result, at);
  }
};

function checkExample(
  model: Model,
  report: Report,
  by: string,
  body: RpcBody | undefined,
  value: JsonValue | undefined,
  at: Place,
  isEvent = false,
): void {
  if (body === undefined) {
    if (value !== undefined) report.say(at, `${by}: the example has some, the method none`);
    return;
  }
  if (body.kind === "type") {
    const isList = body.type.types.some((type) => type.list);
    if (isList !== Array.isArray(value)) report.say(at, `${by}: the example is ${isList ? "no" : "a"} list`);
    return;
  }
  const given =
    typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  const fields = rpcFields(model, body);
  // Events tell their name by a key that no schema lists.
  const typeKey = isEvent ? "type" : undefined;
  if (isEvent && !given.includes("type")) report.say(at, `${by}: the example lacks type`);
  for (const key of given)
    if (!hasMessageKeys(model, body) && !(key === typeKey || fields.some((f) => f.name === key)))
      report.say(at, `${by}: the example has ${key}, which is not documented`);
  for (const f of fields)
    if (isRequiredKey(f) && !given.includes(f.name)) report.say(at, `${by}: the example lacks ${f.name}`);
}
