// JSON Schema of unions and tables of fields. The tag chooses the schema of the rest by `if` and `then`: so an editor proposes all
// tags and what belongs to the one that stands there, and a mistake is told of the right case.
import { ALL_VERSIONS, formatVersionRange } from "../base/index.js";
import {
  type Model,
  type TlvCase,
  type TlvOptions,
  type TlvTable,
  tlvOptions,
  type Union,
  type UnionCase,
} from "../schema/index.js";
import {
  codesSchema,
  hexSchema,
  type JsonSchema,
  type Prefixed,
  prefixSchemas,
} from "./json-schema-forms.js";
import {
  alsoSchemas,
  experimenterTag,
  nameSchemas,
  oneOfNames,
  rawHeaderSchema,
} from "./json-schema-names.js";
import { numberRef, objectSchema, ref, type SchemaContext, tlvProperties } from "./json-schema-objects.js";
import { caseShape, caseVersions, namedCases } from "./shape.js";

/** `then` holds of objects whose key is one of those that `tag` describes. */
export function when(key: string, tag: JsonSchema, then: JsonSchema): JsonSchema {
  return { if: { type: "object", properties: { [key]: tag }, required: [key] }, then };
}

// ---- tables of fields

/** The schemas of a table: one of its fields, the names, and what the values of each name are. */
export function tableSchemas(d: TlvTable, model: Model): Record<string, JsonSchema> {
  const names = new Map(d.cases.map((c) => [c.name, fieldDoc(c)]));
  const byValue = new Map<string, { schema: JsonSchema; prefix: Prefixed | undefined; names: string[] }>();
  for (const c of d.cases) {
    const aliases = [...d.aliases].filter(([, of]) => of === c.name).map(([alias]) => alias);
    const schema = valueSchema(c, model);
    const key = JSON.stringify(schema);
    const prefix = prefixSchemas(model.definitions.get(c.type.name));
    const entry = byValue.get(key) ?? { schema, prefix, names: [] };
    byValue.set(key, entry);
    entry.names.push(c.name, ...aliases);
  }
  const values = (schema: JsonSchema, prefix?: Prefixed): JsonSchema => ({
    type: "object",
    properties: {
      value: prefix ? { anyOf: [schema, prefix.value] } : schema,
      mask: prefix ? { anyOf: [schema, prefix.mask] } : schema,
    },
  });
  const raw = ref(`${d.name}.header`);
  const options = tlvOptions(d);
  return {
    [d.name]: {
      title: d.name,
      description: d.doc,
      type: "object",
      properties: tlvProperties(d),
      required: [d.tag, "value"],
      additionalProperties: false,
      allOf: [ref(`${d.name}.values`)],
    },
    [`${d.name}.name`]: {
      title: `Name of a ${d.name}`,
      anyOf: [
        ...nameSchemas(names),
        ...alsoSchemas([...d.aliases.keys(), ...(options ? [options.stem] : [])]),
        raw,
      ],
    },
    [`${d.name}.header`]: {
      description: `A ${d.name} that has no name, by its header in hex; value and mask are hex, too.`,
      ...rawHeaderSchema(),
    },
    [`${d.name}.values`]: {
      allOf: [
        ...[...byValue.values()].map((one) =>
          when(d.tag, oneOfNames(one.names), values(one.schema, one.prefix)),
        ),
        when(d.tag, raw, values(ref("HexData"))),
        ...(options ? optionSchemas(d, options, values(ref(options.value.name))) : []),
      ],
    },
  };
}

/** Only fields that are options of tunnels have the key `option`; the one without a number needs it. */
function optionSchemas(d: TlvTable, { stem }: TlvOptions, values: JsonSchema): JsonSchema[] {
  const names = d.cases.filter((c) => c.option !== undefined).map((c) => c.name);
  return [
    when(d.tag, oneOfNames([stem]), { ...values, required: ["option"] }),
    when("option", {}, { type: "object", properties: { [d.tag]: oneOfNames([stem, ...names]) } }),
  ];
}

function valueSchema(c: TlvCase, model: Model): JsonSchema {
  const type = model.definitions.get(c.type.name);
  if (type?.kind === "flags") return { type: "array", items: ref(c.type.name) };
  const fixed = c.width?.kind === "bytes" ? c.width.n : undefined;
  return type?.kind === "scalar" && type.form === "hex" && fixed !== undefined
    ? hexSchema(fixed)
    : ref(c.type.name);
}

function fieldDoc(c: TlvCase): string {
  const needs = c.needs.map((need) => need.field).join(" and ");
  return [
    c.doc,
    needs === "" ? "" : `Needs ${needs}.`,
    c.mask ? "May have a mask." : "",
    c.since > 1 ? `OpenFlow ${formatVersionRange(ALL_VERSIONS.filter((v) => v >= c.since))}.` : "",
  ]
    .filter((text) => text !== "")
    .join(" ");
}

