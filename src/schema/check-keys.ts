// Rules about JSON keys and rows: they meet by name, once in each version.

import { MESSAGE_TYPE } from "./check-references.js";
import { fieldOf, inlinedType, ownParts, type Part, type Rule } from "./check-report.js";
import type { JsonField, Model, Row, Union } from "./model.js";
import { PACKET_KEYS } from "./packet-keys.js";
import { LIST_ROW } from "./parse-body.js";
import { tlvKeys } from "./tlv-keys.js";
import { caseUnit } from "./units.js";

/** A key that a version reads or sets, and what does so. */
interface Producer {
  readonly key: string;
  readonly row: Row;
}

/** What gives JSON keys their values in a version. */
function producers(model: Model, rows: readonly Row[], version: number): Producer[] {
  return rows.flatMap((row): Producer[] => {
    const keys = (names: Iterable<string>): Producer[] => [...names].map((key) => ({ key, row }));
    switch (row.kind) {
      case "field":
        return keys([row.name, ...row.copy.values(), ...row.move.values()]);
      case "set":
        return keys([row.name]);
      case "tlvs":
        return keys([row.rest, ...hoistedKeys(model, row, version)]);
      default:
        return [];
    }
  });
}

function hoistedKeys(model: Model, row: Extract<Row, { kind: "tlvs" }>, version: number): string[] {
  const union = model.definitions.get(row.union);
  if (union?.kind !== "union") return [];
  return [...row.hoist].flatMap(([name, to]) => {
    const c = union.cases.find((one) => one.name === name);
    if (c === undefined || c.type[version] === undefined) return [];
    return to === "." ? caseKeys(model, union, name) : [to];
  });
}

/** The JSON keys of a case. */
export function caseKeys(model: Model, union: Union, name: string): string[] {
  const c = union.cases.find((one) => one.name === name);
  const struct = c?.struct === undefined ? undefined : model.definitions.get(c.struct);
  const body = struct?.kind === "struct" ? struct : c;
  return [...(union.common?.json ?? []), ...(body?.json ?? [])].map((f) => f.name);
}

/** A struct without any layout is the JSON of a hand-written one. */
export function isShapeOnly(part: Part): boolean {
  return part.kind === "struct" && part.versions.every((v) => part.unit.rows[v]?.length === 0);
}

/** Rows name JSON fields: fields, `$set`, copies, `hoist`, `rest`. Wire variables start with `$`. */
export const rowsNameFields: Rule = (model, report) => {
  for (const part of ownParts(model)) {
    for (const v of part.versions) {
      for (const { key, row } of producers(model, part.unit.rows[v] ?? [], v)) {
        if (key === LIST_ROW || fieldOf(part.unit, key)) continue;
        // Keys that a case brings are the business of hoistsFit.
        if (row.kind === "tlvs" && key !== row.rest && ![...row.hoist.values()].includes(key)) continue;
        report.say(row.at, `${part.unit.label}: ${key} is not a JSON field`);
      }
    }
  }
};

/** In each version a JSON field is read or set by one row; or by none, if it may be absent. */
export const fieldsOnce: Rule = (model, report) => {
  for (const part of ownParts(model)) {
    if (isShapeOnly(part)) continue;
    for (const v of part.versions) {
      const rows = part.unit.rows[v] ?? [];
      if (rows.some((row) => row.kind === "native")) continue;
      const found = producers(model, rows, v).map((p) => p.key);
      for (const f of part.unit.json) {
        if (f.inline || f.derived) continue;
        const count = found.filter((key) => key === f.name).length;
        const name = `${part.unit.label}.${f.name}`;
        if (count > 1) report.sayFor(v, f.at, `${name} is read or set ${count} times in {versions}`);
        if (count === 0 && !mayMiss(f, v))
          report.sayFor(v, f.at, `${name} is not on the wire of {versions} and has no $set`);
      }
    }
  }
};

/** A key that decode does not print before `since` must not be required of who sends the message back. */
export const sinceHasDefault: Rule = (model, report) => {
  for (const part of ownParts(model)) {
    for (const f of part.unit.json) {
      const before = part.versions.filter((v) => v < f.since);
      if (f.default !== undefined || f.omit !== undefined) continue;
      for (const v of before)
        report.sayFor(
          v,
          f.at,
          `${part.unit.label}.${f.name} is not printed in {versions} and has no default`,
        );
    }
  }
};

function mayMiss(f: JsonField, version: number): boolean {
  return f.omit !== undefined || (f.since > version && (f.default ?? f.absent) !== undefined);
}

/** The key that numbers the elements of a list is one number, and need not be given. */
export const numberedFits: Rule = (model, report) => {
  for (const d of model.definitions.values()) {
    if (d.kind !== "struct" || d.numbered === undefined) continue;
    const f = d.json.find((one) => one.name === d.numbered);
    const type = f?.type && !f.type.list ? model.definitions.get(f.type.name) : undefined;
    const isNumber = type?.kind === "number" || (type?.kind === "scalar" && type.form === "uint");
    if (f === undefined) report.say(d.at, `${d.name}: ${d.numbered} is not a JSON field`);
    else if (!isNumber || f.default === undefined)
      report.say(f.at, `${d.name}.${f.name} numbers the elements of lists and needs a number and a default`);
  }
};

