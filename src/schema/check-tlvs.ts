// Rules about TLVs: tables of them, property lists whose cases land in keys, copies of single values.
import { fieldOf, formatType, ownParts, partsOf, type Rule } from "./check-report.js";
import { formatWidth, widthProblem } from "./check-widths.js";
import type { JsonField, Model, TlvTable } from "./model.js";
import { tlvBytes, tlvWidth } from "./sizes.js";
import { caseUnit } from "./units.js";

/** A key that the wire may have nothing for says what decode shows then. */
function saysAbsent(f: JsonField): boolean {
  return f.default !== undefined || f.absent !== undefined || f.omit !== undefined;
}

/** Hoisted cases exist, have one code, and land in keys of their type that may be absent. */
export const hoistsFit: Rule = (model, report) => {
  for (const part of ownParts(model)) {
    const { label } = part.unit;
    for (const v of part.versions) {
      for (const row of part.unit.rows[v] ?? []) {
        const union = row.kind === "tlvs" ? model.definitions.get(row.union) : undefined;
        if (row.kind !== "tlvs" || union?.kind !== "union") continue;
        for (const [name, to] of row.hoist) {
          const c = union.cases.find((one) => one.name === name);
          if (c === undefined) {
            report.say(row.at, `${label}: ${union.name} has no case ${name}`);
            continue;
          }
          if ((c.type[v]?.length ?? 1) > 1)
            report.say(row.at, `${label}: ${name} has a path of codes and cannot be hoisted`);
          if (to !== ".") {
            const f = fieldOf(part.unit, to);
            if (f && !saysAbsent(f))
              report.say(f.at, `${label}.${to} needs default, absent or omit: ${name} may be missing`);
            if (f?.type && (f.type.list || f.type.name !== c.struct))
              report.say(
                row.at,
                `${label}: ${name} cannot be ${to}, a ${formatType(f.type)}: the case takes ${c.struct ?? "no struct"}`,
              );
            continue;
          }
          for (const inner of caseUnit(model, union, c).json) {
            const f = fieldOf(part.unit, inner.name);
            if (f === undefined)
              report.say(row.at, `${label} has no key ${inner.name}, which ${name} brings`);
            else if (!saysAbsent(f))
              report.say(f.at, `${label}.${f.name} needs default, absent or omit: ${name} may be missing`);
            if (f?.type && inner.type && formatType(f.type) !== formatType(inner.type))
              report.say(
                row.at,
                `${label}.${f.name} is ${formatType(f.type)}, in ${name} it is ${formatType(inner.type)}`,
              );
          }
        }
        for (const name of row.always)
          if (!row.hoist.has(name)) report.say(row.at, `${label}: ${name} is always written but not hoisted`);
      }
    }
  }
};

/** `rest` is a list of the union. */
export const restsFit: Rule = (model, report) => {
  for (const part of ownParts(model)) {
    for (const v of part.versions) {
      for (const row of part.unit.rows[v] ?? []) {
        if (row.kind !== "tlvs") continue;
        const type = fieldOf(part.unit, row.rest)?.type;
        if (type && (!type.list || type.name !== row.union))
          report.say(
            row.at,
            `${part.unit.label}.${row.rest} takes the rest and is ${formatType(type)}, not [${row.union}]`,
          );
      }
    }
  }
};

/** Copied fields are in the table, and the keys have their type and may be absent. */
export const copiesFit: Rule = (model, report) => {
  for (const part of ownParts(model)) {
    for (const v of part.versions) {
      for (const row of part.unit.rows[v] ?? []) {
        if (row.kind !== "field") continue;
        const copies = [...row.copy, ...row.move];
        if (copies.length === 0) continue;
        const name = `${part.unit.label}.${row.name}`;
        const type = fieldOf(part.unit, row.name)?.type;
        const table = type && model.definitions.get(type.name);
        if (
          (row.width.kind !== "oxm_match" && row.width.kind !== "oxs_stats") ||
          table?.kind !== "tlv_table"
        ) {
          report.say(row.at, `${name}: only oxm_match and oxs_stats have fields to copy`);
          continue;
        }
        for (const [from, to] of copies) {
          const c = table.cases.find((one) => one.name === from);
          const f = fieldOf(part.unit, to);
          if (c === undefined) report.say(row.at, `${name}: ${table.name} has no field ${from}`);
          if (f === undefined) continue;
          if (!saysAbsent(f))
            report.say(
              f.at,
              `${part.unit.label}.${to} needs default, absent or omit: ${from} may be missing`,
            );
          if (c && f.type && (f.type.list || f.type.name !== c.type.name))
            report.say(row.at, `${name}: ${from} is ${c.type.name}, ${to} is ${formatType(f.type)}`);
          const size = c && tlvBytes(model, c);
          if (c && ((size !== 4 && size !== 8) || tlvWidth(model, c)?.kind === "struct"))
            report.say(row.at, `${name}: ${from} has not 4 or 8 bytes and cannot be copied`);
        }
      }
    }
  }
};

