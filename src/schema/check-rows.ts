// Rules about the order of rows and about words that rows cite.
import { fieldOf, ownParts, type Part, partsOf, type Rule } from "./check-report.js";
import type { Model, Row } from "./model.js";
import { fixedBytes, fixedRows, leastOf, takesRest } from "./sizes.js";

type FieldRow = Extract<Row, { kind: "field" }>;

/** Rows after one that takes all the rest could never be found. */
export const nothingAfterRest: Rule = (model, report) => {
  for (const part of ownParts(model)) {
    for (const v of part.versions) {
      let greedy: Row | undefined;
      for (const row of part.unit.rows[v] ?? []) {
        if (row.kind === "set") continue;
        if (greedy)
          report.say(
            row.at,
            `${part.unit.label}: nothing can stand after ${rowName(greedy)}, which takes the rest`,
          );
        if (takesRest(model, part.unit, row, v)) greedy = row;
      }
    }
  }
};

function rowName(row: Row): string {
  if (row.kind === "field") return row.name;
  if (row.kind === "length") return row.of === undefined ? "$length" : `${lengthName(row)} ${row.of}`;
  return row.kind === "variable" ? row.name : `$${row.kind}`;
}

function lengthName(row: Extract<Row, { kind: "length" }>): string {
  return row.elements ? "$count" : "$length";
}

/** `$length`: a struct has one at most, of 16 bits; `$length name` stands before a row of varying size, `$count name` before a list of plain numbers. */
export const lengthsFit: Rule = (model, report) => {
  for (const part of ownParts(model)) {
    const { label } = part.unit;
    for (const v of part.versions) {
      const rows = part.unit.rows[v] ?? [];
      const own = rows.filter((row) => row.kind === "length" && row.of === undefined);
      if (own[1]) report.sayFor(v, own[1].at, `${label} has two lengths of its own in {versions}`);
      for (const [i, row] of rows.entries()) {
        if (row.kind !== "length") continue;
        if (row.of === undefined) {
          if (part.kind !== "struct") report.say(row.at, `${label}: only structs have a length of their own`);
          if (row.bytes !== 2) report.say(row.at, `${label}: a length of its own is u16`);
          continue;
        }
        const { of } = row;
        const later = rows.slice(i + 1).find((r): r is FieldRow => r.kind === "field" && r.name === of);
        if (later === undefined)
          report.sayFor(v, row.at, `${label}: no row ${of} follows ${lengthName(row)} ${of} in {versions}`);
        else if (fixedBytes(model, part.unit, later, v) !== undefined)
          report.say(row.at, `${label}: ${of} has always the same length`);
        else if (row.elements && (later.width.kind !== "list" || later.width.item === 0))
          report.say(row.at, `${label}: $count ${of} needs a list of plain numbers`);
        if (rows.some((r, j) => j < i && r.kind === "length" && r.of === of))
          report.say(row.at, `${label}: ${of} has two lengths`);
      }
    }
  }
};

/** `$name` words: cited by somebody, and what is cited is there. */
export const variablesCited: Rule = (model, report) => {
  for (const part of ownParts(model)) {
    const { label } = part.unit;
    for (const v of part.versions) {
      const rows = part.unit.rows[v] ?? [];
      const cited = new Set<string>();
      const declared = new Map<string, number>();
      for (const [i, row] of rows.entries()) {
        if (row.kind !== "variable") continue;
        if (declared.has(row.name)) report.say(row.at, `${label}: ${row.name} stands here twice`);
        declared.set(row.name, i);
      }
      for (const [i, row] of rows.entries()) {
        if (row.kind !== "field") continue;
        const condition = row.when?.kind === "bits" ? [row.when.variable] : [];
        const ranges = row.width.kind === "oxm_id" ? row.width.vars.filter((name) => !/^\d/.test(name)) : [];
        for (const name of [...ranges, ...condition]) {
          if (!name.startsWith("$")) continue;
          cited.add(name);
          if (!declared.has(name))
            report.sayFor(v, row.at, `${label}.${row.name}: there is no ${name} in {versions}`);
          if (condition.length > 0 && (declared.get(name) ?? 0) > i)
            report.say(row.at, `${label}.${row.name}: ${name} must stand before it`);
        }
      }
      const tag = tagVariable(part);
      for (const row of rows)
        if (row.kind === "variable" && !cited.has(row.name) && row.name !== tag)
          report.say(row.at, `${label}: nothing says what ${row.name} is`);
    }
  }
};

/** The wire variable that the tag of a fallback case spells: `$experimenter` of `EXPERIMENTER.{experimenter:hex8}`. */
export function tagVariable(part: Part): string | undefined {
  const cited = /^[A-Z][A-Z0-9_]*\.\{(\w+):hex8\}$/.exec(part.case?.tagForm ?? "");
  return cited ? `$${cited[1]}` : undefined;
}

/**
 * `when` with bits belongs to a row of fixed size, or an OXM id, whose key is left out when it is not there; each has bits of its own.
 * They are those of a wire variable, or of flags that stand before it.
 */
