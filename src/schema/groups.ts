// Which versions share a function: a unit is split wherever its own layout, or anything it refers to, differs.
import { type Definition, type Model, WIRE_VERSIONS } from "./model.js";
import { type BodyUnit, bodyUnit, caseUnit, typesOf, unionCaseId } from "./units.js";

/** For each unit the lowest version of the group that a version is in; undefined where the unit does not exist. */
export type Groups = ReadonlyMap<string, readonly (number | undefined)[]>;

interface Part {
  readonly id: string;
  /** The unit's own content in a version as comparable text; undefined: does not exist there. */
  own(version: number): string | undefined;
  /** Ids of the units whose functions this one calls. */
  readonly refs: readonly string[];
}

/** Partition refinement: start from own content, split by the groups of what is referred to until nothing changes. */
export function groupVersions(model: Model): Groups {
  const parts = [...model.definitions.values()].flatMap((d) => partsOf(model, d));
  let classes = new Map<string, string>();
  for (const part of parts) {
    for (const v of WIRE_VERSIONS) classes.set(`${part.id}@${v}`, part.own(v) ?? "-");
  }
  for (let before = 0, now = countClasses(parts, classes); now !== before; ) {
    const next = new Map<string, string>();
    for (const part of parts) {
      const names = new Map<string, string>();
      for (const v of WIRE_VERSIONS) {
        const own = classes.get(`${part.id}@${v}`) ?? "-";
        const key =
          own === "-" ? "-" : [own, ...part.refs.map((r) => classes.get(`${r}@${v}`) ?? "-")].join("\u0000");
        if (key !== "-" && !names.has(key)) names.set(key, String(v));
        next.set(`${part.id}@${v}`, key === "-" ? "-" : (names.get(key) ?? "-"));
      }
    }
    classes = next;
    before = now;
    now = countClasses(parts, classes);
  }
  return new Map(
    parts.map((part) => {
      const lowest = new Map<string, number>();
      const row: (number | undefined)[] = [];
      for (const v of WIRE_VERSIONS) {
        const name = classes.get(`${part.id}@${v}`) ?? "-";
        if (name === "-") continue;
        if (!lowest.has(name)) lowest.set(name, v);
        row[v] = lowest.get(name);
      }
      return [part.id, row];
    }),
  );
}

function countClasses(parts: readonly Part[], classes: ReadonlyMap<string, string>): number {
  let count = 0;
  for (const part of parts) count += new Set(WIRE_VERSIONS.map((v) => classes.get(`${part.id}@${v}`))).size;
  return count;
}

function partsOf(model: Model, d: Definition): Part[] {
  switch (d.kind) {
    case "scalar":
    case "number":
      return [{ id: d.name, own: () => "", refs: [] }];
    case "tlv_table":
      return [{ id: d.name, own: () => "", refs: [...new Set(d.cases.map((c) => c.type.name))] }];
    case "enum":
      return [
        { id: d.name, own: (v) => plain([...d.values].map(([name, by]) => [name, by[v] ?? null])), refs: [] },
      ];
    case "flags":
      return [
        { id: d.name, own: (v) => plain([...d.bits].map(([name, by]) => [name, by[v] ?? null])), refs: [] },
      ];
    case "code": {
      const own = (v: number): string =>
        plain(
          [...d.values].map(([by, table]) => [by, [...table].map(([name, code]) => [name, code[v] ?? null])]),
        );
      return [{ id: d.name, own, refs: [d.by] }];
    }
    case "union": {
      const cases = d.cases.map((c) => ({ ...bodyPart(model, caseUnit(model, d, c)), code: c.type }));
      const own = (v: number): string | undefined =>
        d.cases.some((c) => c.type[v] !== undefined)
          ? plain(d.cases.map((c) => [c.name, c.type[v] ?? null]))
          : "";
      return [...cases, { id: d.name, own, refs: d.cases.map((c) => unionCaseId(d, c.name)) }];
    }
    default:
      return [bodyPart(model, bodyUnit(d))];
  }
}

function bodyPart(model: Model, unit: BodyUnit): Part {
  const refs = new Set<string>(typesOf(unit).map((t) => t.name));
  for (const rows of unit.rows) {
    for (const row of rows ?? []) {
      if (row.kind === "field" && row.width.kind === "wrap")
        refs.add(wrapped(model, unit, row.name, row.width.case));
      if (row.kind !== "tlvs") continue;
      refs.add(row.union);
      for (const name of row.hoist.keys()) refs.add(`${row.union}.${name}`);
    }
  }
  refs.delete("Message");
  const sinces = unit.json.map((f) => f.since);
  return {
    id: unit.id,
    refs: [...refs].filter((id) => model.definitions.has(id) || id.includes(".")),
    own: (v) => {
      const rows = unit.rows[v];
      return rows ? plain([unit.headerBytes(v), rows, sinces.map((since) => v >= since)]) : undefined;
    },
  };
}

/** The type of the list that a row shows inside one case of a union: its elements are read without the case. */
function wrapped(model: Model, unit: BodyUnit, key: string, caseName: string): string {
  const union = model.definitions.get(unit.json.find((f) => f.name === key)?.type?.name ?? "");
  const c = union?.kind === "union" ? union.cases.find((one) => one.name === caseName) : undefined;
  return union?.kind === "union" && c ? (typesOf(caseUnit(model, union, c))[0]?.name ?? "") : "";
}

/** Text that is equal when two contents are; places do not count. */
function plain(value: unknown): string {
  return JSON.stringify(value, (key, x: unknown) =>
    key === "at" ? undefined : x instanceof Map ? [...x] : x,
  );
}
