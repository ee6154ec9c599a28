// Example documents: made from the model, so that there is one for everything, and so that each encodes in every version that has
// what it shows. The table of values only makes them read like what people write.
import type { Version } from "../base/index.js";
import type {
  Body,
  Constant,
  Definition,
  FlagsDefinition,
  Message,
  Model,
  Multipart,
  Need,
  TlvCase,
  TlvTable,
  TypeRef,
  Union,
  UnionCase,
} from "../schema/index.js";
import { EXAMPLE_VALUES, PREFERRED_CASES, SHOWN_KEYS } from "./example-values.js";
import { caseShape, definitionShape, type Shape, type ShapeField, versionsOf } from "./shape.js";

/** An object of an example. */
export type ExampleObject = Record<string, unknown>;

/** Where a value stands: the versions in which it must be expressible, and the name of what it is part of. */
interface Spot {
  readonly versions: readonly Version[];
  readonly owner: string;
}

/** Makes examples from a model. */
export class ExampleMaker {
  readonly #model: Model;

  constructor(model: Model) {
    this.#model = model;
  }

  /** A message without its version: it encodes in every version that has its type. */
  message(d: Message | Multipart): ExampleObject {
    return { type: d.name, xid: 1, msg: this.#body(d, { versions: versionsOf(d.type), owner: d.name }) };
  }

  /** An element of a union. */
  unionCase(union: Union, c: UnionCase): ExampleObject {
    return this.#case(union, c, { versions: versionsOf(c.type), owner: "" });
  }

  /** A struct on its own. */
  struct(d: Extract<Definition, { kind: "struct" }>): unknown {
    return this.#body(d, { versions: versionsOf(d.rows), owner: d.name });
  }

  /** A list with one entry of a table at its end, after what it needs. */
  fieldList(table: TlvTable, c: TlvCase): ExampleObject[] {
    const list = new Map<string, ExampleObject>();
    this.#addField(table, c, undefined, list);
    return [...list.values()];
  }

  #body(d: Extract<Definition, Body>, spot: Spot): unknown {
    const shape = definitionShape(this.#model, d);
    if (shape.list) return this.#value(shape.list, false, "", spot);
    return this.#object(shape, spot);
  }

  #object(shape: Shape, spot: Spot): ExampleObject {
    const object: ExampleObject = {};
    for (const f of shape.fields) {
      const value = this.#fieldValue(f, shape, spot);
      if (value !== undefined) object[f.name] = value;
    }
    if (shape.table)
      Object.assign(object, this.fieldList(shape.table, this.#fieldFor(shape.table, spot.owner)).at(-1));
    if (shape.message) Object.assign(object, this.#nested(spot.owner));
    return object;
  }

  /** The value of a key, undefined when it is left out. */
  #fieldValue(f: ShapeField, shape: Shape, spot: Spot): unknown {
    if (f.type === undefined) return undefined;
    const needed = f.orPacket || f.required.some((v) => spot.versions.includes(v));
    // A case may stand for something in versions that do not have it: a list of actions in 1.0 shows as APPLY_ACTIONS.
    const lacking = spot.versions.filter((v) => shape.versions.includes(v) && !f.carried.includes(v));
    if (lacking.length > 0 && !f.ignorable) {
      // Some version can only say one thing here.
      const only = lacking.map((v) => f.fixed.get(v)).find((constant) => constant !== undefined) ?? f.assumed;
      return needed && only !== undefined ? constantValue(f.type, only) : undefined;
    }
    if (!needed && !SHOWN_KEYS.has(f.name) && !SHOWN_KEYS.has(`${spot.owner}.${f.name}`)) return undefined;
    return this.#value(f.type, f.ids, f.name, spot);
  }

  #value(type: TypeRef, ids: boolean, key: string, spot: Spot): unknown {
    for (const name of [`${spot.owner}.${key}`, key, type.name]) {
      if (Object.hasOwn(EXAMPLE_VALUES, name)) return EXAMPLE_VALUES[name];
    }
    if (type.name === "Message") return this.#nested(spot.owner);
    const d = this.#model.definitions.get(type.name);
    if (d === undefined) throw new Error(`no definition ${type.name}`);
    if (d.kind === "flags") return flagsValue(d, spot.versions);
    if (!type.list) return this.#one(d, spot);
    if (ids) return [];
    const one = this.#one(d, { ...spot, owner: type.name });
    return one === undefined ? [] : [one];
  }

  #one(d: Definition, spot: Spot): unknown {
    switch (d.kind) {
      case "struct":
        return this.#body(d, { ...spot, owner: d.name });
      case "union": {
        const c = this.#pick(d, spot.versions);
        return c === undefined ? undefined : this.#case(d, c, spot);
      }
      case "tlv_table":
        return this.fieldList(d, this.#fieldFor(d, spot.owner)).at(-1);
      case "enum":
        return nameIn(d.values, spot.versions);
      case "code":
        return nameIn([...d.values.values()][0] ?? new Map(), spot.versions);
      case "number":
        return 1;
      case "scalar":
        return scalarValue(d);
      default:
        throw new Error(`${d.name} is no value`);
    }
  }

  /** The case of a union to show: a well-known one, or the first that all versions have. */
  #pick(union: Union, versions: readonly Version[]): UnionCase | undefined {
    const preferred = union.cases.find((c) => c.name === PREFERRED_CASES[union.name]);
    return (
      preferred ??
      union.cases.find((c) => c.as.length === 0 && versions.every((v) => c.type[v] !== undefined))
    );
  }