export const conditionsFit: Rule = (model, report) => {
  for (const part of ownParts(model)) {
    for (const v of part.versions) {
      const rows = part.unit.rows[v] ?? [];
      const taken = new Map<string, number>();
      for (const row of rows) {
        if (row.kind !== "field" || row.when?.kind !== "bits") continue;
        const name = `${part.unit.label}.${row.name}`;
        const { variable, bits } = row.when;
        const sized = fixedBytes(model, part.unit, { ...row, when: undefined }, v) !== undefined;
        if (!sized && row.width.kind !== "oxm_id")
          report.say(row.at, `${name}: a row with when has a fixed size`);
        if (!variable.startsWith("$") && !isFlags(model, part, rows.slice(0, rows.indexOf(row)), variable))
          report.sayFor(v, row.at, `${name}: no flags ${variable} stand before it in {versions}`);
        if (fieldOf(part.unit, row.name)?.omit !== "absent")
          report.say(row.at, `${name} has when and needs omit: absent`);
        const before = taken.get(variable) ?? 0;
        if (bits === 0 || (before & bits) !== 0) report.say(row.at, `${name}: when needs bits of its own`);
        taken.set(variable, before | bits);
        const word = rows.find((r) => r.kind === "variable" && r.name === variable);
        if (word?.kind === "variable" && bits >= 2 ** (8 * word.bytes))
          report.say(row.at, `${name}: ${variable} has no bit 0x${bits.toString(16)}`);
      }
    }
  }
};

/** Whether one of these rows has flags of that name. */
function isFlags(model: Model, part: Part, rows: readonly Row[], name: string): boolean {
  const type = fieldOf(part.unit, name)?.type?.name;
  const row = rows.find((r) => r.kind === "field" && r.name === name && r.width.kind === "int");
  return row !== undefined && model.definitions.get(type ?? "")?.kind === "flags";
}

/** `when: more` belongs to a fixed row before the one that takes the rest: what is left then tells whether the row is there. */
export const morePrecedesRest: Rule = (model, report) => {
  for (const part of ownParts(model)) {
    for (const v of part.versions) {
      const rows = (part.unit.rows[v] ?? []).filter((row) => row.kind !== "set");
      for (const [i, row] of rows.entries()) {
        if (row.kind !== "field" || row.when?.kind !== "more") continue;
        const name = `${part.unit.label}.${row.name}`;
        const f = fieldOf(part.unit, row.name);
        const next = rows[i + 1];
        if (fixedBytes(model, part.unit, { ...row, when: undefined }, v) === undefined)
          report.say(row.at, `${name}: a row with when has a fixed size`);
        if (f && (f.default ?? f.absent ?? f.omit) !== undefined)
          report.say(row.at, `${name} has when: more, and no default, absent or omit beside it`);
        if (next?.kind !== "field" || next.width.kind !== "bytes" || !takesRest(model, part.unit, next, v))
          report.say(row.at, `${name}: when: more needs bytes to the end behind it`);
      }
    }
  }
};

/** Who numbers the messages of a connection must find the one within another: it is one, and always at the same place. */
export const messagesFound: Rule = (model, report) => {
  for (const part of ownParts(model)) {
    for (const v of part.versions) {
      const rows = part.unit.rows[v] ?? [];
      const within = rows.filter((row) => row.kind === "field" && row.width.kind === "message");
      for (const [i, row] of within.entries()) {
        const name = `${part.unit.label}.${rowName(row)}`;
        if (part.kind !== "message") report.say(row.at, `${name}: only messages have a message under a key`);
        if (i > 0) report.say(row.at, `${name} is the second message in it`);
        if (fixedRows(model, part.unit, rows.slice(0, rows.indexOf(row)), v) === undefined)
          report.say(row.at, `${name}: a message stands after rows of fixed size only`);
      }
    }
  }
};

/** `residue` is a key of its own beside a native row. */
export const residuesFit: Rule = (model, report) => {
  for (const part of ownParts(model)) {
    for (const v of part.versions) {
      for (const row of part.unit.rows[v] ?? []) {
        if (row.kind !== "field" || row.residue === undefined) continue;
        const name = `${part.unit.label}.${row.name}`;
        if (row.width.kind !== "native") report.say(row.at, `${name}: only native rows have a residue`);
        if (!row.residue.startsWith("_")) report.say(row.at, `${name}: the key of a residue starts with _`);
        if (fieldOf(part.unit, row.residue))
          report.say(row.at, `${name}: ${row.residue} is a JSON field already`);
      }
    }
  }
};

/** `size` is the sum of the least bytes of all rows and of what stands before them. */
export const sizesAddUp: Rule = (model, report) => {
  for (const part of partsOf(model)) {
    const { unit } = part;
    if (unit.size.every((n) => n === undefined)) continue;
    for (const v of part.versions) {
      const d = model.definitions.get(unit.id);
      const path = d?.kind === "message" && d.experimenter !== undefined ? 8 : 0;
      const sum = (part.kind === "message" ? 8 + path : unit.headerBytes(v)) + leastOf(model, unit, v);
      const said = unit.size[v];
      if (said === undefined)
        report.sayFor(v, part.at, `${unit.label} has no size in {versions}, its rows make ${sum} bytes`);
      else if (said !== sum)
        report.sayFor(v, part.at, `${unit.label} has size ${said}, its rows make ${sum} bytes in {versions}`);
    }
  }
};
