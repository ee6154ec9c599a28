// Rules about versions: layouts are there where a type says so, and so is what they refer to.
import { ownParts, partsOf, type Rule } from "./check-report.js";
import type { Model } from "./model.js";
import { WIRE_VERSIONS } from "./model.js";

/** The eras of `wire` cover the versions of `type`. (That they reach no further is seen when they are read.) */
export const erasCover: Rule = (model, report) => {
  for (const part of ownParts(model)) {
    const d = model.definitions.get(part.unit.id);
    const type = part.case?.type ?? (d?.kind === "message" || d?.kind === "multipart" ? d.type : undefined);
    if (type === undefined) continue;
    for (const v of WIRE_VERSIONS) {
      if (type[v] !== undefined && (part.case ?? part.unit).rows[v] === undefined)
        report.sayFor(v, part.at, `${part.unit.label} has a type but no wire in {versions}`);
    }
  }
};

/** Structs that a layout holds have a layout in the same versions. */
export const structsExist: Rule = (model, report) => {
  for (const part of ownParts(model)) {
    for (const v of part.versions) {
      for (const row of part.unit.rows[v] ?? []) {
        if (row.kind !== "field" && row.kind !== "inline") continue;
        const field = part.unit.json.find((f) => (row.kind === "field" ? f.name === row.name : f.inline));
        const type = field?.type ?? (row.kind === "field" ? part.unit.jsonList : undefined);
        if (type && lacks(model, type.name, v))
          report.sayFor(v, row.at, `${part.unit.label}: ${type.name} has no wire in {versions}`);
      }
    }
  }
  for (const part of partsOf(model)) {
    const { struct, type } = part.case ?? {};
    for (const v of WIRE_VERSIONS) {
      if (struct !== undefined && type?.[v] !== undefined && lacks(model, struct, v))
        report.sayFor(v, part.at, `${part.unit.label}: ${struct} has no wire in {versions}`);
    }
  }
};

/** What answers a message is a message in the same versions. (Multiparts are answered by multiparts of the same type.) */
export const repliesExist: Rule = (model, report) => {
  for (const d of model.definitions.values()) {
    if (d.kind !== "message" || d.reply === undefined) continue;
    const { name, at } = d.reply;
    const reply = model.definitions.get(name);
    if (reply?.kind !== "message") {
      const found = reply === undefined ? "is not defined" : `is of kind ${reply.kind}, not message`;
      report.say(at, `${d.name}: its reply ${name} ${found}`);
      continue;
    }
    for (const v of WIRE_VERSIONS) {
      if (d.type[v] !== undefined && reply.type[v] === undefined)
        report.sayFor(v, at, `${d.name}: its reply ${name} has no type in {versions}`);
    }
  }
};

function lacks(model: Model, name: string, version: number): boolean {
  const d = model.definitions.get(name);
  return d?.kind === "struct" && d.rows[version] === undefined;
}