  #case(union: Union, c: UnionCase, spot: Spot): ExampleObject {
    const owner = `${union.name}.${c.name}`;
    const tag = EXAMPLE_VALUES[`${owner}.${union.tag}`] ?? c.name;
    return { [union.tag]: tag, ...this.#object(caseShape(this.#model, union, c), { ...spot, owner }) };
  }

  /** The field to show in `owner`: the first one, unless something else is more likely there. */
  #fieldFor(table: TlvTable, owner: string): TlvCase {
    const name = EXAMPLE_VALUES[`${owner}.$field`];
    const c = table.cases.find((one) => one.name === name) ?? table.cases[0];
    if (c === undefined) throw new Error(`${table.name} is empty`);
    return c;
  }

  /** The message inside another one. */
  #nested(owner: string): ExampleObject {
    const name = String(EXAMPLE_VALUES[`${owner}.$message`] ?? "BARRIER_REQUEST");
    const d = this.#model.definitions.get(name);
    if (d?.kind !== "message") throw new Error(`${name} is no message`);
    return this.message(d);
  }

  #addField(table: TlvTable, c: TlvCase, need: Need | undefined, list: Map<string, ExampleObject>): void {
    if (list.has(c.name)) return;
    for (const one of c.needs) {
      const needed = table.cases.find((other) => other.name === one.field);
      if (needed) this.#addField(table, needed, one, list);
    }
    // One of several: a plain value that has the bits of one may have those of another.
    const bits = (need?.under?.length ?? 0) > 1 ? need?.under?.[0] : undefined;
    const value = need?.values?.[0] ?? (c.mask ? bits?.value : undefined) ?? this.#tlvValue(table, c);
    const free = need === undefined && c.mask ? EXAMPLE_VALUES[`${c.type.name}.mask`] : undefined;
    const mask = c.mask ? (bits?.mask ?? free) : undefined;
    list.set(c.name, { [table.tag]: c.name, value, ...(mask === undefined ? {} : { mask }) });
  }

  #tlvValue(table: TlvTable, c: TlvCase): unknown {
    for (const name of [`${table.name}.${c.name}`, c.type.name]) {
      if (c.type.name !== "HexData" && Object.hasOwn(EXAMPLE_VALUES, name)) return EXAMPLE_VALUES[name];
    }
    const width = c.width;
    if (c.type.name === "HexData")
      return "00".repeat(width?.kind === "bytes" ? (width.n ?? 0) : 4).replace(/0$/, "1");
    const d = this.#model.definitions.get(c.type.name);
    return d?.kind === "scalar" ? scalarValue(d) : 1;
  }
}

/** The first name that means something in all versions, or else in the last one. */
function nameIn(
  values: ReadonlyMap<string, readonly (number | undefined)[]>,
  versions: readonly Version[],
): unknown {
  const names = [...values];
  const last = versions.at(-1);
  const found =
    names.find(([, by]) => versions.every((v) => by[v] !== undefined)) ??
    names.find(([, by]) => last !== undefined && by[last] !== undefined);
  return found?.[0] ?? 0;
}

function flagsValue(d: FlagsDefinition, versions: readonly Version[]): string[] {
  const found = [...d.bits].find(([, by]) =>
    versions.every((v) => by[v] !== undefined && by[v]?.value !== 0),
  );
  return found === undefined ? [] : [found[0]];
}

function scalarValue(d: Extract<Definition, { kind: "scalar" }>): unknown {
  switch (d.form) {
    case "uint":
    case "sint":
      return 1;
    case "version_bitmap":
      return [1, 4];
    default: {
      const value = EXAMPLE_VALUES[d.name] ?? EXAMPLE_VALUES[d.form];
      if (value === undefined) throw new Error(`no example of a ${d.name}`);
      return value;
    }
  }
}

function constantValue(type: TypeRef, constant: Constant): unknown {
  if (type.list || constant.kind === "empty") return [];
  if (constant.kind === "key") return undefined;
  return /^\d{1,15}$/.test(constant.text) ? Number(constant.text) : constant.text;
}
