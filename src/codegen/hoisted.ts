// Properties that JSON does not show in a list: their keys stand among those of the struct, or under a key of its own.
import { type BodyUnit, caseUnit, type Row } from "../schema/index.js";
import type { Generation } from "./context.js";

export type TlvsRow = Extract<Row, { kind: "tlvs" }>;

/** One case of a property list that is hoisted into the struct around the list. */
export interface HoistedCase {
  readonly name: string;
  /** `.` when the keys stand among those of the struct, else the key that gets the object. */
  readonly to: string;
  readonly unit: BodyUnit;
  /** The type word of the property in this version. */
  readonly code: number;
  /** Encoders write the property even when no key of it is there. */
  readonly always: boolean;
}

/** The hoisted cases of a property list that exist in a version, in the order of the schema. */
export function hoistedCases(g: Generation, row: TlvsRow, version: number): readonly HoistedCase[] {
  const union = g.union(row.union);
  return [...row.hoist].flatMap(([name, to]) => {
    const c = union.cases.find((one) => one.name === name);
    const code = c?.type[version]?.[0];
    if (c === undefined || code === undefined) return [];
    return [{ name, to, unit: caseUnit(g.model, union, c), code, always: row.always.includes(name) }];
  });
}
