// What functions are made of: each definition and each union case is a unit; a unit has one body per wire version.
import type {
  Body,
  ByVersion,
  Definition,
  JsonField,
  Model,
  Row,
  TypeRef,
  Union,
  UnionCase,
} from "./model.js";
import { WIRE_VERSIONS } from "./model.js";

/** A struct-like part of the schema with what it takes from others merged in. */
export interface BodyUnit extends Body {
  /** Unique: `FLOW_MOD`, `Port`, `Action.OUTPUT`. */
  readonly id: string;
  /** What errors call it: `FLOW_MOD`, `Port`, `Action OUTPUT`. */
  readonly label: string;
  /** Bytes of the element header (and vendor path) that precede the rows; 0 for structs and messages. */
  headerBytes(version: number): number;
}

export function unionCaseId(union: Union, name: string): string {
  return `${union.name}.${name}`;
}

/** The bytes before the rows of a case: the header, and one word per step of its path but the last code. */
export function caseHeaderBytes(union: Union, code: readonly number[]): number {
  const header = union.header.reduce((sum, w) => sum + w.bytes, 0);
  return union.path.slice(0, code.length - 1).reduce((sum, step) => sum + step.bytes, header);
}

/** The body of a union case: its own, or that of the struct it names, after what all cases have in common. */
export function caseUnit(model: Model, union: Union, c: UnionCase): BodyUnit {
  const struct = c.struct === undefined ? undefined : model.definitions.get(c.struct);
  const body: Body = struct?.kind === "struct" ? struct : c;
  const common = union.common;
  const rows: ByVersion<readonly Row[]> = WIRE_VERSIONS.reduce<(readonly Row[] | undefined)[]>((all, v) => {
    if (c.type[v] !== undefined) all[v] = [...(common?.rows[v] ?? []), ...(body.rows[v] ?? [])];
    return all;
  }, []);
  return {
    id: unionCaseId(union, c.name),
    label: `${union.name} ${c.name}`,
    json: [...(common?.json ?? []), ...body.json],
    jsonList: body.jsonList,
    rows,
    size: c.size,
    headerBytes: (v) => caseHeaderBytes(union, c.type[v] ?? []),
  };
}

/** The unit of a struct, message or multipart. */
export function bodyUnit(definition: Extract<Definition, Body>): BodyUnit {
  return {
    id: definition.name,
    label: definition.name,
    json: definition.json,
    jsonList: definition.jsonList,
    rows: definition.rows,
    size: definition.size,
    headerBytes: () => 0,
  };
}

/** All types that the JSON half of a unit names. */
export function typesOf(unit: Body): TypeRef[] {
  const own = unit.json.flatMap((f: JsonField) => (f.type ? [f.type] : []));
  return unit.jsonList ? [...own, unit.jsonList] : own;
}
