/** The names of all words that the schema knows, by version: what frames must have been walked for nothing to be missed. */
import {
  type BodyUnit,
  bodyUnit,
  caseUnit,
  type Row,
  type TypeRef,
  type Width,
} from "../../src/schema/index.js";
import { model } from "../codec/arbitrary.js";
import { definitionOf, typeOf, unionOf, wrapped } from "./walk.js";

/** Lengths and types of the natives, see `walk`. */
const NATIVE_SITES: Readonly<Record<string, readonly string[]>> = {
  hello: ["hello.$type", "hello.$length"],
  match_1_1: ["match_1_1.$type", "match_1_1.$length"],
  match_1_1_or_oxm: ["match_1_1_or_oxm.$type", "match_1_1_or_oxm.$length"],
  learn: ["learn.$length"],
  match_1_0: [],
  table_id_1_0: [],
};

/** `NAME@VERSION` of each length, type code, enum, set of flags and number with names that a message of the version can have. */
export function expectedSites(): Set<string> {
  const found = new Set<string>();
  for (const version of [1, 2, 3, 4, 5, 6]) {
    const reach = new Reach(version, found);
    for (const d of model.definitions.values()) {
      if ((d.kind === "message" || d.kind === "multipart") && d.type[version] !== undefined)
        reach.unit(bodyUnit(d));
    }
  }
  return found;
}

/** Everything that a version's messages refer to. */
class Reach {
  readonly #version: number;
  readonly #found: Set<string>;
  readonly #seen = new Set<string>();

  constructor(version: number, found: Set<string>) {
    this.#version = version;
    this.#found = found;
  }

  unit(unit: BodyUnit): void {
    if (this.#seen.has(unit.id)) return;
    this.#seen.add(unit.id);
    for (const row of unit.rows[this.#version] ?? []) this.#row(unit, row);
  }

  #row(unit: BodyUnit, row: Row): void {
    if (row.kind === "length")
      this.#add(row.of === undefined ? `${unit.id}.$length` : `${unit.id}.$length ${row.of}`);
    else if (row.kind === "native") this.#native(row.fn);
    else if (row.kind === "tlvs") this.#union(row.union);
    else if (row.kind === "inline")
      this.#field(unit.id, unit.json.find((f) => f.inline)?.type, { kind: row.width });
    else if (row.kind === "field") this.#field(`${unit.id}.${row.name}`, typeOf(unit, row.name), row.width);
  }

  #field(name: string, type: TypeRef | undefined, width: Width): void {
    const d = definitionOf(type);
    switch (width.kind) {
      case "native":
        this.#native(width.fn);
        return;
      case "wrap":
        this.#union(wrapped(type, width.case).name);
        return;
      case "ids":
        if (d?.kind === "union") this.#add(`${name}.$length`);
        this.#add(`${name}.$id`);
        return;
      case "oxm_match":
        this.#add(`${name}.$type`);
        this.#add(`${name}.$length`);
        break;
      case "oxs_stats":
        this.#add(`${name}.$length`);
    }
    if (d === undefined) return;
    if (d.kind === "struct") this.unit(bodyUnit(d));
    else if (d.kind === "union") this.#union(d.name);
    else if (d.kind === "tlv_table") {
      for (const one of d.cases) this.#add(`${d.name}.${one.name}.$length`);
    } else if (d.kind !== "scalar") this.#add(name);
  }

  #union(name: string): void {
    if (this.#seen.has(name)) return;
    this.#seen.add(name);
    const union = unionOf(name);
    for (const one of union.cases) {
      if (one.type[this.#version] === undefined) continue;
      this.#add(`${name}.${one.name}.$type`);
      this.#add(`${name}.${one.name}.$length`);
      this.unit(caseUnit(model, union, one));
    }
    if (union.unknown === "hex") this.#add(`${name}.unknown.$length`);
  }

  #native(fn: string): void {
    const sites = NATIVE_SITES[fn];
    if (sites === undefined) throw new Error(`the walk does not know ${fn}`);
    for (const site of sites) this.#add(site);
  }

  #add(name: string): void {
    this.#found.add(`${name}@${this.#version}`);
  }
}