/** What moves to keys comes from statistics, has a value that stands for its absence, and is the only thing with an order in its body. */
export const movesFit: Rule = (model, report) => {
  for (const part of ownParts(model)) {
    for (const v of part.versions) {
      const rows = part.unit.rows[v] ?? [];
      const ordered = rows.filter(
        (row) => (row.kind === "tlvs" && row.hoist.size > 0) || (row.kind === "field" && row.move.size > 0),
      );
      for (const row of rows) {
        if (row.kind !== "field" || row.move.size === 0) continue;
        const name = `${part.unit.label}.${row.name}`;
        if (row.width.kind !== "oxs_stats") report.say(row.at, `${name}: only oxs_stats has fields to move`);
        if (row.copy.size > 0) report.say(row.at, `${name}: copy and move exclude each other`);
        if (ordered.length > 1) report.say(row.at, `${name}: another row needs _order, too`);
        for (const to of row.move.values()) {
          const f = fieldOf(part.unit, to);
          if (f && (f.absent === undefined || f.default !== undefined || f.omit !== undefined))
            report.say(
              f.at,
              `${part.unit.label}.${to} needs absent, and neither default nor omit: it moved there`,
            );
        }
      }
    }
  }
};

function tables(model: Model): TlvTable[] {
  return [...model.definitions.values()].filter((d) => d.kind === "tlv_table");
}

/** Lines of a table have names and ids of their own; class 0xffff has an experimenter, others have none. */
export const tlvIdsUnique: Rule = (model, report) => {
  for (const table of tables(model)) {
    const names = new Set<string>();
    const ids = new Map<string, string>();
    for (const c of table.cases) {
      const label = `${table.name} ${c.name}`;
      if (names.has(c.name)) report.say(c.at, `${label} is there twice`);
      names.add(c.name);
      const id = `0x${c.oxmClass.toString(16).padStart(4, "0")}.${c.field}${c.experimenter === undefined ? "" : `.0x${c.experimenter.toString(16)}`}`;
      const other = ids.get(id);
      if (other) report.say(c.at, `${label} has the id of ${other}, ${id}`);
      ids.set(id, c.name);
      if ((c.oxmClass === 0xffff) !== (c.experimenter !== undefined))
        report.say(c.at, `${label}: class 0xffff has an experimenter, others have none`);
    }
    for (const [alias, of] of table.aliases) {
      if (!names.has(of))
        report.say(table.at, `${table.name}: ${alias} stands for ${of}, which is not there`);
      if (names.has(alias))
        report.say(table.at, `${table.name}: ${alias} is a name already and cannot be an alias`);
    }
    for (const [prefix, ours] of table.prefixes) {
      if ([...names].some((name) => name.startsWith(prefix)))
        report.say(table.at, `${table.name}: names of its own begin with ${prefix}`);
      for (const own of ours)
        if (![...names, ...table.aliases.keys()].some((name) => name.startsWith(own)))
          report.say(table.at, `${table.name}: no name begins with ${own}, as ${prefix} would`);
    }
  }
};

/** Values of TLVs have a size, or are `bytes: any`. */
export const tlvWidthsFit: Rule = (model, report) => {
  for (const table of tables(model)) {
    for (const c of table.cases) {
      const d = model.definitions.get(c.type.name);
      if (d === undefined) continue;
      const label = `${table.name} ${c.name}`;
      if (c.anyBytes) {
        if (d.kind !== "scalar" || d.form !== "hex")
          report.say(c.at, `${label}: bytes: any needs a type of hex data`);
        continue;
      }
      const width = tlvWidth(model, c);
      const type = { ...c.type, list: d.kind === "flags" };
      const problem = width === undefined ? undefined : widthProblem(model, type, width, 1);
      if (width === undefined || tlvBytes(model, c) === undefined)
        report.say(c.at, `${label} needs a width: ${d.name} has no fixed one`);
      else if (problem !== undefined) report.say(c.at, `${label}: ${problem}`);
      else if ((tlvBytes(model, c) ?? 0) > 124)
        report.say(c.at, `${label}: ${formatWidth(width)} and a mask do not fit a TLV`);
    }
  }
};

/** Options of tunnels have any number of bytes, and are told by a struct. */
export const optionsFit: Rule = (model, report) => {
  for (const table of tables(model)) {
    for (const c of table.cases) {
      if (c.option === undefined) continue;
      const label = `${table.name} ${c.name}`;
      if (!c.anyBytes) report.say(c.at, `${label}: an option needs bytes: any`);
      const { name, list } = c.option.type;
      const d = model.definitions.get(name);
      if (list || (d !== undefined && d.kind !== "struct"))
        report.say(c.option.type.at, `${label}: ${name} is no struct that could tell an option`);
    }
  }
};

/** Prerequisites, and what takes their part, are fields of the same table. */
export const needsExist: Rule = (model, report) => {
  for (const table of tables(model)) {
    const has = (name: string): boolean => table.cases.some((one) => one.name === name);
    for (const c of table.cases) {
      for (const need of c.needs)
        if (!has(need.field))
          report.say(c.at, `${table.name} ${c.name} needs ${need.field}, which is not there`);
      if (c.says && !has(c.says.field))
        report.say(c.at, `${table.name} ${c.name} says ${c.says.field}, which is not there`);
    }
  }
};

/** A case that is hoisted by '.' has nothing but fields and padding: its keys are read at their distances from its start. */
export const hoistsArePlain: Rule = (model, report) => {
  const hoisted = new Set<string>();
  for (const part of ownParts(model)) {
    for (const v of part.versions)
      for (const row of part.unit.rows[v] ?? [])
        if (row.kind === "tlvs")
          for (const [name, to] of row.hoist) if (to === ".") hoisted.add(`${row.union}.${name}`);
  }
  for (const part of partsOf(model)) {
    if (!hoisted.has(part.unit.id)) continue;
    for (const v of part.versions)
      for (const row of part.unit.rows[v] ?? [])
        if (row.kind !== "field" && row.kind !== "pad")
          report.say(row.at, `${part.unit.label} is hoisted by '.' and has fields and $pad only`);
  }
};
