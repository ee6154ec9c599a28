// Rules about unions: codes, headers, the ways in which JSON names a case.

import { caseKeys, inlinedKeys } from "./check-keys.js";
import { inlinedType, type Part, partsOf, type Rule } from "./check-report.js";
import { tagVariable } from "./check-rows.js";
import type { Model, Spelling, Union } from "./model.js";
import { WIRE_VERSIONS } from "./model.js";

function unionsOf(model: Model): Union[] {
  return [...model.definitions.values()].filter((d) => d.kind === "union");
}

/** One code has one case in a version, and fits the words that carry it. */
export const codesUnique: Rule = (model, report) => {
  for (const union of unionsOf(model)) {
    const typeBytes = union.header.find((w) => w.word === "type")?.bytes ?? 4;
    const words = [typeBytes, ...union.path.map((step) => step.bytes)];
    for (const v of WIRE_VERSIONS) {
      const known = new Map<string, string>();
      for (const c of union.cases) {
        const code = c.type[v];
        if (code === undefined) continue;
        const label = `${union.name} ${c.name}`;
        const shown = code.map((n) => `0x${n.toString(16)}`).join(":");
        const other = known.get(shown);
        if (other) report.sayFor(v, c.at, `${label} has the code of ${other}, ${shown}, in {versions}`);
        known.set(shown, c.name);
        if (code.length > words.length)
          report.say(c.at, `${label}: the path of ${union.name} has no word for ${shown}`);
        else if (code.some((n, i) => n >= 2 ** (8 * (words[i] ?? 4))))
          report.say(c.at, `${label}: ${shown} does not fit its words`);
      }
    }
  }
};

/** Messages of a version have types of their own; so do the requests and the replies among its multiparts, and those of each experimenter. */
export const typesUnique: Rule = (model, report) => {
  for (const v of WIRE_VERSIONS) {
    const known = new Map<string, string>();
    for (const d of model.definitions.values()) {
      if (d.kind !== "message" && d.kind !== "multipart") continue;
      const type = d.type[v];
      if (type === undefined) continue;
      const group = `${d.kind === "message" ? "message" : d.part} ${d.experimenter}`;
      const other = known.get(`${group} ${type}`);
      if (other) report.sayFor(v, d.at, `${d.name} has the type of ${other}, ${type}, in {versions}`);
      known.set(`${group} ${type}`, d.name);
      const limit = d.experimenter !== undefined ? 0xffffffff : d.kind === "message" ? 0xff : 0xffff;
      if (type > limit) report.say(d.at, `${d.name}: type ${type} is larger than ${limit}`);
    }
  }
};

/** A header has one `type` and a `length` of 8 or 16 bits. */
export const headersFit: Rule = (model, report) => {
  for (const union of unionsOf(model)) {
    const length = union.header.find((w) => w.word === "length");
    if (!union.header.some((w) => w.word === "type"))
      report.say(union.at, `${union.name}: the header has no type`);
    if (length?.bytes !== 1 && length?.bytes !== 2)
      report.say(union.at, `${union.name}: the header needs length: u16 or u8`);
  }
};

/** Padding is to 8 bytes; that of elements is either counted by their length or not. */
export const paddingFits: Rule = (model, report) => {
  for (const d of model.definitions.values()) {
    if (d.kind !== "union" && d.kind !== "struct") continue;
    for (const key of ["align", "multiple"] as const)
      if (d[key] !== 1 && d[key] !== 8) report.say(d.at, `${d.name}: ${key} is 8 or left out`);
    if (d.align > 1 && d.multiple > 1)
      report.say(d.at, `${d.name} has align and multiple, of which one can be true`);
  }
  for (const part of partsOf(model)) {
    for (const row of part.versions.flatMap((v) => part.unit.rows[v] ?? []))
      if (row.kind === "align" && (row.n === 0 || row.n % 8 !== 0))
        report.say(row.at, `${part.unit.label}: $align is to a multiple of 8 bytes`);
  }
};

/** What all cases have in common are plain numbers: they are read in unknown cases too. */
export const commonIsPlain: Rule = (model, report) => {
  for (const union of unionsOf(model)) {
    for (const v of WIRE_VERSIONS) {
      for (const row of union.common?.rows[v] ?? []) {
        if (row.kind !== "field" || row.width.kind !== "int" || row.when)
          report.say(row.at, `${union.name}: common has rows of numbers only`);
      }
    }
  }
};

