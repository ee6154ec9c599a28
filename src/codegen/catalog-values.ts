// Names of values in the catalog: what they stand for, in which versions, and what they mean.
import { ALL_VERSIONS } from "../base/index.js";
import type { ByVersion, CodeDefinition, FlagBits } from "../schema/index.js";
import { byVersionText } from "./catalog-texts.js";
import { versionsOf } from "./shape.js";

type Entry = Record<string, unknown>;

type Docs = ReadonlyMap<string, string>;

/** A name of a number. */
export function numberEntry(name: string, n: number, docs: Docs): Entry {
  return { name, value: numberText(n), versions: ALL_VERSIONS, doc: docs.get(name) ?? "" };
}

/** A number as people write it: hex above one byte. */
export function numberText(n: number): string {
  return n < 256 ? String(n) : `0x${n.toString(16).padStart(4, "0")}`;
}

/** The names of an enum, or of one table of a code. */
export function valueEntries(values: ReadonlyMap<string, ByVersion<number>>, docs: Docs): Entry[] {
  return [...values].map(([name, by]) => ({
    name,
    value: byVersionText(by, (n) => (n < 256 ? String(n) : `0x${n.toString(16)}`)),
    versions: versionsOf(by),
    doc: docs.get(name) ?? "",
  }));
}

/** A name of one bit or of a value of several. */
export function flagEntry(name: string, bits: ByVersion<FlagBits>, docs: Docs): Entry {
  const hex = (n: number): string => `0x${n.toString(16)}`;
  const text = ({ value, mask }: FlagBits): string =>
    value === mask ? hex(value) : `${hex(value)}/${hex(mask)}`;
  return { name, value: byVersionText(bits, text), versions: versionsOf(bits), doc: docs.get(name) ?? "" };
}

/** The tables of a code, each by the name that selects it. */
export function codeValues(d: CodeDefinition): Entry {
  return Object.fromEntries([...d.values].map(([by, table]) => [by, valueEntries(table, d.docs)]));
}