// ---- unions

/** The schemas of a union: the union, and `Union.CASE` for each of its cases. */
export function unionSchemas(context: SchemaContext, d: Union): Record<string, JsonSchema> {
  const cases = namedCases(d);
  const id = (name: string): string => `${d.name}.${name}`;
  const schemas: Record<string, JsonSchema> = {};
  const branches: JsonSchema[] = [];
  const tags = new Map<string, string>();
  const others: JsonSchema[] = [];
  for (const c of cases) {
    const doc = caseDoc(context.model, d, c);
    schemas[id(c.name)] = { title: `${d.name} ${c.name}`, description: doc, ...caseSchema(context, d, c) };
    tags.set(c.name, doc);
    const prefix = c.tagForm?.replace(/\{.*/, "");
    if (prefix === undefined) {
      branches.push(branch(d, c, { const: c.name }, ref(id(c.name))));
      continue;
    }
    const spelled = experimenterTag(prefix);
    others.push({ description: doc, ...spelled });
    branches.push(branch(d, c, { anyOf: [{ const: c.name }, spelled] }, ref(id(c.name))));
  }
  if (d.unknown === "hex") {
    const code = codeTag(d);
    const coded = cases.filter((c) => c.tagForm === undefined && ownCodes(c).length > 0);
    others.push(code);
    schemas[id("unknown")] = unknownCase(d, code);
    branches.push(when(d.tag, code, { anyOf: [ref(id("unknown")), ...coded.map((c) => ref(id(c.name)))] }));
  }
  const free = cases.some((c) => isFree(d, c));
  schemas[d.name] = {
    title: d.name,
    description: d.doc,
    type: "object",
    properties: { [d.tag]: { anyOf: [...nameSchemas(tags), ...others] } },
    ...(free ? {} : { required: [d.tag] }),
    allOf: branches,
  };
  return schemas;
}

/** Properties of experimenters may go without their tag. */
function isFree(d: Union, c: UnionCase): boolean {
  return d.tag === "property" && c.name === "EXPERIMENTER";
}

function branch(d: Union, c: UnionCase, tag: JsonSchema, then: JsonSchema): JsonSchema {
  if (!isFree(d, c)) return when(d.tag, tag, then);
  return { if: { type: "object", properties: { [d.tag]: tag } }, then };
}

function caseDoc(model: Model, d: Union, c: UnionCase): string {
  const versions = caseVersions(model, d, c);
  const range = formatVersionRange(versions);
  return versions.length === ALL_VERSIONS.length ? c.doc : `${c.doc} OpenFlow ${range}.`;
}

function caseSchema(context: SchemaContext, d: Union, c: UnionCase): JsonSchema {
  const shape = caseShape(context.model, d, c);
  const codes = ownCodes(c);
  if (c.tagForm !== undefined) {
    const spelled = experimenterTag(c.tagForm.replace(/\{.*/, ""));
    const plain = { [d.tag]: { const: c.name }, experimenter: ref("UInt32") };
    return {
      anyOf: [objectSchema(context, shape, { [d.tag]: spelled }), objectSchema(context, shape, plain)],
    };
  }
  const named = { const: c.name };
  const tag = codes.length === 0 || d.unknown !== "hex" ? named : { anyOf: [named, codesSchema(codes)] };
  return objectSchema(context, shape, { [d.tag]: tag }, isFree(d, c) ? [d.tag] : []);
}

/** Codes that stand for a case, which are numbers of one word. */
function ownCodes(c: UnionCase): number[] {
  return [...new Set(c.type.flatMap((code) => (code?.length === 1 ? code : [])))];
}

/** The code of a case as its tag, in the width of the header. */
function codeTag(d: Union): JsonSchema {
  const bytes = d.header.find(({ word }) => word === "type")?.bytes ?? 2;
  return numberRef(8 * bytes);
}

/** A case that has no name: its code, what all cases have in common, and the rest in hex. */
function unknownCase(d: Union, code: JsonSchema): JsonSchema {
  const fields = (d.common?.json ?? []).filter((f) => f.type !== undefined);
  const common = fields.map((f) => [f.name, ref(f.type?.name ?? "")] as const);
  const required = fields.filter((f) => f.default === undefined).map((f) => f.name);
  return {
    title: `Unknown ${d.name}`,
    description: `A ${d.name} that has no name: its code, and what follows its header in hex.`,
    type: "object",
    properties: { [d.tag]: code, ...Object.fromEntries(common), data: ref("HexData") },
    required: [d.tag, ...required, "data"],
    additionalProperties: false,
  };
}