/** The key that names the case is none of the case's own keys. */
export const tagsFree: Rule = (model, report) => {
  for (const part of partsOf(model)) {
    if (part.union === undefined) continue;
    const keys = [...part.unit.json.map((f) => f.name), ...inlinedKeys(model, part)];
    if (keys.includes(part.union.tag))
      report.say(part.at, `${part.unit.label}: the key ${part.union.tag} is the tag of the union`);
  }
};

/** `tag_form` spells the first word of its case. */
export const tagFormsFit: Rule = (model, report) => {
  for (const part of partsOf(model)) {
    if (part.case?.tagForm === undefined) continue;
    const variable = tagVariable(part);
    for (const v of part.versions) {
      const first = part.unit.rows[v]?.[0];
      if (
        variable !== undefined &&
        first?.kind === "variable" &&
        first.name === variable &&
        first.bytes === 4
      )
        continue;
      report.say(
        part.at,
        `${part.unit.label}: tag_form is NAME.{word:hex8}, and the first row is $word: u32`,
      );
    }
  }
};

/** JSON names one case in a version: by its own name, or by the constants of `as`. */
export const tagsUnique: Rule = (model, report) => {
  for (const union of unionsOf(model)) {
    for (const v of WIRE_VERSIONS) {
      const known = new Map<string, string>();
      const shapes = new Map<string, string>();
      for (const c of union.cases) {
        if (c.type[v] === undefined) continue;
        const label = `${union.name} ${c.name}`;
        const tag = spelledTag(c.as) ?? c.name;
        const shape = c.as
          .slice(1)
          .map((s) => s.key)
          .join(" ");
        const before = shapes.get(tag);
        if (before !== undefined && before !== shape)
          report.sayFor(v, c.at, `${label}: another case of {versions} is ${tag} in JSON, with other keys`);
        shapes.set(tag, shape);
        for (const value of spelledValues(c.as[1])) {
          const said = value === undefined ? tag : `${tag} ${value}`;
          const other = known.get(said);
          if (other) report.sayFor(v, c.at, `${label} and ${other} are both ${said} in JSON of {versions}`);
          known.set(said, c.name);
        }
      }
    }
  }
};

function spelledTag(as: readonly Spelling[]): string | undefined {
  return typeof as[0]?.value === "string" ? as[0].value : undefined;
}

function spelledValues(spelling: Spelling | undefined): readonly (string | undefined)[] {
  if (spelling === undefined) return [undefined];
  return typeof spelling.value === "string" ? [spelling.value] : [...spelling.value.values()];
}

/** `as` is the JSON of a newer case: its tag, at most one more constant, and keys that the newer case has too. */
export const spellingsFit: Rule = (model, report) => {
  const parts = new Map(partsOf(model).map((part) => [part.unit.id, part]));
  for (const union of unionsOf(model)) {
    for (const c of union.cases) {
      if (c.as.length === 0) continue;
      const label = `${union.name} ${c.name}`;
      const tag = spelledTag(c.as);
      const target = tag === undefined ? undefined : parts.get(`${union.name}.${tag}`);
      if (c.as[0]?.key !== union.tag || c.as.length > 2)
        report.say(c.at, `${label}: as is ${union.tag} and at most one more key`);
      else if (target === undefined) report.say(c.at, `${label}: ${union.name} has no case ${tag}`);
      else {
        const keys = [...caseKeys(model, union, target.case?.name ?? ""), ...inlinedKeys(model, target)];
        const own = [...caseKeys(model, union, c.name), ...c.as.slice(1).map((s) => s.key)];
        for (const key of own)
          if (!keys.includes(key)) report.say(c.at, `${label}: ${tag} has no key ${key}`);
        for (const value of unknownFields(model, target, c.as[1]))
          report.say(c.at, `${label}: there is no field ${value}`);
      }
    }
  }
};

/** Values of the second constant that are no names of the table that the target inlines. */
function unknownFields(model: Model, target: Part, spelling: Spelling | undefined): string[] {
  const type = inlinedType(target.unit);
  const table = type === undefined ? undefined : model.definitions.get(type.name);
  if (table?.kind !== "tlv_table" || spelling?.key !== table.tag) return [];
  return spelledValues(spelling).filter(
    (value) => value !== undefined && !table.cases.some((c) => c.name === value),
  ) as string[];
}
