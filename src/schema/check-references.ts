// Rules about names of definitions: what is cited exists, what exists is cited, nothing has two meanings.
import { ownParts, type Part, partsOf, type Rule } from "./check-report.js";
import type { Model, Row, TypeRef } from "./model.js";
import type { Place } from "./tree.js";

/** The type that no schema file defines: a whole OpenFlow message as JSON. */
export const MESSAGE_TYPE = "Message";

/** A name in a schema file that should be that of a definition. */
interface Citation {
  readonly name: string;
  readonly by: string;
  readonly at: Place;
}

function* citations(model: Model): Iterable<Citation> {
  for (const d of model.definitions.values()) {
    if (d.kind === "code") yield { name: d.by, by: d.name, at: d.at };
    if (d.kind === "tlv_table")
      for (const c of d.cases)
        for (const type of [c.type, c.option?.type ?? []].flat())
          yield { name: type.name, by: `${d.name} ${c.name}`, at: type.at };
  }
  for (const part of partsOf(model)) {
    const by = part.unit.label;
    if (part.case?.struct !== undefined) yield { name: part.case.struct, by, at: part.at };
    else {
      for (const f of part.unit.json)
        if (f.type) yield { name: f.type.name, by: `${by}.${f.name}`, at: f.type.at };
      if (part.unit.jsonList) yield { name: part.unit.jsonList.name, by, at: part.unit.jsonList.at };
    }
    for (const row of rowsOf(part)) if (row.kind === "tlvs") yield { name: row.union, by, at: row.at };
  }
}

/** All rows of all versions. */
function rowsOf(part: Part): Row[] {
  return part.versions.flatMap((v) => part.unit.rows[v] ?? []);
}

/** Types, unions of `$tlvs`, `struct` of a case and `by` of a code are names of definitions. */
export const typesExist: Rule = (model, report) => {
  for (const { name, by, at } of citations(model)) {
    if (name !== MESSAGE_TYPE && !model.definitions.has(name))
      report.say(at, `${by}: there is no definition ${name}`);
  }
};

/** Each cited definition is of a kind that fits its place. */
export const kindsFit: Rule = (model, report) => {
  const demand = (name: string, kind: string, by: string, at: Place): void => {
    const found = model.definitions.get(name);
    if (found !== undefined && found.kind !== kind)
      report.say(at, `${by}: ${name} is of kind ${found.kind}, not ${kind}`);
  };
  for (const d of model.definitions.values()) if (d.kind === "code") demand(d.by, "enum", d.name, d.at);
  for (const part of partsOf(model)) {
    if (part.case?.struct !== undefined) demand(part.case.struct, "struct", part.unit.label, part.at);
    for (const row of rowsOf(part))
      if (row.kind === "tlvs") demand(row.union, "union", part.unit.label, row.at);
  }
};

/** A definition that nothing refers to is a leftover. Messages and multiparts are what all begins with; scalars are vocabulary. */
export const allUsed: Rule = (model, report) => {
  const used = new Set(
    [...citations(model)].filter((c) => c.name !== c.by.split(/[ .]/)[0]).map((c) => c.name),
  );
  for (const d of model.definitions.values()) {
    if (d.kind === "message" || d.kind === "multipart" || d.kind === "scalar") continue;
    if (d.kind === "enum" && d.vendor !== undefined) continue;
    if (!used.has(d.name)) report.say(d.at, `nothing uses ${d.name}`);
  }
};

/** A struct may hold itself in a list only, else it has no end. */
export const structsEnd: Rule = (model, report) => {
  const holds = (name: string): TypeRef[] => {
    const d = model.definitions.get(name);
    return d?.kind === "struct" ? d.json.flatMap((f) => (f.type && !f.type.list ? [f.type] : [])) : [];
  };
  for (const d of model.definitions.values()) {
    if (d.kind !== "struct") continue;
    const seen = new Set<string>();
    const left = holds(d.name);
    for (let type = left.pop(); type !== undefined; type = left.pop()) {
      if (seen.has(type.name)) continue;
      seen.add(type.name);
      left.push(...holds(type.name));
    }
    if (seen.has(d.name)) report.say(d.at, `${d.name} contains itself`);
  }
};

/** `doc` everywhere, `spec` where there is a layout. */
export const docsAndSpecs: Rule = (model, report) => {
  for (const d of model.definitions.values()) if (d.doc === "") report.say(d.at, `${d.name} has no doc`);
  for (const part of partsOf(model)) {
    const said = part.case ?? model.definitions.get(part.unit.id);
    if (part.case?.doc === "") report.say(part.at, `${part.unit.label} has no doc`);
    if (!said?.spec.some((s) => s !== undefined && s !== ""))
      report.say(part.at, `${part.unit.label} has no spec`);
  }
};

/** Names that generated code could not tell apart: `PORT_STATS` and `PortStats` give one function name. */
export const namesDiffer: Rule = (model, report) => {
  const known = new Map<string, string>();
  const claim = (id: string, plain: string, at: Place): void => {
    const other = known.get(plain);
    if (other === undefined) known.set(plain, id);
    else report.say(at, `${id} is too much like ${other}: generated code gives both one name`);
  };
  const plain = (id: string): string => id.replace(/[._]/g, "").toLowerCase();
  for (const d of model.definitions.values()) {
    if (d.name === MESSAGE_TYPE) report.say(d.at, `${MESSAGE_TYPE} is built in and cannot be defined`);
    claim(d.name, d.kind === "message" ? `${plain(d.name)}message` : plain(d.name), d.at);
  }
  for (const part of partsOf(model)) if (part.case) claim(part.unit.id, plain(part.unit.id), part.at);
};

/** Names of the hand-written functions, as schemas spell them: `match_1_0`. */
export interface Natives {
  readonly decode: ReadonlySet<string>;
  readonly encode: ReadonlySet<string>;
}

/** Native functions that rows and derived keys name exist in the directions that call them. */
export function nativesExist(natives: Natives): Rule {
  return (model, report) => {
    const demand = (direction: keyof Natives, fn: string, by: string, at: Place): void => {
      if (natives[direction].has(fn)) return;
      const file = `src/codec/native/${direction}/${fn.replaceAll("_", "-")}.ts`;
      report.say(at, `${by}: there is no native function ${fn}, ${file} is missing`);
    };
    for (const part of ownParts(model)) {
      for (const f of part.unit.json)
        if (f.derived) demand("decode", f.derived.fn, `${part.unit.label}.${f.name}`, f.at);
      for (const row of rowsOf(part)) {
        const fn =
          row.kind === "native"
            ? row.fn
            : row.kind === "field" && row.width.kind === "native"
              ? row.width.fn
              : undefined;
        if (fn === undefined) continue;
        demand("decode", fn, part.unit.label, row.at);
        demand("encode", fn, part.unit.label, row.at);
      }
    }
  };
}
