// What the rules of the checker have in common: the parts of a model that they look at, and the list of problems.
import { formatVersionRange, SchemaError, type Version } from "../base/index.js";
import type { JsonField, Model, TypeRef, Union, UnionCase } from "./model.js";
import { WIRE_VERSIONS } from "./model.js";
import { LIST_ROW } from "./parse-body.js";
import type { Place } from "./tree.js";
import { type BodyUnit, bodyUnit, caseUnit } from "./units.js";

/** Collects problems; those that differ by their version only become one. */
export class Report {
  readonly #found = new Map<string, { at: Place; sentence: string; versions: Set<Version> }>();

  /** Adds a problem that has to do with no version. */
  say(at: Place, sentence: string): void {
    this.sayFor(undefined, at, sentence);
  }

  /** Adds a problem of one wire version; `{versions}` in the sentence becomes all versions that have it. */
  sayFor(version: number | undefined, at: Place, sentence: string): void {
    const key = `${at.file}:${at.line}:${at.column}:${sentence}`;
    const entry = this.#found.get(key) ?? { at, sentence, versions: new Set<Version>() };
    if (version !== undefined) entry.versions.add(version as Version);
    this.#found.set(key, entry);
  }

  /** All problems by file, line and column. */
  problems(): SchemaError[] {
    const order = (a: SchemaError, b: SchemaError): number =>
      a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1;
    return [...this.#found.values()]
      .map(({ at, sentence, versions }) => {
        const range = formatVersionRange(versions);
        const text = sentence.replaceAll("{versions}", range === "all" ? "all versions" : range);
        return new SchemaError(at.file, at.line, at.column, text);
      })
      .sort(order);
  }
}

/** One rule: says what it finds. */
export type Rule = (model: Model, report: Report) => void;

/** A struct, message, multipart or union case, and the versions in which it exists. */
export interface Part {
  readonly kind: "struct" | "message" | "multipart" | "case";
  readonly unit: BodyUnit;
  readonly at: Place;
  readonly versions: readonly number[];
  readonly union: Union | undefined;
  readonly case: UnionCase | undefined;
}

/** All parts of a model. */
export function partsOf(model: Model): Part[] {
  return [...model.definitions.values()].flatMap((d): Part[] => {
    switch (d.kind) {
      case "struct":
      case "message":
      case "multipart": {
        const unit = bodyUnit(d);
        return [
          { kind: d.kind, unit, at: d.at, versions: existsIn(unit.rows), union: undefined, case: undefined },
        ];
      }
      case "union":
        return d.cases.map((c) => {
          const unit = caseUnit(model, d, c);
          const struct = c.struct === undefined ? undefined : model.definitions.get(c.struct);
          const own = struct?.kind === "struct" ? struct.rows : c.rows;
          const versions = existsIn(c.type).filter((v) => own[v] !== undefined);
          return { kind: "case", unit, at: c.at, versions, union: d, case: c };
        });
      default:
        return [];
    }
  });
}

/** The parts that have rows of their own: cases that take those of a struct are left out. */
export function ownParts(model: Model): Part[] {
  return partsOf(model).filter((part) => part.case?.struct === undefined);
}

function existsIn(values: readonly unknown[]): number[] {
  return WIRE_VERSIONS.filter((v) => values[v] !== undefined);
}

/** The JSON field that a row names. */
export function fieldOf(unit: BodyUnit, name: string): JsonField | undefined {
  return unit.json.find((f) => f.name === name && !f.inline);
}

/** The type of what a row reads and writes. */
export function typeOfKey(unit: BodyUnit, name: string): TypeRef | undefined {
  return name === LIST_ROW ? unit.jsonList : fieldOf(unit, name)?.type;
}

/** The type whose keys stand among those of a unit. */
export function inlinedType(unit: BodyUnit): TypeRef | undefined {
  return unit.json.find((f) => f.inline)?.type;
}

/** `[Field]`, `UInt16`. */
export function formatType(type: TypeRef): string {
  return type.list ? `[${type.name}]` : type.name;
}
