// Enums, numbers that may have names, and flag sets: names to numbers.
import { EncodeError } from "../../base/index.js";
import { parseInteger } from "../../text/index.js";
import type { MessageWriter } from "../message-writer.js";
import { notA, show } from "./errors.js";
import { uint } from "./numbers.js";

/** Numbers by name. */
export type ValueTable = ReadonlyMap<string, number>;

/** A number that may be given by name. */
export function numberOf(table: ValueTable, value: unknown, max: number, key: string, type: string): number {
  if (typeof value === "number" && value >= 0 && value <= max && Number.isInteger(value)) return value;
  if (typeof value === "string") {
    const named = table.get(value);
    if (named !== undefined) return named;
    if (parseInteger(value) === undefined) throw notA(type, value, key, table.keys());
  }
  return uint(value, max, key, type);
}

/**
 * Refuses a name that belongs to another IP protocol than the one that the match of the message demands: the version has one place
 * for all of them, and would take it for the name of that protocol.
 * @param protocols  the IP protocol of each name
 */
export function checkProtocol(
  w: MessageWriter,
  protocols: Readonly<Record<string, number>>,
  name: unknown,
  key: string,
): void {
  const wanted = protocols[name as string];
  if (w.unchecked || w.l4 === 0 || w.l4 === wanted) return;
  throw new EncodeError(key, `${show(name)} needs IP_PROTO ${wanted}, but the match has ${w.l4}`, {
    found: name,
  });
}

/** Numbers of a code by the value that selects them. */
export type CodeValues = ReadonlyMap<number, ValueTable>;

const NO_VALUES: ValueTable = new Map();

export function codeValues(tables: CodeValues, by: number): ValueTable {
  return tables.get(by) ?? NO_VALUES;
}

/** One name of a flag set. */
export type FlagValues = ReadonlyMap<string, { readonly value: number; readonly mask: number }>;

export function flagValues(rows: readonly (readonly [string, number, number])[]): FlagValues {
  return new Map(rows.map(([name, value, mask]) => [name, { value, mask }]));
}

/** The bits of a list of names and numbers. */
export function flagsOf(table: FlagValues, value: unknown, max: number, key: string, type: string): number {
  if (!Array.isArray(value)) throw notA(`list of ${type}`, value, key);
  let bits = 0;
  for (let i = 0; i < value.length; i++) {
    const item: unknown = value[i];
    const known = typeof item === "string" ? table.get(item) : undefined;
    if (known !== undefined) {
      bits = (bits | known.value) >>> 0;
      continue;
    }
    if (typeof item === "string" && parseInteger(item) === undefined) {
      throw new EncodeError(`${key}[${i}]`, notA(type, item, "", table.keys()).detail, {
        found: item,
        expected: type,
      });
    }
    bits = (bits | uint(item, max, `${key}[${i}]`, type)) >>> 0;
  }
  if (bits > max)
    throw new EncodeError(key, `${show(value)} does not fit into ${type} of ${max.toString(2).length} bits`);
  return bits;
}