/** `$inline` stands in `json` and among the rows of each version, and its keys are new ones. */
export const inlinesFit: Rule = (model, report) => {
  for (const part of ownParts(model)) {
    const field = part.unit.json.find((f) => f.inline);
    const { label } = part.unit;
    for (const v of part.versions) {
      const rows = (part.unit.rows[v] ?? []).filter((row) => row.kind === "inline");
      if (field && rows.length !== 1)
        report.sayFor(v, field.at, `${label} has ${rows.length} rows $inline in {versions}, not one`);
      if (!field && rows[0])
        report.say(rows[0].at, `${label} has a row $inline and nothing to inline in json`);
      const type = inlinedType(part.unit);
      for (const row of rows) {
        if (type === undefined || row.kind !== "inline") continue;
        if (!row.mask && row.width !== "oxm") report.say(row.at, `${label}: only oxm can be without a mask`);
        const kind = type.name === MESSAGE_TYPE ? MESSAGE_TYPE : model.definitions.get(type.name)?.kind;
        const wanted = { struct: "struct", oxm: "tlv_table", message: MESSAGE_TYPE }[row.width];
        if (type.list || (kind !== undefined && kind !== wanted))
          report.say(row.at, `${label}: ${type.name} cannot be inlined as ${row.width}`);
      }
    }
    const inner = inlinedKeys(model, part);
    for (const f of part.unit.json)
      if (!f.inline && inner.includes(f.name))
        report.say(f.at, `${label}.${f.name} is also a key of what is inlined`);
  }
};

/** The keys that `$inline` brings. */
export function inlinedKeys(model: Model, part: Part): string[] {
  const type = inlinedType(part.unit);
  if (type === undefined) return [];
  if (type.name === MESSAGE_TYPE) return ["type", "xid", "version", "flags", "msg"];
  const d = model.definitions.get(type.name);
  if (d?.kind === "struct") return d.json.map((f) => f.name);
  return d?.kind === "tlv_table" ? tlvKeys(d) : [];
}

/** A packet is one key with hex data in a row without a size; what is its size is a number without another default. */
export const packetsFit: Rule = (model, report) => {
  for (const part of ownParts(model)) {
    const { unit } = part;
    const [packet, second] = unit.json.filter((f) => f.packet);
    if (second) report.say(second.at, `${unit.label}.${second.name} is a second packet`);
    for (const f of unit.json) {
      const name = `${unit.label}.${f.name}`;
      const d = f.type && model.definitions.get(f.type.name);
      if (packet && PACKET_KEYS.some((key) => key.name === f.name))
        report.say(f.at, `${name} is also a key of packets`);
      if (f.packet && (f.type?.list === true || d?.kind !== "scalar" || d.form !== "hex"))
        report.say(f.at, `${name} is a packet and has to be hex data`);
      if (f.sizeOf === undefined) continue;
      if (f.sizeOf !== packet?.name) report.say(f.at, `${name}: ${f.sizeOf} is not a packet`);
      if (f.default ?? f.absent ?? f.omit) report.say(f.at, `${name} has size_of and another default`);
      if (f.type?.list === true || d?.kind !== "scalar" || d.form !== "uint")
        report.say(f.at, `${name} is a size and has to be a number`);
    }
    if (packet === undefined) continue;
    for (const v of part.versions) {
      const row = unit.rows[v]?.find((one) => one.kind === "field" && one.name === packet.name);
      const hasBytes = row?.kind === "field" && row.width.kind === "bytes" && row.width.n === undefined;
      if (!hasBytes && !bringsPacket(model, unit.rows[v] ?? [], packet.name))
        report.sayFor(
          v,
          packet.at,
          `${unit.label}.${packet.name} is a packet and needs a row of bytes in {versions}`,
        );
    }
  }
};

/** Whether a property that is hoisted by '.' has this packet; its own row is looked at where it stands. */
function bringsPacket(model: Model, rows: readonly Row[], key: string): boolean {
  return rows.some((row) => {
    const union = row.kind === "tlvs" ? model.definitions.get(row.union) : undefined;
    if (row.kind !== "tlvs" || union?.kind !== "union") return false;
    return union.cases.some(
      (c) =>
        row.hoist.get(c.name) === "." &&
        caseUnit(model, union, c).json.some((f) => f.packet && f.name === key),
    );
  });
}

/** Other keys that fields cite are there: `default: =other`, `omit: {same_as: other}`, `by`, `derived: fn(other)`. */
export const citedKeysExist: Rule = (model, report) => {
  for (const part of ownParts(model)) {
    const { unit } = part;
    for (const f of unit.json) {
      const name = `${unit.label}.${f.name}`;
      const other = [
        f.default?.kind === "key" ? f.default.key : undefined,
        typeof f.omit === "object" ? f.omit.sameAs : undefined,
        f.by,
        f.derived?.arg,
      ];
      for (const key of other)
        if (key !== undefined && !fieldOf(unit, key)) report.say(f.at, `${name}: there is no key ${key}`);
      const d = f.type && model.definitions.get(f.type.name);
      if (d?.kind === "code" && f.by === undefined)
        report.say(f.at, `${name}: ${d.name} needs by: the field of type ${d.by}`);
      if (d !== undefined && d.kind !== "code" && f.by !== undefined)
        report.say(f.at, `${name}: by is for codes, ${d.name} is a ${d.kind}`);
      const selector = f.by === undefined ? undefined : fieldOf(unit, f.by)?.type;
      if (d?.kind === "code" && selector && selector.name !== d.by)
        report.say(f.at, `${name}: by needs a field of type ${d.by}, ${f.by} is a ${selector.name}`);
      const cited = f.derived?.arg ?? f.by;
      if (cited === undefined || !fieldOf(unit, cited)) continue;
      for (const v of part.versions) {
        if (!unit.rows[v]?.some((row) => row.kind === "field" && row.name === cited))
          report.sayFor(v, f.at, `${name} needs a row ${cited} in {versions}`);
      }
    }
  }
};
