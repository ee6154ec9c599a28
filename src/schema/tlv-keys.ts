// The keys of one field of a table of TLVs, and the fields whose values are options of tunnels.
import type { TlvTable, TypeRef } from "./model.js";

/** What tells the options of tunnels that fields of a table stand for. */
export interface TlvOptions {
  /** The name of these fields without their numbers, which people write where they know the option only. */
  readonly stem: string;
  /** A struct, the value of the key `option`. */
  readonly type: TypeRef;
  /** The type of the values. */
  readonly value: TypeRef;
}

/** Undefined where no field of the table is an option. */
export function tlvOptions(table: TlvTable): TlvOptions | undefined {
  const one = table.cases.find((c) => c.option !== undefined);
  if (one?.option === undefined) return undefined;
  return { stem: one.name.replace(/\d+$/, ""), type: one.option.type, value: one.type };
}

/** The keys of the JSON object of one field. */
export function tlvKeys(table: TlvTable): string[] {
  return [table.tag, "value", "mask", ...(tlvOptions(table) === undefined ? [] : ["option"])];
}
